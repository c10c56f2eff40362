"""Tagging papers by research area: linear one-versus-rest classifiers over the terms of title and abstract."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear, model_file
from refsync.classify.area_mapping import Grouping
from refsync.classify.explain import reasons
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings

SHIPPED = Path(__file__).with_name("arxiv-2026.npz")
LISTED = 3  # areas that a tagging lists at least
MIN_SUGGESTED = 0.2  # probability of the most likely area, below which nothing is suggested
BATCH = 256  # papers that are processed together, and between two calls of `progress`
_REASON_CANDIDATES = 16  # strongest terms from which the reasons are chosen
_MIN_WORDS = 2  # distinct known words, below which a text cannot be classified
_MIN_SURE_WORDS = 3  # distinct known words, below which nothing is applied
MIN_KNOWN_NOTE = "least_known"  # the note of an own model that replaces the following share
_MIN_KNOWN = 0.6  # known share of a text's content words; few English abstracts have less, of titles one in 300
_MAX_FOREIGN = 0.3  # share of letters in other scripts


Band = Literal["sure", "unsure", "abstained"]
"""`sure`: an area is applied; `unsure`: the most likely areas are suggestions; `abstained`: there are none."""
Level = Literal["area", "domain"]
"""`domain`: one of the four domains of all sciences, each of several fields (one of its fields has the same name)."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area for a paper.

    Attributes:
        area: the code, such as `cs.CV`.
        probability: that the area is one of the paper's, calibrated, rounded to 4 places.
        applied: whether the decision rule assigns it to the paper.
        level: whether it is a domain.
    """

    area: str
    probability: float
    applied: bool
    level: Level = "area"


@dataclass(frozen=True, slots=True)
class Tagging:
    """The areas of one paper by the model.

    Attributes:
        areas: the most likely first: all that are applied, and at least three (fewer if the model has fewer).
        primary: the first applied area, or none.
        abstained: whether nothing is applied.
        because: up to five words or pairs of words of the text that support the first area against the second.
        band: `sure` if an area is applied, `unsure` if the first areas are suggestions to review, else `abstained`.
        subfield: of OpenAlex, where it is known.
    """

    areas: tuple[Area, ...]
    primary: str | None
    abstained: bool
    because: tuple[str, ...]
    band: Band = "sure"
    subfield: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DecisionRule:
    """The settings of tagging, prepared for the classes of one model.

    Attributes:
        settings: as given.
        floors: the lowest probability at which the most likely area is applied, for papers and for titles alone.
        grouping: the user's own areas; None for the classes themselves.
        parents: the archives, where a paper without a sure area gets its archive.
    """

    settings: AreaSettings
    floors: tuple[float, float]
    grouping: Grouping | None
    parents: Grouping | None


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What is known of N papers besides their text. C classes.

    Attributes:
        evidence: (N, C) log likelihood ratios of the classes, added to the scores of the text.
        support: given the probabilities (N, C), factors of them (N, C) from 0 to 1. A class with less than 1 is not
            applied.
    """

    evidence: NDArray[np.float64] | None = None
    support: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None


NO_CONTEXT = Context()


@dataclass(frozen=True, eq=False)
class Model:
    """A model that is ready to tag.

    Attributes:
        weights: the contents of the model file.
    """

    weights: model_file.Weights
    _vocabulary: linear.Vocabulary = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_vocabulary", linear.Vocabulary.of(self.weights))

    @property
    def name(self) -> str:
        """Such as `arxiv-2026`."""
        return self.weights.name

    @property
    def classes(self) -> tuple[str, ...]:
        """The areas that the model knows."""
        return self.weights.classes

    @property
    def notes(self) -> Mapping[str, Any]:
        """Figures and settings of the training."""
        return self.weights.notes

    @property
    def best_accuracy(self) -> float:
        """The highest accuracy that can be asked for; 0 if none was measured."""
        return max((accuracy for table in self.weights.thresholds for accuracy, _ in table), default=0.0)

    def scores(self, papers: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """(N, C) uncalibrated log-odds of papers (title, abstract)."""
        return self.scores_of(self.vectors(linear.Texts.of(papers)))

    def probabilities(self, papers: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """(N, C) probabilities that each area is one of each paper's; those of a paper need not sum to 1."""
        return self.probabilities_of(linear.Texts.of(papers))

    def probabilities_of(self, texts: linear.Texts) -> NDArray[np.float64]:
        """The same for texts whose words are known."""
        vectors = self.vectors(texts)
        titles = np.array([vector.title_only for vector in vectors], bool)
        order, likely = linear.rank_classes(self.scores_of(vectors), titles, self.weights, len(self.classes))
        result = np.empty_like(likely)
        np.put_along_axis(result, order, likely, 1)
        return result

    def tag(
        self,
        papers: Sequence[tuple[str, str]] | Sequence[Paper],
        settings: AreaSettings,
        progress: Callable[[int], None] | None = None,
    ) -> list[Tagging]:
        """The areas of papers, in their order.

        Args:
            papers: title and abstract of each; either may be empty. Unicode that may contain LaTeX and HTML.
            settings: the decision rule; its `model` is ignored here.
            progress: called with the number of papers done since the last call.

        Raises:
            ConfigError: the settings name an area that the model does not have.
        """
        rule = self.rule(settings)
        taggings: list[Tagging] = []
        for start in range(0, len(papers), BATCH):
            batch = [(paper[0], paper[1]) for paper in papers[start : start + BATCH]]
            taggings += self.taggings(batch, linear.Texts.of(batch), rule)
            if progress:
                progress(len(batch))
        return taggings

    def rule(self, settings: AreaSettings) -> DecisionRule:
        """The decision rule for this model's classes.

        Raises:
            ConfigError: the settings name an area that the model does not have.
        """
        grouping = Grouping.of(self.classes, settings)
        names = grouping.names if grouping else self.classes
        parents = Grouping.of_parents(names) if settings.fallback == "archive" else None
        floors = (self._floor(settings, title_only=False), self._floor(settings, title_only=True))
        return DecisionRule(settings, floors, grouping, parents)

    def vectors(self, texts: linear.Texts) -> list[linear.TermVector]:
        """The TF-IDF of papers."""
        return linear.term_vectors(texts, self._vocabulary, self.weights.idf)

    def scores_of(self, vectors: Sequence[linear.TermVector]) -> NDArray[np.float32]:
        """(N, C) uncalibrated log-odds of papers."""
        rows = [linear.scores(vector, self.weights) for vector in vectors]
        return np.array(rows, np.float32).reshape(-1, len(self.classes))

    def shares_of(self, texts: linear.Texts) -> NDArray[np.float64]:
        """(N, C) the probability of each class as a paper's first one; those of a paper sum to 1."""
        vectors = self.vectors(texts)
        kinds = np.array([vector.title_only for vector in vectors], np.intp)
        curve = self.weights.calibration.astype(np.float64)[kinds]
        return linear.softmax(curve[:, :1] * self.scores_of(vectors).astype(np.float64) + curve[:, 2:])

    def taggings(
        self,
        papers: Sequence[tuple[str, str]],
        texts: linear.Texts,
        rule: DecisionRule,
        context: Context = NO_CONTEXT,
    ) -> Iterator[Tagging]:
        """The areas of a batch of papers.

        Args:
            papers: title and abstract of each.
            texts: their words.
            rule: the decision rule.
            context: what is known besides the text.
        """
        vectors, settings = self.vectors(texts), rule.settings
        min_known = _min_known_share(self.weights.notes)
        forced = settings.min_accuracy == 0
        titles = np.array([vector.title_only for vector in vectors], bool)
        count = max(LISTED, settings.max_areas)
        ranked = len(self.classes) if rule.grouping or rule.parents or context.support is not None else count
        order, likely = linear.rank_classes(self.scores_of(vectors), titles, self.weights, ranked, context.evidence)
        open_ranks = np.ones(order.shape, bool)
        if context.support is not None:
            order, likely, open_ranks = _supported(order, likely, context.support)
        names, leads = self.classes, order
        if rule.grouping:
            names = rule.grouping.names
            open_classes = np.empty_like(open_ranks)
            np.put_along_axis(open_classes, order, open_ranks, 1)
            order, likely, leads = rule.grouping.rank(order, likely)
            open_ranks = np.take_along_axis(open_classes, leads, 1)
        archives, archive_likely, _ = rule.parents.rank(order, likely) if rule.parents else (order, likely, leads)
        for row, (paper, vector) in enumerate(zip(papers, vectors, strict=True)):
            columns, values = order[row, :count].tolist(), [round(value, 4) for value in likely[row, :count].tolist()]
            readable = is_readable(vector, min_known)
            floor = rule.floors[vector.title_only] if readable and (forced or is_long_enough(vector)) else math.inf
            applied = 0
            if values[0] >= floor and open_ranks[row, 0]:
                applied = sum(
                    probability >= settings.min_probability and bool(open_ranks[row, rank])
                    for rank, probability in enumerate(values[: settings.max_areas])
                )
            areas = [
                Area(names[column], probability, rank < applied)
                for rank, (column, probability) in enumerate(zip(columns, values, strict=True))
            ][: max(LISTED, applied)]
            if rule.parents and not applied and open_ranks[row, 0]:
                probability = round(float(archive_likely[row, 0]), 4)
                if probability >= floor:
                    areas.insert(0, Area(rule.parents.names[archives[row, 0]], probability, applied=True))
                    applied = 1
            yield Tagging(
                areas=tuple(areas),
                primary=areas[0].area if applied else None,
                abstained=not applied,
                because=self.because(paper, vector, *leads[row, :2].tolist()) if readable else (),
                band="sure" if applied else "unsure" if readable and values[0] >= MIN_SUGGESTED else "abstained",
            )

    def because(
        self, paper: tuple[str, str], vector: linear.TermVector, first: int, second: int | None = None
    ) -> tuple[str, ...]:
        """Up to five words or pairs of words that support a class, given by its column, against a second one."""
        weights, scale = self.weights.weights, self.weights.scale
        gains = weights[vector.rows, first] * scale[first]
        if second is not None:
            gains = gains - weights[vector.rows, second] * scale[second]
        gains = vector.values * gains
        strongest = np.argsort(-gains, kind="stable")[:_REASON_CANDIDATES].tolist()
        return reasons((self.weights.term(int(vector.rows[i])) for i in strongest if gains[i] > 0), "\n".join(paper))

    def _floor(self, settings: AreaSettings, *, title_only: bool) -> float:
        """The lowest probability at which a most likely area is applied; infinite if the accuracy is out of reach."""
        return floor_of(self.weights.thresholds[title_only], settings.min_accuracy, settings.min_probability)


def floor_of(table: Sequence[model_file.Threshold], min_accuracy: float, min_probability: float) -> float:
    """The lowest probability that is applied by a table of thresholds; infinite if the accuracy is out of reach."""
    if min_accuracy == 0:
        return min_probability
    return next((max(p, min_probability) for accuracy, p in table if accuracy >= min_accuracy), math.inf)


def _min_known_share(notes: Mapping[str, Any]) -> float:
    """The share of a text's words that the model must know; that of an own model for another language is lower."""
    noted = notes.get(MIN_KNOWN_NOTE)
    return float(noted) if isinstance(noted, int | float) and 0 <= noted <= 1 else _MIN_KNOWN


def _supported(
    order: NDArray[np.intp],
    likely: NDArray[np.float64],
    support: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_]]:
    """Classes and probabilities (N, C) ranked again after multiplication by their support; which may be applied."""
    by_class = np.empty_like(likely)
    np.put_along_axis(by_class, order, likely, 1)
    factors = np.take_along_axis(support(by_class), order, 1)
    likely = likely * factors
    again = np.argsort(-likely, axis=1, kind="stable")
    open_ranks = np.take_along_axis(factors, again, 1) >= 1
    return np.take_along_axis(order, again, 1), np.take_along_axis(likely, again, 1), open_ranks


def is_long_enough(vector: linear.TermVector) -> bool:
    """Whether a text has so many words that an area can be sure."""
    return vector.distinct >= _MIN_SURE_WORDS


def is_readable(vector: linear.TermVector, min_known: float) -> bool:
    """Whether the model can classify a text: it is not empty, in another language or gibberish."""
    return vector.distinct >= _MIN_WORDS and vector.known >= min_known * vector.words and vector.foreign <= _MAX_FOREIGN


@lru_cache(maxsize=4)
def load_model(path: str = "") -> Model:
    """The model in a file, or the shipped one. A file is read once.

    Raises:
        ConfigError: there is no such file.
        SourceError: the file is not a model, or is damaged.
    """
    return Model(model_file.read(Path(path) if path else SHIPPED))
