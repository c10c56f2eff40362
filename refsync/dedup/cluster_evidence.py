"""The result of a deduplication: groups as clusters, links between them, each with the evidence for it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

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


class _Found(NamedTuple):
    """A cluster or a link, and the pairs of records whose evidence it shows."""

    members: tuple[int, ...]
    probability: float
    pairs: list[tuple[int, int]]
    relation: str = ""


def with_evidence(linked: Linked) -> Deduplication:
    """Clusters, version links and the queue for a person."""
    nodes = linked.nodes.members
    clusters = [_cluster(group, nodes) for group in linked.groups]
    place = {node: group.nodes[0] for group in linked.groups for node in group.nodes}
    review: list[_Found] = []
    for node, own in enumerate(nodes):
        if len(own) < 2 or node in place:
            continue
        j = linked.classified.get((node, node))
        if j and j.verdict == "same":
            clusters.append(_Found(tuple(sorted(own)), j.probability, _star(own)))
        elif j and j.verdict == "maybe":
            # a chain of questions: answering `same` to each joins them all
            review.extend(_Found(pair, j.probability, [_ordered(*pair)]) for pair in pairwise(own))
    versions: list[_Found] = []
    for j in _likeliest(_between(linked, place)):
        a, b = nodes[j.a][0], nodes[j.b][0]
        pair = _ordered(a, b)
        if j.verdict == "version":
            versions.append(_Found((a, b) if j.forward else (b, a), j.probability, [pair], j.relation))
        else:
            review.append(_Found(pair, j.probability, [pair]))
    shown = _pairs_shown(linked, [pair for found in (*clusters, *versions, *review) for pair in found.pairs])

    def evidence(found: _Found) -> tuple[Pair, ...]:
        return tuple([shown[pair] for pair in sorted(found.pairs)])

    def links(drafts: list[_Found]) -> tuple[Link, ...]:
        drafts.sort(key=lambda found: found.members)
        return tuple(
            Link((found.members[0], found.members[1]), found.probability, found.relation, evidence(found))
            for found in drafts
        )

    clusters.sort(key=lambda found: found.members)
    joined = tuple(Cluster(found.members, found.probability, evidence(found)) for found in clusters)
    return Deduplication(joined, links(versions), links(review), linked.different)


def _cluster(group: Group, nodes: Sequence[tuple[int, ...]]) -> _Found:
    pairs = [_ordered(nodes[edge.a][0], nodes[edge.b][0]) for edge in group.edges]
    pairs += [pair for node in group.nodes for pair in _star(nodes[node])]
    members = tuple(sorted(i for node in group.nodes for i in nodes[node]))
    return _Found(members, min(edge.probability for edge in group.edges), pairs)


def _star(own: Sequence[int]) -> list[tuple[int, int]]:
    """The first of some copies with each of the others."""
    return [_ordered(own[0], i) for i in own[1:]]


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


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


def _pairs_shown(linked: Linked, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Pair]:
    """Pairs of records with their evidence; those of nodes without it are compared once more, many at a time."""
    of = linked.nodes.of
    shown: dict[tuple[int, int], Pair] = {}
    unknown: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for pair in pairs:
        nodes = _ordered(of[pair[0]], of[pair[1]])
        j = linked.classified.get(nodes)
        if j and j.evidence is not None:
            shown[pair] = Pair(*pair, j.probability, fields=j.evidence, vetoes=j.vetoes, score=j.score)
        else:
            unknown.setdefault(nodes, []).append(pair)
    waiting = sorted(unknown)
    for start in range(0, len(waiting), _STEP):
        part = waiting[start : start + _STEP]
        for nodes, known in zip(part, _evidence_of(linked, part), strict=True):
            shown.update((pair, replace(known, a=pair[0], b=pair[1])) for pair in unknown[nodes])
    return shown


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
