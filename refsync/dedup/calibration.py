"""Calibration of the pair model on people's answers. Pure: scores and answers in, a map of log-odds out.

docs/decisions/0012-learning-from-answers.md says why it is as careful as it is.
"""

from dataclasses import dataclass

import numpy as np

from refsync.dedup.feature_columns import Floats
from refsync.errors import ConfigError

LEAST, LEAST_OF_EACH = 10, 3
"""Answers, and answers of each kind, below which nothing is learnt."""

SLOPE_SPREAD, OFFSET_SPREAD = 0.25, 0.75
"""How far the calibration is expected to be off (standard deviations of the prior around what is shipped)."""

UPWARD, DOWNWARD = 1.645, 0.0
"""By how many standard errors a move is cut: towards merging only as far as 95 % of the posterior supports."""

_FADE = 1.0  # log-odds over which a move fades out beyond what was asked about, at least
_FOLDS = 10
_BINS = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """A map of log-odds: piecewise linear between `knots` (before, after), and the identity beyond them.

    `model` names the pair model that it is for, `answers` how many it was learnt from.
    """

    knots: tuple[tuple[float, float], ...] = ()
    model: str = ""
    answers: int = 0

    def __post_init__(self) -> None:
        before, after = [x for x, _ in self.knots], [y for _, y in self.knots]
        if not np.isfinite(self.knots).all():
            raise ConfigError("a calibration is made of numbers")
        if any(np.diff(before) <= 0) or any(np.diff(after) <= 0):
            raise ConfigError("a calibration must rise from knot to knot")
        if self.knots and (before[0] != after[0] or before[-1] != after[-1]):
            raise ConfigError("a calibration must leave what is beyond its knots as it is")

    def __call__(self, log_odds: Floats) -> Floats:
        """What log-odds are after calibration, in the same order."""
        if not self.knots:
            return log_odds
        before, after = np.array(self.knots).T
        inside = (log_odds > before[0]) & (log_odds < before[-1])
        above = np.minimum(np.searchsorted(before, log_odds, side="right"), len(after) - 1)
        moved = np.minimum(np.interp(log_odds, before, after), after[above])  # rounding may exceed the next knot
        result: Floats = np.where(inside, moved, log_odds)
        return result


AS_SHIPPED = Calibration()


@dataclass(frozen=True, slots=True)
class Figures:
    """How well probabilities fit answers, and what merging at the threshold would do with these pairs.

    The loss is in natural logarithms; `ece` is the expected calibration error over bins of equally many pairs.
    Precision is 1 where nothing is merged, recall where there is nothing to merge.
    """

    log_loss: float
    brier: float
    ece: float
    precision: float
    recall: float
    merged: int
    wrong: int

    def does_better_than(self, other: "Figures") -> bool:
        """Whether these are worth a change: a lower loss, and no more wrong merges."""
        return self.log_loss < other.log_loss and self.wrong <= other.wrong


def learn(scores: Floats, same: Floats, model: str = "") -> Calibration:
    """Refit the calibration.

    A line through the log-odds (Platt, "Probabilistic outputs for support vector machines", 1999), with a Gaussian
    prior around the identity and Laplace's approximation of its posterior (Bishop, "Pattern recognition and machine
    learning", 2006, section 4.5). Towards merging it moves only as far as the posterior supports; beyond the
    scores that people were asked about it fades to the shipped calibration.

    Args:
        scores: (N,) log-odds of the pair model before calibration.
        same: (N,) 1 where the two are one paper, 0 where not.
        model: the name of the pair model.

    Raises:
        ConfigError: the answers are too few, or all alike.
    """
    check_enough(same)
    low, high = float(scores.min()), float(scores.max())
    if high - low < _FADE:  # all at one spot: a stretch around it
        low, high = low - _FADE / 2, high + _FADE / 2
    centre = float(scores.mean())
    line, covariance = _fit(scores, centre, same)

    def moved(at: float) -> float:
        design = np.array([1.0, at - centre])
        by = float(design @ line) - at
        spread = float(np.sqrt(design @ covariance @ design))
        cut = UPWARD if by > 0 else DOWNWARD
        return at + float(np.sign(by)) * max(abs(by) - cut * spread, 0.0)

    inner = [(at, moved(at)) for at in np.linspace(low, high, 5).tolist()]
    rising: list[tuple[float, float]] = []
    for at, after in inner:  # moves that are cut differently may cross
        rising.append((at, max(after, rising[-1][1] + 0.01) if rising else after))
    first, last = rising[0], rising[-1]
    start = min(first) - max(_FADE, abs(first[1] - first[0]))
    end = max(last) + max(_FADE, abs(last[1] - last[0]))
    knots = [(start, start), *rising, (end, end)]
    return Calibration(tuple((round(x, 4), round(y, 4)) for x, y in knots), model, len(scores))


def check_enough(same: Floats) -> None:
    """Refuse to learn from answers that cannot teach.

    Raises:
        ConfigError: they are too few, or nearly all alike.
    """
    yes = int(same.sum())
    no = len(same) - yes
    if len(same) < LEAST:
        raise ConfigError(
            f"{len(same)} answers are too few to learn from; {LEAST} are needed", hint="`refsync review` asks for more"
        )
    if min(yes, no) < LEAST_OF_EACH:
        raise ConfigError(
            f"of {len(same)} answers {yes} say `same` and {no} don't; {LEAST_OF_EACH} of each are needed",
            hint="answers of one kind alone do not determine the threshold between them",
        )


def cross_validated(scores: Floats, same: Floats, threshold: float) -> tuple[Figures, Figures]:
    """The figures on these answers as the model is shipped, and with calibrations that never saw the answer."""
    after = np.array(scores)
    order = np.argsort(scores, kind="stable")
    for fold in range(min(_FOLDS, len(scores))):
        held_out = order[fold :: min(_FOLDS, len(scores))]  # each fold has pairs of all scores
        others = np.setdiff1d(order, held_out)
        try:
            after[held_out] = learn(scores[others], same[others])(scores[held_out])
        except ConfigError:  # too few without these: what is shipped stays
            continue
    return figures(scores, same, threshold), figures(after, same, threshold)


def figures(log_odds: Floats, same: Floats, threshold: float) -> Figures:
    """How well log-odds fit answers."""
    p = 1 / (1 + np.exp(-log_odds))
    inside = np.clip(p, 1e-9, 1 - 1e-9)
    merged = np.round(p, 6) >= threshold
    true = float((merged * same).sum())
    bins = np.array_split(np.argsort(p, kind="stable"), min(_BINS, len(p)))
    off = sum(len(part) * abs(float(p[part].mean() - same[part].mean())) for part in bins)
    return Figures(
        log_loss=float(-(same * np.log(inside) + (1 - same) * np.log(1 - inside)).mean()),
        brier=float(((p - same) ** 2).mean()),
        ece=off / len(p),
        precision=true / merged.sum() if merged.any() else 1.0,
        recall=true / same.sum() if same.any() else 1.0,
        merged=int(merged.sum()),
        wrong=int(merged.sum() - true),
    )


def _fit(scores: Floats, centre: float, same: Floats) -> tuple[Floats, Floats]:
    """The line of greatest posterior density, its value at the centre and its slope, and their covariance.

    By Newton's method: the problem is convex, and the prior bounds the steps.
    """
    design = np.column_stack([np.ones(len(scores)), scores - centre])
    expected = np.array([centre, 1.0])
    prior = np.diag([OFFSET_SPREAD**-2, SLOPE_SPREAD**-2])
    line = expected.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ line))
        gradient = design.T @ (p - same) + prior @ (line - expected)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + prior
        step = np.linalg.solve(hessian, gradient)
        line = line - step
        if float(np.abs(step).max()) < 1e-10:
            break
    return line, np.linalg.inv(hessian)
