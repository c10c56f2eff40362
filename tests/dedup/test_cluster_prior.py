"""The second look: what the rest of a library says of pairs that by themselves are in doubt."""

from collections.abc import Sequence
from random import Random

import pytest

from refsync.config import load_config
from refsync.dedup.cluster import deduplicate
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

BALANCED = DedupSettings()
ALONE = DedupSettings(habits=False)
SYLLABLES = "ba ce di fo gu ha ke li mo nu pa re si to vu wa ze".split()

DOUBT = ("A census of harbour birds by borrowed cameras", "A winter census of harbour birds by borrowed cameras")
PEOPLE = "Doe, Jane and Roe, Mia"


def record(source: str, title: str, author: str = PEOPLE, year: str = "2031", **fields: str) -> Record:
    return Record(source, 1, title[:9], "misc", {"title": title, "author": author, "year": year, **fields})


def library(papers: int, *sources: str) -> list[Record]:
    """The same papers once in each source, written by different people."""
    rng = Random(7)
    words = [["".join(rng.choices(SYLLABLES, k=4)) for _ in range(8)] for _ in range(papers)]
    return [
        record(source, " ".join(some[:6]), f"{some[6].title()}, Ann and {some[7].title()}, Bo")
        for source in sources
        for some in words
    ]


def find(records: Sequence[Record], settings: DedupSettings = BALANCED) -> tuple[Deduplication, set[frozenset[str]]]:
    """The result, and the clusters as sets of titles."""
    numbered = [Record(r.source, i, r.id, r.type, r.fields) for i, r in enumerate(records, 1)]
    found = deduplicate(numbered, settings)
    return found, {frozenset(numbered[i].get("title") for i in cluster.members) for cluster in found.clusters}


PAIR = [record("a.bib", DOUBT[0]), record("b.bib", DOUBT[1])]


def test_a_doubt_is_settled_where_nearly_all_records_have_a_partner() -> None:
    found, titles = find([*library(60, "a.bib", "b.bib"), *PAIR])
    assert frozenset(DOUBT) in titles
    (pair,) = next(c for c in found.clusters if max(c.members) == 121).evidence
    assert pair.settled
    assert pair.vetoes == ("subtitle",)
    assert pair.probability >= 0.95


@pytest.mark.parametrize(
    "others",
    [
        library(120, "a.bib"),  # nothing here has a partner
        library(10, "a.bib", "b.bib"),  # too few to tell
    ],
    ids=["no overlap", "few records"],
)
def test_a_doubt_stays_a_question_elsewhere(others: list[Record]) -> None:
    found, titles = find([*others, *PAIR])
    assert frozenset(DOUBT) not in titles
    assert [link.members for link in found.review] == [(len(others), len(others) + 1)]


def test_a_rival_leaves_the_question_open() -> None:
    rival = record("b.bib", "A summer census of harbour birds by borrowed cameras")
    _, titles = find([*library(60, "a.bib", "b.bib"), *PAIR, rival])
    assert not any(DOUBT[0] in group for group in titles)


def test_who_has_a_partner_takes_no_second_one_where_papers_stand_twice() -> None:
    copy = record("a.bib", DOUBT[0], note="as read")
    _, titles = find([*library(60, "a.bib", "b.bib"), *PAIR, copy])
    assert frozenset(DOUBT) not in titles


def test_a_third_copy_that_only_its_title_bears_out_is_asked_about_where_papers_stand_twice() -> None:
    column = [record("a.bib", "Voices from the harbour office", "Doe, Jane", note=str(i)) for i in range(3)]
    found, titles = find([*library(60, "a.bib", "b.bib"), *column])
    assert len(titles) == 60
    assert len(found.review) == 2
    assert {veto for link in found.review for veto in link.evidence[0].vetoes} == {"copies"}
    placed = [Record(r.source, r.index, r.id, r.type, {**r.fields, "doi": "10.5555/moss.31"}) for r in column]
    assert len(find([*library(60, "a.bib", "b.bib"), *placed])[1]) == 61


def test_the_second_look_can_be_switched_off_and_careful_does() -> None:
    records = [*library(60, "a.bib", "b.bib"), *PAIR]
    assert find(records)[1] - find(records, ALONE)[1] == {frozenset(DOUBT)}
    assert not load_config(profile="careful").dedup.habits


def test_the_order_of_records_makes_no_difference() -> None:
    records = [*library(55, "a.bib", "b.bib"), *PAIR]
    titles = find(records)[1]
    for seed in range(3):
        assert find(Random(seed).sample(records, len(records)))[1] == titles


@pytest.mark.parametrize(
    ("other", "year"),
    [
        ("Guidelines for the care of harbour mosses on old walls under salt and rain, part II", "2031"),
        ("Guidelines for the care of harbour mosses on old walls under salt and rain", "2034"),
    ],
    ids=["the second part", "a later edition"],
)
def test_parts_and_later_editions_stand_alone(other: str, year: str) -> None:
    people = f"{PEOPLE} and Poe, Ann and Coe, Bo and Zoe, Kit and Moe, Al"
    first = "Guidelines for the care of harbour mosses on old walls under salt and rain"
    pair = [
        record("a.bib", f"{first}, part I" if "part" in other else first, people, journal="Moss Care"),
        record("b.bib", other, people, year, journal="Moss Care"),
    ]
    _, titles = find([*library(60, "a.bib", "b.bib"), *pair])
    assert not any(other in group for group in titles)
