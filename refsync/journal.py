"""Runs that wrote: their plan, the state before and the ledger, in `.refsync/runs/ID/` beside the output."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refsync.errors import RefsyncError
from refsync.files import replace_file

FOLDER = ".refsync"


@dataclass(frozen=True, slots=True)
class Run:
    """One run's folder: `plan.json`, `ledger.jsonl`, `before/` and `run.json`, which says how far it came."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.jsonl"

    def mark(self, state: str, **facts: Any) -> None:
        """Record how far the run came: `planned` before anything is written, then `applied`."""
        _write_json(self.folder / "run.json", {"schema": "refsync.journal/1", "id": self.id, "state": state, **facts})


def open_run(beside: Path, plan: Mapping[str, Any], ledger: Iterable[Mapping[str, Any]], output: Path | None) -> Run:
    """Put down a run before it writes: its plan, its ledger and what `output` held until now.

    Raises:
        RefsyncError: the folder cannot be written; then nothing else may be.
    """
    root = beside / FOLDER
    try:
        folder = _new_folder(root / "runs")
        (root / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise RefsyncError(f"{root}: cannot be written: {error.strerror}", hint="nothing was changed") from None
    run = Run(folder)
    _write_json(folder / "plan.json", plan)
    lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in ledger)
    replace_file(run.ledger, "".join(lines).encode())
    if output and output.exists():
        (folder / "before").mkdir()
        replace_file(folder / "before" / output.name, output.read_bytes())
    run.mark("planned", output=str(output) if output else None)
    return run


def _new_folder(runs: Path) -> Path:
    """A folder named by the time, so that names sort; two runs in one second get a number behind it."""
    runs.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in range(1, 10_000):
        folder = runs / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            os.mkdir(folder)
        except FileExistsError:
            continue
        return folder
    raise OSError(0, "no free name for the run")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    replace_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
