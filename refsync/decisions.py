"""Remembered answers of people: one JSON object a line in `refsync-decisions.jsonl` beside the library.

A decision names records by their fingerprint, so that it survives renamed keys and moved files. Files of several
people merge by concatenation: the same answer twice is one answer, and answers that contradict each other are
reported and not obeyed.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from refsync.records import Problem

SCHEMA = "refsync.decision/1"
FILE_NAME = "refsync-decisions.jsonl"

Kind = Literal["same", "not-duplicate", "version-of"]
"""What may be answered about a pair. (`area` answers are about one record and concern the classifier.)"""


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer about two records, named by their fingerprints."""

    kind: Kind
    a: str
    b: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answers that concern the records of a run, as pairs of their indices, the smaller first."""

    same: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()
    versions: tuple[tuple[int, int], ...] = ()


NOTHING_REMEMBERED = Remembered()


def read_decisions(path: Path) -> tuple[list[Decision], list[Problem]]:
    """The answers about pairs in a file (none where there is no file), and the lines that could not be read."""
    if not path.is_file():
        return [], []
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            kind = entry["kind"]
            if kind in get_args(Kind):
                decisions.append(Decision(kind, str(entry["a"]), str(entry["b"]), number))
            elif kind != "area":
                problems.append(
                    Problem(str(path), f"unknown kind of decision {kind!r}; not obeyed", number, kind="note")
                )
        except (ValueError, KeyError, TypeError) as error:
            problems.append(Problem(str(path), f"not a decision ({error}); not obeyed", number, kind="note"))
    return decisions, problems


def recall(decisions: Iterable[Decision], fingerprints: Sequence[str], source: str) -> tuple[Remembered, list[Problem]]:
    """What the decisions say of these records; contradictions are problems and count for neither side."""
    where: dict[str, list[int]] = defaultdict(list)
    for index, fingerprint in enumerate(fingerprints):
        where[fingerprint].append(index)
    answers: dict[tuple[int, int], Decision] = {}
    contradicted: set[tuple[int, int]] = set()
    problems: list[Problem] = []
    for decision in decisions:
        for i in where.get(decision.a, ()):
            for j in where.get(decision.b, ()):
                pair = (min(i, j), max(i, j))
                earlier = answers.setdefault(pair, decision)
                if i != j and earlier.kind != decision.kind and pair not in contradicted:
                    contradicted.add(pair)
                    message = (
                        f"says {decision.kind!r} where line {earlier.line} says {earlier.kind!r}; neither is obeyed"
                    )
                    problems.append(Problem(source, message, decision.line, kind="note"))
    obeyed: dict[str, list[tuple[int, int]]] = {"same": [], "not-duplicate": [], "version-of": []}
    for pair, decision in sorted(answers.items()):
        if pair not in contradicted and pair[0] != pair[1]:
            obeyed[decision.kind].append(pair)
    return Remembered(*map(tuple, obeyed.values())), problems
