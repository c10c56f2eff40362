"""Undoing merges, and pushes into the same library."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.merge.interruption import interrupted
from tests.zotero.merge.samples import (
    KELP,
    KELP2,
    LIBRARY,
    PATH,
    SHELL,
    SHELL2,
    content,
    dedupe,
)
from tests.zotero_server import Server
from tests.zotero_server.state import World


def test_undo_restores_the_library(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(server)
    assert dedupe("--apply") == 0
    assert main(["log"]) == 0
    assert LIBRARY in capsys.readouterr().out
    assert main(["undo"]) == 0, capsys.readouterr().err
    assert content(server) == before
    assert main(["undo"]) == 2


def test_undo_keeps_later_changes(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    dedupe("--apply")
    server.edit(PATH, KELP, volume="8", tags=[{"tag": "mine"}, {"tag": "shared"}, {"tag": "new"}])
    server.library(PATH).erase_items([SHELL])
    assert main(["undo"]) == 3
    errors = capsys.readouterr().err
    assert f"{KELP}: 'Learning of kelp forests by their growth': `volume` changed since the run" in errors
    assert f"{SHELL2}: 'Sorting shells by their colours': keeps what it took over from {SHELL}" in errors
    items = content(server)
    assert (items[KELP]["volume"], items[KELP]["abstractNote"]) == ("8", "")
    assert items[KELP]["tags"] == [{"tag": "mine"}, {"tag": "new"}, {"tag": "shared", "type": 1}]
    assert "deleted" not in items[KELP2]
    assert items[SHELL2]["volume"] == "1"


def test_undo_of_a_push(server: Server) -> None:
    before = content(server)
    Path("a.bib").write_text(
        "@article{new, title={On crabs that climb}, author={Poe, Ed}, year=2001}\n", encoding="utf-8"
    )
    assert main(["push", "a.bib", LIBRARY, "--no-tags"]) == 0
    (created,) = set(content(server)) - set(before)
    assert main(["undo"]) == 0
    assert content(server).pop(created)["deleted"]


NewFolder = Callable[[], None]


@pytest.fixture
def new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewFolder:
    """Changes to an empty folder, which has no journals of earlier runs."""
    return lambda: monkeypatch.chdir(tempfile.mkdtemp(dir=tmp_path))


def test_an_interrupted_merge_can_be_undone_instead(
    server: Server, filled: World, merged: Any, new_folder: NewFolder
) -> None:
    for number in range(5, merged[1] + 1):
        new_folder()
        server.restore(filled)
        before = content(server)
        with interrupted(number, after=True):
            dedupe("--apply")
        with interrupted(4, after=True):  # and is interrupted once more
            main(["undo"])
        assert main(["undo"]) == 0
        assert content(server) == before, number
