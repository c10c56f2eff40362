"""What is left of a push that died: from its plan and from what the library holds by now. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.zotero.items.mapping import Item
from refsync.zotero.items.relations import related
from refsync.zotero.push.plan import Change, Push, PushSettings, Refusal, change_for, creation

Data = Mapping[str, Any]

_ADDRESS = ("key", "version", "collections", "relations")


def put_down(push: Push) -> list[dict[str, Any]]:
    """The objects that a push sends, with what is needed to work each out anew when its item has changed."""
    lines: list[dict[str, Any]] = [{"kind": "collections", "object": dict(item)} for item in push.collections]
    for change in push.changes:
        line: dict[str, Any] = {"kind": "items", "object": change.object, "title": change.title}
        if not change.creates:  # of others the object says it all
            line |= {"wanted": change.wanted, "collections": list(change.collections), "related": list(change.related)}
        lines.append(line)
    return lines


def left_of(
    lines: Sequence[Mapping[str, Any]],
    items: Mapping[str, Data],
    collections: Mapping[str, Data],
    settings: PushSettings,
) -> Push:
    """The push that does the rest.

    Args:
        lines: what `put_down` gave.
        items: all items of the library by key, trashed ones too.
        collections: its collections by key.
        settings: those of the push.
    """
    folders: list[Item] = []
    changes: list[Change] = []
    refused: list[Refusal] = []
    for line in lines:
        sent = line["object"]
        key = sent["key"]
        if line["kind"] == "collections":
            if key not in collections or (collections[key].get("deleted") and "deleted" in sent):
                folders.append({**sent, "version": collections[key]["version"] if key in collections else 0})
            continue
        created = not sent["version"]
        wanted = {name: value for name, value in sent.items() if name not in _ADDRESS} if created else line["wanted"]
        into = tuple(sent.get("collections", ()) if created else line["collections"])
        versions = tuple(related(sent) if created else line["related"])
        held = items.get(key)
        if held is None and created:
            changes.append(creation(key, wanted, into, versions))
        elif held is None:
            refused.append(Refusal(key, line["title"], "was deleted in Zotero meanwhile; left deleted"))
        elif held.get("deleted"):
            refused.append(Refusal(key, line["title"], "is in Zotero's trash; left there"))
        elif change := change_for(held, wanted, into, settings, versions)[0]:
            changes.append(change)
    return Push(tuple(folders), tuple(changes), tuple(refused), (), 0, 0)
