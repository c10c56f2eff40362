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


def test_whole_numbers_of_pandas_are_repaired() -> None:
    table = "id,title,year,pmid,volume,page start,note\n7.0,Release 2.0,2021.0,33333333.0,12.0,5.0,1.0\n"
    snapshot = delimited.FORMAT.read(table.encode(), "a.csv")
    (record,) = snapshot.records
    assert (record.id, dict(record.fields)) == (
        "7", {"title": "Release 2.0", "year": "2021", "pmid": "33333333", "volume": "12", "note": "1.0", "pages": "5"},
    )  # fmt: skip


def test_what_a_spreadsheet_spoilt_is_kept_and_reported() -> None:
    table = (
        "title,year,pages,isbn,date,doi\nKelp,2020,Mar-15,9.78E+12,43831,10.1000/1E+5\nMoss,2021,3-15,1,2021-03-01,\n"
    )
    snapshot = delimited.FORMAT.read(table.encode(), "a.csv")
    first, second = snapshot.records
    assert (first.get("pages"), first.get("isbn"), first.get("date")) == ("Mar-15", "9.78E+12", "43831")
    assert [(item.line, item.message.split("`")[1]) for item in snapshot.problems if item.kind == "note"] == [
        (2, "pages"), (2, "isbn"), (2, "date"),
    ]  # fmt: skip
    assert second.get("pages") == "3-15"


def test_many_spoilt_cells_are_summarised() -> None:
    table = "title,year,pages\n" + "Kelp,2020,15-Mar\n" * 500
    notes = [item for item in delimited.FORMAT.read(table.encode(), "a.csv").problems if item.kind == "note"]
    assert len(notes) == 21
    assert notes[-1].message == "480 more values that a spreadsheet changed"
