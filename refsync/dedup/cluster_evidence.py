"""The result of a deduplication: groups as clusters, links between them, each with the evidence for it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from refsync.dedup.classify_pairs import ClassifiedPair
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.constrained_clustering import Forest, Group
from refsync.dedup.identical_records import Nodes
from refsync.dedup.pair_model import PairModel
from refsync.dedup.results import Cluster, Deduplication, Link, Pair

LINKS, VERSIONS, SMALL = 3, 10, 30
"""Questions and versions of one place, and connected places, beyond which only links to a new place are shown."""

_STEP = 50_000  # pairs whose evidence is computed at a time


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking found, over nodes: classified pairs by nodes, and pairs that a person separated.

    `different` counts the pairs that were judged different, by probability.
    """

    nodes: Nodes
    comparer: PairComparer
    model: PairModel
    classified: Mapping[tuple[int, int], ClassifiedPair]
    groups: Sequence[Group]
    cannot_link: frozenset[tuple[int, int]]
    different: tuple[int, ...]


def with_evidence(linked: Linked) -> Deduplication:
    """Clusters, version links and the queue for a person."""
    records = _Records(linked.nodes)
    clusters = [records.cluster(group) for group in linked.groups]
    place = {node: group.nodes[0] for group in linked.groups for node in group.nodes}
    review: list[Link] = []
    for node, own in enumerate(linked.nodes.members):
        if len(own) < 2 or node in place:
            continue
        j = linked.classified.get((node, node))
        if j and j.verdict == "same":
            clusters.append(records.copies(own, j.probability))
        elif j and j.verdict == "maybe":
            # a chain of questions: answering `same` to each joins them all
            review.extend(records.link((a, b), j.probability, "") for a, b in pairwise(own))
    versions: list[Link] = []
    for j in _likeliest(_between(linked, place)):
        a, b = linked.nodes.members[j.a][0], linked.nodes.members[j.b][0]
        if j.verdict == "version":
            versions.append(records.link((a, b) if j.forward else (b, a), j.probability, j.relation))
        else:
            review.append(records.link((min(a, b), max(a, b)), j.probability, ""))
    evidence = _evidence(linked, sorted(set(records.pairs.values())))

    def full(pair: Pair) -> Pair:
        known = evidence[records.pairs[pair.a, pair.b]]
        return Pair(pair.a, pair.b, known.probability, fields=known.fields, vetoes=known.vetoes, score=known.score)

    def links(shown: list[Link]) -> tuple[Link, ...]:
        full_links = (replace(link, evidence=tuple(map(full, link.evidence))) for link in shown)
        return tuple(sorted(full_links, key=lambda link: link.members))

    full_clusters = (replace(cluster, evidence=tuple(map(full, cluster.evidence))) for cluster in clusters)
    joined = tuple(sorted(full_clusters, key=lambda cluster: cluster.members))
    return Deduplication(joined, links(versions), links(review), linked.different)


def _between(linked: Linked, place: Mapping[int, int]) -> list[tuple[ClassifiedPair, int, int]]:
    """The most informative pair between each two places: a version before a question, then the likeliest.

    A place is a group or a node outside any, by the number of its first node. An answer that separates two records
    settles all questions between their places: the members of a place are one paper.
    """
    separated = {(min(x, y), max(x, y)) for x, y in ((place.get(a, a), place.get(b, b)) for a, b in linked.cannot_link)}
    best: dict[tuple[int, int], ClassifiedPair] = {}
    beyond: Counter[tuple[int, int]] = Counter()
    further: list[tuple[ClassifiedPair, int, int]] = []
    for j in sorted(linked.classified.values(), key=lambda j: (j.verdict != "version", -j.probability, j.a, j.b)):
        if j.a == j.b or j.verdict == "different" or (j.a, j.b) in linked.cannot_link:
            continue
        a, b = place.get(j.a, j.a), place.get(j.b, j.b)
        if a != b and (j.verdict == "version" or (min(a, b), max(a, b)) not in separated):
            places = (min(a, b), max(a, b))
            first = best.setdefault(places, j)
            # no more are ever shown between two places; counted by places, not in all, for the result must not depend
            # on what else a library holds
            if first is not j and j.verdict == first.verdict == "version" and beyond[places] < VERSIONS:
                beyond[places] += 1
                further.append((j, a, b))  # every record of a group that is a version of the other one
    return [*((j, a, b) for (a, b), j in best.items()), *further]


def _likeliest(links: Iterable[tuple[ClassifiedPair, int, int]]) -> Iterator[ClassifiedPair]:
    """The links that a person should see, of links in falling order of probability.

    Near-equal records in thousands have links in tens of thousands. Answers to those of a spanning forest settle the
    others, so no place goes without its own likeliest; further ones are shown where few places are connected.
    """
    forest = Forest()
    shown: Counter[int] = Counter()
    for j, a, b in links:
        x, y = forest.find(a), forest.find(b)
        if x != y:
            forest.join(x, y)
        elif len(forest.members[x]) > SMALL or min(shown[a], shown[b]) >= (VERSIONS if j.relation else LINKS):
            continue
        shown[a] += 1
        shown[b] += 1
        yield j


@dataclass(frozen=True, slots=True)
class _Records:
    """Turns nodes into records, and collects the pairs whose evidence is needed: by records, the nodes."""

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


def _evidence(linked: Linked, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Pair]:
    """The evidence about each pair of nodes; pairs without it are compared once more, many at a time."""
    evidence: dict[tuple[int, int], Pair] = {}
    unknown = []
    for pair in pairs:
        j = linked.classified.get(pair)
        if j and j.evidence is not None:
            evidence[pair] = Pair(*pair, probability=j.probability, fields=j.evidence, vetoes=j.vetoes, score=j.score)
        else:
            unknown.append(pair)
    for start in range(0, len(unknown), _STEP):
        part = unknown[start : start + _STEP]
        evidence.update(zip(part, _evidence_of(linked, part), strict=True))
    return evidence


def _evidence_of(linked: Linked, pairs: Sequence[tuple[int, int]]) -> Iterator[Pair]:
    a, b = np.array(pairs, np.int64).T
    comparison = linked.comparer.compare(a, b)
    log_odds = linked.model.log_odds(comparison.features).tolist()
    raw = linked.model.probabilities(comparison.features).tolist()
    evidence = linked.model.all_evidence(comparison, np.arange(len(pairs)))
    for pair, score, chance, known in zip(pairs, log_odds, raw, evidence, strict=True):
        j = linked.classified.get(pair)
        probability = j.probability if j else chance
        yield Pair(
            a=pair[0],
            b=pair[1],
            probability=probability,
            fields=known,
            vetoes=j.vetoes if j else (),
            score=round(score, 4) if probability != chance else None,
        )
