"""Cells that are empty, and cells that spreadsheets would run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.tables import delimited
from refsync.formats.tables.cells import read_cell, written_cell
from refsync.records import Record
from tests.formats.reading import through


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-x", "@kelp", "\tx", '=HYPERLINK("a")', "'=1", "''@x", "NA", "-", "nan"]
)
def test_cells_that_a_spreadsheet_would_run_are_text_and_come_back(value: str) -> None:
    record = Record("a", 1, "roe20", "misc", {"title": "T", "shelf": value})
    (_, row) = csv.reader(io.StringIO(delimited.write([record]).decode()))
    assert row[-1][:2] in ("'=", "'+", "'-", "'@", "'\t", "''", "'N", "'n")
    assert through("csv", [record])[0].get("shelf") == value


def test_quotation_marks_of_other_tables_stay() -> None:
    table = "title,note\n'@home' care,'=x\n\"'Tis kelp\",'-'\n"
    records = delimited.FORMAT.read(table.encode(), "a.csv").records
    assert [dict(record.fields) for record in records] == [
        {"title": "'@home' care", "note": "=x"},
        {"title": "'Tis kelp", "note": "'-'"},
    ]


@given(st.text(st.sampled_from("'=+-@\t NAn/ax"), max_size=6).map(str.strip))
def test_every_cell_comes_back(value: str) -> None:
    assert read_cell(written_cell(value), own=True) == value
    assert not written_cell(value).startswith(("=", "+", "-", "@"))
