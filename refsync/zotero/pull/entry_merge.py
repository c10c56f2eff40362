"""The three-way merge of one entry with its item, in which the entry follows the item. Pure.

Fields that changed only in Zotero are taken over. Fields that were edited in the file stay; if both changed, that is
reported.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from refsync.formats.common.dialect import Dialect, to_dialect
from refsync.records import Record
from refsync.text.latex import latex_to_text
from refsync.text.latex_safety import escape_unsafe
from refsync.text.whitespace import collapse_whitespace
from refsync.zotero.items.dates import DATE_FIELDS, compare_dates
from refsync.zotero.items.value_comparison import equal_in_zotero

FieldDigests = Mapping[str, tuple[str, str]]
"""By field, the digest of the item's value, and that of the entry's."""

DIGITS = 8  # of a digest


@dataclass(frozen=True, slots=True)
class EntryBase:
    """The state of an item and its entry at the last pull.

    Attributes:
        key: the entry's citation key.
        version: the item's version.
        type: the entry type; empty if the file had a different one.
        digests: the values of both.
    """

    key: str
    version: int
    type: str = ""
    digests: FieldDigests = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MergeRules:
    """How an entry follows its item.

    Attributes:
        overwrite: whether the item's values win over edits of the entry.
        ignored: fields that are missing from the record although the item may have values for them.
        alike: fields, with their names in BibLaTeX, in which both have the same in different forms.
    """

    overwrite: bool = False
    ignored: Collection[str] = ()
    alike: Collection[str] = ()


_IN_BIBLATEX = {
    "journal": "journaltitle", "address": "location", "school": "institution", "annote": "annotation",
    "archiveprefix": "eprinttype", "primaryclass": "eprintclass",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryUpdate:
    """How an entry changes.

    Attributes:
        values: the fields to set.
        removed: the fields to remove.
        type: the type to set; empty to keep it.
        base: the merge base for the next pull.
        notes: what to report.
    """

    values: Mapping[str, str]
    removed: tuple[str, ...]
    type: str
    base: EntryBase
    notes: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the entry changes."""
        return bool(self.values or self.removed or self.type)


def merge_entry(
    entry: Record,
    record: Record,
    version: int,
    base: EntryBase | None,
    dialect: Dialect,
    rules: MergeRules = MergeRules(),
) -> EntryUpdate:
    """How an entry takes over the changes of its item.

    Args:
        entry: the entry in the file.
        record: the item's record, in the file's dialect.
        version: the item's.
        base: the merge base; None for an entry that was never pulled, in which the item's values win.
        dialect: the file's.
        rules: which values win.
    """
    overwrite, ignored = rules.overwrite, rules.ignored
    converted = to_dialect(entry, dialect)
    known = base.digests if base else {}
    has_date = {name: value for name, value in converted.fields.items() if name in DATE_FIELDS and value.strip()}
    keeps_date = bool(has_date) and compare_dates(_date_of(converted), _date_of(record)) in ("equal", "first")
    values: dict[str, str] = {}
    digests: dict[str, tuple[str, str]] = {}
    notes: list[str] = []
    for name, value in record.fields.items():
        current = entry.fields.get(name, "")
        if name == "entrysubtype":
            continue
        if name in ignored and name in known:
            digests[name] = known[name]
            continue
        # what came from Zotero has no command that could do harm; the entry may have had one all along
        candidates = (current, converted.fields.get(name, ""), escape_unsafe(current))
        is_alike = (base is None or name not in known) and _IN_BIBLATEX.get(name, name) in rules.alike
        if (
            is_alike
            or (name in DATE_FIELDS and keeps_date)
            or any(one.strip() and equal_in_zotero(name, one, value) for one in candidates)
        ):
            digests[name] = (digest(value), digest(current))
            continue
        item_digest, entry_digest = known.get(name, ("", digest("")))
        edited = base is not None and digest(current) != entry_digest
        if edited and not overwrite:
            if name in known:
                digests[name] = known[name]
            if digest(value) != item_digest:
                notes.append(f"`{name}` is now {_short(value)} in Zotero, but was edited here: {_short(current)} stays")
        else:
            values[name] = value
            digests[name] = (digest(value), digest(value))
    removed = []
    for name in known.keys() - record.fields.keys():
        current = entry.fields.get(name, "")
        if name in ignored:
            digests[name] = known[name]
        elif name not in converted.fields:  # the dialect has another name for it
            continue
        elif current and (overwrite or digest(current) == known[name][1]):
            removed.append(name)
        elif current:
            notes.append(f"`{name}` was emptied in Zotero, but edited here: {_short(current)} stays")
    if base is None and "entrytype" in rules.alike:
        type_, base_type = "", record.type
    else:
        type_, base_type = _merge_type(entry, converted, record, base, notes, overwrite=overwrite)
    return EntryUpdate(
        values=values,
        removed=tuple(sorted(removed)),
        type=type_,
        base=EntryBase(entry.id, version, base_type, digests),
        notes=tuple(notes),
    )


def _date_of(record: Record) -> Mapping[str, str]:
    """The fields of a date in BibLaTeX."""
    dates = {name: value for name, value in record.fields.items() if name in DATE_FIELDS}
    return to_dialect(replace(record, type="article", fields=dates), "biblatex").fields


def base_of_new_entry(record: Record, version: int) -> EntryBase:
    """The merge base of an entry that is written with the item's values."""
    digests = {name: (digest(value), digest(value)) for name, value in record.fields.items()}
    return EntryBase(record.id, version, record.type, digests)


def digest(value: str) -> str:
    """Eight hexadecimal digits, equal for LaTeX values of the same text."""
    text = collapse_whitespace(latex_to_text(value))
    return hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=DIGITS // 2).hexdigest()


def _merge_type(
    entry: Record, converted: Record, record: Record, base: EntryBase | None, notes: list[str], *, overwrite: bool
) -> tuple[str, str]:
    """The type to set (empty to keep it), and the one for the merge base."""
    if record.type in (entry.type, converted.type):
        return "", record.type
    was = base.type if base else ""
    if overwrite or (was and was != record.type and was in (entry.type, converted.type)):
        return record.type, record.type
    if was and was != record.type:
        notes.append(f"is now @{record.type} in Zotero, but was changed to @{entry.type} here, which stays")
    return "", was


def _short(value: str) -> str:
    text = collapse_whitespace(latex_to_text(value))
    return repr(text if len(text) <= 40 else f"{text[:37]}...") if text else "(nothing)"
