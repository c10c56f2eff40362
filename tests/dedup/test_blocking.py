"""Blocking: records of one paper meet, and no input makes many pairs."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup import blocking_keys
from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.blocking_keys import words
from refsync.dedup.profile import profile
from refsync.records import Record
from tests.sweeps import examples

PAPER = {
    "title": "Rain uptake of mosses on old walls", "author": "Doe, Jane and Roe, Mia", "year": "2031",
    "journal": "Journal of Moss Research", "volume": "12", "pages": "221-228", "doi": "10.5555/a",
    "abstract": "We follow forty mosses over three winters on the north walls of an old town. " * 4,
}  # fmt: skip


def pairs_of(records: Sequence[dict[str, str]], library: Sequence[int] = ()) -> set[tuple[int, int]]:
    profiles = [profile(Record("a", i, str(i), "article", fields)) for i, fields in enumerate(records, 1)]
    return set(map(tuple, candidate_pairs(profiles, library).tolist()))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"title": PAPER["title"].upper() + "."}, id="the title alone"),
        pytest.param({"title": "Rain uptake of mosses on old walls: a field study"}, id="the title before a subtitle"),
        pytest.param({"doi": "https://doi.org/10.5555/A"}, id="the DOI alone"),
        pytest.param({"title": "Uptake", "year": "2031", "volume": "12", "pages": "221"}, id="the place"),
        pytest.param({"title": "Aufnahme", "author": "J Doe and M Roe", "year": "2031"}, id="the authors and year"),
        pytest.param({"title": "Rian uptake of mosses on old walls"}, id="an end of a mistyped title"),
        pytest.param({"title": "Aufnahme", "abstract": PAPER["abstract"]}, id="the abstract"),
    ],
)
def test_records_of_one_paper_meet(other: dict[str, str]) -> None:
    assert pairs_of([PAPER, other]) == {(0, 1)}


def test_rare_words_find_a_title_in_another_order() -> None:
    rest = [{"title": f"A study of lichens and stone number {i}"} for i in range(30)]
    found = pairs_of([{"title": "Mosses, walls and quarries revisited"}, {"title": "On quarries with walls"}, *rest])
    assert (0, 1) in found


OTHER = {"title": "Lichens of chalk", "year": "2031", "volume": "12", "pages": "221-228"}
THIRD = {"title": "Stone and frost", "year": "2031", "volume": "12", "pages": "221-230"}


@pytest.mark.parametrize(
    ("others", "found"),
    [
        pytest.param([OTHER], {(0, 1)}, id="a place that only two have"),
        pytest.param([OTHER, THIRD], set(), id="a place that three have"),
        pytest.param([OTHER, THIRD | {"author": "Doe, Jane"}], {(0, 2)}, id="a place and an author"),
        pytest.param(
            [OTHER, THIRD | {"title": "Uptake of rain by mosses on old walls"}], {(0, 2)}, id="rare words too"
        ),
        pytest.param([{"doi": PAPER["doi"]}] * 2, {(0, 1), (0, 2), (1, 2)}, id="a DOI"),
        pytest.param([{"title": PAPER["title"]}] * 2, {(0, 1), (0, 2), (1, 2)}, id="a title"),
    ],
)
def test_one_key_that_others_have_is_not_enough_in_a_large_library(
    others: list[dict[str, str]], found: set[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pairs_of([PAPER, *others]) >= {(0, i) for i in range(1, len(others) + 1)}
    monkeypatch.setattr(blocking_keys, "_SMALL", 0)
    assert pairs_of([PAPER, *others]) == found


def test_a_large_library_is_still_searched_for_a_few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking_keys, "_SMALL", 1)
    records = [PAPER, OTHER, THIRD, *({"title": f"Letter number {i} to the keeper"} for i in range(20))]
    new = {pair for pair in pairs_of(records, range(1, len(records))) if 0 in pair}
    assert new == {(0, 1), (0, 2)}
    assert new.isdisjoint(pairs_of(records))


def test_records_that_say_nothing_meet_nobody() -> None:
    assert pairs_of([{}, {}, {"year": "2031"}, {"year": "2031"}, {"title": "..."}, {"title": "?"}]) == set()
    assert pairs_of([]) == set()


def test_words_of_scripts_without_spaces_are_runs_of_two() -> None:
    assert words("中文標題 moss the") == {"中文", "文標", "標題", "moss"}
    assert words("the moss of it") == {"moss"}


def test_the_library_does_not_meet_itself() -> None:
    assert pairs_of([PAPER] * 3, library=[0, 1, 2]) == set()
    assert pairs_of([PAPER] * 4, library=[0, 2]) == {(0, 1), (0, 3), (1, 2), (1, 3), (2, 3)}


TITLES = st.sampled_from(("Moss on walls", "Moss on old walls", "Editorial", "Lichens of the chalk cliffs", ""))


@settings(max_examples=examples(50))
@given(st.lists(st.fixed_dictionaries({"title": TITLES, "author": TITLES, "year": TITLES}), max_size=12), st.data())
def test_pairs_are_sorted_single_and_of_two(records: list[dict[str, str]], data: st.DataObject) -> None:
    profiles = [profile(Record("a", i, str(i), "article", fields)) for i, fields in enumerate(records, 1)]
    library = data.draw(st.sets(st.integers(0, max(len(records) - 1, 0)), max_size=len(records)))
    every = candidate_pairs(profiles).tolist()
    assert every == sorted(map(list, set(map(tuple, every))))
    assert all(a < b for a, b in every)
    some = candidate_pairs(profiles, library).tolist()
    assert some == [[a, b] for a, b in every if not {a, b} <= library]


@pytest.mark.parametrize("common", ["title", "author", "doi", "abstract"])
def test_a_value_that_thousands_share_makes_few_pairs(common: str) -> None:
    chance = random.Random(1)
    vocabulary = ["".join(chance.choices("bdfgklmnprstvaeiou", k=7)) for _ in range(900)]
    records = [
        {"title": " ".join(chance.choices(vocabulary, k=7)), "year": str(1950 + i % 70), "pages": str(i)}
        | {common: PAPER[common]}
        for i in range(6000)
    ]
    assert len(pairs_of(records)) < 30 * len(records)
