"""Read people's answers about the areas of papers."""

import json
from collections import defaultdict
from pathlib import Path

from refsync.classify.settings import AreaAnswer
from refsync.decisions.lines import numbered_lines
from refsync.records import Problem


def read_area_answers(path: Path) -> tuple[dict[str, AreaAnswer], list[Problem]]:
    """The answers about areas, by the fingerprint of the paper, and problems for the lines that could not be read.

    A line is `{"schema": "refsync.decision/1", "kind": "area", "a": FINGERPRINT, "value": {"accepted": [AREA, ...],
    "rejected": [AREA, ...]}, ...}`; one of the two lists may be missing, and a string counts as a list of one. An
    area that is accepted in one line and rejected in another counts as neither. Other kinds of lines are skipped.
    """
    answered: dict[str, dict[str, tuple[bool, int]]] = defaultdict(dict)
    contradicted: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    for number, line in numbered_lines(path):
        try:
            entry = json.loads(line)
            if not isinstance(entry, dict) or entry.get("kind") != "area":
                continue
            paper, areas = str(entry["a"]), _areas(entry["value"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if '"area"' in line:
                message = f"not an answer about areas ({error}); ignored"
                problems.append(Problem(str(path), message, number, kind="note"))
            continue
        for area, accepted in areas:
            earlier, earlier_line = answered[paper].setdefault(area, (accepted, number))
            if earlier != accepted and (paper, area) not in contradicted:
                contradicted.add((paper, area))
                words = ("accepts", "rejects") if accepted else ("rejects", "accepts")
                message = f"{words[0]} {area!r}, but line {earlier_line} {words[1]} it; both are ignored"
                problems.append(Problem(str(path), message, number, kind="note"))
    answers = {
        paper: AreaAnswer(
            *(
                frozenset(
                    a for a, (accepted, _) in areas.items() if accepted == kind and (paper, a) not in contradicted
                )
                for kind in (True, False)
            )
        )
        for paper, areas in answered.items()
    }
    return answers, problems


def _areas(value: object) -> list[tuple[str, bool]]:
    if not isinstance(value, dict) or not value.keys() & {"accepted", "rejected"}:
        raise ValueError("`value` must be an object with `accepted` or `rejected`")
    answers = []
    for name, accepted in (("accepted", True), ("rejected", False)):
        listed = value.get(name, [])
        for area in [listed] if isinstance(listed, str) else listed:
            if not isinstance(area, str):
                raise TypeError(f"{area!r} is not an area")
            answers.append((area, accepted))
    return answers
