"""Filling accepted values into records, or into the user's .bib files as edits of spans. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from refsync.errors import ConfigError, StaleError
from refsync.formats.bibtex.edit import Edit, entries, set_fields
from refsync.formats.bibtex.write import complete_record
from refsync.planning.file import PlanFile
from refsync.planning.revision import Revision, revise_entries
from refsync.records import Record

_FIELD = re.compile(r"[a-z][a-z0-9_-]*")
_HINT = "correct that row, or make a new plan: refsync enrich ... --plan"

Values = Mapping[str, str]
"""Values in plain text by field; `type` is the record's type."""


def accepted_values(plan: PlanFile, records: Sequence[Record]) -> dict[int, dict[str, str]]:
    """The values that a plan accepts, by the index of their record.

    Raises:
        ConfigError: a row names an unknown record or an invalid field, or two rows give one field different values.
    """
    index_of = {(record.source, record.index): index for index, record in enumerate(records)}
    accepted: dict[int, dict[str, str]] = {}
    for number, row in plan.rows("fills", "accepted"):
        where, name, value = f"{plan.path}: fills[{number}]", row["field"].lower(), row["value"]
        index = index_of.get((row["source"], row["index"]))
        if index is None:
            raise ConfigError(f"{where}: {row['source']} has no record {row['index']}", hint=_HINT)
        if not _FIELD.fullmatch(name) or not value.strip():
            raise ConfigError(f"{where}: {name!r} = {value!r} cannot be a field of a record", hint=_HINT)
        if row.get("markup", "text") != "text":
            raise ConfigError(f"{where}: markup is {row['markup']!r}", hint="values to fill are plain text")
        if accepted.setdefault(index, {}).setdefault(name, value) != value:
            raise ConfigError(
                f"{where}: {row['field']!r} has another accepted value above", hint="accept one of the two"
            )
    return accepted


def fill_records(records: Sequence[Record], values: Mapping[int, Values]) -> list[Record]:
    """The records with values filled in, in the mark-up of each record.

    Args:
        records: the library.
        values: by the index of the record.

    Raises:
        StaleError: a record already has a value for the field; values are never overwritten.
    """
    return [_filled(record, values[index]) if index in values else record for index, record in enumerate(records)]


def fill_texts(texts: Mapping[str, str], records: Sequence[Record], values: Mapping[int, Values]) -> list[Revision]:
    """The revision of each file with values filled in; all other bytes stay.

    Args:
        texts: the files by source. Every record that gets values is an entry of one of them.
        records: the records of these files.
        values: by the index of the record.

    Raises:
        StaleError: an entry already has a value for the field; values are never overwritten.
        EditRefusedError: an edit would change something else; nothing may be written then.
    """
    blocks = {source: entries(text) for source, text in texts.items()}
    edits: dict[str, list[Edit]] = {source: [] for source in texts}
    changed: dict[str, set[int]] = {source: set() for source in texts}
    for index, new_values in values.items():
        record = records[index]
        block = blocks[record.source][record.index - 1]
        written = {name: value for name, value in _as_written(record, new_values).items() if name != "type"}
        edits[record.source] += set_fields(texts[record.source], block, written)
        changed[record.source].add(block.start)
    return revise_entries(texts, edits, changed)


def _filled(record: Record, values: Values) -> Record:
    written = _as_written(record, values)
    type_ = written.pop("type", record.type)
    fields = {name: value for name, value in record.fields.items() if name not in written} | written
    return replace(record, type=type_, fields=fields)


def _as_written(record: Record, values: Values) -> dict[str, str]:
    """The values in the mark-up of the record; LaTeX is written so that any BibTeX reads it."""
    for name in values:
        if name != "type" and record.get(name).strip():
            raise StaleError(
                f"{record.source}: {record.id!r} has a {name!r} now",
                hint="make a new plan; values are never overwritten",
            )
    if record.markup == "text":
        return dict(values)
    fields = {name: value for name, value in values.items() if name != "type"}
    latex = complete_record(replace(record, fields=fields, markup="text")).fields
    written = {name: latex[name] for name in fields}
    if "pages" in written:
        written["pages"] = written["pages"].replace("--", "-").replace("-", "--").replace("–", "--")
    return written
