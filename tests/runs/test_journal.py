"""Runs that are killed at any step: they can be finished or undone, or have changed nothing.

Each run kills at every third step, the sweep at the steps between.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.decisions import FILE_NAME, append, format_decision
from refsync.dedup.pair_model import shipped
from refsync.runs import journal
from tests.sweeps import EVERY, steps

INTERVAL = 3

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no fork to kill")

MOSS = """\
@article{doe2020,
  author = {Doe, Jane and Roe, Richard},
  title  = {The Patience of Moss on Northern Walls},
  year   = 2020
}
"""
AGAIN = MOSS.replace("doe2020", "again").replace("= 2020", "= 2020,\n  doi    = {10.5555/moss.7}")
PAPER = "As \\cite{again} and \\cite{doe2020} say.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("one.bib").write_text(f"% mine\n{MOSS}", encoding="utf-8")
    Path("two.bib").write_text(f"{AGAIN}@misc{{x, title={{Kelp}}, keywords = {{}}}}\n", encoding="utf-8")
    Path("paper.tex").write_text(PAPER, encoding="utf-8")
    Path("out.bib").write_text("@misc{before}\n", encoding="utf-8")
    return tmp_path


def contents() -> dict[str, bytes]:
    """The content of every file outside the journal, including what a killed run leaves."""
    return {path.name: path.read_bytes() for path in sorted(Path().iterdir()) if path.is_file()}


def kill(step: str, call: int, arguments: list[str]) -> bool:
    """Run a command in a process that dies just before the n-th call of a system function; True if it died."""
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status) == 99
    try:
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        real: Callable[..., Any] = getattr(os, step)
        calls = [0]

        def dying(*given: Any, **named: Any) -> Any:
            calls[0] += 1
            if calls[0] == call:
                os._exit(99)
            return real(*given, **named)

        setattr(os, step, dying)
        main(arguments)
    finally:
        os._exit(0)
    return False


def calls_of(step: str, arguments: list[str]) -> int:
    """Run a command; how often it called a system function."""
    real: Callable[..., Any] = getattr(os, step)
    count = 0

    def counting(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        return real(*given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, step, counting)
        main(arguments)
    return count


COMMANDS = {
    "dedupe in place": ["dedupe", "one.bib", "two.bib", "--write", "--cites", "paper.tex", "--rewrite-cites"],
    "dedupe": ["dedupe", "one.bib", "two.bib", "-o", "out.bib", "--cites", "paper.tex", "--rewrite-cites"],
    "convert": ["convert", "two.bib", "-o", "out.bib", "--keys", "{auth}", "--cites", "paper.tex", "--rewrite-cites"],
    "check": ["check", "one.bib", "two.bib", "--fix", "--extend-select", "RS5"],
    "baseline": ["check", "two.bib", "--write-baseline", "baseline.json"],
    "learn": ["learn"],
}  # fmt: skip


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_killed_run_can_be_finished_or_undone(
    name: str, step: str, every: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = COMMANDS[name]
    lines = [
        format_decision("same" if i % 4 else "not-duplicate", f"a{i}", f"b{i}",
                value={"score": (i % 19) / 10 - (0.8 if i % 4 == 0 else 0.2), "model": shipped().name})
        for i in range(80)
    ]  # fmt: skip
    if name == "learn":
        append(Path(FILE_NAME), lines)
    if name == "check":
        Path("one.bib").write_text(f"{MOSS}{AGAIN}", encoding="utf-8")
    before = contents()
    calls = calls_of(step, arguments)
    after = contents()
    assert after != before
    assert main(["undo"]) == 0
    assert contents() == before
    finished = 0
    for call in steps(calls, INTERVAL, calls - 1, every):
        assert kill(step, call, arguments)
        options = ["--resume"] if call % 2 else ["--resume", "--rollback"]
        state = next((run.facts["state"] for run in journal.runs(Path())), "undone")
        capsys.readouterr()
        code = main(["apply", *options])
        captured = capsys.readouterr()
        if state == "planned":
            assert code == 0, captured.err
            assert contents() == (after if call % 2 else before)
            finished += 1
            assert main(["apply", *options]) == 2
            assert "no interrupted run" in capsys.readouterr().err
            if call % 2:
                assert main(["undo"]) == 0
        else:  # before the run was recorded, or after it was finished
            assert code == 2
            assert "no interrupted run" in captured.err
            if contents() != before:
                assert main(["undo"]) == 0
        assert contents() == before
    assert finished
    assert not kill(step, calls + 1, arguments)
    assert contents() == after


def interrupt() -> None:
    """Kill a run that then waits to be finished."""
    while not (kill("replace", _interrupting[0], COMMANDS["dedupe in place"]) and _interrupted()):
        _interrupting[0] += 1


_interrupting = [1]  # the first call at which that is so


def test_a_file_that_was_changed_since_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    interrupt()
    Path("two.bib").write_text("@misc{mine}", encoding="utf-8")
    before = contents()
    for options in (["--resume"], ["--resume", "--rollback"]):
        assert main(["apply", *options]) == 2
        assert "two.bib was changed since the run" in capsys.readouterr().err
        assert contents() == before


def _interrupted() -> bool:
    return any(run.facts["state"] == "planned" for run in journal.runs(Path()))


def test_incomplete_new_content_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    interrupt()
    before = contents()
    (run,) = journal.runs(Path())
    for copy in (run.folder / "after").iterdir():
        copy.write_bytes(b"half")
    assert main(["apply", "--resume"]) == 2
    assert "is incomplete; undo the run with --rollback" in capsys.readouterr().err
    assert contents() == before
    assert main(["apply", "--resume", "--rollback"]) == 0


def test_the_log_names_the_command_that_finishes_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    interrupt()
    assert main(["log"]) == 0
    assert "`refsync apply --resume` finishes the last interrupted run" in capsys.readouterr().out
    (run,) = journal.runs(Path())
    assert main(["apply", run.id, "--resume"]) == 0
    assert not (run.folder / "after").exists()
    capsys.readouterr()
    assert main(["apply", run.id, "--resume"]) == 2
    assert "is finished already" in capsys.readouterr().err
    assert main(["log"]) == 0
    assert "--resume" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "command", "files"),
    [
        (["check", "two.bib", "--write-baseline", "baseline.json"], "check", ["baseline.json"]),
        (["convert", "two.bib", "-o", "new.bib"], "convert", ["new.bib"]),
    ],
)
def test_runs_of_every_writing_command_are_recorded_and_can_be_undone(
    arguments: list[str], command: str, files: list[str]
) -> None:
    before = contents()
    assert main(arguments) == 0
    (run,) = journal.runs(Path())
    assert run.facts["command"] == command
    assert run.facts["state"] == "applied"
    assert [Path(file["path"]).name for file in run.facts["files"]] == files
    assert main(["undo"]) == 0
    assert contents() == before
