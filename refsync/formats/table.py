"""Tables: CSV with a header row, one record a row (RFC 4180; comma, semicolon or tab)."""

import csv
import io
from collections.abc import Iterator

from refsync.errors import SourceError
from refsync.formats.decode import decode_file
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot, repeated_ids

_SEPARATORS = ",;\t"
_USUAL = {"id", "author", "authors", "year", "doi", "journal", "abstract", "url", "entrytype", "pages"}


def read(data: bytes, source: str) -> Snapshot:
    """The records of a table. `id` and `entrytype` are the record's own; every other column is a field.

    Raises:
        SourceError: the file cannot be decoded, has no `title` column, or no row.
    """
    decoded = decode_file(data, source)
    text = decoded.text
    header_line = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=header_line.count)
    rows = _rows(text, separator)
    header = [name.strip().lower() for name in next(rows, (1, [], ""))[1]]
    if "title" not in header:
        raise SourceError(
            source,
            f"no column `title` (it has: {', '.join(header)[:200]})",
            line=1,
            hint="name the columns in the first row",
        )

    records: list[Record] = []
    problems = [
        *decoded.problems,
        *(
            Problem(source, f"the column {name!r} stands twice; the first one that is filled counts", 1)
            for name in sorted({name for name in header if name and header.count(name) > 1})
        ),
    ]
    short: Problem | None = None
    for line, cells, damage in rows:
        if damage:
            problems.append(Problem(source, damage, line, fatal=not cells))
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            problems.append(Problem(source, f"{len(cells)} cells for {len(header)} columns: is one not quoted?", line))
        short = None
        if len(cells) < len(header):
            short = Problem(
                source, f"the file ends after {len(cells)} of {len(header)} cells; it looks cut off", line, fatal=True
            )
        records.append(_record(source, len(records) + 1, header, cells, line))
    if short and not text.endswith(("\n", "\r")):
        problems.append(short)
    if not records:
        raise SourceError(source, "no row below the header", hint="was the export finished?")
    return Snapshot(source, "csv", tuple(records), (*problems, *repeated_ids(records)))


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str], str]]:
    """Line, cells and damage of each row.

    The strict reader alone notices quotes that do not pair up. A row whose quotes are wrong within itself is read
    again leniently; one whose quote is still open at the end of the file cannot be trusted, nor what it swallowed.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines = io.StringIO(text, newline="").readlines()
    reader = csv.reader(lines, delimiter=separator, strict=True)
    start = 1
    while True:
        try:
            cells, damage = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                yield start, [], "the file ends inside a quoted cell of this row; it looks cut off"
                return
            cells = next(csv.reader(lines[start - 1 : reader.line_num], delimiter=separator))
            damage = f"the quotes of this row do not pair up ({error})"
        if cells:
            yield start, cells, damage
        start = reader.line_num + 1


def _record(source: str, index: int, header: list[str], cells: list[str], line: int) -> Record:
    fields: dict[str, str] = {}
    for column, cell in enumerate(cells):
        name = header[column] if column < len(header) else ""
        name = name or f"column{column + 1}"
        if (value := cell.strip()) and name not in fields:
            fields[name] = value
    key = fields.pop("id", f"#{index}")
    kind = fields.pop("entrytype", "misc").lower()
    return Record(source, index, key, kind, fields, line=line)


def sniff(head: bytes) -> float:
    """A first line that names a `title` column and others is a table; prose with that word in it is not."""
    first, *others = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").decode("utf-8", "replace").split("\n", 2)
    separator = max(_SEPARATORS, key=first.count)
    columns = {cell.strip(' "\r').lower() for cell in first.split(separator)}
    if "title" not in columns or len(columns) == 1:
        return 0.0
    if columns & _USUAL:
        return 0.6
    return 0.3 if others and others[0].count(separator) >= first.count(separator) else 0.0


FORMAT = Format(name="csv", suffixes=(".csv", ".tsv"), sniff=sniff, read=read)
