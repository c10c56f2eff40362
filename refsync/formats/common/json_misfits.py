"""Reads what is sound in a JSON object of which some member has another type than its format says."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from refsync.records import Record

FAULTS = (AttributeError, KeyError, IndexError, TypeError, ValueError)
"""What reading a member of another type raises."""
_MAX_MEMBERS = 200  # of an object that is searched
_MAX_DEPTH = 3
_MAX_TEXT = 10_000  # characters of a member that are kept
_NO_NAME = re.compile(r"[^a-z0-9-]+")


@dataclass(slots=True)
class Budget:
    """How many more times objects of a file are read again to find a misfit."""

    left: int = 50_000


def field_name(path: str) -> str:
    """The name of a field for a member at a path (`metadata.creators`)."""
    return _NO_NAME.sub("-", path.lower()).strip("-")


def fitting_record(
    item: Mapping[str, Any], to_record: Callable[[dict[str, Any]], Record], budget: Budget
) -> tuple[Record, dict[str, str]] | None:
    """The record of what is sound in an object, and the JSON text of the members that are not, by path.

    The largest sound part is found member by member: first those of plain types, to which lists and objects are added
    one at a time. None if nothing is left that could be read.
    """

    def attempt(part: dict[str, Any]) -> Record | None:
        budget.left -= 1
        try:
            return to_record(part)
        except FAULTS:
            return None

    misfits: dict[str, Any] = {}
    sound = _sound_part(dict(item), attempt, misfits, budget, 0)
    record = attempt(sound) if sound else None
    if sound is None or record is None or not misfits or not record.fields:
        return None
    return record, {path: json.dumps(value, ensure_ascii=False)[:_MAX_TEXT] for path, value in misfits.items()}


def _sound_part(
    item: dict[str, Any],
    attempt: Callable[[dict[str, Any]], Record | None],
    misfits: dict[str, Any],
    budget: Budget,
    depth: int,
) -> dict[str, Any] | None:
    if len(item) > _MAX_MEMBERS or budget.left < len(item):
        return None
    for name, value in item.items():  # nearly always it is one member
        rest = {other: one for other, one in item.items() if other != name}
        if attempt(rest) is not None:
            inner = _within(value, lambda part, name=name: attempt(item | {name: part}), budget, depth)  # type: ignore[misc]
            if inner is None:
                misfits[name] = value
                return rest
            part, found = inner
            misfits.update({f"{name}.{path}": one for path, one in found.items()})
            return item | {name: part}
    whole = [name for name, value in item.items() if not isinstance(value, (list, dict))]
    part = {name: item[name] for name in whole}
    if attempt(part) is None:
        return _only_member(item, attempt, misfits, budget, depth)
    for name, value in item.items():
        if name in part:
            continue
        if budget.left > 0 and attempt(part | {name: value}) is not None:
            part[name] = value
        else:
            misfits[name] = value
    return {name: part[name] for name in item if name in part}


def _only_member(
    item: dict[str, Any],
    attempt: Callable[[dict[str, Any]], Record | None],
    misfits: dict[str, Any],
    budget: Budget,
    depth: int,
) -> dict[str, Any] | None:
    """The object with a misfit left out of the one member that has everything (`metadata`, `data`)."""
    for name, value in item.items():
        inner = _within(value, lambda part, name=name: attempt(item | {name: part}), budget, depth)  # type: ignore[misc]
        if inner is not None:
            part, found = inner
            misfits.update({f"{name}.{path}": one for path, one in found.items()})
            return item | {name: part}
    return None


def _within(
    value: Any, attempt: Callable[[dict[str, Any]], Record | None], budget: Budget, depth: int
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    if not isinstance(value, dict) or depth >= _MAX_DEPTH:
        return None
    misfits: dict[str, Any] = {}
    part = _sound_part(value, attempt, misfits, budget, depth + 1)
    return None if part is None or not misfits or attempt(part) is None else (part, misfits)
