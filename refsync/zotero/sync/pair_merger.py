"""Merging the entry and the item of a pair: their current units, and those of the merge base. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from refsync.records import Record
from refsync.zotero.items.child_notes import notes_in, with_notes, without_notes
from refsync.zotero.items.exports import said_alike
from refsync.zotero.items.mapping import Item, MappingSettings, to_item, to_record
from refsync.zotero.sync.groups import FIELD, Groups
from refsync.zotero.sync.merge_base import SyncedPair, SyncedPairs, entry_json
from refsync.zotero.sync.merge_units import KEY, TYPE, unit_of, units_of
from refsync.zotero.sync.three_way import Decide, MergeBase, MergeResult, merge

ANNOTATION = "annotation"

NOTES = "notes"
"""The name under which the merge base of an item has the notes in the entry's annotation."""


@dataclass(slots=True)
class PairMerger:
    """Merges pairs; the records of items are cached.

    Attributes:
        items: all items by key, with those in the trash.
        base: the pairs of the last sync.
        groups: the library's collections.
        mapping: how items are converted to records.
        notes: the texts of the notes of each item.
        files: the names of the attachments of each item.
        made_keys: the items whose entries have another key because theirs was taken, or is none for BibTeX.
    """

    items: Mapping[str, Item]
    base: SyncedPairs
    groups: Groups
    mapping: MappingSettings
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    made_keys: set[str] = field(default_factory=set)
    _records: dict[str, Record] = field(default_factory=dict)

    def is_live(self, key: str) -> bool:
        """Whether the item exists outside the trash."""
        item = self.items.get(key)
        return item is not None and not item.get("deleted")

    def is_unchanged(self, key: str, record: Record) -> bool:
        """Whether both sides are as they were at the last sync, without open conflicts."""
        item, before = self.items[key], self.base.get(key)
        if before is None or before.open or before.version != item["version"] or before.entry != entry_json(record):
            return False
        # renaming or deleting a collection does not change the item's version
        return not self.groups.used_in_file or before.item.get(FIELD) == self.groups.names(item)

    def record_of(self, key: str) -> Record:
        """The record of an item, with its collections as groups."""
        if key not in self._records:
            item = self.items[key]
            record = to_record(item, settings=self.mapping)
            if self.groups.used_in_file:
                record = self.groups.in_record(record, self.groups.names(item))
            self._records[key] = record
        return self._records[key]

    def base_units(self, before: SyncedPair) -> MergeBase:
        """The units of both sides at the last sync."""
        item = before.item
        record = to_record(item, settings=self.mapping)
        open_ = dict(before.open)
        if self.groups.used_in_file:
            record = self.groups.in_record(record, item.get(FIELD, ()))
            if FIELD not in item:  # the file had no groups then
                open_[FIELD] = None
        return MergeBase(units_of(without_notes(before.record, item.get(NOTES, ()))), units_of(record), open_)

    def notes_in(self, key: str, record: Record) -> tuple[str, ...]:
        """The notes of the item that are in the entry's annotation, as they are now or were at the last sync.

        They came from a pull and belong to the file alone: Zotero has them as notes.
        """
        before = self.base.get(key)
        notes = (*self.notes.get(key, ()), *(before.item.get(NOTES, ()) if before else ()))
        in_item = notes_in(self.record_of(key), notes)
        return notes_in(record, (note for note in notes if note not in in_item))

    def merge(self, key: str, record: Record, decide: Decide) -> MergeResult:
        """The three-way merge of an entry and its item."""
        item, before = self.items[key], self.base.get(key)
        notes = self.notes_in(key, record)
        ours, theirs = units_of(without_notes(record, notes)), units_of(self.record_of(key))
        agreeing: set[str] = set()
        if before is None or None in before.open.values():  # never merged
            alike = said_alike(without_notes(record, notes), item, self.files.get(key, ()), self.mapping)
            agreeing = {unit_of(name) for name in alike}
        if key in self.made_keys:
            agreeing.add(KEY)
        if ours[TYPE] != theirs[TYPE]:  # Zotero may have no other item type for it
            agreeing |= {TYPE} if to_item(record, (), self.mapping)["itemType"] == item["itemType"] else set()
        result = merge(self.base_units(before) if before else None, ours, theirs, decide, agreeing)
        return with_own_notes(result, record, notes)


def with_own_notes(result: MergeResult, record: Record, notes: Sequence[str]) -> MergeResult:
    """The result in which an entry that gets another annotation keeps the notes after it."""
    if not notes or ANNOTATION not in result.to_ours:
        return result
    own = replace(record, fields=dict(result.to_ours[ANNOTATION]))
    return replace(result, to_ours={**result.to_ours, ANNOTATION: with_notes(own, notes, "biblatex").fields})
