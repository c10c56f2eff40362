"""Delimited text: columns, damage, and what is read of it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.tables import delimited
from refsync.records import Snapshot


def read(text: str) -> Snapshot:
    return delimited.read(text.encode(), "t.csv")


def test_columns_become_fields() -> None:
    snapshot = read('id,entrytype,title,year,shelf\nA1,Article,"Kelp, in\nNoise",2020,B 12\nA2,,Quiet Kelp,,\n')
    one, two = snapshot.records
    assert (one.id, one.type, one.line) == ("A1", "article", 2)
    assert one.fields == {"title": "Kelp, in\nNoise", "year": "2020", "shelf": "B 12"}
    assert (two.id, two.type, two.line, two.fields) == ("A2", "misc", 4, {"title": "Quiet Kelp"})
    assert snapshot.problems == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_and_byte_order_mark(separator: str, mark: str) -> None:
    snapshot = read(f"{mark}Title{separator}Year\nKelp{separator}2020\n")
    assert snapshot.records[0].fields == {"title": "Kelp", "year": "2020"}
    assert snapshot.records[0].id == "#1"


def test_one_id_used_twice_keeps_both_records() -> None:
    snapshot = read("id,title\nA,Kelp\nB,Moss\nA,Fern\n")
    assert [record.get("title") for record in snapshot.records] == ["Kelp", "Moss", "Fern"]
    (problem,) = snapshot.problems
    assert (problem.line, problem.fatal) == (4, False)
    assert "line 2" in problem.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name,year\nKelp,2020\n", "no column `title`"),
        ("title,year\n", "no row"),
        ("", "empty"),
        ("title\0,x\n1,2", "binary"),
        ("x" * 200_000 + "\n1\n", "no column `title`"),
        ("sep=\rname\r1\r", "no column `title`"),
    ],
)
def test_nothing_to_read(text: str, reason: str) -> None:
    csv.field_size_limit(131_072)  # as it is before the first table
    with pytest.raises(SourceError, match=reason):
        read(text)


def test_damaged_rows_are_reported_and_the_rest_is_read() -> None:
    snapshot = read('id,title\nA,"Kelp" in noise\nB,Moss,one too many\n\nC,Fern\n')
    assert [record.id for record in snapshot.records] == ["A", "B", "C"]
    assert snapshot.records[1].fields == {"title": "Moss", "column3": "one too many"}
    assert [(problem.line, problem.fatal) for problem in snapshot.problems] == [(2, False), (3, False)]


@pytest.mark.parametrize("text", ['id,title,year\nA,Kelp,2020\nB,"Moss and', "id,title,year\nA,Kelp,2020\nB,Moss"])
def test_a_table_cut_off_is_not_whole(text: str) -> None:
    snapshot = read(text)
    assert snapshot.records[0].id == "A"
    (problem,) = snapshot.problems
    assert problem.fatal
    assert problem.line == 3
    assert "cut off" in problem.message


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        '\n\nid,title\nA,"Kelp, in\nNoise"\n\nB,Moss\n',
        'id,title\nA,"Kelp" in noise\nB,Moss,one too many\nC,Fern\n',
        'id,title,year\nA,Kelp,2020\nB,"Moss and',
        "id,title,year\nA,Kelp,2020\nB,Moss",
        "sep=;\nid;title\nA;Kelp, Noise\n",
    ],
)
def test_line_by_line_as_a_whole(text: str, end: str) -> None:
    data = text.replace("\n", end).encode()
    whole, by_line = delimited.read(data, "t.csv"), delimited.read_stream(io.BytesIO(data), "t.csv")
    assert [(r.id, r.line, {n: v.replace(end, "\n") for n, v in r.fields.items()}) for r in whole.records] == [
        (r.id, r.line, dict(r.fields)) for r in by_line.records
    ]
    assert whole.problems == by_line.problems


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).map(str.strip).filter(bool)


@given(st.lists(st.tuples(cells, cells), min_size=1))
def test_every_row_of_a_well_formed_table_is_read(rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("title", "note"), *rows])
    snapshot = delimited.read(stream.getvalue().encode(), "t.csv")
    assert [(record.get("title"), record.get("note")) for record in snapshot.records] == rows
    assert snapshot.problems == ()


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    assert 0 <= delimited.sniff(b"\x89PNG\r\n\x1a\n" + noise + b"\r1\n" + noise) <= 1


def test_the_first_line_is_recognised_with_any_line_end() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert delimited.sniff(f"Title,Authors{end}Moss,Doe{end}".encode()) == 0.6
        assert delimited.sniff(f"@misc{{a,{end} title={{Moss}}{end}}}".encode()) == 0
