"""Which items of a library are merged into which. Pure.

As in Zotero, top-level items of the same type outside the trash are merged, and the one that was added first survives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from refsync.dedup.results import Cluster
from refsync.zotero.items.mapping import citation_key
from refsync.zotero.items.relations import REPLACES, relations_of
from refsync.zotero.settings import SurvivorRule

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


Rank = Callable[[Data], tuple[object, ...]]
"""The order of items by the rules of the user; the first one survives."""

Chosen = Callable[[Sequence[int], str], Data]
"""The properties that people chose, for the members of a merge and the key of the survivor."""


def choose_merges(
    clusters: Sequence[Cluster],
    library: Sequence[Data],
    uri: str,
    types: Types,
    chosen: Chosen,
    rank: Rank = lambda item: (),
) -> tuple[list[Merge], list[Skipped]]:
    """The merges for the clusters of the deduplication, and the clusters that are skipped.

    Args:
        clusters: clusters of positions in `library`.
        library: its papers.
        uri: the start of the URIs of its items.
        types: whether items of another type than the survivor's are skipped or converted.
        chosen: what people chose for the positions of a merge, as properties of the survivor.
        rank: the order of items by the rules of the user.
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
                merge = merge_of([library[index] for index in group], uri, rank)
                merges.append(replace(merge, chosen=chosen(group, merge.survivor)))
        if len(groups) > 1:
            why = f"of different item types ({', '.join(kinds)}); --types convert merges them"
            skipped.append(Skipped(tuple(library[index]["key"] for index in cluster.members), why))
    return merges, skipped


def merge_of(members: Sequence[Data], uri: str, rank: Rank = lambda item: ()) -> Merge:
    """The merge of items that are one paper.

    The survivor is the one that an earlier, perhaps interrupted, merge has chosen; else one of a more specific type,
    the first by the rules of the user, the one added first, the most complete.
    """
    uris = {uri + item["key"] for item in members}

    def order(item: Data) -> tuple[object, ...]:
        chosen_before = bool(uris & set(relations_of(item).get(REPLACES, ())))
        general = item["itemType"] in _GENERAL
        return (not chosen_before, general, *rank(item), item["dateAdded"], -_filled(item), item["key"])

    first, *others = sorted(members, key=order)
    return Merge(first["key"], tuple(item["key"] for item in others))


def rank_by(rules: Sequence[SurvivorRule], children: Callable[[str], Sequence[Data]]) -> Rank:
    """The order of items by rules; `children` are the notes and files of an item, given by its key."""

    def value(rule: SurvivorRule, item: Data) -> object:
        live = [child for child in children(item["key"]) if not child.get("deleted")]
        match rule:
            case "oldest":
                return item["dateAdded"]
            case "newest":
                return [-ord(character) for character in item["dateAdded"]]
            case "most-fields":
                return -_filled(item)
            case "most-children":
                return -len(live)
            case "has-pdf":
                return not any(child.get("contentType") == "application/pdf" for child in live)
            case "has-key":
                return not citation_key(item)

    return lambda item: tuple(value(rule, item) for rule in rules)


def _filled(item: Data) -> int:
    return sum(bool(value) for name, value in item.items() if name not in _METADATA)
