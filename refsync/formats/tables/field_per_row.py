"""Tables of one field a row, its name first: Embase's CSV `by row`. A record begins with each row of a title."""

import csv
from collections.abc import Iterable, Iterator

from refsync.formats.tables.columns import Columns, count_known_columns, guess_columns, row_record
from refsync.records import Record

_LEAST = 3  # known names in the first column


def is_field_per_row(lines: Iterable[str]) -> bool:
    """Whether the first of these lines names a title, and others below it other fields that are known."""
    try:
        names = [cells[0] for cells in csv.reader(lines) if cells]
    except csv.Error:
        return False
    return (
        names[:1] != [] and guess_columns(names[:1]).names == ("title",) and count_known_columns(set(names)) >= _LEAST
    )


def read_field_rows(rows: Iterable[tuple[int, list[str]]], source: str) -> Iterator[Record]:
    """The records in rows, each with its line; of several values of one field, parted by semicolons."""
    columns: dict[tuple[str, ...], Columns] = {}
    fields: dict[str, str] = {}
    title = ""
    start = index = 0

    def done() -> Record:
        names = tuple(fields)
        if names not in columns:
            columns[names] = guess_columns(names)
        return row_record(source, index, columns[names], list(fields.values()), start)

    for line, cells in rows:
        name, *values = (cell.strip() for cell in cells)
        title = title or name
        if name == title:
            if fields:
                yield done()
            fields, start, index = {}, line, index + 1
        value = "; ".join(filter(None, values))
        if name and value:
            fields[name] = f"{fields[name]}; {value}" if name in fields else value
    if fields:
        yield done()
