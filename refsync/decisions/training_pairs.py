"""What answers teach about the pair model: its score for each pair, and whether people called it one paper."""

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

HELD = "held by a rule, which no answer changes"
OTHER_MODEL = "scored by another model"
NO_SCORE = "without a score"
CONTRADICTED = "contradicted"
GONE = "about records that are not among these"


@dataclass(frozen=True, slots=True)
class Examples:
    """Answers that teach: `scores` are (N,) log-odds before calibration, `same` is 1 where people said so, else 0.

    `left_out` has, for each reason, how many answers teach nothing.
    """

    scores: Floats
    same: Floats
    left_out: dict[str, int]


def noted(decisions: Iterable[Decision], model: PairModel) -> Examples:
    """From the scores that stand in the file."""
    left_out: Counter[str] = Counter()
    found: list[tuple[float, float]] = []
    for decision in _each_once(decisions, left_out):
        if decision.vetoes:
            left_out[HELD] += 1
        elif decision.score is None:
            left_out[NO_SCORE] += 1
        elif decision.model not in ("", model.name):
            left_out[OTHER_MODEL] += 1
        else:
            found.append((decision.score, float(decision.kind == "same")))
    return _examples(found, left_out)


def scored(
    decisions: Iterable[Decision], records: Sequence[Record], model: PairModel, settings: DedupSettings
) -> Examples:
    """From the records themselves, scored anew."""
    left_out: Counter[str] = Counter()
    of: dict[str, list[int]] = {}
    for i, record in enumerate(records):
        of.setdefault(fingerprint(record), []).append(i)
    said: list[Decision] = []
    pairs: list[tuple[int, int]] = []
    for decision in _each_once(decisions, left_out):
        here, there = of.get(decision.a, []), of.get(decision.b, [])
        pair = next(((i, j) for i in here for j in there if i != j), None)
        if pair is None:
            left_out[GONE] += 1
            continue
        said.append(decision)
        pairs.append(pair)
    if not pairs:
        return _examples([], left_out)
    involved = sorted({i for pair in pairs for i in pair})
    place = {i: number for number, i in enumerate(involved)}
    columns = PairComparer([profile(records[i]) for i in involved])
    a, b = (np.array([place[pair[side]] for pair in pairs], np.int64) for side in (0, 1))
    comparison = columns.compare(a, b)
    scores = model.log_odds(comparison.features).tolist()
    found = []
    for row, decision in enumerate(said):
        judged = classify_pair(columns, comparison, row, (int(a[row]), int(b[row])), (0.0, 0.0), settings)
        if judged.vetoes or judged.relation:
            left_out[HELD] += 1
        else:
            found.append((scores[row], float(decision.kind == "same")))
    return _examples(found, left_out)


def _each_once(decisions: Iterable[Decision], left_out: Counter[str]) -> list[Decision]:
    """One answer for each pair of papers: the last that has a score; none where people disagree."""
    said: dict[frozenset[str], list[Decision]] = {}
    for decision in decisions:
        said.setdefault(frozenset((decision.a, decision.b)), []).append(decision)
    kept = []
    for answers in said.values():
        if len({decision.kind == "same" for decision in answers}) > 1:
            left_out[CONTRADICTED] += 1
        else:
            kept.append(max(answers, key=lambda decision: (decision.score is not None, decision.line)))
    return kept


def _examples(found: Sequence[tuple[float, float]], left_out: Counter[str]) -> Examples:
    scores, same = np.array(found, np.float64).reshape(-1, 2).T
    return Examples(scores, same, dict(sorted(left_out.items())))
