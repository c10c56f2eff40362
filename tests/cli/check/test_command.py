"""`refsync check`, from arguments to exit codes: odd input, strictness, help."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.check.samples import DUPLICATES, check_json, write

MAIN = "import sys; from refsync.cli import main; sys.exit(main())"


def test_notes_fail_the_check_with_strict() -> None:
    write("refs.bib", "@misc{a, title={Moss}, note={x}, note={y}}\n")
    assert main(["check", "refs.bib"]) == 0
    assert main(["check", "refs.bib", "--strict"]) == 1


def test_standard_input_is_checked_and_not_fixed() -> None:
    command = [sys.executable, "-c", MAIN, "check", "-"]
    completed = subprocess.run(command, input=DUPLICATES, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (completed.returncode, completed.stdout[:18]) == (1, "-:3:10: RS101 erro")
    completed = subprocess.run(
        [*command, "--fix"], input=DUPLICATES, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert completed.returncode == 2
    assert "not standard input" in completed.stderr


def test_other_formats_are_checked_for_duplicates(capsys: pytest.CaptureFixture[str]) -> None:
    write("export.csv", "title,author,year,doi\n" + 2 * '"Kelp in Noisy Water","Doe, Jane",2020,10.5555/1\n')
    (row,) = check_json(capsys, "export.csv", code=1)
    assert (row["code"], row["line"], row["column"], row["fixable"]) == ("RS101", 3, 1, False)


def test_a_truncated_file_is_reported_with_its_other_findings(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", DUPLICATES + '@misc{c, title="')
    rows = check_json(capsys, "refs.bib", code=2)
    assert [(row["code"], row["line"]) for row in rows] == [("RS101", 3), ("RS301", 10)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_are_right_with_any_line_end(capsys: pytest.CaptureFixture[str], line_end: str) -> None:
    text = "@misc{ä, title={Möss}}\n% ü\n  @misc{ä, title={Kelp}}\n"
    Path("refs.bib").write_bytes(text.replace("\n", line_end).encode())
    (row,) = check_json(capsys, "refs.bib", code=1)
    assert (row["code"], row["line"], row["column"]) == ("RS201", 3, 9)


def test_help_has_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--help"]) == 0
    out = re.sub(r"\s+", " ", capsys.readouterr().out)
    for word in ("Examples:", "Exit codes:", "--write-baseline", "refsync: ignore[RS103]", "sarif"):
        assert word in out
