"""EndNote's tagged export."""

from refsync.formats.tagged import enw
from tests.formats.samples.tagged import ENW


def test_endnote_tagged() -> None:
    snapshot = enw.read(ENW.encode(), "a.enw")
    one, two = snapshot.records
    assert snapshot.problems == ()
    assert one.fields == {
        "author": "Doe, Jane and Roe, Max",
        "title": "The Patience of Moss",
        "journal": "Journal of Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "issn": "1234-5679",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "url": "https://moss.example/7",
        "abstract": "Moss waits.",
        "keywords": "moss; patience, long",
        "publisher": "Moss Press",
    }
    assert two.type == "incollection"
    assert two.fields == {
        "author": "Poe, Ann",
        "editor": "Moe, Mia",
        "title": "A Leaf",
        "booktitle": "The Book",
        "year": "1999",
    }
