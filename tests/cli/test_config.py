"""`refsync config`: what is in force, and where it comes from."""

import json
from pathlib import Path

import pytest

from refsync.cli import main


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_settings_with_their_origins(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs").mkdir()
    Path("refs/refsync.toml").write_text(
        'profile = "careful"\n[check]\nignore = ["RS104"]\n[enrich]\ncontact = "me@example.org"\n', encoding="utf-8"
    )
    assert main(["config", "refs/new.bib"]) == 0
    out, err = capsys.readouterr()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "# refs/refsync.toml"
    assert 'check.ignore = ["RS104"] # refs/refsync.toml' in lines
    assert any(line.startswith("dedup.same = ") and line.endswith("# profile careful") for line in lines)
    assert not any("check.scope" in line for line in lines)
    assert "`enrich.contact` is read from your own configuration only" in err
    assert main(["config", "refs/new.bib", "--all"]) == 0
    assert 'check.scope = "document" # default' in " ".join(capsys.readouterr().out.split())


def test_settings_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pyproject.toml").write_text('[tool.refsync.check]\nscope = "folder"\n', encoding="utf-8")
    assert main(["config", "--format", "json", "--profile", "greedy"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["schema"], result["files"]) == ("refsync.config/1", ["pyproject.toml"])
    assert result["settings"]["check.scope"] == {"value": "folder", "from": "pyproject.toml"}
    assert result["settings"]["profile"] == {"value": "greedy", "from": "--profile"}
    assert result["settings"]["check.ignore"] == {"value": [], "from": "default"}


def test_errors(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refsync.toml").write_text("[chekc]\n", encoding="utf-8")
    assert main(["config"]) == 2
    assert "did you mean `check`" in capsys.readouterr().err
