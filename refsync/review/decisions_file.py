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


@dataclass(slots=True, eq=False)
class Said:
    """A line of the file: the answer about a pair in it, or about the areas of one paper.

    `line` is its number now; it changes when others before it go.
    """

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

    `refresh` reads what was written to the file meanwhile, by whomever: the lines between those that are as before.
    `changes` counts how often there was anything new.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes = 0
        self._lines: list[bytes] = []
        self._said: list[Said | None] = []
        self._stamp: tuple[int, int] | None = None
        self._touched: set[str] = set()
        self._pairs: dict[tuple[str, str], list[Said]] = defaultdict(list)
        self._areas: dict[str, list[Said]] = defaultdict(list)
        self.refresh()

    def refresh(self) -> None:
        """Read what was changed since the last time.

        Raises:
            RefsyncError: the file cannot be read.
        """
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return
            data = self.path.read_bytes()
        except FileNotFoundError:
            stamp, data = (0, 0), b""
        except OSError as error:
            reason = error.strerror or str(error)
            raise RefsyncError(f"{self.path}: cannot be read: {reason}", hint="the answer is not saved") from None
        self._stamp = stamp
        lines = data.split(b"\n")
        if not _is_whole(lines[-1]):  # somebody is writing it
            lines.pop()
        head = _alike(self._lines, lines)
        if head == len(lines) == len(self._lines):
            return
        tail = _alike(self._lines[: head - 1 if head else None : -1], lines[: head - 1 if head else None : -1])
        self.changes += 1
        for said in self._said[head : len(self._said) - tail]:
            self._forget(said)
        kept = self._said[len(self._said) - tail :]
        self._said[head:] = [
            self._take(raw.decode("utf-8", "replace").rstrip("\r"), number)
            for number, raw in enumerate(lines[head : len(lines) - tail], head + 1)
        ]
        for number, said in enumerate(kept, len(self._said) + 1):
            if said:
                said.line = number
        self._said += kept
        self._lines = lines

    def _forget(self, said: Said | None) -> None:
        if said and said.decision:
            self._pairs[_key(said.decision.a, said.decision.b)].remove(said)
            self._touched |= {said.decision.a, said.decision.b}
        elif said:
            self._areas[said.paper].remove(said)
            self._touched.add(said.paper)

    def _take(self, raw: str, number: int) -> Said | None:
        try:
            entry = json.loads(raw.removeprefix("\ufeff"))
            by, at = str(entry.get("by") or ""), str(entry.get("at") or "")
            if entry["kind"] == "area":
                value, paper = entry["value"], str(entry["a"])
                accepted, rejected = (_names(value.get(name, ())) for name in ("accepted", "rejected"))
                said = Said(raw, number, by, at, None, paper, accepted, rejected)
                self._areas[paper].append(said)
                self._touched.add(paper)
                return said
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        decision, _ = decision_in(raw, number)
        if not decision:
            return None
        said = Said(raw, number, by, at, decision)
        self._pairs[_key(decision.a, decision.b)].append(said)
        self._touched |= {decision.a, decision.b}
        return said

    def fingerprints(self) -> set[str]:
        """Those of the records about which anything is said."""
        return {one for pair in self.pairs() for one in pair} | {one for one, said in self._areas.items() if said}

    def take_changed(self) -> set[str]:
        """The fingerprints of records about which something else is said than when this was asked last."""
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
        self.refresh()  # one change after the other: what stays as it was is not read again
        gone = len(removed) - (remove(self.path, removed) if removed else 0)
        self.refresh()
        return gone


def _alike(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many of the first lines are the same."""
    differing = (number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(differing, min(len(old), len(new)))


def _is_whole(line: bytes) -> bool:
    """Whether the last line of a file, which has no end, is a line all the same."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _names(value: object) -> frozenset[str]:
    listed = [value] if isinstance(value, str) else value
    return (
        frozenset(name for name in listed if isinstance(name, str)) if isinstance(listed, list | tuple) else frozenset()
    )


def _key(a: str, b: str) -> tuple[str, str]:
    return (min(a, b), max(a, b))
