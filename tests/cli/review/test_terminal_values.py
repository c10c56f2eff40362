"""Proposed values in the terminal, by lines of a pipe."""

import io
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from tests.review.enrich_plan import saved_states, write_plan


@pytest.fixture(autouse=True)
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan, in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return write_plan()


def in_terminal(monkeypatch: pytest.MonkeyPatch, *typed: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return main(["review", "plan.json", "--tty"])


def test_lines_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_terminal(monkeypatch, "1", "n 2", "n", "u", "y 2", "n") == 0
    assert saved_states() == ["accepted", "accepted", "rejected", "rejected", "accepted"]
    out = capsys.readouterr().out
    assert "which values?  0 of 4 answered" in out
    assert "refs.bib:moss has: authors Ebert, Ida; year 2031" in " ".join(out.split())
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


def test_what_is_typed_wrongly_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("plan.json").read_bytes()
    assert in_terminal(monkeypatch, "w", "?", "9", "y x", "u", "", "s", "s", "q") == 0
    out = capsys.readouterr().out
    for message in ("no key 'w' here", "once more rejects it", "no such value here; there are 2", "nothing to undo"):
        assert message in " ".join(out.split())
    assert "nothing was answered; 4 values pending" in out
    assert Path("plan.json").read_bytes() == before


def test_a_row_about_no_record_is_reported(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan.write_text(plan.read_text(encoding="utf-8").replace('"index": 3', '"index": 9'), encoding="utf-8")
    assert main(["review", "plan.json", "--tty"]) == 2
    assert "fills[3]: refs.bib has no record 9" in capsys.readouterr().err
