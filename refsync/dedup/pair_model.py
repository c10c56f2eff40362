"""The pair model: a logistic regression over the features of `score.py`, shipped as plain numbers.

`scripts/train_pairs.py` trains it; docs/decisions/0004-pair-model.md says how and why.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat
from operator import attrgetter

import numpy as np

from refsync.dedup.calibration import AS_SHIPPED, Calibration
from refsync.dedup.comparison_vectors import FEATURES, FIELDS, ComparisonVectors
from refsync.dedup.feature_columns import Floats, Ints
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
        return next(self.all_evidence(comparison, np.array([row])))

    def all_evidence(self, comparison: ComparisonVectors, rows: Ints) -> Iterator[tuple[FieldEvidence, ...]]:
        """The evidence about the pairs in these rows; equal evidence of several pairs is one object."""
        features = comparison.features[rows]
        shares = {field: np.zeros(len(rows)) for field in FIELDS}
        for i, (name, field) in enumerate(FEATURES):
            shares[field] += self.weights.get(name, 0.0) * features[:, i]
        columns = []
        for number, field in enumerate(FIELDS):
            if field in comparison.similarity:
                similarity = comparison.similarity[field][rows]
                known = ~np.isnan(similarity)
            else:
                similarity = _level(field, features, comparison.year_gap[rows])
                known = (features[:, _FEATURES[field]] != 0).any(axis=1)
            keys = zip(repeat(number), similarity.tolist(), shares[field].tolist(), strict=False)
            columns.append([key if says else None for key, says in zip(keys, known.tolist(), strict=True)])
        made: dict[tuple[int, float, float], FieldEvidence] = {}
        for row in zip(*columns, strict=True):
            found = []
            for key in row:
                if key:
                    if (one := made.get(key)) is None:
                        number, similar, share = key
                        one = made[key] = field_evidence(FIELDS[number], round(similar, 3), round(share, 2))
                    found.append(one)
            yield tuple(found)


def field_evidence(field: str, similarity: float, weight: float) -> FieldEvidence:
    """What one field says; equal evidence is one object, for of a million pairs little differs."""
    # a weight rounded to zero keeps its sign, by which keys do not differ
    return _one_object(field, similarity, weight) if weight else FieldEvidence(field, similarity, weight)


_one_object = lru_cache(maxsize=65536)(FieldEvidence)

evidence_values = attrgetter(*(item.name for item in fields(FieldEvidence)))
"""The values of which `field_evidence` makes the evidence again: plain ones, for another process."""


def _probabilities(log_odds: Floats) -> Floats:
    result: Floats = np.round(1 / (1 + np.exp(-log_odds)), 6)
    return result


_FEATURES = {field: [i for i, (_, of) in enumerate(FEATURES) if of == field] for field in FIELDS}
_AGREEMENT = {field: [i for i in own if "differ" not in FEATURES[i][0]] for field, own in _FEATURES.items()}
"""The features of each field, and those of its agreement."""


def _level(field: str, features: Floats, year_gap: Ints) -> Floats:
    """1 where any feature of agreement of a field holds, else 0; years fall off with their distance."""
    level: Floats
    if field == "year":
        level = np.maximum(0.0, 1.0 - year_gap / 4)
    elif agreement := _AGREEMENT[field]:
        level = features[:, agreement].max(axis=1)
    else:
        level = np.zeros(len(features))
    return level


def shipped(calibration: Calibration = AS_SHIPPED) -> PairModel:
    """The model that the package ships, calibrated on people's answers where there is a calibration."""
    return replace(_shipped(), calibration=calibration)


@cache
def _shipped() -> PairModel:
    data = json.loads(files("refsync.dedup").joinpath("pair_model.json").read_text(encoding="utf-8"))
    return PairModel(float(data["intercept"]), {name: float(weight) for name, weight in data["weights"].items()})
