"""A plan that waits for the user: what would be written, and a token that changes with it and with the files."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from refsync.errors import StaleError
from refsync.files import digest
from refsync.mcp.folders import Folders
from refsync.mcp.values import Json
from refsync.runs.journal import Run
from refsync.text.printable import printable
from refsync.text.unified_diff import unified_diff

Kind = Literal["merge", "fix", "library", "fill"]
_KEPT = 8
_MOST_LINES = 40  # of what is shown to the user
_LONGEST = 300  # characters of such a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a plan would write.

    Attributes:
        kind: what is done.
        inputs: the files that the plan was made from, with the SHA-256 that each had.
        texts: the files that are written, before and after; an empty text before where there is no file.
        account: figures and notes, for the assistant.
        lines: what is done, for the user, in the terms of the records.
        command: what does the same in a terminal.
        write: writes the files.
    """

    kind: Kind
    inputs: Mapping[str, str]
    texts: Mapping[str, tuple[str, str]]
    account: Json
    lines: tuple[str, ...]
    command: str
    write: Callable[[], Run]
    before: Mapping[str, str] = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        before = dict(self.inputs) | {name: _digest(name) for name in self.texts if name not in self.inputs}
        content = json.dumps([self.kind, sorted(before.items()), sorted(self.texts.items())])
        object.__setattr__(self, "before", before)
        object.__setattr__(self, "token", hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32])

    def check(self, folders: Folders) -> None:
        """Check that all files are as they were, and still in the folders.

        Raises:
            StaleError: a file was changed since the plan was made.
            RefsyncError: a link leads out of the folders now.
        """
        for name in self.texts:
            folders.output(name)
        if changed := [name for name, known in self.before.items() if _digest(name) != known]:
            raise StaleError(f"{', '.join(changed)} changed since the plan was made", hint="make the plan again")

    def diff(self) -> list[str]:
        """The lines of the unified diffs."""
        return [line for name, texts in self.texts.items() for line in unified_diff(name, *texts)]

    def question(self) -> str:
        """What the user is asked."""
        shown = [printable(line[:_LONGEST]) for line in self.lines[:_MOST_LINES]]  # a value cannot begin a line
        more = [f"... and {len(self.lines) - len(shown):,} more"] if len(self.lines) > len(shown) else []
        names = printable(", ".join(self.texts))
        return "\n".join([f"refsync would write {names}:", *shown, *more, "`refsync undo` undoes it."])


@dataclass(slots=True)
class Changes:
    """The plans that wait, and those that were carried out."""

    _waiting: dict[str, Change] = field(default_factory=dict)
    _done: dict[str, str] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Keep a plan; the oldest is forgotten."""
        self._waiting.pop(change.token, None)
        self._done.pop(change.token, None)
        while len(self._waiting) >= _KEPT:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[change.token] = change

    def get(self, token: str) -> Change:
        """The plan with this token.

        Raises:
            StaleError: it was carried out, or there is none.
        """
        if token in self._done:
            raise StaleError(f"this plan was carried out already, in the run {self._done[token]}", hint="make another")
        if token not in self._waiting:
            raise StaleError("no plan has this token", hint="the tool `plan` makes one and returns its token")
        return self._waiting[token]

    def carry_out(self, token: str, folders: Folders) -> Run:
        """Write what a plan proposes, once.

        Raises:
            StaleError: it was carried out, there is none, or a file was changed since.
            RefsyncError: a file cannot be written.
        """
        change = self.get(token)
        change.check(folders)
        run = change.write()
        del self._waiting[token]
        self._done[token] = run.id
        return run


def _digest(name: str) -> str:
    path = Path(name)
    return digest(path.read_bytes()) if path.exists() else ""
