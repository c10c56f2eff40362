"""The smallest change of an entry's text that gives it other units. Pure: text in, text out.

Fields keep their names in the entry (`journal` or `journaltitle`), their order and their delimiters.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from refsync.formats.bibtex.edit import (
    Edit,
    apply_edits,
    entries,
    remove_fields,
    rename_key,
    set_fields,
    set_type,
)
from refsync.formats.common.dialect import Dialect, to_dialect
from refsync.records import Record
from refsync.zotero.items.dates import DATE_FIELDS as _DATES
from refsync.zotero.sync.merge_units import DATE, KEY, TYPE, Unit, Units, with_units


def edited_entry(text: str, record: Record, changes: Units, dialect: Dialect) -> str:
    """The text of an entry with other units.

    Args:
        text: the entry alone, from its `@` to its closing brace.
        record: its record.
        changes: the units to change; an empty one is removed.
        dialect: the dialect of new fields.
    """
    fields, type_ = field_changes(record, changes, dialect)
    if removed := {name for name, value in fields.items() if not value}:
        text = apply_edits(text, remove_fields(text, entries(text)[0], removed))
    (block, *_) = entries(text)
    edits: list[Edit] = [*set_fields(text, block, {name: value for name, value in fields.items() if value})]
    if type_ != record.type:
        edits.append(set_type(text, block, type_))
    if key := changes.get(KEY, {}).get(KEY, ""):
        edits.append(rename_key(text, block, key))
    return apply_edits(text, edits)


def field_changes(record: Record, changes: Units, dialect: Dialect) -> tuple[dict[str, str], str]:
    """The fields to set in an entry, under its own names, those to remove with an empty value; and its type."""
    others = {name: unit for name, unit in changes.items() if name not in (DATE, KEY)}
    had = dict(to_dialect(with_units(record, {}), dialect).fields)
    wanted = to_dialect(with_units(record, others), dialect)
    implied, own = _names(record, dialect)
    if TYPE in changes:  # what the old type implied now needs a field
        had = {name: value for name, value in had.items() if name not in implied or name in record.fields}
    fields: dict[str, str] = {}
    for name in dict.fromkeys([*had, *wanted.fields]):
        if name not in _DATES and had.get(name) != wanted.fields.get(name):
            fields[own.get(name, name)] = wanted.fields.get(name, "")
    if DATE in changes:
        fields |= _date(record, changes[DATE], dialect)
    fields = {
        name: value
        for name, value in fields.items()
        if (value or name in record.fields) and value != record.fields.get(name)
    }
    return fields, wanted.type if TYPE in changes else record.type


def _names(record: Record, dialect: Dialect) -> tuple[Collection[str], Mapping[str, str]]:
    """The fields that an entry's type implies, and the entry's own names for fields with another name in a dialect."""

    def converted(fields: Mapping[str, str]) -> Mapping[str, str]:
        return to_dialect(to_dialect(replace(record, fields=fields), "biblatex"), dialect).fields

    implied = converted({})
    names: dict[str, str] = {}
    for name, value in record.fields.items():
        names |= {other: name for other in converted({name: value}) if other not in implied and other != name}
    return implied, {other: name for other, name in names.items() if other not in record.fields}


def _date(record: Record, unit: Unit, dialect: Dialect) -> dict[str, str]:
    """A date in the fields that the entry has for it; if it has none, in those of the dialect."""
    has = {name for name in _DATES if record.fields.get(name, "").strip()}
    split = dict(to_dialect(replace(record, type="article", fields=dict(unit)), "bibtex").fields)
    if has and "date" not in has:
        wanted = split
    elif has == {"date"} or not has:
        wanted = dict(unit) if has or dialect == "biblatex" else split
    else:
        wanted = {**split, **unit}
    return {name: wanted.get(name, "") for name in _DATES if name in has or wanted.get(name)}
