"""Fault injection: commands on a Zotero library are killed at every step, and each of their requests fails.

A `Scenario` is a command and the library that it runs on. `inject` lets one step fail, resumes the command as a user
would, and compares the result with that of an undisturbed run. The tests and `benchmarks/zotero_faults.py` use it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import refsync.zotero.web.http
from refsync.cli import main
from refsync.zotero.items.relations import relations_of
from refsync.zotero.sync.merge_base import SyncState
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.http import RetryingClient
from refsync.zotero.web.journal import WriteJournal
from refsync.zotero.web.local_copy import LocalCopy
from tests.zotero_server import Server
from tests.zotero_server.state import Library, World, rights

LIBRARY, PATH = "zotero:user/12345", "users/12345"
FOLDER = "REFSYNC_TEST_FOLDER"

FAULTS = (
    "timeout",
    "timeout-after",
    "429",
    "429 and a time",
    "409",
    "412",
    "500",
    "500-after",
    "503",
    "reset-before",
    "reset-after",
    "truncate",
)
"""How a request can fail; with `-after`, and for `truncate`, the server has carried it out but the response is lost."""

KILLS = ("before a request", "after a request", "at the disk", "in a journal line", "at the database")
"""Where a run can be killed: around a request, at a write to disk, within a line of the journal, at an SQLite write."""


@dataclass(frozen=True)
class Scenario:
    """A command on a library.

    Attributes:
        name: for reports.
        fill: creates the library, and the files in the working directory.
        command: the command that fails.
        before: commands that run undisturbed before it.
        edit: edits of other people between those and the command.
        resume: the commands that can resume it; if empty, the command itself.
    """

    name: str
    fill: Callable[[Server], None]
    command: tuple[str, ...]
    before: Sequence[tuple[str, ...]] = ()
    edit: Callable[[Server], None] = lambda _server: None
    resume: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True)
class PreparedScenario:
    """A scenario right before its command.

    Attributes:
        scenario: the scenario.
        state: the state of the server.
        files: the files of the working directory.
        expected: the outcome of an undisturbed run.
        steps: how many steps it has of each kind in `KILLS`.
        requests: its requests.
    """

    scenario: Scenario
    state: World
    files: dict[str, bytes]
    expected: Any
    steps: dict[str, int]
    requests: tuple[str, ...]


@contextmanager
def client_of(server: Server) -> Iterator[None]:
    """Make a server the one that commands use, without waits, in a temporary working directory."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as above, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZOTERO_API_KEY", server.key)
        patch.setenv("ZOTERO_ENDPOINT", server.url)
        patch.setattr(refsync.zotero.web.http.time, "sleep", lambda _seconds: None)
        patch.setenv(FOLDER, above)
        Path(above, "work").mkdir()
        patch.chdir(Path(above, "work"))
        patch.setenv("XDG_DATA_HOME", str(Path(above, "work", ".data")))  # restored with the files
        yield


def memory_folder() -> str | None:
    """A folder in memory, if the system has one: runs wait for the disk at every step."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def prepare(server: Server, scenario: Scenario) -> PreparedScenario:
    """Prepare a scenario, run its command once undisturbed, and count the steps."""
    os.chdir(Path(os.environ[FOLDER], "work"))
    _empty_folder()
    server.restore(World())
    add_empty_library(server)
    scenario.fill(server)
    for command in scenario.before:
        assert run(command) == 0, (scenario.name, command)
    scenario.edit(server)
    state = server.save()
    files = {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    server.clear()
    with ExitStack() as stack:
        counts = [stack.enter_context(_kill_points(kill)) for kill in KILLS]
        assert run(scenario.command) == 0, scenario.name
        steps = {kill: count() for kill, count in zip(KILLS, counts, strict=True)}
    requests = tuple(f"{entry.method} {entry.path.removeprefix('/' + PATH)}" for entry in server.log)
    return PreparedScenario(
        scenario=scenario, state=state, files=files, expected=outcome(server), steps=steps, requests=requests
    )


def add_empty_library(server: Server) -> None:
    """Add an empty library whose clock always shows the same time."""
    server.world.users[12345] = "ada"
    server.world.keys[server.key] = rights(12345)
    server.world.libraries[PATH] = Library("users", 12345, "ada", slug="ada", now=lambda: "2026-01-01T00:00:00Z")


def run(command: Sequence[str]) -> int:
    """Run a command without its output; the exit code."""
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return main(list(command))


def outcome(server: Server) -> Any:
    """The content of the library and of the .bib files; the order of relations has no meaning."""
    content = server.library(PATH).snapshot()
    for item in content["items"].values():
        item["relations"] = {name: sorted(uris) for name, uris in item["relations"].items() if uris}
    return content, {path.name: path.read_text(encoding="utf-8") for path in sorted(Path().glob("*.bib"))}


def is_copy_correct(server: Server) -> bool:
    """Whether the local copy equals the library, if it has the library's version."""
    library = server.library(PATH)
    with LocalCopy(Path(), parse_address(LIBRARY, server.url).file_name) as copy:
        items = copy.objects("items")
        return copy.version != library.version or all(
            items[key]["version"] == item.version
            and {name: set(uris) for name, uris in relations_of(items[key]).items()}
            == {name: set(uris) for name, uris in library.relations(key).items()}
            for key, item in library.items.items()
        )


def inject(server: Server, prepared: PreparedScenario, fault: str, step: int, resume: int = 0) -> str:
    """Let one step fail, and resume the command until it is finished.

    Args:
        server: the server.
        prepared: the scenario.
        fault: one of `FAULTS` or `KILLS`.
        step: the number of the step, from 1.
        resume: which of the scenario's commands resumes it.

    Returns:
        `same` if the outcome is that of an undisturbed run, `same after resuming` if the command had to be resumed for
        that; else what is wrong.
    """
    scenario = prepared.scenario
    _empty_folder()
    for name, content in prepared.files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
    server.restore(prepared.state)
    if fault in KILLS:
        with _kill_points(fault, step):
            code = run(scenario.command)
        if code != 130:
            return f"was not killed (exit code {code})"
    else:
        server.fail(fault.split(maxsplit=1)[0], step, retry_after=1 if " " in fault else None)
        with pytest.MonkeyPatch.context() as patch:
            if fault.startswith("timeout"):
                patch.setattr(refsync.zotero.web.http, "TIMEOUT", 0.15)
            code = run(scenario.command)
    server.faults.clear()
    commands = scenario.resume or (scenario.command,)
    resumed = 0
    while code and resumed < 2:
        command = commands[resume % len(commands)]
        if command[0] == "apply" and not _is_interrupted():
            command = scenario.command
        code = run(command)
        resumed += 1
    if outcome(server) != prepared.expected:
        return "DIFFERS"
    if not is_copy_correct(server):
        return "the copy DIFFERS"
    if code and not (code == 2 and scenario.command == ("undo",)):  # it was undone, and killed right after
        return f"exit code {code} in the end"
    return "same after resuming" if resumed else "same"


def _empty_folder() -> None:
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _is_interrupted() -> bool:
    """Whether there is an interrupted run that wrote to a library."""
    runs = (json.loads(path.read_text(encoding="utf-8")) for path in Path(".refsync/runs").glob("*/run.json"))
    return any(facts["state"] in ("planned", "stopped") and facts.get("remote") for facts in runs)


@contextmanager
def _kill_points(kind: str, number: int = 0) -> Iterator[Callable[[], int]]:
    """Count the steps of one kind, and raise KeyboardInterrupt at one of them."""
    count = 0

    def is_reached() -> bool:
        nonlocal count
        count += 1
        return count == number

    with pytest.MonkeyPatch.context() as patch:

        def kill_at(owner: Any, name: str, *, after: bool = False) -> None:
            original = getattr(owner, name)

            def replacement(*arguments: Any, **options: Any) -> Any:
                killed = is_reached()
                if killed and not after:
                    raise KeyboardInterrupt
                result = original(*arguments, **options)
                if killed:
                    raise KeyboardInterrupt
                return result

            patch.setattr(owner, name, replacement)

        def append_incomplete(self: WriteJournal, content: Any) -> None:
            if is_reached():
                self._file.write(json.dumps(content)[:40])
                self._file.flush()
                raise KeyboardInterrupt
            append(self, content)

        append = WriteJournal._append
        if kind == "in a journal line":
            patch.setattr(WriteJournal, "_append", append_incomplete)
        elif kind == "at the disk":
            kill_at(os, "fsync")
            kill_at(os, "replace")
        elif kind == "at the database":
            for name in ("put", "set_facts", "add_pending", "commit_download"):
                kill_at(LocalCopy, name)
            for name in ("propose", "put"):
                kill_at(SyncState, name)
        else:
            kill_at(RetryingClient, "_once", after=kind.startswith("after"))
        yield lambda: count
