"""Deduplication: from records to clusters, version links and a queue for a person.

records -> nodes (identical records) -> candidate pairs -> classified pairs -> groups without conflicts -> evidence
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from refsync.dedup.blocking import Pairs, candidate_pairs
from refsync.dedup.classify_pairs import Classified, ClassifiedPair, classify_pairs
from refsync.dedup.cluster_evidence import Linked, with_evidence
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.constrained_clustering import LIMIT, Edge, Group, bounded, components, groups
from refsync.dedup.feature_columns import Ints
from refsync.dedup.identical_records import Nodes, Progress, collapse
from refsync.dedup.merge_rules import is_excluded
from refsync.dedup.pair_model import PairModel, shipped
from refsync.dedup.results import BINS, Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.memory import no_collection
from refsync.records import Record

_FEW = 5  # forms of one paper of which each is compared with its versions


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def deduplicate(
    records: Sequence[Record],
    settings: DedupSettings,
    *,
    known: int = 0,
    must_link: Iterable[tuple[int, int]] = (),
    cannot_link: Iterable[tuple[int, int]] = (),
    progress: Progress | None = None,
    model: PairModel | None = None,
) -> Deduplication:
    """Finds which records are one paper, which are versions of one work, and which a person should judge.

    The result does not depend on the order of the records. No cluster holds two records that a veto or
    `cannot_link` keeps separate; `must_link` overrides vetoes, and `cannot_link` overrides all.

    Args:
        records: what to compare, from one source or several.
        settings: thresholds and what to do with versions.
        known: how many records, counted from the first, are a library that its owner has deduplicated. They are not
            compared with each other, and no cluster holds two of them unless `must_link` joins them.
        must_link: pairs of records (indices) that people answered are one paper.
        cannot_link: pairs that they answered are not.
        progress: called with the stage's name, how much is done, and of how much.
        model: another pair model than the shipped one.

    Raises:
        IndexError: `must_link` or `cannot_link` names a record that is not there.
        ValueError: `known` is negative or more than there are records.
    """
    if not 0 <= known <= len(records):
        raise ValueError(f"{known} known records of {len(records)}")
    report = progress or _silent
    constraints = constraints_of(len(records), must_link, cannot_link)
    excluded = {i for i, record in enumerate(records) if settings.never and is_excluded(record, settings)}
    alone = range(len(records)) if settings.merge_only else excluded
    with no_collection():
        # no name for the nodes: they are freed before the collection that ends the pause would traverse them
        return _link(
            _nodes(records, known, constraints.named | {*alone}, excluded, report),
            constraints,
            settings,
            model or shipped(),
            report,
        )


def _nodes(
    records: Sequence[Record], known: int, alone: frozenset[int], excluded: Collection[int], report: Progress
) -> Nodes:
    """The nodes of records; those of excluded records are marked."""
    nodes = collapse(records, known, alone, report)
    return replace(nodes, excluded=frozenset(nodes.of[i] for i in excluded))


@dataclass(frozen=True, slots=True)
class Constraints:
    """Pairs of records that people joined or separated (Wagstaff et al., "Constrained k-means clustering", 2001)."""

    must_link: tuple[tuple[int, int], ...]
    cannot_link: frozenset[tuple[int, int]]

    @property
    def named(self) -> frozenset[int]:
        """Records that a constraint is about: it says nothing about their copies."""
        return frozenset(i for pairs in (self.must_link, self.cannot_link) for pair in pairs for i in pair)


def constraints_of(
    count: int, must_link: Iterable[tuple[int, int]], cannot_link: Iterable[tuple[int, int]]
) -> Constraints:
    """The constraints on `count` records; an answer that separates two of them overrides one that joins them.

    Raises:
        IndexError: one names a record that is not there.
    """

    def ordered(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        result = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
        for a, b in result:
            if a < 0 or b >= count:
                raise IndexError(f"a constraint names records {a} and {b}, but there are {count}")
        return result

    separate = ordered(cannot_link)
    return Constraints(tuple(sorted(ordered(must_link) - separate)), frozenset(separate))


@dataclass(frozen=True, slots=True)
class PairClassifier:
    """Classifies pairs of profiles and keeps those that are not plainly different.

    Attributes:
        comparer: the profiles.
        model: the pair model.
        settings: thresholds.
        report: called with the progress.
        excluded: profiles that are compared with none.
        classified: the pairs, by their profiles.
        different: counts of pairs judged different, by probability.
    """

    comparer: PairComparer
    model: PairModel
    settings: DedupSettings
    report: Progress = _silent
    excluded: frozenset[int] = frozenset()
    classified: dict[tuple[int, int], ClassifiedPair] = field(default_factory=dict)
    different: Ints = field(default_factory=lambda: np.zeros(BINS, np.int64))

    def __call__(self, pairs: Pairs) -> None:
        if self.excluded:
            pairs = pairs[~np.isin(pairs, [*self.excluded]).any(axis=1)]

        def started(done: int) -> None:
            self.report("score", done, len(pairs))

        found = classify_pairs(
            self.comparer, pairs, self.model, self.settings, self.different, evidence=True, started=started
        )
        for pair in found:
            self.classified[pair.a, pair.b] = pair
        self.report("score", len(pairs), len(pairs))


def _link(
    nodes: Nodes, constraints: Constraints, settings: DedupSettings, model: PairModel, report: Progress
) -> Deduplication:
    """Blocks, classifies and joins nodes."""
    pairs = candidate_pairs(nodes.profiles, nodes.library, nodes.keys)
    comparer = PairComparer(nodes.profiles, nodes.shared, nodes.abstracts)
    nodes = replace(nodes, keys=None)  # a tenth of the memory
    report("block", 1, 1)
    classify = PairClassifier(comparer, model, settings, report=report, excluded=nodes.excluded)
    copies = np.array([i for i, own in enumerate(nodes.members) if len(own) > 1], np.int64)
    classify(np.concatenate((pairs, np.column_stack((copies, copies)))))
    return link_classified(nodes, constraints, classify)


def link_classified(nodes: Nodes, constraints: Constraints, classify: PairClassifier) -> Deduplication:
    """Joins nodes whose candidate pairs are classified, and the copies in each node with themselves.

    Groups and links never reach beyond the connected components of the classified pairs that are not different and of
    the constraints that join: the result for some whole components is their part of the result for all.
    """
    classified = classify.classified
    # copies of a text that is no evidence (`Editorial`) are not one paper, and no third record may join them
    unsure = {
        i
        for i, own in enumerate(nodes.members)
        if len(own) > 1 and ((i, i) not in classified or classified[i, i].verdict != "same")
    }
    required = [Edge(a, b, 1.0, must_link=True) for a, b in sorted(_node_pairs(nodes, constraints.must_link))]
    forbidden = _node_pairs(nodes, constraints.cannot_link)
    edges = bounded(_same(classified, unsure)) + required
    classify(_unscored(edges, classified, nodes.library))
    found = _groups(edges, classified, forbidden, nodes.library)
    classify(_beside(found, classified, nodes.library))
    classify.report("cluster", 1, 1)
    return with_evidence(
        Linked(
            nodes=nodes,
            comparer=classify.comparer,
            model=classify.model,
            classified=classified,
            groups=found,
            cannot_link=forbidden,
            different=tuple(classify.different.tolist()),
        )
    )


def _same(classified: Classified, unsure: Set[int]) -> list[Edge]:
    return [
        Edge(pair.a, pair.b, pair.probability)
        for pair in classified.values()
        if pair.verdict == "same" and pair.a != pair.b and unsure.isdisjoint((pair.a, pair.b))
    ]


def _node_pairs(nodes: Nodes, pairs: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    of = nodes.of
    return frozenset((min(of[a], of[b]), max(of[a], of[b])) for a, b in pairs)


def _unscored(
    edges: Sequence[Edge], classified: dict[tuple[int, int], ClassifiedPair], library: frozenset[int]
) -> Pairs:
    """The pairs inside components that blocking did not propose: a veto may keep them separate."""
    found = [
        pair
        for nodes in components(edges)
        if 2 < len(nodes) <= LIMIT * 2
        for pair in combinations(nodes, 2)
        if pair not in classified and not (pair[0] in library and pair[1] in library)
    ]
    return np.array(found, np.int64).reshape(-1, 2)


def _beside(found: Sequence[Group], classified: Classified, library: frozenset[int]) -> Pairs:
    """The pairs across two small groups linked as versions that blocking did not propose: all are versions or none."""
    group = {node: own.nodes for own in found for node in own.nodes if len(own.nodes) <= _FEW}
    pairs: set[tuple[int, int]] = set()
    for pair in classified.values():
        if pair.verdict == "version" and pair.a != pair.b and (pair.a in group or pair.b in group):
            left, right = group.get(pair.a, (pair.a,)), group.get(pair.b, (pair.b,))
            pairs.update((min(a, b), max(a, b)) for a in left for b in right if a != b)
    new = sorted(p for p in pairs if p not in classified and not (p[0] in library and p[1] in library))
    return np.array(new, np.int64).reshape(-1, 2)


def _groups(
    edges: Sequence[Edge],
    classified: Classified,
    cannot_link: frozenset[tuple[int, int]],
    library: frozenset[int],
) -> list[Group]:
    # what a person joined, also through a third record, no veto separates
    joined = {node: i for i, own in enumerate(components(e for e in edges if e.must_link)) for node in own}
    vetoed = [
        (pair.a, pair.b)
        for pair in classified.values()
        if pair.a != pair.b and pair.cannot_link and (pair.a not in joined or joined[pair.a] != joined.get(pair.b))
    ]
    separate: dict[int, set[int]] = defaultdict(set)
    for a, b in (*vetoed, *cannot_link):
        separate[a].add(b)
        separate[b].add(a)
    none: set[int] = set()
    return groups(edges, lambda node: separate.get(node, none), library)
