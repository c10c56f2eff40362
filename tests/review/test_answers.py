"""From a person's answer to the lines in the decisions file."""

from pathlib import Path

from refsync.decisions import applicable_answers, read_decisions
from refsync.dedup.results import Deduplication
from tests.review.samples import cluster, sample_session, saved_lines, uncertain_link


def test_a_group_needs_one_line_fewer_than_it_has_members(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(1, 2))))
    (asked,) = review.select("uncertain")
    review.regroup(asked, (0, 0, 0))
    review.answer(asked, "same")
    assert [(line["kind"], line["keys"]) for line in saved_lines(review)] == [
        ("same", ["k0", "k1"]), ("same", ["k1", "k2"]),
    ]  # fmt: skip


def test_groups_are_saved_as_same_and_not_duplicate(tmp_path: Path) -> None:
    review = sample_session(
        tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(1, 2), uncertain_link(2, 3)))
    )
    (asked,) = review.select("uncertain")
    review.regroup(asked, (0, 0, 1, 1))
    review.answer(asked, "same")
    assert sorted((line["kind"], *line["keys"]) for line in saved_lines(review)) == [
        ("not-duplicate", "k1", "k2"), ("same", "k0", "k1"), ("same", "k2", "k3"),
    ]  # fmt: skip
    assert review.status(asked).state == "answered"
    decisions, _ = read_decisions(review.path)
    remembered, problems = applicable_answers(decisions, review.fingerprints, "")
    assert (remembered.must_link, remembered.cannot_link, problems) == (((0, 1), (2, 3)), ((1, 2),), [])


def test_rejecting_a_group_keeps_what_was_merged_before(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(clusters=(cluster(0, 1),), review=(uncertain_link(1, 2),)))
    asked, merge = review.questions
    review.answer(asked, "not-duplicate")
    assert [(line["kind"], line["keys"]) for line in saved_lines(review)] == [("not-duplicate", ["k1", "k2"])]
    review.answer(merge, "not-duplicate")
    assert {(line["kind"], *line["keys"]) for line in saved_lines(review)} == {
        ("not-duplicate", "k1", "k2"), ("not-duplicate", "k0", "k1"),
    }  # fmt: skip
