"""The writes to the library that a sync plans: items changed, created and put into the trash. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from refsync.records import Record
from refsync.zotero.items.mapping import Item, MappingSettings, to_item
from refsync.zotero.items.server_limits import limit_violations
from refsync.zotero.sync.groups import FIELD, Groups
from refsync.zotero.sync.item_edit import item_changes, properties_before
from refsync.zotero.sync.merge_units import Units
from refsync.zotero.web.changes import Change, Refusal, change_to, item_title


@dataclass(slots=True)
class LibraryWrites:
    """What is to be written to a library, and what Zotero would refuse.

    Attributes:
        groups: the library's collections.
        mapping: how records are converted to items.
        collection: the key of the collection that new items are put into; empty for none.
        refused: what cannot be sent.
    """

    groups: Groups
    mapping: MappingSettings
    collection: str = ""
    refused: list[Refusal] = field(default_factory=list)
    _changes: list[Change] = field(default_factory=list)
    _trashing: list[Change] = field(default_factory=list)

    def change(self, item: Mapping[str, Any], record: Record, changes: Units, more: Item) -> bool:
        """Set units of an item, if that needs a write; whether Zotero would accept it.

        Args:
            item: its `data`.
            record: its record.
            changes: the units to change.
            more: properties to set in any case.
        """
        properties = {**more}
        if changes:
            if item["itemType"] not in self.mapping.schema.types:
                why = f"its item type {item['itemType']!r} is not known; only Zotero can change it"
                self.refused.append(Refusal(item["key"], item_title(item), why))
                return False
            if self.groups.used_in_file and FIELD in changes:
                now = {**item, **more}
                properties["collections"] = self.groups.collections_for(now, changes[FIELD])
                record, changes = self.groups.in_record(record, ()), {**changes, FIELD: {}}
            properties |= item_changes(item, record, changes, self.mapping)
        if not properties:
            return True
        sent = {"key": item["key"], "version": item["version"], **properties}
        return self._add(Change(sent, properties_before(item, properties), item_title(item)))

    def create(self, key: str, record: Record) -> bool:
        """Create an item for a record; whether Zotero would accept it."""
        placed: Item = {}
        if self.groups.used_in_file:
            if collections := self.groups.collections_for({}, {FIELD: record.get(FIELD)}):
                placed = {"collections": collections}
            record = self.groups.in_record(record, ())
        if self.collection:
            placed["collections"] = [*placed.get("collections", ()), self.collection]
        wanted = to_item(record, (), self.mapping) | placed
        return self._add(Change({"key": key, "version": 0, **wanted}, {}, item_title(wanted), wanted))

    def trash(self, item: Mapping[str, Any]) -> None:
        """Put an item into the trash."""
        self._trashing.append(change_to(item, {"deleted": True}))

    @property
    def changes(self) -> tuple[Change, ...]:
        """The writes in the order in which they are sent: those that put items into the trash come last."""
        return (*self._changes, *self._trashing)

    @property
    def collections(self) -> tuple[Item, ...]:
        """The collections that have to be created before."""
        return self.groups.used({key for change in self._changes for key in change.object.get("collections", ())})

    def _add(self, change: Change) -> bool:
        if reasons := "; ".join(limit_violations(change.object, self.mapping.schema)):
            self.refused.append(Refusal(change.key, change.title, reasons))
            return False
        self._changes.append(change)
        return True
