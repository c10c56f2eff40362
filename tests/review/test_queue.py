"""The queue: the next question, search, and what others write."""

from pathlib import Path

from refsync.dedup.results import Deduplication
from tests.review.samples import sample_session, saved_lines, uncertain_link


def test_next_open_wraps_around_and_keeps_skipped_ones_for_the_end(tmp_path: Path) -> None:
    review = sample_session(
        tmp_path,
        Deduplication(review=(uncertain_link(0, 1, 0.7), uncertain_link(2, 3, 0.6), uncertain_link(4, 5, 0.5))),
        6,
    )
    first, second, third = review.select("uncertain")
    review.skip(second)
    assert review.next_open(first.id, "uncertain") == third
    review.answer(third, "same")
    assert review.next_open(third.id, "uncertain") == first
    review.answer(first, "same")
    assert review.next_open(first.id, "uncertain") == second
    review.answer(second, "same")
    assert review.next_open(second.id, "uncertain") is None


def test_search_finds_words_of_any_member(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(2, 3))))
    assert [item.members for item in review.select("uncertain", "MOSSES k3")] == [(2, 3)]
    assert review.select("uncertain", "nothing of the kind") == []


def test_answers_by_others_are_kept_and_seen(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(2, 3))))
    first, second = review.select("uncertain")
    other = sample_session(tmp_path, review.library.deduplication, by="bob")
    other.answer(second, "same")
    review.answer(first, "same")
    assert review.status(second).state == "answered"
    assert {line["by"] for line in saved_lines(review)} == {"ann", "bob"}
    review.undo()
    assert [line["by"] for line in saved_lines(review)] == ["bob"]
