"""Tagging with one or two taxonomies: fields of all sciences, categories of arXiv, or areas of the user's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear
from refsync.classify.adapted_model import AdaptedModel, prior_of
from refsync.classify.area_mapping import settings_for
from refsync.classify.boilerplate import strip_boilerplate
from refsync.classify.category_evidence import category_evidence
from refsync.classify.field_model import FieldModel, FieldScores, load_field_model
from refsync.classify.label_shift import LibraryShares, distance, estimate_shares
from refsync.classify.model import BATCH, LISTED, Area, Context, DecisionRule, Model, Tagging, load_model
from refsync.classify.paper import Paper, as_paper
from refsync.classify.settings import AreaSettings, Taxonomy
from refsync.classify.subfields import subfield_of
from refsync.classify.taxonomy import canonical
from refsync.errors import ConfigError

MIN_COMPARED = 100  # papers with a category, below which a library's mix is not compared with the model's
Papers = Sequence[tuple[str, str]] | Sequence[Paper]


class Tagger(Protocol):
    """What gives papers their areas: a model, or several together."""

    @property
    def name(self) -> str:
        """Of the models."""

    @property
    def classes(self) -> tuple[str, ...]:
        """All areas that it can give."""

    @property
    def notes(self) -> Mapping[str, Any]:
        """What a model of the user's own says about its training; empty for the shipped ones."""

    @property
    def best_accuracy(self) -> float:
        """The highest accuracy that can be asked for; 0 if none was measured."""

    def tag(
        self, papers: Papers, settings: AreaSettings, progress: Callable[[int], None] | None = None
    ) -> list[Tagging]:
        """The areas of papers, in their order.

        Args:
            papers: title and abstract of each, or more.
            settings: the decision rule.
            progress: called with the number of papers done since the last call.

        Raises:
            ConfigError: the settings name an area that does not exist.
        """


class ShippedTagger:
    """The models of the package: that of all sciences, and that of arXiv behind a gate."""

    def __init__(
        self,
        fields: FieldModel,
        categories: Model,
        taxonomy: Taxonomy = "auto",
        shares: LibraryShares | None = None,
    ) -> None:
        """Take the two models, which of their areas papers get, and the shares of a library to adapt them to."""
        self._fields = fields
        self._adapted = AdaptedModel.of(categories, shares)
        self._categories = self._adapted.model
        self._log_ratios = AdaptedModel.of(fields.model, shares).log_ratios
        self._taxonomy = taxonomy
        self._shares = shares

    @property
    def name(self) -> str:
        """Of the models that give areas."""
        names = {"fields": [self._fields.model.name], "arxiv": [self._categories.name]}
        return "+".join(names.get(self._taxonomy, [self._fields.model.name, self._categories.name]))

    @property
    def classes(self) -> tuple[str, ...]:
        """The areas that papers can get."""
        fields = self._fields.classes if self._taxonomy != "arxiv" else ()
        return (*fields, *(self._categories.classes if self._taxonomy != "fields" else ()))

    @property
    def notes(self) -> Mapping[str, Any]:
        """Empty: the models have no labels of the user."""
        return {}

    @property
    def best_accuracy(self) -> float:
        """The highest accuracy that can be asked for."""
        models = [self._categories] if self._taxonomy == "arxiv" else [self._fields.model]
        return max(model.best_accuracy for model in models)

    def tag(
        self, papers: Papers, settings: AreaSettings, progress: Callable[[int], None] | None = None
    ) -> list[Tagging]:
        """The areas of papers, in their order; see `Tagger.tag`."""
        sides = settings_for((self._fields.classes, self._categories.classes), self.classes, settings)
        if self._taxonomy == "fields":  # categories are no areas then, but determine subfields
            sides = (sides[0], replace(settings, map={}, drop=(), only_mapped=False, fallback="abstain"))
        rules = [
            model.rule(side) if side else None
            for model, side in zip((self._fields.model, self._categories), sides, strict=True)
        ]
        taggings: list[Tagging] = []
        for start in range(0, len(papers), BATCH):
            batch = [as_paper(paper) for paper in papers[start : start + BATCH]]
            taggings += self._tag_batch(batch, rules[0], rules[1])
            if progress:
                progress(len(batch))
        return taggings

    def _tag_batch(
        self, papers: Sequence[Paper], field_rule: DecisionRule | None, category_rule: DecisionRule | None
    ) -> Iterator[Tagging]:
        pairs = [(paper.title, strip_boilerplate(paper.abstract)) for paper in papers]
        texts = linear.Texts.of(pairs)
        scores = self._fields.assess(papers, texts, self._log_ratios)
        if not category_rule:
            return self._fields.taggings(pairs, scores, field_rule) if field_rule else iter(())
        context = Context(
            evidence=category_evidence(papers, self._categories, self._adapted.log_ratios),
            support=partial(self._support, papers, scores),
        )
        found = list(self._categories.taggings(pairs, texts, category_rule, context))
        return map(_with_subfield, self._combined(pairs, scores, field_rule, found), found)

    def _combined(
        self,
        pairs: Sequence[tuple[str, str]],
        scores: FieldScores,
        field_rule: DecisionRule | None,
        found: Sequence[Tagging],
    ) -> Iterator[Tagging]:
        """The areas that the taxonomy asks for, given the categories of papers."""
        if self._taxonomy == "arxiv" or not field_rule:
            return iter(found)
        if self._taxonomy == "fields":
            return self._fields.taggings(pairs, scores, field_rule)
        if self._taxonomy == "both":
            return map(_both, self._fields.taggings(pairs, scores, field_rule), found)
        sure = [tagging if tagging.primary else None for tagging in found]
        return map(_most_specific, self._fields.taggings(pairs, scores, field_rule, sure), found)

    def _support(
        self, papers: Sequence[Paper], scores: FieldScores, likely: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What the gate says, which is open for a category that the record itself states."""
        support = self._fields.support(scores, likely)
        for row, paper in enumerate(papers):
            for code in paper.categories:
                if (category := canonical(code.strip())) in self._categories.classes:
                    support[row, self._categories.classes.index(category)] = 1
        return support

    def estimate(self, papers: Papers, progress: Callable[[int], None] | None = None) -> LibraryShares:
        """The shares of fields and categories in a library, from its papers without labels.

        Papers that say nothing are left out; categories are estimated from the papers that can have one.
        """
        of_fields, of_categories = [], []
        for start in range(0, len(papers), BATCH):
            batch = [as_paper(paper) for paper in papers[start : start + BATCH]]
            texts = linear.Texts.of([(paper.title, strip_boilerplate(paper.abstract)) for paper in batch])
            scores = self._fields.assess(batch, texts)
            of_fields.append(scores.shares[scores.readable])
            likely = self._categories.shares_of(texts)
            support = self._fields.support(scores, self._categories.probabilities_of(texts))
            able = np.take_along_axis(support, likely.argmax(axis=1)[:, None], 1)[:, 0] >= 1
            of_categories.append(likely[able & scores.readable])
            if progress:
                progress(len(batch))
        models = {}
        for model, parts in ((self._fields.model, of_fields), (self._categories, of_categories)):
            prior = prior_of(model)
            if prior is not None and parts:
                found = estimate_shares(np.concatenate(parts), prior)
                models[model.name] = dict(zip(model.classes, found.tolist(), strict=True))
        return LibraryShares(sum(map(len, of_fields)), models)

    def distance_of(self, taggings: Sequence[Tagging]) -> float:
        """How far the categories that papers got are from those of the calibration, 0 to 1; 0 for few papers."""
        prior, classes = prior_of(self._categories), self._categories.classes
        column = {name: number for number, name in enumerate(classes)}
        found = [column[tagging.primary] for tagging in taggings if tagging.primary in column]
        if prior is None or len(found) < MIN_COMPARED:
            return 0.0
        return distance(np.bincount(found, minlength=len(classes)) / len(found), prior)

    def distances(self, shares: LibraryShares) -> dict[str, float]:
        """How far the shares of a library are from those of each model, from 0 to 1."""
        result = {}
        for model in (self._fields.model, self._categories):
            prior, found = prior_of(model), shares.models.get(model.name)
            if prior is not None and found:
                result[model.name] = distance(np.array([found.get(one, 0.0) for one in model.classes]), prior)
        return result


def _with_subfield(tagging: Tagging, categories: Tagging) -> Tagging:
    """The tagging with the subfield that its sure category lies within, if it has any area."""
    if not tagging.primary or not (subfield := subfield_of(categories.primary, tagging.primary)):
        return tagging
    return replace(tagging, subfield=subfield)


def _most_specific(fields: Tagging, categories: Tagging) -> Tagging:
    """The categories where one is sure; else the field, before the likeliest categories of a paper that has any."""
    if categories.primary or not fields.primary:
        likelier = categories if categories.primary or categories.areas[0].probability >= _top(fields) else fields
        return likelier if likelier.band != "abstained" or fields.band == "abstained" else fields
    return fields


def _top(tagging: Tagging) -> float:
    return max(area.probability for area in tagging.areas)


def _both(fields: Tagging, categories: Tagging) -> Tagging:
    """The fields and the categories, the most probable first."""
    if categories.band == "abstained":
        return fields
    areas: list[Area] = sorted((*fields.areas, *categories.areas), key=lambda area: -area.probability)
    count = max(LISTED, sum(area.applied for area in areas))
    kept = [area for rank, area in enumerate(areas) if area.applied or rank < count]
    primary = next((area.area for area in kept if area.applied), None)
    return replace(
        categories,
        areas=tuple(kept),
        primary=primary,
        abstained=primary is None,
        because=categories.because if categories.primary or not fields.primary else fields.because,
        band="sure" if primary else "unsure",
    )


def load_tagger(settings: AreaSettings, shares: LibraryShares | None = None) -> Tagger:
    """The tagger for settings: a model of the user's own, or the shipped models.

    Args:
        settings: name the taxonomy or the model.
        shares: of the library, to which the shipped models are adapted.

    Raises:
        ConfigError: there is no such model file, or the taxonomy is `none`.
        SourceError: a file is not a model, or is damaged.
    """
    if not settings.tags:
        raise ConfigError('areas.taxonomy is "none": papers are not tagged', hint="another one: --taxonomy auto")
    if settings.model:
        return load_model(settings.model)
    return load_shipped(settings.taxonomy, shares)


class _PackageTagger(ShippedTagger):
    """The shipped models from the files of the package: another process loads them itself, once; they are large."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _loaded_once, (self._taxonomy, self._shares)


@lru_cache(maxsize=1)
def _package_models() -> tuple[FieldModel, Model]:
    return load_field_model(), load_model()


def _loaded_once(taxonomy: Taxonomy, shares: LibraryShares | None) -> ShippedTagger:
    return _PackageTagger(*_package_models(), taxonomy, shares)


def load_shipped(taxonomy: Taxonomy = "auto", shares: LibraryShares | None = None) -> ShippedTagger:
    """The shipped models.

    Raises:
        SourceError: a file of the package is damaged.
    """
    return _PackageTagger(load_field_model(), load_model(), taxonomy, shares)
