"""Figures of a model on papers whose areas are known. Pure: probabilities and known areas in, figures out."""

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
    """One area: how many papers have it, how many it was applied to, and how well the two agree."""

    area: str
    papers: int
    applied: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Papers whose most likely area has a probability in this range: its mean, and how often the area is right."""

    low: float
    high: float
    papers: int
    probability: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """The papers with the most certain areas: their share of all, their lowest probability, and the share right."""

    coverage: float
    threshold: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many papers whose first area is `truth` were classified as `predicted`, which is none of their areas."""

    truth: str
    predicted: str
    papers: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of a model.

    Attributes:
        papers: how many papers were classified.
        accuracy: share of papers whose most likely area is their first one.
        among: share of papers whose most likely area is one of theirs.
        top: share of papers whose first area is among the most likely one, two, ... `TOP`.
        macro_f1: mean F1 over the areas, of first areas and most likely areas.
        calibration_error: expected calibration error (ECE) of the most likely area, over the bins.
        tagged: share of papers to which the decision rule applies an area.
        tagged_accuracy: of these, the share whose first applied area is one of theirs.
        micro_f1: of all applied areas and all areas of the papers.
        areas: figures of the applied areas, by area.
        bins: calibration of the most likely area.
        curve: accuracy by coverage when the model abstains.
        confusions: the most common first.
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
    bins: tuple[CalibrationBin, ...]
    curve: tuple[CoveragePoint, ...]
    confusions: tuple[Confusion, ...]


def evaluate(
    probabilities: NDArray[np.float64],
    taggings: Sequence[Tagging],
    truth: Sequence[Sequence[str]],
    classes: Sequence[str],
) -> Evaluation:
    """Figures of a model on papers.

    Args:
        probabilities: (N, C) of each class, for at least one paper.
        taggings: the N results of the decision rule.
        truth: the areas of each paper, its first one first; all are classes.
        classes: the C classes.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    first = [classes[column] for column in order[:, 0]]
    likely = probabilities[np.arange(len(truth)), order[:, 0]]
    right = np.array([area in known for area, known in zip(first, truth, strict=True)])
    column = {area: index for index, area in enumerate(classes)}
    rank = np.argmax(order == np.array([column[known[0]] for known in truth])[:, None], axis=1)
    applied = [{area.area for area in tagging.areas if area.applied} for tagging in taggings]
    bins = _bins(likely, right)
    tagged = [(tagging.primary, known) for tagging, known in zip(taggings, truth, strict=True) if tagging.primary]
    true_positives = sum(len(areas & {*known}) for areas, known in zip(applied, truth, strict=True))
    positives = sum(map(len, applied)) + sum(len({*known}) for known in truth)
    wrong = Counter((known[0], area) for area, known in zip(first, truth, strict=True) if area not in known)
    return Evaluation(
        papers=len(truth),
        accuracy=float((rank == 0).mean()),
        among=float(right.mean()),
        top=tuple(float((rank < count).mean()) for count in range(1, min(TOP, len(classes)) + 1)),
        macro_f1=_macro_f1([known[0] for known in truth], first),
        calibration_error=sum(one.papers * abs(one.probability - one.accuracy) for one in bins) / len(truth),
        tagged=len(tagged) / len(truth),
        tagged_accuracy=sum(area in known for area, known in tagged) / max(len(tagged), 1),
        micro_f1=2 * true_positives / positives,
        areas=_areas(applied, truth),
        bins=bins,
        curve=_curve(likely, right),
        confusions=tuple(
            Confusion(*pair, count) for pair, count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _areas(applied: Sequence[set[str]], truth: Sequence[Sequence[str]]) -> tuple[AreaFigures, ...]:
    actual = Counter(area for known in truth for area in {*known})
    predicted = Counter(area for areas in applied for area in areas)
    both = Counter(area for areas, known in zip(applied, truth, strict=True) for area in areas & {*known})
    return tuple(
        AreaFigures(
            area=area,
            papers=actual[area],
            applied=predicted[area],
            precision=both[area] / predicted[area] if predicted[area] else 0.0,
            recall=both[area] / actual[area] if actual[area] else 0.0,
            f1=2 * both[area] / (actual[area] + predicted[area]),
        )
        for area in sorted(actual.keys() | predicted.keys(), key=lambda area: (-actual[area], area))
    )


def _macro_f1(truth: Sequence[str], first: Sequence[str]) -> float:
    actual, predicted = Counter(truth), Counter(first)
    both = Counter(area for area, other in zip(first, truth, strict=True) if area == other)
    return sum(2 * both[area] / (actual[area] + predicted[area]) for area in actual) / len(actual)


def _bins(likely: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[CalibrationBin, ...]:
    """The bins that have papers."""
    bin_of = np.minimum((likely * BINS).astype(int), BINS - 1)
    return tuple(
        CalibrationBin(
            low=number / BINS,
            high=(number + 1) / BINS,
            papers=int(inside.sum()),
            probability=float(likely[inside].mean()),
            accuracy=float(right[inside].mean()),
        )
        for number in range(BINS)
        if (inside := bin_of == number).any()
    )


def _curve(likely: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[CoveragePoint, ...]:
    order = np.argsort(-likely, kind="stable")
    hits = np.cumsum(right[order])
    counts = [max(1, round(coverage * len(order))) for coverage in COVERAGES]
    return tuple(
        CoveragePoint(count / len(order), float(likely[order[count - 1]]), float(hits[count - 1] / count))
        for count in dict.fromkeys(counts)
    )
