"""How good a model is on papers whose areas are known. Pure: probabilities and truth in, figures out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refsync.classify.model import Tagging

BINS = 10  # of the calibration table, of equal width
TOP = 5
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One area: how often it is among the papers' and among the applied ones, and how the two agree."""

    area: str
    papers: int
    applied: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Papers whose likeliest area has a probability in this range: its mean, and how often the area was right."""

    low: float
    high: float
    papers: int
    probability: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Covered:
    """The surest papers: the share of all, the least probability among them, and how many likeliest areas are right."""

    coverage: float
    threshold: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many papers, whose first area is `truth`, have `predicted`, which is none of theirs, as the likeliest."""

    truth: str
    predicted: str
    papers: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a model.

    Attributes:
        papers: that were judged.
        accuracy: share of them whose likeliest area is the first of theirs.
        among: ... is among theirs.
        top: share of them whose first area is among the likeliest one, two, ... `TOP`.
        macro_f1: mean over the areas of the F1 between first area and likeliest.
        calibration_error: mean distance of probability and share of right ones, over the bins (ECE).
        tagged: share of papers to which the decision rule gives an area.
        tagged_accuracy: of these, the share whose first applied area is among theirs.
        micro_f1: of all applied areas against all areas of the papers.
        areas: figures by area, of applied ones.
        bins: calibration of the likeliest area.
        curve: coverage against accuracy when abstaining.
        confusions: the commonest first.
    """

    papers: int
    accuracy: float
    among: float
    top: tuple[float, ...]
    macro_f1: float
    calibration_error: float
    tagged: float
    tagged_accuracy: float
    micro_f1: float
    areas: tuple[AreaFigures, ...]
    bins: tuple[Bin, ...]
    curve: tuple[Covered, ...]
    confusions: tuple[Confusion, ...]


def evaluate(
    probabilities: NDArray[np.float64],
    taggings: Sequence[Tagging],
    truth: Sequence[Sequence[str]],
    classes: Sequence[str],
) -> Evaluation:
    """Figures of a model on papers.

    Args:
        probabilities: (N, C) of each class, N being at least 1.
        taggings: N, by the decision rule.
        truth: the areas of each paper, all among the classes, its first one first.
        classes: C.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    first = [classes[column] for column in order[:, 0]]
    likely = probabilities[np.arange(len(truth)), order[:, 0]]
    right = np.array([area in mine for area, mine in zip(first, truth, strict=True)])
    column = {area: place for place, area in enumerate(classes)}
    rank = np.argmax(order == np.array([column[mine[0]] for mine in truth])[:, None], axis=1)
    applied = [{area.area for area in tagging.areas if area.applied} for tagging in taggings]
    bins = _bins(likely, right)
    told = [(tagging.primary, mine) for tagging, mine in zip(taggings, truth, strict=True) if tagging.primary]
    both = sum(len(some & {*mine}) for some, mine in zip(applied, truth, strict=True))
    either = sum(map(len, applied)) + sum(len({*mine}) for mine in truth)
    wrong = Counter((mine[0], area) for area, mine in zip(first, truth, strict=True) if area not in mine)
    return Evaluation(
        papers=len(truth),
        accuracy=float((rank == 0).mean()),
        among=float(right.mean()),
        top=tuple(float((rank < count).mean()) for count in range(1, min(TOP, len(classes)) + 1)),
        macro_f1=_macro_f1([mine[0] for mine in truth], first),
        calibration_error=sum(one.papers * abs(one.probability - one.accuracy) for one in bins) / len(truth),
        tagged=len(told) / len(truth),
        tagged_accuracy=sum(area in mine for area, mine in told) / max(len(told), 1),
        micro_f1=2 * both / either,
        areas=_areas(applied, truth),
        bins=bins,
        curve=_curve(likely, right),
        confusions=tuple(
            Confusion(*pair, count) for pair, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _areas(applied: Sequence[set[str]], truth: Sequence[Sequence[str]]) -> tuple[AreaFigures, ...]:
    having = Counter(area for mine in truth for area in {*mine})
    given = Counter(area for some in applied for area in some)
    both = Counter(area for some, mine in zip(applied, truth, strict=True) for area in some & {*mine})
    return tuple(
        AreaFigures(
            area=area,
            papers=having[area],
            applied=given[area],
            precision=both[area] / given[area] if given[area] else 0.0,
            recall=both[area] / having[area] if having[area] else 0.0,
            f1=2 * both[area] / (having[area] + given[area]),
        )
        for area in sorted(having.keys() | given.keys(), key=lambda area: (-having[area], area))
    )


def _macro_f1(truth: Sequence[str], first: Sequence[str]) -> float:
    having, given = Counter(truth), Counter(first)
    both = Counter(area for area, other in zip(first, truth, strict=True) if area == other)
    return sum(2 * both[area] / (having[area] + given[area]) for area in having) / len(having)


def _bins(likely: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """The bins that have papers."""
    place = np.minimum((likely * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            low=one / BINS,
            high=(one + 1) / BINS,
            papers=int(mine.sum()),
            probability=float(likely[mine].mean()),
            accuracy=float(right[mine].mean()),
        )
        for one in range(BINS)
        if (mine := place == one).any()
    )


def _curve(likely: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[Covered, ...]:
    order = np.argsort(-likely, kind="stable")
    hits = np.cumsum(right[order])
    counts = [max(1, round(coverage * len(order))) for coverage in COVERAGES]
    return tuple(
        Covered(count / len(order), float(likely[order[count - 1]]), float(hits[count - 1] / count))
        for count in dict.fromkeys(counts)
    )
