"""The cluster prior: what the library as a whole says about pairs that are in doubt by themselves.

Where nearly every record of a source has a partner, a record without one that is similar to a single other record most
likely missed it because one source lacks a subtitle. Where no paper has more than two records, a third copy of a short
title is more likely a column. Both follow from the number of records per paper, a prior over cluster sizes that the
sure merges estimate (empirical Bayes for the Fellegi-Sunter model: Winkler, "Overview of record linkage", 2006,
section 2.3).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from refsync.dedup.classify_pairs import Classified, ClassifiedPair
from refsync.dedup.constrained_clustering import Group
from refsync.dedup.identical_records import Nodes

Changes = dict[tuple[int, int], ClassifiedPair]

SETTLED = 0.95
"""The least probability of a settled pair: of those in the labelled sets, and in copies corrupted by typing
errors, cut titles and missing fields, 98 % were true."""

_OVERLAP = 0.5  # share of a source's records with a partner from which one without any has probably missed it
_ENOUGH = 50  # records of a source, or groups, from which a share says something
_MANY = 0.3  # share of groups of three or more from which a further copy of a paper is nothing unusual
_NONE = 0.03  # and up to which a third copy is
# doubts that the library can settle, and the probability that the fields must give: for two records without a
# partner, and for one record and a group. Never a number or a year: a second part or a later edition has no partner
# either
_ALONE = {(): 0.5, ("subtitle",): 0.35}
_JOINING = {(): 0.5, ("subtitle",): 0.7}


@dataclass(frozen=True, slots=True)
class ClusterPrior:
    """How many records there are per paper: `overlap` per source, and `copies` over all groups.

    `overlap` is the share of a source's records that have a partner, `copies` the share of groups that hold three
    records or more. Sources with too few records to tell are left out, and `copies` is None for too few groups.
    """

    overlap: Mapping[str, float]
    copies: float | None


def cluster_prior(nodes: Nodes, groups: Sequence[Group]) -> ClusterPrior:
    """The prior that the groups joined so far give."""
    sizes = {group.nodes[0]: sum(len(nodes.members[node]) for node in group.nodes) for group in groups}
    grouped = {node for group in groups for node in group.nodes}
    total, partnered = Counter(nodes.sources), Counter[str]()
    for node, members in enumerate(nodes.members):
        if node in grouped or len(members) > 1:
            partnered.update(nodes.sources[i] for i in members)
        if node not in grouped and len(members) > 1:
            sizes[node] = len(members)
    overlap = {source: partnered[source] / count for source, count in total.items() if count >= _ENOUGH}
    copies = sum(size > 2 for size in sizes.values()) / len(sizes) if len(sizes) >= _ENOUGH else None
    return ClusterPrior(overlap, copies)


def reclassified(nodes: Nodes, classified: Classified, groups: Sequence[Group]) -> Changes:
    """The pairs whose class changes: doubts that are settled, and excess copies that a person should check."""
    prior = cluster_prior(nodes, groups)
    return {**_settled(nodes, classified, groups, prior), **_excess_copies(nodes, classified, groups, prior)}


def _settled(nodes: Nodes, classified: Classified, groups: Sequence[Group], prior: ClusterPrior) -> Changes:
    if max(prior.overlap.values(), default=0.0) < _OVERLAP:
        return {}
    place = {node: group.nodes[0] for group in groups for node in group.nodes}
    size = Counter({group.nodes[0]: sum(len(nodes.members[node]) for node in group.nodes) for group in groups})
    rivals: dict[int, set[int]] = defaultdict(set)
    best: dict[tuple[int, int], ClassifiedPair] = {}
    for j in sorted(classified.values(), key=lambda j: (-j.probability, j.a, j.b)):
        a, b = place.get(j.a, j.a), place.get(j.b, j.b)
        if a != b and j.verdict != "different":
            rivals[a].add(b)
            rivals[b].add(a)
            best.setdefault((min(a, b), max(a, b)), j)
    changed = {}
    for (a, b), j in best.items():
        if j.verdict != "maybe" or len(rivals[a]) > 1 or len(rivals[b]) > 1:
            continue
        joined = sum(max(size[x], len(nodes.members[x])) > 1 for x in (a, b))
        if joined == 2 or (joined and (prior.copies or 0) < _MANY):
            continue
        overlap = max(prior.overlap.get(nodes.sources[nodes.members[x][0]], 0.0) for x in (j.a, j.b))
        least = (_JOINING if joined else _ALONE).get(j.vetoes, 2.0)
        if overlap >= _OVERLAP and j.probability >= least:
            changed[j.a, j.b] = replace(j, verdict="same", probability=max(j.probability, SETTLED), by_prior=True)
    return changed


def _excess_copies(nodes: Nodes, classified: Classified, groups: Sequence[Group], prior: ClusterPrior) -> Changes:
    """Pairs of larger groups that only title, people and year join, where papers have two records at most."""
    changed: dict[tuple[int, int], ClassifiedPair] = {}
    if prior.copies is None or prior.copies > _NONE:
        return changed
    node_groups = [group.nodes for group in groups]
    joined = {node for nodes_ in node_groups for node in nodes_}
    node_groups += [(node,) for node, own in enumerate(nodes.members) if len(own) > 2 and node not in joined]
    for group in node_groups:
        if sum(len(nodes.members[node]) for node in group) < 3:
            continue
        pairs = [*combinations(group, 2), *((node, node) for node in group)]
        same = [classified[pair] for pair in pairs if pair in classified and classified[pair].verdict == "same"]
        if not any(pair.supported for pair in same):
            changed |= {(p.a, p.b): replace(p, verdict="maybe", vetoes=(*p.vetoes, "copies")) for p in same}
    return changed
