"""JSON Lines, read and written."""

import pytest

from refsync.formats.bibtex import format as bibtex
from refsync.formats.json import jsonl
from refsync.formats.registry import detect
from refsync.records import Record
from tests.formats.samples.json import LATEX


def test_json_lines_keep_everything() -> None:
    records = [*bibtex.read(LATEX.encode(), "a.bib").records, Record("x", 2, "", "odd", {"id": "i", "title": "a\nb"})]
    written = jsonl.write(records)
    assert detect(written, "x").name == "jsonl"
    snapshot = jsonl.read(written, "b.jsonl")
    assert snapshot.problems == ()
    assert [(one.type, one.fields, one.markup) for one in snapshot.records] == [
        (one.type, one.fields, one.markup) for one in records
    ]
    assert [one.id for one in snapshot.records] == ["m", "#2"]


@pytest.mark.parametrize(
    ("data", "records", "fatal"),
    [
        (b'{"fields": {"title": "A"}}\n{"fields": {"tit', 1, [True]),
        (b'{"fields": {"title": "A"}}\nno\n[]\n{"fields": {"title": 3}, "tag": 1}\n', 2, [False, False, False]),
        (b'\n{"fields": {"title": "A"}}\r\n\r\n', 1, []),
    ],
)
def test_damaged_json_lines(data: bytes, records: int, fatal: list[bool]) -> None:
    snapshot = jsonl.read(data, "a.jsonl")
    assert len(snapshot.records) == records
    assert [problem.fatal for problem in snapshot.problems] == fatal
