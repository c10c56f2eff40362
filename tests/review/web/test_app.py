"""The pages: what they show of records, and that they load nothing from elsewhere."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from refsync.review.session import Session
from refsync.review.web.app import ASSETS
from tests.review.web.client import Client


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/guard.py",
     "/static/%2fetc%2fpasswd", "/static/review.css/..", "/static/page.html.j2"],
)  # fmt: skip
def test_only_assets_are_files(client: Client, path: str) -> None:
    status, _, text = client.ask("GET", path)
    assert status == 404
    assert "import" not in text


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


def test_text_of_records_stays_text(client: Client) -> None:
    hostile = next(item for item in client.session.questions if 6 in item.members)
    for text in (client.get(f"/q/{hostile.id}"), client.get("/list"), client.get("/areas/p1")):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "<b>in</b>" not in text
        assert "\x00" not in text
    assert "&lt;script&gt;alert(1)" in client.get(f"/q/{hostile.id}")
    page = client.do(do="choose", id=hostile.id, field="title", text="<script>alert(4)</script>", markup="text")
    assert "<script>alert" not in page["html"]
    page = client.do(do="undo")
    assert "<script>alert" not in page["html"]


def test_a_question_shows_records_merged_and_why(client: Client) -> None:
    text = client.get("/")
    assert "Which of these are one paper?" in text
    assert [text.count(f"k{i}") > 0 for i in (1, 2, 3)] == [True] * 3
    assert "the titles count differently" in text
    assert "0 of 2 answered" in text
    assert 'data-field="year"' in text


def test_an_unknown_question_is_reported(client: Client) -> None:
    assert client.ask("GET", "/q/nothing")[0] == 404
    assert client.ask("POST", "/do", {"do": "skip", "id": "nothing"})[0] == 404


def test_answers_by_others_are_shown(client: Client) -> None:
    before = json.loads(client.get("/state"))["revision"]
    other = Session(client.session.library, client.session.path, "bob")
    asked = other.select("uncertain")[0]
    other.answer(asked, "not-duplicate")
    assert json.loads(client.get("/state"))["revision"] != before
    assert "bob on" in client.get(f"/q/{asked.id}")
    client.do(do="regroup", id=asked.id, numbers=[0, 0, 0])
    client.do(do="answer", id=asked.id, verdict="same")
    assert {line["kind"] for line in client.lines()} == {"same"}
    client.do(do="undo")
    assert {line["by"] for line in client.lines()} == {"bob"}


def test_the_page_ends_the_server(client: Client) -> None:
    status, _, text = client.ask("POST", "/end", {})
    assert status == 200
    assert str(client.session.path) in json.loads(text)["message"]
