"""Moving files in a run that can be undone: each step is a rename, and none replaces a file.

As JSON, moves are `files` (a list of `from`, `to` and, for a removed file, its `sha256`), `made` (folders that they
need) and `emptied` (folders that are removed when nothing is left in them), the inner ones first.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError, StaleError
from refsync.files import digest
from refsync.write_targets import write_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The files that a run moves.

    Attributes:
        files: each file with its new path, at which nothing is.
        removed: files that are removed: they are kept in the folder of the run.
        emptied: folders that are removed if nothing is left in them, the inner ones first.
    """

    files: tuple[tuple[Path, Path], ...] = ()
    removed: tuple[Path, ...] = ()
    emptied: tuple[Path, ...] = ()

    def as_json(self, folder: Path) -> dict[str, Any]:
        """The moves as the journal has them, with the removed files in a folder."""
        steps = [{"from": _real(old), "to": _real(new)} for old, new in self.files]
        parents = dict.fromkeys(parent for _, new in self.files for parent in new.parents if not parent.exists())
        for number, path in enumerate(self.removed, 1):
            kept = os.path.abspath(folder / f"{number}-{path.name}")
            steps.append({"from": _real(path), "to": kept, "sha256": digest(path.read_bytes())})
        made = [_real(path) for path in sorted(parents, key=lambda path: -len(path.parts))]
        return {"files": steps, "made": made, "emptied": [_real(path) for path in self.emptied]}


NO_MOVES = Moves()


def _real(path: Path) -> str:
    """The path with the links of its folder resolved, but not its own."""
    return str(path.parent.resolve() / path.name)


def map_paths(moves: Mapping[str, Any], convert: Callable[[str], str]) -> dict[str, Any]:
    """The moves as JSON with other paths; without moves they stay empty."""
    if not moves:
        return {}
    files = [{**step, "from": convert(step["from"]), "to": convert(step["to"])} for step in moves["files"]]
    folders = {name: [convert(path) for path in moves[name]] for name in ("made", "emptied")}
    return {"files": files, **folders}


def check_forward(moves: Mapping[str, Any]) -> None:
    """Check that each move is done or can be done.

    Raises:
        StaleError: a file is gone or another is in its place.
    """
    for step in moves.get("files", ()):
        _check(step["from"], step["to"], "nothing was written; run it again")
        if "sha256" in step and not os.path.lexists(step["to"]) and _digest(step["from"]) != step["sha256"]:
            raise StaleError(f"{step['from']} was changed while refsync was running", hint="nothing was written")


def check_back(moves: Mapping[str, Any], run: str) -> None:
    """Check that each move can be taken back.

    Raises:
        StaleError: a file is gone or changed, or another is in its place.
    """
    for step in moves.get("files", ()):
        _check(step["to"], step["from"], f"the run {run} moved {step['from']} to {step['to']}; nothing was written")
        if "sha256" in step and os.path.lexists(step["to"]) and _digest(step["to"]) != step["sha256"]:
            raise StaleError(f"{step['to']} is damaged", hint="nothing was written")


def _check(source: str, target: str, hint: str) -> None:
    if os.path.lexists(source) == os.path.lexists(target):
        what = f"{target} exists already" if os.path.lexists(target) else f"{source} is not there any more"
        raise StaleError(what, hint=hint)


def carry_out(moves: Mapping[str, Any]) -> None:
    """Do the moves that are not done yet.

    Raises:
        RefsyncError: a file cannot be moved.
    """
    for step in moves.get("files", ()):
        if os.path.lexists(step["from"]):
            _move(step["from"], step["to"])
    _remove_empty(moves.get("emptied", ()))


def take_back(moves: Mapping[str, Any]) -> list[Path]:
    """Take back the moves that are done; the files that were moved, by their old paths."""
    restored = []
    for step in reversed(moves.get("files", ())):
        if os.path.lexists(step["to"]):
            _move(step["to"], step["from"])
            restored.append(Path(step["from"]))
    _remove_empty(moves.get("made", ()))
    for folder in moves.get("emptied", ()):
        os.makedirs(folder, exist_ok=True)
    return restored[::-1]


def _move(source: str, target: str) -> None:
    for path in (source, target):
        write_target(Path(path).parent)  # no link leads a move elsewhere
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.lexists(target):
            raise FileExistsError(None, "a file of this name exists")
        shutil.move(source, target)
    except OSError as error:
        hint = "`refsync apply --resume` continues this run, `refsync undo` undoes it"
        raise RefsyncError(f"{source}: cannot be moved to {target}: {error.strerror or error}", hint=hint) from None


def _remove_empty(folders: Sequence[str]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _digest(path: str) -> str:
    try:
        return digest(Path(path).read_bytes())
    except OSError:
        return ""
