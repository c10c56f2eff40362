"""Labels of a screening in what is written: a note of RIS, a column of a table."""

import csv
import io
from dataclasses import replace

import pytest

from refsync.formats.registry import format_named
from refsync.planning.export import export
from refsync.records import Record


def paper(number: int, **fields: str) -> Record:
    return Record("a.csv", number, f"k{number}", "article", {"title": "Moss", **fields})


def notes(*records: Record) -> list[str]:
    text = export(records, format_named("ris")).decode()
    return [line[6:] for line in text.splitlines() if line.startswith("N1  - ")]


def labels(*records: Record) -> list[str]:
    rows = csv.DictReader(io.StringIO(export(records, format_named("csv")).decode()))
    return [row.get("asreview_label") or "" for row in rows]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"asreview_label": "1"}, ["ASReview_relevant"]),
        ({"asreview_label": "0", "annote": "mine"}, ["ASReview_irrelevant", "mine"]),
        ({"included": "1", "annote": "ASReview_irrelevant\nDatabase: X"}, ["ASReview_relevant", "Database: X"]),
        ({"asreview_label": "1", "included": "0"}, ["ASReview_relevant"]),
        ({"label": "1"}, ["ASReview_relevant"]),
        ({"annote": 'ASReview_not_seen\nasreview_note: "x"'}, ["ASReview_not_seen", 'asreview_note: "x"']),
        ({"annote": "mine\nand more"}, ["mine"]),  # the second line is below
        ({"note": 'RAYYAN-INCLUSION: {"Ann"=>"Excluded"}'}, ["ASReview_irrelevant"]),
        ({}, []),
    ],
)
def test_notes_of_ris(fields: dict[str, str], expected: list[str]) -> None:
    assert notes(paper(1, **fields)) == expected


def test_a_label_of_biblatex_is_none() -> None:
    assert notes(replace(paper(1, label="1"), markup="latex")) == []
    assert notes(replace(paper(1, annote="ASReview\\_irrelevant", included="1"), markup="latex")) == [
        "ASReview_relevant"
    ]


def test_columns_of_a_table() -> None:
    included, noted, none = paper(1, included="1"), paper(2, annote="ASReview_irrelevant"), paper(3)
    assert labels(included, none) == ["", ""]  # ASReview reads the column `included`
    assert labels(noted, none) == ["0", ""]
    assert labels(included, noted, none) == ["1", "0", ""]  # it reads one column only
    assert labels(paper(1, asreview_label="0", included="1")) == ["0"]  # as it is written there
