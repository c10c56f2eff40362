"""The commands of the GitHub action's steps, run in a temporary repository."""

from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.git_repository import BIN, CLEAN, TWICE, Repository
from tests.paths import ROOT

@needs_git
@pytest.mark.skipif(not which("bash"), reason="needs bash")
def test_the_action_annotates_the_files_of_the_repository(repository: Repository) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    install, check = action["runs"]["steps"][-2:]
    assert "GITHUB_ACTION_PATH" in install["run"]
    assert all(step["shell"] == "bash" for step in (install, check))
    defaults = {name: str(given["default"]) for name, given in action["inputs"].items()}
    named = {"FILES": defaults["files"], "ARGS": defaults["args"]}
    assert check["env"] == {"FILES": "${{ inputs.files }}", "ARGS": "${{ inputs.args }}"}

    def run(code: int, **env: str) -> str:
        repository.env |= named | env
        return repository("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"], code=code)

    assert "::warning::refsync: no file" in run(0)
    repository.write("refs/a library.bib", CLEAN + TWICE)
    assert "::error file=refs/a library.bib,line=14,col=10,title=RS101" in run(1)
    assert "::error" not in run(0, ARGS="--ignore RS1 --select RS2")
    repository.write("other.bib", CLEAN)
    assert "::error" not in run(0, FILES="other.bib none*.bib", ARGS="")
