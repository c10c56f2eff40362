"""Responses of Crossref."""

from refsync.formats.services import crossref
from tests.formats.reading import only_json_record
from tests.formats.samples.services import CROSSREF


def test_crossref() -> None:
    record = only_json_record(crossref.FORMAT, {"status": "ok", "message-type": "work", "message": CROSSREF})
    assert (record.type, record.id, record.markup) == ("article", "#1", "text")
    assert record.fields == {
        "title": "Kelp in <i>Noise</i>: H<sub>2</sub>O & Tide",
        "author": "Doe, Jane and {Kelp and Moss Group} and Roe, Jr., Ann",
        "journal": "Journal of Kelp",
        "year": "2020",
        "month": "March",
        "volume": "7",
        "number": "2",
        "pages": "1-9",
        "doi": "10.5555/Kelp.1",
        "url": "https://doi.org/10.5555/kelp.1",
        "issn": "1234-5679",
        "abstract": "Kelp bends, p < 0.05.",
    }
