"""The journal of what a run wrote to a library: each object before it is sent, with what it held, and what came of it.

`remote.jsonl` in the run's folder, one JSON object a line: `{"step", "kind", "objects", "before"}`, then
`{"step", "versions", "failed"}`. A step without the second line is one of which nobody knows; its keys and versions
make sending it again harmless. Never holds an API key.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from refsync.runs.journal import Run

FILE = "remote.jsonl"


class RemoteLog:
    """The journal of one run, open for writing; one that was begun is gone on with."""

    def __init__(self, run: Run, name: str = FILE) -> None:
        path = run.folder / name
        torn = path.is_file() and not path.read_bytes().endswith(b"\n")
        self._file = path.open("a", encoding="utf-8")
        if torn:  # the run died in the middle of a line
            self._file.write("\n")
        self._step = 0

    def sending(self, kind: str, objects: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]) -> int:
        """Put down what is about to be sent; on the disk when this returns."""
        self._step += 1
        self._line({"step": self._step, "kind": kind, "objects": objects, "before": before})
        return self._step

    def sent(self, step: int, versions: Mapping[str, int], failed: Mapping[str, str]) -> None:
        """Put down what came of it: the version of each object that was taken, why others were not."""
        self._line({"step": step, "versions": versions, "failed": failed})

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "RemoteLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _line(self, content: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(content, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def sendings(path: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """What a journal says was, or may have been, sent: the kind, the object and what it held, in their order."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
        except json.JSONDecodeError:  # torn off: nothing is sent before its line is whole
            continue
        for sent, before in zip(said.get("objects", ()), said.get("before", ()), strict=False):
            yield said["kind"], sent, before
