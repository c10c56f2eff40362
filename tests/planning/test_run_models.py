"""The deduplicator with people's answers: what is answered is not asked again, about no member of a group."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from refsync.decisions import RememberedAnswers
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.planning.run_models import find_duplicates
from refsync.records import Record

SETTINGS = DedupSettings()
records = st.lists(
    st.builds(
        lambda title, author, year, venue, doi, type_: {
            "title": title, "author": author, "year": year, "journal": venue, "doi": doi, "type": type_,
        },
        title=st.sampled_from(
            [
                "The Patience of Moss on Northern Walls",
                "The Patience of Moss on Walls",
                "Patience of Moss",
                "The Patience of Moss on Northern Walls: A Survey",
            ]
        ),
        author=st.sampled_from(["Doe, Jane and Roe, Richard", "Doe, J.", ""]),
        year=st.sampled_from(["2019", "2020", ""]),
        venue=st.sampled_from(["Journal of Moss Research", "Proc. of the Moss Workshop", "arXiv", ""]),
        doi=st.sampled_from(["", "", "10.5555/moss.1"]),
        type_=st.sampled_from(["article", "inproceedings", "misc"]),
    ),
    min_size=2,
    max_size=6,
)  # fmt: skip


def as_records(rows: list[dict[str, str]]) -> list[Record]:
    return [
        Record(
            "a.bib",
            number,
            f"k{number}",
            row["type"],
            {name: value for name, value in row.items() if value and name != "type"},
            "latex",
            number,
        )
        for number, row in enumerate(rows, 1)
    ]


def groups(found: Deduplication) -> list[tuple[int, ...]]:
    return [cluster.members for cluster in found.clusters]


@given(records)
def test_the_answer_not_a_duplicate_ends_the_questions_about_two_groups(rows: list[dict[str, str]]) -> None:
    given_records = as_records(rows)
    found = find_duplicates(given_records, SETTINGS)
    asked = tuple(sorted((min(link.members), max(link.members)) for link in found.review))
    answered = find_duplicates(given_records, SETTINGS, RememberedAnswers(cannot_link=asked))
    place = {i: members for members in groups(answered) for i in members}
    settled = {frozenset({place.get(a, (a,)), place.get(b, (b,))}) for a, b in asked}
    for link in (*answered.review, *answered.versions):
        assert frozenset(place.get(i, (i,)) for i in link.members) not in settled


@given(records)
def test_the_answer_version_ends_the_questions_and_links_the_two(rows: list[dict[str, str]]) -> None:
    given_records = as_records(rows)
    asked = tuple(
        sorted((min(link.members), max(link.members)) for link in find_duplicates(given_records, SETTINGS).review)
    )
    answered = find_duplicates(given_records, SETTINGS, RememberedAnswers(versions=asked))
    place = {i: members for members in groups(answered) for i in members}
    settled = {frozenset({place.get(a, (a,)), place.get(b, (b,))}) for a, b in asked}
    assert {*asked} <= {(min(link.members), max(link.members)) for link in answered.versions}
    assert not any(frozenset(place.get(i, (i,)) for i in link.members) in settled for link in answered.review)


def test_a_group_that_is_no_duplicate_is_no_version_either() -> None:
    rows = [
        {"title": "The Patience of Moss", "author": "Doe, Jane and Roe, Richard", "year": "2020", "doi": "10.5555/m.1",
         "journal": "Journal of Moss", "volume": "3", "pages": "1--9", "type": "article"},
        {"title": "The Patience of Moss", "author": "Doe, Jane and Roe, Richard", "year": "2020", "doi": "10.5555/m.1",
         "journal": "J. of Moss", "type": "article"},
        {"title": "The Patience of Moss", "author": "Doe, Jane and Roe, Richard", "year": "2019",
         "booktitle": "Proceedings of the Moss Conference", "pages": "20--25", "type": "inproceedings"},
    ]  # fmt: skip
    given_records = as_records(rows)
    found = find_duplicates(given_records, SETTINGS)
    assert groups(found) == [(0, 1)]
    assert found.versions
    for pair in ((0, 2), (1, 2)):
        answered = find_duplicates(given_records, SETTINGS, RememberedAnswers(cannot_link=(pair,)))
        assert (groups(answered), answered.versions, answered.review) == ([(0, 1)], (), ())
        linked = find_duplicates(given_records, SETTINGS, replace(RememberedAnswers(), versions=(pair,)))
        assert pair in [tuple(sorted(link.members)) for link in linked.versions]
