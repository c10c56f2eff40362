"""Papis's info.yaml."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.yaml import papis

FILE = """\
author: Roe, Ann B. and Elm, Zoe
author_list:
- affiliation: []
  family: Roe
  given: Ann B.
- family: Elm
  given: Zoe
citations:
- doi: 10.1000/old
doi: 10.1000/moss
files:
- moss.pdf
issue: '3'
journal: No
month: 3
pages: 11-19
papis_id: 77
ref: Roe2020
tags: [moss, shore]
title: The Patience of Moss
type: article
volume: 7
year: 2020
shelf: {room: 2, row: 3}
"""


def test_a_document() -> None:
    assert detect(FILE.encode(), "info.yaml").name == "papis"
    snapshot = papis.read(FILE.encode(), "info.yaml")
    assert snapshot.problems == ()
    (record,) = snapshot.records
    assert (record.id, record.type, record.line) == ("Roe2020", "article", 1)
    assert record.fields == {
        "author": "Roe, Ann B. and Elm, Zoe", "year": "2020", "month": "March", "pages": "11--19",
        "keywords": "moss, shore", "file": "moss.pdf", "doi": "10.1000/moss", "number": "3", "journal": "No",
        "papis-id": "77", "title": "The Patience of Moss", "volume": "7",
        "papis-shelf": '{"room": "2", "row": "3"}',
    }  # fmt: skip


def test_an_export_of_several_documents() -> None:
    text = f"{FILE}---\nref: b\ntitle: Kelp\nauthor: Poe, Ed\n---\nref: c\n".encode()
    snapshot = papis.read(text, "export.yaml")
    assert [record.id for record in snapshot.records] == ["Roe2020", "b"]
    assert [problem.fatal for problem in snapshot.problems] == [True]


def test_no_document() -> None:
    with pytest.raises(SourceError, match="papis"):
        papis.read(b"a: b\n", "a")
