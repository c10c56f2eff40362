"""Hostile input: no crash, no quadratic time, no merge without evidence, and a short queue for a person."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from refsync.dedup.cluster import deduplicate
from refsync.dedup.explain import DeduplicatedLibrary, explain_among
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from tests.time_bounds import seconds_at_most

BALANCED = DedupSettings()
TITLE = "Rain uptake of mosses on old walls under changing seasons"
SIZE = 1000
CHANCE = random.Random(7)
WORDS = ["".join(CHANCE.choices("bdfgklmnprstvaeiou", k=7)) for _ in range(900)]


def records(fields: Callable[[int], dict[str, str]], size: int = SIZE) -> list[Record]:
    return [Record("a", i, str(i), "article", fields(i)) for i in range(1, size + 1)]


def sentence(i: int) -> str:
    return " ".join(random.Random(i).choices(WORDS, k=8))


def mistyped(i: int) -> str:
    chance = random.Random(i)
    letters = list(TITLE)
    for _ in range(2):
        letters[chance.randrange(len(letters))] = chance.choice("aeioust")
    return "".join(letters)


def within(seconds: float, given: list[Record]) -> Deduplication:
    """The result, in so much CPU time (several times what it takes, far below what all pairs would)."""
    with seconds_at_most(seconds):
        return deduplicate(given, BALANCED)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(lambda _: {"title": "Editorial"}, id="Editorial"),
        pytest.param(lambda i: {"title": "Editorial", "year": str(1900 + i % 120)}, id="Editorial in many years"),
        pytest.param(
            lambda i: {
                "title": "Editorial",
                "author": f"Doe{i % 97}, J.",
                "year": str(1900 + i % 120),
                "pages": f"{i}",
            },
            id="Editorial in many places",
        ),
        pytest.param(lambda _: {}, id="nothing"),
        pytest.param(
            lambda i: {"author": f"{WORDS[i % 900]}, J.", "year": f"{1990 + i % 30}", "pages": f"{i % 700}"},
            id="no title",
        ),
        pytest.param(lambda i: {"title": sentence(i), "year": "2031"}, id="no author"),
        pytest.param(lambda i: {"title": sentence(i), "author": f"{WORDS[i % 900]}, J."}, id="no year"),
        pytest.param(lambda _: {"year": "2031", "journal": "Journal of Moss Research"}, id="a journal and a year"),
        pytest.param(lambda i: {"title": f"{TITLE} {i}", "author": "Doe, Jane", "year": "2031"}, id="numbered titles"),
        pytest.param(
            lambda i: {"title": TITLE, "author": f"{WORDS[i % 900]}, J.", "year": f"{1900 + i % 90}"}, id="title"
        ),
        pytest.param(
            lambda i: {"title": TITLE, "author": f"{WORDS[i % 900]}, J.", "year": f"{2029 + i % 3}"},
            id="title, by many people at a time",
        ),
        pytest.param(lambda i: {"title": sentence(i), "doi": "10.5555/a"}, id="one DOI"),
        pytest.param(lambda i: {"doi": "10.5555/a", "year": str(1900 + i % 120), "pages": str(i)}, id="DOIs alone"),
        pytest.param(
            lambda i: {"title": sentence(i), "abstract": "moss rain wall " * 40},
            id="one abstract",
        ),
    ],
)
def test_what_is_no_evidence_joins_few_and_asks_little(fields: Callable[[int], dict[str, str]]) -> None:
    result = within(20, records(fields))
    assert result.clusters == ()
    assert len(result.review) + len(result.versions) <= 1.2 * SIZE


def test_an_abstract_over_many_titles_is_no_evidence() -> None:
    assert not within(20, records(lambda i: {"title": sentence(i), "abstract": "moss rain wall " * 40})).review


@pytest.mark.parametrize("place", ["", pytest.param("pages", marks=pytest.mark.sweep)])
def test_near_equal_records_in_thousands_ask_about_one_link_each(place: str) -> None:
    given = records(
        lambda i: (
            {"title": mistyped(i), "author": "Doe, Jane and Roe, Mia", "year": "2031"}
            | ({place: str(i)} if place else {})
        ),
        700,
    )
    result = within(40, given)
    assert len(result.review) <= 1.2 * len(given)
    home = {i: number for number, cluster in enumerate(result.clusters) for i in cluster.members}
    asked = Counter(frozenset(home.get(i, -i) for i in link.members) for link in result.review)
    assert max(asked.values(), default=0) <= 1, "one question for each two clusters"


def test_many_copies_are_one_cluster() -> None:
    given = records(lambda _: {"title": TITLE, "author": "Doe, J. and Roe, M.", "year": "2031"}, 10_000)
    result = within(20, given)
    assert [len(cluster.members) for cluster in result.clusters] == [10_000]
    assert result.review == ()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(
            lambda i: {"title": f"Moss {i}", "author": " and ".join(f"Doe{j}, J." for j in range(5000))}, id="a"
        ),
        pytest.param(lambda i: {"title": f"{i} " + "moss " * 20_000}, id="a title of 100 kB"),
        pytest.param(lambda i: {"title": f"{i} " + "moss" * 25_000}, id="a word of 100 kB"),
        pytest.param(lambda i: {"title": f"Moss {i}", "abstract": "rain " * 200_000}, id="an abstract of a megabyte"),
        pytest.param(lambda i: {"title": "(" * 50_000 + str(i)}, id="brackets"),
        pytest.param(lambda i: {"title": "\ud800\x00" * 500 + str(i), "author": "\udfff"}, id="halves of surrogates"),
    ],
)
def test_huge_values_are_cut(fields: Callable[[int], dict[str, str]]) -> None:
    assert within(10, records(fields, 40)).clusters == ()


def test_a_library_of_editorials_costs_new_records_little() -> None:
    given = records(lambda i: {"title": "Editorial", "year": str(1900 + i % 120), "pages": str(i)})
    with seconds_at_most(20):
        result = deduplicate(given, BALANCED, known=SIZE - 5)
    assert result.clusters == ()
    assert len(result.review) <= 15


def test_explaining_two_of_thousands_of_copies_costs_little() -> None:
    first = {"title": TITLE, "author": "Doe, J. and Roe, M.", "year": "2031", "pages": "1-9"}
    given = records(lambda i: first | ({"title": f"{TITLE}, part II"} if i % 2 else {}), 6000)
    found = deduplicate(given, BALANCED)
    with seconds_at_most(10):
        explained = explain_among(DeduplicatedLibrary(records=given, found=found, settings=BALANCED), 0, 1)
    assert explained.verdict != "same"
    assert explain_among(DeduplicatedLibrary(records=given, found=found, settings=BALANCED), 0, 2).verdict == "same"
