"""Which items of a library are merged into which. Pure.

As in Zotero, top-level items of the same type outside the trash are merged, and the one that was added first survives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from refsync.dedup.results import Cluster
from refsync.zotero.items.relations import REPLACES, relations_of

Data = Mapping[str, Any]
Types = Literal["skip", "convert"]
Chosen = Callable[[Sequence[int], str], Data]
"""The properties that people chose, for the members of a cluster and the key of the survivor."""

_GENERAL = ("document", "webpage", "attachment", "preprint", "manuscript")  # more specific types survive
_METADATA = frozenset("key version dateAdded dateModified relations collections tags itemType".split())


@dataclass(frozen=True, slots=True)
class Merge:
    """The keys of the surviving item and of those that are merged into it, and the values that people chose for it."""

    survivor: str
    losers: tuple[str, ...]
    chosen: Data = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Items that are one paper but are not merged, and the reason."""

    keys: tuple[str, ...]
    why: str


def choose_merges(
    clusters: Sequence[Cluster],
    library: Sequence[Data],
    uri: str,
    types: Types,
    chosen: Chosen = lambda _members, _survivor: {},
) -> tuple[list[Merge], list[Skipped]]:
    """The merges for the clusters of the deduplication, and the clusters that are skipped.

    Args:
        clusters: clusters of positions in `library`.
        library: its papers.
        uri: the start of the URIs of its items.
        types: whether items of another type than the survivor's are skipped or converted.
        chosen: what people chose for the positions of a cluster, as properties of the survivor.
    """
    merges: list[Merge] = []
    skipped: list[Skipped] = []
    for cluster in clusters:
        members = [library[index] for index in cluster.members]
        kinds = dict.fromkeys(item["itemType"] for item in members)
        if types == "convert" or len(kinds) == 1:
            merge = merge_of(members, uri)
            merges.append(replace(merge, chosen=chosen(cluster.members, merge.survivor)))
            continue
        of_kind = [[item for item in members if item["itemType"] == kind] for kind in kinds]
        several = [merge_of(items, uri) for items in of_kind if len(items) > 1]
        merges += [replace(merge, chosen=chosen(cluster.members, merge.survivor)) for merge in several]
        why = f"of different item types ({', '.join(kinds)}); --types convert merges them"
        skipped.append(Skipped(tuple(item["key"] for item in members), why))
    return merges, skipped


def merge_of(members: Sequence[Data], uri: str) -> Merge:
    """The merge of items that are one paper.

    The survivor is the one that an earlier, perhaps interrupted, merge has chosen; else one of a more specific type,
    the one added first, the most complete.
    """
    uris = {uri + item["key"] for item in members}

    def rank(item: Data) -> tuple[object, ...]:
        chosen_before = bool(uris & set(relations_of(item).get(REPLACES, ())))
        filled = sum(bool(value) for name, value in item.items() if name not in _METADATA)
        return (not chosen_before, item["itemType"] in _GENERAL, item["dateAdded"], -filled, item["key"])

    first, *others = sorted(members, key=rank)
    return Merge(first["key"], tuple(item["key"] for item in others))
