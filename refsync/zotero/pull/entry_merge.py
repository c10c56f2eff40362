"""What an entry takes over from its item, held against what both said at the last pull. Pure.

What changed in Zotero alone is taken over, what was edited in the file alone stays, and so does what was edited in
both, which is told.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from refsync.formats.bibtex.tokens import folded
from refsync.formats.common.dialect import Dialect, to_dialect
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.zotero.items.value_comparison import same_value

Said = Mapping[str, tuple[str, str]]
"""By field, a digest of what the item said, and one of what the entry did."""


@dataclass(frozen=True, slots=True)
class EntryBase:
    """What an item became at the last pull into a file: its citation key, the version that it had, and what was said.

    `type` is the entry type, empty where the file had one of its own.
    """

    key: str
    version: int
    type: str = ""
    said: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryUpdate:
    """What to do to an entry, what to remember of it, and what a person should know."""

    values: Mapping[str, str]
    gone: tuple[str, ...]
    type: str
    known: EntryBase
    notes: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return bool(self.values or self.gone or self.type)


def merge_entry(
    entry: Record,
    record: Record,
    version: int,
    before: EntryBase | None,
    dialect: Dialect,
    *,
    overwrite: bool = False,
    left: Collection[str] = (),
) -> EntryUpdate:
    """What an entry takes over from its item.

    Args:
        entry: as it is in the file.
        record: the item's, in the words of the dialect.
        version: the item's.
        before: what is remembered; None for an entry that was never pulled, in which the item's values win.
        dialect: the file's.
        overwrite: let the item's values win over what was edited in the file.
        left: fields of which the item says nothing here, though it may.
    """
    spoken = to_dialect(entry, dialect)
    known = before.said if before else {}
    values: dict[str, str] = {}
    said: dict[str, tuple[str, str]] = {}
    notes: list[str] = []
    for name, value in record.fields.items():
        has = entry.fields.get(name, "")
        if name == "entrysubtype":
            continue
        if name in left and name in known:
            said[name] = known[name]
            continue
        if any(one.strip() and same_value(name, one, value) for one in (has, spoken.fields.get(name, ""))):
            said[name] = (digest(value), digest(has))
            continue
        item_was, file_was = known.get(name, ("", digest("")))
        edited = before is not None and digest(has) != file_was
        if edited and not overwrite:
            if name in known:
                said[name] = known[name]
            if digest(value) != item_was:
                notes.append(f"`{name}` is {_short(value)} in Zotero now, and was edited here: {_short(has)} stays")
        else:
            values[name] = value
            said[name] = (digest(value), digest(value))
    gone = []
    for name in known.keys() - record.fields.keys():
        has = entry.fields.get(name, "")
        if name in left:
            said[name] = known[name]
        elif name not in spoken.fields:  # the dialect has another name for it
            continue
        elif has and (overwrite or digest(has) == known[name][1]):
            gone.append(name)
        elif has:
            notes.append(f"`{name}` was unused_collections in Zotero, and edited here: {_short(has)} stays")
    kind, kind_known = _type(entry, spoken, record, before, notes, overwrite=overwrite)
    return EntryUpdate(values, tuple(sorted(gone)), kind, EntryBase(entry.id, version, kind_known, said), tuple(notes))


def base_of_new_entry(record: Record, version: int) -> EntryBase:
    """What to remember of an entry that is written as the item says it."""
    said = {name: (digest(value), digest(value)) for name, value in record.fields.items()}
    return EntryBase(record.id, version, record.type, said)


def digest(value: str) -> str:
    """Eight letters that tell whether a value says what it said; its LaTeX may be spelled otherwise."""
    text = folded(to_text(value))
    return hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _type(
    entry: Record, spoken: Record, record: Record, before: EntryBase | None, notes: list[str], *, overwrite: bool
) -> tuple[str, str]:
    """The type that an entry gets (empty where it stays), and the one to remember."""
    if record.type in (entry.type, spoken.type):
        return "", record.type
    was = before.type if before else ""
    if overwrite or (was and was != record.type and was in (entry.type, spoken.type)):
        return record.type, record.type
    if was and was != record.type:
        notes.append(f"is @{record.type} in Zotero now, and was made @{entry.type} here, which stays")
    return "", was


def _short(value: str) -> str:
    text = folded(to_text(value))
    return repr(text if len(text) <= 40 else f"{text[:37]}...") if text else "that it is not there"
