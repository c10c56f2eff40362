"""The main commands without the packages of the extras, and what the others say then."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from refsync.cli.common.extras import EXTRAS
from tests.cli.sample_files import FILES, SAMPLE
from tests.paths import ROOT

MAIN_COMMANDS = {
    "run": ["run", *FILES, "-o", "out.bib"],
    "dedupe": ["dedupe", *FILES, "--format", "json"],
    "dedupe -o": ["dedupe", *FILES, "-o", "out.bib"],
    "dedupe --write": ["dedupe", "coauthor.bib", "--write"],
    "tag": ["tag", *FILES, "--format", "json"],
    "tag -o": ["tag", "coauthor.bib", "-o", "out.bib"],
    "check": ["check", "coauthor.bib", "--select", "ALL"],
    "check --fix": ["check", "coauthor.bib", "--fix"],
    "format": ["format", "coauthor.bib", "--preset", "bibtex-tidy", "--write"],
    "convert": ["convert", "database_export.csv", "-o", "out.ris"],
    "explain": ["explain", *FILES, "--pair", "database_export.csv:#1", "database_export.csv:#2"],
    "topics": ["areas", "coauthor.bib", "--topics", "--format", "json"],
}
NEEDING: dict[str, list[list[str]]] = {
    "train": [["train", "coauthor.bib"]],
    "enrich": [["enrich", "coauthor.bib", "--offline"]],
    "report": [["report", "coauthor.bib", "-o", "report.html"], ["evaluate", "coauthor.bib", "-o", "report.html"]],
    "lsp": [["lsp"]],
    "mcp": [["mcp"]],
    "review": [["review", "coauthor.bib"]],
    "zotero": [
        ["push", "coauthor.bib", "zotero:user/1"],
        ["pull", "zotero:user/1", "-o", "out.bib"],
        ["sync", "coauthor.bib", "zotero:user/1"],
        ["dedupe", "zotero:user/1"],
        ["run", "coauthor.bib", "zotero:user/1", "-o", "out.bib"],
    ],
    "marc": [["convert", "database_export.csv", "--from", "marc"]],
    "spreadsheet": [["convert", "database_export.csv", "--from", "spreadsheet"]],
    "parquet": [["convert", "coauthor.bib", "-o", "out.parquet"]],
}
RUN_ID = re.compile(r"\d{8}-\d{6}(?:-\d+)?")
PROGRAM = """
import contextlib, io, json, os, sys
from refsync.cli import main
results = []
for folder, arguments in json.load(sys.stdin):
    os.chdir(folder)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    results.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(results))
"""
BLOCKED = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tests.without_extras\n"


@dataclass(frozen=True)
class Outcome:
    """The exit code of a command, what it printed, and the files that it left."""

    code: int
    out: str
    err: str
    files: dict[str, bytes]


def run(program: str, folder: Path, commands: list[list[str]]) -> list[Outcome]:
    """Run each command in a folder of its own with the sample files, all in one process."""
    calls = []
    for number, arguments in enumerate(commands):
        home = folder / str(number)
        home.mkdir(parents=True)
        for name in FILES:
            shutil.copy(SAMPLE / name, home)
        calls.append((str(home), arguments))
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(calls), capture_output=True, text=True, check=False,
        encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        Outcome(code, RUN_ID.sub("RUN", out), RUN_ID.sub("RUN", err), contents(Path(home)))
        for (home, _), (code, out, err) in zip(calls, json.loads(done.stdout), strict=True)
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def without_extras(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """What all these commands do without extras."""
    commands = [*MAIN_COMMANDS.values(), *(arguments for several in NEEDING.values() for arguments in several)]
    return run(BLOCKED + PROGRAM, tmp_path_factory.mktemp("without"), commands)


def test_the_main_commands_do_the_same_without_extras(tmp_path: Path, without_extras: list[Outcome]) -> None:
    with_extras = run(PROGRAM, tmp_path, [*MAIN_COMMANDS.values()])
    without = without_extras[: len(MAIN_COMMANDS)]
    assert dict(zip(MAIN_COMMANDS, without, strict=True)) == dict(zip(MAIN_COMMANDS, with_extras, strict=True))
    assert {name: one.code for name, one in zip(MAIN_COMMANDS, without, strict=True) if one.code == 2} == {}


def test_a_command_that_needs_an_extra_says_how_to_get_it(without_extras: list[Outcome]) -> None:
    extras = [extra for extra, several in NEEDING.items() for _ in several]
    before = {name: (SAMPLE / name).read_bytes() for name in FILES}
    for extra, outcome in zip(extras, without_extras[len(MAIN_COMMANDS) :], strict=True):
        (line,) = outcome.err.splitlines()
        assert line.startswith("refsync: error: ")
        assert "which is not installed" in line
        assert f"pip install 'refsync[{extra}]'" in line
        assert (outcome.code, outcome.out, outcome.files) == (2, "", before)


def test_a_package_that_belongs_to_no_extra_is_no_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ModuleNotFoundError"):
        run(f"import sys; sys.modules['numpy'] = None\n{PROGRAM}", tmp_path, [["dedupe", *FILES]])


def test_the_extras_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        extra: {re.split(r"[<>=;\[ ]", needed)[0] for needed in of}
        for extra, of in project["optional-dependencies"].items()
    }
    assert {extra: set(modules.values()) for extra, modules in EXTRAS.items()} == {
        extra: declared[extra] for extra in EXTRAS
    }
    development = {"all", "test", "lint", "peers", "area-peers", "validators", "docs"}
    for_users = declared.keys() - development - {"spark", "papis", "asreview"}
    (everything,) = project["optional-dependencies"]["all"]
    assert everything == f"refsync[{','.join(sorted(for_users))}]"
    always = {re.split(r"[<>=;\[ ]", needed)[0] for needed in project["dependencies"]}
    assert always.isdisjoint(package for modules in EXTRAS.values() for package in modules.values())
