"""Training pairs from answers: which are used, and with which score."""

from typing import Any

from refsync.decisions import Decision, score_to_record
from refsync.decisions.training_pairs import CONTRADICTED, NO_SCORE, OTHER_MODEL, VETOED, recorded_pairs
from refsync.dedup.pair_model import shipped
from refsync.dedup.results import Pair

NAME = shipped().name


def decision(kind: Any, a: str, b: str, line: int = 0, **more: Any) -> Decision:
    return Decision(kind, a, b, line, **more)


def test_which_answers_become_training_pairs() -> None:
    pairs = recorded_pairs(
        [
            decision("same", "a", "b", 1, score=0.5, model=NAME),
            decision("same", "b", "a", 2),  # the same answer without its score
            decision("version-of", "a", "c", 3, score=1.0),
            decision("not-duplicate", "a", "d", 4, score=2.0, vetoes=("numbers",)),
            decision("same", "a", "e", 5, score=2.0, model="pairs-other"),
            decision("same", "a", "f", 6),
            decision("same", "a", "g", 7, score=1.0),
            decision("not-duplicate", "g", "a", 8, score=1.0),
        ],
        shipped(),
    )
    assert pairs.scores.tolist() == [0.5, 1.0]
    assert pairs.same.tolist() == [1.0, 0.0]
    assert pairs.left_out == {VETOED: 1, OTHER_MODEL: 1, NO_SCORE: 1, CONTRADICTED: 1}


def test_the_recorded_score_is_that_before_calibration() -> None:
    assert score_to_record(Pair(0, 1, 0.5, ()))["score"] == 0.0
    assert score_to_record(Pair(0, 1, 0.9, (), ("words",), score=-1.5)) == {
        "score": -1.5,
        "model": NAME,
        "vetoes": ["words"],
    }
