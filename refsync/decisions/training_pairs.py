"""Training pairs for the calibration of the pair model: its score for each pair, and people's answer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from refsync.decisions.lines import Decision
from refsync.dedup.classify_pairs import classify_pair
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.feature_columns import Floats
from refsync.dedup.pair_model import PairModel
from refsync.dedup.profile import fingerprint, profile
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

VETOED = "held by a rule, which no answer changes"
OTHER_MODEL = "scored by another model"
NO_SCORE = "without a score"
CONTRADICTED = "contradicted"
UNKNOWN_RECORDS = "about records that are not among these"


@dataclass(frozen=True, slots=True)
class TrainingPairs:
    """Answered pairs with their scores.

    Attributes:
        scores: (N,) natural-log odds before calibration.
        same: (N,) 1.0 where people answered that the two are one paper, else 0.0.
        left_out: how many answers are not used, by reason.
    """

    scores: Floats
    same: Floats
    left_out: dict[str, int]


def recorded_pairs(decisions: Iterable[Decision], model: PairModel) -> TrainingPairs:
    """The answers with the scores that are recorded in the file."""
    left_out: Counter[str] = Counter()
    scored: list[tuple[float, float]] = []
    for decision in _one_per_pair(decisions, left_out):
        if decision.vetoes:
            left_out[VETOED] += 1
        elif decision.score is None:
            left_out[NO_SCORE] += 1
        elif decision.model not in ("", model.name):
            left_out[OTHER_MODEL] += 1
        else:
            scored.append((decision.score, float(decision.kind == "same")))
    return _training_pairs(scored, left_out)


def rescored_pairs(
    decisions: Iterable[Decision], records: Sequence[Record], model: PairModel, settings: DedupSettings
) -> TrainingPairs:
    """The answers with scores that are computed from the records."""
    left_out: Counter[str] = Counter()
    records_with: dict[str, list[int]] = {}
    for i, record in enumerate(records):
        records_with.setdefault(fingerprint(record), []).append(i)
    used: list[Decision] = []
    pairs: list[tuple[int, int]] = []
    for decision in _one_per_pair(decisions, left_out):
        left, right = records_with.get(decision.a, []), records_with.get(decision.b, [])
        pair = next(((i, j) for i in left for j in right if i != j), None)
        if pair is None:
            left_out[UNKNOWN_RECORDS] += 1
            continue
        used.append(decision)
        pairs.append(pair)
    if not pairs:
        return _training_pairs([], left_out)
    involved = sorted({i for pair in pairs for i in pair})
    position = {i: number for number, i in enumerate(involved)}
    comparer = PairComparer([profile(records[i]) for i in involved])
    a, b = (np.array([position[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
    comparison = comparer.compare(a, b)
    scores = model.log_odds(comparison.features).tolist()
    scored = []
    for row, decision in enumerate(used):
        classified = classify_pair(comparer, comparison, row, (int(a[row]), int(b[row])), (0.0, 0.0), settings)
        if classified.vetoes or classified.relation:
            left_out[VETOED] += 1
        else:
            scored.append((scores[row], float(decision.kind == "same")))
    return _training_pairs(scored, left_out)


def _one_per_pair(decisions: Iterable[Decision], left_out: Counter[str]) -> list[Decision]:
    """One answer for each pair of papers: the last with a score; none where the answers disagree."""
    by_pair: dict[frozenset[str], list[Decision]] = {}
    for decision in decisions:
        by_pair.setdefault(frozenset((decision.a, decision.b)), []).append(decision)
    kept = []
    for answers in by_pair.values():
        if len({decision.kind == "same" for decision in answers}) > 1:
            left_out[CONTRADICTED] += 1
        else:
            kept.append(max(answers, key=lambda decision: (decision.score is not None, decision.line)))
    return kept


def _training_pairs(scored: Sequence[tuple[float, float]], left_out: Counter[str]) -> TrainingPairs:
    scores, same = np.array(scored, np.float64).reshape(-1, 2).T
    return TrainingPairs(scores, same, dict(sorted(left_out.items())))
