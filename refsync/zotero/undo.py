"""Taking back what a run wrote to a library, from its journal.

Only what still is as the run left it goes back. Of tags, collections and relations the run's own members go, and those
that it took come back, whatever others did to the rest. What it created goes to the trash, collections where they are
empty by then; nothing is ever erased.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.errors import ConfigError
from refsync.runs.journal import Run
from refsync.zotero.items.mapping import Item
from refsync.zotero.items.relations import relations_of
from refsync.zotero.merge.apply import Sent, begun, send_changes
from refsync.zotero.merge.combine import MEMBERS, members, same
from refsync.zotero.merge.steps import change_to, title_of
from refsync.zotero.push.collections import as_made, emptied
from refsync.zotero.push.plan import Change, Refusal
from refsync.zotero.web.client import RemoteError
from refsync.zotero.web.download import refresh
from refsync.zotero.web.journal import FILE, RemoteLog, sendings
from refsync.zotero.web.library import Opened
from refsync.zotero.web.write_batches import ROUNDS, send

Data = Mapping[str, Any]

UNDO_FILE = "undo.jsonl"


@dataclass(slots=True)
class Written:
    """What a run sent for one item, in its order, each with what the item held before."""

    sent: list[Data] = field(default_factory=list)
    before: list[Data] = field(default_factory=list)

    @property
    def created(self) -> bool:
        return not self.before[0] and not self.sent[0].get("version")


@dataclass(slots=True)
class Undone:
    """What came of taking a run back.

    Attributes:
        items: the keys of the items that are as before.
        collections: those of the collections that went to the trash.
        kept: the names of collections that are in use by now.
        refused: the items that are not as before.
        stopped: why no more could be sent.
    """

    items: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


def endpoint_of(run: Run) -> str:
    """The server that a run wrote to, where its plan says it."""
    try:
        return str(json.loads((run.folder / "plan.json").read_text(encoding="utf-8")).get("endpoint", ""))
    except (OSError, ValueError):
        return ""


def undo_remote(run: Run, opened: Opened) -> Undone:
    """Take a run back. Never raises for what the server says: see `Undone`."""
    sent = list(sendings(run.folder / FILE))
    with RemoteLog(run, UNDO_FILE) as log:
        undone = _undo_items(run, by_item(sent), opened, log)
        if not undone.stopped:
            made = {item["key"]: item for kind, item, _ in sent if kind == "collections"}
            _undo_collections(made, opened, log, undone)
    if not undone.refused and not undone.stopped:
        run.mark("undone")
    return undone


def _undo_items(run: Run, written: Mapping[str, Written], opened: Opened, log: RemoteLog) -> Undone:
    lost = _lost(run, opened.items)
    restored: dict[str, None] = {}
    refused: dict[str, Refusal] = {}
    for _ in range(ROUNDS):
        items = opened.items
        changes, told = reversals(written, items, opened.store.objects("collections"), lost)
        changes = [change for change in changes if change.key not in refused]
        if not changes:
            break
        restored |= dict.fromkeys(change.key for change in changes)
        sent = _send(changes, items, opened, log)
        if sent.stopped:
            return Undone(refused=[*told, *sent.refused], stopped=sent.stopped)
        refused |= {refusal.key: refusal for refusal in sent.refused}
    else:
        told += [Refusal(c.key, c.title, "is being changed in Zotero again and again") for c in changes]
    told += refused.values()
    return Undone([key for key in restored if key not in {refusal.key for refusal in told}], refused=told)


def _undo_collections(made: Mapping[str, Data], opened: Opened, log: RemoteLog, undone: Undone) -> None:
    """Put the collections of a run into the trash, where nobody uses them."""
    held = opened.store.objects("collections")
    empty, kept = emptied(made, held, opened.items.values())
    undone.kept = [str(held[key]["name"]) for key in kept]
    changes = [_to_the_trash(held[key]) for key in empty]

    def again(_: Change, now: Data) -> Change | None:
        return _to_the_trash(now) if as_made(made[now["key"]], now) else None

    outcome = send(opened.remote, "collections", changes, again, log, opened.store, trashed=True)
    undone.collections = [key for key in empty if key in outcome.written]
    undone.refused += outcome.refused
    undone.stopped = outcome.stopped


def _to_the_trash(collection: Data) -> Change:
    # pyzotero sends none without its name, and would make one without its parent a top-level one
    named = {name: collection[name] for name in ("key", "version", "name", "parentCollection")}
    return Change({**named, "deleted": True}, {"deleted": False}, str(collection["name"]), {})


def _send(changes: Sequence[Change], items: dict[str, Item], opened: Opened, log: RemoteLog) -> Sent:
    sent = send_changes(changes, items, opened, log)
    if not sent.stopped:
        try:
            refresh(opened.remote, opened.store)
        except RemoteError as error:
            return Sent(sent.refused, str(error))
    return sent


def by_item(sent: Iterable[tuple[str, Data, Data]]) -> dict[str, Written]:
    """What was sent for each item, the one written last first: a merge is taken back from its end."""
    found: dict[str, Written] = {}
    for kind, item, before in sent:
        if kind != "items":
            continue
        one = found.pop(item["key"], Written())
        one.sent.append(item)
        one.before.append(before)
        found[item["key"]] = one
    return dict(reversed(found.items()))


def reversals(
    written: Mapping[str, Written], held: Mapping[str, Item], collections: Collection[str], lost: Mapping[str, str]
) -> tuple[list[Change], list[Refusal]]:
    """The writes that take a run back, and what cannot be taken back.

    Args:
        written: what it wrote.
        held: the items that there are, trashed ones too.
        collections: the keys of the collections that there are.
        lost: the items that must stay as they are, with the reason.
    """
    changes: list[Change] = []
    told: list[Refusal] = []
    busy = {
        item["parentItem"]
        for key, item in held.items()
        if item.get("parentItem") and not item.get("deleted") and key not in written
    }
    for key, one in written.items():
        item = held.get(key)
        if item is None:
            if not one.created:
                told.append(Refusal(key, "", "was deleted in Zotero, and cannot be restored"))
            continue
        if one.created and key in busy and not item.get("deleted"):
            told.append(Refusal(key, title_of(item), "was given a note or a file since the run; left as it is"))
            continue
        if key in lost:
            told.append(Refusal(key, title_of(item), lost[key]))
            continue
        properties, changed = _trashed(one, item) if one.created else _restored(one, item, collections)
        parent = properties.get("parentItem")
        if parent and parent not in held:
            told.append(Refusal(key, title_of(item), f"stays where it is: {parent}, where it was, was deleted"))
        elif properties:
            changes.append(change_to(item, properties))
        if changed:
            names = ", ".join(f"`{name}`" for name in changed)
            told.append(Refusal(key, title_of(item), f"{names} changed since the run; left as it is"))
    return changes, told


def _trashed(one: Written, item: Data) -> tuple[Item, list[str]]:
    """How to take back that an item was created, unless somebody has worked on it since."""
    if item.get("deleted"):
        return {}, []
    sent = {name: value for part in one.sent for name, value in part.items() if name not in ("key", "version")}
    changed = [name for name, value in sent.items() if not _left_alone(name, item.get(name), value)]
    changed += [name for name, value in item.items() if value and name not in sent and name not in _GIVEN]
    # whoever it is related to shall not be related to what lies in the trash
    return ({}, changed) if changed else ({"deleted": True, **({"relations": {}} if "relations" in sent else {})}, [])


_GIVEN = frozenset("key version itemType dateAdded dateModified relations inPublications".split())
"""What the server gives an item; relations come from others too."""


def _left_alone(name: str, now: Any, sent: Any) -> bool:
    """Whether a value is what was sent; of relations some may be gone with the items that they were to."""
    return members(name, now) <= members(name, sent) if name == "relations" else same(name, now, sent)


def _restored(one: Written, item: Data, collections: Collection[str]) -> tuple[Item, list[str]]:
    """The properties to set so that an item is as it was, and those that somebody has changed since."""
    properties: Item = {}
    changed: list[str] = []
    for name in dict.fromkeys(name for before in one.before for name in before):
        # what an item held and was not sent has no place in the type that it got
        parts = [
            (sent.get(name), before[name]) for sent, before in zip(one.sent, one.before, strict=True) if name in before
        ]
        now = item.get(name)
        if name in MEMBERS:
            value = _members_restored(name, now, parts, collections)
            if not same(name, value, now):
                properties[name] = value
            continue
        before = parts[0][1]
        if _is(name, now, before):
            continue
        if any(_is(name, now, sent) for sent, _ in parts):
            properties[name] = before
        elif name in one.sent[-1]:
            changed.append(name)
    return properties, changed


def _is(name: str, one: Any, other: Any) -> bool:
    return bool(one) == bool(other) if name == "deleted" else same(name, one, other)


def _members_restored(name: str, now: Any, parts: Sequence[tuple[Any, Any]], collections: Collection[str]) -> Any:
    """A set without the members that a run added, and with those that it took away."""
    added = frozenset[Any]().union(*(members(name, sent) - members(name, before) for sent, before in parts))
    taken = frozenset[Any]().union(*(members(name, before) - members(name, sent) for sent, before in parts))
    left = [member for member in _listed(name, now) if member not in added]
    for _, before in parts:
        left += [member for member in _listed(name, before) if member in taken and member not in left]
    if name == "tags":
        return [{"tag": tag} | ({"type": kind} if kind else {}) for tag, kind in left]
    if name == "collections":
        return [key for key in left if key in collections]
    relations: dict[str, list[str]] = {}
    for kind, uri in left:
        relations.setdefault(kind, []).append(uri)
    return relations


def _listed(name: str, value: Any) -> list[Any]:
    """The members of a set in their order."""
    if name == "tags":
        return [(tag["tag"].strip(), tag.get("type") or 0) for tag in value or ()]
    if name == "relations":
        return [(kind, uri) for kind, uris in relations_of({name: value}).items() for uri in uris]
    return list(value or ())


def _lost(run: Run, held: Mapping[str, Item]) -> dict[str, str]:
    """The survivors that hold all there is left of an item that was merged into them and erased since."""
    try:
        _, merges = begun(run)
    except ConfigError:
        return {}
    gone = {merge.survivor: [key for key in merge.losers if key not in held] for merge in merges}
    why = "keeps what it took over from {}, which was deleted since"
    return {survivor: why.format(", ".join(keys)) for survivor, keys in gone.items() if keys}
