"""The pair model: a logistic regression over the features of `score.py`, shipped as plain numbers.

`scripts/train_pairs.py` trains it; docs/decisions/0004-pair-model.md says how and why.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from refsync.dedup.columns import Floats
from refsync.dedup.results import FieldEvidence
from refsync.dedup.score import FEATURES, FIELDS, Comparison


@dataclass(frozen=True, slots=True)
class PairModel:
    """Weights of the features, in natural-log odds."""

    intercept: float
    weights: Mapping[str, float]

    def probabilities(self, features: Floats) -> Floats:
        """The probability that each pair is one paper, to six digits."""
        # column by column: a matrix product may round differently with the number of rows, and the result
        # must not depend on which other pairs are scored
        logit = np.full(len(features), self.intercept)
        for i, (name, _) in enumerate(FEATURES):
            if weight := self.weights.get(name, 0.0):
                logit += weight * features[:, i]
        result: Floats = np.round(1 / (1 + np.exp(-logit)), 6)
        return result

    def evidence(self, comparison: Comparison, row: int) -> tuple[FieldEvidence, ...]:
        """What each field of one pair contributes, in the order of `FIELDS`; fields that say nothing are left out."""
        shares = dict.fromkeys(FIELDS, 0.0)
        spoke = set()
        for i, (name, field) in enumerate(FEATURES):
            value = float(comparison.features[row, i])
            if value:
                shares[field] += self.weights.get(name, 0.0) * value
                spoke.add(field)
        found = []
        for field in FIELDS:
            similarity = comparison.similarity.get(field)
            known = not np.isnan(similarity[row]) if similarity is not None else field in spoke
            if known:
                value = float(similarity[row]) if similarity is not None else _level(comparison, row, field)
                found.append(FieldEvidence(field, round(value, 3), round(shares[field], 2)))
        return tuple(found)


def _level(comparison: Comparison, row: int, field: str) -> float:
    """1 where any feature of agreement of a field holds, else 0; years fall off with their distance."""
    if field == "year":
        return max(0.0, 1.0 - float(comparison.year_gap[row]) / 4)
    agree = [i for i, (name, f) in enumerate(FEATURES) if f == field and "differ" not in name]
    return float(max((comparison.features[row, i] for i in agree), default=0.0))


@cache
def shipped() -> PairModel:
    """The model that the package ships."""
    data = json.loads(files("refsync.dedup").joinpath("pair_model.json").read_text(encoding="utf-8"))
    return PairModel(float(data["intercept"]), {name: float(weight) for name, weight in data["weights"].items()})
