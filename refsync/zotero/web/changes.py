"""One write of an object: what is sent, what it replaces, and why one was not done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from refsync.zotero.items.mapping import Item

Data = Mapping[str, Any]

_EMPTY: Mapping[str, Any] = {"tags": [], "collections": [], "relations": {}}
_EMPTY = {**_EMPTY, "deleted": False, "parentItem": False, "inPublications": False}


@dataclass(frozen=True, slots=True)
class Change:
    """One object to send: its `key`, its `version` (0 to create it) and the properties to set.

    Attributes:
        object: what is sent.
        before: the values that these properties have in the library.
        title: for messages.
        wanted: the values of the record, to recompute the object if the item was changed meanwhile.
        collections: the keys of the collections that the item is to be in.
        related: the URIs of the items that it is to be related to.
    """

    object: Item
    before: Data
    title: str
    wanted: Item = field(default_factory=dict)
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
    """An object that is not sent or that the server did not accept, with the reason."""

    key: str
    title: str
    message: str


def change_to(item: Data, properties: Item) -> Change:
    """The write that sets properties of an item."""
    before = {name: item.get(name, _EMPTY.get(name, "")) for name in properties}
    return Change({"key": item["key"], "version": item["version"], **properties}, before, item_title(item))


def collection_change(collection: Data) -> Change:
    """The write that creates a collection, or takes it out of the trash."""
    before = {"deleted": True} if collection["version"] else {}
    return Change(dict(collection), before, str(collection["name"]), dict(collection))


def changed_item(item: Data, change: Change) -> Item:
    """The item after a change."""
    return {**item, **change.object}


def item_title(item: Data) -> str:
    """The title of an item, or the text that Zotero shows in its place."""
    names = ("title", "caseName", "nameOfAct", "subject", "filename", "note", "annotationText")
    text = next((str(item[name]) for name in names if item.get(name)), "")
    return re.sub(r"<[^>]*>", "", text) if item.get("itemType") == "note" else text
