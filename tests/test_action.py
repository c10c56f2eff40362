"""The commands of the GitHub action's steps, run in a temporary repository."""

import json
import os
import sys
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.check.sarif_schema import validate_sarif
from tests.git_repository import BIN, CLEAN, TWICE, Repository
from tests.paths import ROOT

yaml = pytest.importorskip("yaml")
SLOW = "REFSYNC_INSTALL_HOOKS"
pytestmark = pytest.mark.skipif(
    not (which("git") and which("bash") and (BIN / "refsync").exists()),
    reason="needs git and bash, and refsync next to this Python",
)


class Action:
    """The steps of the action, run as its runner does, in a repository."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        declared: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        assert declared["runs"]["using"] == "composite"
        self.install, self.check = declared["runs"]["steps"][-2:]
        assert all(step["shell"] == "bash" for step in (self.install, self.check))
        self.inputs = {name: str(given["default"]) for name, given in declared["inputs"].items()}

    def __call__(self, step: dict[str, Any], code: int, **inputs: str) -> str:
        values = self.inputs | inputs
        for name, value in step.get("env", {}).items():
            (named,) = (given for given in values if value == f"${{{{ inputs.{given} }}}}")
            self.repository.env[name] = values[named]
        return self.repository("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], code=code)


@pytest.fixture
def action(tmp_path: Path) -> Action:
    return Action(Repository(tmp_path / "repository"))


def test_it_annotates_the_files_of_the_repository(action: Action) -> None:
    assert "::warning::refsync: no file" in action(action.check, 0)
    action.repository.write("refs/a library.bib", CLEAN + TWICE)
    assert "::error file=refs/a library.bib,line=14,col=10,title=RS101" in action(action.check, 1)
    assert "::error" not in action(action.check, 0, args="--ignore RS1 --select RS2")
    action.repository.write("other.bib", CLEAN)
    assert "::error" not in action(action.check, 0, files="other.bib none*.bib")


def test_it_writes_sarif_on_request(action: Action) -> None:
    action.repository.write("refs/größe %20.bib", CLEAN + TWICE)
    output = action(action.check, 1, sarif="refsync.sarif")
    assert "title=RS101" in output
    log = json.loads((action.repository.folder / "refsync.sarif").read_text(encoding="utf-8"))
    validate_sarif(log)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "refs/gr%C3%B6%C3%9Fe%20%2520.bib"
    assert place["region"] == {"startLine": 14, "startColumn": 10}
    assert "::error" not in action(action.check, 0, args="--ignore RS1", sarif="refsync.sarif")
    assert action(action.check, 2, args="--select RS999", sarif="refsync.sarif").count("RS999") == 1


@pytest.mark.skipif(not os.environ.get(SLOW), reason=f"installs refsync from the index, minutes; {SLOW}=1 does it")
def test_it_installs_refsync(action: Action) -> None:
    repository = action.repository
    repository(sys.executable, "-m", "venv", "env")
    del repository.env["PYTHONPATH"]
    repository.env["PATH"] = f"{repository.folder / 'env' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    repository.env["GITHUB_ACTION_PATH"] = str(ROOT)
    action(action.install, 0)
    repository.write("library.bib", CLEAN + TWICE)
    assert "title=RS101" in action(action.check, 1)
