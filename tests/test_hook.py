"""The hooks run by the real `pre-commit` in a temporary repository, and the script of the action."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.paths import ROOT

BIN = Path(sys.executable).parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"
SLOW = "REFSYNC_INSTALL_HOOKS"

yaml = pytest.importorskip("yaml", reason="needs PyYAML, which comes with pre-commit")
needs_git = pytest.mark.skipif(not which("git"), reason="needs git")
needs_pre_commit = pytest.mark.skipif(
    not (which("git") and (BIN / "pre-commit").exists() and (BIN / "refsync").exists()),
    reason="needs git, and pre-commit and refsync next to this Python",
)

CLEAN = "@article{moss2001,\n  title = {A Theory of Moss},\n  author = {Roe, Richard},\n  year = 2001,\n}\n"
TWICE = """
@article{doe2020,
  title  = {The Patience of Kelp in Noisy Water},
  author = {Doe, Jane},
  year   = 2020,
  doi    = {10.5555/1},
}

@article{doe2020kelp,
  title   = {The patience of kelp in noisy water},
  author  = {Doe, J.},
  journal = {Journal of Kelp},
  year    = 2020,
  doi     = {10.5555/1},
}
"""


class Repository:
    """A git repository in which commands are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        folder.mkdir()
        self("git", "init", "--quiet")

    def __call__(self, *command: str, code: int = 0) -> str:
        completed = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        output = completed.stdout + completed.stderr
        assert completed.returncode == code, output
        return output

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self("git", "add", name)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def hooks() -> list[dict[str, Any]]:
    declared: list[dict[str, Any]] = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return declared


def test_the_hooks_are_declared() -> None:
    assert [hook["id"] for hook in hooks()] == ["refsync-check", "refsync-fix", "refsync-format"]
    for hook in hooks():
        assert (hook["language"], hook["types"], hook["require_serial"]) == ("python", ["bib"], True)


@needs_pre_commit
def test_a_commit_with_a_duplicate_is_refused_fixed_and_passes(repository: Repository) -> None:
    # As declared, but run from this environment: the next test installs one.
    check, fix, *_ = ({**hook, "language": "system"} for hook in hooks())
    config = {"repos": [{"repo": "local", "hooks": [check, {**fix, "stages": ["manual"]}]}]}
    repository.write(".pre-commit-config.yaml", json.dumps(config))
    repository.write("refs/library.bib", CLEAN)
    repository.write("notes.txt", TWICE)  # not a .bib file
    repository("pre-commit", "install")
    assert "Passed" in repository("git", "commit", "-m", "A clean library")

    repository.write("refs/library.bib", CLEAN + TWICE)
    refused = repository("git", "commit", "-m", "A duplicate", code=1)
    assert "Failed" in refused
    assert (
        "refs/library.bib:14:10: RS101 error: 'doe2020kelp' is the same paper as 'doe2020' (line 7): same DOI 10.5555/1"
    ) in refused
    assert "`refsync check --fix refs/library.bib` fixes 1 of them" in refused

    fixed = repository("pre-commit", "run", "refsync-fix", "--hook-stage", "manual", "--all-files", code=1)
    assert "files were modified by this hook" in fixed
    assert "doe2020kelp -> doe2020" in fixed
    text = (repository.folder / "refs" / "library.bib").read_text(encoding="utf-8")
    assert text == CLEAN + TWICE[: TWICE.index("\n@article{doe2020kelp")].replace(
        "{10.5555/1},\n}", "{10.5555/1},\n  journal = {Journal of Kelp},\n}"
    )
    repository("pre-commit", "run", "refsync-fix", "--hook-stage", "manual", "--all-files")
    repository("git", "add", "--update")
    assert "Passed" in repository("git", "commit", "-m", "No duplicate")
    assert repository("git", "status", "--porcelain") == ""  # the journal of --fix ignores itself


@needs_pre_commit
def test_a_file_is_formatted_as_the_configuration_says_and_then_passes(repository: Repository) -> None:
    hook = {**hooks()[2], "language": "system"}
    repository.write(".pre-commit-config.yaml", json.dumps({"repos": [{"repo": "local", "hooks": [hook]}]}))
    repository.write("refsync.toml", '[format]\npreset = "minimal"\n')
    repository.write("refs/library.bib", CLEAN.replace("@article", "@ARTICLE"))
    repository("pre-commit", "install")
    output = repository("git", "commit", "-m", "A library", code=1)
    assert "files were modified by this hook" in output
    assert "refs/library.bib: formatted: 1 of 1 entry changed" in output
    text = (repository.folder / "refs" / "library.bib").read_text(encoding="utf-8")
    assert text == CLEAN
    repository("git", "add", "--update")
    assert "Passed" in repository("git", "commit", "-m", "A library")


@needs_pre_commit
@pytest.mark.skipif(not os.environ.get(SLOW), reason=f"installs refsync from the index, minutes; {SLOW}=1 does it")
def test_the_hooks_install_from_this_checkout(repository: Repository) -> None:
    del repository.env["PYTHONPATH"]
    ids = [{"id": hook["id"]} for hook in hooks()]
    revision = repository("git", "-C", str(ROOT), "rev-parse", "HEAD").strip()
    config = {"repos": [{"repo": ROOT.as_uri(), "rev": revision, "hooks": ids}]}
    repository.write(".pre-commit-config.yaml", json.dumps(config))
    repository.write("library.bib", CLEAN + TWICE)
    output = repository("pre-commit", "run", "--all-files", code=1)
    assert "RS101 error" in output
    assert "files were modified by this hook" in output
    repository("pre-commit", "run", "--all-files")


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
