"""XML records that are parsed one by one: damage, entities, nothing to read."""

from pathlib import Path

import pytest

from refsync.errors import SourceError
from refsync.formats.xml import endnote as endnotexml
from refsync.formats.xml import pubmed as pubmedxml
from refsync.formats.xml.flat_records import FlatRecordReader
from tests.formats.reading import read_endnote
from tests.formats.samples.xml import ENDNOTE_FIELDS, ENDNOTE_RECORD, endnote_file


@pytest.mark.parametrize(
    ("text", "titles", "expected"),
    [
        (endnote_file(ENDNOTE_RECORD, ENDNOTE_RECORD)[:-200], 2, ("end tag is missing", True)),
        (endnote_file(ENDNOTE_RECORD, ENDNOTE_RECORD)[:-16], 2, ("root's end tag", True)),
        (endnote_file(ENDNOTE_RECORD.replace("</record>", ""), ENDNOTE_RECORD), 2, ("end tag is missing", False)),
        (endnote_file(ENDNOTE_RECORD.replace("&amp;", "&"), ENDNOTE_RECORD), 2, ("an & that is not", False)),
        (endnote_file(ENDNOTE_RECORD.replace("waits", "w\x0baits"), ENDNOTE_RECORD), 2, ("XML does not allow", False)),
        (endnote_file(ENDNOTE_RECORD.replace("waits", "w&#11;aits"), ENDNOTE_RECORD), 2, ("XML does not allow", False)),
        (
            endnote_file(ENDNOTE_RECORD.replace("</dates>", "</date>"), ENDNOTE_RECORD),
            2,
            ("mismatched tag in line 10", True),
        ),
        (
            endnote_file(ENDNOTE_RECORD, ENDNOTE_RECORD.replace("waits", "w&own;aits")),
            2,
            ("&own; is not defined", False),
        ),
        (endnote_file(ENDNOTE_RECORD, ENDNOTE_RECORD.replace("waits", "w\0aits")), 2, ("NUL", False)),
    ],
)
def test_a_damaged_record_does_not_affect_others(text: str, titles: int, expected: tuple[str, bool]) -> None:
    snapshot = read_endnote(text)
    assert len(snapshot.records) == titles
    assert {record.get("author") for record in snapshot.records} == {ENDNOTE_FIELDS["author"]}
    (problem,) = (one for one in snapshot.problems if one.kind != "repeated-id")
    assert expected[0] in problem.message
    assert problem.fatal == expected[1]


def test_html_entities_are_letters() -> None:
    (record,) = read_endnote(endnote_file(ENDNOTE_RECORD.replace("waits", "w&auml;its&nbsp;&lt;b&gt;"))).records
    assert record.get("abstract").startswith("Moss wäits\xa0<b>.")


def test_no_entity_is_expanded_and_no_file_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE xml [<!ENTITY a0 "lol">{bomb}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    snapshot = read_endnote(endnote_file(ENDNOTE_RECORD.replace("waits", "&a11;&file;"), head=head))
    assert snapshot.records[0].get("abstract") == "Moss &a11;&file;.\nLong."
    assert len(snapshot.problems) == 2


@pytest.mark.parametrize("form", [endnotexml.FORMAT, pubmedxml.FORMAT])
@pytest.mark.parametrize(
    "data", [b"", b"<html><body>Sign in</body></html>", b"\0\1\2" * 40, b"<xml><records></records></xml>"]
)
def test_nothing_to_read(form, data: bytes) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError):
        form.read(data, "a")


def test_prefixes_of_namespaces_and_names_that_begin_alike() -> None:
    text = '<a:all xmlns:a="urn:a"><a:one><a:one-part>x</a:one-part></a:one><a:one b:c="d">y</a:one></a:all>'
    reader = FlatRecordReader(text.encode(), "a", "one")
    assert ["".join(element.itertext()) for _, element in reader] == ["x", "y"]
    assert reader.problems == []


def test_a_record_that_is_the_root_is_not_cut_off() -> None:
    reader = FlatRecordReader(b"<?xml version='1.0'?><!DOCTYPE one><one>x</one>\n", "a", "one")
    assert len(list(reader)) == 1
    assert reader.problems == []


def test_depth_is_bounded() -> None:
    reader = FlatRecordReader(b"<all><one>" + b"<x>" * 9999 + b"</x>" * 9999 + b"</one><one>y</one></all>", "a", "one")
    assert [element.text for _, element in reader] == ["y"]
    assert [problem.fatal for problem in reader.problems] == [True]
