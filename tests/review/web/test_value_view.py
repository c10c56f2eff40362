"""Proposed values on the page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.dedup.results import Deduplication
from refsync.review.queue import Library
from refsync.review.session import Session
from refsync.review.web.view import View
from refsync.sources import read_sources
from tests.review.enrich_plan import plan_session, proposals_for, saved_states, write_plan
from tests.review.web.client import Client, serving


@pytest.fixture(autouse=True)
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan, in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return write_plan()


@pytest.fixture
def review() -> Session:
    """A review of the plan."""
    return plan_session()


@pytest.fixture
def client(review: Session) -> Iterator[Client]:
    """A client with the page open."""
    with serving(review) as client:
        client.open()
        yield client


def test_a_plan_of_values_opens_on_them(client: Client) -> None:
    text = client.get("/")
    assert "Moss on the old harbour walls" in text
    assert "Annals of Moss" in text
    assert "crossref" in text
    assert 'href="https://doi.org/10.1000/x"' in text
    assert "found by title: found by its title" in text
    assert "The record has no value." in text
    assert "0 of 4 answered" in text
    assert "This plan proposes values" in client.get("/?show=uncertain")
    assert "This plan proposes values" in client.get("/areas")


def test_values_are_answered_one_by_one_and_together(client: Client, review: Session) -> None:
    moss, eel = proposals_for(review, "moss").id, proposals_for(review, "eel").id
    page = client.do(do="value", id=moss, values={"1": True}, show="pending")
    assert page["message"] == "journal accepted"
    assert page["url"].startswith(f"/values/{moss}?")
    assert saved_states()[1] == "accepted"
    page = client.do(do="value", id=moss, values={"2": False}, next=True, show="pending")
    assert page["url"].startswith(f"/values/{eel}?")
    page = client.do(do="undo", show="pending")
    assert page["url"].startswith(f"/values/{moss}?")
    assert saved_states()[2] == "pending"
    client.do(do="redo")
    page = client.do(do="value", id=eel, values={"3": False, "4": True}, next=True, show="pending")
    assert "All answered" in page["html"]
    assert "4 of 4 answered" in page["html"]
    assert saved_states() == ["accepted", "accepted", "rejected", "rejected", "accepted"]
    assert "apply" in client.get("/values")


def test_filters_search_skip_and_list(client: Client, review: Session) -> None:
    moss, eel = proposals_for(review, "moss").id, proposals_for(review, "eel").id
    assert "Kelp forests" in client.get("/values?show=accepted")
    assert "Nothing here" in client.get("/values?show=rejected")
    assert "Nothing found" in client.get("/values?find=nowhere")
    assert "Eels that count" in client.get("/values?find=eels")
    assert client.do(do="skip-value", id=moss)["url"].startswith(f"/values/{eel}?")
    listed = client.get("/list?tab=values&show=all")
    assert [listed.count(title) for title in ("Moss on", "Eels that", "Kelp forests")] == [1, 1, 1]
    assert "skipped" in listed


def test_text_of_services_and_records_stays_text(client: Client, review: Session) -> None:
    text = client.get(f"/values/{proposals_for(review, 'eel').id}")
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b>waves" not in text
    assert "javascript:" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    "body",
    [{"values": {"0": True}}, {"values": {"x": True}}, {"values": {"1": "yes"}}, {}, {"values": [1]},
     {"values": {"1": True}, "id": "nothing"}],
)  # fmt: skip
def test_invalid_actions_are_refused_and_change_nothing(client: Client, review: Session, plan: Path, body: Any) -> None:
    before = plan.read_bytes()
    status, _, text = client.ask("POST", "/do", {"do": "value", "id": proposals_for(review, "moss").id, **body})
    assert status in {400, 404}
    assert json.loads(text)["error"]
    assert plan.read_bytes() == before


def test_without_proposals_there_is_no_such_tab() -> None:
    review = Session(Library(read_sources(["refs.bib"]).records, Deduplication()), Path("refsync-decisions.jsonl"))
    view = View(review, "")
    assert 'data-tab="values"' not in view.questions.no_questions("uncertain", "").html
