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

from refsync.classify.settings import AreaAnswer
from refsync.records import Problem

SCHEMA = "refsync.decision/1"
FILE_NAME = "refsync-decisions.jsonl"

Kind = Literal["same", "not-duplicate", "version-of"]
"""What may be answered about a pair. (`area` answers are about one record: see `read_area_answers`.)"""


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


def read_area_answers(path: Path) -> tuple[dict[str, AreaAnswer], list[Problem]]:
    """What people said of areas, by the fingerprint of the paper, and the lines that could not be read.

    A line is `{"schema": "refsync.decision/1", "kind": "area", "a": FINGERPRINT, "value": {"accepted": [AREA, ...],
    "rejected": [AREA, ...]}, ...}`; of the two lists one may be missing, and a text stands for a list of one. An area
    that is accepted in one line and rejected in another counts as neither. Other kinds of lines are not looked at.
    """
    if not path.is_file():
        return {}, []
    said: dict[str, dict[str, tuple[bool, int]]] = defaultdict(dict)
    contradicted: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
        try:
            entry = json.loads(line) if line.strip() else {}
            if not isinstance(entry, dict) or entry.get("kind") != "area":
                continue
            paper, areas = str(entry["a"]), _areas(entry["value"])
        except (ValueError, KeyError, TypeError) as error:
            if '"area"' in line:
                message = f"not an answer about areas ({error}); not obeyed"
                problems.append(Problem(str(path), message, number, kind="note"))
            continue
        for area, accepted in areas:
            earlier, where = said[paper].setdefault(area, (accepted, number))
            if earlier != accepted and (paper, area) not in contradicted:
                contradicted.add((paper, area))
                words = ("accepts", "rejects") if accepted else ("rejects", "accepts")
                message = f"{words[0]} {area!r} where line {where} {words[1]} it; neither is obeyed"
                problems.append(Problem(str(path), message, number, kind="note"))
    answers = {
        paper: AreaAnswer(
            *(
                frozenset(a for a, (yes, _) in areas.items() if yes == kind and (paper, a) not in contradicted)
                for kind in (True, False)
            )
        )
        for paper, areas in said.items()
    }
    return answers, problems


def _areas(value: object) -> list[tuple[str, bool]]:
    if not isinstance(value, dict) or not value.keys() & {"accepted", "rejected"}:
        raise ValueError("`value` must be an object with `accepted` or `rejected`")
    found = []
    for name, accepted in (("accepted", True), ("rejected", False)):
        listed = value.get(name, [])
        for area in [listed] if isinstance(listed, str) else listed:
            if not isinstance(area, str):
                raise TypeError(f"{area!r} is no area")
            found.append((area, accepted))
    return found
