"""Sessions: answers are saved at once, can be changed and undone."""

from pathlib import Path

import pytest

from refsync.decisions import applicable_answers, read_decisions
from refsync.dedup.merge import Choice
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Deduplication, Link
from refsync.dedup.settings import DedupSettings
from refsync.errors import RefsyncError
from refsync.planning.run_models import find_duplicates
from refsync.review.queue import Library
from refsync.review.session import Session
from tests.review.samples import sample_record, sample_session, saved_lines, uncertain_link


def test_an_answer_is_saved_at_once_and_undone(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    (line,) = saved_lines(review)
    assert (line["kind"], line["a"], line["b"], line["by"]) == ("same", *review.fingerprints[:2], "ann")
    assert line["value"]["score"] == pytest.approx(0.4055, abs=1e-3)  # log-odds of 0.6
    assert review.status(asked).state == "answered"
    assert review.progress("uncertain").open == 0
    review.undo()
    assert saved_lines(review) == []
    assert review.progress("uncertain").open == 1
    review.redo()
    assert saved_lines(review) == [line]
    with pytest.raises(RefsyncError, match="nothing to redo"):
        review.redo()


def test_another_answer_replaces_the_first_and_undo_restores_it(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    review.answer(asked, "version-of")
    (line,) = saved_lines(review)
    assert (line["kind"], line["value"]["relation"]) == ("version-of", "variant-of")
    review.undo()
    assert [line["kind"] for line in saved_lines(review)] == ["same"]


def test_which_is_the_earlier_form_can_be_changed(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(versions=(Link((0, 1), 0.9, "preprint-of", ()),)))
    (asked,) = review.select("versions")
    assert (review.draft(asked).relation, review.draft(asked).forward) == ("preprint-of", True)
    review.relate(asked, "preprint-of", forward=False)
    review.answer(asked, "version-of")
    (line,) = saved_lines(review)
    assert (line["a"], line["b"]) == (review.fingerprints[1], review.fingerprints[0])
    assert review.draft(asked).forward is False
    review.relate(asked, "variant-of", forward=False)  # of an answer that is given: changed in the file at once
    assert [line["value"]["relation"] for line in saved_lines(review)] == ["variant-of"]


def test_field_choices_are_saved_with_the_answer_and_change_a_given_one(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    (asked,) = review.select("uncertain")
    review.choose(asked, "title", 1)
    assert saved_lines(review) == []  # nothing is answered yet
    review.answer(asked, "same")
    (line,) = saved_lines(review)
    assert line["value"]["fields"] == {"title": {"from": review.fingerprints[1]}}
    review.choose(asked, "title", Choice(text="Mosses", markup="latex"))
    (line,) = saved_lines(review)
    assert line["value"]["fields"] == {"title": {"text": "Mosses", "markup": "latex"}}
    again = Session(review.library, review.path)
    (same,) = again.questions
    shown = {row.name: row for row in again.rows(same)[0]}
    assert (shown["title"].merged.text, shown["title"].chosen_by) == ("Mosses", "text")
    review.undo()
    assert saved_lines(review)[0]["value"]["fields"] == {"title": {"from": review.fingerprints[1]}}


def test_a_field_of_one_value_cannot_have_both(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    (asked,) = review.select("uncertain")
    with pytest.raises(RefsyncError, match="holds one value"):
        review.choose(asked, "title", Choice(union=True))


def test_the_same_question_is_not_asked_twice(tmp_path: Path) -> None:
    records = [
        sample_record(1, title="Tides of the northern harbour"),
        sample_record(2, title="Tides of the northern harbour walls", author="Ebert, I."),
    ]
    strict = DedupSettings(same=0.995, review=0.01)

    def start() -> Session:
        decisions, _ = read_decisions(tmp_path / "d.jsonl")
        remembered, _ = applicable_answers(decisions, [fingerprint(record) for record in records], "")
        return Session(Library(records, find_duplicates(records, strict, remembered), strict), tmp_path / "d.jsonl")

    first = start()
    (asked,) = first.select("uncertain")
    first.answer(asked, "not-duplicate")
    second = start()
    assert second.select("uncertain") == []
    (answered,) = second.select("answered")  # but the answer can be seen and changed
    assert second.status(answered).verdict == "not-duplicate"
    assert second.links(answered)[0].evidence[0].fields
    second.answer(answered, "same")
    assert [line["kind"] for line in saved_lines(second)] == ["same"]


def test_undo_of_what_somebody_else_removed_reports_that(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    review.answer(review.questions[0], "same")
    review.path.write_text("", encoding="utf-8")
    assert "somebody else" in review.undo().message


def test_after_a_failure_a_saved_answer_can_be_undone(tmp_path: Path) -> None:
    def fails(session: Session, name: str) -> None:
        raise RefsyncError("the plan cannot be written")

    library = Library([sample_record(i) for i in range(2)], Deduplication(review=(uncertain_link(0, 1),)))
    review = Session(library, tmp_path / "d.jsonl", "ann", fails)
    with pytest.raises(RefsyncError, match="the plan"):
        review.answer(review.questions[0], "same")
    assert [line["kind"] for line in saved_lines(review)] == ["same"]
    with pytest.raises(RefsyncError, match="the plan"):
        review.undo()
    assert saved_lines(review) == []
