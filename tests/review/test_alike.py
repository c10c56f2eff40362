"""Questions alike are answered together, as no duplicates."""

from pathlib import Path

import pytest

from refsync.decisions import append, applicable_answers, format_decision, read_decisions
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.review.queue import Library
from refsync.review.session import Session
from tests.review.samples import sample_record, saved_lines


def piece(number: int, title: str = "Editorial", journal: str = "Annals of Moss") -> Record:
    return sample_record(number, title=title, journal=journal, year=str(2000 + number))


def doubt(a: int, b: int, *vetoes: str) -> Link:
    return Link((a, b), 0.8, "", (Pair(a, b, 0.8, (), vetoes or ("generic title",)),))


def review_of(tmp_path: Path, records: list[Record], *links: Link, clusters: tuple[Cluster, ...] = ()) -> Session:
    library = Library(records, Deduplication(clusters=clusters, review=links))
    return Session(library, tmp_path / "refsync-decisions.jsonl", "ann")


def test_nine_editorials_are_one_answer_and_one_undo(tmp_path: Path) -> None:
    review = review_of(tmp_path, [piece(i) for i in range(9)], doubt(0, 1), doubt(2, 3), doubt(4, 5), doubt(6, 7))
    first = review.select("uncertain")[0]
    questions = review.alike(first)
    assert [item.members for item in questions] == [(0, 1), (2, 3), (4, 5), (6, 7)]
    outcome = review.answer_alike(first, [item.id for item in questions])
    assert outcome.message == "4 questions: not duplicates; 9 papers"
    assert review.progress("uncertain").open == 0
    decisions, _ = read_decisions(review.path)
    remembered, problems = applicable_answers(decisions, review.fingerprints, "")
    assert remembered.cannot_link == tuple((a, b) for a in range(8) for b in range(a + 1, 8))
    assert problems == []
    assert review.answer_count == 4
    review.undo()
    assert saved_lines(review) == []
    assert review.progress("uncertain").open == 4
    review.redo()
    assert review.progress("uncertain").open == 0


@pytest.mark.parametrize(
    "other",
    [
        (piece(2, journal="Tidal Letters"), piece(3, journal="Tidal Letters")),
        (piece(2, title="Obituary"), piece(3, title="Obituary")),
        (piece(2), piece(3, title="Editorial board")),
        (piece(2, journal=""), piece(3, journal="")),
        (piece(2), piece(3, journal="Tidal Letters")),
    ],
)
def test_other_titles_and_journals_are_not_alike(tmp_path: Path, other: tuple[Record, Record]) -> None:
    review = review_of(tmp_path, [piece(0), piece(1), *other], doubt(0, 1), doubt(2, 3))
    assert [review.alike(item) for item in review.select("uncertain")] == [[], []]


def test_another_doubt_is_not_alike(tmp_path: Path) -> None:
    records = [piece(i) for i in range(4)]
    review = review_of(tmp_path, records, doubt(0, 1), doubt(2, 3, "generic title", "doi"))
    assert review.alike(review.select("uncertain")[0]) == []


def test_titles_that_differ_by_a_number_are_alike(tmp_path: Path) -> None:
    records = [piece(i, title=f"Editorial {2000 + i}") for i in range(4)]
    review = review_of(tmp_path, records, doubt(0, 1), doubt(2, 3))
    assert len(review.alike(review.select("uncertain")[0])) == 2


def test_answered_questions_are_left_as_they_are(tmp_path: Path) -> None:
    review = review_of(tmp_path, [piece(i) for i in range(6)], doubt(0, 1), doubt(2, 3), doubt(4, 5))
    first, second, third = review.select("uncertain")
    review.answer(second, "same")
    assert [item.id for item in review.alike(first)] == [first.id, third.id]
    review.answer_alike(first)
    assert [line["keys"] for line in saved_lines(review) if line["kind"] == "same"] == [["k2", "k3"]]
    assert review.status(second).verdict == "same"


def test_an_answer_across_the_questions_stays(tmp_path: Path) -> None:
    review = review_of(tmp_path, [piece(i) for i in range(4)], doubt(0, 1), doubt(2, 3))
    append(review.path, [format_decision("same", review.fingerprints[0], review.fingerprints[3], by="bob")])
    review.refresh()
    review.answer_alike(review.select("uncertain")[0])
    lines = saved_lines(review)
    assert [line["by"] for line in lines if line["kind"] == "same"] == ["bob"]
    pairs = {tuple(line["keys"]) for line in lines if line["kind"] == "not-duplicate"}
    assert ("k0", "k3") not in pairs
    assert {("k0", "k1"), ("k2", "k3")} <= pairs


def test_what_is_merged_already_is_not_separated(tmp_path: Path) -> None:
    merged = Cluster((1, 2), 0.99, (Pair(1, 2, 0.99, ()),))
    review = review_of(tmp_path, [piece(i) for i in range(4)], doubt(0, 1), doubt(2, 3), clusters=(merged,))
    questions = review.select("uncertain")
    review.answer_alike(questions[0]) if len(questions) > 1 else review.answer(questions[0], "not-duplicate")
    assert ["k1", "k2"] not in [sorted(line["keys"]) for line in saved_lines(review)]
    assert review.paper_count == 3


def test_a_list_that_has_changed_is_not_answered(tmp_path: Path) -> None:
    review = review_of(tmp_path, [piece(i) for i in range(6)], doubt(0, 1), doubt(2, 3), doubt(4, 5))
    first, second, _ = review.select("uncertain")
    shown = [item.id for item in review.alike(first)]
    review.answer(second, "same")
    with pytest.raises(RefsyncError, match="have changed"):
        review.answer_alike(first, shown)
    assert len(saved_lines(review)) == 1
