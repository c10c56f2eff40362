"""PubMed's tags are written."""

from refsync.formats.registry import detect
from refsync.formats.tagged import nbib
from refsync.records import Record

FIELDS = {
    "author": "Roe, Jr., Ann and Elm, Zoe", "title": "The Patience of Moss", "journal": "Journal of Moss",
    "shortjournal": "J Moss", "year": "2020", "month": "March", "day": "5", "volume": "7", "number": "3",
    "pages": "11--19", "keywords": "moss, kelp", "doi": "10.1000/moss", "pmid": "77", "issn": "1234-5679",
    "abstract": "Moss waits " * 12, "shelf": "B 12",
}  # fmt: skip


def test_an_article_in_the_form_of_pubmed() -> None:
    text = nbib.write([Record("a", 1, "roe2020", "article", FIELDS)])
    assert detect(text, "a.txt").name == "nbib"
    lines = text.decode().splitlines()
    assert lines[:6] == ["PMID- 77", "IS  - 1234-5679", "DP  - 2020 Mar 5", "TI  - The Patience of Moss",
                         "JT  - Journal of Moss", "TA  - J Moss"]  # fmt: skip
    assert "LID - 10.1000/moss [doi]" in lines
    assert "FAU - Roe, Ann, Jr." in lines or "FAU - Roe, Jr., Ann" in lines
    assert max(map(len, lines)) <= 90
    assert lines[-2:] == ["GN  - Field: citation-key: roe2020", "GN  - Field: shelf: B 12"]
    (back,) = nbib.read(text, "a").records
    assert (back.id, back.type) == ("roe2020", "article")
    assert {name: value.split() for name, value in back.fields.items()} == {
        name: value.split() for name, value in FIELDS.items()
    }


def test_groups_keep_their_place_and_types_their_name() -> None:
    fields = {"author": "{Centre for Kelp} and Roe, Ann", "title": "Moss", "year": "in press", "booktitle": "B"}
    (back,) = nbib.read(nbib.write([Record("a", 1, "k", "inproceedings", fields)]), "a").records
    assert (back.type, dict(back.fields)) == ("inproceedings", fields)


def test_records_without_a_pmid_are_distinguished() -> None:
    given = [Record("a", n, f"#{n}", "article", {"title": f"Moss {n}"}) for n in (1, 2)]
    snapshot = nbib.read(nbib.write(given), "a")
    assert [record.get("title") for record in snapshot.records] == ["Moss 1", "Moss 2"]
    assert snapshot.problems == ()
