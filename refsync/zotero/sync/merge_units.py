"""The units of a record that a sync merges independently. Pure.

A unit is a BibLaTeX field, or several fields that express one thing: a date, an entry's type. Both sides are compared
in BibLaTeX, whichever dialect the file uses and wherever Zotero stores a value. Lists are compared member by member.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from refsync.formats.common.dialect import to_dialect
from refsync.records import Record, keys_in
from refsync.zotero.items.dates import DATE_FIELDS, compare_dates
from refsync.zotero.items.tags import keyword_tags, split_keywords
from refsync.zotero.items.value_comparison import equal_in_zotero, same_value
from refsync.zotero.items.values import to_value

Unit = Mapping[str, str]
"""The fields of a unit that have a value, in LaTeX; empty if none has."""

Units = Mapping[str, Unit]

KEY, TYPE, DATE = "citationkey", "entrytype", "date"
"""Units that are not a field, or more than one."""

LISTS = frozenset({"keywords", "groups", "ids", "related"})
"""Units that are sets of members."""

_UNITS = dict.fromkeys(DATE_FIELDS, DATE) | {"entrysubtype": TYPE}


def unit_of(name: str) -> str:
    """The unit that a BibLaTeX field belongs to."""
    return _UNITS.get(name, name)


def units_of(record: Record) -> dict[str, Unit]:
    """A record's units. A number that a reader generated in place of a citation key is left out."""
    record = to_dialect(record, "biblatex")
    units: dict[str, dict[str, str]] = {TYPE: {TYPE: record.type}}
    if not record.id.startswith("#"):
        units[KEY] = {KEY: record.id}
    for name, value in record.fields.items():
        if value.strip():
            units.setdefault(unit_of(name), {})[name] = value
    return dict(units)


def with_units(record: Record, changes: Units) -> Record:
    """A record in BibLaTeX with other units; fields keep their order."""
    record = to_dialect(record, "biblatex")
    fields: dict[str, str] = {}
    left = {name: dict(unit) for name, unit in changes.items()}
    for name, value in record.fields.items():
        unit = unit_of(name)
        if unit in changes:
            fields |= {field: new for field, new in left.pop(unit, {}).items() if field not in (KEY, TYPE)}
        else:
            fields[name] = value
    for rest in left.values():
        fields |= {field: new for field, new in rest.items() if field not in (KEY, TYPE)}
    key = changes[KEY].get(KEY, "") if KEY in changes else record.id
    type_ = changes[TYPE].get(TYPE, "misc") if TYPE in changes else record.type
    return replace(record, id=key or record.id, type=type_, fields=fields)


def identical(name: str, one: Unit, other: Unit) -> bool:
    """Whether two states of one side are equal: only accents and spaces may be written differently."""
    if name in LISTS:
        return list_members(name, one).keys() == list_members(name, other).keys()
    return one.keys() == other.keys() and all(
        same_value(field, value, other[field]) and same_value(field, other[field], value)
        for field, value in one.items()
    )


def agree(name: str, ours: Unit, theirs: Unit) -> bool:
    """Whether the units of the file and of Zotero are equal, as far as Zotero can distinguish them."""
    if name in LISTS:
        return list_members(name, ours).keys() == list_members(name, theirs).keys()
    if name == DATE and ours and theirs:
        return compare_dates(ours, theirs) == "equal"
    return ours.keys() == theirs.keys() and all(
        equal_in_zotero(field, value, theirs[field]) for field, value in ours.items()
    )


def list_members(name: str, unit: Unit) -> dict[str, str]:
    """The members of a list: each as Zotero has it, with the LaTeX in which it is written."""
    value = unit.get(name, "")
    if name != "keywords":
        return {to_value(name, member, "latex"): member for member in keys_in(value)}
    members: dict[str, str] = {}
    for written in split_keywords(value):
        for tag in keyword_tags(written, "latex"):
            members.setdefault(tag["tag"], written)
    return members


def with_members(name: str, unit: Unit, removed: Collection[str], added: Iterable[str]) -> Unit:
    """A list without some members and with others, which are given in LaTeX; the rest keeps its order."""
    value = unit.get(name, "")
    separator = "; " if name == "keywords" and ";" in value and "," not in value else ", "
    if not removed:  # the present list stays as it is, with its white space
        kept = [value.rstrip().removesuffix(separator.strip())] if value.strip() else []
    else:
        kept = [written for member, written in list_members(name, unit).items() if member not in removed]
    joined = separator.join([*kept, *added])
    return {name: joined} if joined else {}


def display_text(unit: Unit) -> str:
    """A unit as text for people."""
    return " / ".join(unit.values())
