"""Dates through the formats: seasons, ranges, approximate and literal ones; none is invented."""

import json
from typing import Any

import pytest

from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.write import dump
from refsync.formats.common.dialect import to_dialect
from refsync.formats.json import csljson
from refsync.formats.tagged import ris
from refsync.records import Record
from refsync.zotero.items.dates import from_date, to_date
from tests.formats.reading import only_json_record, read_table, through

ISSUED: list[Any] = [
    {"date-parts": [[2011]], "season": 2}, {"date-parts": [[1850]], "circa": True}, {"date-parts": [[2019], [2020]]},
    {"date-parts": [[-44, 3, 15]]}, {"literal": "in press"}, {"date-parts": [[2019, 5], [2019, 6]]},
    {"date-parts": [[2020, 10, 4]]}, {"literal": "1999a"},
]  # fmt: skip


@pytest.mark.parametrize("issued", ISSUED, ids=json.dumps)
@pytest.mark.parametrize("between", ["csljson", "ris", "endnotexml", "csv", "bibtex"])
def test_dates_of_csl_come_back_through_every_format(issued: dict[str, Any], between: str) -> None:
    record = only_json_record(csljson.FORMAT, [{"id": "k1", "type": "book", "title": "T", "issued": issued}])
    (item,) = json.loads(csljson.write(through(between, [record])))
    assert item["issued"] == issued
    assert "custom" not in item


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"raw": "2019-22"}, {"year": "2019", "month": "Summer"}),
        ({"raw": "Summer 2011"}, {"year": "2011", "month": "Summer"}),
        ({"date-parts": [[2011]], "season": "Winter"}, {"year": "2011", "month": "Winter"}),
        ({"date-parts": [[2011, 15]]}, {"year": "2011", "month": "Autumn"}),
        ({"raw": "1850~"}, {"date": "1850~"}),
        ("2019-05", {"year": "2019", "month": "May"}),
        ({"date-parts": [["2019", "5", "3"]]}, {"year": "2019", "month": "May", "day": "3"}),
        ({"date-parts": [[2019, 0, 0]]}, {"year": "2019"}),
        ({"date-parts": []}, {}),
        ({"date-parts": [[None]]}, {}),
        (None, {}),
        ([], {}),
    ],
)
def test_issued(issued: object, expected: dict[str, str]) -> None:
    record = only_json_record(csljson.FORMAT, [{"id": "k1", "type": "book", "title": "T", "issued": issued}])
    assert dict(record.fields) == {"title": "T"} | expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("PY  - 2011/Summer//", {"year": "2011", "month": "Summer"}),
        ("PY  - 2011\r\nDA  - Summer 2011", {"year": "2011", "month": "Summer"}),
        ("Y1  - 2019/05/03/", {"year": "2019", "month": "May", "day": "3"}),
        ("PY  - in press", {"year": "in press"}),
        ("PY  - 1999a", {"year": "1999a"}),
        ("PY  - c. 1850", {"year": "c. 1850"}),
        ("PY  - 2019\r\nDA  - online first", {"year": "2019", "ris-da": "online first"}),
    ],
)
def test_dates_of_ris(lines: str, expected: dict[str, str]) -> None:
    (record,) = ris.read(f"TY  - BOOK\r\nTI  - T\r\n{lines}\r\nER  - \r\n".encode(), "a.ris").records
    assert dict(record.fields) == {"title": "T"} | expected


def test_dates_of_tables() -> None:
    (record,) = read_table("title,date\nT,Summer 2011\n").records
    assert dict(record.fields) == {"title": "T", "year": "2011", "month": "Summer"}


@pytest.mark.parametrize("name", ["csljson", "ris", "endnotexml", "csv", "bibtex"])
@pytest.mark.parametrize("type_", ["misc", "online", "book"])
def test_no_date_and_no_sort_key_are_invented(name: str, type_: str) -> None:
    (record,) = through(name, [Record("a", 1, "#1", type_, {"title": "Kelp and moss"})])
    (again,) = through("csv", [record])
    assert dict(again.fields) | {"key": ""} == {"title": "Kelp and moss", "key": ""}
    old = read(b"@misc{kelp, title = {Kelp}, key = {Kelp}, date = {XXXX}}", "a.bib").records
    assert dict(through(name, old)[0].fields).keys() <= {"title", "key"}
    assert "key" not in dump([Record("a", 1, "#1", "misc", {"title": "T"})], "biblatex")


def test_dialects() -> None:
    (record,) = read(b"@book{k, year = 2011, month = {Summer}}", "a.bib").records
    biblatex = to_dialect(record, "biblatex")
    assert dict(biblatex.fields) == {"date": "2011-22"}
    assert dict(to_dialect(biblatex, "bibtex").fields) == {"year": "2011", "month": "Summer"}


def test_zotero_shows_words() -> None:
    assert to_date({"date": "2011-22"}) == "Summer 2011"
    assert from_date("Summer 2011") == {"date": "2011-22"}
    assert to_date({"date": "XXXX"}) == ""


@pytest.mark.parametrize(
    ("date", "fields", "issued"),
    [
        ("in press", {"year": "in press"}, {"literal": "in press"}),
        ("198X", {"year": "198X"}, {"literal": "198X"}),
        ("Summer 2011", {"year": "2011", "month": "Summer"}, {"date-parts": [[2011]], "season": 2}),
        ("c. 1850", {"year": "c. 1850"}, {"date-parts": [[1850]], "circa": True}),
        ("October 4, 2011", {"year": "2011", "month": "October", "day": "4"}, {"date-parts": [[2011, 10, 4]]}),
        ("-0044", {"date": "-0044"}, {"date-parts": [[-44]]}),
    ],
)
def test_dates_of_biblatex_in_words(date: str, fields: dict[str, str], issued: dict[str, Any]) -> None:
    (record,) = read(f"@online{{k, title = {{T}}, author = {{Roe, Ann}}, date = {{{date}}}}}".encode(), "a.bib").records
    converted = to_dialect(record, "bibtex").fields
    assert {name: converted[name] for name in ("date", "year", "month", "day") if name in converted} == fields
    (item,) = json.loads(csljson.write([record]))
    assert item["issued"] == issued


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("20200315", {"year": "2020", "month": "March", "day": "15"}),
        ("20201315", {"ris-py": "20201315"}),
        ("2019/2020", {"year": "2019", "date": "2019/2020"}),
        ("2020/2019", {"year": "2020", "ris-py": "2020/2019"}),
    ],
)
def test_compact_dates_and_ranges_of_years_in_ris(value: str, fields: dict[str, str]) -> None:
    (record,) = ris.read(f"TY  - JOUR\nTI  - T\nPY  - {value}\nER  - \n".encode(), "a.ris").records
    assert dict(record.fields) == {"title": "T"} | fields


def test_a_sort_key_made_of_the_title_has_no_markup_and_goes_again() -> None:
    title = "On <i>Posidonia</i> in NeurIPS &amp; CO<sub>2</sub>"
    record = only_json_record(csljson.FORMAT, [{"id": "k1", "type": "book", "title": title}])
    text = dump([record])
    assert "<i>" not in text
    assert "&amp;" not in text
    assert "key = " in text
    (item,) = json.loads(csljson.write(read(text.encode(), "a.bib").records))
    assert item["title"] == "On <i>Posidonia</i> in NeurIPS & CO<sub>2</sub>"
    assert "custom" not in item
