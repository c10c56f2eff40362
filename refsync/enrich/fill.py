"""Putting accepted values where they belong: into records, or into the user's .bib files as edits of spans. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from refsync.errors import ConfigError, StaleError
from refsync.formats.bibtex.edit import Edit, entries, set_fields
from refsync.formats.bibtex.write import completed
from refsync.planning.file import PlanFile
from refsync.planning.in_place import Revision, edited
from refsync.records import Record

_FIELD = re.compile(r"[a-z][a-z0-9_-]*")
_ANEW = "mend that row, or make the plan anew: refsync enrich ... --plan"

Values = Mapping[str, str]
"""Values in plain text by field; `type` is the record's type."""


def accepted_values(plan: PlanFile, records: Sequence[Record]) -> dict[int, dict[str, str]]:
    """The values that a plan accepts, by the place of their record.

    Raises:
        ConfigError: a row names a record or a field that cannot be, or two give one field different values.
    """
    at = {(record.source, record.index): place for place, record in enumerate(records)}
    found: dict[int, dict[str, str]] = {}
    for number, row in plan.rows("fills", "accepted"):
        where, name, value = f"{plan.path}: fills[{number}]", row["field"].lower(), row["value"]
        place = at.get((row["source"], row["index"]))
        if place is None:
            raise ConfigError(f"{where}: {row['source']} has no record {row['index']}", hint=_ANEW)
        if not _FIELD.fullmatch(name) or not value.strip():
            raise ConfigError(f"{where}: {name!r} = {value!r} can be no field of a record", hint=_ANEW)
        if row.get("markup", "text") != "text":
            raise ConfigError(f"{where}: markup is {row['markup']!r}", hint="values to fill are plain text")
        if found.setdefault(place, {}).setdefault(name, value) != value:
            raise ConfigError(f"{where}: {row['field']!r} gets another value above", hint="accept one of the two")
    return found


def fill_records(records: Sequence[Record], values: Mapping[int, Values]) -> list[Record]:
    """The records with values put in, in the mark-up that each record has.

    Args:
        records: the library.
        values: by the record's place.

    Raises:
        StaleError: a record has a value there already, which is never overwritten.
    """
    return [_filled(record, values[place]) if place in values else record for place, record in enumerate(records)]


def fill_texts(texts: Mapping[str, str], records: Sequence[Record], values: Mapping[int, Values]) -> list[Revision]:
    """What becomes of each file when values are put in; every other byte stays.

    Args:
        texts: the files by source. Every record that gets values is an entry of one of them.
        records: what was read from them.
        values: by the record's place.

    Raises:
        StaleError: an entry has a value there already, which is never overwritten.
        EditRefusedError: an edit would change something else; nothing may be written then.
    """
    blocks = {source: entries(text) for source, text in texts.items()}
    edits: dict[str, list[Edit]] = {source: [] for source in texts}
    changed: dict[str, set[int]] = {source: set() for source in texts}
    for place, given in values.items():
        record = records[place]
        block = blocks[record.source][record.index - 1]
        written = {name: value for name, value in _written(record, given).items() if name != "type"}
        edits[record.source] += set_fields(texts[record.source], block, written)
        changed[record.source].add(block.start)
    return edited(texts, edits, changed)


def _filled(record: Record, given: Values) -> Record:
    written = _written(record, given)
    type_ = written.pop("type", record.type)
    fields = {name: value for name, value in record.fields.items() if name not in written} | written
    return replace(record, type=type_, fields=fields)


def _written(record: Record, given: Values) -> dict[str, str]:
    """The values as they stand in the record: in LaTeX that any BibTeX reads, where it is LaTeX."""
    for name in given:
        if name != "type" and record.get(name).strip():
            raise StaleError(
                f"{record.source}: {record.id!r} has a {name!r} by now", hint="plan anew: values are never overwritten"
            )
    if record.markup == "text":
        return dict(given)
    fields = {name: value for name, value in given.items() if name != "type"}
    latex = completed(replace(record, fields=fields, markup="text")).fields
    written = {name: latex[name] for name in fields}
    if "pages" in written:
        written["pages"] = written["pages"].replace("--", "-").replace("-", "--").replace("–", "--")
    return written
