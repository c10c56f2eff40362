"""Tables as text: CSV with a header row, one record a row (RFC 4180; comma, semicolon, tab or bar)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tables.columns import count_known_columns, guess_columns, row_record
from refsync.formats.tables.field_per_row import is_field_per_row, read_field_rows
from refsync.records import Problem, Record, Snapshot, repeated_ids

_SEPARATORS = ",;\t|"
_SEP_LINE = re.compile(r"\s*sep=([^\r\n])\s*", re.IGNORECASE)  # what Excel is told by some exports
_HEADER_WITHIN = 10  # lines; above it stand titles and dates of exports
_LONGEST_HEADER = 20_000  # characters
_LONGEST_CELL = 2**31 - 1


def read(data: bytes, source: str) -> Snapshot:
    """The records of a table. `id` and `entrytype` are the record's own; every other column is a field: see `columns`.

    Raises:
        SourceError: the file cannot be decoded, has neither titles nor identifiers, or no row.
    """
    decoded = decode_export(data, source)
    return _read(io.StringIO(decoded.text, newline=""), source, decoded.problems)


def read_stream(stream: BinaryIO, source: str) -> Snapshot:
    """The same, line by line; what ends the lines within a cell becomes LF.

    Raises:
        SourceError: the file is empty or binary, has neither titles nor identifiers, or no row.
    """
    lines = LineReader(stream, source)
    return _read((f"{line}\n" if lines.ended else line for _, line in lines), source, lines.problems)


def _read(lines: Iterator[str], source: str, odd: Sequence[Problem]) -> Snapshot:
    """The records in these lines, which keep their ends; `odd` is what is odd about their bytes when all were taken."""
    first, before = "", []
    for first in lines:
        if first.strip():
            break
        before.append("\n")
    if told := _SEP_LINE.fullmatch(first):
        before.append("\n")  # lines keep their numbers
        first = next(lines, "")
    below = list(islice(lines, _HEADER_WITHIN))
    lines = chain(below, lines)
    if is_field_per_row([first, *below]):
        return _fieldrows(_Rows(chain(before, [first], lines), _separator(first)), source, odd)
    above: list[str] = []  # what exports say of themselves
    start = [first, *islice(lines, 0 if told or _header_of(first) else _HEADER_WITHIN)]
    if place := next((place for place, line in enumerate(start) if place and _header_of(line, 3)), 0):
        above, start = start[:place], start[place:]
        before += ["\n"] * place
    first, lines = start[0], chain(start[1:], lines)
    separator = told[1] if told else _separator(first)
    rows = _Rows(chain(before, [first], lines), separator)
    header = next(iter(rows), (1, [], ""))[1]
    columns = guess_columns(header)
    if not columns.usable:
        raise missing_title_error(source, header)

    records: list[Record] = []
    problems = columns.notes(source)
    if said := " ".join(" ".join(above).split()):
        problems.insert(0, Problem(source, f"above the names of columns: {said[:200]!r}; left out", 1, kind="note"))
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
        records.append(row_record(source, len(records) + 1, columns, cells, line))
    if short and not rows.ended:
        problems.append(short)
    if not records:
        raise SourceError(source, "no row below the header", hint="was the export finished?")
    return Snapshot(source, "csv", tuple(records), (*odd, *problems, *repeated_ids(records)))


def _fieldrows(rows: "_Rows", source: str, odd: Sequence[Problem]) -> Snapshot:
    """The records of a table of one field a row."""
    problems: list[Problem] = []

    def sound() -> Iterator[tuple[int, list[str]]]:
        for line, cells, damage in rows:
            if damage:
                problems.append(Problem(source, damage, line, fatal=not cells))
            if cells:
                yield line, cells

    records = tuple(read_field_rows(sound(), source))
    return Snapshot(source, "csv", records, (*odd, *problems, *repeated_ids(records)))


class _Rows:
    """Line, cells and damage of each row.

    The strict reader alone notices quotes that do not pair up. A row whose quotes are wrong within itself is read
    again leniently; one whose quote is still open at the end of the file cannot be trusted, nor what it swallowed.
    `ended` says whether the last line had its line end.
    """

    def __init__(self, lines: Iterator[str], separator: str) -> None:
        self.ended = True
        self._lines = lines
        self._separator = separator
        self._taken: list[str] = []  # the lines of this row
        self._rows = self._read()

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        return self._rows

    def _take(self) -> Iterator[str]:
        for line in self._lines:
            self._taken.append(line)
            self.ended = line.endswith(("\n", "\r"))
            yield line

    def _read(self) -> Iterator[tuple[int, list[str], str]]:
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(self._take(), delimiter=self._separator, strict=True)
        while True:
            start = reader.line_num + 1
            self._taken.clear()
            try:
                cells, damage = next(reader), ""
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    yield start, [], "the file ends inside a quoted cell of this row; it looks cut off"
                    return
                cells = next(csv.reader(self._taken, delimiter=self._separator))
                damage = f"the quotes of this row do not pair up ({error})"
            if cells:
                yield start, cells, damage


def _header_of(line: str, least: int = 0) -> bool:
    """Whether a line names columns, and so many of them by names that are known."""
    line = line[:_LONGEST_HEADER].replace("\r", " ")
    header = next(csv.reader([line], delimiter=_separator(line)), [])
    return guess_columns(header).usable and count_known_columns(header) >= least


def _separator(first_line: str) -> str:
    """What parts the columns: that by which most of their names are known, else that which stands there most often."""

    def score(separator: str) -> tuple[int, int]:
        header = next(csv.reader([first_line[:_LONGEST_HEADER]], delimiter=separator), [])
        return count_known_columns(header), len(header)

    return max(_SEPARATORS, key=score)


def missing_title_error(source: str, header: Sequence[str]) -> SourceError:
    """What is to be said of a table without a column for titles."""
    names = ", ".join(name.strip().lower() for name in header)[:200]
    return SourceError(source, f"no column `title` (it has: {names})", line=1, hint="name the columns in the first row")


def sniff(head: bytes) -> float:
    """A first line that names a column of titles and others is a table; prose with that word in it is not."""
    text = head.decode("utf-8", "replace").lstrip("\r\n")
    lines = re.split(r"\r\n?|\n", text, maxsplit=3)
    if is_field_per_row(text.split("\n", _HEADER_WITHIN)[:_HEADER_WITHIN]):
        return 0.8
    told = _SEP_LINE.fullmatch(lines[0])
    first, *others = (lines[1:] or [""]) if told else lines
    separator = told[1] if told else _separator(first)
    header = next(csv.reader([first[:_LONGEST_HEADER]], delimiter=separator), [])
    columns = guess_columns(header)
    if not columns.usable or len(header) == 1:
        below = text.split("\n", _HEADER_WITHIN)[1:_HEADER_WITHIN]
        return 0.75 if any(_header_of(line, 5) for line in below) else 0.0
    if count_known_columns(header) > 1:
        return 0.6
    return 0.3 if others and others[0].count(separator) >= first.count(separator) else 0.0


def write(records: Sequence[Record]) -> bytes:
    """A CSV file of these records: see `table_write`."""
    from refsync.formats.tables.table_write import dump

    return dump(records)


def write_tabs(records: Sequence[Record]) -> bytes:
    """The same with tabs between the columns."""
    from refsync.formats.tables.table_write import dump

    return dump(records, "\t")


FORMAT = Format(name="csv", suffixes=(".csv",), sniff=sniff, read=read, write=write, read_stream=read_stream)
TSV = Format(
    name="tsv", suffixes=(".tsv",), sniff=lambda head: 0.0, read=read, write=write_tabs, read_stream=read_stream
)
"""Only its name tells it when it is written; read it is as any table."""
