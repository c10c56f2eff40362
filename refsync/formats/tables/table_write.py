"""Records as a table of text: one row per record, one column per field."""

import csv
import io
from collections.abc import Iterator, Sequence

from refsync.formats.bibtex.write import FIELD_ORDER
from refsync.formats.common.text_record import field_text, invented_fields, needs_statement
from refsync.formats.tables.cells import LONGEST_EMPTY, written_cell
from refsync.formats.tables.columns import KEY_COLUMN, RECORD_COLUMNS
from refsync.records import Record
from refsync.text.bare_identifiers import is_identifier_field


def table_rows(records: Sequence[Record]) -> Iterator[list[str]]:
    """The header and a row for each record, with LaTeX as text; an id is empty if a reader numbered the record.

    `title` is always a column; fields with the name of one of the record's own columns get the suffix `-field`.
    Citation keys that do not look like one are in a last column too, so that they are read as keys again.
    """
    hidden = [*map(invented_fields, records)]
    names: dict[str, None] = {"title": None}
    for record, left_out in zip(records, hidden, strict=True):
        names |= {name: None for name in record.fields if name not in left_out}
    order = [name for name in FIELD_ORDER if name in names]
    order += sorted(names.keys() - set(order))
    columns = [(name, not is_identifier_field(name)) for name in order]
    stating = [*map(needs_statement, records)]
    stated = any(stating)
    yield [*RECORD_COLUMNS, *map(_column, order), *[KEY_COLUMN] * stated]
    for record, states, left_out in zip(records, stating, hidden, strict=True):
        key = "" if record.id.startswith("#") else record.id
        fields = record.fields
        if left_out or record.markup == "latex":
            values = [field_text(record, name) if name in fields and name not in left_out else "" for name in order]
        else:  # most values are as they are; a call for each takes a third of the time
            values = [
                value
                if not (value := fields.get(name, ""))
                or (plain and value.isascii() and "<" not in value and "&" not in value)
                else field_text(record, name)
                for name, plain in columns
            ]
        row = [key, record.type.strip() or "misc", *values]
        yield [*row, key if states else ""] if stated else row


def _column(name: str) -> str:
    """A field's name on one line, different from the record's own columns."""
    shown = " ".join(name.split()) or "field"
    return f"{shown}-field" if shown.lower() in (*RECORD_COLUMNS, KEY_COLUMN) else shown


def dump(records: Sequence[Record], separator: str = ",") -> bytes:
    """The table as a file in UTF-8, in the form of RFC 4180."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator="\r\n").writerows(
        [cell if len(cell) > LONGEST_EMPTY and cell[0].isalnum() else written_cell(cell) for cell in row]
        for row in table_rows(records)
    )
    return stream.getvalue().replace("\0", "").encode("utf-8", "replace")
