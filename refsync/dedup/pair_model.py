"""The pair model: a logistic regression over the features of `score.py`, shipped as plain numbers.

`scripts/train_pairs.py` trains it; docs/decisions/0004-pair-model.md says how and why.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import isnan

import numpy as np

from refsync.dedup.calibration import AS_SHIPPED, Calibration
from refsync.dedup.comparison_vectors import FEATURES, FIELDS, ComparisonVectors
from refsync.dedup.feature_columns import Floats
from refsync.dedup.results import FieldEvidence


@dataclass(frozen=True, slots=True)
class PairModel:
    """Weights of the features, in natural-log odds; a calibration on people's answers, if there is one."""

    intercept: float
    weights: Mapping[str, float]
    calibration: Calibration = AS_SHIPPED

    @property
    def name(self) -> str:
        """Identifies this model, whatever its calibration."""
        content = json.dumps([self.intercept, sorted(self.weights.items())])
        return "pairs-" + hashlib.blake2b(content.encode(), digest_size=4).hexdigest()

    def log_odds(self, features: Floats) -> Floats:
        """The log-odds that each pair is one paper, before calibration."""
        # column by column: a matrix product may round differently with the number of rows, and the result
        # must not depend on which other pairs are scored
        logit = np.full(len(features), self.intercept)
        for i, (name, _) in enumerate(FEATURES):
            if weight := self.weights.get(name, 0.0):
                logit += weight * features[:, i]
        return logit

    def probabilities(self, features: Floats) -> Floats:
        """The probability that each pair is one paper, to six digits, before calibration."""
        return _probabilities(self.log_odds(features))

    def both(self, features: Floats) -> tuple[Floats, Floats]:
        """The probabilities before calibration, which hold for pairs that a rule is about, and after it."""
        logit = self.log_odds(features)
        raw = _probabilities(logit)
        return raw, _probabilities(self.calibration(logit)) if self.calibration.knots else raw

    def evidence(self, comparison: ComparisonVectors, row: int) -> tuple[FieldEvidence, ...]:
        """What each field of one pair contributes, in the order of `FIELDS`; fields that say nothing are left out."""
        shares = dict.fromkeys(FIELDS, 0.0)
        spoke = set()
        values: list[float] = comparison.features[row].tolist()
        for (name, field), value in zip(FEATURES, values, strict=True):
            if value:
                shares[field] += self.weights.get(name, 0.0) * value
                spoke.add(field)
        found = []
        for field in FIELDS:
            if (column := comparison.similarity.get(field)) is not None:
                similarity = float(column[row])
                known = not isnan(similarity)
            elif known := field in spoke:
                similarity = _level(comparison, row, field, values)
            if known:
                found.append(FieldEvidence(field, round(similarity, 3), round(shares[field], 2)))
        return tuple(found)


def _probabilities(log_odds: Floats) -> Floats:
    result: Floats = np.round(1 / (1 + np.exp(-log_odds)), 6)
    return result


_AGREEMENT = {
    field: [i for i, (name, of) in enumerate(FEATURES) if of == field and "differ" not in name] for field in FIELDS
}
"""The features of agreement of each field."""


def _level(comparison: ComparisonVectors, row: int, field: str, values: Sequence[float]) -> float:
    """1 where any feature of agreement of a field holds, else 0; years fall off with their distance."""
    if field == "year":
        return max(0.0, 1.0 - float(comparison.year_gap[row]) / 4)
    return max((values[i] for i in _AGREEMENT[field]), default=0.0)


def shipped(calibration: Calibration = AS_SHIPPED) -> PairModel:
    """The model that the package ships, calibrated on people's answers where there is a calibration."""
    return replace(_shipped(), calibration=calibration)


@cache
def _shipped() -> PairModel:
    data = json.loads(files("refsync.dedup").joinpath("pair_model.json").read_text(encoding="utf-8"))
    return PairModel(float(data["intercept"]), {name: float(weight) for name, weight in data["weights"].items()})
