"""What Windows lacks or does differently, as far as another system can show it."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from refsync import files, operating_system
from refsync.cli import main
from refsync.errors import RefsyncError
from refsync.files import replace_file
from refsync.operating_system import command_line, reserved_reason
from refsync.write_targets import own_folder
from tests.paths import ROOT
from tests.syntax_trees import nodes

BIB = (
    "@article{li2020,\n  author = {李, 明 and Żak, Ève},\n  title = {Moss → Stone: 𝛼 and Größe},\n  year = {2020}\n}\n"
)
TWO = BIB + BIB.replace("li2020", "li20").replace("Moss →", "Kelp →").replace("李, 明", "Roe, Ann")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(operating_system, "WINDOWS", True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["aux.bib", "CON", "con.tar.gz", "Nul.json", "com1.ris", "LPT9", "prn .bib", "lpt².bib", "conout$"]
)
def test_the_names_of_devices_are_refused_on_windows_alone(
    name: str, windows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "reserves" in reserved_reason(name)
    with pytest.raises(RefsyncError, match="choose another name"):
        replace_file(windows / name, b"x")
    assert os.listdir(windows) == []
    monkeypatch.setattr(operating_system, "WINDOWS", False)
    replace_file(windows / name, b"x")
    assert os.listdir(windows) == [name]


@pytest.mark.parametrize(
    "name", ["auxiliary.bib", "console", "com.bib", "com10.bib", ".bib", "my.con", "null.bib", "è"]
)
def test_other_names_are_not_refused(name: str, windows: Path) -> None:
    assert reserved_reason(name) == ""
    replace_file(windows / name, b"x")


@pytest.mark.parametrize("name", ["refs.bib:stream", "a?.bib", "refs.bib.", "refs.bib ", "a\x07b"])
def test_names_that_windows_would_change_are_refused(name: str, windows: Path) -> None:
    assert "Windows" in reserved_reason(name)
    with pytest.raises(RefsyncError):
        replace_file(windows / name, b"x")


@pytest.mark.usefixtures("windows")
def test_a_command_never_starts_to_write_to_a_device(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(BIB, encoding="utf-8")
    assert main(["convert", "refs.bib", "-o", "aux.ris"]) == 2
    assert "AUX" in capsys.readouterr().err
    assert not list(Path(".refsync").glob("runs/*/run.json"))


class Busy:
    """A rename that fails as long as another program has the file open."""

    def __init__(self, times: int) -> None:
        self.left, self.calls, self.rename = times, 0, os.replace

    def __call__(self, staged: str, target: Path) -> None:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise PermissionError(13, "Access is denied")
        self.rename(staged, target)


def test_a_file_that_is_open_for_a_moment_is_replaced(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(operating_system.time, "sleep", waits.append)
    monkeypatch.setattr(operating_system.os, "replace", Busy(3))
    replace_file(windows / "refs.bib", b"new")
    assert (windows / "refs.bib").read_bytes() == b"new"
    assert len(waits) == 3


def test_a_file_that_stays_open_is_named_and_unchanged(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = windows / "refs.bib"
    path.write_bytes(b"old")
    monkeypatch.setattr(operating_system.time, "sleep", lambda _: None)
    monkeypatch.setattr(operating_system.os, "replace", Busy(1000))
    with pytest.raises(RefsyncError, match=r"refs\.bib.*another program has the file open"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(windows) == ["refs.bib"]


def test_elsewhere_a_refused_rename_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy(1)
    monkeypatch.setattr(operating_system.os, "replace", busy)
    with pytest.raises(RefsyncError, match="Access is denied"):
        replace_file(tmp_path / "refs.bib", b"new")
    assert busy.calls == 1


def test_the_attribute_of_a_folder_says_nothing_on_windows(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There `Documents` has the attribute read-only, and its files can be written."""
    folder = windows / "Documents"
    folder.mkdir()
    (folder / "refs.bib").write_bytes(b"old")
    folder.chmod(0o555)
    try:
        if os.geteuid() == 0:  # another user could not write here on this system
            replace_file(folder / "refs.bib", b"new")
            assert (folder / "refs.bib").read_bytes() == b"new"
        monkeypatch.setattr(operating_system, "WINDOWS", False)
        with pytest.raises(RefsyncError, match="read-only"):
            replace_file(folder / "refs.bib", b"newer")
    finally:
        folder.chmod(0o755)


@pytest.mark.usefixtures("windows")
def test_printed_commands_are_quoted_for_the_shell_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["refsync", "check", "my refs.bib"]
    assert command_line(words) == 'refsync check "my refs.bib"'
    monkeypatch.setattr(operating_system, "WINDOWS", False)
    assert command_line(words) == "refsync check 'my refs.bib'"


def test_the_ignore_file_has_the_line_ends_of_git(tmp_path: Path) -> None:
    own_folder(tmp_path)
    assert (tmp_path / ".refsync" / ".gitignore").read_bytes() == b"*\n"


EACH = """
import json, sys
from refsync.cli import main
for arguments, code in json.loads(sys.argv[1]):
    found = main(arguments)
    assert found == code, (arguments, found)
    sys.stdout.flush()
    sys.stdout.buffer.write(b"\\0")
    sys.stdout.buffer.flush()
"""


def run(folder: Path, *commands: str, encoding: str = "cp1252", code: int = 0, before: str = "") -> list[bytes]:
    """What each of the commands prints, which run in one process; `code` is that of the first one, of others 0."""
    calls = [(shlex.split(command), 0 if number else code) for number, command in enumerate(commands)]
    done = subprocess.run(
        [sys.executable, "-c", before + EACH, json.dumps(calls)],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", "COLUMNS": "100"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert b"Traceback" not in done.stderr
    return done.stdout.split(b"\0")[:-1]


@pytest.mark.parametrize(
    "encoding",
    ["cp1252", pytest.param("ascii", marks=pytest.mark.sweep), pytest.param("cp437", marks=pytest.mark.sweep)],
)
def test_a_stream_that_lacks_characters_loses_none_of_the_data(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "refs.bib").write_bytes(TWO.encode())
    (tmp_path / "refs → 𝛼.bib").write_bytes(BIB.encode())
    converted, tagged, _, formatted = run(
        tmp_path,
        "convert refs.bib --to bibtex",
        "tag 'refs → 𝛼.bib' --format json",
        "run refs.bib -o library.bib",
        "format refs.bib --diff --indent 4",
        encoding=encoding,
    )
    written = converted.decode("utf-8")
    assert "李, 明" in written
    assert "Moss → Stone: 𝛼" in written
    assert json.loads(tagged.decode("utf-8"))["records"][0]["source"] == "refs → 𝛼.bib"
    library = (tmp_path / "library.bib").read_text(encoding="utf-8")
    assert "李, 明" in library
    assert "Größe" in library
    assert "+    author = {李, 明 and Żak, Ève}," in formatted.decode("utf-8").splitlines()


WITHOUT = """
import asyncio, errno, os, portalocker, random, select, signal, socket, ssl, subprocess, sys, tempfile, zipfile
for name in ("fchmod fchown chown lchown getuid geteuid getgid getegid getpgid killpg fork forkpty pread pwrite mkfifo "
    "mknod sync sched_getaffinity sched_setaffinity wait wait3 wait4 nice getloadavg ttyname posix_fallocate "
    "O_NOFOLLOW O_CLOEXEC O_DIRECTORY O_SYNC O_NOCTTY").split():
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGPIPE", "SIGALRM", "alarm", "setitimer", "SIGUSR1", "SIGWINCH"):
    if hasattr(signal, name):
        delattr(signal, name)
for name in ("fcntl", "termios", "tty", "pty", "pwd", "grp", "resource", "readline", "curses", "syslog", "posix"):
    sys.modules[name] = None
"""


def test_the_commands_need_nothing_that_windows_lacks(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_bytes((TWO + BIB.replace("li2020", "again")).encode())
    before = (tmp_path / "refs.bib").read_bytes()
    run(tmp_path, "check refs.bib", "dedupe refs.bib --write", code=1, before=WITHOUT)
    assert (tmp_path / "refs.bib").read_bytes() != before
    run(tmp_path, "undo", "review refs.bib --tty --all", before=WITHOUT)
    assert (tmp_path / "refs.bib").read_bytes() == before


GUARDED = {  # each of these is behind a check whether it exists
    ("files.py", "os.chown"),
    ("processes.py", "os.sched_getaffinity"),
    ("decisions/store.py", "os.pread"),
    ("cli/review/keyboard.py", "termios"),
    ("cli/review/keyboard.py", "tty"),
}
NOT_ON_WINDOWS = re.compile(
    r"os\.(?:fchmod|fchown|chown|lchown|get(?:uid|euid|gid|egid|pgid|login)|killpg|fork|forkpty|pread|pwrite|mkfifo|mknod"
    r"|sync|uname|sched_\w+|wait\d?|nice|getloadavg|ttyname|O_(?:NOFOLLOW|CLOEXEC|DIRECTORY|NONBLOCK|SYNC|NOCTTY))"
    r"|signal\.(?:SIGKILL|SIGHUP|SIGPIPE|SIGALRM|SIGUSR\d|alarm|setitimer)|(?:fcntl|termios|tty|pty|pwd|grp|resource)"
)


def test_what_windows_lacks_is_named_only_where_its_absence_is_expected() -> None:
    package = Path(files.__file__).parent
    found = set()
    for path in package.rglob("*.py"):
        for node in nodes(path):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [f"{names[0]}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.Attribute):
                names.append(ast.unparse(node))
            found |= {(path.relative_to(package).as_posix(), name) for name in names if NOT_ON_WINDOWS.fullmatch(name)}
    assert found == GUARDED


def test_the_files_have_no_mode_bits_where_the_system_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(files.os, "chown")
    (tmp_path / "refs.bib").write_bytes(b"old")
    replace_file(tmp_path / "refs.bib", b"new")
    assert (tmp_path / "refs.bib").read_bytes() == b"new"
