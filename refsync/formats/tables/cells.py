"""Cells of tables: what is empty, what spreadsheets would run as a formula, and what programs did to numbers."""

import re
from collections.abc import Iterable

from refsync.formats.common.pieces import WHOLE, Place
from refsync.records import Problem, Record

EMPTY_CELLS = frozenset(
    {"", "NA", "N/A", "n/a", "#N/A", "<NA>", "nan", "NaN", "NaT", "None", "null", "NULL", "-", "--", "–", "—"}
)
"""What programs write into a cell without a value."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MARK = "'"
LONGEST_EMPTY = max(map(len, EMPTY_CELLS))


def written_cell(value: str) -> str:
    """A value as a cell that is text: with an apostrophe if a spreadsheet would run it, or read it as empty."""
    if len(value) > LONGEST_EMPTY and value[0].isalnum():
        return value
    start = value.lstrip(_MARK)
    marked = value and (start.startswith(_FORMULA_STARTS) or start.strip() in EMPTY_CELLS)
    return f"{_MARK}{value}" if marked else value


def read_cell(cell: str, *, own: bool) -> str:
    """The value of a cell, without the mark of text.

    Args:
        cell: as in the table.
        own: whether refsync wrote the table; elsewhere an apostrophe may be a quotation mark (`'@home' care`).
    """
    if len(cell) > LONGEST_EMPTY and cell[0].isalnum():
        return cell.strip()
    value = cell.strip(" \n\r\f\v\xa0") if own else cell.strip()
    if value in EMPTY_CELLS:
        return ""
    if value.startswith(_MARK):
        rest = value[1:]
        start = rest.lstrip(_MARK)
        if (start.startswith(_FORMULA_STARTS) or start.strip() in EMPTY_CELLS) and (own or _MARK not in rest):
            return rest if own else rest.strip()
    return value


_WHOLE_NUMBERS = frozenset(
    {"id", "year", "month", "day", "volume", "number", "pages", "first page", "last page", "pmid", "eid", "volumes",
     "isbn", "issn", "pagetotal", "edition", "chapter", "accession", "scopus"}
)  # fmt: skip
_FLOAT = re.compile(r"(-?\d+)\.0")
_EXPONENT = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d{1,3}", re.IGNORECASE)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_OF_RANGE = re.compile(rf"(?:\d{{1,2}}-(?:{_MONTHS})[a-z]*|(?:{_MONTHS})[a-z]*-\d{{1,2}})", re.IGNORECASE)
_SERIAL_DATE = re.compile(r"[2-5]\d{4}")
_SHOWN = 20


def whole_number(name: str, value: str) -> str:
    """The value of a field without the `.0` that pandas adds to whole numbers in a column with empty cells."""
    found = _FLOAT.fullmatch(value) if name in _WHOLE_NUMBERS else None
    return found[1] if found else value


def spoilt_cells(records: Iterable[Record]) -> list[Problem]:
    """A note on each value that a spreadsheet has certainly changed, and whose original is unknown."""
    return spoilt_cells_of_piece(records, WHOLE)[0]


def spoilt_cells_of_piece(records: Iterable[Record], place: Place) -> tuple[list[Problem], int]:
    """The notes on the records of a piece of a file, and how many values the file has up to its end."""
    notes: list[Problem] = []
    found, source = place.spoilt, ""
    for record in records:
        for name, value in record.fields.items():
            if name not in _SPOILABLE or (value.isdecimal() and len(value) != _SERIAL_DIGITS):
                continue
            if len(value) < _LONGEST_SPOILT and (reason := _spoilt(name, value)):
                message = f"`{name}` is {value!r}, {reason}; the original value is unknown"
                found += 1
                if found <= _SHOWN:
                    notes.append(Problem(record.source, message, record.line, kind="note"))
        source = record.source
    if place.last and found > _SHOWN:
        message = f"{found - _SHOWN:,} more values that a spreadsheet changed"
        notes.append(Problem(source, message, kind="note"))
    return notes, found


_LONGEST_SPOILT = 24
_SERIAL_DIGITS = 5
_RANGES = frozenset({"pages", "number", "volume"})
_DATES = frozenset({"date", "year", "urldate"})
_NUMBERS = frozenset({"isbn", "issn", "pmid", "pages", "volume", "number", "accession", "scopus", "eid"})
_SPOILABLE = _RANGES | _DATES | _NUMBERS


def _spoilt(name: str, value: str) -> str:
    lettered = value.upper() != value.lower()
    if lettered and name in _NUMBERS and _EXPONENT.fullmatch(value):
        return "a number that a spreadsheet rounded"
    if lettered and name in _RANGES and _DATE_OF_RANGE.fullmatch(value):
        return "which a spreadsheet seems to have made of a range"
    if name in _DATES and _SERIAL_DATE.fullmatch(value):
        return "the number that a spreadsheet has for a date"
    return ""
