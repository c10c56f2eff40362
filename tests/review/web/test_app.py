"""The review page over a real socket: who may see it, who may act, and what it shows of records."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the extra `review` is not installed")

import refsync
from refsync.classify.model import Area
from refsync.cli import main
from refsync.dedup.results import Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.errors import ConfigError
from refsync.records import Record
from refsync.review.areas import Paper
from refsync.review.session import Library, Session
from refsync.review.web.app import ASSETS
from refsync.review.web.server import Server

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\x00\x1b\u202e"


def paper(number: int, **fields: str) -> Record:
    told = {"title": f"Mosses of the harbour wall, part {number}", "author": "Ebert, Ida", "year": f"203{number}"}
    return Record("a.bib", number, f"k{number}", "article", told | fields, "text", number)


def doubt(a: int, b: int, probability: float = 0.6) -> Link:
    return Link((a, b), probability, "", (Pair(a, b, probability, (FieldEvidence("title", 0.9, 3.1),), ("numbers",)),))


RECORDS = [
    *(paper(i) for i in range(6)),
    paper(6, title=HOSTILE, keywords=HOSTILE, note="</textarea><script>alert(3)</script>"),
    paper(7, title=HOSTILE + " again"),
]
FOUND = Deduplication(
    clusters=(Cluster((0, 5), 0.9, (Pair(0, 5, 0.9, ()),)),),
    review=(doubt(1, 2, 0.7), doubt(2, 3, 0.6), doubt(6, 7, 0.5)),
)
UNSURE = Paper(
    "p1", (4,), RECORDS[4], "Mosses <b>in</b> robots", "Robots walk on mosses.",
    tuple(Area(name, p, applied=False) for name, p in (("cs.RO", 0.5), ("q-bio.PE", 0.3), ("cs.CV", 0.1))),
    ("robots",),
)  # fmt: skip


@dataclass
class Client:
    """A browser's requests, as far as they matter here."""

    server: Server
    session: Session
    cookie: str = ""
    token: str = ""
    sent: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> tuple[int, dict[str, str], str]:
        said = {"Host": f"127.0.0.1:{self.server.port}", "Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if method == "POST":
            said |= {"Origin": f"http://127.0.0.1:{self.server.port}", "Content-Type": "application/json"}
            said["X-Refsync-Token"] = self.token
        said |= {name.replace("_", "-"): value or "" for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            data = b"" if body is None else json.dumps(body).encode()
            if method == "POST":
                said.setdefault("Content-Length", str(len(data)))
            for name, value in said.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(data or None)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    def get(self, path: str, **headers: str | None) -> str:
        status, told, text = self.ask("GET", path, **headers)
        if status == 303:
            return self.get(told["location"], **headers)
        assert status == 200, text
        return text

    def do(self, **what: Any) -> dict[str, str]:
        status, _, text = self.ask("POST", "/do", what)
        assert status == 200, text
        return dict(json.loads(text))

    def lines(self) -> list[dict[str, Any]]:
        text = self.session.path.read_text(encoding="utf-8") if self.session.path.exists() else ""
        return [json.loads(line) for line in text.splitlines()]


def start(tmp_path: Path) -> Iterator[Client]:
    library = Library(RECORDS, FOUND, papers=[UNSURE], areas=["cs.RO", "q-bio.PE", "cs.CV", "math.PR"])
    session = Session(library, tmp_path / "refsync-decisions.jsonl", "ann")
    server = Server(session, "a.bib")
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready.set,))
    thread.start()
    assert ready.wait(10)
    yield Client(server, session)
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Client]:
    """Somebody who has not opened the printed address."""
    yield from start(tmp_path)


@pytest.fixture
def client(stranger: Client) -> Client:
    status, headers, _ = stranger.ask("GET", stranger.server.address.partition(str(stranger.server.port))[2])
    assert status == 303
    stranger.cookie = headers["set-cookie"].partition(";")[0]
    found = re.search(r'name="refsync-token" content="([^"]+)"', stranger.get("/"))
    assert found
    stranger.token = found[1]
    return stranger


# Who may see the page


def test_without_the_address_nothing_is_shown(stranger: Client) -> None:
    for path in ("/", "/state", "/list", "/static/review.js", f"/q/{stranger.session.questions[0].id}", "/areas/p1"):
        status, _, text = stranger.ask("GET", path)
        assert status == 403, path
        assert "Mosses" not in text
    assert stranger.ask("GET", "/start?token=guessed")[0] == 403
    assert stranger.ask("GET", "/start?token=%ff%00")[0] == 403
    assert stranger.ask("GET", "/start")[0] == 403


def test_the_address_works_once_and_gives_a_cookie_that_scripts_and_other_sites_cannot_use(stranger: Client) -> None:
    path = stranger.server.address.partition(str(stranger.server.port))[2]
    status, headers, _ = stranger.ask("GET", path, Sec_Fetch_Site="none")
    assert (status, headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict"} <= {part.strip() for part in headers["set-cookie"].split(";")}
    assert "token" not in headers["location"]
    assert stranger.ask("GET", path)[0] == 403
    stranger.cookie = headers["set-cookie"].partition(";")[0]
    assert "Which of these are one paper?" in stranger.get("/")


def test_only_its_own_host_is_answered(client: Client) -> None:
    port = client.server.port
    assert client.ask("GET", "/", Host=f"localhost:{port}")[0] == 303
    for host in (f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{port}", None):
        assert client.ask("GET", "/", Host=host)[0] in {400, 421}, host


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},  # another port of this machine
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": None},
        {"X_Refsync_Token": "guessed"},
        {"X_Refsync_Token": None},
        {"Cookie": None},
        {"Cookie": "refsync-review-1=x"},
        {"Content_Type": "text/plain"},
        {"Content_Length": "99999999"},
    ],
)
def test_other_pages_cannot_act(client: Client, headers: dict[str, str | None]) -> None:
    asked = client.session.questions[0]
    status, _, _ = client.ask("POST", "/do", {"do": "answer", "id": asked.id, "verdict": "same"}, **headers)
    assert status in {403, 413, 415}
    assert client.lines() == []


def test_looking_changes_nothing(client: Client) -> None:
    asked = client.session.questions[0]
    assert client.ask("GET", f"/do?do=answer&id={asked.id}&verdict=same")[0] in {404, 405}
    assert client.ask("PUT", "/do")[0] == 405
    assert client.lines() == []


def test_every_answer_has_the_headers_that_keep_the_page_to_itself(client: Client) -> None:
    for path in ("/", "/static/review.css", "/nowhere", "/start"):
        _, headers, _ = client.ask("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/guard.py",
     "/static/%2fetc%2fpasswd", "/static/review.css/..", "/static/page.html.j2"],
)  # fmt: skip
def test_only_assets_are_files(client: Client, path: str) -> None:
    status, _, text = client.ask("GET", path)
    assert status == 404
    assert "import" not in text


def test_a_port_that_is_taken_is_told(client: Client) -> None:
    with pytest.raises(ConfigError, match="cannot be had"):
        Server(client.session, "", client.server.port)


class _Loads(HTMLParser):
    """Notes what a page would load, follow or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(name, value or "") for name, value in attrs]


def test_nothing_on_the_pages_is_fetched_from_elsewhere(client: Client) -> None:
    for path in ("/", "/?show=merges", "/areas", "/list", "/?show=answered"):
        for name, value in _Loads(client.get(path)).found:
            assert not name.startswith("on"), name
            assert name != "style"
            if name in {"href", "src", "action", "data-url"}:
                assert re.match(r"/(?!/)|#", value), value
    web = files("refsync.review.web")
    for one in (*web.joinpath("static").iterdir(), *web.joinpath("templates").iterdir()):
        text = one.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(?:https?:|['\"(=])//|@import|url\(|javascript:|eval\(", text), one.name


def test_every_asset_in_the_folder_is_in_the_table() -> None:
    assert {one.name for one in files("refsync.review.web").joinpath("static").iterdir()} == set(ASSETS)


# What it shows


def test_what_records_hold_stays_text(client: Client) -> None:
    hostile = next(item for item in client.session.questions if 6 in item.members)
    for text in (client.get(f"/q/{hostile.id}"), client.get("/list"), client.get("/areas/p1")):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<b>in</b>" not in text
        assert "\x00" not in text
    assert "&lt;script&gt;alert(1)" in client.get(f"/q/{hostile.id}")
    told = client.do(do="choose", id=hostile.id, field="title", text="<script>alert(4)</script>", markup="text")
    assert "<script>alert" not in told["html"]
    told = client.do(do="undo")
    assert "<script>alert" not in told["html"]


def test_a_question_shows_records_merged_and_why(client: Client) -> None:
    text = client.get("/")
    assert "Which of these are one paper?" in text
    assert [text.count(f"k{i}") > 0 for i in (1, 2, 3)] == [True] * 3
    assert "the titles count differently" in text
    assert "0 of 2 answered" in text
    assert 'data-field="year"' in text


def test_an_unknown_question_is_told(client: Client) -> None:
    assert client.ask("GET", "/q/nothing")[0] == 404
    assert client.ask("POST", "/do", {"do": "skip", "id": "nothing"})[0] == 404


@pytest.mark.parametrize(
    "body",
    [[], "x", {}, {"do": "fly"}, {"do": "answer", "verdict": "maybe"}, {"do": "choose", "field": "title", "place": 99},
     {"do": "choose", "field": "title", "place": "x"}, {"do": "group", "place": 0, "number": -1},
     {"do": "relate", "relation": "x", "forward": True}],
)  # fmt: skip
def test_nonsense_is_refused_and_changes_nothing(client: Client, body: Any) -> None:
    if isinstance(body, dict):
        body = {"id": client.session.questions[0].id, **body}
    status, _, text = client.ask("POST", "/do", body)
    assert status in {400, 404, 409}
    assert json.loads(text)["error"]
    assert client.lines() == []


# What it does


def test_working_through_the_queue(client: Client) -> None:
    first, second = client.session.select("uncertain")
    told = client.do(do="answer", id=first.id, verdict="same", show="uncertain")
    assert told["message"] == "one paper"
    assert told["url"].startswith(f"/q/{second.id}?")
    assert [line["kind"] for line in client.lines()] == ["same", "same"]
    told = client.do(do="choose", id=second.id, field="year", place=1)
    assert "chosen" in told["html"]
    assert "chosen" in client.get(f"/q/{second.id}")  # also after the page is loaded again
    told = client.do(do="answer", id=second.id, verdict="same", show="uncertain")
    assert "All answered" in told["html"]
    assert client.lines()[-1]["value"]["fields"] == {"year": {"from": client.session.prints[7]}}
    told = client.do(do="undo", show="uncertain")
    assert told["url"].startswith(f"/q/{second.id}?")
    assert len(client.lines()) == 2
    client.do(do="redo")
    client.do(do="forget", id=first.id)
    assert [line["a"] for line in client.lines()] == [client.session.prints[6]]


def test_members_of_a_cluster_are_told_apart(client: Client) -> None:
    first, _ = client.session.select("uncertain")
    told = client.do(do="group", id=first.id, place=2, number=1)
    assert "Save as lettered" in told["html"]
    client.do(do="answer", id=first.id, verdict="same")
    assert sorted((line["kind"], *line["keys"]) for line in client.lines()) == [
        ("not-duplicate", "k2", "k3"), ("same", "k1", "k2"),
    ]  # fmt: skip


def test_a_list_can_have_both_and_a_title_cannot(client: Client) -> None:
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


def test_what_somebody_else_writes_meanwhile_is_shown(client: Client) -> None:
    before = json.loads(client.get("/state"))["said"]
    other = Session(client.session.library, client.session.path, "bob")
    asked = other.select("uncertain")[0]
    other.answer(asked, "not-duplicate")
    assert json.loads(client.get("/state"))["said"] != before
    assert "bob on" in client.get(f"/q/{asked.id}")
    client.do(do="answer", id=asked.id, verdict="same")
    assert {line["kind"] for line in client.lines()} == {"same"}
    client.do(do="undo")
    assert {line["by"] for line in client.lines()} == {"bob"}


def test_a_file_that_cannot_be_written_is_told_and_the_question_stays_open(client: Client) -> None:
    client.session.path.mkdir()
    asked = client.session.questions[0]
    status, _, text = client.ask("POST", "/do", {"do": "answer", "id": asked.id, "verdict": "same"})
    assert status == 409
    assert "not saved" in json.loads(text)["error"] or "cannot be" in json.loads(text)["error"]
    client.session.path.rmdir()
    assert client.session.progress("uncertain").answered == 0


def test_the_page_ends_the_server(client: Client) -> None:
    status, _, text = client.ask("POST", "/end", {})
    assert status == 200
    assert str(client.session.path) in json.loads(text)["message"]


def test_ctrl_c_ends_it_and_says_where_the_answers_are(tmp_path: Path) -> None:
    entry = (
        "@article{{{}, title = {{Currents {} the old pier}}, author = {{Roe, Mia}}, journal = {{Bay}}, year = 2030}}\n"
    )
    (tmp_path / "refs.bib").write_text(entry.format("a", "below") + entry.format("b", "beneath"), encoding="utf-8")
    command = [sys.executable, "-m", "refsync", "review", "refs.bib", "--no-browser", "--no-areas"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(refsync.__file__).parents[1])},
    ) as running:  # fmt: skip
        assert running.stdout
        address = running.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/start\?token=[\w-]{40,}", address)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address.partition("/start")[0], timeout=10)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "nothing was answered; 1 question left" in out


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    assert main(["review", "refs.bib"]) == 2
    told = capsys.readouterr().err
    assert "pip install 'refsync[review]'" in told
    assert "--tty" in told
