"""The writes to a library while a sync is worked out: items changed, made and put into the trash. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from refsync.records import Record
from refsync.zotero.items.mapping import Item, MappingSettings, to_item
from refsync.zotero.items.server_limits import faults
from refsync.zotero.merge.steps import change_to, title_of
from refsync.zotero.push.plan import Change, Refusal
from refsync.zotero.sync.groups import FIELD, Groups
from refsync.zotero.sync.item_edit import held_before, item_changes
from refsync.zotero.sync.merge_units import Units


@dataclass(slots=True)
class Writes:
    """What is to be written to a library, and what Zotero would not take.

    Attributes:
        groups: the library's collections.
        mapping: how records become items.
        refused: what cannot be sent.
    """

    groups: Groups
    mapping: MappingSettings
    refused: list[Refusal] = field(default_factory=list)
    _changes: list[Change] = field(default_factory=list)
    _hiding: list[Change] = field(default_factory=list)

    def change(self, item: Mapping[str, Any], said: Record, changes: Units, more: Item) -> bool:
        """Let an item say other units, if it needs a write for that; whether Zotero would take it.

        Args:
            item: its `data`.
            said: what it says.
            changes: the units to change.
            more: properties to set anyway.
        """
        properties = {**more}
        if changes:
            if item["itemType"] not in self.mapping.schema.types:
                told = f"its item type {item['itemType']!r} is not known; only Zotero can change it"
                self.refused.append(Refusal(item["key"], title_of(item), told))
                return False
            if self.groups.held and FIELD in changes:
                properties["collections"] = self.groups.collections_for(item, changes[FIELD])
                said, changes = self.groups.said_by(said, ()), {**changes, FIELD: {}}
            properties |= item_changes(item, said, changes, self.mapping)
        if not properties:
            return True
        sent = {"key": item["key"], "version": item["version"], **properties}
        return self._put(Change(sent, held_before(item, properties), title_of(item), {}))

    def create(self, key: str, record: Record) -> bool:
        """Make an item that says what a record says; whether Zotero would take it."""
        placed: Item = {}
        if self.groups.held:
            if collections := self.groups.collections_for({}, {FIELD: record.get(FIELD)}):
                placed = {"collections": collections}
            record = self.groups.said_by(record, ())
        wanted = to_item(record, (), self.mapping) | placed
        return self._put(Change({"key": key, "version": 0, **wanted}, {}, title_of(wanted), wanted))

    def hide(self, item: Mapping[str, Any]) -> None:
        """Put an item into the trash."""
        self._hiding.append(change_to(item, {"deleted": True}))

    @property
    def changes(self) -> tuple[Change, ...]:
        """In the order in which they are sent: what hides something comes last."""
        return (*self._changes, *self._hiding)

    @property
    def collections(self) -> tuple[Item, ...]:
        """The collections that have to be there before."""
        return self.groups.used({key for change in self._changes for key in change.object.get("collections", ())})

    def _put(self, change: Change) -> bool:
        if told := "; ".join(faults(change.object, self.mapping.schema)):
            self.refused.append(Refusal(change.key, change.title, told))
            return False
        self._changes.append(change)
        return True
