"""A shipped model adapted to a library's shares of classes: other odds, and the calibration fitted for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify.label_shift import LibraryShares
from refsync.classify.model import Model

PRIOR = "prior"  # the note with the shares of classes in the calibration
ADAPTED = "adapted"  # the note with the calibration after adaptation


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedModel:
    """A model and the log ratios (C,) of a library's shares of classes to the model's own; None without adaptation."""

    model: Model
    log_ratios: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, model: Model, shares: LibraryShares | None) -> "AdaptedModel":
        """The model adapted to shares; unchanged where there are none for it."""
        prior = prior_of(model)
        log_ratios = shares.log_ratios(model.name, model.classes, prior) if shares and prior is not None else None
        return cls(model) if log_ratios is None else cls(_recalibrated(model), log_ratios)


def prior_of(model: Model) -> NDArray[np.float64] | None:
    """(C,) the shares of a model's classes in its calibration; None if it does not say."""
    noted = model.notes.get(PRIOR)
    if not isinstance(noted, list) or len(noted) != len(model.classes):
        return None
    prior = np.array(noted, np.float64)
    return prior / prior.sum() if np.isfinite(prior).all() and prior.min() > 0 else None


def _recalibrated(model: Model) -> Model:
    noted: Any = model.notes.get(ADAPTED)
    if not isinstance(noted, Mapping):
        return model
    knots = np.array(noted["knots"], np.float32)
    first, second = (tuple((float(a), float(p)) for a, p in rows) for rows in noted["thresholds"])
    return Model(replace(model.weights, knots=knots, thresholds=(first, second)))
