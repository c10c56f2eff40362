"""PubMed's XML."""

from refsync.formats.registry import detect
from refsync.formats.xml import pubmed as pubmedxml
from tests.formats.samples.xml import PUBMED


def test_pubmed() -> None:
    snapshot = pubmedxml.read(PUBMED.encode(), "a.xml")
    (record,) = snapshot.records
    assert snapshot.problems == ()
    assert (record.type, record.line) == ("article", 5)
    assert record.fields == {
        "pmid": "12345678",
        "author": "Doe, Jane A and {Centre for Kelp and Moss}",
        "title": "The patience of <i>Bryum</i>.",
        "journal": "Journal of moss",
        "shortjournal": "J Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "abstract": "AIMS: Moss waits.\nMETHODS: We <b>too</b>.",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "issn": "1234-5679",
        "language": "eng",
        "keywords": "walls, Bryophyta/*growth",
        "affiliation": "North University.",
        "pmcid": "PMC7654321",
        "pubmed-coistatement": "None.",
    }
    assert detect(PUBMED.encode(), "efetch.fcgi").name == "pubmedxml"
