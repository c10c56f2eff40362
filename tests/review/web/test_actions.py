"""Actions on the page: answers, choices, undo, and refusals."""

import json
from typing import Any

import pytest

from tests.review.web.client import Client


@pytest.mark.parametrize(
    "body",
    [[], "x", {}, {"do": "fly"}, {"do": "answer", "verdict": "maybe"}, {"do": "choose", "field": "title", "place": 99},
     {"do": "choose", "field": "title", "place": "x"}, {"do": "group", "place": 0, "number": -1},
     {"do": "relate", "relation": "x", "forward": True}],
)  # fmt: skip
def test_invalid_actions_are_refused_and_change_nothing(client: Client, body: Any) -> None:
    if isinstance(body, dict):
        body = {"id": client.session.questions[0].id, **body}
    status, _, text = client.ask("POST", "/do", body)
    assert status in {400, 404, 409}
    assert json.loads(text)["error"]
    assert client.lines() == []


def test_working_through_the_queue(client: Client) -> None:
    first, second = client.session.select("uncertain")
    client.do(do="regroup", id=first.id, numbers=[0, 0, 0])
    page = client.do(do="answer", id=first.id, verdict="same", show="uncertain")
    assert page["message"].startswith("one paper; ")
    assert page["message"].endswith("papers (2 fewer)")
    assert page["url"].startswith(f"/q/{second.id}?")
    assert [line["kind"] for line in client.lines()] == ["same", "same"]
    page = client.do(do="choose", id=second.id, field="year", place=1)
    assert "chosen" in page["html"]
    assert "chosen" in client.get(f"/q/{second.id}")  # also after the page is loaded again
    page = client.do(do="answer", id=second.id, verdict="same", show="uncertain")
    assert "All answered" in page["html"]
    assert client.lines()[-1]["value"]["fields"] == {"year": {"from": client.session.fingerprints[7]}}
    page = client.do(do="undo", show="uncertain")
    assert page["url"].startswith(f"/q/{second.id}?")
    assert len(client.lines()) == 2
    client.do(do="redo")
    client.do(do="forget", id=first.id)
    assert [line["a"] for line in client.lines()] == [client.session.fingerprints[6]]


def test_members_of_a_cluster_are_grouped(client: Client) -> None:
    first, _ = client.session.select("uncertain")
    client.do(do="regroup", id=first.id, numbers=[0, 0, 0])
    page = client.do(do="group", id=first.id, place=2, number=1)
    assert "Merge 1 and 2; 3 stays separate" in page["html"]
    client.do(do="answer", id=first.id, verdict="same")
    assert sorted((line["kind"], *line["keys"]) for line in client.lines()) == [
        ("not-duplicate", "k2", "k3"), ("same", "k1", "k2"),
    ]  # fmt: skip


def test_a_title_cannot_have_both_values(client: Client) -> None:
    asked = client.session.questions[0]
    status, _, text = client.ask("POST", "/do", {"do": "choose", "id": asked.id, "field": "title", "both": True})
    assert (status, "one value" in json.loads(text)["error"]) == (409, True)


def test_areas_are_accepted_and_rejected(client: Client) -> None:
    assert "Robots" in client.get("/areas")
    client.do(do="area", id="p1", areas={"cs.RO": True, "cs.CV": False})
    (line,) = client.lines()
    assert (line["kind"], line["value"]) == ("area", {"accepted": ["cs.RO"], "rejected": ["cs.CV"]})
    client.do(do="area", id="p1", areas={"cs.RO": None, "math.PR": True})
    (line,) = client.lines()
    assert line["value"] == {"accepted": ["math.PR"], "rejected": ["cs.CV"]}
    assert client.ask("POST", "/do", {"do": "area", "id": "p1", "areas": {"made.UP": True}})[0] == 400
    client.do(do="undo")
    assert client.lines()[0]["value"] == {"accepted": ["cs.RO"], "rejected": ["cs.CV"]}


def test_a_file_that_cannot_be_written_is_reported_and_the_question_stays_open(client: Client) -> None:
    client.session.path.mkdir()
    asked = client.session.questions[0]
    status, _, text = client.ask("POST", "/do", {"do": "answer", "id": asked.id, "verdict": "same"})
    assert status == 409
    assert "not saved" in json.loads(text)["error"] or "cannot be" in json.loads(text)["error"]
    client.session.path.rmdir()
    assert client.session.progress("uncertain").answered == 0
