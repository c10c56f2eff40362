"""What both sides of a sync say, now and at the last one, so that the two can be held against each other. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from refsync.records import Record
from refsync.zotero.items.child_notes import notes_in, with_notes, without_notes
from refsync.zotero.items.mapping import Item, MappingSettings, to_item, to_record
from refsync.zotero.sync.groups import FIELD, Groups
from refsync.zotero.sync.merge_base import Rows, Synced, entry_json
from refsync.zotero.sync.merge_units import TYPE, units_of
from refsync.zotero.sync.three_way import Base, Decide, Merged, merge

ANNOTATION = "annotation"

NOTES = "notes"
"""Among what is remembered of an item: the notes in the entry's annotation."""


@dataclass(slots=True)
class Sides:
    """What the library and the last sync say; items that were read are kept.

    Attributes:
        items: all items by key, trashed ones too.
        rows: the last sync.
        groups: the library's collections.
        mapping: how items are read.
        notes: the texts of the notes of each item.
    """

    items: Mapping[str, Item]
    rows: Rows
    groups: Groups
    mapping: MappingSettings
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    read: dict[str, Record] = field(default_factory=dict)

    def alive(self, key: str) -> bool:
        """Whether there is such an item, and not in the trash."""
        item = self.items.get(key)
        return item is not None and not item.get("deleted")

    def unchanged(self, key: str, record: Record) -> bool:
        """Whether both are as they were at the last sync, and nothing was left open."""
        item, row = self.items[key], self.rows.get(key)
        if row is None or row.open or row.version != item["version"] or row.entry != entry_json(record):
            return False
        # a collection's name, or that it was deleted, is not told by the item's version
        return not self.groups.held or row.item.get(FIELD) == self.groups.names(item)

    def item(self, key: str) -> Record:
        """What an item says."""
        if key not in self.read:
            item = self.items[key]
            record = to_record(item, settings=self.mapping)
            self.read[key] = self.groups.said_by(record, self.groups.names(item)) if self.groups.held else record
        return self.read[key]

    def base(self, row: Synced) -> Base:
        """What both said at the last sync."""
        item = row.item
        before = to_record(item, settings=self.mapping)
        open_ = dict(row.open)
        if self.groups.held:
            before = self.groups.said_by(before, item.get(FIELD, ()))
            if FIELD not in item:  # the file did not hold any then
                open_[FIELD] = None
        return Base(units_of(without_notes(row.record, item.get(NOTES, ()))), units_of(before), open_)

    def notes_in(self, key: str, record: Record) -> tuple[str, ...]:
        """The notes of its item that an entry's annotation says, as they are now or were at the last sync.

        A pull brought them, and they belong to the file alone: Zotero has them as notes.
        """
        row = self.rows.get(key)
        found = (*self.notes.get(key, ()), *(row.item.get(NOTES, ()) if row else ()))
        own = notes_in(self.item(key), found)
        return notes_in(record, (note for note in found if note not in own))

    def merged(self, key: str, record: Record, decide: Decide) -> Merged:
        """An entry and its item brought together."""
        item, row = self.items[key], self.rows.get(key)
        notes = self.notes_in(key, record)
        ours, theirs = units_of(without_notes(record, notes)), units_of(self.item(key))
        agreeing: tuple[str, ...] = ()
        if ours[TYPE] != theirs[TYPE]:  # Zotero may have no other type for it
            agreeing = (TYPE,) if to_item(record, (), self.mapping)["itemType"] == item["itemType"] else ()
        merged = merge(self.base(row) if row else None, ours, theirs, decide, agreeing)
        return with_own_notes(merged, record, notes)


def with_own_notes(merged: Merged, record: Record, notes: Sequence[str]) -> Merged:
    """What an entry gets, where another annotation comes before the notes in its old one."""
    if not notes or ANNOTATION not in merged.to_ours:
        return merged
    own = replace(record, fields=dict(merged.to_ours[ANNOTATION]))
    return replace(merged, to_ours={**merged.to_ours, ANNOTATION: with_notes(own, notes, "biblatex").fields})
