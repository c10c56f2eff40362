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
_GENERAL = ("document", "webpage", "attachment", "preprint", "manuscript")  # more specific types survive
_METADATA = frozenset("key version dateAdded dateModified relations collections tags itemType".split())


@dataclass(frozen=True, slots=True)
class Merge:
    """The keys of the surviving item and of those that are merged into it.

    Attributes:
        survivor: the key of the surviving item.
        losers: the keys of the others.
        chosen: the values that people chose for it, by property.
    """

    survivor: str
    losers: tuple[str, ...]
    chosen: Data = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Items that are one paper but are not merged, and the reason."""

    keys: tuple[str, ...]
    why: str


Chosen = Callable[[Sequence[int], str], Data]
"""The properties that people chose, for the members of a merge and the key of the survivor."""


def choose_merges(
    clusters: Sequence[Cluster], library: Sequence[Data], uri: str, types: Types, chosen: Chosen
) -> tuple[list[Merge], list[Skipped]]:
    """The merges for the clusters of the deduplication, and the clusters that are skipped.

    Args:
        clusters: clusters of positions in `library`.
        library: its papers.
        uri: the start of the URIs of its items.
        types: whether items of another type than the survivor's are skipped or converted.
        chosen: what people chose for the positions of a merge, as properties of the survivor.
    """
    merges: list[Merge] = []
    skipped: list[Skipped] = []
    for cluster in clusters:
        kinds: dict[str, list[int]] = {}
        for index in cluster.members:
            kinds.setdefault(library[index]["itemType"], []).append(index)
        groups = [[*cluster.members]] if types == "convert" else [*kinds.values()]
        for group in groups:
            if len(group) > 1:
                merge = merge_of([library[index] for index in group], uri)
                merges.append(replace(merge, chosen=chosen(group, merge.survivor)))
        if len(groups) > 1:
            why = f"of different item types ({', '.join(kinds)}); --types convert merges them"
            skipped.append(Skipped(tuple(library[index]["key"] for index in cluster.members), why))
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
