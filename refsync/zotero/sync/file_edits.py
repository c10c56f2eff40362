"""The edits of the file that a sync plans: entries changed, removed and appended. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched, delete_entry, entries, merge_deletions
from refsync.formats.bibtex.scan import Block
from refsync.formats.bibtex.write import dump
from refsync.formats.common.dialect import Dialect
from refsync.records import Record
from refsync.text.latex import latex_to_text
from refsync.zotero.pull.plan import append_entries
from refsync.zotero.sync.entry_edit import edited_entry, field_changes
from refsync.zotero.sync.merge_units import KEY, TYPE, Units
from refsync.zotero.sync.plan_types import FileEdit


@dataclass(slots=True)
class FileEdits:
    """The text of the file, and its edits.

    Attributes:
        text: as it was read.
        dialect: the dialect of fields that are added to entries.
        written_for: the dialect of new entries; readable by BibTeX and BibLaTeX if empty.
        edits: the list of edits, for reports.
        new: the entries that are appended.
        removed: the numbers of those that are removed.
    """

    text: str
    dialect: Dialect
    written_for: Literal["", "bibtex", "biblatex"] = ""
    edits: list[FileEdit] = field(default_factory=list)
    new: list[Record] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    _changed: dict[int, str] = field(default_factory=dict)  # the text of each entry that changes, by its number
    _blocks: list[Block] = field(default_factory=list)

    def change(self, record: Record, changes: Units) -> None:
        """Set units of an entry, if that changes its text."""
        if not changes:
            return
        number = record.index - 1
        block = self._block(number)
        text = self.text[block.start : block.end]
        after = edited_entry(text, record, changes, self.dialect)
        if after == text:
            return
        self._changed[number] = after
        fields, type_ = field_changes(record, changes, self.dialect)
        values = {name: (record.fields.get(name, ""), value) for name, value in fields.items()}
        if type_ != record.type:
            values[TYPE] = (record.type, type_)
        if KEY in changes:
            values[KEY] = (record.id, changes[KEY][KEY])
        self._add_edit("changed", record, values)

    def remove(self, record: Record) -> None:
        """Remove an entry."""
        self.removed.add(record.index - 1)
        self._add_edit("removed", record, {})

    def append(self, record: Record) -> None:
        """Append an entry."""
        self.new.append(record)
        self._add_edit("added", record, {})

    def result(self) -> str:
        """The text of the file with all edits; everything else is unchanged."""
        after = self.text
        if self._changed or self.removed:
            changed = {self._block(number): text for number, text in self._changed.items()}
            removed = [self._block(number) for number in self.removed]
            gone = merge_deletions(delete_entry(self.text, block) for block in removed)
            after = apply_edits(self.text, [*(Edit(at.start, at.end, text) for at, text in changed.items()), *gone])
            check_untouched(self.text, after, {at.start for at in removed}, {at.start for at in changed})
        return append_entries(after, dump(self.new, self.written_for or None)) if self.new else after

    def _add_edit(
        self, kind: Literal["added", "changed", "removed"], record: Record, fields: Mapping[str, tuple[str, str]]
    ) -> None:
        self.edits.append(FileEdit(kind, record.id, latex_to_text(record.get("title")), fields))

    def _block(self, number: int) -> Block:
        """The block of an entry."""
        self._blocks = self._blocks or entries(self.text)
        return self._blocks[number]
