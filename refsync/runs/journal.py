"""The journal of runs that write: plan, ledger and old content of the files, in `.refsync/runs/ID/` next to the output.

A run is recorded before it writes anything, with the old and the new content of each file. So a run that was
interrupted can be finished, and every run can be undone.
"""

import contextlib
import glob
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError, RefsyncError, StaleError
from refsync.files import digest, replace_file, replace_files

FOLDER = ".refsync"
SCHEMA = "refsync.journal/1"


@dataclass(frozen=True, slots=True)
class Run:
    """The folder of a run: `plan.json`, `ledger.jsonl`, `before/` and `run.json`, which has the state of the run.

    Until the run is finished, `after/` has the new content of its files.
    """

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    @property
    def facts(self) -> dict[str, Any]:
        """`command`, `state` and `files`: path, backup (or null), SHA-256 before and after."""
        facts: dict[str, Any] = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        return facts

    def expect(self, path: Path, data: bytes) -> None:
        """Record other new content for a file of the run, before it is written."""
        files = [
            {**file, "after": digest(data)} if file["path"] == str(path.resolve()) else file
            for file in self.facts["files"]
        ]
        _write_json(self.folder / "run.json", {**self.facts, "files": files})

    def drop(self, path: Path) -> None:
        """Record that the run does not write a file, because another program changed it."""
        files = [file for file in self.facts["files"] if file["path"] != str(path.resolve())]
        _write_json(self.folder / "run.json", {**self.facts, "files": files})

    def mark(self, state: str) -> None:
        """Record the state of the run: `planned` before anything is written, then `applied`, then perhaps `undone`."""
        _write_json(self.folder / "run.json", {**self.facts, "state": state})
        if state in {"applied", "undone"}:
            shutil.rmtree(self.folder / "after", ignore_errors=True)


def open_run(
    base: Path,
    command: str,
    plan: Mapping[str, Any],
    ledger: Iterable[Mapping[str, Any]],
    writes: Mapping[Path, bytes],
    remote: str = "",
) -> Run:
    """Record a run before it writes: its plan, its ledger, and the old and new content of its files.

    Args:
        base: the folder that contains `.refsync`.
        command: the name of the command.
        plan: as JSON.
        ledger: one line for each input record.
        writes: the files with their new content.
        remote: the library that the run writes, if that is not a file.

    Raises:
        RefsyncError: the folder cannot be written; then nothing else may be written.
    """
    root = base / FOLDER
    try:
        folder = _new_folder(root / "runs")
        (root / ".gitignore").write_text("*\n", encoding="utf-8")
        (folder / "before").mkdir()
        (folder / "after").mkdir()
    except OSError as error:
        raise RefsyncError(f"{root}: cannot be written: {error.strerror}", hint="nothing was changed") from None
    try:
        _record(Run(folder), command, plan, ledger, writes, remote)
    except BaseException:  # such as a full disk or an interrupt
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(folder)


def _record(
    run: Run,
    command: str,
    plan: Mapping[str, Any],
    ledger: Iterable[Mapping[str, Any]],
    writes: Mapping[Path, bytes],
    remote: str,
) -> None:
    folder = run.folder
    _write_json(folder / "plan.json", plan)
    lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in ledger)
    replace_file(run.ledger, "".join(lines).encode("utf-8", "backslashreplace"))
    files = []
    for number, (path, data) in enumerate(writes.items(), 1):
        before = _content(path)
        backup = f"before/{number}-{path.name}"
        if before is not None:
            replace_file(folder / backup, before)
        replace_file(folder / _copy(number), data)
        files.append(
            {
                "path": str(path.resolve()),
                "backup": backup if before is not None else None,
                "before": digest(before) if before is not None else None,
                "after": digest(data),
            }
        )
    facts = {"schema": SCHEMA, "id": run.id, "command": command, "state": "planned", "files": files}
    _write_json(folder / "run.json", facts | ({"remote": remote} if remote else {}))


def _content(path: Path) -> bytes | None:
    """The content of a file; None if it does not exist."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RefsyncError(f"{path}: cannot be read: {error.strerror}", hint="nothing was changed") from None


def run_folder(base: Path) -> Path:
    """A folder at the depth of the runs' folders, for relative paths."""
    return base / FOLDER / "runs" / "ID"


def runs(base: Path) -> Iterator[Run]:
    """The runs in the journal of a folder, the newest first."""
    folder = base / FOLDER / "runs"
    found = [path for path in folder.iterdir() if (path / "run.json").is_file()] if folder.is_dir() else []
    return map(Run, sorted(found, key=lambda path: ((path / "run.json").stat().st_mtime_ns, path.name), reverse=True))


def finish(run: Run) -> list[Path]:
    """Write what an interrupted run had not written yet, and return all its files.

    Raises:
        StaleError: a file has neither its old nor its new content; then none is written.
        RefsyncError: the new content is no longer in the journal.
    """
    pending: dict[Path, bytes] = {}
    known: dict[Path, str | None] = {}
    for number, file in enumerate(run.facts["files"], 1):
        path = Path(file["path"])
        content = _content(path)
        if content is not None and digest(content) == file["after"]:
            continue
        if (digest(content) if content is not None else None) != file["before"]:
            raise StaleError(
                f"{path} was changed since the run {run.id} was interrupted",
                hint=f"nothing was written; the old content of the files is in {run.folder}",
            )
        data = _content(run.folder / _copy(number))
        if data is None or digest(data) != file["after"]:
            raise RefsyncError(
                f"{run.folder}: the new content of {path} is incomplete", hint="undo the run with --rollback"
            )
        pending[path], known[path] = data, file["before"]
    replace_files(pending, known)
    _remove_temporary_files(run)
    run.mark("applied")
    return [Path(file["path"]) for file in run.facts["files"]]


def _copy(number: int) -> str:
    """Where a run keeps the new content of its file with this number."""
    return f"after/{number}"


def _remove_temporary_files(run: Run) -> None:
    """Delete temporary files, complete or not, that a killed run left next to its files."""
    for number, file in enumerate(run.facts["files"], 1):
        path = Path(file["path"])
        new_content = _content(run.folder / _copy(number)) or b""
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
            with contextlib.suppress(OSError):
                if new_content.startswith(left.read_bytes()):
                    left.unlink()


def undo(run: Run) -> list[Path]:
    """Restore the old content of a run's files, byte for byte, mark the run undone, and return the files.

    Files that an interrupted run had not written yet are left as they are.

    Raises:
        ConfigError: the run wrote nothing or was already undone.
        StaleError: a file was changed since the run; then none is written.
    """
    facts = run.facts
    if facts["state"] == "undone":
        raise ConfigError(f"the run {run.id} is already undone")
    if not facts["files"]:
        raise ConfigError(f"the run {run.id} wrote no file")
    restored = restore(run)
    _remove_temporary_files(run)
    run.mark("undone")
    return restored


def restore(run: Run) -> list[Path]:
    """Restore the old content of a run's files and return the files. A second call changes nothing.

    Raises:
        StaleError: a file was changed since the run; then none is written.
    """
    written = []
    for file in run.facts["files"]:
        path = Path(file["path"])
        content = _content(path)
        now = digest(content) if content is not None else None
        if now == file["after"]:
            written.append(file)
        elif now != file["before"]:
            raise StaleError(f"{path} was changed since the run {run.id}", hint=f"its old content is in {run.folder}")
    backups = {Path(file["path"]): (run.folder / file["backup"]).read_bytes() for file in written if file["backup"]}
    replace_files(backups, {Path(file["path"]): file["after"] for file in written if file["backup"]})
    for file in written:
        if not file["backup"]:
            Path(file["path"]).unlink()
    return [Path(file["path"]) for file in written]


def _new_folder(runs_folder: Path) -> Path:
    """A new folder named by the time, so that names sort; a second one in the same second gets a number."""
    runs_folder.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in range(1, 10_000):
        folder = runs_folder / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            os.mkdir(folder)
        except FileExistsError:
            continue
        return folder
    raise OSError(0, "no free name for the run")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    replace_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace"))
