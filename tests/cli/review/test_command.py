"""Answers about a Zotero library: asked of what is read from it, obeyed by the merges in it."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero_server import Server, zotero_server

LIBRARY, PATH = "zotero:user/12345", "users/12345"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.chdir(tmp_path)
    with zotero_server(users={12345: "ada"}) as server:
        monkeypatch.setenv("ZOTERO_API_KEY", server.key)
        monkeypatch.setenv("ZOTERO_ENDPOINT", server.url)
        author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
        told = {"itemType": "journalArticle", "creators": [author], "version": 0, "publicationTitle": "Estuary Letters"}
        server.add(
            PATH,
            {**told, "key": "KELPAAAA", "title": "Currents below the old pier", "date": "2030"},
            {**told, "key": "KELPBBBB", "title": "Currents beneath the old pier", "date": "2030"},
        )
        yield server


def found(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    assert main(["dedupe", LIBRARY, "--format", "json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_is_answered_is_merged_in_the_library(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [len(found(capsys)[part]) for part in ("clusters", "review")] == [0, 1]
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["review", LIBRARY, "--tty", "--no-areas"]) == 0
    assert json.loads(Path("refsync-decisions.jsonl").read_text())["keys"]
    assert [len(found(capsys)[part]) for part in ("clusters", "review")] == [1, 0]
    assert [merge["done"] for merge in found(capsys, "--apply")["merges"]] == [True]
