"""Tag papers by research area: linear one-versus-rest classifiers over the terms of title and abstract."""

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
SUGGESTED = 0.2  # probability of the likeliest area, below which not even a suggestion is worth a look
_BATCH = 256  # papers that are worked out together, and between two reports of progress
_CANDIDATES = 16  # strongest terms among which the reasons are looked for
_MIN_WORDS = 2  # distinct known words, below which nothing can be said
LEAST_KNOWN = "least_known"  # where an own model notes another share than the following one
_MIN_KNOWN = 0.6  # known share of a text's content words: hardly an English abstract has less, of titles one in 300
_MAX_FOREIGN = 0.3  # share of letters in other scripts


Band = Literal["sure", "unsure", "abstained"]
"""An area is applied; none is, but the likeliest are worth a look; the model has nothing to say."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area for a paper.

    Attributes:
        area: the code, such as `cs.CV`.
        probability: that the area is among the paper's, calibrated, rounded to 4 places.
        applied: whether the decision rule gives it to the paper.
    """

    area: str
    probability: float
    applied: bool


@dataclass(frozen=True, slots=True)
class Tagging:
    """What the model says of one paper.

    Attributes:
        areas: the likeliest, highest first: all that are applied and at least three (fewer if the model has fewer).
        primary: the first applied area, or none.
        abstained: whether nothing is applied.
        because: up to five words or pairs of words of the text that speak for the first area against the second.
        band: `sure` if an area is applied, `unsure` if the likeliest are suggestions to review, else `abstained`.
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
        weights: what the model file holds.
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
        """The areas that it knows."""
        return self.weights.classes

    def scores(self, papers: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The uncalibrated scores of papers (title, abstract): (N, C) log-odds."""
        return self._scores(self._read(papers))

    def probabilities(self, papers: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """How likely each area is among each paper's: (N, C), each by itself; they need not add up to 1."""
        readings = self._read(papers)
        titles = np.array([reading.title_only for reading in readings], bool)
        order, likely = linear.ranking(self._scores(readings), titles, self.weights, len(self.classes))
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
            papers: title and abstract of each; either may be empty. Unicode, which may hold LaTeX and HTML.
            settings: the decision rule; its `model` is not looked at here.
            progress: called with the number of papers done since the last call.

        Raises:
            ConfigError: the settings name an area that the model does not have.
        """
        floors = (self._floor(settings, title_only=False), self._floor(settings, title_only=True))
        grouping = Grouping.of(self.classes, settings)
        names = grouping.names if grouping else self.classes
        above = Grouping.of_parents(names) if settings.fallback == "archive" else None
        taggings: list[Tagging] = []
        for start in range(0, len(papers), _BATCH):
            batch = papers[start : start + _BATCH]
            taggings += self._taggings(batch, settings, floors, grouping, above)
            if progress:
                progress(len(batch))
        return taggings

    def _read(self, papers: Sequence[tuple[str, str]]) -> list[linear.Reading]:
        return linear.read(papers, self._vocabulary, self.weights.idf)

    def _scores(self, readings: Sequence[linear.Reading]) -> NDArray[np.float32]:
        rows = [linear.scores(reading, self.weights) for reading in readings]
        return np.array(rows, np.float32).reshape(-1, len(self.classes))

    def _taggings(
        self,
        papers: Sequence[tuple[str, str]],
        settings: AreaSettings,
        floors: tuple[float, float],
        grouping: Grouping | None,
        above: Grouping | None,
    ) -> Iterator[Tagging]:
        readings = self._read(papers)
        least = _least_known(self.weights.notes)
        titles = np.array([reading.title_only for reading in readings], bool)
        count = max(LISTED, settings.max_areas)
        whole = len(self.classes) if grouping or above else count
        order, likely = linear.ranking(self._scores(readings), titles, self.weights, whole)
        names, leads = self.classes, order
        if grouping:
            names = grouping.names
            order, likely, leads = grouping.rank(order, likely)
        archives, archive_likely, _ = above.rank(order, likely) if above else (order, likely, leads)
        for row, (paper, reading) in enumerate(zip(papers, readings, strict=True)):
            columns, values = order[row, :count].tolist(), [round(value, 4) for value in likely[row, :count].tolist()]
            tells = _tells(reading, least)
            floor = floors[reading.title_only] if tells else math.inf
            applied = 0
            if values[0] >= floor:
                applied = sum(probability >= settings.min_probability for probability in values[: settings.max_areas])
            areas = [
                Area(names[column], probability, place < applied)
                for place, (column, probability) in enumerate(zip(columns, values, strict=True))
            ][: max(LISTED, applied)]
            if above and not applied and (probability := round(float(archive_likely[row, 0]), 4)) >= floor:
                areas.insert(0, Area(above.names[archives[row, 0]], probability, applied=True))
                applied = 1
            yield Tagging(
                areas=tuple(areas),
                primary=areas[0].area if applied else None,
                abstained=not applied,
                because=self._because(paper, reading, *leads[row, :2].tolist()) if tells else (),
                band="sure" if applied else "unsure" if tells and values[0] >= SUGGESTED else "abstained",
            )

    def _because(
        self, paper: tuple[str, str], reading: linear.Reading, first: int, second: int | None = None
    ) -> tuple[str, ...]:
        weights, scale = self.weights.weights, self.weights.scale
        gains = weights[reading.rows, first] * scale[first]
        if second is not None:
            gains = gains - weights[reading.rows, second] * scale[second]
        gains = reading.values * gains
        strongest = np.argsort(-gains, kind="stable")[:_CANDIDATES].tolist()
        return reasons((self.weights.term(int(reading.rows[i])) for i in strongest if gains[i] > 0), "\n".join(paper))

    def _floor(self, settings: AreaSettings, *, title_only: bool) -> float:
        """The least probability at which a likeliest area is applied; infinite if the accuracy is out of reach."""
        if settings.min_accuracy == 0:
            return settings.min_probability
        for accuracy, probability in self.weights.thresholds[title_only]:
            if accuracy >= settings.min_accuracy:
                return max(probability, settings.min_probability)
        return math.inf


def _least_known(notes: Mapping[str, Any]) -> float:
    """The share of words that a text must have in common with the model: an own model may read another language."""
    noted = notes.get(LEAST_KNOWN)
    return float(noted) if isinstance(noted, int | float) and 0 <= noted <= 1 else _MIN_KNOWN


def _tells(reading: linear.Reading, least: float) -> bool:
    """Whether the text is one that the model can judge: not empty, another language or gibberish."""
    return reading.distinct >= _MIN_WORDS and reading.known >= least * reading.words and reading.foreign <= _MAX_FOREIGN


@lru_cache(maxsize=4)
def load_model(path: str = "") -> Model:
    """The model in a file, or the one that ships. A file is read once.

    Raises:
        ConfigError: there is no such file.
        SourceError: the file is not a model, or is damaged.
    """
    return Model(model_file.read(Path(path) if path else SHIPPED))
