"""Writing the file of decisions: the lines of other programs stay."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.decisions import (
    FILE_NAME,
    append,
    read_decisions,
    remove,
    store,
)
from refsync.errors import RefsyncError
from tests.decisions.answer_lines import answer_line
from tests.sweeps import examples


def test_lines_are_appended_to_any_content(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"\xef\xbb\xbf// not mine \xff\r\n{}")
    append(path, [answer_line("same", "a", "b"), answer_line("same", "b", "c")])
    assert path.read_bytes().startswith(b'\xef\xbb\xbf// not mine \xff\r\n{}\n{"schema"')
    assert [decision.b for decision in read_decisions(path)[0]] == ["b", "c"]
    append(path, [])
    assert len(read_decisions(path)[0]) == 2


def test_only_the_given_lines_are_removed(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    one, two = answer_line("same", "a", "b"), answer_line("not-duplicate", "b", "c")
    strange = b"\xff strange\r\n\r\n"
    path.write_bytes(strange + f"{one}\r\n{two}\n{one}\n".encode() + b"{broken")
    assert remove(path, [one, "never there"]) == 1
    assert path.read_bytes() == strange + f"{one}\r\n{two}\n".encode() + b"{broken"
    assert remove(path, [one, two]) == 2
    assert path.read_bytes() == strange + b"{broken"
    assert remove(tmp_path / "none.jsonl", [one]) == 0
    assert not (tmp_path / "none.jsonl").exists()


@settings(max_examples=examples(30))
@given(st.lists(st.sampled_from([*"abc"]), max_size=6), st.lists(st.sampled_from([*"abc"]), min_size=1, max_size=6))
def test_appending_and_removing_restores_the_file(before: list[str], more: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, FILE_NAME)
        path.write_text("".join(f"{line}\n" for line in before), encoding="utf-8")
        append(path, more)
        assert remove(path, more) == len(more)
        assert path.read_text(encoding="utf-8") == "".join(f"{line}\n" for line in before)


WRITER = """
import sys
from pathlib import Path
from refsync.decisions import append, remove
name = sys.argv[1]
for i in range(40):
    append(Path("d.jsonl"), [f"{name} {i} keep", f"{name} {i} drop"])
    assert remove(Path("d.jsonl"), [f"{name} {i} drop"]) == 1
"""


def test_several_processes_lose_no_line(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], cwd=tmp_path) for name in ("x", "y", "z")]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = (tmp_path / "d.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted(f"{name} {i} keep" for name in "xyz" for i in range(40))


def test_a_line_that_another_program_adds_without_the_lock_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("mine\ntheirs\n", encoding="utf-8")
    real = store.replace_files
    tried = []

    def interfering(*arguments: Any) -> None:
        if not tried:
            path.write_text("mine\ntheirs\nnew\n", encoding="utf-8")
        tried.append(1)
        real(*arguments)

    monkeypatch.setattr(store, "replace_files", interfering)
    assert remove(path, ["mine"]) == 1
    assert path.read_text(encoding="utf-8") == "theirs\nnew\n"


def test_a_full_disk_leaves_no_partial_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / FILE_NAME
    path.write_text("mine\n", encoding="utf-8")
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) > 4:
            return real(handle, data[:4])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(RefsyncError, match="No space left on device; the answer is not saved"):
        append(path, ["second"])
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "mine\n"


def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".refsync").write_text("in the way", encoding="utf-8")
    with pytest.raises(RefsyncError, match="the answer is not saved"):
        append(tmp_path / FILE_NAME, ["x"])
