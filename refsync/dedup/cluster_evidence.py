"""What is shown of a deduplication: groups as clusters, links between them, each with the evidence for it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from refsync.dedup.classify_pairs import Judgement
from refsync.dedup.comparison_vectors import Columns
from refsync.dedup.constrained_clustering import Forest, Group
from refsync.dedup.identical_records import Nodes
from refsync.dedup.pair_model import PairModel
from refsync.dedup.results import Cluster, Deduplication, Link, Pair

LINKS, SMALL = 3, 30
"""Links from one place, and places that hang together, beyond which only links that bring a new place are shown."""

_STEP = 50_000  # pairs whose evidence is worked out at a time


@dataclass(frozen=True, slots=True)
class Findings:
    """What linking found, over nodes: `judged` by pair of nodes, `forbidden` pairs that a person told apart.

    `different` counts the pairs that were told apart, by probability.
    """

    nodes: Nodes
    columns: Columns
    model: PairModel
    judged: Mapping[tuple[int, int], Judgement]
    groups: Sequence[Group]
    forbidden: frozenset[tuple[int, int]]
    different: tuple[int, ...]


def present(found: Findings) -> Deduplication:
    """Clusters, version links and the queue for a person."""
    sheet = _Sheet(found.nodes)
    clusters = [sheet.cluster(group) for group in found.groups]
    place = {node: group.nodes[0] for group in found.groups for node in group.nodes}
    review: list[Link] = []
    for node, own in enumerate(found.nodes.members):
        if len(own) < 2 or node in place:
            continue
        j = found.judged.get((node, node))
        if j and j.verdict == "same":
            clusters.append(sheet.copies(own, j.probability))
        elif j and j.verdict == "maybe":
            # one question after the other: whoever says `same` throughout has joined them all
            review.extend(sheet.link((a, b), j.probability, "") for a, b in pairwise(own))
    versions: list[Link] = []
    for j in _likeliest(_between(found, place)):
        a, b = found.nodes.members[j.a][0], found.nodes.members[j.b][0]
        if j.verdict == "version":
            versions.append(sheet.link((a, b) if j.forward else (b, a), j.probability, j.relation))
        else:
            review.append(sheet.link((min(a, b), max(a, b)), j.probability, ""))
    evidence = _evidence(found, sorted(set(sheet.pairs.values())))

    def full(pair: Pair) -> Pair:
        return replace(evidence[sheet.pairs[pair.a, pair.b]], a=pair.a, b=pair.b)

    def links(shown: list[Link]) -> tuple[Link, ...]:
        full_links = (replace(link, evidence=tuple(map(full, link.evidence))) for link in shown)
        return tuple(sorted(full_links, key=lambda link: link.members))

    full_clusters = (replace(cluster, evidence=tuple(map(full, cluster.evidence))) for cluster in clusters)
    joined = tuple(sorted(full_clusters, key=lambda cluster: cluster.members))
    return Deduplication(joined, links(versions), links(review), found.different)


def _between(found: Findings, place: Mapping[int, int]) -> list[tuple[Judgement, int, int]]:
    """The judgement that says most about each two places: a version before a question, then the likeliest.

    A place is a group or a node outside any, by the number of its first node.
    """
    best: dict[tuple[int, int], Judgement] = {}
    for j in sorted(found.judged.values(), key=lambda j: (j.verdict != "version", -j.probability, j.a, j.b)):
        if j.a == j.b or j.verdict == "different" or (j.a, j.b) in found.forbidden:
            continue
        a, b = place.get(j.a, j.a), place.get(j.b, j.b)
        if a != b:
            best.setdefault((min(a, b), max(a, b)), j)
    return [(j, a, b) for (a, b), j in best.items()]


def _likeliest(links: Iterable[tuple[Judgement, int, int]]) -> Iterator[Judgement]:
    """The links that a person should see, of links in falling order.

    Near-equal records in thousands have links in tens of thousands. Answers to those of a spanning forest settle the
    others, so no place goes without its own likeliest; further ones are shown where few places hang together.
    """
    forest = Forest()
    shown: Counter[int] = Counter()
    for j, a, b in links:
        x, y = forest.find(a), forest.find(b)
        if x != y:
            forest.join(x, y)
        elif len(forest.members[x]) > SMALL or min(shown[a], shown[b]) >= LINKS:
            continue
        shown[a] += 1
        shown[b] += 1
        yield j


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Turns nodes into records, and notes the pairs whose evidence is wanted: by records, the nodes."""

    nodes: Nodes
    pairs: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def pair(self, a: int, b: int) -> Pair:
        a, b = min(a, b), max(a, b)
        x, y = self.nodes.of[a], self.nodes.of[b]
        self.pairs[a, b] = (min(x, y), max(x, y))
        return Pair(a, b, 0.0, ())

    def cluster(self, group: Group) -> Cluster:
        members = self.nodes.members
        own = sorted(i for node in group.nodes for i in members[node])
        pairs = [self.pair(members[edge.a][0], members[edge.b][0]) for edge in group.edges]
        pairs += [self.pair(members[node][0], i) for node in group.nodes for i in members[node][1:]]
        probability = min(edge.probability for edge in group.edges)
        return Cluster(tuple(own), probability, tuple(sorted(pairs, key=lambda pair: (pair.a, pair.b))))

    def copies(self, own: Sequence[int], probability: float) -> Cluster:
        pairs = sorted((self.pair(own[0], i) for i in own[1:]), key=lambda pair: (pair.a, pair.b))
        return Cluster(tuple(sorted(own)), probability, tuple(pairs))

    def link(self, members: tuple[int, int], probability: float, relation: str) -> Link:
        return Link(members, probability, relation, (self.pair(*members),))


def _evidence(found: Findings, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Pair]:
    """What speaks for and against each pair of nodes, compared once more in one go."""
    evidence: dict[tuple[int, int], Pair] = {}
    for start in range(0, len(pairs), _STEP):
        part = pairs[start : start + _STEP]
        a, b = np.array(part, np.int64).T
        comparison = found.columns.compare(a, b)
        log_odds = found.model.log_odds(comparison.features)
        raw = found.model.probabilities(comparison.features).tolist()
        for row, pair in enumerate(part):
            j = found.judged.get(pair)
            fields = found.model.evidence(comparison, row)
            probability = j.probability if j else raw[row]
            score = round(float(log_odds[row]), 4) if probability != raw[row] else None
            evidence[pair] = Pair(*pair, probability, fields, j.vetoes if j else (), bool(j and j.settled), score)
    return evidence
