"""Deduplication: from records to clusters, version links and a queue for a person."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np

from refsync.dedup.block import candidate_pairs
from refsync.dedup.constrained import LIMIT, Edge, Group, components, groups
from refsync.dedup.judge import Judgement, judge
from refsync.dedup.model import PairModel, shipped
from refsync.dedup.profile import Profile, profile
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.dedup.score import Columns
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

Progress = Callable[[str, int, int], None]


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


def deduplicate(
    records: Sequence[Record],
    settings: DedupSettings,
    *,
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
        same: remembered decisions that two records (indices) are one paper.
        different: remembered decisions that they are not.
        progress: called with the stage's name, how much is done, and of how much.
        model: another pair model than the shipped one.

    Raises:
        IndexError: a decision names a record that is not there.
    """
    report = progress or _silent
    decided = _decisions(len(records), same, different)
    nodes = _collapse(records, decided.different, report)
    return _Run(nodes, settings, model or shipped(), report).result(decided)


@dataclass(frozen=True, slots=True)
class _Decisions:
    same: tuple[tuple[int, int], ...]
    different: frozenset[tuple[int, int]]


def _decisions(count: int, same: Iterable[tuple[int, int]], different: Iterable[tuple[int, int]]) -> _Decisions:
    def ordered(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        result = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
        for a, b in result:
            if a < 0 or b >= count:
                raise IndexError(f"a decision names records {a} and {b}, but there are {count}")
        return result

    apart = ordered(different)
    return _Decisions(tuple(sorted(ordered(same) - apart)), frozenset(apart))


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Records whose every compared field is equal are one node; nodes are numbered by the rank of their content."""

    profiles: list[Profile]
    members: list[list[int]]
    of: list[int]


def _collapse(records: Sequence[Record], different: frozenset[tuple[int, int]], report: Progress) -> _Nodes:
    # a million copies of one record cost no comparisons; those that a person told apart keep nodes of their own
    single = {i for pair in different for i in pair}
    found: dict[str, Profile] = {}
    names: list[str] = []
    for i, record in enumerate(records):
        if i % 2000 == 0:
            report("normalise", i, len(records))
        normal = profile(record)
        name = normal.digest
        if i in single:
            name = f"{name} {record.source} {record.index}"
        found.setdefault(name, normal)
        names.append(name)
    report("normalise", len(records), len(records))
    ranked = sorted(found)
    rank = {name: i for i, name in enumerate(ranked)}
    of = [rank[name] for name in names]
    members: list[list[int]] = [[] for _ in ranked]
    for i, node in enumerate(of):
        members[node].append(i)
    return _Nodes([found[name] for name in ranked], members, of)


@dataclass(slots=True)
class _Run:
    """One deduplication over nodes."""

    nodes: _Nodes
    settings: DedupSettings
    model: PairModel
    report: Progress
    columns: Columns = field(init=False)
    judged: dict[tuple[int, int], Judgement] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = Columns(self.nodes.profiles)

    def result(self, decided: _Decisions) -> Deduplication:
        pairs = candidate_pairs(self.nodes.profiles)
        self.report("block", 1, 1)
        copies = [(i, i) for i, own in enumerate(self.nodes.members) if len(own) > 1]
        self._judge([*map(tuple, pairs.tolist()), *copies])
        required, forbidden = self._constraints(decided)
        edges = [Edge(j.a, j.b, j.probability) for j in self.judged.values() if j.verdict == "same" and j.a != j.b]
        edges = self._bounded(edges) + required
        unscored = [
            pair
            for nodes in components(edges)
            if 2 < len(nodes) <= LIMIT * 2
            for pair in combinations(nodes, 2)
            if pair not in self.judged
        ]
        self._judge(unscored)
        apart: dict[int, set[int]] = defaultdict(set)
        allowed = {(edge.a, edge.b) for edge in required}
        for j in self.judged.values():
            if (
                j.a != j.b
                and (j.vetoes or j.verdict == "version")
                and j.verdict != "same"
                and (j.a, j.b) not in allowed
            ):
                apart[j.a].add(j.b)
                apart[j.b].add(j.a)
        for a, b in forbidden:
            apart[a].add(b)
            apart[b].add(a)
        nothing: set[int] = set()
        found = groups(edges, lambda node: apart.get(node, nothing))
        self.report("cluster", 1, 1)
        return self._present(found, forbidden, decided)

    def _judge(self, pairs: Sequence[tuple[int, ...]]) -> None:
        step = 50_000
        for start in range(0, len(pairs), step):
            self.report("score", start, len(pairs))
            part = np.array(pairs[start : start + step], np.int64).reshape(-1, 2)
            for j in judge(self.columns, part, self.model, self.settings):
                self.judged[j.a, j.b] = j
        self.report("score", len(pairs), len(pairs))

    def _constraints(self, decided: _Decisions) -> tuple[list[Edge], set[tuple[int, int]]]:
        of = self.nodes.of
        required = {(min(of[a], of[b]), max(of[a], of[b])) for a, b in decided.same}
        forbidden = {(min(of[a], of[b]), max(of[a], of[b])) for a, b in decided.different}
        return [Edge(a, b, 1.0, required=True) for a, b in sorted(required) if a != b], forbidden

    def _bounded(self, edges: list[Edge]) -> list[Edge]:
        """Cuts components that are too big to check pair by pair: first weak links, then between runs of nodes."""
        for least in (0.99, 0.999):
            big = {node for nodes in components(edges) if len(nodes) > LIMIT for node in nodes}
            if not big:
                return edges
            edges = [edge for edge in edges if edge.a not in big or edge.probability >= least]
        run: dict[int, tuple[int, int]] = {}
        for i, nodes in enumerate(components(edges)):
            if len(nodes) > LIMIT:
                run.update((node, (i, at // LIMIT)) for at, node in enumerate(nodes))
        return [edge for edge in edges if run.get(edge.a) == run.get(edge.b)]

    def _present(self, found: list[Group], forbidden: set[tuple[int, int]], decided: _Decisions) -> Deduplication:
        group_of = {node: i for i, group in enumerate(found) for node in group.nodes}
        review: list[Link] = []
        shown = _Shown(self)
        clusters = [shown.cluster(group) for group in found]
        required = {pair for pair in decided.same if self.nodes.of[pair[0]] == self.nodes.of[pair[1]]}
        for node, own in enumerate(self.nodes.members):
            if len(own) < 2 or node in group_of:
                continue
            j = self.judged.get((node, node))
            if j and j.verdict == "same":
                clusters.append(shown.copies(node, own, j))
                continue
            links = [pair for pair in required if self.nodes.of[pair[0]] == node]
            clusters.extend(shown.decided(links))
            if j and j.verdict == "maybe" and not links:
                review.extend(shown.link((a, b), j.probability, "", j) for a, b in pairwise(own))

        def place(node: int) -> tuple[int, int]:
            return (0, group_of[node]) if node in group_of else (1, node)

        best: dict[tuple[tuple[int, int], tuple[int, int]], Judgement] = {}
        for j in sorted(self.judged.values(), key=lambda j: (j.verdict != "version", -j.probability, j.a, j.b)):
            if j.a == j.b or j.verdict == "different" or (j.a, j.b) in forbidden or place(j.a) == place(j.b):
                continue
            spot = (place(j.a), place(j.b))
            best.setdefault((min(spot), max(spot)), j)
        versions = []
        for j in best.values():
            a, b = self.nodes.members[j.a][0], self.nodes.members[j.b][0]
            if j.verdict == "version":
                versions.append(shown.link((a, b) if j.forward else (b, a), j.probability, j.relation, j))
            else:
                review.append(shown.link((min(a, b), max(a, b)), j.probability, "", j))
        return shown.explained(clusters, versions, review)


class _Shown:
    """Turns nodes into records and collects the pairs whose evidence is shown."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.wanted: dict[tuple[int, int], tuple[int, int]] = {}  # record pair -> node pair

    def _pair(self, a: int, b: int) -> tuple[int, int]:
        a, b = min(a, b), max(a, b)
        x, y = self.run.nodes.of[a], self.run.nodes.of[b]
        self.wanted[a, b] = (min(x, y), max(x, y))
        return a, b

    def cluster(self, group: Group) -> Cluster:
        members = self.run.nodes.members
        own = sorted(i for node in group.nodes for i in members[node])
        pairs = [self._pair(members[edge.a][0], members[edge.b][0]) for edge in group.edges]
        pairs += [self._pair(members[node][0], i) for node in group.nodes for i in members[node][1:]]
        probability = min(edge.probability for edge in group.edges)
        return Cluster(tuple(own), probability, tuple(Pair(a, b, 0.0, ()) for a, b in sorted(pairs)))

    def copies(self, node: int, own: list[int], j: Judgement) -> Cluster:
        pairs = [self._pair(own[0], i) for i in own[1:]]
        return Cluster(tuple(own), j.probability, tuple(Pair(a, b, 0.0, ()) for a, b in pairs))

    def decided(self, links: list[tuple[int, int]]) -> list[Cluster]:
        edges = [Edge(a, b, 1.0, required=True) for a, b in sorted(links)]
        found = []
        for group in groups(edges, lambda _: set()):
            pairs = [self._pair(edge.a, edge.b) for edge in group.edges]
            found.append(Cluster(group.nodes, 1.0, tuple(Pair(a, b, 0.0, ()) for a, b in sorted(pairs))))
        return found

    def link(self, members: tuple[int, int], probability: float, relation: str, j: Judgement) -> Link:
        return Link(members, probability, relation, (Pair(*self._pair(*members), 0.0, ()),))

    def explained(self, clusters: list[Cluster], versions: list[Link], review: list[Link]) -> Deduplication:
        """The result with the evidence of every pair in it, compared once more in one go."""
        pairs = sorted(set(self.wanted.values()))
        evidence = {}
        if pairs:
            a, b = np.array(pairs, np.int64).T
            comparison = self.run.columns.compare(a, b)
            probabilities = self.run.model.probabilities(comparison.features)
            for row, pair in enumerate(pairs):
                j = self.run.judged.get(pair)
                evidence[pair] = (
                    float(probabilities[row]),
                    self.run.model.evidence(comparison, row),
                    j.vetoes if j else (),
                )

        def full(pair: Pair) -> Pair:
            return Pair(pair.a, pair.b, *evidence[self.wanted[pair.a, pair.b]])

        def links(found: list[Link]) -> tuple[Link, ...]:
            full_links = (Link(x.members, x.probability, x.relation, tuple(map(full, x.evidence))) for x in found)
            return tuple(sorted(full_links, key=lambda x: x.members))

        return Deduplication(
            tuple(
                sorted(
                    (Cluster(c.members, c.probability, tuple(map(full, c.evidence))) for c in clusters),
                    key=lambda c: c.members,
                )
            ),
            links(versions),
            links(review),
        )
