"""The journal of a run's writes to a library: each object before it is sent, its state before, and the result.

`remote.jsonl` in the run's folder, one JSON object per line: `{"step", "kind", "objects", "before"}`, then
`{"step", "versions", "failed"}`. The result of a step without the second line is unknown; its keys and versions make
it safe to send again. The journal never holds an API key. Each line has a MAC, as `run.json` has.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from refsync.errors import RefsyncError
from refsync.runs.journal import Run
from refsync.runs.proof import is_proven, proof
from refsync.write_targets import NO_FOLLOW, write_target

FILE = "remote.jsonl"


class WriteJournal:
    """The journal of one run, open for appending."""

    def __init__(self, run: Run, name: str = FILE) -> None:
        path = write_target(run.folder / name)
        torn = path.is_file() and not path.read_bytes().endswith(b"\n")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_FOLLOW, 0o666)
        self._file = os.fdopen(handle, "a", encoding="utf-8", newline="\n")
        self._run, self._name = run, name
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
        text = json.dumps(content, ensure_ascii=False)
        mac = proof("line", self._run.id, self._name, text)
        self._file.write(json.dumps({"line": content, "mac": mac}, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def journaled_writes(run: Run, name: str = FILE) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The writes that were, or may have been, sent, in order: the kind, the object, and its state before.

    Raises:
        RefsyncError: a line was not written by this user on this computer.
    """
    path = run.folder / name
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        try:
            signed = json.loads(line)
        except (ValueError, RecursionError):  # incomplete: nothing is sent before its line is complete
            continue
        content = signed.get("line") if isinstance(signed, dict) else None
        text = json.dumps(content, ensure_ascii=False)
        if not isinstance(content, dict) or not is_proven(signed["mac"], "line", run.id, name, text):
            raise RefsyncError(f"{path}:{number}: not written by you on this computer", hint="nothing was undone")
        for sent, before in zip(content.get("objects", ()), content.get("before", ()), strict=False):
            yield content["kind"], sent, before
