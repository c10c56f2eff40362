"""Which items of a library are merged into which. Pure.

As in Zotero, items of one type are merged, top-level ones outside the trash, and the one that was added first stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from refsync.dedup.results import Cluster
from refsync.zotero.relations import REPLACES, relations_of

Data = Mapping[str, Any]
Types = Literal["skip", "convert"]

_GENERAL = ("document", "webpage", "attachment", "preprint", "manuscript")  # give way to a type that says more
_ABOUT = frozenset("key version dateAdded dateModified relations collections tags itemType".split())


@dataclass(frozen=True, slots=True)
class Merge:
    """One item that stays, and those that are merged into it, by their keys."""

    survivor: str
    losers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Items that are one paper and not merged."""

    keys: tuple[str, ...]
    why: str


def choose_merges(
    clusters: Sequence[Cluster], library: Sequence[Data], uri: str, types: Types
) -> tuple[list[Merge], list[Skipped]]:
    """What to merge of the groups that the deduplicator found.

    Args:
        clusters: groups of positions in `library`.
        library: its papers.
        uri: the start of the URIs by which relations name its items.
        types: whether items of another type than the one that stays are left out, or translated into it.
    """
    merges: list[Merge] = []
    skipped: list[Skipped] = []
    for cluster in clusters:
        members = [library[index] for index in cluster.members]
        kinds = dict.fromkeys(item["itemType"] for item in members)
        if types == "convert" or len(kinds) == 1:
            merges.append(merge_of(members, uri))
            continue
        of_kind = [[item for item in members if item["itemType"] == kind] for kind in kinds]
        merges += [merge_of(items, uri) for items in of_kind if len(items) > 1]
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
