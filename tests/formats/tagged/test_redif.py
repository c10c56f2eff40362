"""ReDIF."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.tagged import redif
from tests.formats.reading import only_record

PAPER = """\
Template-Type: ReDIF-Paper 1.0
Author-Name: Ann Roe
Author-Name-Last: Roe
Author-Name-First: Ann
Author-Workplace-Name: Moss House
Title: The Patience
 of Moss
Abstract: Moss waits.
Results: it still does.
Keywords: moss; kelp, brown
Classification-JEL: Q1
Number: 7
Creation-Date: 2020-03
Length: 45 pages
Series: Moss Papers
File-URL: https://moss.example/1.pdf
File-Format: application/pdf
DOI: 10.1000/moss
Handle: RePEc:mos:papers:7
"""


def test_a_paper() -> None:
    record = only_record(PAPER)
    assert (record.type, record.id) == ("techreport", "#1")
    assert record.fields == {
        "author": "Roe, Ann", "affiliation": "Moss House", "title": "The Patience of Moss",
        "abstract": "Moss waits. Results: it still does.", "keywords": "moss; kelp, brown", "year": "2020",
        "redif-classification-jel": "Q1", "number": "7", "month": "March", "pagetotal": "45", "series": "Moss Papers",
        "url": "https://moss.example/1.pdf", "redif-file-format": "application/pdf", "doi": "10.1000/moss",
        "redif-handle": "RePEc:mos:papers:7",
    }  # fmt: skip


def test_archives_are_left_out_and_records_numbered() -> None:
    series = "Template-Type: ReDIF-Series 1.0\nName: Moss Papers\nHandle: RePEc:mos:papers\n\n"
    article = (
        "template-type: redif-article 1.0\nauthor-name: Roe, Ann\ntitle: Kelp\njournal: J\npages: 1-9\nyear: 2019\n"
    )
    text = f"{series}{PAPER}\n\n{article}".encode()
    assert detect(text, "a.rdf").name == "redif"
    snapshot = redif.read(text, "a.rdf")
    assert [(record.id, record.type) for record in snapshot.records] == [("#1", "techreport"), ("#2", "article")]
    assert [(problem.kind, problem.line) for problem in snapshot.problems] == [("note", 1)]
    assert snapshot.records[1].get("pages") == "1--9"


def test_only_a_series() -> None:
    with pytest.raises(SourceError):
        redif.read(b"nothing\n", "a")
