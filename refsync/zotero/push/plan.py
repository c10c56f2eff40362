"""What a push would send. Pure: a plan and the content of the library in, changes out.

A paper that the library has is filled where it lacks values; others are created, under keys generated from their
content.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from refsync.dedup.inheritance import with_inherited
from refsync.dedup.merge import merge_cluster
from refsync.planning.citation_keys import assign_keys
from refsync.planning.key_ownership import is_users_key
from refsync.planning.plan import Entry, Plan
from refsync.records import Record
from refsync.text.latex import latex_to_text
from refsync.zotero.items.child_notes import ANNOTATION_FIELDS, notes_by_item, without_notes
from refsync.zotero.items.exports import attachment_names, said_alike, without_said
from refsync.zotero.items.generated_keys import LENGTH
from refsync.zotero.items.mapping import Item, MappingSettings, citation_key, to_item
from refsync.zotero.items.relations import RELATION, item_uri_prefix, merged_relations, relations_of
from refsync.zotero.items.server_limits import limit_violations
from refsync.zotero.items.tags import area_tags
from refsync.zotero.push.collections import NO_COLLECTIONS, AreaCollections, area_collections
from refsync.zotero.push.fill import missing_properties
from refsync.zotero.push.versions import relations_to_add
from refsync.zotero.web.changes import Change, Refusal

if TYPE_CHECKING:
    from refsync.classify.model import Tagging

Data = Mapping[str, Any]


_BESIDE_VALUES = frozenset("note addendum annotation file pubstate howpublished keywords".split())
"""Fields that exporters make of something else than the field of that name: not even `--overwrite` adds them."""


@dataclass(frozen=True, slots=True)
class PushSettings:
    """Options of a push.

    Attributes:
        mapping: how records are converted to items.
        root: the collection that contains one for each area; empty for tags alone.
        overwrite: whether the input's values replace those of the library.
        collection: the key of the collection that all papers are put into; empty for none.
    """

    mapping: MappingSettings
    root: str = ""
    overwrite: bool = False
    collection: str = ""


@dataclass(frozen=True, slots=True)
class LibraryContent:
    """What a library has: its path (`users/1`), all items and all collections by key, with those in the trash."""

    path: str
    items: Mapping[str, Data]
    collections: Mapping[str, Data]


@dataclass(frozen=True, slots=True)
class Matches:
    """Which items the entries of a plan are.

    Attributes:
        keys: the key that each entry's item gets if it is created.
        targets: the key of the existing item to fill instead, by the number of the entry.
        versions: pairs of keys of items that are versions of each other.
    """

    keys: Sequence[str]
    targets: Mapping[int, str] = field(default_factory=dict)
    versions: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Push:
    """All that a push would do.

    Attributes:
        collections: those to create, parents first.
        changes: the items to create and to fill.
        refused: the papers that cannot be sent.
        trashed: those that are in the library's trash, where the user put them.
        unchanged: how many papers have all of the input's values in the library.
        differing: how many values of the library differ from the input's.
    """

    collections: tuple[Item, ...]
    changes: tuple[Change, ...]
    refused: tuple[Refusal, ...]
    trashed: tuple[Refusal, ...] = ()
    unchanged: int = 0
    differing: int = 0

    @property
    def created(self) -> int:
        """How many items are created."""
        return sum(change.creates for change in self.changes)

    @property
    def related(self) -> int:
        """How many pairs of versions are related to each other."""
        return len({frozenset((change.key, uri[-LENGTH:])) for change in self.changes for uri in change.related})


def plan_push(plan: Plan, matches: Matches, library: LibraryContent, settings: PushSettings) -> Push:
    """What to send so that a library has what a plan proposes."""
    keys, targets, items = matches.keys, matches.targets, library.items
    areas = [_areas(entry.tagging) for entry in plan.entries]
    placed = NO_COLLECTIONS
    if settings.root:
        placed = area_collections(library.path, settings.root, chain.from_iterable(areas), library.collections)
    common = (settings.collection,) if settings.collection else ()
    changes: list[Change] = []
    refused: list[Refusal] = []
    trashed: list[Refusal] = []
    unchanged = differing = 0
    members_of: dict[str, list[int]] = {}
    for index, target in targets.items():
        members_of.setdefault(target, []).append(index)
    new = [index for index in range(len(keys)) if index not in targets]
    created = {keys[index] for index in new if keys[index] not in items}
    uri = item_uri_prefix(library.path)
    relations = relations_to_add(matches.versions, items, list(members_of), created, uri)
    annotated = any(entry.record.get(*ANNOTATION_FIELDS) for entry in plan.entries)
    notes = notes_by_item(items) if annotated else {}
    files = attachment_names(items.values()) if any(entry.record.get("file") for entry in plan.entries) else {}
    for target, members in members_of.items():
        record = merge_cluster([plan.entries[index].merged.record for index in members]).record
        member_areas = tuple(dict.fromkeys(area for index in members for area in areas[index]))
        record = without_notes(record, notes.get(target, ()))
        alike = said_alike(record, items[target], files.get(target, ()), settings.mapping)
        record = without_said(record, alike & _BESIDE_VALUES if settings.overwrite else alike)
        wanted = to_item(record, member_areas, settings.mapping, items[target]["itemType"])
        if not is_users_key(record):
            wanted.pop("citationKey", None)
        collections = (*common, *_collections_of(placed, member_areas))
        change, differs = fill_item(items[target], wanted, collections, settings, relations.get(target, ()))
        differing += len(differs)
        if change is None:
            unchanged += len(members)
        else:
            changes.append(change)
    records = _with_free_keys([plan.entries[index] for index in new], items)
    for index, record in zip(new, records, strict=True):
        key = keys[index]
        if key in items:
            trashed.append(Refusal(key, _title(record), "is in Zotero's trash; left there"))
        else:
            wanted = to_item(record, areas[index], settings.mapping)
            collections = (*common, *_collections_of(placed, areas[index]))
            changes.append(create_item(key, wanted, collections, relations.get(key, ())))
    sendable = []
    for change in changes:
        if reasons := "; ".join(limit_violations(change.object, settings.mapping.schema)):
            refused.append(Refusal(change.key, change.title, reasons))
        else:
            sendable.append(change)
    missing = {uri + refusal.key for refusal in refused if refusal.key in created}
    sendable = [left for change in sendable if (left := _without_relations(change, missing, items, settings))]
    used = {key for change in sendable for key in change.object.get("collections", ())}
    used |= {str(item["parentCollection"]) for item in placed.missing if item["key"] in used}
    return Push(
        collections=tuple(item for item in placed.missing if item["key"] in used),
        changes=tuple(sendable),
        refused=tuple(refused),
        trashed=tuple(trashed),
        unchanged=unchanged,
        differing=differing,
    )


def plan_tags(taggings: "Mapping[str, Tagging | None]", library: LibraryContent, settings: PushSettings) -> Push:
    """What to send so that items have their areas as automatic tags, and are in the collections of these.

    Args:
        taggings: the areas of each item, by its key.
        library: the library.
        settings: with `root`, areas are collections too.
    """
    areas = {key: _areas(tagging) for key, tagging in taggings.items()}
    placed = NO_COLLECTIONS
    if settings.root:
        placed = area_collections(library.path, settings.root, chain.from_iterable(areas.values()), library.collections)
    changes: list[Change] = []
    refused: list[Refusal] = []
    for key, of_item in areas.items():
        item = library.items[key]
        wanted = {"itemType": item["itemType"], "tags": area_tags(of_item, settings.mapping.area_prefix)}
        change, _ = fill_item(item, wanted, _collections_of(placed, of_item), settings)
        if change and (reasons := "; ".join(limit_violations(change.object, settings.mapping.schema))):
            refused.append(Refusal(key, change.title, reasons))
        elif change:
            changes.append(change)
    return Push(
        collections=placed.missing,
        changes=tuple(changes),
        refused=tuple(refused),
        unchanged=len(areas) - len(changes) - len(refused),
    )


def fill_item(
    item: Data, wanted: Item, collections: tuple[str, ...], settings: PushSettings, related: tuple[str, ...] = ()
) -> tuple[Change | None, tuple[str, ...]]:
    """How to fill an existing item (None if it lacks nothing), and the names of the properties that differ."""
    properties, differing = missing_properties(item, wanted, settings.mapping, overwrite=settings.overwrite)
    current = list(item.get("collections") or ())
    if added := [key for key in collections if key not in current]:
        properties["collections"] = [*current, *added]
    if set(related) - set(relations_of(item).get(RELATION, ())):
        properties["relations"] = merged_relations([item, {"relations": {RELATION: list(related)}}])
    if not properties:
        return None, differing
    change = Change(
        object={"key": item["key"], "version": item["version"], **properties},
        before={name: item.get(name, {} if name == "relations" else "") for name in properties},
        title=str(item.get("title") or wanted.get("title") or ""),
        wanted=wanted,
        collections=collections,
        related=related,
    )
    return change, differing


def create_item(key: str, item: Item, collections: tuple[str, ...], related: tuple[str, ...] = ()) -> Change:
    """How to create an item under a generated key."""
    sent = {"key": key, "version": 0, **item} | ({"collections": list(collections)} if collections else {})
    sent |= {"relations": {RELATION: list(related)}} if related else {}
    title = next((item[name] for name in ("title", "caseName", "nameOfAct", "subject") if name in item), "")
    return Change(object=sent, before={}, title=title, wanted=item, collections=collections, related=related)


def _without_relations(
    change: Change, missing: Collection[str], items: Mapping[str, Data], settings: PushSettings
) -> Change | None:
    """A change without relations to items that are not created; None if nothing is left of it."""
    left = tuple(uri for uri in change.related if uri not in missing)
    if left == change.related:
        return change
    if change.creates:
        return create_item(change.key, change.wanted, change.collections, left)
    return fill_item(items[change.key], change.wanted, change.collections, settings, left)[0]


def _with_free_keys(entries: Sequence[Entry], items: Mapping[str, Data]) -> list[Record]:
    """The entries' records, with citation keys that no item of the library has."""
    taken = {citation_key(item) for item in items.values() if not item.get("deleted")}
    clashing = [entry.record for entry in entries if entry.record.id in taken]
    free = assign_keys(clashing, [True] * len(clashing), taken | {entry.record.id for entry in entries})
    renamed = {record.id: key for record, key in zip(clashing, free, strict=True)}
    whole = with_inherited([replace(entry.record, source="") for entry in entries])
    return [
        replace(record, id=renamed.get(record.id, record.id), source=entry.record.source)
        for entry, record in zip(entries, whole, strict=True)
    ]


def _areas(tagging: "Tagging | None") -> tuple[str, ...]:
    return tuple(area.area for area in tagging.areas if area.applied) if tagging else ()


def _collections_of(placed: AreaCollections, areas: Iterable[str]) -> tuple[str, ...]:
    return tuple(placed.keys[area] for area in areas if area in placed.keys)


def _title(record: Record) -> str:
    return latex_to_text(record.get("title")) if record.markup == "latex" else record.get("title")
