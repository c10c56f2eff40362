"""Pairs as poorer sources give them: misspelt or broken-off titles, few names, years and venues that slip."""

import pytest

from refsync.dedup.cluster import deduplicate
from refsync.dedup.explain import explain_pair
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from scripts.noise import corrupted_copies

BALANCED = DedupSettings()
TALK = Record(
    "a.bib",
    1,
    "doe2031",
    "inproceedings",
    {
        "title": "Counting mosses on harbour walls with borrowed cameras",
        "author": "Doe, Jane A. and Roe, Mia and Poe, Ann",
        "year": "2031",
        "booktitle": "Meeting on Old Walls",
    },
)


def poor(*, type_: str = "misc", without: str = "", **fields: str) -> Record:
    kept = {name: value for name, value in TALK.fields.items() if name not in without.split()}
    return Record("b.bib", 1, "k2", type_, kept | fields)


SAME = {
    "two letters exchanged": poor(title="Counting mosses on habrour walls with borrowed cameras"),
    "a letter of a short word": poor(title="Counting mosses on harbour wals with borrowed cameras"),
    "a word glued, initials": poor(
        title="Counting mosses on harbour walls withborrowed cameras", author="JA Doe, M Roe, A Poe"
    ),
    "broken off": poor(title="Counting mosses on harbour walls with borrowed"),
    "broken off, no year": poor(title="Counting mosses on harbour walls with", without="year"),
    "names in another order, first name a nickname's": poor(author="Poe, Ann and Doe, J. and Roe, Mia"),
    "a family name misspelt": poor(author="Deo, Jane A. and Roe, Mia and Poe, Ann"),
    "a year off in one place": poor(year="2032", type_="inproceedings"),
    "neither year nor venue": poor(without="year booktitle"),
    "every record an article": poor(type_="article", without="booktitle", journal="Old Walls"),
}

APART = {
    "one letter is another part": (
        poor(title="Harbour walls of the north: case A"),
        poor(title="Harbour walls of the north: case B"),
    ),
    "the beginning by others": (
        poor(title="Counting mosses on harbour walls with", author="Coe, Bo and Zoe, Kit"),
        TALK,
    ),
    "a tutorial of it": (poor(title="Counting mosses on harbour walls with borrowed cameras: tutorial"), TALK),
    "a year later at another meeting": (poor(year="2032", booktitle="Symposium of Shore Botany"), TALK),
    "one guideline in two journals": (
        poor(type_="article", without="booktitle", journal="Annals of Harbour Botany"),
        poor(type_="article", without="booktitle", journal="Journal of Stone and Plaster"),
    ),
    "a journal of the meeting's name, a year on": (
        poor(type_="article", without="booktitle", journal="Journal on Old Walls", year="2032"),
        TALK,
    ),
    "two abstracts on one page": (
        poor(
            type_="article",
            title="Factor F of mosses is bound to slate",
            volume="4",
            pages="77",
            journal="Moss Letters",
        ),
        poor(
            type_="article",
            title="Factor L of lichens is bound to granite",
            volume="4",
            pages="77-78",
            journal="Moss Letters",
            author="Poe, Ann and Loe, T. and Moe, U.",
        ),
    ),
    "an introduction to the issue of that name": (
        poor(title="Harbour walls and their plants: guest editor's introduction"),
        poor(title="Harbour walls and their plants"),
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_one_paper(name: str) -> None:
    result = deduplicate([TALK, SAME[name]], BALANCED)
    assert [cluster.members for cluster in result.clusters] == [(0, 1)], explain_pair(TALK, SAME[name], BALANCED)


@pytest.mark.parametrize("name", APART)
def test_not_one_paper(name: str) -> None:
    a, b = APART[name]
    assert deduplicate([a, b], BALANCED).clusters == (), explain_pair(a, b, BALANCED)


def test_a_supplement_taken_for_the_volume_does_not_hide_the_page() -> None:
    a = poor(type_="article", without="booktitle", journal="Moss Letters", volume="1", pages="S72")
    b = poor(type_="article", without="booktitle", journal="Moss Letters", volume="53", pages="S72")
    assert explain_pair(a, b, BALANCED).verdict in {"same", "maybe"}


def test_a_title_that_names_the_year_is_asked_about() -> None:
    a = poor(title="Report on the fourth meeting of harbour botanists", type_="inproceedings")
    b = poor(title="Report on the fourth meeting of harbour botanists (MHB 2031)", type_="inproceedings")
    assert explain_pair(a, b, BALANCED).verdict in {"same", "maybe"}


def test_guests_edit_one_issue_together() -> None:
    a = poor(title="Guest editorial", type_="article", without="booktitle", journal="Moss Letters")
    b = poor(title="Guest Editorial", type_="article", without="booktitle", journal="Moss Lett.")
    assert explain_pair(a, b, BALANCED).verdict == "same"
    alone = {"author": "Doe, Jane"}
    a = Record("a", 1, "a", "article", dict(a.fields) | alone)
    b = Record("b", 1, "b", "article", dict(b.fields) | alone)
    assert explain_pair(a, b, BALANCED).verdict == "maybe"


def test_both_orders_of_a_pair_say_the_same() -> None:
    for a, b in [*APART.values(), *((TALK, other) for other in SAME.values())]:
        assert explain_pair(a, b, BALANCED).verdict == explain_pair(b, a, BALANCED).verdict


def test_corrupted_copies_are_deterministic() -> None:
    records = [TALK] * 40
    assert corrupted_copies(records, 7) == corrupted_copies(records, 7)
    assert corrupted_copies(records, 7) != corrupted_copies(records, 8)
    assert corrupted_copies(records, 7, share=0.0) == records
    assert all(record.fields.get("title") for record in corrupted_copies(records, 7))
