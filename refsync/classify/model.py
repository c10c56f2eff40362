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
from refsync.classify.settings import AreaSettings

SHIPPED = Path(__file__).with_name("arxiv-2026.npz")
LISTED = 3  # areas that a tagging lists at least
MIN_SUGGESTED = 0.2  # probability of the most likely area, below which nothing is suggested
_BATCH = 256  # papers that are processed together, and between two calls of `progress`
_REASON_CANDIDATES = 16  # strongest terms from which the reasons are chosen
_MIN_WORDS = 2  # distinct known words, below which a text cannot be classified
MIN_KNOWN_NOTE = "least_known"  # the note of an own model that replaces the following share
_MIN_KNOWN = 0.6  # known share of a text's content words; few English abstracts have less, of titles one in 300
_MAX_FOREIGN = 0.3  # share of letters in other scripts


Band = Literal["sure", "unsure", "abstained"]
"""`sure`: an area is applied; `unsure`: the most likely areas are suggestions; `abstained`: there are none."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area for a paper.

    Attributes:
        area: the code, such as `cs.CV`.
        probability: that the area is one of the paper's, calibrated, rounded to 4 places.
        applied: whether the decision rule assigns it to the paper.
    """

    area: str
    probability: float
    applied: bool


@dataclass(frozen=True, slots=True)
class Tagging:
    """The areas of one paper by the model.

    Attributes:
        areas: the most likely first: all that are applied, and at least three (fewer if the model has fewer).
        primary: the first applied area, or none.
        abstained: whether nothing is applied.
        because: up to five words or pairs of words of the text that support the first area against the second.
        band: `sure` if an area is applied, `unsure` if the first areas are suggestions to review, else `abstained`.
    """

    areas: tuple[Area, ...]
    primary: str | None
    abstained: bool
    because: tuple[str, ...]
    band: Band = "sure"


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

    def scores(self, papers: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """(N, C) uncalibrated log-odds of papers (title, abstract)."""
        return self._scores(self._vectors(papers))

    def probabilities(self, papers: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """(N, C) probabilities that each area is one of each paper's; those of a paper need not sum to 1."""
        vectors = self._vectors(papers)
        titles = np.array([vector.title_only for vector in vectors], bool)
        order, likely = linear.rank_classes(self._scores(vectors), titles, self.weights, len(self.classes))
        result = np.empty_like(likely)
        np.put_along_axis(result, order, likely, 1)
        return result

    def tag(
        self,
        papers: Sequence[tuple[str, str]],
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
        floors = (self._floor(settings, title_only=False), self._floor(settings, title_only=True))
        grouping = Grouping.of(self.classes, settings)
        names = grouping.names if grouping else self.classes
        parents = Grouping.of_parents(names) if settings.fallback == "archive" else None
        taggings: list[Tagging] = []
        for start in range(0, len(papers), _BATCH):
            batch = papers[start : start + _BATCH]
            taggings += self._taggings(batch, settings, floors, grouping, parents)
            if progress:
                progress(len(batch))
        return taggings

    def _vectors(self, papers: Sequence[tuple[str, str]]) -> list[linear.TermVector]:
        return linear.term_vectors(papers, self._vocabulary, self.weights.idf)

    def _scores(self, vectors: Sequence[linear.TermVector]) -> NDArray[np.float32]:
        rows = [linear.scores(vector, self.weights) for vector in vectors]
        return np.array(rows, np.float32).reshape(-1, len(self.classes))

    def _taggings(
        self,
        papers: Sequence[tuple[str, str]],
        settings: AreaSettings,
        floors: tuple[float, float],
        grouping: Grouping | None,
        parents: Grouping | None,
    ) -> Iterator[Tagging]:
        vectors = self._vectors(papers)
        min_known = _min_known_share(self.weights.notes)
        titles = np.array([vector.title_only for vector in vectors], bool)
        count = max(LISTED, settings.max_areas)
        ranked = len(self.classes) if grouping or parents else count
        order, likely = linear.rank_classes(self._scores(vectors), titles, self.weights, ranked)
        names, leads = self.classes, order
        if grouping:
            names = grouping.names
            order, likely, leads = grouping.rank(order, likely)
        archives, archive_likely, _ = parents.rank(order, likely) if parents else (order, likely, leads)
        for row, (paper, vector) in enumerate(zip(papers, vectors, strict=True)):
            columns, values = order[row, :count].tolist(), [round(value, 4) for value in likely[row, :count].tolist()]
            readable = _is_readable(vector, min_known)
            floor = floors[vector.title_only] if readable else math.inf
            applied = 0
            if values[0] >= floor:
                applied = sum(probability >= settings.min_probability for probability in values[: settings.max_areas])
            areas = [
                Area(names[column], probability, rank < applied)
                for rank, (column, probability) in enumerate(zip(columns, values, strict=True))
            ][: max(LISTED, applied)]
            if parents and not applied and (probability := round(float(archive_likely[row, 0]), 4)) >= floor:
                areas.insert(0, Area(parents.names[archives[row, 0]], probability, applied=True))
                applied = 1
            yield Tagging(
                areas=tuple(areas),
                primary=areas[0].area if applied else None,
                abstained=not applied,
                because=self._because(paper, vector, *leads[row, :2].tolist()) if readable else (),
                band="sure" if applied else "unsure" if readable and values[0] >= MIN_SUGGESTED else "abstained",
            )

    def _because(
        self, paper: tuple[str, str], vector: linear.TermVector, first: int, second: int | None = None
    ) -> tuple[str, ...]:
        weights, scale = self.weights.weights, self.weights.scale
        gains = weights[vector.rows, first] * scale[first]
        if second is not None:
            gains = gains - weights[vector.rows, second] * scale[second]
        gains = vector.values * gains
        strongest = np.argsort(-gains, kind="stable")[:_REASON_CANDIDATES].tolist()
        return reasons((self.weights.term(int(vector.rows[i])) for i in strongest if gains[i] > 0), "\n".join(paper))

    def _floor(self, settings: AreaSettings, *, title_only: bool) -> float:
        """The lowest probability at which a most likely area is applied; infinite if the accuracy is out of reach."""
        if settings.min_accuracy == 0:
            return settings.min_probability
        for accuracy, probability in self.weights.thresholds[title_only]:
            if accuracy >= settings.min_accuracy:
                return max(probability, settings.min_probability)
        return math.inf


def _min_known_share(notes: Mapping[str, Any]) -> float:
    """The share of a text's words that the model must know; that of an own model for another language is lower."""
    noted = notes.get(MIN_KNOWN_NOTE)
    return float(noted) if isinstance(noted, int | float) and 0 <= noted <= 1 else _MIN_KNOWN


def _is_readable(vector: linear.TermVector, min_known: float) -> bool:
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
