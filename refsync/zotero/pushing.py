"""What a push would send. Pure: a plan and a copy of the library in, changes out.

A paper that the library has is filled where it lacks something; others are created, under keys made of what they say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from refsync.dedup.merge import merge_cluster
from refsync.dedup.results import Deduplication
from refsync.keys import assign_keys
from refsync.plan import Entry, Plan, is_users_key
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.zotero.address import Address
from refsync.zotero.collections import NO_COLLECTIONS, AreaCollections, area_collections
from refsync.zotero.filling import lacking
from refsync.zotero.limits import faults
from refsync.zotero.mapping import Item, MappingSettings, citation_key, to_item, to_record
from refsync.zotero.sameness import one_paper
from refsync.zotero.schema import NOT_PAPERS

if TYPE_CHECKING:
    from refsync.classify.model import Tagging

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PushSettings:
    """What the user wants of a push.

    Attributes:
        mapping: how records become items.
        root: the collection to hold one for each area; empty for tags alone.
        overwrite: let the input's values replace those of the library.
    """

    mapping: MappingSettings
    root: str = ""
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One object to send: its `key`, its `version` (0 to create it) and the properties to set.

    Attributes:
        object: what is sent.
        before: the values that these properties have in the library.
        title: for people.
        wanted: what the record says, to make the object anew if the item was changed meanwhile.
        collections: the collections that it shall be in.
    """

    object: Item
    before: Data
    title: str
    wanted: Item
    collections: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return str(self.object["key"])

    @property
    def creates(self) -> bool:
        return not self.object["version"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A paper that is not sent, or was not taken."""

    key: str
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Push:
    """All that a push would do.

    Attributes:
        collections: those to create, parents first.
        changes: the items to create and to fill.
        refused: the papers that cannot be sent.
        trashed: those that lie in the library's trash, where the user put them.
        unchanged: how many papers have in the library all that the input says.
        differing: how many values of the library differ from the input's.
    """

    collections: tuple[Item, ...]
    changes: tuple[Change, ...]
    refused: tuple[Refusal, ...]
    trashed: tuple[Refusal, ...]
    unchanged: int
    differing: int

    @property
    def created(self) -> int:
        return sum(change.creates for change in self.changes)


def papers(items: Mapping[str, Data]) -> list[Data]:
    """The items that are papers: top-level, of a regular type, not in the trash."""
    return [
        item
        for item in items.values()
        if item["itemType"] not in NOT_PAPERS and not item.get("deleted") and not item.get("parentItem")
    ]


def library_records(address: Address, items: Sequence[Data], settings: MappingSettings) -> list[Record]:
    """The records of a library's papers."""
    return [to_record(item, str(address), index, settings) for index, item in enumerate(items, 1)]


def targets_by_key(keys: Sequence[str], items: Mapping[str, Data], links: Mapping[str, str]) -> dict[int, str]:
    """The item of each entry that an earlier push brought there: under its own key, or into one that it was like."""
    found = ((index, links.get(key, key)) for index, key in enumerate(keys))
    return {index: key for index, key in found if key in items and not items[key].get("deleted")}


def targets_by_citation_key(
    records: Sequence[Record], entries: Sequence[int], held: Sequence[Record], library: Sequence[Data]
) -> dict[int, str]:
    """The item of each entry that has its citation key and is that paper, as it is after a pull.

    Args:
        records: the plan's papers.
        entries: the numbers of those that are looked for.
        held: the library's records.
        library: its papers, in the same order.
    """
    named: dict[str, list[int]] = {}
    for at, record in enumerate(held):
        named.setdefault(record.id, []).append(at)
    targets = {}
    for index in entries:
        found = named.get(records[index].id, []) if is_users_key(records[index]) else []
        if len(found) == 1 and one_paper(records[index], held[found[0]]):
            targets[index] = str(library[found[0]]["key"])
    return targets


def targets_by_likeness(found: Deduplication, library: Sequence[Data], entries: Sequence[int]) -> dict[int, str]:
    """The item of each entry that the deduplicator takes for a paper of the library.

    Args:
        found: its verdicts on the library's papers and, behind them, the entries.
        library: these papers.
        entries: the numbers of these entries in the plan.
    """
    held = len(library)
    return {
        entries[member - held]: str(library[cluster.members[0]]["key"])
        for cluster in found.clusters
        if cluster.members[0] < held
        for member in cluster.members
        if member >= held
    }


def plan_push(
    plan: Plan,
    keys: Sequence[str],
    targets: Mapping[int, str],
    address: Address,
    items: Mapping[str, Data],
    collections: Mapping[str, Data],
    settings: PushSettings,
) -> Push:
    """What to send so that a library has what a plan proposes.

    Args:
        plan: the input's papers.
        keys: the key that each entry's item gets, if it is created.
        targets: the items that are filled instead, by the number of the entry.
        address: the library.
        items: all its items by key, trashed ones too.
        collections: its collections by key.
        settings: what the user wants.
    """
    areas = [_areas(entry.tagging) for entry in plan.entries]
    placed = NO_COLLECTIONS
    if settings.root:
        placed = area_collections(address.path, settings.root, chain.from_iterable(areas), collections)
    changes: list[Change] = []
    refused: list[Refusal] = []
    trashed: list[Refusal] = []
    unchanged = differing = 0
    filling: dict[str, list[int]] = {}
    for index, target in targets.items():
        filling.setdefault(target, []).append(index)
    for target, members in filling.items():
        record = merge_cluster([plan.entries[index].merged.record for index in members]).record
        found = tuple(dict.fromkeys(area for index in members for area in areas[index]))
        wanted = to_item(record, found, settings.mapping, items[target]["itemType"])
        if not is_users_key(record):
            wanted.pop("citationKey", None)
        change, differs = change_for(items[target], wanted, _in(placed, found), settings)
        differing += len(differs)
        if change is None:
            unchanged += len(members)
        else:
            changes.append(change)
    new = [index for index in range(len(keys)) if index not in targets]
    records = _with_free_keys([plan.entries[index] for index in new], items)
    for index, record in zip(new, records, strict=True):
        if keys[index] in items:
            trashed.append(Refusal(keys[index], _title(record), "is in Zotero's trash; left there"))
        else:
            wanted = to_item(record, areas[index], settings.mapping)
            changes.append(creation(keys[index], wanted, _in(placed, areas[index])))
    sendable = []
    for change in changes:
        if told := "; ".join(faults(change.object, settings.mapping.schema)):
            refused.append(Refusal(change.key, change.title, told))
        else:
            sendable.append(change)
    used = {key for change in sendable for key in change.object.get("collections", ())}
    used |= {str(item["parentCollection"]) for item in placed.missing if item["key"] in used}
    made = tuple(item for item in placed.missing if item["key"] in used)
    return Push(made, tuple(sendable), tuple(refused), tuple(trashed), unchanged, differing)


def change_for(
    item: Data, wanted: Item, collections: tuple[str, ...], settings: PushSettings
) -> tuple[Change | None, tuple[str, ...]]:
    """How to fill one item (None where it lacks nothing), and the names of the values that differ."""
    properties, differing = lacking(item, wanted, settings.mapping, overwrite=settings.overwrite)
    has = list(item.get("collections") or ())
    if added := [key for key in collections if key not in has]:
        properties["collections"] = [*has, *added]
    if not properties:
        return None, differing
    before = {name: item.get(name, "") for name in properties}
    sent = {"key": item["key"], "version": item["version"], **properties}
    title = str(item.get("title") or wanted.get("title") or "")
    return Change(sent, before, title, wanted, collections), differing


def creation(key: str, item: Item, collections: tuple[str, ...]) -> Change:
    """How to create an item under a key of our choice."""
    sent = {"key": key, "version": 0, **item} | ({"collections": list(collections)} if collections else {})
    names = ("title", "caseName", "nameOfAct", "subject")
    return Change(sent, {}, next((item[name] for name in names if name in item), ""), item, collections)


def _with_free_keys(entries: Sequence[Entry], items: Mapping[str, Data]) -> list[Record]:
    """The entries' records, with citation keys that no item of the library has."""
    taken = {citation_key(item) for item in items.values() if not item.get("deleted")}
    clashing = [entry.record for entry in entries if entry.record.id in taken]
    free = assign_keys(clashing, [True] * len(clashing), taken | {entry.record.id for entry in entries})
    became = {record.id: key for record, key in zip(clashing, free, strict=True)}
    return [replace(entry.record, id=became.get(entry.record.id, entry.record.id)) for entry in entries]


def _areas(tagging: "Tagging | None") -> tuple[str, ...]:
    return tuple(area.area for area in tagging.areas if area.applied) if tagging else ()


def _in(placed: AreaCollections, areas: Iterable[str]) -> tuple[str, ...]:
    return tuple(placed.keys[area] for area in areas if area in placed.keys)


def _title(record: Record) -> str:
    return to_text(record.get("title")) if record.markup == "latex" else record.get("title")
