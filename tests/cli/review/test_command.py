"""`refsync review` as a command: plans, Zotero libraries, refused options, and the end by Ctrl-C."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import refsync
from refsync.cli import main
from tests.cli.review.samples import KELP
from tests.zotero_server import Server, zotero_server

LIBRARY, PATH = "zotero:user/12345", "users/12345"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.chdir(tmp_path)
    with zotero_server(users={12345: "ada"}) as server:
        monkeypatch.setenv("ZOTERO_API_KEY", server.key)
        monkeypatch.setenv("ZOTERO_ENDPOINT", server.url)
        author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
        item = {"itemType": "journalArticle", "creators": [author], "version": 0, "publicationTitle": "Estuary Letters"}
        server.add(
            PATH,
            {**item, "key": "KELPAAAA", "title": "Currents below the old pier", "date": "2030"},
            {**item, "key": "KELPBBBB", "title": "Currents below the old stone pier", "date": "2030"},
        )
        yield server


def deduplicated(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    assert main(["dedupe", LIBRARY, "--format", "json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_answers_are_used_by_merges_in_a_zotero_library(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [len(deduplicated(capsys)[part]) for part in ("clusters", "review")] == [0, 1]
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(["review", LIBRARY, "--tty"]) == 0
    assert json.loads(Path("refsync-decisions.jsonl").read_text(encoding="utf-8"))["keys"]
    assert [len(deduplicated(capsys)[part]) for part in ("clusters", "review")] == [1, 0]
    assert [merge["done"] for merge in deduplicated(capsys, "--apply")["merges"]] == [True]


def test_standard_input_cannot_be_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "-", "--tty"]) == 2
    assert "--tty reads the answers from standard input" in capsys.readouterr().err


def test_a_missing_package_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    assert main(["review", "refs.bib"]) == 2
    error = capsys.readouterr().err
    assert "pip install 'refsync[review]'" in error
    assert "--tty" in error


def test_ctrl_c_ends_it_and_reports_where_the_answers_are(tmp_path: Path) -> None:
    pytest.importorskip("starlette", reason="the extra `review` is not installed")
    entry = (
        "@article{{{}, title = {{Currents below the {} pier}}, author = {{Roe, Mia}}, journal = {{Bay}},\n"
        "  year = 2030}}\n"
    )
    entries = entry.format("a", "old") + entry.format("b", "old stone")
    (tmp_path / "refs.bib").write_text(entries, encoding="utf-8")
    command = [sys.executable, "-m", "refsync", "review", "refs.bib", "--no-browser"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(Path(refsync.__file__).parents[1])},
    encoding="utf-8") as running:  # fmt: skip
        assert running.stdout
        address = running.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/start\?token=[\w-]{40,}", address)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address.partition("/start")[0], timeout=10)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "nothing was answered; 1 question left" in out


def test_the_states_of_a_plan_follow_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(KELP, encoding="utf-8")
    arguments = ["dedupe", "refs.bib", "-o", "out.bib", "--profile", "balanced", "--plan", "plan.json", "-q"]
    assert main(arguments) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("b keywords\ny\n"))
    assert main(["review", "plan.json", "--tty"]) == 0
    assert "the states in plan.json follow the answers" in capsys.readouterr().out
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    assert [row["state"] for row in plan["review"]] == ["accepted"]
    assert main(["apply", "plan.json", "-q"]) == 0
    written = Path("out.bib").read_text(encoding="utf-8")
    assert written.count("@article") == 1
    assert "keywords = {kelp, cold, north}" in written
