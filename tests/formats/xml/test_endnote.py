"""EndNote's XML, read and written."""

import pytest

from refsync.formats.registry import detect
from refsync.formats.tagged import ris
from refsync.formats.xml import endnote as endnotexml
from tests.formats.reading import read_endnote
from tests.formats.samples.xml import ENDNOTE_FIELDS, ENDNOTE_RECORD, endnote_file
from tests.paths import SHARED

EXPORTS = SHARED / "data" / "exports"


def test_endnote() -> None:
    snapshot = read_endnote(endnote_file(ENDNOTE_RECORD, ENDNOTE_RECORD.replace("<rec-number>7<", "<rec-number>8<")))
    assert snapshot.problems == ()
    assert [(record.id, record.type, record.line) for record in snapshot.records] == [
        ("7", "article", 1),
        ("8", "article", 1 + ENDNOTE_RECORD.count("\n")),
    ]
    assert [record.fields for record in snapshot.records] == [ENDNOTE_FIELDS] * 2
    assert detect(endnote_file(ENDNOTE_RECORD).encode(), "x").name == "endnotexml"


def test_endnote_is_written_as_it_was_read() -> None:
    one = read_endnote(endnote_file(ENDNOTE_RECORD))
    written = endnotexml.write(one.records)
    again = endnotexml.read(written, "b.xml")
    assert [(record.id, record.type, record.fields) for record in again.records] == [("7", "article", ENDNOTE_FIELDS)]
    assert again.problems == ()
    assert endnotexml.write(again.records) == written
    (by_ris,) = ris.read(ris.write(one.records), "a.ris").records
    assert by_ris.fields == ENDNOTE_FIELDS | {"title": "The Patience of Bryum & others"}  # RIS has no styles


def test_groups_and_several_lists() -> None:
    grouped = ENDNOTE_RECORD.replace(
        "<rec-number>", "<groups><group>Kelp</group><group>Moss</group></groups><rec-number>"
    )
    two = read_endnote(endnote_file(grouped).replace("</xml>", f"<records>{ENDNOTE_RECORD}</records></xml>"))
    assert [record.get("groups") for record in two.records] == ["Kelp; Moss", ""]
    assert two.problems[0].kind == "repeated-id"


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared exports are not here")
def test_a_library_of_one_long_line() -> None:
    data = (EXPORTS / "zotero_export.xml").read_bytes()
    assert detect(data, "x").name == "endnotexml"
    snapshot = endnotexml.read(data, "x")
    assert len(snapshot.records) == data.count(b"<record>") == 1233
    assert snapshot.problems == ()
    again = endnotexml.read(endnotexml.write(snapshot.records), "y")
    assert [record.fields for record in again.records] == [record.fields for record in snapshot.records]
