"""The warning that the inputs are too large for the memory there is."""

from pathlib import Path

import pytest

from refsync.cli import main
from refsync.cli.common import memory_estimate
from refsync.memory import available_memory

MOSS = "@article{moss, author = {Doe, Jane}, title = {On Moss}, year = 2031}\n"


@pytest.fixture
def refs(tmp_path: Path) -> Path:
    path = tmp_path / "refs.bib"
    path.write_text(MOSS, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["dedupe", "check", "run"])
def test_too_little_memory_is_said_before_reading(
    refs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setattr(memory_estimate, "available_memory", lambda: len(MOSS) * 4 - 1)
    main([command, str(refs)])
    note = capsys.readouterr().err.splitlines()[0]
    assert "GB of memory" in note
    assert "--engine spark" in note
    main([command, "--quiet", str(refs)])
    assert "GB of memory" not in capsys.readouterr().err


@pytest.mark.parametrize("free", [0, len(MOSS) * 4, 10**12])
def test_enough_or_unknown_memory_is_not_spoken_of(
    refs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], free: int
) -> None:
    monkeypatch.setattr(memory_estimate, "available_memory", lambda: free)
    main(["dedupe", str(refs), str(refs.with_name("missing.bib"))])
    assert "GB of memory" not in capsys.readouterr().err


def test_this_computer_has_some_memory() -> None:
    assert available_memory() >= 0
    assert not available_memory() or available_memory() > 1e6
