"""What a pull makes of a library: a new .bib file, or the existing one with what changed. Pure.

An entry whose item is unchanged since the last pull keeps every byte, and so does each field that equals the item's. No
entry is removed from a file: items that were deleted in Zotero are reported.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from refsync.formats.bibtex.edit import (
    Edit,
    apply_edits,
    check_untouched,
    entries,
    remove_fields,
    set_fields,
    set_type,
)
from refsync.formats.bibtex.write import dump
from refsync.formats.common.dialect import Dialect, dialect_of
from refsync.planning.citation_keys import assign_keys
from refsync.planning.settings import ExportSettings
from refsync.records import Problem, Record
from refsync.zotero.items.child_notes import ANNOTATION_FIELDS, with_notes
from refsync.zotero.items.citation_key_match import is_same_paper
from refsync.zotero.items.exports import said_alike
from refsync.zotero.items.mapping import MappingSettings, to_record
from refsync.zotero.pull.entry_merge import EntryBase, MergeRules, base_of_new_entry, merge_entry

Data = Mapping[str, Any]
FILE = "file"
"""The field with the paths of files."""

Status = Literal["added", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class PulledItems:
    """The items to pull.

    Attributes:
        library: the library's name.
        papers: the items.
        notes: the texts of the notes of each item; None if notes are not pulled.
        files: the names of the attachments of each item.
        file_fields: the field `file` of each item; None if files are not pulled.
    """

    library: str
    papers: Sequence[Data]
    notes: Mapping[str, Sequence[str]] | None = None
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    file_fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PullSettings:
    """How a file is updated.

    Attributes:
        mapping: how items are converted to records.
        export: how new entries are written.
        overwrite: whether the library's values win over edits of the file.
        versioned: whether an item with the same version is unchanged.
    """

    mapping: MappingSettings
    export: ExportSettings
    overwrite: bool = False
    versioned: bool = True


@dataclass(frozen=True, slots=True)
class PullPlan:
    """What a pull would do.

    Attributes:
        text: the new text of the file.
        base: the merge base for the next pull, by item key.
        statuses: what happens to the entry of each item.
        notes: what to report.
    """

    text: str
    base: Mapping[str, EntryBase]
    statuses: Mapping[str, Status]
    notes: tuple[Problem, ...] = ()

    def count(self, status: Status) -> int:
        """How many entries have a status."""
        return sum(one == status for one in self.statuses.values())


def with_citation_keys(
    records: Sequence[Record],
    items: Sequence[Data],
    base: Mapping[str, EntryBase],
    taken: Collection[str] = (),
    template: str = "",
) -> list[Record]:
    """The records of items, each with a unique citation key: the one of the last pull, its own, or a new one."""
    named = [base[item["key"]].key if item["key"] in base else "" for item in items]
    unnamed = [i for i, key in enumerate(named) if not key]
    keys = assign_keys(
        [records[i] for i in unnamed],
        [not records[i].id.startswith("#") for i in unnamed],
        taken={*(entry.key for entry in base.values()), *taken},
        template=template,
    )
    for i, key in zip(unnamed, keys, strict=True):
        named[i] = key
    return [replace(record, id=key) for record, key in zip(records, named, strict=True)]


def new_file_records(
    items: PulledItems, mapping: MappingSettings, export: ExportSettings
) -> tuple[list[Record], dict[str, EntryBase]]:
    """The records for a new file, and its merge base."""
    mapped = _records_of(items.papers, items, mapping, export.dialect or "bibtex")
    records = with_citation_keys(mapped, items.papers, {}, template=export.keys)
    pairs = zip(items.papers, records, strict=True)
    return records, {item["key"]: base_of_new_entry(record, item["version"]) for item, record in pairs}


def plan_update(
    text: str,
    present: Sequence[Record],
    items: PulledItems,
    gone: Mapping[str, str],
    base: Mapping[str, EntryBase],
    settings: PullSettings,
) -> PullPlan:
    """How a .bib file changes with what changed in the library since the last pull.

    Args:
        text: the file.
        present: its records.
        items: the papers to pull.
        gone: the keys of items that are no longer in the library, each with the reason.
        base: the merge base.
        settings: how the file is updated.
    """
    export = settings.export
    compare_all = settings.overwrite or not settings.versioned
    dialect = export.dialect or dialect_of(present) or "bibtex"
    blocks = entries(text)
    entry_of = {record.id: (record, blocks[record.index - 1]) for record in reversed(present)}
    statuses: dict[str, Status] = {}
    messages = [
        f"{entry.key!r} {gone[key]}; the entry stays"
        for key, entry in base.items()
        if key in gone and entry.key in entry_of
    ]
    changed_items: list[Data] = []
    for item in items.papers:
        before = base.get(item["key"])
        if before and before.key not in entry_of:  # the user removed it, or gave it another key
            messages.append(f"{before.key!r} is in Zotero, but no longer in the file; left out")
        elif before and before.version == item["version"] and not compare_all and not _has_notes(item, before, items):
            statuses[item["key"]] = "unchanged"
        else:
            changed_items.append(item)
    mapped = _records_of(changed_items, items, settings.mapping, dialect)
    matched = {
        item["key"]: EntryBase(record.id, 0)
        for item, record in zip(changed_items, with_citation_keys(mapped, changed_items, base), strict=True)
        if record.id in entry_of and (item["key"] in base or is_same_paper(entry_of[record.id][0], record))
    }
    records = with_citation_keys(mapped, changed_items, {**base, **matched}, entry_of)
    edits: list[Edit] = []
    edited_blocks: set[int] = set()
    new: list[Record] = []
    new_base = {key: entry for key, entry in base.items() if key not in gone}
    for item, record in zip(changed_items, records, strict=True):
        key = item["key"]
        if key not in matched:
            statuses[key] = "added"
            new.append(record)
            new_base[key] = base_of_new_entry(record, item["version"])
            continue
        entry, block = entry_of[record.id]
        update = merge_entry(
            entry,
            _with_own_files(record, entry, base.get(key)),
            item["version"],
            base.get(key),
            dialect,
            MergeRules(
                overwrite=settings.overwrite,
                ignored=_not_pulled(items),
                alike=() if key in base else said_alike(entry, item, items.files.get(key, ()), settings.mapping),
            ),
        )
        statuses[key] = "changed" if update.changes else "unchanged"
        new_base[key] = update.base
        messages += [f"{entry.id!r}: {note}" for note in update.notes]
        edits += set_fields(text, block, update.values) + remove_fields(text, block, update.removed)
        edits += [set_type(text, block, update.type)] if update.type else []
        edited_blocks |= {block.start} if update.changes else set()
    after = apply_edits(text, edits)
    check_untouched(text, after, (), edited_blocks)
    if new:
        after = append_entries(after, dump(new, export.dialect or None))
    notes = tuple(Problem(items.library, message, kind="note") for message in messages)
    return PullPlan(after, new_base, statuses, notes)


def _records_of(papers: Sequence[Data], items: PulledItems, mapping: MappingSettings, dialect: Dialect) -> list[Record]:
    """The records of some of the items, with their notes."""
    records = [to_record(item, items.library, index, mapping, dialect) for index, item in enumerate(papers, 1)]
    notes, files = items.notes or {}, items.file_fields or {}
    with_files = (
        replace(record, fields={**record.fields, FILE: files[item["key"]]}) if item["key"] in files else record
        for item, record in zip(papers, records, strict=True)
    )
    return [
        with_notes(record, notes.get(item["key"], ()), dialect) for item, record in zip(papers, with_files, strict=True)
    ]


def _with_own_files(record: Record, entry: Record, before: EntryBase | None) -> Record:
    """A record without files, if its entry has some that no pull wrote."""
    if not entry.get(FILE) or (before and FILE in before.digests):
        return record
    return replace(record, fields={name: value for name, value in record.fields.items() if name != FILE})


def _not_pulled(items: PulledItems) -> tuple[str, ...]:
    """The fields that are not pulled, and so are no values that items have lost."""
    return (*(ANNOTATION_FIELDS if items.notes is None else ()), *((FILE,) if items.file_fields is None else ()))


def _has_notes(item: Data, before: EntryBase, items: PulledItems) -> bool:
    """Whether an item has, or had, notes or files to compare: changes of these do not change its version."""
    had_notes = any(name in before.digests for name in ANNOTATION_FIELDS)
    has_notes = items.notes is not None and (item["key"] in items.notes or had_notes)
    has_files = items.file_fields is not None and (item["key"] in items.file_fields or FILE in before.digests)
    return has_notes or has_files


def append_entries(text: str, more: str) -> str:
    """The file with entries appended after one blank line."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() or text.endswith(("\n\n", "\r\n\r\n")) else "\n" if text.endswith("\n") else "\n\n"
    return text + (gap + more.rstrip("\n") + "\n").replace("\n", line_end)
