"""Spreadsheets (.xlsx, .xlsm, .xlsb, .ods, .xls), through calamine: reads every sheet with known columns."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from refsync.errors import SourceError
from refsync.formats.common.decompress import check_zip_size
from refsync.formats.registry import Format
from refsync.formats.tables.cells import spoilt_cells
from refsync.formats.tables.columns import count_known_columns, guess_columns, row_record
from refsync.records import Problem, Record, Snapshot, repeated_ids

_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound files: .xls, and files with a password
_SIGNS = (b"[Content_Types].xml", b"xl/", b"application/vnd.oasis.opendocument.spreadsheet")
_HEADER_WITHIN = 20  # rows; exports have titles and dates above it


def read(data: bytes, source: str) -> Snapshot:
    """The records of a spreadsheet, each with the number of its row; see `columns` for the meaning of columns.

    Raises:
        SourceError: the file is damaged or locked, or has no sheet with titles or identifiers.
    """
    import python_calamine

    if data.startswith(_ZIP):
        check_zip_size(data, source)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except Exception as error:  # noqa: BLE001  # calamine has many errors, and passes on those of zip and XML
        raise SourceError(
            source, f"not a spreadsheet that can be read ({error})", hint="save it again without a password"
        ) from None
    records: list[Record] = []
    problems: list[Problem] = []
    for name, rows in sheets:
        cells = [[_text(cell) for cell in row] for row in rows]
        header = _header(cells)
        if header < 0:
            if any(map(any, cells)):
                problems.append(Problem(source, f"the sheet {name!r} has no column of titles; skipped", kind="note"))
            continue
        columns = guess_columns(cells[header])
        problems += columns.notes(source)
        for line, row in enumerate(cells[header + 1 :], header + 2):
            if any(row):
                records.append(row_record(source, len(records) + 1, columns, row, line))
    if not records:
        raise SourceError(
            source, "no sheet with a column `title` and a row below it", hint="name the columns in a header row"
        )
    return Snapshot(source, "spreadsheet", tuple(records), (*problems, *spoilt_cells(records), *repeated_ids(records)))


def _header(rows: Sequence[Sequence[str]]) -> int:
    """The index of the header row, or -1 if there is none."""
    usable = [index for index, row in enumerate(rows[:_HEADER_WITHIN]) if guess_columns(row).usable]
    return next((index for index in usable if count_known_columns(rows[index]) > 1), usable[0] if usable else -1)


def _text(cell: Any) -> str:
    """A cell as it is displayed: whole numbers without `.0`, dates without a time of midnight."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, (date, datetime)) else str(cell).strip()


def sniff(head: bytes) -> float:
    """High for a zip archive with the parts of a spreadsheet, lower for a compound file."""
    if head.startswith(_OLD):
        return 0.5
    return 0.9 if head.startswith(_ZIP) and any(sign in head for sign in _SIGNS) else 0.0


FORMAT = Format(name="spreadsheet", suffixes=(".xlsx", ".xlsm", ".xlsb", ".ods", ".xls"), sniff=sniff, read=read)
