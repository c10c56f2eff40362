"""Tables with one field per row, its name first: Embase's CSV `by row`. Each row with a title begins a record."""

import csv
from collections.abc import Iterable, Iterator

from refsync.formats.tables.columns import Columns, count_known_columns, guess_columns, row_record
from refsync.records import Record

_MIN_KNOWN = 3  # known names in the first column


def is_field_per_row(lines: Iterable[str]) -> bool:
    """Whether the first of these lines is a title and the lines below it are other known fields."""
    try:
        names = [cells[0] for cells in csv.reader(lines) if cells]
    except csv.Error:
        return False
    return (
        names[:1] != []
        and guess_columns(names[:1]).names == ("title",)
        and count_known_columns(set(names)) >= _MIN_KNOWN
    )


def read_field_rows(rows: Iterable[tuple[int, list[str]]], source: str) -> Iterator[Record]:
    """The records in rows, given with their lines; several values of one field are joined by semicolons."""
    columns: dict[tuple[str, ...], Columns] = {}
    fields: dict[str, str] = {}
    title = ""
    start = index = 0

    def record() -> Record:
        names = tuple(fields)
        if names not in columns:
            columns[names] = guess_columns(names)
        return row_record(source, index, columns[names], list(fields.values()), start)

    for line, cells in rows:
        name, *values = (cell.strip() for cell in cells)
        title = title or name
        if name == title:
            if fields:
                yield record()
            fields, start, index = {}, line, index + 1
        value = "; ".join(filter(None, values))
        if name and value:
            fields[name] = f"{fields[name]}; {value}" if name in fields else value
    if fields:
        yield record()
