"""The review in the terminal: by lines from a pipe, and by keys in a pseudo-terminal."""

import io
import json
import os
import re
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.decisions import FILE_NAME
from tests.cli.review.samples import KELP

MOSS = """\
@article{moss, title = {Moss on the old walls of the south}, author = {Poe, Pat and Roe, Rita}, year = 2010,
  journal = {Journal of Moss}}
@article{mosses, title = {Moss on old walls of the far wild south}, author = {Poe, P. and Roe, R.}, year = 2010,
  journal = {J. Moss}}
"""
THREE = MOSS + "@article" + MOSS.split("@article")[2].replace("mosses", "moss3").replace("walls", "stone walls")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("refs.bib").write_text(KELP, encoding="utf-8")
    return tmp_path


def review(monkeypatch: pytest.MonkeyPatch, *typed: str, options: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return main(["review", "refs.bib", "--tty", "--profile", "balanced", *options])


def saved_lines() -> list[dict[str, Any]]:
    path = Path(FILE_NAME)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.mark.parametrize(("key", "kind"), [("y", "same"), ("m", "same"), ("n", "not-duplicate"), ("v", "version-of")])
def test_a_line_answers_and_is_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], key: str, kind: str
) -> None:
    assert review(monkeypatch, key) == 0
    (line,) = saved_lines()
    assert line["kind"] == kind
    assert line["keys"] in (["doe2020", "doe2021"], ["doe2021", "doe2020"])
    out = capsys.readouterr().out
    assert "one paper?  0 of 1 answered" in out
    assert "1 answer given; no question is left" in out
    capsys.readouterr()
    assert review(monkeypatch) == 0  # it is not asked again
    assert "one paper?" not in capsys.readouterr().out


def test_at_80_columns_both_sides_and_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    review(monkeypatch, "q")
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"1 refs.bib:doe2020 +2 refs.bib:doe2021", out)
    assert re.search(r"> title +\* Kelp in \{the\} cold harbours", out)
    assert "Looks 90 % alike, but one title has more words." in out
    assert "log-odds" not in out
    assert re.search(r"authors .*year .*journal .*volume .*pages .*DOI .*abstract .*keywords", out, re.DOTALL)
    assert "also: type article" in out
    assert "y  Merge the two (2 → 1 papers)\nn  1 is not a duplicate of 2\nv  Versions of one work\n" in out
    assert saved_lines() == []


def test_a_record_does_not_command_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "\x1b]0;owned\x07"
    Path("refs.bib").write_text(KELP.replace("see p. 3", f"see {evil} p. 3"), encoding="utf-8")
    review(monkeypatch, "q")
    out = capsys.readouterr().out
    assert "owned" in out
    assert "\x1b" not in out
    assert "\x07" not in out


@pytest.mark.parametrize("columns", [40, 120])
def test_other_widths_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert review(monkeypatch, "q") == 0
    out = capsys.readouterr().out
    drawn = out.split("0 answers")[0].split("nothing was answered")[0]
    assert max(map(len, drawn.splitlines())) <= columns
    assert ("merged" in drawn) == (columns == 120)


def test_fields_are_chosen_by_name_and_by_moving(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = ["2 journal", "b keywords", "e note mine & yours", "j", "k", "1 title", "0 title", "y"]
    assert review(monkeypatch, *typed) == 0
    (line,) = saved_lines()
    fields = line["value"]["fields"]
    assert fields["journal"] == {"from": line["b"] if line["keys"][1] == "doe2021" else line["a"]}
    assert fields["keywords"] == {"union": True}
    assert fields["note"] == {"text": "mine & yours", "markup": "latex"}
    assert "title" not in fields


def test_undo_and_skip(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(KELP + MOSS, encoding="utf-8")
    assert review(monkeypatch, "s", "y", "u", "n", "n", "u") == 0
    assert [line["kind"] for line in saved_lines()] == ["not-duplicate"]
    out = capsys.readouterr().out
    assert "skipped: asked again at the end" in out
    assert "undone: one paper" in out
    assert "1 question left" in out


def test_of_three_records_a_person_says_which_are_one_paper(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("refs.bib").write_text(THREE, encoding="utf-8")
    assert review(monkeypatch, "g 1 1", "g 1 1 2", "y") == 0
    out = capsys.readouterr().out
    assert "3 numbers are needed; such as g 1 1 2" in out
    assert "(paper 2)" in out
    assert sorted(line["kind"] for line in saved_lines()) in (
        ["not-duplicate", "same"],
        ["not-duplicate", "not-duplicate", "same"],
    )


def test_what_is_typed_wrongly_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["w", "?", "", "1 nofield", '2 "note', "1 note", "b journal", "u", "r", "x", "f", "q"]
    assert review(monkeypatch, *typed) == 0
    out = capsys.readouterr().out
    for message in (
        "no key 'w'; ? lists them",
        "v  versions of one work",
        "no field 'nofield' to choose; there are title",
        "this record has no note",
        "journal holds one value",
        "nothing to undo",
    ):
        assert message in " ".join(out.split()) or message in out
    assert saved_lines() == []


def test_a_version_goes_with_its_relation(monkeypatch: pytest.MonkeyPatch) -> None:
    assert review(monkeypatch, "r", "x", "v") == 0
    (line,) = saved_lines()
    assert line["value"]["relation"] in {"preprint-of", "conference-version-of", "variant-of"}


def test_areas_come_after_pairs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(
        "@misc{one, title = {Learning the growth of random networks}, year = 2020}", encoding="utf-8"
    )
    assert review(monkeypatch, "n", "u", "9", "2", options=("--areas",)) == 0
    out = capsys.readouterr().out
    assert "which areas?  0 of 1 answered" in out
    assert "undone: " in out
    assert "no key '9' here" in out
    (line,) = saved_lines()
    assert (line["kind"], line["keys"]) == ("area", ["one"])
    assert len(line["value"]["accepted"]) == 1


# By keys

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")


class Terminal:
    """The command in a pseudo-terminal of 80 columns."""

    def __init__(self, *arguments: str) -> None:
        import fcntl
        import pty
        import struct
        import termios

        self.pid, self.handle = pty.fork()
        if not self.pid:
            os.environ |= {"TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path)}
            os.environ.pop("COLUMNS", None)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where the tests run in the background
            os.execv(sys.executable, [sys.executable, "-m", "refsync", *arguments])
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
        self.seen = ""

    def until(self, text: str, seconds: float = 60) -> str:
        """Everything since the last call, up to and with this text."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self.handle], [], [], max(end - time.monotonic(), 0))
            assert ready, f"{text!r} did not come: {self.seen[-2000:]}"
            try:
                data = os.read(self.handle, 65536)
            except OSError:  # the program has ended
                data = b""
            assert data, f"ended without {text!r}: {self.seen[-2000:]}"
            self.seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", data.decode("utf-8", "replace"))
        found, _, self.seen = self.seen.partition(text)
        return found

    def press(self, keys: str) -> None:
        os.write(self.handle, keys.encode())

    def end(self) -> int:
        """The exit code."""
        _, status = os.waitpid(self.pid, 0)
        os.close(self.handle)
        return os.waitstatus_to_exitcode(status)


@posix
def test_keys_answer_at_once() -> None:
    Path("refs.bib").write_text(KELP + MOSS, encoding="utf-8")
    terminal = Terminal("review", "refs.bib", "--tty", "--profile", "balanced")
    terminal.until("0 of 2 answered")
    terminal.press("?")
    terminal.until("take that side")
    terminal.press("j\x1b[B\x1b[A1")
    terminal.until("chosen")
    terminal.press("e")
    terminal.until(": ")
    terminal.press("A value of mine\r")
    terminal.until("merged: ")
    terminal.press("y")
    terminal.until("1 of 2 answered")
    assert [line["kind"] for line in saved_lines()] == ["same"]
    assert "A value of mine" in json.dumps(saved_lines()[0]["value"])
    terminal.press("u")
    terminal.until("undone: one paper")
    terminal.until("0 of 2 answered")
    assert saved_lines() == []
    terminal.press("nq")
    terminal.until("1 answer given; 1 question left")
    assert terminal.end() == 0
    assert [line["kind"] for line in saved_lines()] == ["not-duplicate"]


@posix
def test_an_interrupt_loses_nothing() -> None:
    Path("refs.bib").write_text(KELP + MOSS, encoding="utf-8")
    terminal = Terminal("review", "refs.bib", "--tty", "--profile", "balanced")
    terminal.until("0 of 2 answered")
    terminal.press("y")
    terminal.until("1 of 2 answered")
    terminal.press("\x03")
    terminal.until("1 answer given; 1 question left")
    assert terminal.end() == 0
    assert len(saved_lines()) == 1
    terminal = Terminal("review", "refs.bib", "--tty", "--profile", "balanced")
    terminal.until("0 of 1 answered")  # the answered question is not asked again
    terminal.press("q")
    terminal.until("nothing was answered; 1 question left")
    assert terminal.end() == 0
