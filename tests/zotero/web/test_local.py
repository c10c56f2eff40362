"""`zotero:local`, the Zotero that runs on this computer: read as any library, and never written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero_server import Server, zotero_server

PATH = "users/12345"
KELP: dict[str, Any] = {"itemType": "book", "title": "Kelp", "citationKey": "kelp", "volume": "1"}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", "k" * 24)
    with zotero_server() as running:
        running.desktop = True
        monkeypatch.setenv("ZOTERO_ENDPOINT", f"{running.url}/api")
        yield running


def pull(*options: str) -> str:
    assert main(["pull", "zotero:local", "-o", "out.bib", *options]) == 0
    return Path("out.bib").read_text(encoding="utf-8")


def edit(server: Server, key: str, **changes: str) -> None:
    """Change an item there, without a sync: the versions do not change."""
    server.library(PATH).items[key].data.update(changes)


def test_reads_all_at_once_and_sends_no_key(server: Server) -> None:
    server.add(PATH, KELP, *({"itemType": "book", "title": f"Shells, part {n}"} for n in range(150)))
    assert pull().count("@book") == 151
    assert [(entry.path, "key=" in entry.query) for entry in server.log] == [
        ("/api/users/0/items", False),
        ("/api/users/0/collections", False),
    ]


def test_changes_that_were_not_synced_yet(server: Server) -> None:
    key, gone = server.add(PATH, KELP, {"itemType": "book", "title": "Shells", "citationKey": "shells"})
    text = pull()
    assert pull() == text
    edit(server, key, volume="2")
    server.library(PATH).items.pop(gone)
    again = pull()
    assert again == text.replace("volume = {1}", "volume = {2}")


def test_is_an_input(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, KELP, {**KELP, "citationKey": "kelp2"})
    assert main(["dedupe", "zotero:local", "--format", "json"]) == 0
    assert "zotero:local" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["push", "a.bib", "zotero:local"], "zotero:local can be read, not written; push to zotero:user/ID instead"),
        (["dedupe", "zotero:local", "--apply"], "zotero:local can be read, not written"),
        (["pull", "zotero:local", "-o", "out.bib", "--changed"], "--changed compares versions"),
    ],
)
def test_writes_are_refused(
    server: Server, capsys: pytest.CaptureFixture[str], command: list[str], message: str
) -> None:
    Path("a.bib").write_text("@misc{a, title = {Kelp}}", encoding="utf-8")
    assert main(command) == 2
    assert message in capsys.readouterr().err
    assert server.count(write=True) == 0


def test_the_hint_when_access_is_refused(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.desktop = False
    assert main(["pull", "zotero:local", "-o", "out.bib"]) == 2
    errors = capsys.readouterr().err
    assert (
        "Zotero refuses access to zotero:local (Local API is not enabled); its settings (Advanced) must allow" in errors
    )


def test_the_hint_when_zotero_is_not_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("refsync.zotero.web.http.time.sleep", lambda _seconds: None)
    assert main(["pull", "zotero:local", "-o", "out.bib", "--endpoint", "http://127.0.0.1:9/api"]) == 2
    assert "is Zotero running? its settings" in capsys.readouterr().err
