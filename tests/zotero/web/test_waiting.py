"""Waiting: what is no use is not waited for, and all that takes more than two seconds is shown."""

from pathlib import Path

import pytest

import refsync.zotero.web.http
from refsync.cli import main
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("library", ["zotero:local", "zotero:user/12345"])
def test_a_closed_port_of_this_computer_is_final(
    monkeypatch: pytest.MonkeyPatch,
    slept: list[float],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    library: str,
    host: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", "k" * 24)
    assert main(["pull", library, "-o", "out.bib", "--endpoint", f"http://{host}:9/api"]) == 2
    assert slept == []
    assert f"no response from http://{host}:9/api" in capsys.readouterr().err


def test_a_broken_connection_is_repeated(server: Server, slept: list[float]) -> None:
    server.fail("reset-before")
    assert main(["pull", "zotero:user/12345", "-o", "out.bib"]) == 0
    assert len(slept) == 1


def test_long_waits_are_shown(server: Server, slept: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("429", retry_after=17)
    server.fail("503", 3, times=3)
    server.fail("backoff", 6, retry_after=30)
    assert main(["pull", "zotero:user/12345", "-o", "out.bib"]) == 0
    shown = [line.removeprefix("refsync: note: ") for line in capsys.readouterr().err.splitlines()]
    assert shown == [
        "127.0.0.1 answers with status 429; attempt 2 of 8 in 17 s",
        "127.0.0.1 answers with status 503; attempt 3 of 8 in 2 s",
        "127.0.0.1 answers with status 503; attempt 4 of 8 in 4 s",
        "127.0.0.1 asks for a pause of 30 s",
    ]
    assert slept == [17, 1, 2, 4, 30]


def test_short_waits_are_not(server: Server, slept: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("503")
    server.fail("reset-before", 3)
    assert main(["pull", "zotero:user/12345", "-o", "out.bib"]) == 0
    assert capsys.readouterr().err == ""
    assert slept == [1, 1]


def test_quiet(server: Server, slept: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    server.fail("429", retry_after=17)
    assert main(["pull", "zotero:user/12345", "-o", "out.bib", "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_a_slow_response_is_shown(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refsync.zotero.web.http, "SHOWN_AFTER", 0.05)
    server.fail("latency").seconds = 0.5
    assert main(["pull", "zotero:user/12345", "-o", "out.bib"]) == 0
    assert "waiting for 127.0.0.1: attempt 1 of 8, for at most 90 s" in capsys.readouterr().err
