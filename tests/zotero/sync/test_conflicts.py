"""A unit that both sides changed: it stays a question until a policy or an answer decides."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import (
    FILE,
    LIBRARY,
    PATH,
    live_items,
    replace,
    sync,
    sync_json,
    tags,
    text,
    year_and_volume,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def test_a_conflict_is_asked(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("{graphs, kelp}", "{graphs, kelp, big}")
    before = text()
    assert sync() == 3
    output = capsys.readouterr().out
    assert "roe2020.date  both sides changed it\n      file    2021\n      Zotero  2019\n      before  2020" in output
    assert year_and_volume(server) == ("2021", "8", "2019", "9")
    assert text() == before
    assert "big" in tags(live_items(server)["roe2020"])
    asked = sync_json(capsys)["review"]
    assert [
        (item["kind"], item["key"], item["field"], item["base"], item["ours"], item["theirs"]) for item in asked
    ] == [
        ("conflict", "roe2020", "date", "2020", "2021", "2019"),
        ("conflict", "roe2020", "volume", "", "8", "9"),
    ]


@pytest.mark.parametrize(
    ("options", "code", "wanted"),
    [
        (["--conflicts", "ours"], 0, ("2021", "8", "2021", "8")),
        (["--conflicts", "theirs"], 0, ("2019", "9", "2019", "9")),
        (["--take", "roe2020.year=ours"], 3, ("2021", "8", "2021", "9")),
        (["--take", "roe2020.date=theirs"], 3, ("2019", "8", "2019", "9")),
        (["--take", "*.volume=theirs", "--conflicts", "ours"], 0, ("2021", "9", "2021", "9")),
        (["--take", "roe2020=theirs"], 0, ("2019", "9", "2019", "9")),
    ],
)
def test_a_conflict_is_decided(
    server: Server, conflict: Any, options: list[str], code: int, wanted: tuple[str, ...]
) -> None:
    assert sync(*options) == code
    assert year_and_volume(server) == wanted
    server.clear()
    assert sync() == code
    assert (server.count(write=True), year_and_volume(server)) == (0, wanted)


@pytest.mark.parametrize(("stamp", "wanted"), [("2001-01-01T00:00:00Z", "2021"), ("2199-01-01T00:00:00Z", "2019")])
def test_the_newest_wins(server: Server, conflict: Any, stamp: str, wanted: str) -> None:
    server.edit(PATH, conflict["roe2020"], dateModified=stamp)
    assert sync("--conflicts", "newest") == 0
    assert year_and_volume(server)[::2] == (wanted, wanted)


def test_the_policy_of_the_configuration(server: Server, conflict: Any) -> None:
    Path("refsync.toml").write_text('[zotero]\nconflicts = "theirs"\ndeletions = "keep"\n', encoding="utf-8")
    assert sync() == 0
    assert year_and_volume(server) == ("2019", "9", "2019", "9")


def test_a_conflict_that_both_sides_resolve(server: Server, conflict: Any) -> None:
    assert sync() == 3
    server.edit(PATH, conflict["roe2020"], date="2021")
    replace("volume = 8", "volume = {9}")
    assert sync() == 0


def test_emptied_here_and_changed_there(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, synced["roe2020"], publicationTitle="K. Jelp")
    replace("    journal = jk,", "   ")
    (asked,) = sync_json(capsys)["review"]
    assert (asked["field"], asked["base"], asked["ours"], asked["theirs"]) == ("journaltitle", "J. Kelp", "", "K. Jelp")
    assert sync("--take", "roe2020.journal=ours") == 0
    assert live_items(server)["roe2020"]["publicationTitle"] == ""


def test_invalid_answers(synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert sync("--take", "roe2020.year=mine") == 2
    assert sync("--take", "nobody.year=ours") == 0
    assert "nobody.year: there is no such question" in capsys.readouterr().err
    assert main(["sync", LIBRARY, FILE]) == 2


def test_a_person_is_asked(
    server: Server, conflict: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = iter(["z", "l"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("refsync.cli.zotero.sync_answers.click.prompt", lambda *given, **options: next(replies))
    monkeypatch.setattr("refsync.cli.zotero.sync.show_progress", _no_bars)
    assert sync() == 3
    assert year_and_volume(server) == ("2019", "8", "2019", "9")
    assert "before   2020" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_a_person_is_asked_at_a_real_terminal(server: Server, conflict: Any) -> None:
    terminal, end = os.openpty()
    command = [
        sys.executable,
        "-c",
        "import sys; from refsync.cli import main; sys.exit(main())",
        "sync",
        FILE,
        LIBRARY,
    ]
    with subprocess.Popen(command, stdin=end, stdout=subprocess.PIPE, stderr=end) as asked:
        os.close(end)
        shown = b""
        for reply in (b"f\n", b"q\n"):
            while b"leave the rest" not in shown:
                shown += os.read(terminal, 1000)
            shown = b""
            os.write(terminal, reply)
        report, _ = asked.communicate(timeout=30)
    os.close(terminal)
    assert asked.returncode == 3
    assert b"to decide                1" in report
    assert year_and_volume(server) == ("2021", "8", "2021", "9")


def _no_bars(quiet: bool) -> Any:
    from contextlib import nullcontext

    return nullcontext(lambda stage, done, total: None)
