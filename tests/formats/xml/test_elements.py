"""XML of nested records: truncation, entities, encodings, invalid characters."""

import pytest

from refsync.errors import SourceError
from refsync.formats.services import dblp
from tests.formats.samples.services import DBLP_XML


def test_xml_that_is_cut_off_gives_what_came_before() -> None:
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}<article key='x'><title>Half".encode("latin-1"), "d.xml")
    assert len(snapshot.records) == 1
    (problem,) = snapshot.problems
    assert (problem.line, problem.fatal) == (7, True)


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE dblp [<!ENTITY a "kelp">\n<!ENTITY b "&a;&a;">]>\n<dblp><article/></dblp>'
    with pytest.raises(SourceError, match="d.xml:2: XML that declares entities"):
        dblp.FORMAT.read(bomb, "d.xml")


@pytest.mark.parametrize(
    ("declared", "codec", "messages"),
    [("ISO-8859-1", "latin-1", []), ("UTF-8", "utf-8", []), ("UTF-8", "latin-1", ["not UTF-8; read as Latin-1"]),
     ("GB18030", "gb18030", [])],
)  # fmt: skip
def test_encodings_of_xml(declared: str, codec: str, messages: list[str]) -> None:
    text = DBLP_XML.replace("ISO-8859-1", declared).replace("J&uuml;rgen", "Jürgen")
    snapshot = dblp.FORMAT.read(f"{text}</dblp>".encode(codec), "d.xml")
    assert snapshot.records[0].get("author") == "Jürgen Doe and Ann Roe"
    assert [problem.message for problem in snapshot.problems] == messages


def test_records_with_invalid_characters_are_read() -> None:
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}</dblp>".replace("Kelp in", "Kelp\x0b in").encode(), "d.xml")
    assert snapshot.records[0].get("title") == "Kelp in Noise & Tide"
    assert [problem.line for problem in snapshot.problems] == [5]
