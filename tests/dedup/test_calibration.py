"""Calibration of the pair model: what changes with answers, how far, and what never changes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.calibration import AS_SHIPPED, Calibration, cross_validated, figures, learn
from refsync.dedup.pair_model import shipped
from refsync.errors import ConfigError
from tests.sweeps import examples


def sample_pairs(count: int, shift: float, seed: int = 1) -> tuple[Any, Any]:
    """Pairs of a library in which the log-odds are too low by `shift`."""
    rng = np.random.default_rng(seed)
    scores = rng.uniform(-1.0, 2.0, count)
    return scores, (rng.random(count) < 1 / (1 + np.exp(-scores - shift))).astype(float)


SCORES = st.lists(st.tuples(st.floats(-6, 8), st.booleans()), min_size=10, max_size=60).filter(
    lambda answers: 3 <= sum(same for _, same in answers) <= len(answers) - 3
)
"""Log-odds with answers, enough of each kind to learn from."""


@settings(max_examples=examples(60))
@given(SCORES, st.lists(st.floats(-20, 20), min_size=2, max_size=20))
def test_a_learned_calibration_keeps_the_order_of_pairs(answers: list[tuple[float, bool]], others: list[float]) -> None:
    scores, same = np.array(answers, float).T
    after = learn(scores, same)(np.sort(others))
    assert (np.diff(after) >= 0).all()


def test_a_score_just_below_a_knot_is_not_moved_beyond_it() -> None:
    calibration = Calibration(((-3.0, -3.0), (-2.6159, -1.0024), (0.3904, -0.4883), (1.6243, 1.3959), (2.0, 2.0)))
    for before, after in calibration.knots[1:-1]:
        assert calibration(np.array([np.nextafter(before, -np.inf)]))[0] <= after


@settings(max_examples=examples(60))
@given(SCORES)
def test_scores_outside_the_answered_range_stay(answers: list[tuple[float, bool]]) -> None:
    scores, same = np.array(answers, float).T
    calibration = learn(scores, same)
    reach = 2 * max(abs(after - before) for before, after in calibration.knots) + 1.01
    beyond = np.array([scores.min() - reach, scores.max() + reach])
    assert calibration(beyond).tolist() == beyond.tolist()


def test_more_answers_learn_more_of_a_shift() -> None:
    at = np.array([0.5])
    shifts = [float(learn(*sample_pairs(count, 1.5))(at)[0]) - 0.5 for count in (20, 100, 1000)]
    assert 0 <= shifts[0] < shifts[1] < shifts[2]
    assert shifts[2] == pytest.approx(1.5, abs=0.35)


def test_a_few_answers_change_little() -> None:
    scores = np.linspace(-0.5, 1.5, 12)
    same = np.array([0.0] * 3 + [1.0] * 9)
    calibration = learn(scores, same)
    assert max(after - before for before, after in calibration.knots) < 0.5


def test_merging_more_needs_more_than_merging_less() -> None:
    scores = np.linspace(-0.5, 0.5, 30)
    mostly = np.array([1.0] * 22 + [0.0] * 8)
    up = learn(scores, mostly)(np.array([0.0]))[0]
    down = learn(scores, 1 - mostly)(np.array([0.0]))[0]
    assert 0 < up < -down


def test_a_learned_calibration_does_better_on_held_out_answers() -> None:
    before, after = cross_validated(*sample_pairs(400, 1.5), 0.8)
    assert after.log_loss < before.log_loss
    assert after.ece < before.ece
    assert after.recall > before.recall


def test_figures_by_their_definitions() -> None:
    result = figures(np.log([4.0, 4.0, 0.25, 9.0]), np.array([1.0, 0.0, 0.0, 1.0]), 0.8)
    assert (result.merged, result.wrong) == (3, 1)
    assert result.precision == pytest.approx(2 / 3)
    assert result.recall == 1
    assert result.brier == pytest.approx((0.04 + 0.64 + 0.04 + 0.01) / 4)
    assert result.log_loss == pytest.approx(-np.log([0.8, 0.2, 0.8, 0.9]).mean())


@pytest.mark.parametrize(
    ("same", "message"),
    [([1.0, 0.0] * 4, "8 answers are too few to learn from"), ([1.0] * 30 + [0.0] * 2, "30 say `same` and 2 don't")],
)
def test_too_few_answers_are_refused(same: list[float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        learn(np.linspace(0, 1, len(same)), np.array(same))


@pytest.mark.parametrize(
    "knots", [((0, 0), (1, 1), (1, 2), (3, 3)), ((0, 0), (1, 2), (2, 1), (3, 3)), ((0, 1), (2, 3))]
)
def test_knots_that_do_not_rise_are_refused(knots: Any) -> None:
    with pytest.raises(ConfigError):
        Calibration(knots)


def test_the_shipped_calibration_is_the_identity() -> None:
    assert shipped().calibration is AS_SHIPPED
    odds = np.linspace(-9, 9, 50)
    assert (AS_SHIPPED(odds) == odds).all()
