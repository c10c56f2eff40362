"""CSL-JSON, read and written."""

import pytest

from refsync.errors import SourceError
from refsync.formats.json import csljson
from refsync.formats.registry import detect
from tests.formats.samples.json import CSL_FIELDS, CSL_ITEM, json_file


def test_csl_json() -> None:
    data = json_file(CSL_ITEM)
    assert detect(data, "x").name == "csljson"
    (record,) = csljson.read(data, "a.json").records
    assert (record.id, record.type, record.markup) == ("moss20", "article", "text")
    assert record.fields == CSL_FIELDS
    written = csljson.write([record])
    again = csljson.read(written, "b.json")
    assert again.records[0].fields == CSL_FIELDS
    assert csljson.write(again.records) == written


@pytest.mark.parametrize(
    ("issued", "fields"),
    [
        ({"date-parts": [[2020]]}, {"year": "2020"}),
        ({"date-parts": [["2020", "3"]]}, {"year": "2020", "month": "March"}),
        ({"date-parts": [[2020, 3], [2020, 5]]}, {"date": "2020-03/2020-05"}),
        ({"date-parts": [[1650]], "circa": True}, {"date": "1650~"}),
        ({"raw": "2020 Mar 7"}, {"year": "2020", "month": "March", "day": "7"}),
        ({"literal": "in press"}, {"year": "in press"}),
        ("2020-03", {"year": "2020", "month": "March"}),
        ({}, {}),
        (None, {}),
    ],
)
def test_dates_of_csl(issued: object, fields: dict[str, str]) -> None:
    (record,) = csljson.read(json_file({"id": 1, "type": "book", "title": "T", "issued": issued}), "a").records
    assert record.fields == {"title": "T"} | fields
    assert record.id == "1"


@pytest.mark.parametrize(
    ("data", "records", "words"),
    [
        (json_file(CSL_ITEM, CSL_ITEM)[:-40], 1, "ends inside a record"),
        (json_file(CSL_ITEM, CSL_ITEM), 2, "used twice"),
        (json_file(CSL_ITEM, {"type": "book", "author": "Doe"}), 1, "structure"),
        (b"\xef\xbb\xbf" + json_file(CSL_ITEM), 1, ""),
    ],
)
def test_damage_to_csl_json(data: bytes, records: int, words: str) -> None:
    snapshot = csljson.read(data, "a.json")
    assert len(snapshot.records) == records
    assert [words in problem.message for problem in snapshot.problems] == [True] * bool(words)


@pytest.mark.parametrize("data", [b"", b"<html><body>Sign in</body></html>", b"[]", b"{", b"\0\0"])
def test_no_csl_json(data: bytes) -> None:
    with pytest.raises(SourceError):
        csljson.read(data, "a.json")
