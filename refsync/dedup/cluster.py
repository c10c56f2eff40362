"""Deduplication: from records to clusters, version links and a queue for a person.

records -> nodes (equal records) -> candidate pairs -> judgements -> groups without conflicts -> what is shown
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from refsync.dedup.blocking import Pairs, candidate_pairs
from refsync.dedup.classify_pairs import Judgement, judge
from refsync.dedup.cluster_evidence import Findings, present
from refsync.dedup.cluster_prior import second_look
from refsync.dedup.comparison_vectors import Columns
from refsync.dedup.constrained_clustering import LIMIT, Edge, Group, bounded, components, groups
from refsync.dedup.identical_records import Nodes, Progress, collapse
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.results import BINS, Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.memory import no_collection
from refsync.records import Record

_STEP = 50_000  # pairs judged between two reports of progress


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def deduplicate(
    records: Sequence[Record],
    settings: DedupSettings,
    *,
    known: int = 0,
    same: Iterable[tuple[int, int]] = (),
    different: Iterable[tuple[int, int]] = (),
    progress: Progress | None = None,
    model: PairModel | None = None,
) -> Deduplication:
    """Finds which records are one paper, which are versions of one work, and which a person should judge.

    The result does not depend on the order of the records. No cluster holds two records that a veto, or a decision
    in `different`, keeps apart; decisions in `same` stand above vetoes, those in `different` above all.

    Args:
        records: what to compare, from one source or several.
        settings: thresholds and what to do with versions.
        known: how many records, counted from the first, are a library that its owner has deduplicated. They are not
            compared with each other, and no cluster holds two of them unless a decision in `same` joins them.
        same: remembered decisions that two records (indices) are one paper.
        different: remembered decisions that they are not.
        progress: called with the stage's name, how much is done, and of how much.
        model: another pair model than the shipped one.

    Raises:
        IndexError: a decision names a record that is not there.
        ValueError: `known` is negative or more than there are records.
    """
    if not 0 <= known <= len(records):
        raise ValueError(f"{known} known records of {len(records)}")
    report = progress or _silent
    decided = _decisions(len(records), same, different)
    with no_collection():
        nodes = collapse(records, known, decided.named, report)
        return _link(nodes, decided, settings, model or shipped(), report)


@dataclass(frozen=True, slots=True)
class _Decisions:
    same: tuple[tuple[int, int], ...]
    different: frozenset[tuple[int, int]]

    @property
    def named(self) -> frozenset[int]:
        """Records that a decision is about: it says nothing about their copies."""
        return frozenset(i for pairs in (self.same, self.different) for pair in pairs for i in pair)


def _decisions(count: int, same: Iterable[tuple[int, int]], different: Iterable[tuple[int, int]]) -> _Decisions:
    def ordered(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        result = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
        for a, b in result:
            if a < 0 or b >= count:
                raise IndexError(f"a decision names records {a} and {b}, but there are {count}")
        return result

    apart = ordered(different)
    return _Decisions(tuple(sorted(ordered(same) - apart)), frozenset(apart))


def _link(
    nodes: Nodes, decided: _Decisions, settings: DedupSettings, model: PairModel, report: Progress
) -> Deduplication:
    """Blocks, judges and joins nodes."""
    pairs = candidate_pairs(nodes.profiles, nodes.library)
    report("block", 1, 1)
    columns = Columns(nodes.profiles)
    judged: dict[tuple[int, int], Judgement] = {}
    apart = np.zeros(BINS, np.int64)

    def settle(pairs: Pairs) -> None:
        for start in range(0, len(pairs), _STEP):
            report("score", start, len(pairs))
            for j in judge(columns, pairs[start : start + _STEP], model, settings, apart):
                judged[j.a, j.b] = j
        report("score", len(pairs), len(pairs))

    copies = np.array([i for i, own in enumerate(nodes.members) if len(own) > 1], np.int64)
    settle(np.concatenate((pairs, np.column_stack((copies, copies)))))
    # copies of a text that is no evidence (`Editorial`) are not one paper, and nothing may join them in passing
    unsure = {i for i in copies.tolist() if (i, i) not in judged or judged[i, i].verdict != "same"}
    required = [Edge(a, b, 1.0, required=True) for a, b in sorted(_node_pairs(nodes, decided.same))]
    forbidden = _node_pairs(nodes, decided.different)
    edges = bounded(_same(judged, unsure)) + required
    settle(_unscored(edges, judged, nodes.library))
    found = _groups(edges, judged, forbidden, nodes.library)
    if settings.habits and (changed := second_look(nodes, judged, found)):
        judged |= changed
        unsure |= {a for (a, b), j in changed.items() if a == b}
        found = _groups(bounded(_same(judged, unsure)) + required, judged, forbidden, nodes.library)
    report("cluster", 1, 1)
    return present(Findings(nodes, columns, model, judged, found, forbidden, tuple(apart.tolist())))


def _same(judged: Mapping[tuple[int, int], Judgement], unsure: Set[int]) -> list[Edge]:
    return [
        Edge(j.a, j.b, j.probability)
        for j in judged.values()
        if j.verdict == "same" and j.a != j.b and j.a not in unsure and j.b not in unsure
    ]


def _node_pairs(nodes: Nodes, pairs: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    of = nodes.of
    return frozenset((min(of[a], of[b]), max(of[a], of[b])) for a, b in pairs)


def _unscored(edges: Sequence[Edge], judged: dict[tuple[int, int], Judgement], library: frozenset[int]) -> Pairs:
    """The pairs inside components that blocking did not propose: a veto may hold them apart."""
    found = [
        pair
        for nodes in components(edges)
        if 2 < len(nodes) <= LIMIT * 2
        for pair in combinations(nodes, 2)
        if pair not in judged and not (pair[0] in library and pair[1] in library)
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def _groups(
    edges: Sequence[Edge],
    judged: dict[tuple[int, int], Judgement],
    forbidden: frozenset[tuple[int, int]],
    library: frozenset[int],
) -> list[Group]:
    # what a person joined, also through a third record, no veto parts
    told = {node: i for i, own in enumerate(components(e for e in edges if e.required)) for node in own}
    held = [
        (j.a, j.b)
        for j in judged.values()
        if j.a != j.b and j.apart and (j.a not in told or told[j.a] != told.get(j.b))
    ]
    apart: dict[int, set[int]] = defaultdict(set)
    for a, b in (*held, *forbidden):
        apart[a].add(b)
        apart[b].add(a)
    nothing: set[int] = set()
    return groups(edges, lambda node: apart.get(node, nothing), library)
