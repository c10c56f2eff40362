"""The status of a question: contradictions among answers."""

from pathlib import Path

from refsync.decisions import append, format_decision
from refsync.dedup.results import Deduplication
from tests.review.samples import sample_session, saved_lines, uncertain_link


def test_answers_that_contradict_each_other_are_shown_and_replaced_by_a_third(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    append(review.path, [format_decision("not-duplicate", *review.fingerprints[:2], by="bob")])
    review.refresh()
    status = review.status(asked)
    assert status.state == "conflict"
    assert "ann on" in status.conflict
    assert "bob on" in status.conflict
    assert review.progress("uncertain").open == 1
    review.answer(asked, "not-duplicate")
    assert [(line["kind"], line["by"]) for line in saved_lines(review)] == [("not-duplicate", "bob")]
    review.undo()
    assert [line["kind"] for line in saved_lines(review)] == ["not-duplicate", "same"]


def test_a_contradiction_through_a_third_record_is_shown(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1), uncertain_link(1, 2))))
    (asked,) = review.select("uncertain")
    review.regroup(asked, (0, 0, 0))
    review.answer(asked, "same")
    append(review.path, [format_decision("not-duplicate", review.fingerprints[0], review.fingerprints[2], by="bob")])
    review.refresh()
    assert "through a third record" in review.status(asked).conflict
