"""The Cochrane Library's plain text export."""

from refsync.formats.registry import detect
from tests.formats.samples.tagged import COCHRANE


def test_cochrane() -> None:
    form = detect(COCHRANE.encode(), "citation-export.txt")
    snapshot = form.read(COCHRANE.encode(), "citation-export.txt")
    assert (form.name, snapshot.problems) == ("cochrane", ())
    one, two = snapshot.records
    assert one.fields == {
        "author": "Doe, J and Roe, M",
        "title": "The patience of moss: a trial",
        "journal": "Journal of moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "year": "2020",
        "doi": "10.1000/moss",
        "url": "https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00000001/full",
        "abstract": "Moss waits.\nWe waited too.",
        "keywords": "*Bryophyta, Walls [growth]",
        "accession": "CN-00000001",
        "pmid": "12345678",
        "cochrane-xr": "EMBASE 600000001",
        "cochrane-pt": "Journal article",
    }
    assert two.fields == {"title": "Quiet kelp", "year": "1999", "accession": "CN-00000002"}
    cut = form.read(COCHRANE[: COCHRANE.index("Record #2")].encode(), "citation-export.txt")
    assert [(problem.message[:43], problem.fatal) for problem in cut.problems] == [
        ("the file announces 2 records, and has 1; it", True)
    ]
