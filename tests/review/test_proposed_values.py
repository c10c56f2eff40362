"""Values that a plan of `refsync enrich` proposes: accepted and rejected on the page and in the terminal."""

import http.client
import io
import json
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.config import DEFAULTS
from refsync.dedup.results import Deduplication
from refsync.enrich.proposals import Enrichment, Fill
from refsync.enrich.serialize import as_plan
from refsync.errors import RefsyncError
from refsync.planning.file import PlanFile, about, load
from refsync.review.plan_states import Follower
from refsync.review.proposed_values import Values
from refsync.review.session import Library, Session
from refsync.sources import read_sources

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>"\x1b[31m'
BIB = """% ours
@article{sure, title = {Kelp forests in the noise of tides}, author = {Roe, Ann}}
@article{moss, title = {Moss on the old harbour walls}, author = {Ebert, Ida}, year = 2031}
@misc{eel, title = {Eels that count <b>waves</b>}}
"""


def fill(record: int, name: str, value: str, state: Any = "pending", **more: Any) -> Fill:
    told = {"service": "crossref", "by": "title", "identifier": "10.1000/x", "url": "https://doi.org/10.1000/x"} | more
    return Fill(record, name, value, probability=0.83, why="found by its title", state=state, **told)


FILLS = (
    fill(0, "year", "2020", "accepted", by="doi"),
    fill(1, "journal", "Annals of Moss"),
    fill(1, "volume", "7"),
    fill(2, "note", HOSTILE, url="javascript:alert(5)", identifier=HOSTILE),
    fill(2, "type", "article"),
)


@pytest.fixture(autouse=True)
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("refs.bib").write_text(BIB)
    reading = read_sources(["refs.bib"])
    told = about("enrich", ("refs.bib",), "", DEFAULTS, in_place=True)
    PlanFile(Path("plan.json"), as_plan(reading.records, Enrichment(FILLS), reading.digests, told)).save()
    return Path("plan.json")


def states() -> list[str]:
    return [row["state"] for row in json.loads(Path("plan.json").read_bytes())["fills"]]


def session() -> Session:
    """A review of the plan."""
    records = read_sources(["refs.bib"]).records
    follower = Follower(load(Path("plan.json")), records)
    library = Library(records, Deduplication())
    return Session(library, Path("refsync-decisions.jsonl"), "ann", follower, Values(follower, records))


def of(review: Session, key: str) -> Any:
    assert review.values
    return next(item for item in review.values.gaps if item.record.id == key)


# The states


def test_pending_come_first_and_progress_outlives_the_review() -> None:
    review = session()
    assert review.values
    assert [item.record.id for item in review.values.gaps] == ["moss", "eel", "sure"]
    assert (review.values.progress().answered, review.values.progress().total) == (0, 4)
    review.decide(of(review, "moss"), {1: True, 2: False})
    again = session()
    assert again.values
    assert (again.values.progress().answered, again.values.progress().total) == (2, 4)
    assert [item.record.id for item in again.values.gaps] == ["moss", "eel", "sure"]
    assert [item.record.id for item in again.values.select("rejected")] == ["moss"]
    found = again.values.next_open("")
    assert found
    assert found.record.id == "eel"


def test_undo_gives_the_plan_back_byte_for_byte(plan: Path) -> None:
    before, review = plan.read_bytes(), session()
    review.decide(of(review, "moss"), {1: True, 2: True})
    review.decide(of(review, "moss"), {2: False})
    review.decide(of(review, "sure"), {0: False})
    assert states() == ["rejected", "accepted", "rejected", "pending", "pending"]
    assert review.decided == 3
    review.undo()
    review.undo()
    assert states() == ["accepted", "accepted", "accepted", "pending", "pending"]
    review.redo()
    review.undo()
    review.undo()
    assert plan.read_bytes() == before
    assert not Path("refsync-decisions.jsonl").exists()


def test_apply_obeys() -> None:
    review = session()
    review.decide(of(review, "moss"), {1: True, 2: False})
    assert main(["apply", "plan.json", "-q"]) == 0
    text = Path("refs.bib").read_text()
    assert "Annals of Moss" in text
    assert "volume" not in text
    assert "2020" in text


def test_a_field_gets_one_value(plan: Path) -> None:
    content = json.loads(plan.read_bytes())
    content["fills"].append({**content["fills"][1], "value": "Moss Letters"})
    plan.write_text(json.dumps(content))
    review = session()
    review.decide(of(review, "moss"), {1: True, 5: True})
    assert states()[1::4] == ["rejected", "accepted"]
    review.decide(of(review, "moss"), {1: True})
    assert states()[1::4] == ["accepted", "rejected"]
    assert main(["apply", "plan.json", "-q"]) == 0


def test_states_set_elsewhere_meanwhile_are_kept(plan: Path) -> None:
    one, other = session(), session()
    other.decide(of(other, "eel"), {3: False})
    said = one.said
    one.refresh()
    assert one.said == said + 1
    one.decide(of(one, "moss"), {1: True})
    assert states() == ["accepted", "accepted", "pending", "rejected", "pending"]
    plan.write_text(plan.read_text().replace("Annals of Moss", "Another journal"))
    before = plan.read_bytes()
    with pytest.raises(RefsyncError, match="changed by another program"):
        one.refresh()
    with pytest.raises(RefsyncError, match="changed by another program"):
        one.decide(of(one, "moss"), {1: False})
    assert plan.read_bytes() == before


def test_a_row_about_no_record_is_told(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(plan.read_text().replace('"index": 3', '"index": 9'))
    assert main(["review", "plan.json", "--tty"]) == 2
    assert "fills[3]: refs.bib has no record 9" in capsys.readouterr().err


# In the terminal


def in_terminal(monkeypatch: pytest.MonkeyPatch, *typed: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return main(["review", "plan.json", "--tty"])


def test_lines_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_terminal(monkeypatch, "1", "n 2", "n", "u", "y 2", "n") == 0
    assert states() == ["accepted", "accepted", "rejected", "rejected", "accepted"]
    out = capsys.readouterr().out
    assert "which values?  0 of 4 answered" in out
    assert "refs.bib:moss has: author Ebert, Ida; year 2031" in " ".join(out.split())
    assert "Annals of Moss" in out
    assert "the record has: misc" in out
    assert "crossref 10.1000/x by title (p=0.83): found by its title" in " ".join(out.split())
    assert "\x1b[31m" not in out
    assert "undone: note rejected, type rejected" in " ".join(out.split())
    assert "4 values accepted or rejected; no value is pending" in out
    assert "`refsync apply plan.json` carries them out" in out
    assert "one paper?" not in out
    assert in_terminal(monkeypatch) == 0
    assert "no value is pending" in capsys.readouterr().out


def test_what_is_typed_wrongly_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("plan.json").read_bytes()
    assert in_terminal(monkeypatch, "w", "?", "9", "y x", "u", "", "s", "s", "q") == 0
    out = capsys.readouterr().out
    for told in ("no key 'w' here", "once more rejects it", "no such value here; there are 2", "nothing to undo"):
        assert told in " ".join(out.split())
    assert "nothing was answered; 4 values pending" in out
    assert Path("plan.json").read_bytes() == before


# On the page


class Client:
    """A browser's requests."""

    def __init__(self, port: int, start: str) -> None:
        self.port, self.cookie, self.token = port, "", ""
        _, headers, _ = self.ask("GET", start)
        self.cookie = headers["set-cookie"].partition(";")[0]
        found = re.search(r'name="refsync-token" content="([^"]+)"', self.get("/values"))
        assert found
        self.token = found[1]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        headers |= {"Origin": f"http://127.0.0.1:{self.port}", "X-Refsync-Token": self.token}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        told = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        connection.close()
        return told

    def get(self, path: str) -> str:
        status, headers, text = self.ask("GET", path)
        if status == 303:
            return self.get(headers["location"])
        assert status == 200, text
        return text

    def do(self, **what: Any) -> dict[str, str]:
        status, _, text = self.ask("POST", "/do", what)
        assert status == 200, text
        return dict(json.loads(text))


@pytest.fixture
def review() -> Session:
    return session()


@pytest.fixture
def client(review: Session) -> Iterator[Client]:
    pytest.importorskip("starlette", reason="the extra `review` is not installed")
    from refsync.review.web.server import Server

    server = Server(review, "plan.json")
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready.set,))
    thread.start()
    assert ready.wait(10)
    yield Client(server.port, server.address.partition(str(server.port))[2])
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_a_plan_of_values_opens_on_them(client: Client) -> None:
    text = client.get("/")
    assert "Moss on the old harbour walls" in text
    assert "Annals of Moss" in text
    assert "crossref" in text
    assert 'href="https://doi.org/10.1000/x"' in text
    assert "found by title: found by its title" in text
    assert "The record has none." in text
    assert "0 of 4 answered" in text
    assert "This plan proposes values" in client.get("/?show=uncertain")
    assert "This plan proposes values" in client.get("/areas")


def test_values_are_answered_one_by_one_and_together(client: Client, review: Session) -> None:
    moss, eel = of(review, "moss").id, of(review, "eel").id
    told = client.do(do="value", id=moss, values={"1": True}, show="pending")
    assert told["message"] == "journal accepted"
    assert told["url"].startswith(f"/values/{moss}?")
    assert states()[1] == "accepted"
    told = client.do(do="value", id=moss, values={"2": False}, next=True, show="pending")
    assert told["url"].startswith(f"/values/{eel}?")
    told = client.do(do="undo", show="pending")
    assert told["url"].startswith(f"/values/{moss}?")
    assert states()[2] == "pending"
    client.do(do="redo")
    told = client.do(do="value", id=eel, values={"3": False, "4": True}, next=True, show="pending")
    assert "All answered" in told["html"]
    assert "4 of 4 answered" in told["html"]
    assert states() == ["accepted", "accepted", "rejected", "rejected", "accepted"]
    assert "apply" in client.get("/values")


def test_filters_search_skip_and_list(client: Client, review: Session) -> None:
    moss, eel = of(review, "moss").id, of(review, "eel").id
    assert "Kelp forests" in client.get("/values?show=accepted")
    assert "Nothing here" in client.get("/values?show=rejected")
    assert "Nothing found" in client.get("/values?find=nowhere")
    assert "Eels that count" in client.get("/values?find=eels")
    assert client.do(do="skip-value", id=moss)["url"].startswith(f"/values/{eel}?")
    listed = client.get("/list?tab=values&show=all")
    assert [listed.count(title) for title in ("Moss on", "Eels that", "Kelp forests")] == [1, 1, 1]
    assert "skipped" in listed


def test_what_services_and_records_say_stays_text(client: Client, review: Session) -> None:
    text = client.get(f"/values/{of(review, 'eel').id}")
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
def test_nonsense_is_refused_and_changes_nothing(client: Client, review: Session, plan: Path, body: Any) -> None:
    before = plan.read_bytes()
    status, _, text = client.ask("POST", "/do", {"do": "value", "id": of(review, "moss").id, **body})
    assert status in {400, 404}
    assert json.loads(text)["error"]
    assert plan.read_bytes() == before


def test_without_proposals_there_is_no_such_tab() -> None:
    pytest.importorskip("starlette", reason="the extra `review` is not installed")
    from refsync.review.web.view import View

    review = Session(Library(read_sources(["refs.bib"]).records, Deduplication()), Path("refsync-decisions.jsonl"))
    view = View(review, "refs.bib", "")
    assert 'data-tab="values"' not in view.nothing("uncertain", "").html
