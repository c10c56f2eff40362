"""Questions, rows and sessions: what is asked, how it is shown, and that answers are kept."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync.decisions import append, as_line, read_decisions, recall
from refsync.dedup.merge import Choice
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.dedup.settings import DedupSettings, MergeSettings
from refsync.errors import RefsyncError
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
from refsync.review.decisions_file import Ledger
from refsync.review.questions import MOST, questions
from refsync.review.session import Library, Session
from refsync.review.side_by_side import rows
from refsync.review.word_diff import differences


def paper(number: int, **fields: str) -> Record:
    told = {"title": f"Mosses of the harbour wall, part {number}", "author": "Ebert, Ida", "year": "2031"} | fields
    return Record("a.bib", number, f"k{number}", "article", told, "latex", number)


def doubt(a: int, b: int, probability: float = 0.6) -> Link:
    return Link((a, b), probability, "", (Pair(a, b, probability, (FieldEvidence("title", 0.9, 3.1),), ("numbers",)),))


def cluster(*members: int) -> Cluster:
    first = members[0]
    return Cluster(members, 0.9, tuple(Pair(first, other, 0.9, ()) for other in members[1:]))


def session(tmp_path: Path, found: Deduplication, count: int = 4, by: str = "ann") -> Session:
    records = [paper(i) for i in range(count)]
    return Session(Library(records, found), tmp_path / "refsync-decisions.jsonl", by)


def lines(of: Session) -> list[dict[str, Any]]:
    text = of.path.read_text(encoding="utf-8") if of.path.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


# The queue


def test_what_hangs_together_is_one_question_and_comes_first() -> None:
    found = Deduplication(review=(doubt(0, 1, 0.79), doubt(2, 3, 0.5), doubt(3, 4, 0.4), doubt(5, 6, 0.6)))
    asked = questions(found, DedupSettings())
    assert [item.members for item in asked] == [(2, 3, 4), (0, 1), (5, 6)]


def test_a_group_that_is_merged_already_is_one_side_of_the_question() -> None:
    found = Deduplication(clusters=(cluster(0, 1),), review=(doubt(1, 2),))
    doubtful, merge = questions(found, DedupSettings())
    assert (doubtful.kind, doubtful.members, doubtful.units) == ("uncertain", (0, 1, 2), ((0, 1), (2,)))
    assert (merge.kind, merge.members) == ("merge", (0, 1))


def test_no_question_shows_more_than_one_can_look_at() -> None:
    large = tuple(range(40))
    found = Deduplication(clusters=(cluster(*large),), review=(doubt(7, 40), *(doubt(i, i + 1) for i in range(50, 90))))
    asked = questions(found, DedupSettings())
    assert max(len(item.members) for item in asked) <= MOST
    assert sum(len(item.links) for item in asked if item.kind == "uncertain") == 41
    (one,) = [item for item in asked if 40 in item.members]
    assert 7 in one.members
    assert sum(one.hidden) + len(one.members) == 41


def test_ids_do_not_depend_on_the_order_of_links() -> None:
    links = (doubt(2, 3, 0.5), doubt(3, 4, 0.4), doubt(5, 6, 0.6))
    ids = [item.id for item in questions(Deduplication(review=links), DedupSettings())]
    assert [item.id for item in questions(Deduplication(review=links[::-1]), DedupSettings())] == ids


# Word by word


def test_differences_are_words() -> None:
    one, other = differences("Tides of the northern harbour", "Tides of a southern harbour")
    assert [span.text for span in one if span.mark == "only"] == ["the northern"]
    assert [span.text for span in other if span.mark == "only"] == ["a southern"]


def test_words_that_differ_in_case_alone_are_marked_as_such() -> None:
    one, _ = differences("Tides of the Northern harbour", "Tides of the northern bay")
    assert [(span.text, span.mark) for span in one if span.mark != "same"] == [
        ("Northern", "case"),
        ("harbour", "only"),
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_spans_joined_are_the_values(one: str, other: str) -> None:
    left, right = differences(one, other)
    assert "".join(span.text for span in left) == one
    assert "".join(span.text for span in right) == other
    if one == other:
        assert all(span.mark != "only" for span in (*left, *right))


def test_the_middle_of_a_long_alike_stretch_is_folded_away() -> None:
    text = " ".join(f"word{i}" for i in range(300))
    left, _ = differences(f"Old {text}", f"New {text}")
    assert [span.mark for span in left] == ["only", "same", "folded"]


# Side by side


def test_rows_tell_what_agrees_and_what_the_merged_record_takes() -> None:
    one = paper(1, title=r"M{\"u}ller's tides", pages="1--9", keywords="sea")
    other = paper(2, title="Müller's Tides", keywords="harbour", doi="10.1000/x")
    found, merged = rows([one, other], MergeSettings(), evidence=[FieldEvidence("title", 0.98, 3.1)])
    said = {row.name: row for row in found}
    assert [row.name for row in found][:3] == ["entrytype", "title", "author"]
    assert (said["title"].agreement, said["author"].agreement, said["pages"].agreement) == ("alike", "equal", "single")
    assert said["title"].cells[0].text == "Müller's tides"
    assert said["title"].cells[0].raw == r"M{\"u}ller's tides"
    assert said["title"].evidence == FieldEvidence("title", 0.98, 3.1)
    assert [cell.taken for cell in said["doi"].cells] == [False, True]
    assert set(said["keywords"].merged.text.split(", ")) == {"sea", "harbour"}
    assert [cell.taken for cell in said["keywords"].cells] == [True, True]
    assert merged.record.fields["doi"] == "10.1000/x"


def test_a_choice_stands_above_the_rules() -> None:
    members = [paper(1, year="2030"), paper(2, year="2031")]
    found, _ = rows(members, MergeSettings(), {"year": Choice(("a.bib", 2))})
    (year,) = (row for row in found if row.name == "year")
    assert (year.merged.text, year.by, [cell.taken for cell in year.cells]) == ("2031", "side", [False, True])


# Sessions


def test_an_answer_is_in_the_file_at_once_and_taken_back_by_undo(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    (line,) = lines(review)
    assert (line["kind"], line["a"], line["b"], line["by"]) == ("same", *review.prints[:2], "ann")
    assert line["value"]["score"] == pytest.approx(0.4055, abs=1e-3)  # log-odds of 0.6
    assert review.standing(asked).state == "answered"
    assert review.progress("uncertain").open == 0
    review.undo()
    assert lines(review) == []
    assert review.progress("uncertain").open == 1
    review.redo()
    assert lines(review) == [line]
    with pytest.raises(RefsyncError, match="nothing to redo"):
        review.redo()


def test_a_group_takes_one_line_fewer_than_it_has_members(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1), doubt(1, 2))))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    assert [(line["kind"], line["keys"]) for line in lines(review)] == [
        ("same", ["k0", "k1"]), ("same", ["k1", "k2"]),
    ]  # fmt: skip


def test_members_that_belong_together_are_told_from_those_that_do_not(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1), doubt(1, 2), doubt(2, 3))))
    (asked,) = review.select("uncertain")
    review.group(asked, 2, 1)
    review.group(asked, 3, 1)
    review.answer(asked, "same")
    assert sorted((line["kind"], *line["keys"]) for line in lines(review)) == [
        ("not-duplicate", "k1", "k2"), ("same", "k0", "k1"), ("same", "k2", "k3"),
    ]  # fmt: skip
    assert review.standing(asked).state == "answered"
    decisions, _ = read_decisions(review.path)
    told, problems = recall(decisions, review.prints, "")
    assert (told.same, told.different, problems) == (((0, 1), (2, 3)), ((1, 2),), [])


def test_saying_no_of_a_group_leaves_together_what_was_merged_before(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(clusters=(cluster(0, 1),), review=(doubt(1, 2),)))
    asked, merge = review.questions
    review.answer(asked, "not-duplicate")
    assert [(line["kind"], line["keys"]) for line in lines(review)] == [("not-duplicate", ["k1", "k2"])]
    review.answer(merge, "not-duplicate")
    assert {(line["kind"], *line["keys"]) for line in lines(review)} == {
        ("not-duplicate", "k1", "k2"), ("not-duplicate", "k0", "k1"),
    }  # fmt: skip


def test_another_answer_replaces_the_first_and_undo_brings_it_back(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    review.answer(asked, "version-of")
    (line,) = lines(review)
    assert (line["kind"], line["value"]["relation"]) == ("version-of", "variant-of")
    review.undo()
    assert [line["kind"] for line in lines(review)] == ["same"]


def test_which_is_the_earlier_form_can_be_changed(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(versions=(Link((0, 1), 0.9, "preprint-of", ()),)))
    (asked,) = review.select("versions")
    assert (review.draft(asked).relation, review.draft(asked).forward) == ("preprint-of", True)
    review.relate(asked, "preprint-of", forward=False)
    review.answer(asked, "version-of")
    (line,) = lines(review)
    assert (line["a"], line["b"]) == (review.prints[1], review.prints[0])
    assert review.draft(asked).forward is False
    review.relate(asked, "variant-of", forward=False)  # of an answer that is given: changed in the file at once
    assert [line["value"]["relation"] for line in lines(review)] == ["variant-of"]


def test_choices_for_fields_go_with_the_answer_and_change_one_that_is_given(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    (asked,) = review.select("uncertain")
    review.choose(asked, "title", 1)
    assert lines(review) == []  # nothing is answered yet
    review.answer(asked, "same")
    (line,) = lines(review)
    assert line["value"]["fields"] == {"title": {"from": review.prints[1]}}
    review.choose(asked, "title", Choice(text="Mosses", markup="latex"))
    (line,) = lines(review)
    assert line["value"]["fields"] == {"title": {"text": "Mosses", "markup": "latex"}}
    again = Session(review.library, review.path)
    (same,) = again.questions
    shown = {row.name: row for row in again.rows(same)[0]}
    assert (shown["title"].merged.text, shown["title"].by) == ("Mosses", "text")
    review.undo()
    assert lines(review)[0]["value"]["fields"] == {"title": {"from": review.prints[1]}}


def test_a_field_of_one_value_cannot_have_both(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    (asked,) = review.select("uncertain")
    with pytest.raises(RefsyncError, match="holds one value"):
        review.choose(asked, "title", Choice(union=True))


def test_the_same_question_is_not_asked_twice(tmp_path: Path) -> None:
    records = [
        paper(1, title="Tides of the northern harbour"),
        paper(2, title="Tides of the northern harbour walls", author="Ebert, I."),
    ]
    strict = DedupSettings(same=0.995, review=0.01)

    def start() -> Session:
        decisions, _ = read_decisions(tmp_path / "d.jsonl")
        told, _ = recall(decisions, [fingerprint(record) for record in records], "")
        return Session(Library(records, find_duplicates(records, strict, told), strict), tmp_path / "d.jsonl")

    first = start()
    (asked,) = first.select("uncertain")
    first.answer(asked, "not-duplicate")
    second = start()
    assert second.select("uncertain") == []
    (answered,) = second.select("answered")  # but the answer can be seen and changed
    assert second.standing(answered).verdict == "not-duplicate"
    assert second.links(answered)[0].evidence[0].fields
    second.answer(answered, "same")
    assert [line["kind"] for line in lines(second)] == ["same"]


def test_answers_that_contradict_each_other_are_shown_and_replaced_by_a_third(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    append(review.path, [as_line("not-duplicate", *review.prints[:2], by="bob")])
    review.refresh()
    now = review.standing(asked)
    assert now.state == "conflict"
    assert "ann on" in now.conflict
    assert "bob on" in now.conflict
    assert review.progress("uncertain").open == 1
    review.answer(asked, "not-duplicate")
    assert [(line["kind"], line["by"]) for line in lines(review)] == [("not-duplicate", "bob")]
    review.undo()
    assert [line["kind"] for line in lines(review)] == ["not-duplicate", "same"]


def test_a_contradiction_through_a_third_record_is_shown(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1), doubt(1, 2))))
    (asked,) = review.select("uncertain")
    review.answer(asked, "same")
    append(review.path, [as_line("not-duplicate", review.prints[0], review.prints[2], by="bob")])
    review.refresh()
    assert "through a third record" in review.standing(asked).conflict


def test_what_somebody_else_writes_meanwhile_stays_and_is_seen(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1), doubt(2, 3))))
    first, second = review.select("uncertain")
    other = session(tmp_path, review.library.found, by="bob")
    other.answer(second, "same")
    review.answer(first, "same")
    assert review.standing(second).state == "answered"
    assert {line["by"] for line in lines(review)} == {"ann", "bob"}
    review.undo()
    assert [line["by"] for line in lines(review)] == ["bob"]


def test_undo_of_what_somebody_else_took_out_says_so(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    review.answer(review.questions[0], "same")
    review.path.write_text("", encoding="utf-8")
    assert "somebody else" in review.undo().message


def test_damaged_lines_and_half_written_ones_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "refsync-decisions.jsonl"
    path.write_bytes(b'{"kind": "same"}\nnot json\n{"schema": "refsync.decision/1", "ki')
    review = session(tmp_path, Deduplication(review=(doubt(0, 1),)))
    review.answer(review.questions[0], "same")
    assert path.read_bytes().startswith(b'{"kind": "same"}\nnot json\n{"schema": "refsync.decision/1", "ki\n{')
    review.undo()
    assert path.read_bytes() == b'{"kind": "same"}\nnot json\n{"schema": "refsync.decision/1", "ki\n'


@given(st.lists(st.lists(st.sampled_from([*"abcdef", "x"]), max_size=8), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_ledger_that_keeps_up_says_what_one_read_afresh_says(tmp_path: Path, states: list[list[str]]) -> None:
    path = tmp_path / "d.jsonl"
    texts = {name: as_line("same", name, chr(ord(name) + 1), by=name) for name in "abcdef"} | {"x": "no line"}
    path.write_text("", encoding="utf-8")
    ledger = Ledger(path)
    for number, state in enumerate(states):
        path.write_text("".join(texts[name] + "\n" for name in state), encoding="utf-8")
        os.utime(path, ns=(number, number))
        ledger.refresh()
        found = [(said.line, said.by) for said in ledger.about("abcdefg")]
        assert found == [(line, name) for line, name in enumerate(state, 1) if name != "x"]


def test_what_fails_after_an_answer_was_saved_leaves_it_to_be_undone(tmp_path: Path) -> None:
    def fails(session: Session, name: str) -> None:
        raise RefsyncError("the plan cannot be written")

    library = Library([paper(i) for i in range(2)], Deduplication(review=(doubt(0, 1),)))
    review = Session(library, tmp_path / "d.jsonl", "ann", fails)
    with pytest.raises(RefsyncError, match="the plan"):
        review.answer(review.questions[0], "same")
    assert [line["kind"] for line in lines(review)] == ["same"]
    with pytest.raises(RefsyncError, match="the plan"):
        review.undo()
    assert lines(review) == []


def test_next_open_goes_round_and_keeps_skipped_ones_for_the_end(tmp_path: Path) -> None:
    review = session(tmp_path, Deduplication(review=(doubt(0, 1, 0.7), doubt(2, 3, 0.6), doubt(4, 5, 0.5))), 6)
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
    review = session(tmp_path, Deduplication(review=(doubt(0, 1), doubt(2, 3))))
    assert [item.members for item in review.select("uncertain", "MOSSES k3")] == [(2, 3)]
    assert review.select("uncertain", "nothing of the kind") == []
