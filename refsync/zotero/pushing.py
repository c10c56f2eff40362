"""What a push would send. Pure: a plan and a copy of the library in, changes out.

A paper that the library has is filled where it lacks something; others are created, under keys made of what they say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refsync.dedup.merge import merge_cluster
from refsync.plan import Plan, is_users_key
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.zotero.address import Address
from refsync.zotero.collections import NO_COLLECTIONS, AreaCollections, area_collections
from refsync.zotero.filling import lacking
from refsync.zotero.keys import record_keys
from refsync.zotero.limits import faults
from refsync.zotero.mapping import Item, MappingSettings, to_item, to_record
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


def present_papers(plan: Plan) -> dict[int, Record]:
    """The library's records that the input has too, by index, each with what the input says of it, merged."""
    return {
        cluster.members[0]: merge_cluster([plan.records[i] for i in cluster.members if i >= plan.known]).record
        for cluster in plan.deduplication.clusters
        if cluster.members[0] < plan.known
    }


def plan_push(
    plan: Plan,
    present: Mapping[int, Record],
    taggings: "Mapping[int, Tagging | None]",
    address: Address,
    library: Sequence[Data],
    items: Mapping[str, Data],
    collections: Mapping[str, Data],
    settings: PushSettings,
) -> Push:
    """What to send so that a library has what a plan proposes.

    Args:
        plan: with the library's papers as its first records.
        present: see `present_papers`.
        taggings: the areas of these.
        address: the library.
        library: its papers, in the order of the records.
        items: all its items by key, trashed ones too.
        collections: its collections by key.
        settings: what the user wants.
    """
    areas = {index: _areas(tagging) for index, tagging in taggings.items()}
    of_entries = [_areas(entry.tagging) for entry in plan.entries]
    placed = NO_COLLECTIONS
    if settings.root:
        every = {area for found in (*areas.values(), *of_entries) for area in found}
        placed = area_collections(address.path, settings.root, every, collections)
    changes: list[Change] = []
    refused: list[Refusal] = []
    trashed: list[Refusal] = []
    unchanged = differing = 0

    def fill(item: Data, record: Record, found: tuple[str, ...]) -> None:
        nonlocal unchanged, differing
        wanted = to_item(record, found, settings.mapping, item["itemType"])
        if not is_users_key(record):
            wanted.pop("citationKey", None)
        change, differs = change_for(item, wanted, _in(placed, found), settings)
        differing += len(differs)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)

    for index, record in sorted(present.items()):
        fill(library[index], record, areas.get(index, ()))
    keys = record_keys(address.path, [entry.merged.record for entry in plan.entries])
    for entry, key, found in zip(plan.entries, keys, of_entries, strict=True):
        if (item := items.get(key)) and item.get("deleted"):
            trashed.append(Refusal(key, _title(entry.record), "is in Zotero's trash; left there"))
        elif item:  # created by an earlier push from this very record, which nothing tells but the key
            fill(item, entry.merged.record, found)
        else:
            changes.append(_creation(key, to_item(entry.record, found, settings.mapping), _in(placed, found)))
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


def _creation(key: str, item: Item, collections: tuple[str, ...]) -> Change:
    sent = {"key": key, "version": 0, **item} | ({"collections": list(collections)} if collections else {})
    names = ("title", "caseName", "nameOfAct", "subject")
    return Change(sent, {}, next((item[name] for name in names if name in item), ""), item, collections)


def _areas(tagging: "Tagging | None") -> tuple[str, ...]:
    return tuple(area.area for area in tagging.areas if area.applied) if tagging else ()


def _in(placed: AreaCollections, areas: Iterable[str]) -> tuple[str, ...]:
    return tuple(placed.keys[area] for area in areas if area in placed.keys)


def _title(record: Record) -> str:
    return to_text(record.get("title")) if record.markup == "latex" else record.get("title")
