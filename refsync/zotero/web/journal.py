"""The journal of a run's writes to a library: each object before it is sent, its state before, and the result.

`remote.jsonl` in the run's folder, one JSON object per line: `{"step", "kind", "objects", "before"}`, then
`{"step", "versions", "failed"}`. The result of a step without the second line is unknown; its keys and versions make
it safe to send again. The journal never holds an API key.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from refsync.runs.journal import Run

FILE = "remote.jsonl"


class WriteJournal:
    """The journal of one run, open for appending."""

    def __init__(self, run: Run, name: str = FILE) -> None:
        path = run.folder / name
        torn = path.is_file() and not path.read_bytes().endswith(b"\n")
        self._file = path.open("a", encoding="utf-8")
        if torn:  # the run was killed in the middle of a line
            self._file.write("\n")
        self._step = 0

    def record_attempt(
        self, kind: str, objects: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
    ) -> int:
        """Record what is about to be sent, and return the step; the line is on disk by then."""
        self._step += 1
        self._append({"step": self._step, "kind": kind, "objects": objects, "before": before})
        return self._step

    def record_result(self, step: int, versions: Mapping[str, int], failed: Mapping[str, str]) -> None:
        """Record the version of each object that was accepted, and why others were not."""
        self._append({"step": step, "versions": versions, "failed": failed})

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "WriteJournal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, content: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(content, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def journaled_writes(path: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The writes that were, or may have been, sent, in order: the kind, the object, and its state before."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            content = json.loads(line)
        except json.JSONDecodeError:  # incomplete: nothing is sent before its line is complete
            continue
        for sent, before in zip(content.get("objects", ()), content.get("before", ()), strict=False):
            yield content["kind"], sent, before
