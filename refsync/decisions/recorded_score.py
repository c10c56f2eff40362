"""What a line notes of the question, so that `refsync learn` can learn from the file alone."""

import math
from typing import Any

from refsync.dedup.results import Pair


def score_of(pair: Pair) -> dict[str, Any]:
    """The pair model's log-odds before calibration, its name, and the rules that hold the two apart, for `value`."""
    from refsync.dedup.pair_model import shipped

    inside = min(max(pair.probability, 1e-6), 1 - 1e-6)
    score = round(math.log(inside / (1 - inside)), 4) if pair.score is None else pair.score
    noted: dict[str, Any] = {"score": score, "model": shipped().name}
    return noted | ({"vetoes": list(pair.vetoes)} if pair.vetoes else {})
