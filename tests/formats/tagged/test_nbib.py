"""PubMed's tagged export."""

import pytest

from refsync.formats.tagged import nbib
from tests.formats.samples.tagged import NBIB


def test_pubmed() -> None:
    snapshot = nbib.read(f"{NBIB}\n{NBIB.replace('12345678', '2')}".encode(), "a.nbib")
    one, two = snapshot.records
    assert snapshot.problems == ()
    assert (one.type, one.id, one.line, two.line) == ("article", "#1", 2, 35)
    assert one.fields == {
        "pmid": "12345678",
        "author": "Doe, Jane A and Roe, Max and {Centre for Kelp and Moss}",
        "title": "The patience of moss: a study of walls.",
        "journal": "Journal of moss",
        "shortjournal": "J Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "abstract": "BACKGROUND: Moss waits. METHODS: We waited too.",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "pii": "S0000-01(20)1",
        "issn": "1234-5679, 0378-5955",
        "language": "eng",
        "keywords": "moss, wall; *Bryophyta/growth & development",
        "affiliation": "North University, Tidewater.",
        "pmcid": "PMC7654321",
        "nbib-own": "NLM",
        "nbib-stat": "MEDLINE",
        "nbib-pt": "Journal Article; Review",
        "nbib-so": "J Moss. 2020 Mar 7;7(2):101-15.",
    }


@pytest.mark.parametrize(
    ("text", "records", "words"),
    [
        (NBIB.replace("PMID- 12345678\n", ""), 1, "starts with OWN"),
        (NBIB + NBIB.lstrip(), 2, ""),
        (NBIB[:-20], 1, "if it was cut off"),
        (NBIB[: NBIB.index("AID")], 1, ""),
        (NBIB[: NBIB.index("AID") - 1], 1, "looks cut off"),
        ("Search results\n" + NBIB, 1, "outside any record"),
        (NBIB.replace("moss [doi]", "m\0oss [doi]", 1), 1, "NUL"),
        (NBIB.replace("\n", "\r\n"), 1, ""),
    ],
)
def test_damage_to_pubmed(text: str, records: int, words: str) -> None:
    snapshot = nbib.read(text.encode(), "a.nbib")
    assert [record.get("volume") for record in snapshot.records] == ["7"] * records
    assert [words in problem.message for problem in snapshot.problems] == [True] * bool(words)


def test_the_place_of_a_book_is_where_it_was_published() -> None:
    book = "PMID- 1\nTI  - Moss\nBTI - Moss in Towns\nPT  - Book Chapter\nPL  - Moss Town\nPB  - Moss Press\n"
    (record,) = nbib.read(book.encode(), "a.nbib").records
    assert (record.get("address"), record.get("publisher")) == ("Moss Town", "Moss Press")
    journal = "PMID- 1\nTI  - Moss\nJT  - J Moss\nPT  - Journal Article\nPL  - NORWAY\n"
    (article,) = nbib.read(journal.encode(), "a.nbib").records
    assert article.get("address") == ""
