"""The file of decisions as a review keeps up with it, while others may write it too."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path

from refsync.decisions import Decision, append, remove
from refsync.decisions.lines import decision_in
from refsync.errors import RefsyncError


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the file: the answer about a pair in it, or about the areas of one paper."""

    raw: str
    line: int
    by: str
    at: str
    decision: Decision | None = None
    paper: str = ""
    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()

    @property
    def who(self) -> str:
        """`ann on 2031-05-01`, as far as it is known."""
        return " on ".join(part for part in (self.by, self.at[:10]) if part) or "somebody"


class Ledger:
    """The answers in a file, by the records that they are about.

    What somebody adds to the file meanwhile is read by `refresh`; only a file that was changed elsewhere than at its
    end is read as a whole again. `changes` counts how often there was anything new.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes = 0
        self._data = b""
        self._stamp: tuple[int, int] | None = None
        self._touched: set[str] | None = None
        self._clear()
        self.refresh()

    def _clear(self) -> None:
        self._lines = 0
        self._pairs: dict[tuple[str, str], list[Said]] = defaultdict(list)
        self._areas: dict[str, list[Said]] = defaultdict(list)

    def refresh(self) -> bool:
        """Read what was changed since the last time, and tell whether anything was.

        Raises:
            RefsyncError: the file cannot be read.
        """
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return False
            data = self.path.read_bytes()
        except FileNotFoundError:
            stamp, data = (0, 0), b""
        except OSError as error:
            reason = error.strerror or str(error)
            raise RefsyncError(f"{self.path}: cannot be read: {reason}", hint="the answer is not saved") from None
        self._stamp = stamp
        whole = data[: data.rfind(b"\n") + 1] if not data.endswith(b"\n") else data
        rest = data[len(whole) :]
        try:  # a last line without an end may be one that somebody is writing
            json.loads(rest)
        except ValueError:
            rest = b""
        whole += rest
        if whole == self._data:
            return False
        self.changes += 1
        if not (self._data.endswith(b"\n") and whole.startswith(self._data)):
            self._clear()
            self._data, self._touched = b"", None
        new, self._data = whole[len(self._data) :], whole
        for raw in new.decode("utf-8", "replace").removesuffix("\n").split("\n"):
            self._lines += 1
            self._take(raw.rstrip("\r"))
        return True

    def _take(self, raw: str) -> None:
        try:
            entry = json.loads(raw.removeprefix("\ufeff"))
            by, at = str(entry.get("by") or ""), str(entry.get("at") or "")
            if entry["kind"] == "area":
                value = entry["value"]
                accepted, rejected = (_names(value.get(name, ())) for name in ("accepted", "rejected"))
                self._areas[str(entry["a"])].append(
                    Said(raw, self._lines, by, at, None, str(entry["a"]), accepted, rejected)
                )
                return
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        decision, _ = decision_in(raw, self._lines)
        if decision:
            self._pairs[_key(decision.a, decision.b)].append(Said(raw, self._lines, by, at, decision))
            if self._touched is not None:
                self._touched |= {decision.a, decision.b}

    def take_changed(self) -> set[str] | None:
        """The fingerprints of which something was said since this was asked last; None where all must be looked at."""
        touched, self._touched = self._touched, set()
        return touched

    def about(self, fingerprints: Iterable[str]) -> list[Said]:
        """The answers about any two of these records, in the order of the file."""
        pairs = combinations_with_replacement(sorted(set(fingerprints)), 2)
        return sorted((said for pair in pairs for said in self._pairs.get(pair, ())), key=lambda said: said.line)

    def areas(self, fingerprints: Collection[str]) -> list[Said]:
        """The answers about the areas of a paper, in the order of the file."""
        found = (said for one in dict.fromkeys(fingerprints) for said in self._areas.get(one, ()))
        return sorted(found, key=lambda said: said.line)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All pairs of fingerprints about which somebody answered."""
        yield from (pair for pair, said in self._pairs.items() if said)

    def replace(self, removed: Sequence[str], added: Sequence[str]) -> int:
        """Add lines and take others out; how many of those were not there any more.

        The new ones are added first: whatever happens in between, no answer is lost.

        Raises:
            RefsyncError: the file cannot be written.
        """
        self.refresh()
        append(self.path, added)
        gone = len(removed) - (remove(self.path, removed) if removed else 0)
        self.refresh()
        return gone


def _names(value: object) -> frozenset[str]:
    listed = [value] if isinstance(value, str) else value
    return (
        frozenset(name for name in listed if isinstance(name, str)) if isinstance(listed, list | tuple) else frozenset()
    )


def _key(a: str, b: str) -> tuple[str, str]:
    return (min(a, b), max(a, b))
