"""`papis refsync ...`: papis itself runs the command, on its library, and shows what was changed."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.papis.libraries import content_of, write_library

pytest.importorskip("papis", reason="papis is not installed: pip install 'refsync[papis]'")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The library `papers` of papis's configuration, which is its default."""
    folder = write_library(tmp_path / "my papers")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config").write_text(f"[settings]\ndefault-library = papers\n[papers]\ndir = {folder}\n")
    for name, value in {"PAPIS_CONFIG_DIR": "config", "PAPIS_CACHE_DIR": "cache", "HOME": "."}.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setenv("PATH", os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    monkeypatch.delenv("PAPIS_LIB", raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


def papis(*arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        ["papis", "--color", "no", *arguments], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def listed() -> set[str]:
    """What papis lists, from its cache."""
    return {Path(line).name for line in papis("list", "--all").splitlines() if line.startswith("/")}


def test_papis_runs_the_command_and_sees_what_it_did(library: Path) -> None:
    assert listed() == {"roe-2020", "roe-again", "kelp é"}  # papis now has a copy, and has written identifiers
    before = content_of(library)
    assert "roe-again merged into it" in papis("refsync", "dedupe", "--write")
    assert listed() == {"roe-2020", "kelp é"}
    assert "- supplement/data.csv" in papis("export", "--all", "--format", "yaml", "doi:10.5555/moss")
    assert "cs.CV" in papis("refsync", "tag", "--format", "json")
    assert "RS607" in papis("refsync", "check", "--select", "RS6")
    assert "roe-again/info.yaml: as it was" in papis("refsync", "undo")
    assert content_of(library) == before
    assert listed() == {"roe-2020", "roe-again", "kelp é"}


def test_the_command_lists_its_own(library: Path) -> None:
    printed = papis("refsync", "--help")
    for name in ("dedupe", "tag", "check", "report", "log", "undo"):
        assert f"\n  {name}" in printed
    assert "Usage: refsync dedupe" in papis("refsync", "dedupe", "--help")
    assert "No such option" in papis("refsync", "dedupe", "--no-such", code=2)
    assert "another" not in papis("--lib", str(library), "refsync", "dedupe", "--format", "json")


def test_papis_finds_the_command_by_its_entry_point() -> None:
    (point,) = entry_points(group="papis.command", name="refsync")
    assert point.load().name == "refsync"
