"""Files are replaced completely or not at all, whatever fails in between."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from refsync import files
from refsync.errors import RefsyncError
from refsync.files import replace_file


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_replaces_and_keeps_permissions(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names_in(tmp_path) == ["refs.bib"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "refs.bib").write_bytes(b"old")
    link = tmp_path / "refs.bib"
    link.symlink_to(tmp_path / "real" / "refs.bib")
    replace_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "real" / "refs.bib").read_bytes() == b"new"


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize(("fault", "error"), [(full_disk, RefsyncError), (interrupt, KeyboardInterrupt)])
def test_a_fault_at_any_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, fault: Callable[..., None], error: type[BaseException]
) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, step, fault)
    with pytest.raises(error):
        replace_file(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["refs.bib"]


def test_a_read_only_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "refs.bib"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, "access", lambda *_: False)  # the superuser may write anything
    with pytest.raises(RefsyncError, match="read-only"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
