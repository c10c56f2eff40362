"""What a pull makes of a library: a new .bib file, or the one that is there with what changed. Pure.

An entry whose item is as it was at the last pull keeps every byte, and so does each field that says what the item says.
No entry is taken out of a file: what is gone in Zotero is told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
from refsync.zotero.items.mapping import MappingSettings, to_record
from refsync.zotero.pull.entry_merge import EntryBase, base_of_new_entry, merge_entry

Became = Literal["added", "changed", "unchanged"]
Notes = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Pull:
    """A file as it is to be.

    `known` is what to remember for the next pull, by item key; `became` tells it of each item. `notes` are what a
    person should know.
    """

    text: str
    known: Mapping[str, EntryBase]
    became: Mapping[str, Became]
    notes: tuple[Problem, ...] = ()

    def count(self, what: Became) -> int:
        """How many entries became this."""
        return sum(became == what for became in self.became.values())


def with_citation_keys(
    records: Sequence[Record],
    items: Sequence[Mapping[str, Any]],
    known: Mapping[str, EntryBase],
    taken: Collection[str] = (),
    template: str = "",
) -> list[Record]:
    """The records of items, each with a citation key of its own: the one it got last time, its own, or a new one."""
    named = [known[item["key"]].key if item["key"] in known else "" for item in items]
    fresh = [i for i, key in enumerate(named) if not key]
    keys = assign_keys(
        [records[i] for i in fresh],
        [not records[i].id.startswith("#") for i in fresh],
        taken={*(entry.key for entry in known.values()), *taken},
        template=template,
    )
    for i, key in zip(fresh, keys, strict=True):
        named[i] = key
    return [replace(record, id=key) for record, key in zip(records, named, strict=True)]


def new_file_records(
    items: Sequence[Mapping[str, Any]],
    source: str,
    settings: MappingSettings,
    export: ExportSettings,
    notes: Notes | None = None,
) -> tuple[list[Record], dict[str, EntryBase]]:
    """The records for a file that is not there yet, and what to remember of it."""
    mapped = _mapped(items, source, settings, export.dialect or "bibtex", notes)
    records = with_citation_keys(mapped, items, {}, template=export.keys)
    known = {
        item["key"]: base_of_new_entry(record, item["version"]) for item, record in zip(items, records, strict=True)
    }
    return records, known


def plan_update(
    text: str,
    present: Sequence[Record],
    items: Sequence[Mapping[str, Any]],
    gone: Mapping[str, str],
    known: Mapping[str, EntryBase],
    source: str,
    settings: MappingSettings,
    export: ExportSettings,
    *,
    notes: Notes | None = None,
    overwrite: bool = False,
    versioned: bool = True,
) -> Pull:
    """A .bib file with what changed in the library since the last pull.

    Args:
        text: the file.
        present: its records.
        items: the papers to bring in.
        gone: the keys of items that are not in the library any more, each with the reason.
        known: what the last pull remembered.
        source: the library's name.
        settings: how items are read.
        export: how new entries are written.
        notes: the texts of the notes of each item, to be brought in; None if they are not.
        overwrite: let the library's values win over what was edited in the file.
        versioned: whether an item of the same version is the same.
    """
    look_at_all = overwrite or not versioned
    dialect = export.dialect or dialect_of(present) or "bibtex"
    blocks = entries(text)
    at = {record.id: (record, blocks[record.index - 1]) for record in reversed(present)}
    became: dict[str, Became] = {}
    told = [
        f"{entry.key!r} {gone[key]}; the entry stays" for key, entry in known.items() if key in gone and entry.key in at
    ]
    moved: list[Mapping[str, Any]] = []
    for item in items:
        before = known.get(item["key"])
        if before and before.key not in at:  # the user took it out, or gave it another key
            told.append(f"{before.key!r} is in Zotero, but not in the file any more; left out")
        elif before and before.version == item["version"] and not look_at_all and not _noted(item, before, notes):
            became[item["key"]] = "unchanged"
        else:
            moved.append(item)
    mapped = _mapped(moved, source, settings, dialect, notes)
    found = {
        item["key"]: EntryBase(record.id, 0)
        for item, record in zip(moved, with_citation_keys(mapped, moved, known), strict=True)
        if record.id in at and (item["key"] in known or is_same_paper(at[record.id][0], record))
    }
    records = with_citation_keys(mapped, moved, {**known, **found}, at)
    edits: list[Edit] = []
    changed: set[int] = set()
    new: list[Record] = []
    remembered: dict[str, EntryBase] = {}
    for item, record in zip(moved, records, strict=True):
        key = item["key"]
        if key not in found:
            became[key] = "added"
            new.append(record)
            remembered[key] = base_of_new_entry(record, item["version"])
            continue
        entry, block = at[record.id]
        left = ANNOTATION_FIELDS if notes is None else ()
        following = merge_entry(entry, record, item["version"], known.get(key), dialect, overwrite=overwrite, left=left)
        became[key] = "changed" if following.changes else "unchanged"
        remembered[key] = following.known
        told += [f"{entry.id!r}: {note}" for note in following.notes]
        edits += set_fields(text, block, following.values) + remove_fields(text, block, following.gone)
        edits += [set_type(text, block, following.type)] if following.type else []
        changed |= {block.start} if following.changes else set()
    after = apply_edits(text, edits)
    check_untouched(text, after, (), changed)
    if new:
        after = append_entries(after, dump(new, export.dialect or None))
    problems = tuple(Problem(source, note, kind="note") for note in told)
    return Pull(after, {**{key: known[key] for key in known if key not in gone}, **remembered}, became, problems)


def _mapped(
    items: Sequence[Mapping[str, Any]], source: str, settings: MappingSettings, dialect: Dialect, notes: Notes | None
) -> list[Record]:
    records = [to_record(item, source, index, settings, dialect) for index, item in enumerate(items, 1)]
    texts = notes or {}
    return [
        with_notes(record, texts.get(item["key"], ()), dialect) for item, record in zip(items, records, strict=True)
    ]


def _noted(item: Mapping[str, Any], before: EntryBase, notes: Notes | None) -> bool:
    """Whether an item has, or had, notes to look at: their changes do not move its version."""
    return notes is not None and (item["key"] in notes or any(name in before.said for name in ANNOTATION_FIELDS))


def append_entries(text: str, more: str) -> str:
    """The file with entries behind its last one, after one blank line."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() or text.endswith(("\n\n", "\r\n\r\n")) else "\n" if text.endswith("\n") else "\n\n"
    return text + (gap + more.rstrip("\n") + "\n").replace("\n", line_end)
