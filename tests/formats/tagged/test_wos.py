"""Web of Science's plain text export."""

from refsync.formats.tagged import wos
from tests.formats.samples.tagged import WOS


def test_web_of_science() -> None:
    snapshot = wos.read(("\ufeff" + WOS).encode(), "savedrecs.txt")
    (record,) = snapshot.records
    assert snapshot.problems == ()
    assert (record.type, record.line) == ("article", 3)
    assert record.fields == {
        "author": "Doe, Jane and Roe, Max",
        "title": "The patience of moss: a study of walls",
        "journal": "JOURNAL OF MOSS",
        "shortjournal": "J. Moss",
        "ris-j9": "J MOSS",
        "language": "English",
        "ris-m3": "Article",
        "keywords": "moss; walls, old; PATIENCE; STONE",
        "abstract": "Moss waits.",
        "affiliation": "[Doe, Jane] North Univ, Tidewater.; [Roe, Max] South Univ, Ebb.",
        "publisher": "MOSS PRESS",
        "address": "TIDEWATER",
        "issn": "1234-5679, 0378-5955",
        "year": "2020",
        "month": "March",
        "day": "7",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "eid": "e17",
        "doi": "10.1000/moss",
        "accession": "WOS:000000000000001",
        "pmid": "12345678",
        "wos-cr": "Poe E, 1999, J KELP, V1, P2; Moe M, 2001, J KELP, V3, P4",
        "wos-tc": "5",
    }
    (unended,) = wos.read(WOS.removesuffix("EF\n").encode(), "a.txt").problems
    assert (unended.line, unended.kind, "no EF" in unended.message) == (3, "note", True)
    cut = wos.read((WOS + WOS[WOS.index("PT J") : -12]).encode(), "a.txt")
    assert len(cut.records) == 2
    assert [problem.fatal for problem in cut.problems] == [True]
