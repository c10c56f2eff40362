"""The smallest change of an entry's text that makes it say other units. Pure: text in, text out.

Fields keep the names that the entry gives them (`journal` or `journaltitle`), their order and their delimiters.
"""

from collections.abc import Mapping
from dataclasses import replace

from refsync.formats.bibtex.dialect import Dialect, to_dialect
from refsync.formats.bibtex.edit import (
    Edit,
    apply_edits,
    entries,
    remove_fields,
    rename_key,
    set_fields,
    set_type,
)
from refsync.records import Record
from refsync.zotero.units import DATE, KEY, TYPE, Unit, Units, with_units

_DATES = ("date", "year", "month", "day")


def edited_entry(text: str, record: Record, changes: Units, dialect: Dialect) -> str:
    """The text of an entry that says other units.

    Args:
        text: the entry alone, from its `@` to its closing brace.
        record: what was read from it.
        changes: the units to change; an empty one is taken out.
        dialect: in whose words new fields are written.
    """
    fields, type_ = field_changes(record, changes, dialect)
    if gone := {name for name, value in fields.items() if not value}:
        text = apply_edits(text, remove_fields(text, entries(text)[0], gone))
    (block, *_) = entries(text)
    edits: list[Edit] = [*set_fields(text, block, {name: value for name, value in fields.items() if value})]
    if type_ != record.type:
        edits.append(set_type(text, block, type_))
    if key := changes.get(KEY, {}).get(KEY, ""):
        edits.append(rename_key(text, block, key))
    return apply_edits(text, edits)


def field_changes(record: Record, changes: Units, dialect: Dialect) -> tuple[dict[str, str], str]:
    """The fields to set in an entry, in its own words, with those to take out, which are empty; and its type."""
    others = {name: unit for name, unit in changes.items() if name not in (DATE, KEY)}
    had = to_dialect(with_units(record, {}), dialect)
    wanted = to_dialect(with_units(record, others), dialect)
    own = _own_names(record, dialect)
    fields: dict[str, str] = {}
    for name in dict.fromkeys([*had.fields, *wanted.fields]):
        if name not in _DATES and had.fields.get(name) != wanted.fields.get(name):
            fields[own.get(name, name)] = wanted.fields.get(name, "")
    if DATE in changes:
        fields |= _date(record, changes[DATE], dialect)
    present = {name for name, value in record.fields.items()}
    fields = {name: value for name, value in fields.items() if value or name in present}
    return fields, wanted.type if TYPE in changes else record.type


def _own_names(record: Record, dialect: Dialect) -> Mapping[str, str]:
    """What the entry calls the fields that a dialect calls otherwise."""
    names: dict[str, str] = {}
    for name, value in record.fields.items():
        single = to_dialect(to_dialect(replace(record, fields={name: value}), "biblatex"), dialect)
        for other in single.fields:
            if other not in record.fields and other != "entrysubtype":
                names[other] = name
    return names


def _date(record: Record, unit: Unit, dialect: Dialect) -> dict[str, str]:
    """A date in the fields that the entry has for it; where it has none, in those of the dialect."""
    has = {name for name in _DATES if record.fields.get(name, "").strip()}
    parted = dict(to_dialect(replace(record, type="article", fields=dict(unit)), "bibtex").fields)
    if has and "date" not in has:
        wanted = parted
    elif has == {"date"} or not has:
        wanted = dict(unit) if has or dialect == "biblatex" else parted
    else:
        wanted = {**parted, **unit}
    return {name: wanted.get(name, "") for name in _DATES if name in has or wanted.get(name)}
