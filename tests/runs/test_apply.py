"""Faults while files are written: each file has its old content or its complete new content."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from refsync import files
from refsync.cli import main
from refsync.formats.bibtex import format as bibtex
from refsync.runs import apply, journal

MOSS = """\
@article{doe2020,
  author = {Doe, Jane and Roe, Richard},
  title  = {The Patience of Moss on Northern Walls},
  year   = 2020
}
"""
AGAIN = MOSS.replace("doe2020", "again").replace("year   = 2020", "year   = 2020,\n  doi    = {10.5555/moss.7}")
ONE = f"% mine\n{MOSS}\n% yours: Käfer\n{AGAIN}".encode()
TWO = b"\xef\xbb\xbf" + AGAIN.replace("again", "third").replace("\n", "\r\n").encode() + b"@misc{x, title={y}}"
STEPS = ("fsync", "chmod", "replace")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("one.bib").write_bytes(ONE)
    Path("two.bib").write_bytes(TWO)
    return tmp_path


def merge() -> int:
    return main(["dedupe", "one.bib", "two.bib", "--write"])


def unchanged() -> bool:
    return Path("one.bib").read_bytes() == ONE and Path("two.bib").read_bytes() == TWO


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.tmp")]


@contextmanager
def failing(step: str, call: int, error: BaseException) -> Iterator[list[int]]:
    """The given system call fails from the n-th time on."""
    real: Callable[..., object] = getattr(os, step)
    calls = [0]

    def wrapper(*arguments: object) -> object:
        calls[0] += 1
        if calls[0] >= call:
            raise error
        return real(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.os, step, wrapper)
        yield calls


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt()])
def test_after_a_fault_at_any_call_files_are_complete_and_the_run_can_be_undone(
    folder: Path, capsys: pytest.CaptureFixture[str], step: str, error: BaseException
) -> None:
    disk = isinstance(error, OSError)
    for call in range(1, 40):
        with failing(step, call, error) as calls:
            code = merge()
        if calls[0] < call:
            break
        written = capsys.readouterr().err
        assert leftovers(folder) == []
        if step == "fsync" and code == 0:  # of the folder: the files are written
            assert main(["undo"]) == 0
            continue
        assert code == (2 if disk else 130)
        assert ("No space left" in written) if disk else ("interrupted" in written)
        if not unchanged():
            assert not disk or "`refsync undo` undoes this" in written
            assert main(["undo"]) == 0
            capsys.readouterr()
        assert unchanged()
    assert call > 3, "the fault was injected"
    assert code == 0


def test_a_file_changed_between_backup_and_rename_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    real = apply.open_run

    def interfering(*arguments: object) -> journal.Run:
        run = real(*arguments)  # type: ignore[arg-type]
        Path("two.bib").write_bytes(b"@misc{meanwhile}")
        return run

    monkeypatch.setattr(apply, "open_run", interfering)
    assert merge() == 2
    assert "two.bib was changed while refsync was running; nothing was written" in capsys.readouterr().err
    assert Path("one.bib").read_bytes() == ONE
    assert Path("two.bib").read_bytes() == b"@misc{meanwhile}"
    assert leftovers(folder) == []


def test_a_file_that_is_deleted_meanwhile_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = apply.read_texts

    def interfering(inputs: dict[str, str]) -> dict[str, str]:
        texts = real(inputs)
        Path("two.bib").unlink()
        return texts

    monkeypatch.setattr("refsync.in_place.merges.read_texts", interfering)
    assert merge() == 2
    assert "two.bib was changed" in capsys.readouterr().err
    assert Path("one.bib").read_bytes() == ONE


@pytest.mark.parametrize("what", ["two.bib", "."])
def test_read_only_files_and_folders_are_refused_before_anything_is_written(
    capsys: pytest.CaptureFixture[str], what: str
) -> None:
    mode = Path(what).stat().st_mode
    Path(what).chmod(mode & ~0o222)
    try:
        assert merge() == 2
    finally:
        Path(what).chmod(mode)
    message = capsys.readouterr().err
    assert "cannot be written" in message
    assert "read-only" in message or "Permission denied" in message
    assert unchanged()


def test_links_permissions_and_encodings_are_kept(folder: Path) -> None:
    (folder / "real").mkdir()
    Path("two.bib").rename("real/two.bib")
    Path("two.bib").symlink_to("real/two.bib")
    Path("one.bib").chmod(0o640)
    assert merge() == 0
    assert Path("two.bib").is_symlink()
    assert stat.S_IMODE(Path("one.bib").stat().st_mode) == 0o640
    assert Path("real/two.bib").read_bytes() == b"\xef\xbb\xbf@misc{x, title={y}}"
    assert Path("one.bib").read_bytes() == (
        f"% mine\n{MOSS}\n% yours: Käfer\n".replace("2020\n", "2020,\n  doi    = {{10.5555/moss.7}}\n").encode()
    ).replace(b"{{", b"{").replace(b"}}", b"}")


def test_characters_that_latin1_lacks_are_added_as_latex() -> None:
    old = MOSS.replace("% mine", "").encode("latin-1") + b"@misc{k, note={caf\xe9}}\n"
    Path("one.bib").write_bytes(old)
    Path("two.bib").write_bytes(AGAIN.replace("doi    = {", "note = {Łódź – “x”},\n  doi = {").encode())
    assert merge() == 0
    new = Path("one.bib").read_bytes()
    assert b"note   = {{\\L}\xf3d{\\'z} {\\textendash} {\\textquotedblleft}x{\\textquotedblright}}" in new
    assert new.endswith(b"@misc{k, note={caf\xe9}}\n")


def test_characters_without_latex_command_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.bib").write_bytes(MOSS.encode() + b"@misc{k, note={caf\xe9}}\n")
    before = Path("one.bib").read_bytes()
    Path("two.bib").write_bytes(AGAIN.replace("doi    = {", "note = {中文},\n  doi = {").encode())
    assert merge() == 2
    assert "one.bib: Latin-1 has no code for '中' (U+4E2D)" in capsys.readouterr().err
    assert Path("one.bib").read_bytes() == before


def test_a_file_with_mixed_encodings_keeps_its_bytes() -> None:
    mixed = "% ü ö ä\n".encode() + MOSS.encode() + AGAIN.encode() + b"@misc{k, note={caf\xe9}}\n"
    Path("one.bib").write_bytes(mixed)
    Path("two.bib").unlink()
    assert main(["dedupe", "one.bib", "--write"]) == 0
    new = Path("one.bib").read_bytes()
    assert new.startswith("% ü ö ä\n".encode())
    assert new.endswith(b"@misc{k, note={caf\xe9}}\n")
    assert new.count(b"@article") == 1
    assert main(["undo"]) == 0
    assert Path("one.bib").read_bytes() == mixed


def test_hostile_entries_next_to_merged_ones_are_not_changed(capsys: pytest.CaptureFixture[str]) -> None:
    deep = b"@misc{deep, title = " + b"{" * 100_000 + b"x" + b"}" * 100_000 + b"}\n"
    never_closed = b"@misc{open, title = " + b"{" * 100_000 + b"\n\n"
    Path("one.bib").write_bytes(deep + never_closed + ONE + never_closed)
    assert main(["dedupe", "one.bib", "--write"]) == 2  # merged all the same
    assert "the file ends inside this entry" in capsys.readouterr().err
    new = Path("one.bib").read_bytes()
    assert new.startswith(deep + never_closed)
    assert new.endswith(never_closed)
    assert new.count(b"@article") == 1


def test_an_entry_of_20_megabytes_is_read() -> None:
    data = b"@misc{big, note = {" + (b"word and {group} more " * 40 + b"\n") * 24_000 + b"}}\n" + MOSS.encode()
    snapshot = bibtex.read(data, "big.bib")
    assert [(record.id, record.line) for record in snapshot.records] == [("big", 1), ("doe2020", 24_002)]
    assert len(snapshot.records[0].fields["note"]) > 20_000_000


def test_nul_bytes_are_refused_with_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.bib").write_bytes(ONE + b"@misc{nul,\n title = {x\0y}}\n")
    before = Path("one.bib").read_bytes()
    for arguments in (["check", "one.bib"], ["dedupe", "one.bib", "--write"]):
        assert main(arguments) == 2
        assert "one.bib:" in (message := capsys.readouterr().err)
        assert "NUL bytes" in message
    assert Path("one.bib").read_bytes() == before
