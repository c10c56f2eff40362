"""PMIDs and databases where other programs look for them in RIS."""

import pytest

from refsync.formats.registry import formats
from refsync.records import Record

RIS = formats()["ris"]


def round_trip(**fields: str) -> tuple[str, Record]:
    assert RIS.write
    data = RIS.write([Record("a.bib", 1, "k", "article", {"title": "Moss", **fields})])
    return data.decode(), RIS.read(data, "a.ris").records[0]


@pytest.mark.parametrize(
    "fields",
    [
        {"pmid": "123"},
        {"pmid": "123", "database": "PubMed"},
        {"pmid": "123", "database": "Embase; PubMed"},
        {"pmid": "123", "database": "Embase"},
        {"pmid": "123", "url": "https://pubmed.ncbi.nlm.nih.gov/123"},
    ],
)
def test_the_accession_number_is_the_pmid_and_read_as_one(fields: dict[str, str]) -> None:
    text, read = round_trip(**fields)
    assert "AN  - 123\r\n" in text
    assert dict(read.fields) == {"title": "Moss", **fields}


def test_another_accession_number_stays() -> None:
    text, read = round_trip(pmid="123", accession="L77", database="Embase")
    assert "AN  - L77\r\n" in text
    assert dict(read.fields) == {"title": "Moss", "pmid": "123", "accession": "L77", "database": "Embase"}


def test_an_accession_number_of_another_database_is_no_pmid() -> None:
    _, read = round_trip(accession="123", database="Embase")
    assert read.get("accession") == "123"
    assert not read.get("pmid")


@pytest.mark.parametrize(
    "fields",
    [
        {"pmid": "12; 34"},
        {"pmid": "PMC12"},
        {"pmid": "123", "url": "https://example.org/1 https://pubmed.ncbi.nlm.nih.gov/123"},
        {"pmid": "123456789"},
    ],
)
def test_a_pmid_that_would_be_read_as_something_else_stays_one(fields: dict[str, str]) -> None:
    _, read = round_trip(**fields)
    assert read.get("pmid") == fields["pmid"]
    assert not read.get("accession")
