"""Undoing what a run wrote to a library, from its journal.

Only values that are still as the run left them are restored. Members that the run added to tags, collections and
relations are removed, and those that it removed are added again, whatever others did to the rest. What it created goes
to the trash, collections only if they are empty; nothing is ever erased.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.errors import ConfigError
from refsync.runs.journal import Run
from refsync.zotero.items.mapping import Item
from refsync.zotero.items.properties import SET_PROPERTIES, equal_properties, set_members
from refsync.zotero.items.relations import relations_of
from refsync.zotero.merge.apply import read_merge_run
from refsync.zotero.push.collections import is_unchanged_collection, unused_collections
from refsync.zotero.web.changes import Change, Refusal, change_to, item_title
from refsync.zotero.web.download import refresh
from refsync.zotero.web.journal import WriteJournal, journaled_writes
from refsync.zotero.web.library import OpenLibrary
from refsync.zotero.web.replies import RemoteError
from refsync.zotero.web.write_batches import MAX_ROUNDS, Destination, WriteOutcome, write_objects
from refsync.zotero.web.write_items import write_items

Data = Mapping[str, Any]

UNDO_FILE = "undo.jsonl"


@dataclass(slots=True)
class ItemWrites:
    """What a run sent for one item, in order, each with the state before."""

    sent: list[Data] = field(default_factory=list)
    before: list[Data] = field(default_factory=list)

    @property
    def created(self) -> bool:
        """Whether the run created the item."""
        return not self.before[0] and not self.sent[0].get("version")


@dataclass(slots=True)
class UndoOutcome:
    """The result of undoing a run.

    Attributes:
        items: the keys of the items that are as before.
        collections: the keys of the collections that went to the trash.
        kept: the names of the run's collections that are in use.
        refused: the items that are not as before.
        stopped: why nothing more could be sent; empty if all was.
    """

    items: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


def undo_library_writes(run: Run, opened: OpenLibrary) -> UndoOutcome:
    """Undo a run. Errors of the server are not raised: see `UndoOutcome`."""
    writes = list(journaled_writes(run))
    with WriteJournal(run, UNDO_FILE) as journal:
        outcome = _undo_items(run, writes_by_item(writes), opened, journal)
        if not outcome.stopped:
            created = {item["key"]: item for kind, item, _ in writes if kind == "collections"}
            _undo_collections(created, opened, journal, outcome)
    if not outcome.refused and not outcome.stopped:
        run.mark("undone")
    return outcome


def _undo_items(run: Run, written: Mapping[str, ItemWrites], opened: OpenLibrary, journal: WriteJournal) -> UndoOutcome:
    irreversible = _irreversible_items(run, opened.items)
    restored: dict[str, None] = {}
    refused_writes: dict[str, Refusal] = {}
    for _ in range(MAX_ROUNDS):
        items = opened.items
        changes, refused = plan_reversals(written, items, opened.collections, irreversible)
        changes = [change for change in changes if change.key not in refused_writes]
        if not changes:
            break
        restored |= dict.fromkeys(change.key for change in changes)
        sent = _send(changes, items, opened, journal)
        if sent.stopped:
            return UndoOutcome(refused=[*refused, *sent.refused], stopped=sent.stopped)
        refused_writes |= {refusal.key: refusal for refusal in sent.refused}
    else:
        refused += [Refusal(c.key, c.title, "is being changed in Zotero again and again") for c in changes]
    refused += refused_writes.values()
    return UndoOutcome(
        items=[key for key in restored if key not in {refusal.key for refusal in refused}], refused=refused
    )


def _undo_collections(
    created: Mapping[str, Data], opened: OpenLibrary, journal: WriteJournal, outcome: UndoOutcome
) -> None:
    """Put the collections of a run that are unused into the trash."""
    collections = opened.collections
    unused, kept = unused_collections(created, collections, opened.items.values())
    outcome.kept = [str(collections[key]["name"]) for key in kept]
    changes = [_to_trash(collections[key]) for key in unused]

    def recompute(_: Change, current: Data) -> Change | None:
        return _to_trash(current) if is_unchanged_collection(created[current["key"]], current) else None

    destination = Destination(opened.client, opened.local_copy, journal)
    written = write_objects(destination, "collections", changes, recompute, into_trash=True)
    outcome.collections = [key for key in unused if key in written.written]
    outcome.refused += written.refused
    outcome.stopped = written.stopped


def _to_trash(collection: Data) -> Change:
    # pyzotero sends no collection without its name, and one without its parent would move to the top level
    named = {name: collection[name] for name in ("key", "version", "name", "parentCollection")}
    return Change({**named, "deleted": True}, {"deleted": False}, str(collection["name"]))


def _send(
    changes: Sequence[Change], items: dict[str, Item], opened: OpenLibrary, journal: WriteJournal
) -> WriteOutcome:
    outcome = write_items(changes, items, opened, journal)
    if not outcome.stopped:
        try:
            refresh(opened.client, opened.local_copy)
        except RemoteError as error:
            outcome.stopped = str(error)
    return outcome


def writes_by_item(writes: Iterable[tuple[str, Data, Data]]) -> dict[str, ItemWrites]:
    """The writes of each item, the one written last first: a merge is undone in reverse order."""
    by_item: dict[str, ItemWrites] = {}
    for kind, item, before in writes:
        if kind != "items":
            continue
        of_item = by_item.pop(item["key"], ItemWrites())
        of_item.sent.append(item)
        of_item.before.append(before)
        by_item[item["key"]] = of_item
    return dict(reversed(by_item.items()))


def plan_reversals(
    written: Mapping[str, ItemWrites],
    items: Mapping[str, Item],
    collections: Collection[str],
    irreversible: Mapping[str, str],
) -> tuple[list[Change], list[Refusal]]:
    """The writes that undo a run, and what cannot be undone.

    Args:
        written: what the run wrote.
        items: the current items, with those in the trash.
        collections: the keys of the current collections.
        irreversible: the items that must stay as they are, with the reason.
    """
    changes: list[Change] = []
    refused: list[Refusal] = []
    with_new_children = {
        item["parentItem"]
        for key, item in items.items()
        if item.get("parentItem") and not item.get("deleted") and key not in written
    }
    for key, writes in written.items():
        item = items.get(key)
        if item is None:
            if not writes.created:
                refused.append(Refusal(key, "", "was deleted in Zotero, and cannot be restored"))
            continue
        if writes.created and key in with_new_children and not item.get("deleted"):
            refused.append(Refusal(key, item_title(item), "was given a note or a file since the run; left as it is"))
            continue
        if key in irreversible:
            refused.append(Refusal(key, item_title(item), irreversible[key]))
            continue
        properties, changed = _trashed(writes, item) if writes.created else _restored(writes, item, collections)
        parent = properties.get("parentItem")
        if parent and parent not in items:
            refused.append(Refusal(key, item_title(item), f"stays where it is: its former parent {parent} was deleted"))
        elif properties:
            changes.append(change_to(item, properties))
        if changed:
            names = ", ".join(f"`{name}`" for name in changed)
            refused.append(Refusal(key, item_title(item), f"{names} changed since the run; left as it is"))
    return changes, refused


def _trashed(writes: ItemWrites, item: Data) -> tuple[Item, list[str]]:
    """The properties that undo the creation of an item, and those that somebody has changed since."""
    if item.get("deleted"):
        return {}, []
    sent = {name: value for part in writes.sent for name, value in part.items() if name not in ("key", "version")}
    changed = [name for name, value in sent.items() if not _is_as_sent(name, item.get(name), value)]
    changed += [name for name, value in item.items() if value and name not in sent and name not in _SET_BY_SERVER]
    # items related to it must not stay related to an item in the trash
    return ({}, changed) if changed else ({"deleted": True, **({"relations": {}} if "relations" in sent else {})}, [])


_SET_BY_SERVER = frozenset("key version itemType dateAdded dateModified relations inPublications".split())
"""The properties that the server sets; relations may come from other items too."""


def _is_as_sent(name: str, now: Any, sent: Any) -> bool:
    """Whether a value is what was sent; relations may be fewer, as they vanish with the other item."""
    if name == "relations":
        return set_members(name, now) <= set_members(name, sent)
    return equal_properties(name, now, sent)


def _restored(writes: ItemWrites, item: Data, collections: Collection[str]) -> tuple[Item, list[str]]:
    """The properties to set so that an item is as before, and those that somebody has changed since."""
    properties: Item = {}
    changed: list[str] = []
    for name in dict.fromkeys(name for before in writes.before for name in before):
        # a former value that was not sent belongs to a field that the item's new type lacks
        parts = [
            (sent.get(name), before[name])
            for sent, before in zip(writes.sent, writes.before, strict=True)
            if name in before
        ]
        now = item.get(name)
        if name in SET_PROPERTIES:
            value = _restored_members(name, now, parts, collections)
            if not equal_properties(name, value, now):
                properties[name] = value
            continue
        before = parts[0][1]
        if _equal(name, now, before):
            continue
        if any(_equal(name, now, sent) for sent, _ in parts):
            properties[name] = before
        elif name in writes.sent[-1]:
            changed.append(name)
    return properties, changed


def _equal(name: str, one: Any, other: Any) -> bool:
    return bool(one) == bool(other) if name in ("deleted", "inPublications") else equal_properties(name, one, other)


def _restored_members(name: str, now: Any, parts: Sequence[tuple[Any, Any]], collections: Collection[str]) -> Any:
    """A set without the members that a run added, and with those that it removed."""
    added = frozenset[Any]().union(*(set_members(name, sent) - set_members(name, before) for sent, before in parts))
    removed = frozenset[Any]().union(*(set_members(name, before) - set_members(name, sent) for sent, before in parts))
    left = [member for member in _members_in_order(name, now) if member not in added]
    for _, before in parts:
        left += [member for member in _members_in_order(name, before) if member in removed and member not in left]
    if name == "tags":
        return [{"tag": tag} | ({"type": kind} if kind else {}) for tag, kind in left]
    if name == "collections":
        return [key for key in left if key in collections]
    relations: dict[str, list[str]] = {}
    for kind, uri in left:
        relations.setdefault(kind, []).append(uri)
    return relations


def _members_in_order(name: str, value: Any) -> list[Any]:
    if name == "tags":
        return [(tag["tag"].strip(), tag.get("type") or 0) for tag in value or ()]
    if name == "relations":
        return [(kind, uri) for kind, uris in relations_of({name: value}).items() for uri in uris]
    return list(value or ())


def _irreversible_items(run: Run, items: Mapping[str, Item]) -> dict[str, str]:
    """The survivors of merges that hold all that is left of a merged item that was erased since, with the reason."""
    try:
        _, merges = read_merge_run(run)
    except ConfigError:
        return {}
    gone = {merge.survivor: [key for key in merge.losers if key not in items] for merge in merges}
    why = "keeps what it took over from {}, which was deleted since"
    return {survivor: why.format(", ".join(keys)) for survivor, keys in gone.items() if keys}
