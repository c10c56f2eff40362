"""The score recorded with an answer, so that `refsync learn` needs only the file of decisions."""

import math
from typing import Any

from refsync.dedup.results import Pair


def score_to_record(pair: Pair) -> dict[str, Any]:
    """The pair model's log-odds before calibration, its name, and the vetoes on the pair, for `value` of a line."""
    from refsync.dedup.pair_model import shipped

    probability = min(max(pair.probability, 1e-6), 1 - 1e-6)
    score = round(math.log(probability / (1 - probability)), 4) if pair.score is None else pair.score
    value: dict[str, Any] = {"score": score, "model": shipped().name}
    return value | ({"vetoes": list(pair.vetoes)} if pair.vetoes else {})
