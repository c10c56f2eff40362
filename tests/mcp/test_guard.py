import os
from pathlib import Path

import pytest

from refsync.mcp.folders import Folders
from refsync.mcp.guard import Guard

READ, WRITE = os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@pytest.fixture
def guard(folder: Path) -> Guard:
    return Guard(Folders.of([]), named=[folder.parent / "model.bin"])


def refused(guard: Guard, event: str, *arguments: object) -> bool:
    try:
        guard.check(event, arguments)
    except PermissionError:
        return True
    return False


def test_files_outside_are_refused_whatever_names_them(guard: Guard, folder: Path) -> None:
    (folder / "link.bib").symlink_to("../outside.bib")
    (folder / "up").symlink_to("..")
    for name in ("../outside.bib", "link.bib", "up/outside.bib", b"../outside.bib", str(folder.parent / "outside.bib")):
        assert refused(guard, "open", name, "r", READ)
        assert refused(guard, "open", name, None, WRITE)
    assert not refused(guard, "open", "refs.bib", "r", READ)
    assert not refused(guard, "open", "new.bib", "w", WRITE)
    assert not refused(guard, "open", 7, "r", READ)


def test_the_program_and_the_users_own_settings_are_read_but_not_written(guard: Guard, folder: Path) -> None:
    for name in (os.__file__, str(folder.parent / "model.bin"), str(folder.parent / "refsync.toml"), "/proc/meminfo"):
        assert not refused(guard, "open", name, "r", READ)
        assert refused(guard, "open", name, "w", WRITE)
    assert refused(guard, "open", str(folder.parent / "refsync.toml.old"), "r", READ)


def test_files_outside_are_not_changed_in_other_ways(guard: Guard) -> None:
    assert refused(guard, "os.rename", "refs.bib", "../outside.bib", -1, -1)
    assert refused(guard, "os.remove", "../outside.bib", -1)
    assert refused(guard, "os.symlink", "refs.bib", "../link", -1)
    assert not refused(guard, "os.rename", "refs.bib.tmp", "refs.bib", -1, -1)


def test_no_network_and_no_other_program(folder: Path, guard: Guard) -> None:
    assert refused(guard, "socket.connect", None, ("127.0.0.1", 80))
    assert refused(guard, "socket.getaddrinfo", "example.org", 443, 0, 0, 0)
    assert refused(guard, "subprocess.Popen", "true", ["true"], None, None)
    networked = Guard(Folders.of([]), network=True)
    assert not refused(networked, "socket.connect", None, ("127.0.0.1", 80))
    assert refused(networked, "os.system", b"true")
