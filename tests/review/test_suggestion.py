"""The groups that a cluster starts with, and what the answers then do, in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from refsync.dedup.results import Deduplication, Link, Pair
from refsync.errors import RefsyncError
from refsync.review.answer_labels import answer_labels
from refsync.review.answers import Draft
from refsync.review.questions import Question
from refsync.review.suggestion import suggested_groups
from tests.review.samples import cluster, sample_session, saved_lines, uncertain_link


def link(a: int, b: int, probability: float = 0.7, *vetoes: str) -> Link:
    return Link((a, b), probability, "", (Pair(a, b, probability, (), vetoes),))


def asked(*links: Link, units: tuple[tuple[int, ...], ...] = ((0,), (1,), (2,))) -> Question:
    return Question("q", "uncertain", tuple(i for unit in units for i in unit), units, links, 0.7)


def suggested(question: Question, *vetoed: tuple[int, int]) -> tuple[int, ...]:
    def compare(a: int, b: int) -> Pair:
        return Pair(a, b, 0.4, (), ("pages",) if (min(a, b), max(a, b)) in vetoed else ())

    return suggested_groups(question, question.links, compare)


def test_likely_links_without_a_veto_are_suggested() -> None:
    assert suggested(asked(link(0, 1), link(1, 2))) == (0, 0, 0)
    assert suggested(asked(link(0, 1), link(1, 2, 0.45))) == (0, 0, 1)
    assert suggested(asked(link(0, 1), link(1, 2, 0.9, "doi"))) == (0, 0, 1)
    assert suggested(asked(link(0, 1, 0.9, "doi"), link(1, 2, 0.9, "years"))) == (0, 1, 2)


def test_no_veto_is_bridged_by_a_third_record() -> None:
    question = asked(link(0, 1, 0.8), link(1, 2, 0.7))
    assert suggested(question, (0, 2)) == (0, 0, 1)  # the surer link is followed
    assert suggested(asked(link(0, 1, 0.8), link(1, 2, 0.7), link(0, 2, 0.3, "pages"))) == (0, 0, 1)


def test_what_is_merged_already_stays_together() -> None:
    question = asked(link(1, 2, 0.8, "doi"), link(2, 3), units=((0, 1), (2,), (3,)))
    assert suggested(question) == (0, 0, 1, 1)


def test_of_two_groups_the_question_is_whether_they_are_one() -> None:
    question = asked(link(0, 1, 0.6, "doi"), units=((0,), (1, 2)))
    assert suggested(question) == (0, 0, 0)


def test_the_labels_say_what_the_answers_do() -> None:
    three = asked(link(0, 1), link(1, 2))
    labels = answer_labels(three, Draft((0, 0, 0)))
    assert (labels.same, labels.separate) == ("Merge all 3", "No duplicates: 3 papers")
    labels = answer_labels(three, Draft((0, 1, 0)))
    assert (labels.same, labels.versions) == ("Merge 1 and 3; 2 stays separate", "Versions; merge 1 and 3")
    assert answer_labels(three, Draft((0, 1, 2))).same == ""
    merged_before = asked(link(0, 1), units=((0,), (1, 2)))
    labels = answer_labels(merged_before, Draft((0, 0, 0)))
    assert (labels.same, labels.separate) == ("Merge all 3", "1 is not a duplicate of 2 and 3")
    pair = asked(link(0, 1), units=((0,), (1,)))
    labels = answer_labels(pair, Draft((0, 0)))
    assert (labels.same, labels.separate) == ("Merge the two", "1 is not a duplicate of 2")
    merge = replace(asked(link(0, 1), units=((0, 1),)), kind="merge")
    labels = answer_labels(merge, Draft((0, 0)))
    assert (labels.same, labels.separate) == ("Merged correctly", "1 is not a duplicate of 2")
    four = asked(link(0, 1), units=((0,), (1,), (2,), (3,)))
    assert answer_labels(four, Draft((0, 0, 1, 1))).same == "Merge 1 and 2, 3 and 4"
    assert answer_labels(four, Draft((0, 0, 1, 2))).same == "Merge 1 and 2; 3 and 4 stay separate"


def test_one_paper_is_refused_where_no_records_are_marked_as_one(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(1, 2))))
    (question,) = review.select("uncertain")
    assert review.draft(question).groups == (0, 1, 2)  # a veto on each pair
    with pytest.raises(RefsyncError, match="no two records are marked"):
        review.answer(question, "same")
    assert saved_lines(review) == []


def test_groups_are_set_in_one_step(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(1, 2))))
    (question,) = review.select("uncertain")
    review.regroup(question, (0, 0, 1))
    review.undo()
    assert review.draft(question).groups == (0, 1, 2)
    for wrong in ((0, 0), (0, 0, 3), (0, 0, -1)):
        with pytest.raises(RefsyncError, match="3 numbers from 1 to 3"):
            review.regroup(question, wrong)


def test_no_duplicates_is_said_about_all_of_a_group(tmp_path: Path) -> None:
    found = Deduplication(clusters=(cluster(2, 3),), review=(uncertain_link(0, 1), uncertain_link(1, 2)))
    review = sample_session(tmp_path, found)
    question = review.select("uncertain")[0]
    review.answer(question, "not-duplicate")
    kinds = {(line["kind"], *line["keys"]) for line in saved_lines(review)}
    assert kinds == {  # also about 0 and 2, which no link connects: else it would be the next doubt
        ("not-duplicate", "k0", "k1"), ("not-duplicate", "k1", "k2"), ("not-duplicate", "k0", "k2"),
    }  # fmt: skip
