"""Runs that wrote: their plan, the state before and the ledger, in `.refsync/runs/ID/` beside the output.

A run is put down before anything is written, with what each file held and is to hold. So it can be told afterwards
which files a run that died had reached, and every run can be taken back.
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
    """One run's folder: `plan.json`, `ledger.jsonl`, `before/` and `run.json`, which says how far it came.

    Until it has come to its end, `after/` holds what it is to write.
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
        """Put down that a file of the run is to hold something else than was thought; before that is written."""
        files = [
            {**file, "after": digest(data)} if file["path"] == str(path.resolve()) else file
            for file in self.facts["files"]
        ]
        _write_json(self.folder / "run.json", {**self.facts, "files": files})

    def leave(self, path: Path) -> None:
        """Put down that a file of the run was not written, since it was changed by someone else."""
        files = [file for file in self.facts["files"] if file["path"] != str(path.resolve())]
        _write_json(self.folder / "run.json", {**self.facts, "files": files})

    def mark(self, state: str) -> None:
        """Record how far the run came: `planned` before anything is written, then `applied`, then perhaps `undone`."""
        _write_json(self.folder / "run.json", {**self.facts, "state": state})
        if state in {"applied", "undone"}:
            shutil.rmtree(self.folder / "after", ignore_errors=True)


def open_run(
    beside: Path,
    command: str,
    plan: Mapping[str, Any],
    ledger: Iterable[Mapping[str, Any]],
    writes: Mapping[Path, bytes],
    remote: str = "",
) -> Run:
    """Put down a run before it writes: its plan, its ledger, and what the files held that it is to write.

    Args:
        beside: the folder whose `.refsync` keeps it.
        command: which command wrote.
        plan: as JSON.
        ledger: one line for each input record.
        writes: the files with their new content.
        remote: the library that it is to write, where that is no file.

    Raises:
        RefsyncError: the folder cannot be written; then nothing else may be.
    """
    root = beside / FOLDER
    try:
        folder = _new_folder(root / "runs")
        (root / ".gitignore").write_text("*\n", encoding="utf-8")
        (folder / "before").mkdir()
        (folder / "after").mkdir()
    except OSError as error:
        raise RefsyncError(f"{root}: cannot be written: {error.strerror}", hint="nothing was changed") from None
    try:
        _put_down(Run(folder), command, plan, ledger, writes, remote)
    except BaseException:  # a full disk, an interrupt: half a run is none
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(folder)


def _put_down(
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
    replace_file(run.ledger, "".join(lines).encode())
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
    """What a file holds, or None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RefsyncError(f"{path}: cannot be read: {error.strerror}", hint="nothing was changed") from None


def run_folder(beside: Path) -> Path:
    """A folder as deep as those of runs are."""
    return beside / FOLDER / "runs" / "ID"


def runs(beside: Path) -> Iterator[Run]:
    """The runs kept beside a library, the newest first."""
    folder = beside / FOLDER / "runs"
    found = [path for path in folder.iterdir() if (path / "run.json").is_file()] if folder.is_dir() else []
    return map(Run, sorted(found, key=lambda path: ((path / "run.json").stat().st_mtime_ns, path.name), reverse=True))


def finish(run: Run) -> list[Path]:
    """Write what a run that died had not written yet; the files that it is about.

    Raises:
        StaleError: a file is neither as it was nor as the run was to leave it; then none is touched.
        RefsyncError: what was to be written is not there any more.
    """
    pending: dict[Path, bytes] = {}
    known: dict[Path, str | None] = {}
    for number, file in enumerate(run.facts["files"], 1):
        path = Path(file["path"])
        held = _content(path)
        if held is not None and digest(held) == file["after"]:
            continue
        if (digest(held) if held is not None else None) != file["before"]:
            raise StaleError(f"{path} was changed since the run {run.id} died", hint=_left_as_it_is(run))
        data = _content(run.folder / _copy(number))
        if data is None or digest(data) != file["after"]:
            raise RefsyncError(
                f"{run.folder}: what was to be written to {path} is not whole", hint="take it back with --rollback"
            )
        pending[path], known[path] = data, file["before"]
    replace_files(pending, known)
    _sweep(run)
    run.mark("applied")
    return [Path(file["path"]) for file in run.facts["files"]]


def _left_as_it_is(run: Run) -> str:
    return f"nothing was touched; what the files held before is in {run.folder}"


def _copy(number: int) -> str:
    """Where a run keeps what it is to write to its file of this number."""
    return f"after/{number}"


def _sweep(run: Run) -> None:
    """Take away what a killed run left beside its files, whole or cut off."""
    for number, file in enumerate(run.facts["files"], 1):
        path = Path(file["path"])
        wanted = _content(run.folder / _copy(number)) or b""
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
            with contextlib.suppress(OSError):
                if wanted.startswith(left.read_bytes()):
                    left.unlink()


def undo(run: Run) -> list[Path]:
    """Give the files of a run the content they had before, byte for byte, and mark it undone.

    Files that the run had not reached when it died are left as they are.

    Raises:
        ConfigError: the run wrote nothing or was undone already.
        StaleError: a file is not as the run left it; then none is touched.
    """
    facts = run.facts
    if facts["state"] == "undone":
        raise ConfigError(f"the run {run.id} is undone already")
    if not facts["files"]:
        raise ConfigError(f"the run {run.id} wrote no file")
    restored = restore(run)
    _sweep(run)
    run.mark("undone")
    return restored


def restore(run: Run) -> list[Path]:
    """Give the files of a run the content they had before; doing it twice does no harm.

    Raises:
        StaleError: a file is not as the run left it; then none is touched.
    """
    reached = []
    for file in run.facts["files"]:
        path = Path(file["path"])
        held = _content(path)
        now = digest(held) if held is not None else None
        if now == file["after"]:
            reached.append(file)
        elif now != file["before"]:
            raise StaleError(
                f"{path} was changed since the run {run.id}", hint=f"what it held before is in {run.folder}"
            )
    kept = {Path(file["path"]): (run.folder / file["backup"]).read_bytes() for file in reached if file["backup"]}
    replace_files(kept, {Path(file["path"]): file["after"] for file in reached if file["backup"]})
    for file in reached:
        if not file["backup"]:
            Path(file["path"]).unlink()
    return [Path(file["path"]) for file in reached]


def _new_folder(runs_folder: Path) -> Path:
    """A folder named by the time, so that names sort; two runs in one second get a number behind it."""
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
    replace_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
