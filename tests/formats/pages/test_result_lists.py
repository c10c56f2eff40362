"""Copied result lists of databases: read or refused, never invented, and nothing is lost without a report."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import format_named
from refsync.sources import Reading, read_sources

WEB_OF_SCIENCE = """2 results from Web of Science Core Collection
1
Kelp in Noise
Roe, A; Poe, E and Oak, I
Mar 2020 | MOSS LETTERS 7 (3), pp.11-19
12 Citations
2
Sand Under Wind
Doe, J and Elm, H
Feb 2019 | SAND LETTERS 2 (1), pp.1-9
3 Citations
"""
SCOPUS = """Document title\tAuthors\tSource\tYear\tCitations
1\tKelp in Noise
Roe, A., Poe, E.
Moss Letters, 7(3), pp. 11-19\t2020\t12
View abstract
2\tSand Under Wind
Doe, J., Elm, H.
Sand Letters, 2(1), pp. 1-9\t2019\t3
View abstract
"""
HAL = """2 résultats

Kelp in Noise
Ann Roe, Ed Poe
Moss Letters, 2020, 7 (3), pp.11-19. ⟨10.5555/kelp⟩
Article dans une revue hal-02512345v1

Sand Under Wind
Jane Doe, Hans Elm
SandConf 2019, Feb 2019, Lyon, France
"""


def reading(text: str) -> Reading:
    return read_sources(["page.txt"], contents={"page.txt": text.encode()})


def test_people_with_semicolons_and_an_and() -> None:
    read = reading(WEB_OF_SCIENCE)
    assert [(record.get("title"), record.get("author")) for record in read.records] == [
        ("Kelp in Noise", "Roe, A and Poe, E and Oak, I"),
        ("Sand Under Wind", "Doe, J and Elm, H"),
    ]


def test_lines_below_names_of_columns_are_no_table() -> None:
    with pytest.raises(SourceError, match="no table: 4 of 8 rows"):
        format_named("csv").read(SCOPUS.encode(), "page.txt")
    titles = [record.get("title") for record in reading(SCOPUS).records]
    assert not {"View abstract", "Roe, A., Poe, E.", "2020"} & set(titles)


def test_a_table_with_some_short_rows_is_one() -> None:
    text = "title,author,year\nKelp in Noise,Roe A,2020\nSand\nMoss,Poe E,2019\nFoam,,\n"
    assert len(format_named("csv").read(text.encode(), "a.csv").records) == 4


def test_people_below_a_title_that_was_not_recognised_are_reported() -> None:
    read = reading(HAL)
    assert [record.get("doi") for record in read.records] == ["10.5555/kelp"]
    assert read.lost
    assert any("Jane Doe, Hans Elm" in problem.message for problem in read.problems if problem.fatal)
