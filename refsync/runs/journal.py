"""The journal of runs that write: plan, ledger and old content of the files, in `.refsync/runs/ID/` next to the output.

A run is recorded before it writes anything, with the old and the new content of each file. So a run that was
interrupted can be finished, and every run can be undone.

A journal that somebody else made is not used: `run.json` has a MAC (`refsync.runs.proof`) over itself, and the
SHA-256 of the plan and of each content. Paths are relative to the library's folder, which may therefore be moved; files
outside it are named by absolute paths, which count only while the folder is where it was.

A run may also move files (`refsync.runs.moves`), after its files are written; files that it removes are moved into its
own folder.
"""

import contextlib
import glob
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any

from refsync.errors import ConfigError, RefsyncError, StaleError
from refsync.files import digest, replace_file, replace_files
from refsync.runs.moves import NO_MOVES, Moves, carry_out, check_back, check_forward, map_paths, take_back
from refsync.runs.proof import is_proven, proof
from refsync.write_targets import FOLDER, is_link, own_folder, write_target

SCHEMA = "refsync.journal/2"
_STATES = frozenset({"planned", "applied", "stopped", "undone"})


class UnprovenRunError(ConfigError):
    """A journal that is damaged, or that this user did not make on this computer: that of the run `run_id`."""

    def __init__(self, message: str, *, hint: str = "", run_id: str = "") -> None:
        super().__init__(message, hint=hint)
        self.run_id = run_id


@dataclass(frozen=True, slots=True)
class Run:
    """The folder of a run: `plan.json`, `ledger.jsonl`, `before/` and `run.json`, which has the state of the run.

    Until the run is finished, `after/` has the new content of its files. A run that this process `began` is known to be
    genuine even where no secret can be stored; later it cannot be undone then.
    """

    folder: Path
    began: bool = False

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def base(self) -> Path:
        """The library's folder."""
        return self.folder.parents[2]

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    @property
    def facts(self) -> dict[str, Any]:
        """`command`, `state`, `files` (absolute path, backup or null, SHA-256 before and after) and `moves`, if any.

        Raises:
            UnprovenRunError: the journal is damaged, or was not made by this user on this computer.
        """
        facts = self._read()
        files = [{**file, "path": str(self._absolute(file["path"], facts))} for file in facts["files"]]
        moves = facts.get("moves", {})
        return {**facts, "files": files, "moves": map_paths(moves, lambda path: str(self._absolute(path, facts)))}

    @property
    def plan(self) -> dict[str, Any]:
        """What the run was to do.

        Raises:
            UnprovenRunError: the journal is damaged, or was changed by somebody else.
        """
        try:
            data = (self.folder / "plan.json").read_bytes()
            plan = json.loads(data)
        except (OSError, ValueError, RecursionError):
            raise self._unproven("its plan.json is damaged") from None
        if digest(data) != self._read().get("plan") or not isinstance(plan, dict):
            raise self._unproven("its plan.json was changed")
        return plan

    @property
    def is_proven(self) -> bool:
        """Whether the run can be undone or finished later."""
        try:
            self._read(began=False)
        except UnprovenRunError:
            return False
        return True

    def backup(self, file: Mapping[str, Any]) -> bytes:
        """The old content of one of the files.

        Raises:
            RefsyncError: it is not in the journal.
        """
        number, name = str(file["backup"]).removeprefix("before/").partition("-")[::2]
        data = _content(self.folder / "before" / f"{int(number)}-{PurePath(name).name}") if number.isdecimal() else None
        if data is None or digest(data) != file["before"]:
            raise RefsyncError(f"{self.folder}: the old content of {file['path']} is missing or damaged")
        return data

    def expect(self, path: Path, data: bytes) -> None:
        """Record other new content for a file of the run, before it is written."""
        files = [
            {**file, "after": digest(data)} if file["path"] == str(path.resolve()) else file
            for file in self.facts["files"]
        ]
        self.save({**self.facts, "files": files})

    def drop(self, path: Path) -> None:
        """Record that the run does not write a file, because another program changed it."""
        files = [file for file in self.facts["files"] if file["path"] != str(path.resolve())]
        self.save({**self.facts, "files": files})

    def mark(self, state: str) -> None:
        """Record the state of the run: `planned` before anything is written, then `applied`, then perhaps `undone`."""
        self.save({**self.facts, "state": state})
        if state in {"applied", "undone"}:
            shutil.rmtree(self.folder / "after", ignore_errors=True)

    def save(self, facts: Mapping[str, Any]) -> None:
        """Write `run.json`, with the proof that this user did."""
        base = self.base.resolve()

        def relative(name: str) -> str:
            path = Path(name)
            return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)

        files = [{**file, "path": relative(file["path"])} for file in facts["files"]]
        content = {**facts, "base": str(base), "files": files, "moves": map_paths(facts.get("moves", {}), relative)}
        content = {name: value for name, value in content.items() if name != "mac" and (value or name != "moves")}
        _write_json(self.folder / "run.json", content | {"mac": proof("run", _canonical(content))})

    def _read(self, *, began: bool = True) -> dict[str, Any]:
        """`run.json`, after a check of its proof."""
        path = self.folder / "run.json"
        if is_link(self.folder) or is_link(path):
            raise self._unproven("it is a symbolic link")
        try:
            facts = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            raise self._unproven("its run.json is damaged") from None
        if not isinstance(facts, dict):
            raise self._unproven("its run.json is damaged")
        content = {name: value for name, value in facts.items() if name != "mac"}
        if not ((began and self.began) or is_proven(facts.get("mac"), "run", _canonical(content))):
            why = "it was not made on this computer by you" if facts.get("schema") == SCHEMA else _EARLIER
            raise self._unproven(why)
        if content.get("id") != self.id or content.get("state") not in _STATES:
            raise self._unproven("it has the name of another run")
        return content

    @property
    def size(self) -> int:
        """How many bytes the files of the run's folder have."""
        return sum(path.lstat().st_size for path in self.folder.rglob("*") if path.is_file() and not is_link(path))

    @property
    def modified(self) -> float:
        """When the run last changed its state, in seconds since 1970."""
        return (self.folder / "run.json").stat().st_mtime

    def remove(self) -> None:
        """Remove the run's folder, after which it cannot be undone.

        Raises:
            RefsyncError: it cannot be removed.
        """
        try:
            (self.folder / "run.json").unlink()  # first, so that what is left after a fault is no run
            shutil.rmtree(self.folder)
        except OSError as error:
            raise RefsyncError(f"{self.folder}: cannot be removed: {error.strerror}") from None

    def _absolute(self, path: str, facts: Mapping[str, Any]) -> Path:
        """Where a file of the run is now."""
        named = PurePath(path)
        base = self.base.resolve()
        if named.is_absolute() and facts.get("base") != str(base):
            raise self._unproven(f"it names {named}, and its folder was moved from {facts.get('base')}")
        if not named.is_absolute() and ".." in named.parts:
            raise self._unproven(f"it names {named}, outside its folder")
        return base / named

    def _unproven(self, why: str) -> UnprovenRunError:
        hint = f"it is not carried out; the old content of its files is in {self.folder / 'before'}, to compare"
        return UnprovenRunError(
            f"the journal of the run {self.id} in {self.base} is not trusted: {why}", hint=hint, run_id=self.id
        )


_EARLIER = "an earlier version of refsync made it, or somebody else"


def open_run(
    base: Path,
    command: str,
    plan: Mapping[str, Any],
    ledger: Iterable[Mapping[str, Any]],
    writes: Mapping[Path, bytes],
    remote: str = "",
    moves: Moves = NO_MOVES,
) -> Run:
    """Record a run before it writes: its plan, its ledger, the old and new content of its files, and its moves.

    Args:
        base: the folder that contains `.refsync`.
        command: the name of the command.
        plan: as JSON.
        ledger: one line for each input record.
        writes: the files with their new content.
        remote: the library that the run writes, if that is not a file.
        moves: the files that it moves or removes.

    Raises:
        RefsyncError: the folder cannot be written; then nothing else may be written.
    """
    root = base / FOLDER
    try:
        folder = _new_folder(own_folder(base, "runs"))
        (folder / "before").mkdir()
        (folder / "after").mkdir()
    except OSError as error:
        raise RefsyncError(f"{root}: cannot be written: {error.strerror}", hint="nothing was changed") from None
    try:
        extra: dict[str, Any] = {"remote": remote} if remote else {}
        if moves != NO_MOVES:
            extra["moves"] = moves.as_json(folder / "removed")
        _record(Run(folder, began=True), command, plan, ledger, writes, extra)
    except BaseException:  # such as a full disk or an interrupt
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(folder, began=True)


def _record(
    run: Run,
    command: str,
    plan: Mapping[str, Any],
    ledger: Iterable[Mapping[str, Any]],
    writes: Mapping[Path, bytes],
    extra: Mapping[str, Any],
) -> None:
    folder = run.folder
    content = _json_bytes(plan)
    replace_file(folder / "plan.json", content)
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
                "path": str(write_target(path)),
                "backup": backup if before is not None else None,
                "before": digest(before) if before is not None else None,
                "after": digest(data),
            }
        )
    facts = {"schema": SCHEMA, "id": run.id, "command": command, "state": "planned", "files": files}
    run.save({**facts, "plan": digest(content), **extra})


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
    """The runs in the journal of a folder that this user made on this computer, the newest first."""
    return (run for run in _recorded(base) if run.is_proven)


def prunable(base: Path, keep: int, age: timedelta | None = None) -> list[Run]:
    """The finished runs of a folder that are not among its newest.

    Args:
        base: the folder that contains `.refsync`.
        keep: how many of the newest runs are not among them.
        age: only those that are older; None for all.
    """
    latest = time.time() - age.total_seconds() if age else None
    return [
        run
        for run in [*runs(base)][keep:]
        if run.facts["state"] in ("applied", "undone") and (latest is None or run.modified < latest)
    ]


def unproven_runs(base: Path) -> Iterator[UnprovenRunError]:
    """For each other run in the journal of a folder, why it is not trusted."""
    for run in _recorded(base):
        try:
            _ = run.facts
        except UnprovenRunError as error:
            yield error


def _recorded(base: Path) -> list[Run]:
    """All runs in the journal of a folder, the newest first."""
    folder = base / FOLDER / "runs"
    if is_link(base / FOLDER) or is_link(folder) or not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if not is_link(path) and (path / "run.json").is_file()]
    return [
        Run(path)
        for path in sorted(found, key=lambda path: ((path / "run.json").stat().st_mtime_ns, path.name), reverse=True)
    ]


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
    facts = run.facts
    check_forward(facts["moves"])
    replace_files(pending, known)
    _remove_temporary_files(run)
    carry_out(facts["moves"])
    run.mark("applied")
    return [Path(file["path"]) for file in facts["files"]]


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
    if not (facts["files"] or facts["moves"]):
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
    facts = run.facts
    check_back(facts["moves"], run.id)
    for file in facts["files"]:
        path = Path(file["path"])
        content = _content(path)
        now = digest(content) if content is not None else None
        if now == file["after"]:
            written.append(file)
        elif now != file["before"]:
            raise StaleError(f"{path} was changed since the run {run.id}", hint=f"its old content is in {run.folder}")
    backups = {Path(file["path"]): run.backup(file) for file in written if file["backup"]}
    replace_files(backups, {Path(file["path"]): file["after"] for file in written if file["backup"]})
    for file in written:
        if not file["backup"]:
            write_target(Path(file["path"])).unlink()
    return [*(Path(file["path"]) for file in written), *take_back(facts["moves"])]


def _new_folder(runs_folder: Path) -> Path:
    """A new folder named by the time, so that names sort; a second one in the same second gets a number."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in range(1, 10_000):
        folder = runs_folder / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            os.mkdir(folder)
        except FileExistsError:
            continue
        return folder
    raise OSError(0, "no free name for the run")


def _canonical(content: Mapping[str, Any]) -> str:
    """JSON as one text, whatever the file's layout."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _json_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    replace_file(path, _json_bytes(content))
