"""The figures of an evaluation, compared with values computed by hand."""

import numpy as np
import pytest

from refsync.classify.evaluate import evaluate
from refsync.classify.model import Area, Tagging

CLASSES = ("moss", "stone", "walls")


def tagging(*areas: tuple[str, float, bool]) -> Tagging:
    primary = next((area for area, _, applied in areas if applied), None)
    return Tagging(tuple(Area(*area) for area in areas), primary, primary is None, ())


LIKELY = np.array([[0.9, 0.1, 0.2], [0.3, 0.8, 0.6], [0.7, 0.2, 0.6], [0.1, 0.2, 0.4]])
TRUTH = [("moss",), ("walls", "stone"), ("walls",), ("walls",)]
TAGGINGS = [
    tagging(("moss", 0.9, True)),
    tagging(("stone", 0.8, True), ("walls", 0.6, True)),
    tagging(("moss", 0.7, True)),
    tagging(("walls", 0.4, False)),
]


def test_figures_by_hand() -> None:
    found = evaluate(LIKELY, TAGGINGS, TRUTH, CLASSES)
    assert found.papers == 4
    assert found.accuracy == 2 / 4
    assert found.among == 3 / 4
    assert found.top == (0.5, 1.0, 1.0)
    assert found.tagged == 3 / 4
    assert found.tagged_accuracy == pytest.approx(2 / 3)
    assert found.micro_f1 == pytest.approx(2 * 3 / (4 + 5))
    assert found.macro_f1 == pytest.approx((2 * 1 / 3 + 2 * 1 / 4) / 2)  # moss, walls
    moss = next(area for area in found.areas if area.area == "moss")
    assert (moss.papers, moss.applied, moss.precision, moss.recall) == (1, 2, 0.5, 1.0)
    assert [(one.truth, one.predicted, one.papers) for one in found.confusions] == [("walls", "moss", 1)]


def test_calibration_and_coverage() -> None:
    found = evaluate(LIKELY, TAGGINGS, TRUTH, CLASSES)
    assert [(one.low, one.papers, one.accuracy) for one in found.bins] == [
        (0.4, 1, 1),
        (0.7, 1, 0),
        (0.8, 1, 1),
        (0.9, 1, 1),
    ]
    assert found.calibration_error == pytest.approx((0.6 + 0.7 + 0.2 + 0.1) / 4)
    assert found.curve[0].coverage == 1
    assert found.curve[0].accuracy == 3 / 4
    assert found.curve[-1].accuracy == 1
    assert [one.threshold for one in found.curve] == sorted(one.threshold for one in found.curve)
