"""The rest of an interrupted push, from its recorded plan and the current content of the library. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.zotero.items.mapping import Item
from refsync.zotero.items.relations import related
from refsync.zotero.push.plan import LibraryContent, Push, PushSettings, create_item, fill_item
from refsync.zotero.web.changes import Change, Refusal

Data = Mapping[str, Any]

_NOT_WANTED = ("key", "version", "collections", "relations")


def serialized_push(push: Push) -> list[dict[str, Any]]:
    """The objects that a push sends, with what is needed to recompute each if its item has changed."""
    lines: list[dict[str, Any]] = [{"kind": "collections", "object": dict(item)} for item in push.collections]
    for change in push.changes:
        line: dict[str, Any] = {"kind": "items", "object": change.object, "title": change.title}
        if not change.creates:  # the object of a new item has it all
            line |= {"wanted": change.wanted, "collections": list(change.collections), "related": list(change.related)}
        lines.append(line)
    return lines


def remaining_push(lines: Sequence[Data], library: LibraryContent, settings: PushSettings) -> Push:
    """What is left to do of a push; `lines` is what `serialized_push` returned."""
    items, collections = library.items, library.collections
    missing: list[Item] = []
    changes: list[Change] = []
    refused: list[Refusal] = []
    for line in lines:
        sent = line["object"]
        key = sent["key"]
        if line["kind"] == "collections":
            if key not in collections or (collections[key].get("deleted") and "deleted" in sent):
                missing.append({**sent, "version": collections[key]["version"] if key in collections else 0})
            continue
        created = not sent["version"]
        wanted = {name: value for name, value in sent.items() if name not in _NOT_WANTED} if created else line["wanted"]
        into = tuple(sent.get("collections", ()) if created else line["collections"])
        versions = tuple(related(sent) if created else line["related"])
        current = items.get(key)
        if current is None and created:
            changes.append(create_item(key, wanted, into, versions))
        elif current is None:
            refused.append(Refusal(key, line["title"], "was deleted in Zotero meanwhile; left deleted"))
        elif current.get("deleted"):
            refused.append(Refusal(key, line["title"], "is in Zotero's trash; left there"))
        elif change := fill_item(current, wanted, into, settings, versions)[0]:
            changes.append(change)
    return Push(tuple(missing), tuple(changes), tuple(refused))
