"""The review page: its token is in no program's arguments, hostile requests are refused, and it ends by itself."""

import asyncio
import http.client
import stat
import sys
import webbrowser
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

import pytest

pytest.importorskip("starlette", reason="the extra `review` is not installed")

from refsync.cli import main
from refsync.dedup.results import Deduplication
from refsync.review.queue import Library
from refsync.review.session import Session
from refsync.review.web import guard, server
from refsync.review.web.server import MAX_IDLE, Server
from tests.review.web.client import serving

BIB = "@misc{a, title = {Moss on Walls}, author = {Doe, Jane}, year = 2020}\n"


def session() -> Session:
    return Session(Library([], Deduplication()), Path("refsync-decisions.jsonl"), "ann")


def test_the_token_is_not_in_the_browsers_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, Any] = {}

    def open_browser(url: str) -> bool:
        path = Path(url2pathname(url.removeprefix("file:")))
        seen.update(url=url, text=path.read_text(encoding="utf-8"), path=path, mode=path.stat().st_mode,
                    folder=path.parent.stat().st_mode)  # fmt: skip
        return True

    def run(self: Server, ready: Any) -> None:
        seen["token"] = self.secrets.start_token
        ready()
        self.socket.close()

    monkeypatch.setattr(webbrowser, "open", open_browser)
    monkeypatch.setattr(Server, "run", run)
    Path("a.bib").write_text(BIB, encoding="utf-8")
    assert main(["review", "a.bib", "--all"]) == 0
    assert seen["token"] not in seen["url"]
    assert f"/start?token={seen['token']}" in seen["text"]
    assert not seen["path"].exists()
    if sys.platform != "win32":
        assert stat.S_IMODE(seen["mode"]) & 0o077 == 0
        assert stat.S_IMODE(seen["folder"]) & 0o077 == 0
    assert "/start?token=" in "".join(capsys.readouterr())  # for a browser that does not start


def test_the_file_opens_the_page_although_it_is_another_site() -> None:
    with serving(session()) as client:
        connection = http.client.HTTPConnection("127.0.0.1", client.server.port)
        path = client.server.address.partition(str(client.server.port))[2]
        connection.request("GET", path, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert "SameSite=strict" in (answer.getheader("Set-Cookie") or "")
        assert b"url=/" in answer.read()
        cookie = answer.getheader("Set-Cookie") or ""
        connection.request("GET", "/", headers={"Sec-Fetch-Site": "cross-site", "Cookie": cookie.partition(";")[0]})
        assert connection.getresponse().status == 403
        connection.close()


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"{" * 9, b"1" * 10_000, b"7", b'"x"', b"\xff"])
def test_a_body_of_any_kind_is_refused(body: bytes) -> None:
    with serving(session()) as client:
        client.open()
        connection = http.client.HTTPConnection("127.0.0.1", client.server.port)
        headers = {"Content-Type": "application/json", "Cookie": client.cookie, "X-Refsync-Token": client.token,
                   "Origin": f"http://127.0.0.1:{client.server.port}"}  # fmt: skip
        connection.request("POST", "/do", body, headers)
        assert connection.getresponse().status == 400
        connection.close()


def test_it_ends_when_nobody_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(guard.time, "monotonic", lambda: now[0])
    running = server.Server(session())
    running.guard._now = lambda: now[0]
    running.guard.last_use = 0.0
    try:
        now[0] = MAX_IDLE
        asyncio.run(running._stop_if_idle())
        assert not running.ended_idle
        now[0] += 1
        asyncio.run(running._stop_if_idle())
        assert running.ended_idle
        assert running._server.should_exit
    finally:
        running.socket.close()
