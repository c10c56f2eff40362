"""Help, completion in shells, and the manual page."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from scripts.man_page import PAGE, escaped, page


def test_help_folds_what_most_calls_do_without(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    short = capsys.readouterr().out
    assert main(["run", "--help-all"]) == 0
    whole = capsys.readouterr().out
    for option in ("--output", "--against", "--help-all"):
        assert option in short
    for option in ("--strict", "--from", "--style"):
        assert option not in short
        assert option in whole


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_the_shell(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_REFSYNC_COMPLETE" in script
    if shutil.which(shell):
        done = subprocess.run([shell, "-n"], input=script, text=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("refsync de", "plain,dedupe"), ("refsync run --no-t", "plain,--no-tags"), ("refsync check re", "file,re")],
)
def test_what_bash_is_answered(words: str, expected: str) -> None:
    code = "from refsync.cli import main; main()"
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv[0] = 'refsync'; {code}"],
        env={"COMP_WORDS": words, "COMP_CWORD": str(words.count(" ")), "_REFSYNC_COMPLETE": "bash_complete"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert expected in answer.stdout.split()


def test_the_manual_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/man_page.py"


def test_the_manual_page_is_correct_roff(tmp_path: Path) -> None:
    assert escaped(r".a \b -o") == r"\&.a \eb \-o"
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    done = subprocess.run(
        ["groff", "-man", "-ww", "-z", str(PAGE)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "can't break line" not in line] == []
