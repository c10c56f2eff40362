"""The fields of all sciences for papers: a linear model of the text, with the journal as further evidence."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear, model_file
from refsync.classify.fields import DOMAIN_NAMES, DOMAINS
from refsync.classify.gate import SHORT, Gate, PaperFields, support_of
from refsync.classify.journals import Journals, load_journals
from refsync.classify.model import (
    LISTED,
    MIN_SUGGESTED,
    Area,
    DecisionRule,
    Model,
    Tagging,
    floor_of,
    is_long_enough,
    is_readable,
)
from refsync.classify.paper import Paper
from refsync.errors import SourceError

SHIPPED: Final = Path(__file__).with_name("fields-2026.npz")
MIN_FIELD: Final = 0.5  # probability, below which a paper gets its domain instead of a field
KNOWN_JOURNAL_TEXT: Final = 0.7  # weight of the text beside a known journal
TEXT_RANGE: Final = 3.0  # the highest log likelihood ratio of two fields by the text then
VENUE_WEIGHT: Final = 0.5  # of the words of an unknown journal's name, relative to those of a title


@dataclass(frozen=True, slots=True, eq=False)
class DomainTable:
    """How probabilities of domains are calibrated, for papers and for titles alone.

    Attributes:
        knots: the curve of each kind, (K, 2): from the sum of the probabilities of a domain's fields.
        thresholds: for each kind, accuracies and the lowest probability that reaches them.
    """

    knots: tuple[NDArray[np.float64], NDArray[np.float64]]
    thresholds: tuple[tuple[model_file.Threshold, ...], tuple[model_file.Threshold, ...]]

    @classmethod
    def of(cls, notes: Mapping[str, Any]) -> "DomainTable":
        """The table in the notes of a model file.

        Raises:
            ValueError, KeyError, TypeError: it is missing or not well-formed.
        """
        table = notes["domains"]
        knots = [np.array(rows, np.float64) for rows in table["knots"]]
        thresholds = [tuple((float(a), float(p)) for a, p in rows) for rows in table["thresholds"]]
        if any(k.ndim != 2 or k.shape[1] != 2 or not np.isfinite(k).all() or len(k) < 2 for k in knots):
            raise ValueError("the curves of the domains are not well-formed")
        return cls((knots[0], knots[1]), (thresholds[0], thresholds[1]))


@dataclass(frozen=True, slots=True, eq=False)
class FieldScores:
    """What the field model says of N papers. F fields.

    Attributes:
        vectors: their terms.
        titles: (N,) whether the text is no longer than a title.
        readable: (N,) whether the text or the journal says anything.
        sure: (N,) whether there is enough of either for a sure field.
        journal: (N,) whether the journal is in the table.
        shares: (N, F) probabilities of the fields; those of a paper sum to 1.
    """

    vectors: list[linear.TermVector]
    titles: NDArray[np.bool_]
    readable: NDArray[np.bool_]
    sure: NDArray[np.bool_]
    journal: NDArray[np.bool_]
    shares: NDArray[np.float64]

    @property
    def for_gate(self) -> PaperFields:
        """What the gate reads."""
        short = np.array([vector.distinct <= SHORT for vector in self.vectors], bool)
        return PaperFields(self.shares, self.titles, short)


class FieldModel:
    """The field model with the table of journals: weights for papers, and others of the same terms for titles alone."""

    def __init__(self, model: Model, titles: model_file.Weights, journals: Journals) -> None:
        """Take a model for papers, whose notes have `prior` and `domains`, and the weights for titles alone.

        Raises:
            ValueError, KeyError, TypeError: its notes are not those of a field model, or the two do not fit.
        """
        self.model = model
        self._titles = titles
        if titles.classes != model.classes or titles.words != model.weights.words:
            raise ValueError("the models for papers and for titles have different terms")
        if not np.array_equal(titles.pairs, model.weights.pairs):
            raise ValueError("the models for papers and for titles have different pairs of words")
        self.journals = journals
        self._domains = DomainTable.of(model.notes)
        self.gate = Gate.of(model.notes)
        self._log_prior = np.log(np.array(model.notes["prior"], np.float64))
        self._min_known = float(model.notes["least_known"])
        if self._log_prior.shape != (len(model.classes),) or set(model.classes) != set(DOMAINS):
            raise ValueError("its classes are not the fields")
        self._columns = [np.array([DOMAINS[f] == name for f in model.classes]) for name in DOMAIN_NAMES]
        self._venue_evidence = lru_cache(maxsize=65536)(self._evidence_of_venue)

    def __reduce__(self) -> "tuple[type[FieldModel], tuple[object, ...]]":
        """To another process it goes without what it has looked up."""
        return type(self), (self.model, self._titles, self.journals)

    @property
    def classes(self) -> tuple[str, ...]:
        """The fields."""
        return self.model.classes

    def assess(
        self, papers: Sequence[Paper], texts: linear.Texts, log_ratios: NDArray[np.float64] | None = None
    ) -> FieldScores:
        """The scores of papers.

        Args:
            papers: what is known of them.
            texts: their words.
            log_ratios: (F,) of a library's shares of the fields to the model's own.
        """
        vectors = self.model.vectors(texts)
        found = [self._venue_evidence(paper.venue, paper.issn) for paper in papers]
        titles = np.array([vector.title_only for vector in vectors], bool)
        readable = np.array([is_readable(vector, self._min_known) for vector in vectors], bool)
        long_enough = np.array([is_long_enough(vector) for vector in vectors], bool)
        known = np.array([is_known for _, is_known in found], bool)
        evidence = np.array([values for values, _ in found], np.float64).reshape(-1, len(self.classes))
        if log_ratios is not None:
            evidence += log_ratios
        log_odds = self._scores_of(vectors)
        curve = self.model.weights.calibration.astype(np.float64)[titles.astype(np.intp)]
        # A text that says nothing leaves the prior, so that the journal decides.
        silent = np.array([vector.distinct == 0 for vector in vectors], bool)
        from_prior = (self._log_prior - curve[silent, 2:]) / curve[silent, :1]
        log_odds[silent] = from_prior.astype(np.float32)
        text = curve[:, :1] * log_odds.astype(np.float64) + curve[:, 2:] - self._log_prior
        # A text that looks like another field's excludes none: beside a known journal it counts less, and only so far.
        bounded = np.maximum(KNOWN_JOURNAL_TEXT * (text - text.max(axis=1, keepdims=True)), -TEXT_RANGE)
        shares = linear.softmax(np.where(known[:, None], bounded, text) + self._log_prior + evidence)
        return FieldScores(
            vectors=vectors,
            titles=titles,
            readable=readable | known,
            sure=(readable & long_enough) | known,
            journal=known,
            shares=shares,
        )

    def support(self, scores: FieldScores, likely: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, C) how far papers can have each category of arXiv, given the categories' probabilities (N, C).

        Raises:
            ValueError: the model has no gate.
        """
        if self.gate is None:
            raise ValueError("the field model has no gate")
        return support_of(self.gate, scores.for_gate, likely)

    def taggings(
        self,
        papers: Sequence[tuple[str, str]],
        scores: FieldScores,
        rule: DecisionRule,
        without: Sequence[Tagging | None] = (),
    ) -> Iterator[Tagging]:
        """The fields of papers, or their domains where no field is probable enough.

        Args:
            papers: title and abstract of each.
            scores: of the papers.
            rule: the decision rule.
            without: taggings that are taken as they are, for papers that need no field; None for the others.
        """
        settings, table = rule.settings, self._domains
        order, likely = self.rank(scores)
        names, leads = self.classes, order
        if rule.grouping:
            names = rule.grouping.names
            order, likely, leads = rule.grouping.rank(order, likely)
        of_domains = np.stack([scores.shares[:, columns].sum(axis=1) for columns in self._columns], axis=1)
        best = of_domains.argmax(axis=1)
        for row, paper in enumerate(papers):
            if without and (given := without[row]):
                yield given
                continue
            kind = int(scores.titles[row])
            values = [round(value, 4) for value in likely[row, : max(LISTED, settings.max_areas)].tolist()]
            readable = bool(scores.readable[row])
            sure = bool(scores.sure[row]) or (readable and settings.min_accuracy == 0)
            floor = max(rule.floors[kind], MIN_FIELD if settings.min_accuracy else 0.0) if sure else math.inf
            if sure and scores.journal[row]:  # its probability was not measured on papers: it is taken at its word
                floor = max(settings.min_accuracy, settings.min_probability, MIN_FIELD)
            applied = values[0] >= floor
            areas = [
                Area(names[column], value, applied and (rank == 0 or value >= max(floor, settings.min_probability)))
                for rank, (column, value) in enumerate(zip(order[row].tolist(), values, strict=False))
            ][:LISTED]
            if not applied and not rule.grouping and sure:
                probability = round(float(np.interp(of_domains[row, best[row]], *table.knots[kind].T)), 4)
                if probability >= floor_of(table.thresholds[kind], settings.min_accuracy, settings.min_probability):
                    areas.insert(0, Area(DOMAIN_NAMES[best[row]], probability, applied=True, level="domain"))
            primary = next((area.area for area in areas if area.applied), None)
            yield Tagging(
                areas=tuple(areas),
                primary=primary,
                abstained=primary is None,
                because=self.model.because(paper, scores.vectors[row], *leads[row, :2].tolist()) if readable else (),
                band="sure" if primary else "unsure" if readable and values[0] >= MIN_SUGGESTED else "abstained",
            )

    def rank(self, scores: FieldScores) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The fields of papers, the most likely first, and their calibrated probabilities, both (N, F)."""
        order = np.argsort(-scores.shares, axis=1, kind="stable")
        likely = np.take_along_axis(scores.shares, order, 1)
        for kind, (first, others) in enumerate(self.model.weights.knots):
            rows = (scores.titles == bool(kind)) & ~scores.journal
            scaled = likely[rows] / (1 + likely[rows])  # as in `linear.rank_classes`, for which the curves are fitted
            top = np.interp(scaled[:, :1], first[:, 0], first[:, 1])
            rest = np.interp(scaled[:, 1:], others[:, 0], others[:, 1])
            likely[rows] = np.hstack([top, np.minimum(rest, top)])
        return order, likely

    def _scores_of(self, vectors: Sequence[linear.TermVector]) -> NDArray[np.float32]:
        """(N, F) uncalibrated log-odds, of titles alone by their own weights."""
        weights = (self.model.weights, self._titles)
        rows = [linear.scores(vector, weights[vector.title_only]) for vector in vectors]
        return np.array(rows, np.float32).reshape(-1, len(self.classes))

    def _evidence_of_venue(self, venue: str, issn: str) -> tuple[NDArray[np.float64], bool]:
        """The log likelihood ratios of fields, given a venue, and whether it is in the table of journals."""
        nothing = np.zeros(len(self.classes))
        if not (venue or issn):
            return nothing, False
        if (known := self.journals.find(venue, issn)) is not None:
            return known, bool(known.any())
        (vector,) = self.model.vectors(linear.Texts.of([(venue, "")]))
        if not (is_readable(vector, self._min_known) and vector.distinct):
            return nothing, False
        curve = self.model.weights.calibration[1].astype(np.float64)
        logits = curve[0] * linear.scores(vector, self._titles).astype(np.float64) + curve[2:]
        return VENUE_WEIGHT * (np.log(linear.softmax(logits[None])[0] + 1e-4) - self._log_prior), False


def titles_file(path: Path) -> Path:
    """The file of the weights for titles, beside that of the weights for papers."""
    return path.with_name(f"{path.stem}-titles{path.suffix}")


@lru_cache(maxsize=1)
def load_field_model(path: Path = SHIPPED) -> FieldModel:
    """The shipped field model with the table of journals. It is read once.

    Raises:
        SourceError: a file is damaged.
    """
    try:
        return FieldModel(Model(model_file.read(path)), model_file.read(titles_file(path)), load_journals())
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(str(path), f"not a field model: {error}", hint="install refsync again") from error
