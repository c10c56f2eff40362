"""The decisions file during a review: its lines by record, reread as soon as anybody changes it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path

from refsync.decisions import Decision, append, remove
from refsync.decisions.lines import parse_decision
from refsync.errors import RefsyncError


@dataclass(slots=True, eq=False)
class DecisionLine:
    """One answer in the file, about a pair of records or about the areas of one paper.

    Attributes:
        raw: the line as it is in the file.
        number: its current line number; it changes when earlier lines are removed.
        by: who answered.
        at: when, as ISO 8601.
        decision: the answer about a pair; None if the line is about areas.
        paper: the fingerprint of the paper that the areas are about.
        accepted: its areas.
        rejected: areas that it does not have.
    """

    raw: str
    number: int
    by: str
    at: str
    decision: Decision | None = None
    paper: str = ""
    accepted: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()

    @property
    def who(self) -> str:
        """Who answered and when, as far as known, such as `ann on 2031-05-01`."""
        return " on ".join(part for part in (self.by, self.at[:10]) if part) or "somebody"


class DecisionsFile:
    """The answers in a file, by the records that they are about.

    `refresh` reads what anybody has written to the file since: the lines between unchanged ones. `revision` counts how
    often there was something new.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.revision = 0
        self._lines: list[bytes] = []
        self._parsed: list[DecisionLine | None] = []
        self._stamp: tuple[int, int] | None = None
        self._touched: set[str] = set()
        self._pairs: dict[tuple[str, str], list[DecisionLine]] = defaultdict(list)
        self._areas: dict[str, list[DecisionLine]] = defaultdict(list)
        self.refresh()

    def refresh(self) -> None:
        """Read what has changed since the last call.

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
        head = _common_prefix(self._lines, lines)
        if head == len(lines) == len(self._lines):
            return
        tail = _common_prefix(self._lines[: head - 1 if head else None : -1], lines[: head - 1 if head else None : -1])
        self.revision += 1
        for line in self._parsed[head : len(self._parsed) - tail]:
            self._remove(line)
        kept = self._parsed[len(self._parsed) - tail :]
        self._parsed[head:] = [
            self._add(raw.decode("utf-8", "replace").rstrip("\r"), number)
            for number, raw in enumerate(lines[head : len(lines) - tail], head + 1)
        ]
        for number, line in enumerate(kept, len(self._parsed) + 1):
            if line:
                line.number = number
        self._parsed += kept
        self._lines = lines

    def _remove(self, line: DecisionLine | None) -> None:
        if line and line.decision:
            self._pairs[_key(line.decision.a, line.decision.b)].remove(line)
            self._touched |= {line.decision.a, line.decision.b}
        elif line:
            self._areas[line.paper].remove(line)
            self._touched.add(line.paper)

    def _add(self, raw: str, number: int) -> DecisionLine | None:
        try:
            entry = json.loads(raw.removeprefix("\ufeff"))
            by, at = str(entry.get("by") or ""), str(entry.get("at") or "")
            if entry["kind"] == "area":
                value, paper = entry["value"], str(entry["a"])
                accepted, rejected = (_names(value.get(name, ())) for name in ("accepted", "rejected"))
                line = DecisionLine(raw, number, by, at, paper=paper, accepted=accepted, rejected=rejected)
                self._areas[paper].append(line)
                self._touched.add(paper)
                return line
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        decision, _ = parse_decision(raw, number)
        if not decision:
            return None
        line = DecisionLine(raw, number, by, at, decision=decision)
        self._pairs[_key(decision.a, decision.b)].append(line)
        self._touched |= {decision.a, decision.b}
        return line

    def fingerprints(self) -> set[str]:
        """The fingerprints of all records that the file has an answer about."""
        return {one for pair in self.pairs() for one in pair} | {one for one, lines in self._areas.items() if lines}

    def take_changed(self) -> set[str]:
        """The fingerprints of records whose answers have changed since the last call."""
        touched, self._touched = self._touched, set()
        return touched

    def pair_lines(self, fingerprints: Iterable[str]) -> list[DecisionLine]:
        """The answers about any two of these records, in the order of the file."""
        pairs = combinations_with_replacement(sorted(set(fingerprints)), 2)
        return sorted((line for pair in pairs for line in self._pairs.get(pair, ())), key=lambda line: line.number)

    def area_lines(self, fingerprints: Collection[str]) -> list[DecisionLine]:
        """The answers about the areas of a paper, in the order of the file."""
        lines = (line for one in dict.fromkeys(fingerprints) for line in self._areas.get(one, ()))
        return sorted(lines, key=lambda line: line.number)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """All pairs of fingerprints that somebody has answered about."""
        yield from (pair for pair, lines in self._pairs.items() if lines)

    def replace(self, removed: Sequence[str], added: Sequence[str]) -> int:
        """Add lines and remove others; returns how many of the latter were already gone.

        New lines are added first, so that an interruption in between loses no answer.

        Raises:
            RefsyncError: the file cannot be written.
        """
        self.refresh()
        append(self.path, added)
        self.refresh()  # after each change, so that unchanged lines are not parsed again
        missing = len(removed) - (remove(self.path, removed) if removed else 0)
        self.refresh()
        return missing


def _common_prefix(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many lines at the beginning are the same."""
    differing = (number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(differing, min(len(old), len(new)))


def _is_whole(line: bytes) -> bool:
    """Whether the last line of a file is complete although it has no line feed."""
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
