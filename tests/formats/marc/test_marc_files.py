"""MARC 21: the exchange format, MARCXML and text."""

import pymarc
import pytest

from refsync.errors import SourceError
from refsync.formats.marc import marc_files
from refsync.formats.registry import detect
from refsync.records import Record

BOOK = """\
=LDR  00000cam a2200000 a 4500
=001  77
=008  010101s2020\\\\\\\\no\\\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d
=020  \\\\$a9780306406157$q(cloth)
=050  00$aQK1$b.R6
=100  1\\$aRoe, Ann B.,$d1970-
=245  14$aThe patience of moss :$ba study /$cAnn B. Roe.
=250  \\\\$a2nd ed.
=260  \\\\$aOslo :$bMoss Press,$c[2020]
=300  \\\\$axii, 345 p. :$bill.
=490  0\\$aMoss series ;$v7
=500  \\\\$aCosts {dollar}5.
=504  \\\\$aWith references.
=520  \\\\$aMoss waits.
=650  \\0$aMosses$zNorway.
=653  \\\\$akelp
=700  1\\$aElm, Zoe,$eeditor.
=700  1\\$aPoe, Ed,$c Jr.,$4trl
=710  2\\$aMoss House.$bDepartment of Kelp.
=856  40$uhttps://moss.example/1$yFull text
"""
ARTICLE = """\
=LDR  00000cab a2200000 a 4500
=245  10$aKelp
=100  1\\$aRoe, Ann
=773  0\\$tJournal of Moss.$x1234-5679$gVol. 7, no. 3 (March 2020), p. 11-19$w(X)1
=024  7\\$a10.1000/kelp$2doi
"""
EXPECTED = {
    "title": "The patience of moss: a study", "marc-245c": "Ann B. Roe.", "author": "Roe, Ann B. and "
    "{Moss House. Department of Kelp}", "marc-person-dates": "Roe: 1970-", "editor": "Elm, Zoe",
    "translator": "Poe, Jr., Ed", "address": "Oslo", "publisher": "Moss Press", "year": "2020", "edition": "2nd ed.",
    "pagetotal": "345", "marc-300": "xii, 345 p. : ill.", "isbn": "9780306406157", "marc-020": "(cloth)",
    "language": "eng", "series": "Moss series", "number": "7", "abstract": "Moss waits.", "note": "Costs $5.",
    "keywords": "Mosses -- Norway, kelp", "url": "https://moss.example/1", "marc-856": "Full text", "marc-001": "77",
    "callnumber": "QK1 .R6", "marc-504": "With references.",
}  # fmt: skip


def as_pymarc(text: str) -> pymarc.Record:
    record = pymarc.Record(force_utf8=True)
    for line in text.splitlines():
        tag, value = line[1:4], line[6:]
        if tag == "LDR":
            record.leader = pymarc.Leader(value[:9] + "a" + value[10:])
        elif tag < "010":
            record.add_field(pymarc.Field(tag, data=value.replace("\\", " ")))
        else:
            subfields = [
                pymarc.Subfield(part[0], part[1:].replace("{dollar}", "$")) for part in value[2:].split("$")[1:]
            ]
            record.add_field(pymarc.Field(tag, indicators=pymarc.Indicators(value[0], value[1]), subfields=subfields))
    return record


def checked(records: tuple[Record, ...]) -> None:
    book, article = records
    assert (book.type, book.fields) == ("book", EXPECTED)
    assert (article.type, article.fields) == ("article", {
        "title": "Kelp", "author": "Roe, Ann", "journal": "Journal of Moss", "issn": "1234-5679", "volume": "7",
        "number": "3", "pages": "11--19", "year": "2020", "doi": "10.1000/kelp",
        "marc-773g": "Vol. 7, no. 3 (March 2020), p. 11-19",
    })  # fmt: skip


def test_text() -> None:
    text = f"{BOOK}\n{ARTICLE}".encode()
    assert detect(text, "a.mrk").name == "marctext"
    snapshot = marc_files.read_text(text, "a.mrk")
    assert snapshot.problems == ()
    checked(snapshot.records)
    assert [record.line for record in snapshot.records] == [1, 22]


def test_the_exchange_format() -> None:
    data = b"".join(as_pymarc(text).as_marc() for text in (BOOK, ARTICLE))
    assert detect(data, "a.mrc").name == "marc"
    snapshot = marc_files.read(data, "a.mrc")
    assert snapshot.problems == ()
    checked(snapshot.records)


def test_marcxml() -> None:
    records = "".join(pymarc.record_to_xml(as_pymarc(text)).decode() for text in (BOOK, ARTICLE))
    data = f'<collection xmlns="http://www.loc.gov/MARC21/slim">{records}</collection>'.encode()
    assert detect(data, "a.xml").name == "marcxml"
    snapshot = marc_files.read_xml(data, "a.xml")
    assert snapshot.problems == ()
    checked(snapshot.records)


def test_a_damaged_record_costs_only_itself() -> None:
    book, article = (as_pymarc(text).as_marc() for text in (BOOK, ARTICLE))
    snapshot = marc_files.read(book + b"00100cam" + book[8:20] + b"\x1d" + article + article[:-30], "a")
    assert [record.get("title")[:4] for record in snapshot.records] == ["The ", "Kelp"]
    assert [problem.fatal for problem in snapshot.problems] == [True, True]


def test_letters_in_marc_8_and_in_unmarked_utf_8() -> None:
    data = as_pymarc(ARTICLE.replace("Kelp", "Caf\u00e9")).as_marc()
    unmarked = data[:9] + b" " + data[10:]
    assert marc_files.read(unmarked, "a").records[0].get("title") == "Caf\u00e9"
    marc8 = unmarked.replace("\u00e9".encode(), b"\xe2e")
    assert marc_files.read(marc8, "a").records[0].get("title") == "Caf\u00e9"


@pytest.mark.parametrize(
    ("fields", "type_"),
    [
        ("=502  \\\\$bM.A.$cUniversity of Kelp$d2018", "mastersthesis"),
        ("=502  \\\\$aThesis (Ph.D.)--Kelp, 2018.", "phdthesis"),
        ("=773  \\\\$tThe Book of Moss$z9780306406157$gp. 1-9", "incollection"),
        ("=111  2\\$aKelp Days$c(Oslo)", "proceedings"),
    ],
)
def test_types(fields: str, type_: str) -> None:
    text = f"=LDR  00000cam a2200000 a 4500\n=245  10$aKelp\n{fields}\n"
    (record,) = marc_files.read_text(text.encode(), "a").records
    assert record.type == type_


def test_no_record() -> None:
    with pytest.raises(SourceError, match="no record"):
        marc_files.read(b"00026", "a")
    with pytest.raises(SourceError, match="no record"):
        marc_files.read_xml(b"<collection/>", "a")
