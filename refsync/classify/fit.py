"""Fitting own areas: folds, one logistic regression per label, calibration, thresholds.

Needs scikit-learn and scipy.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear
from refsync.classify.model_file import Threshold, Weights

FOLDS = 5
_PENALTY = 3.0  # the inverse strength of the L2 penalty, for features of length 1 each
_OFFSET_DEVIATION = 1.0  # prior standard deviation of the labels' offsets
_MOST_LIKELY = 10  # labels of a paper on which the calibration is fitted
_ACCURACIES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
_MIN_MEASURED = 20  # papers on which an accuracy can be measured


def fit_regression(features: Any, has_label: NDArray[np.bool_]) -> tuple[NDArray[np.float32], float]:
    """Weights (F,) and bias of a logistic regression; weights of 0 where all examples are of one class."""
    from sklearn.linear_model import LogisticRegression

    if has_label.all() or not has_label.any():
        return np.zeros(features.shape[1], np.float32), 3.0 if has_label.all() else -3.0
    # Papers of a rare label weigh more; otherwise the many others dominate.
    weight = {True: math.sqrt((~has_label).sum() / has_label.sum()), False: 1.0}
    fitted = LogisticRegression(
        C=_PENALTY, class_weight=weight, solver="liblinear", dual=True, tol=0.01, random_state=0, max_iter=200
    ).fit(features, has_label)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def assign_folds(has_label: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The fold of each paper, stratified by label, the rarest label first (Sechidis et al., 2011)."""
    folds = np.full(len(has_label), -1)
    filled = np.zeros(FOLDS, np.intp)
    order = np.random.default_rng(0).permutation(len(has_label))
    for column in np.argsort(has_label.sum(0), kind="stable"):
        with_label = np.bincount(folds[has_label[:, column] & (folds >= 0)], minlength=FOLDS)
        for paper in order:
            if has_label[paper, column] and folds[paper] < 0:
                fold = min(range(FOLDS), key=lambda number: (with_label[number], filled[number], number))
                folds[paper] = fold
                with_label[fold] += 1
                filled[fold] += 1
    rest = order[folds[order] < 0]
    folds[rest] = np.arange(len(rest)) % FOLDS
    return folds


def fit_calibration(
    scores: NDArray[np.float32], has_label: NDArray[np.bool_], is_labelled: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Slope, competition, and an offset for each label (see `linear.rank_classes`), fitted to cross-validated scores.

    Args:
        scores: (N, C) of papers that the model was not trained on.
        has_label: (N, C) whether a paper has a label.
        is_labelled: (N, C) whether that is known.
    """
    from scipy.optimize import minimize

    count = min(_MOST_LIKELY, scores.shape[1])
    among = is_labelled & (scores >= np.partition(scores, -count, axis=1)[:, [-count]])

    def loss(curve: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Log loss and its gradient; the prior matters only where there are very few papers."""
        slope, competition, offsets = curve[0], curve[1], curve[2:]
        logits = slope * scores + offsets
        rivals = np.logaddexp.reduce(logits, axis=1, keepdims=True)
        shares = np.exp(logits - rivals)
        logits += competition * rivals
        excess = np.where(among, 1 / (1 + np.exp(-logits)) - has_label, 0)
        common = excess.sum(1, keepdims=True)
        rise = np.array(
            [
                (excess * scores).sum() + competition * (common * (shares * scores).sum(1, keepdims=True)).sum(),
                (common * rivals).sum(),
                *(excess + competition * common * shares).sum(0),
            ]
        )
        total = (
            np.logaddexp(0, np.where(has_label, -1, 1) * logits)[among].sum()
            + (np.square(curve - start) * prior).sum() / 2
        )
        return float(total), rise + (curve - start) * prior

    start = np.array([1.0, 0.0, *np.zeros(scores.shape[1])])
    prior = np.array([1.0, 1.0, *np.full(scores.shape[1], 1 / _OFFSET_DEVIATION**2)])
    bounds = [(0.1, 20), (-1, 1), *[(-20, 20)] * scores.shape[1]]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x, np.float32)


def probabilities(scores: NDArray[np.float32], kind: int, model: Weights) -> NDArray[np.float64]:
    """(N, C) calibrated probabilities of scores (N, C) of papers (`kind` 0) or of titles alone (1)."""
    order, values = linear.rank_classes(scores, np.full(len(scores), bool(kind)), model, scores.shape[1])
    result = np.empty_like(values)
    np.put_along_axis(result, order, values, 1)
    return result


def accuracy_thresholds(likely: NDArray[np.float64], has_label: NDArray[np.bool_]) -> tuple[Threshold, ...]:
    """For each accuracy, the lowest probability above which the most likely label is right for that share of papers."""
    first = likely.argmax(1)
    top, hit = likely[np.arange(len(first)), first], has_label[np.arange(len(first)), first]
    order = np.argsort(-top, kind="stable")
    hits = np.cumsum(hit[order]) / np.arange(2, len(order) + 2)  # with one more error, as a margin
    table = []
    for accuracy in _ACCURACIES:
        enough = np.flatnonzero(hits >= accuracy)
        if enough.size and enough[-1] + 1 >= _MIN_MEASURED:
            table.append((accuracy, math.floor(float(top[order][enough[-1]]) * 1e4) / 1e4))
    return tuple(table)


def quantize(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The weights (F, C) rounded to 127 steps on either side of 0, and the scale of each label (C,)."""
    scale = np.maximum(np.abs(weights).max(0), 1e-9) / 127
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)
