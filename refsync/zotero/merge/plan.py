"""Which items of a library are merged into which. Pure.

As in Zotero, items of one type are merged, top-level ones outside the trash, and the one that was added first stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from refsync.dedup.results import Cluster
from refsync.zotero.items.relations import REPLACES, relations_of

Data = Mapping[str, Any]
Types = Literal["skip", "convert"]
Chosen = Callable[[Sequence[int], str], Data]
"""For the members of a group and the key of the one that stays, the properties that people chose."""

_GENERAL = ("document", "webpage", "attachment", "preprint", "manuscript")  # give way to a type that says more
_ABOUT = frozenset("key version dateAdded dateModified relations collections tags itemType".split())


@dataclass(frozen=True, slots=True)
class Merge:
    """One item that stays, those that are merged into it, by their keys, and the values that people chose for it."""

    survivor: str
    losers: tuple[str, ...]
    chosen: Data = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Items that are one paper and not merged."""

    keys: tuple[str, ...]
    why: str


def choose_merges(
    clusters: Sequence[Cluster],
    library: Sequence[Data],
    uri: str,
    types: Types,
    chosen: Chosen = lambda _members, _survivor: {},
) -> tuple[list[Merge], list[Skipped]]:
    """What to merge of the groups that the deduplicator found.

    Args:
        clusters: groups of positions in `library`.
        library: its papers.
        uri: the start of the URIs by which relations name its items.
        types: whether items of another type than the one that stays are left out, or translated into it.
        chosen: what people chose for the positions of a group, as properties of the item that stays.
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

    The one stays that an earlier merge, perhaps one that died, had chosen; then one of a type that says more, the one
    added first, the most complete.
    """
    uris = {uri + item["key"] for item in members}

    def rank(item: Data) -> tuple[object, ...]:
        begun = bool(uris & set(relations_of(item).get(REPLACES, ())))
        said = sum(bool(value) for name, value in item.items() if name not in _ABOUT)
        return (not begun, item["itemType"] in _GENERAL, item["dateAdded"], -said, item["key"])

    first, *others = sorted(members, key=rank)
    return Merge(first["key"], tuple(item["key"] for item in others))
