"""Sending changes of items once each, and the items as the library holds them afterwards."""

from collections.abc import Sequence

from refsync.zotero.items.mapping import Item
from refsync.zotero.items.relations import item_uri_prefix, related
from refsync.zotero.web.changes import Change, changed_item
from refsync.zotero.web.client import Data
from refsync.zotero.web.journal import WriteJournal
from refsync.zotero.web.library import OpenLibrary
from refsync.zotero.web.write_batches import Destination, WriteOutcome, write_objects


def write_items(
    changes: Sequence[Change], items: dict[str, Item], opened: OpenLibrary, journal: WriteJournal
) -> WriteOutcome:
    """Send changes, and update `items` to what the library holds then.

    A change to an item that somebody else changed meanwhile is not made: the item is read again, and the caller
    computes what is left to do.
    """
    stale: set[str] = set()

    def skip(change: Change, _current: Data) -> None:
        stale.add(change.key)

    destination = Destination(opened.client, opened.local_copy, journal)
    outcome = write_objects(destination, "items", changes, skip, into_trash=True)
    uri = item_uri_prefix(opened.client.address.path)
    others = (one.removeprefix(uri) for change in changes for one in _related(change))
    current = opened.local_copy.by_key("items", {*(change.key for change in changes), *others})
    for change in changes:
        accepted = change.key in outcome.written and change.key not in stale
        if accepted and current.get(change.key, {}).get("version") == change.object["version"]:
            current[change.key] = {**changed_item(items[change.key], change), "version": change.object["version"]}
    items.update(current)
    return outcome


def _related(change: Change) -> list[str]:
    """The items whose relations a change may change too."""
    return [*related(change.object), *related(change.before)]
