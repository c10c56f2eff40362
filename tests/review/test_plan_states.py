"""A plan under review: its states follow the answers, and `apply` carries them out."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.config import DEFAULTS
from refsync.dedup.merge import Choice
from refsync.planning.file import load, proposed_deduplication
from refsync.records import Record
from refsync.review.areas import unsure_papers
from refsync.review.plan_changes import without_review
from refsync.review.plan_states import PlanStates
from refsync.review.questions import Question
from refsync.review.queue import Library
from refsync.review.session import Session
from refsync.sources import read_sources

ONE = """
@article{mosses, title = {Mosses of the northern harbour wall}, author = {Ebert, Ida}, year = 2031,
  journal = {Journal of Harbour Studies}, volume = 3, pages = {1--9}}
@article{tides, title = {Tides in a narrow estuary}, author = {Roe, Mia}, year = 2030, journal = {Estuary Letters}}
@article{grass, title = {Sea grass meadows in winter}, author = {Lind, Bo}, year = 2029, journal = {Meadow}}
"""
OTHER = """
@article{Ebert31, title = {Mosses of the Northern Harbour Wall}, author = {Ebert, I.}, year = 2031,
  journal = {J. Harbour Stud.}, volume = 3, pages = {1--9}, doi = {10.5555/moss}}
@article{Roe30, title = {Tides in a narrow estuary}, author = {Roe, Mia}, year = 2030, journal = {Estuary Letters}}
@article{Lind29, title = {Sea grass meadow at winter time}, author = {Lind, Bo}, year = 2029, journal = {Meadow}}
"""


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Review":
    monkeypatch.chdir(tmp_path)
    Path("a.bib").write_text(ONE, encoding="utf-8")
    Path("b.bib").write_text(OTHER, encoding="utf-8")
    assert main(["run", "a.bib", "b.bib", "-o", "out.bib", "--plan", "plan.json", "-q"]) == 0
    return Review()


class Review:
    """A session over the plan in the working directory."""

    def __init__(self) -> None:
        plan = load(Path("plan.json"))
        self.before = Path("plan.json").read_bytes()
        records: tuple[Record, ...] = read_sources(["a.bib", "b.bib"]).records
        self.states = PlanStates(plan, records)
        library = Library(records, proposed_deduplication(without_review(plan), records))
        self.session = Session(library, Path("refsync-decisions.jsonl"), "ann", self.states.update)

    def about(self, *keys: str) -> Question:
        records = self.session.library.records
        return next(q for q in self.session.questions if {records[i].id for i in q.members} == {*keys})

    def rows(self, part: str) -> list[Any]:
        return list(json.loads(Path("plan.json").read_bytes())[part])

    def applied(self) -> str:
        assert main(["apply", "plan.json", "-q"]) == 0
        return Path("out.bib").read_text(encoding="utf-8")


def test_a_pair_that_a_person_accepts_is_merged(review: Review) -> None:
    asked = review.about("grass", "Lind29")
    assert asked.kind == "uncertain"
    review.session.answer(asked, "same")
    assert [row["state"] for row in review.rows("review")] == ["accepted"]
    assert review.applied().count("@article") == 3


def test_a_pair_that_a_person_rejects_stays_two(review: Review) -> None:
    review.session.answer(review.about("grass", "Lind29"), "not-duplicate")
    assert [row["state"] for row in review.rows("review")] == ["rejected"]
    assert review.applied().count("@article") == 4


def test_a_merge_that_a_person_rejects_is_not_made(review: Review) -> None:
    review.session.answer(review.about("tides", "Roe30"), "not-duplicate")
    assert "rejected" in [row["state"] for row in review.rows("merges")]
    written = review.applied()
    assert "Roe30" in written
    assert written.count("@article") == 5


def test_versions_are_linked_instead_of_merged(review: Review) -> None:
    asked = review.about("tides", "Roe30")
    review.session.relate(asked, "conference-version-of", forward=False)
    review.session.answer(asked, "version-of")
    (row,) = review.rows("versions")
    assert (row["state"], row["relation"]) == ("accepted", "conference-version-of")
    assert [member["id"] for member in row["members"]] == ["Roe30", "tides"]
    assert review.applied().count("@article") == 5


def test_chosen_field_values_are_written(review: Review) -> None:
    asked = review.about("mosses", "Ebert31")
    review.session.choose(asked, "title", Choice(text="Mosses & walls", markup="text"))
    review.session.choose(asked, "journal", 1)
    assert review.rows("fields") == []  # nothing is answered yet
    review.session.answer(asked, "same")
    written = review.applied()
    assert r"Mosses \& walls" in written
    assert "J. Harbour Stud." in written


def test_undo_restores_the_plan_byte_for_byte(review: Review) -> None:
    for keys in (("grass", "Lind29"), ("tides", "Roe30"), ("mosses", "Ebert31")):
        for verdict in ("same", "not-duplicate", "version-of"):
            review.session.answer(review.about(*keys), verdict)  # type: ignore[arg-type]
            assert Path("plan.json").read_bytes() != review.before or (keys[0] != "grass" and verdict == "same")
    while review.session.undo_description:
        review.session.undo()
    assert Path("plan.json").read_bytes() == review.before
    assert Path("refsync-decisions.jsonl").read_bytes() == b""


def test_a_later_review_continues_and_can_remove_answers(review: Review) -> None:
    review.session.answer(review.about("grass", "Lind29"), "version-of")
    review.session.answer(review.about("tides", "Roe30"), "not-duplicate")
    again = Review()
    assert again.states.apply_earlier_answers(again.session) == 0  # all is as it was answered
    assert again.session.status(again.about("tides", "Roe30")).verdict == "not-duplicate"
    again.session.remove_answer(again.about("tides", "Roe30"))
    again.session.remove_answer(again.about("grass", "Lind29"))
    assert Path("plan.json").read_bytes() == review.before


def test_answers_given_elsewhere_are_applied(review: Review) -> None:
    library = review.session.library
    Session(library, review.session.path, "bob").answer(review.about("grass", "Lind29"), "same")
    again = Review()
    assert again.states.apply_earlier_answers(again.session) == 1
    assert [row["state"] for row in review.rows("review")] == ["accepted"]


def test_a_plan_whose_inputs_were_changed_is_refused(review: Review, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("starlette", reason="the extra `review` is not installed")
    Path("a.bib").write_text(ONE + "@misc{more, title = {More}}", encoding="utf-8")
    assert main(["review", "plan.json", "--no-browser"]) == 2
    assert "a.bib was changed since" in capsys.readouterr().err


def test_areas_that_a_person_accepts_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from refsync.classify.model import load_model

    monkeypatch.chdir(tmp_path)
    Path("a.bib").write_text(
        ONE.replace("Tides in a narrow estuary", "Fluid flow and learning in estuary networks"), encoding="utf-8"
    )
    Path("b.bib").write_text("", encoding="utf-8")
    assert main(["run", "a.bib", "-o", "out.bib", "--plan", "plan.json", "-q"]) == 0
    review = Review()
    library = review.session.library
    papers = unsure_papers(
        library.records, library.deduplication, DEFAULTS.merge, load_model(), DEFAULTS.areas, lambda *_: None
    )
    library = Library(library.records, library.deduplication, papers=papers)
    session = Session(library, Path("refsync-decisions.jsonl"), "ann", review.states.update)
    paper = next(paper for paper in papers if "Fluid" in paper.title)
    session.answer_areas(paper, {"math.PR": True, paper.areas[0].area: False})
    assert "keywords = {math.PR}" in review.applied().replace("    ", " ")
    session.undo()
    assert Path("plan.json").read_bytes() == review.before
