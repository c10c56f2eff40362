"""RefWorks' tags."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.tagged import refworks
from tests.formats.reading import only_record

ARTICLE = """\
RT Journal Article
SR Electronic
ID 12
A1 Roe,Ann
A1 Centre for Kelp
T1 The Patience of Moss
JF Journal of Moss
JO J. Moss
YR 2020
FD Mar 5
VO 7
IS 3
SP 11
OP 19
K1 kelp
K1 moss
AB Moss waits.
UV light does not.
PB Moss Press
PP Oslo
SN 1234-5679
DO 10.1000/moss
UL https://moss.example/1
LK https://moss.example/1.pdf
ZZ is no tag
"""


def test_an_article() -> None:
    record = only_record(ARTICLE.replace("ZZ is no tag\n", ""))
    assert (record.type, record.id) == ("article", "#1")
    assert record.fields == {
        "author": "Roe, Ann and {Centre for Kelp}", "title": "The Patience of Moss", "journal": "Journal of Moss",
        "shortjournal": "J. Moss", "year": "2020", "month": "March", "day": "5", "volume": "7", "number": "3",
        "pages": "11--19", "keywords": "kelp, moss", "abstract": "Moss waits.\nUV light does not.",
        "publisher": "Moss Press", "address": "Oslo", "issn": "1234-5679", "doi": "10.1000/moss",
        "url": "https://moss.example/1", "refworks-lk": "https://moss.example/1.pdf", "refworks-sr": "Electronic",
        "refworks-id": "12",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("Book, Section", "incollection"),
        ("Conference Proceedings", "inproceedings"),
        ("Dissertation/Thesis", "phdthesis"),
    ],
)
def test_types(name: str, type_: str) -> None:
    record = only_record(f"RT {name}\nA1 Roe, Ann\nT1 Moss\nT2 The Book of Moss\nYR 2020\n")
    assert record.type == type_
    assert "The Book of Moss" in record.fields.values()


def test_two_records_and_one_without_its_first_line() -> None:
    text = f"{ARTICLE}\nRT Book, Whole\nT1 Moss\nYR 2019\n\nA1 Poe, Ed\nT1 Kelp\n".encode()
    assert detect(text, "refs.txt").name == "refworks"
    snapshot = refworks.read(text, "refs.txt")
    assert [record.get("title") for record in snapshot.records] == ["The Patience of Moss", "Moss", "Kelp"]
    assert [problem.line for problem in snapshot.problems] == [31]


def test_a_type_of_nobody_is_kept() -> None:
    record = only_record("RT Hologram\nT1 Moss\nYR 2020\n")
    assert (record.type, record.get("refworks-rt")) == ("misc", "hologram")


def test_no_record() -> None:
    with pytest.raises(SourceError, match="no refworks record"):
        refworks.read(b"RT\n", "a")
