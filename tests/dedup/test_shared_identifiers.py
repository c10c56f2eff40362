"""An identifier over unrelated titles is reported, once, unless the pair is reported anyway."""

from refsync.dedup.cluster import deduplicate
from refsync.dedup.results import Deduplication, Link
from refsync.dedup.settings import DedupSettings
from refsync.dedup.shared_identifiers import unrelated_titles
from refsync.records import Problem, Record

DOI, ISBN = "10.5555/walls.12", "978-0-306-40615-7"
MOSS = {"title": "Rain uptake of mosses on old walls", "author": "Doe, Ada", "year": "2011"}
COIN = {"title": "Tariffs and the price of lanterns", "author": "Roe, Mia", "year": "2011"}


def reported(*fields: dict[str, str], type_: str = "article") -> tuple[Problem, ...]:
    records = [Record("a.bib", i, f"k{i}", type_, own, line=i) for i, own in enumerate(fields, 1)]
    return unrelated_titles(records, deduplicate(records, DedupSettings()))


def test_unrelated_titles_with_one_doi_are_reported() -> None:
    (problem,) = reported(MOSS | {"doi": DOI}, COIN | {"doi": f"https://doi.org/{DOI}"})
    assert problem.kind == "note"
    assert (problem.source, problem.line) == ("a.bib", 2)
    assert "'k2' has the DOI 10.5555/walls.12 of 'k1'" in problem.message


def test_a_pubmed_number_and_an_isbn_of_books_are_reported() -> None:
    assert len(reported(MOSS | {"pmid": "12345678"}, COIN | {"pmid": "12345678"})) == 1
    assert len(reported(MOSS | {"isbn": ISBN}, COIN | {"isbn": ISBN}, type_="book")) == 1


def test_many_records_of_one_number_are_one_note() -> None:
    third = {"title": "Ferns of deep gorges in winter", "doi": DOI}
    (problem,) = reported(MOSS | {"doi": DOI}, COIN | {"doi": DOI}, third)
    assert "of 3 records" in problem.message


def test_related_titles_are_not_reported() -> None:
    assert reported(MOSS | {"doi": DOI}, MOSS | {"doi": DOI, "title": "Rain uptake of mosses"}) == ()
    assert reported(MOSS | {"doi": DOI}, COIN | {"doi": "10.5555/walls.13"}) == ()


def test_chapters_of_one_book_share_its_isbn() -> None:
    assert reported(MOSS | {"isbn": ISBN}, COIN | {"isbn": ISBN}, type_="incollection") == ()


def test_a_pair_that_is_asked_about_is_not_reported_twice() -> None:
    records = [
        Record("a.bib", 1, "k1", "article", MOSS | {"doi": DOI}),
        Record("a.bib", 2, "k2", "article", COIN | {"doi": DOI}),
    ]
    asked = Deduplication(review=(Link((0, 1), 0.5, "", ()),))
    assert unrelated_titles(records, asked) == ()
