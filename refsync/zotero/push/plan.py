"""What a push would send. Pure: a plan and a copy of the library in, changes out.

A paper that the library has is filled where it lacks something; others are created, under keys made of what they say.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from refsync.dedup.merge import merge_cluster
from refsync.planning.citation_keys import assign_keys
from refsync.planning.plan import Entry, Plan, is_users_key
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.zotero.items.child_notes import FIELDS, notes_by_item, without_notes
from refsync.zotero.items.generated_keys import LENGTH
from refsync.zotero.items.mapping import Item, MappingSettings, citation_key, to_item, to_record
from refsync.zotero.items.relations import RELATION, item_uri, relations_of, united_relations
from refsync.zotero.items.schema import NOT_PAPERS
from refsync.zotero.items.server_limits import faults
from refsync.zotero.push.collections import NO_COLLECTIONS, AreaCollections, area_collections
from refsync.zotero.push.fill import lacking
from refsync.zotero.push.versions import relations_to_make
from refsync.zotero.web.address import Address

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
        related: the URIs of the items that it shall be related to.
    """

    object: Item
    before: Data
    title: str
    wanted: Item
    collections: tuple[str, ...] = ()
    related: tuple[str, ...] = ()

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

    @property
    def related(self) -> int:
        """How many pairs of versions are related to each other."""
        return len({frozenset((change.key, uri[-LENGTH:])) for change in self.changes for uri in change.related})


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


def plan_push(
    plan: Plan,
    keys: Sequence[str],
    targets: Mapping[int, str],
    address: Address,
    items: Mapping[str, Data],
    collections: Mapping[str, Data],
    settings: PushSettings,
    versions: Iterable[tuple[str, str]] = (),
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
        versions: the keys of items that are versions of each other.
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
    new = [index for index in range(len(keys)) if index not in targets]
    created = {keys[index] for index in new if keys[index] not in items}
    uri = item_uri(address.path)
    relations = relations_to_make(versions, items, list(filling), created, uri)
    annotated = any(entry.record.get(*FIELDS) for entry in plan.entries)
    notes = notes_by_item(items) if annotated else {}
    for target, members in filling.items():
        record = merge_cluster([plan.entries[index].merged.record for index in members]).record
        found = tuple(dict.fromkeys(area for index in members for area in areas[index]))
        record = without_notes(record, notes.get(target, ()))
        wanted = to_item(record, found, settings.mapping, items[target]["itemType"])
        if not is_users_key(record):
            wanted.pop("citationKey", None)
        change, differs = change_for(items[target], wanted, _in(placed, found), settings, relations.get(target, ()))
        differing += len(differs)
        if change is None:
            unchanged += len(members)
        else:
            changes.append(change)
    records = _with_free_keys([plan.entries[index] for index in new], items)
    for index, record in zip(new, records, strict=True):
        if keys[index] in items:
            trashed.append(Refusal(keys[index], _title(record), "is in Zotero's trash; left there"))
        else:
            wanted = to_item(record, areas[index], settings.mapping)
            key = keys[index]
            changes.append(creation(key, wanted, _in(placed, areas[index]), relations.get(key, ())))
    sendable = []
    for change in changes:
        if told := "; ".join(faults(change.object, settings.mapping.schema)):
            refused.append(Refusal(change.key, change.title, told))
        else:
            sendable.append(change)
    never = {uri + refusal.key for refusal in refused if refusal.key in created}
    sendable = [left for change in sendable if (left := _not_related(change, never, items, settings))]
    used = {key for change in sendable for key in change.object.get("collections", ())}
    used |= {str(item["parentCollection"]) for item in placed.missing if item["key"] in used}
    made = tuple(item for item in placed.missing if item["key"] in used)
    return Push(made, tuple(sendable), tuple(refused), tuple(trashed), unchanged, differing)


def change_for(
    item: Data, wanted: Item, collections: tuple[str, ...], settings: PushSettings, related: tuple[str, ...] = ()
) -> tuple[Change | None, tuple[str, ...]]:
    """How to fill one item (None where it lacks nothing), and the names of the values that differ."""
    properties, differing = lacking(item, wanted, settings.mapping, overwrite=settings.overwrite)
    has = list(item.get("collections") or ())
    if added := [key for key in collections if key not in has]:
        properties["collections"] = [*has, *added]
    if set(related) - set(relations_of(item).get(RELATION, ())):
        properties["relations"] = united_relations([item, {"relations": {RELATION: list(related)}}])
    if not properties:
        return None, differing
    before = {name: item.get(name, {} if name == "relations" else "") for name in properties}
    sent = {"key": item["key"], "version": item["version"], **properties}
    title = str(item.get("title") or wanted.get("title") or "")
    return Change(sent, before, title, wanted, collections, related), differing


def creation(key: str, item: Item, collections: tuple[str, ...], related: tuple[str, ...] = ()) -> Change:
    """How to create an item under a key of our choice."""
    sent = {"key": key, "version": 0, **item} | ({"collections": list(collections)} if collections else {})
    sent |= {"relations": {RELATION: list(related)}} if related else {}
    names = ("title", "caseName", "nameOfAct", "subject")
    return Change(sent, {}, next((item[name] for name in names if name in item), ""), item, collections, related)


def _not_related(
    change: Change, never: Collection[str], items: Mapping[str, Data], settings: PushSettings
) -> Change | None:
    """A change without relations to items that will never be there; None where nothing is left of it."""
    left = tuple(uri for uri in change.related if uri not in never)
    if left == change.related:
        return change
    if change.creates:
        return creation(change.key, change.wanted, change.collections, left)
    return change_for(items[change.key], change.wanted, change.collections, settings, left)[0]


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
