"""Delimited text: CSV with a header row and one record per row (RFC 4180; comma, semicolon, tab or bar)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.line_reader import LineReader
from refsync.formats.common.pieces import WHOLE, Pieces, Place
from refsync.formats.registry import Format
from refsync.formats.tables.cells import spoilt_cells_of_piece
from refsync.formats.tables.columns import Columns, count_known_columns, guess_columns, row_record
from refsync.formats.tables.field_per_row import is_field_per_row, read_field_rows
from refsync.records import Problem, Record, Snapshot, repeated_ids

_SEPARATORS = ",;\t|"
_SEP_LINE = re.compile(r"\s*sep=([^\r\n])\s*", re.IGNORECASE)  # how some exports give Excel the separator
_HEADER_WITHIN = 10  # lines; exports have titles and dates above it
_WIDE = 3  # columns
_SAMPLE = 4  # rows that show that a table is read from the begin of a row
_MAX_HEADER = 20_000  # characters
_MAX_CELL = 2**31 - 1


def read(data: bytes, source: str) -> Snapshot:
    """The records of a table. `id` and `entrytype` are the record's own; every other column is a field: see `columns`.

    Raises:
        SourceError: the file cannot be decoded, has no titles or identifiers, or no rows.
    """
    decoded = decode_export(data, source)
    return _read(io.StringIO(decoded.text, newline=""), source, decoded.problems)[0]


def read_stream(stream: BinaryIO, source: str) -> Snapshot:
    """The records of a table, read line by line; line ends within a cell become LF.

    Raises:
        SourceError: the file is empty or binary, has no titles or identifiers, or no rows.
    """
    lines = LineReader(stream, source)
    return _read(_with_ends(lines), source, lines.problems)[0]


def _with_ends(lines: LineReader) -> Iterator[str]:
    return (f"{line}\n" if lines.ended else line for _, line in lines)


def _read_piece(data: bytes, source: str, place: Place) -> tuple[Snapshot, Place]:
    lines = LineReader(data, source, place.lines)
    snapshot, spoilt = _read(_with_ends(lines), source, lines.problems, place)
    records = place.records + len(snapshot.records)
    return snapshot, replace(place, lines=lines.number, records=records, spoilt=spoilt)


def _row_begins(data: bytes, head: bytes) -> int:
    """Where some rows with as many cells as the header seem to begin; a line may also begin within a cell."""
    if len(head.decode("utf-8", "replace").lstrip().splitlines()) <= 2 * _HEADER_WITHIN:
        return -1  # so many lines decide on the header
    table = _begin_table(_with_ends(LineReader(head, "")), "")
    if not isinstance(table, _Table):
        return -1
    at = 0
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        at += len(line)
        rows = _Rows((one.decode("utf-8", "replace") for one in islice(lines, number, None)), table.separator)
        fits = [
            len(cells) == len(table.columns.header) and not damage and not "".join(rows.row_lines).count('"') % 2
            for _, cells, damage in islice(rows, _SAMPLE)
        ]
        if fits and all(fits):
            return at
    return -1


@dataclass(slots=True)
class _Table:
    """A table whose rows below the header are still to be read."""

    columns: Columns
    separator: str
    rows: "_Rows"
    problems: list[Problem]


def _begin_table(lines: Iterator[str], source: str) -> "_Table | _Rows":
    """The table in these lines, which have line ends; only rows where each has one field.

    Raises:
        SourceError: there are no titles or identifiers.
    """
    first, before = "", []
    for first in lines:
        if first.strip():
            break
        before.append("\n")
    if declared := _SEP_LINE.fullmatch(first):
        before.append("\n")  # so that lines keep their numbers
        first = next(lines, "")
    below = list(islice(lines, _HEADER_WITHIN))
    lines = chain(below, lines)
    if is_field_per_row([first, *below]):
        return _Rows(chain(before, [first], lines), _separator(first))
    above: list[str] = []  # titles and dates of exports
    start = [first, *islice(lines, 0 if declared or _is_header(first) else _HEADER_WITHIN)]
    if header_at := next((i for i, line in enumerate(start) if i and _is_header(line, 3)), 0):
        above, start = start[:header_at], start[header_at:]
        before += ["\n"] * header_at
    first, lines = start[0], chain(start[1:], lines)
    separator = declared[1] if declared else _separator(first)
    rows = _Rows(chain(before, [first], lines), separator)
    header = next(iter(rows), (1, [], ""))[1]
    columns = guess_columns(header)
    if not columns.usable:
        raise missing_title_error(source, header)
    problems = columns.notes(source)
    if text_above := " ".join(" ".join(above).split()):
        problems.insert(0, Problem(source, f"text above the header was ignored: {text_above[:200]!r}", 1, kind="note"))
    return _Table(columns, separator, rows, problems)


def _read(
    lines: Iterator[str], source: str, byte_problems: Sequence[Problem], place: Place = WHOLE
) -> tuple[Snapshot, int]:
    """The records in these lines; `byte_problems` is complete when all were read. Also the `spoilt` of what follows."""
    table = _begin_table(_with_ends(LineReader(place.head, source)) if place.head else lines, source)
    if isinstance(table, _Rows):
        return _read_field_per_row(table, source, byte_problems), 0
    columns, rows, problems = table.columns, table.rows, table.problems
    if place.head:
        rows, problems = _Rows(lines, table.separator, place.lines), []
    header = columns.header
    records: list[Record] = []
    short: Problem | None = None
    single = 0
    for line, cells, damage in rows:
        if damage:
            problems.append(Problem(source, damage, line, fatal=not cells))
        if not any(map(str.strip, cells)):
            continue
        if len(cells) > len(header):
            problems.append(Problem(source, f"{len(cells)} cells for {len(header)} columns: is one not quoted?", line))
        short = None
        single += len(cells) == 1
        if len(cells) < len(header):
            short = Problem(
                source, f"the file ends after {len(cells)} of {len(header)} cells; it looks cut off", line, fatal=True
            )
        records.append(row_record(source, place.records + len(records) + 1, columns, cells, line))
    if len(header) >= _WIDE and single * 3 > len(records):  # lines of a page below names of columns
        message = f"no table: {single} of {len(records)} rows below its header have one cell"
        raise SourceError(source, message, hint="if it is another format, name it with --from")
    if short and not rows.ended:
        problems.append(short)
    if not records:
        raise SourceError(source, "no row below the header", hint="check that the export was complete")
    notes, spoilt = spoilt_cells_of_piece(records, place)
    found = (*byte_problems, *problems, *notes, *repeated_ids(records))
    return Snapshot(source, "csv", tuple(records), found), spoilt


def _read_field_per_row(rows: "_Rows", source: str, byte_problems: Sequence[Problem]) -> Snapshot:
    """The records of a table with one field per row."""
    problems: list[Problem] = []

    def rows_with_cells() -> Iterator[tuple[int, list[str]]]:
        for line, cells, damage in rows:
            if damage:
                problems.append(Problem(source, damage, line, fatal=not cells))
            if cells:
                yield line, cells

    records = tuple(read_field_rows(rows_with_cells(), source))
    return Snapshot(source, "csv", records, (*byte_problems, *problems, *repeated_ids(records)))


class _Rows:
    """The line, cells and damage of each row.

    Only the strict reader of `csv` reports unbalanced quotes. A row with wrong quotes is read again leniently; a row
    whose quote is still open at the end of the file is unreliable and left out, with all that is inside the quote.
    `ended` says whether the last line had a line end; `row_lines` are those of the last row.

    Args:
        lines: with line ends.
        separator: of cells.
        above: the number of lines above a piece of a file.
    """

    def __init__(self, lines: Iterator[str], separator: str, above: int = 0) -> None:
        self.ended = True
        self._above = above
        self._lines = lines
        self._separator = separator
        self.row_lines: list[str] = []
        self._rows = self._read()

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        return self._rows

    def _take(self) -> Iterator[str]:
        for line in self._lines:
            self.row_lines.append(line)
            self.ended = line.endswith(("\n", "\r"))
            yield line

    def _read(self) -> Iterator[tuple[int, list[str], str]]:
        csv.field_size_limit(_MAX_CELL)
        reader = csv.reader(self._take(), delimiter=self._separator, strict=True)
        while True:
            start = self._above + reader.line_num + 1
            self.row_lines.clear()
            try:
                cells, damage = next(reader), ""
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    yield start, [], "the file ends inside a quoted cell of this row; it looks cut off"
                    return
                cells = next(csv.reader(self.row_lines, delimiter=self._separator))
                damage = f"the quotes of this row are unbalanced ({error})"
            if cells:
                yield start, cells, damage


def _is_header(line: str, least: int = 0) -> bool:
    """Whether a line is a header, with at least `least` known names of columns."""
    line = line[:_MAX_HEADER].replace("\r", " ")
    header = next(csv.reader([line], delimiter=_separator(line)), [])
    return guess_columns(header).usable and count_known_columns(header) >= least


def _separator(first_line: str) -> str:
    """The separator with the most known names of columns, else the most columns."""

    def score(separator: str) -> tuple[int, int]:
        header = next(csv.reader([first_line[:_MAX_HEADER]], delimiter=separator), [])
        return count_known_columns(header), len(header)

    return max(_SEPARATORS, key=score)


def missing_title_error(source: str, header: Sequence[str]) -> SourceError:
    """The error for a table without a column of titles."""
    names = ", ".join(name.strip().lower() for name in header)[:200]
    return SourceError(source, f"no column `title` (it has: {names})", line=1, hint="name the columns in the first row")


def sniff(head: bytes) -> float:
    """High if the first line is a header with a title and other columns; prose with the word `title` is not."""
    text = head.decode("utf-8", "replace").lstrip("\r\n")
    lines = re.split(r"\r\n?|\n", text, maxsplit=3)
    if is_field_per_row(text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]):
        return 0.8
    declared = _SEP_LINE.fullmatch(lines[0])
    first, *others = (lines[1:] or [""]) if declared else lines
    separator = declared[1] if declared else _separator(first)
    header = next(csv.reader([first[:_MAX_HEADER]], delimiter=separator), [])
    columns = guess_columns(header)
    if not columns.usable or len(header) == 1:
        below = text.split("\n", _HEADER_WITHIN)[1:_HEADER_WITHIN]
        return 0.75 if any(_is_header(line, 5) for line in below) else 0.0
    if count_known_columns(header) > 1:
        return 0.6
    return 0.3 if others and others[0].count(separator) >= first.count(separator) else 0.0


def write(records: Sequence[Record]) -> bytes:
    """A CSV file of these records: see `table_write`."""
    from refsync.formats.tables.table_write import dump

    return dump(records)


def write_tabs(records: Sequence[Record]) -> bytes:
    """A file of these records with tabs between the columns."""
    from refsync.formats.tables.table_write import dump

    return dump(records, "\t")


FORMAT = Format(
    name="csv",
    suffixes=(".csv",),
    sniff=sniff,
    read=read,
    write=write,
    read_stream=read_stream,
    pieces=Pieces(_row_begins, _read_piece),
)
TSV = replace(FORMAT, name="tsv", suffixes=(".tsv",), sniff=lambda head: 0.0, write=write_tabs)
"""Differs from CSV only when written; `csv` reads all delimited text."""
