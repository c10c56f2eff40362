"""What a sync compares: a record taken apart into units, each of which may change on its own. Pure.

A unit is a BibLaTeX field, or several that say one thing: a date, an entry's type. So both sides are compared in one
language, whichever dialect the file is in and wherever Zotero keeps a value. Lists are compared member by member.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from refsync.formats.common.dialect import to_dialect
from refsync.records import Record, keys_in
from refsync.zotero.items.tags import keyword_tags, split_keywords
from refsync.zotero.items.value_comparison import same_value
from refsync.zotero.items.values import to_value

Unit = Mapping[str, str]
"""The fields of a unit that say something, with their values in LaTeX; empty where none does."""

Units = Mapping[str, Unit]

KEY, TYPE, DATE = "citationkey", "entrytype", "date"
"""Units that are no field, or more than one."""

LISTS = frozenset({"keywords", "groups", "ids", "related"})
"""Units that are sets of words."""

_GROUPS = {"year": DATE, "month": DATE, "day": DATE, "entrysubtype": TYPE}


def unit_of(name: str) -> str:
    """The unit that a BibLaTeX field belongs to."""
    return _GROUPS.get(name, name)


def units_of(record: Record) -> dict[str, Unit]:
    """A record's units. A number in place of a key, which a reader gave, is no key."""
    record = to_dialect(record, "biblatex")
    units: dict[str, dict[str, str]] = {TYPE: {TYPE: record.type}}
    if not record.id.startswith("#"):
        units[KEY] = {KEY: record.id}
    for name, value in record.fields.items():
        if value.strip():
            units.setdefault(unit_of(name), {})[name] = value
    return dict(units)


def with_units(record: Record, changes: Units) -> Record:
    """A record in BibLaTeX's words with other units; fields keep their places."""
    record = to_dialect(record, "biblatex")
    fields: dict[str, str] = {}
    left = {name: dict(unit) for name, unit in changes.items()}
    for name, value in record.fields.items():
        unit = unit_of(name)
        if unit in changes:
            fields |= {field: said for field, said in left.pop(unit, {}).items() if field not in (KEY, TYPE)}
        else:
            fields[name] = value
    for rest in left.values():
        fields |= {field: said for field, said in rest.items() if field not in (KEY, TYPE)}
    key = changes[KEY].get(KEY, "") if KEY in changes else record.id
    type_ = changes[TYPE].get(TYPE, "misc") if TYPE in changes else record.type
    return replace(record, id=key or record.id, type=type_, fields=fields)


def identical(name: str, one: Unit, other: Unit) -> bool:
    """Whether two states of one side say the same: accents and spaces may be spelled differently, nothing else."""
    if name in LISTS:
        return words(name, one).keys() == words(name, other).keys()
    return one.keys() == other.keys() and all(
        same_value(field, value, other[field]) and same_value(field, other[field], value)
        for field, value in one.items()
    )


def agree(name: str, ours: Unit, theirs: Unit) -> bool:
    """Whether the file and Zotero say the same, as far as Zotero can tell."""
    if name in LISTS:
        return words(name, ours).keys() == words(name, theirs).keys()
    return ours.keys() == theirs.keys() and all(
        same_value(field, value, theirs[field])
        or same_value(field, theirs[field], value)
        or to_value(field, value, "latex") == to_value(field, theirs[field], "latex")
        for field, value in ours.items()
    )


def words(name: str, unit: Unit) -> dict[str, str]:
    """The members of a list: what each is known by, and how it is spelled."""
    value = unit.get(name, "")
    if name != "keywords":
        return {to_value(name, word, "latex"): word for word in keys_in(value)}
    found: dict[str, str] = {}
    for spelled in split_keywords(value):
        for tag in keyword_tags(spelled, "latex"):
            found.setdefault(tag["tag"], spelled)
    return found


def with_members(name: str, unit: Unit, gone: Collection[str], more: Iterable[str]) -> Unit:
    """A list without some members and with others, which are given as they are spelled; what stays keeps its places."""
    value = unit.get(name, "")
    mark = "; " if name == "keywords" and ";" in value and "," not in value else ", "
    if not gone:  # what is there stays as it is, white space too
        kept = [value.rstrip().removesuffix(mark.strip())] if value.strip() else []
    else:
        kept = [spelled for word, spelled in words(name, unit).items() if word not in gone]
    listed = mark.join([*kept, *more])
    return {name: listed} if listed else {}


def shown(unit: Unit) -> str:
    """A unit for people."""
    return " / ".join(unit.values())
