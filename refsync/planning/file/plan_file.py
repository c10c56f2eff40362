"""Read, change and write plan files. Content that refsync does not know is kept."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from refsync.errors import ConfigError
from refsync.files import replace_file
from refsync.planning.file.options import PlanOptions

SCHEMA = "refsync.plan/1"
State = Literal["accepted", "pending", "rejected"]
STATES: tuple[State, ...] = get_args(State)
GROUPS = ("merges", "versions", "review")
PARTS = (*GROUPS, "fields", "areas", "fills")
"""The lists of proposals. Each proposal has a state; those in `GROUPS` have two or more members."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan and its path. Changes return a new value; `save` writes it."""

    path: Path
    content: Mapping[str, Any]

    def rows(self, part: str, *states: State) -> list[tuple[int, Row]]:
        """The proposals of a part, with their numbers (from 0); those in one of `states`, if any are named."""
        rows = enumerate(self.content.get(part) or ())
        return [(number, row) for number, row in rows if not states or row["state"] in states]

    @property
    def options(self) -> PlanOptions:
        """What the command that made the plan was asked to do."""
        return PlanOptions.from_json(self.content["options"])

    @property
    def base(self) -> Path:
        """The folder to which the paths in the plan are relative."""
        return self.path.parent / str(self.content.get("folder") or "")

    def with_state(self, part: str, number: int, state: State, **more: Any) -> "PlanFile":
        """The plan with one proposal in another state, and with other values if given (`areas=[...]`)."""
        rows = [*self.content[part]]
        rows[number] = {**rows[number], "state": state, **more}
        return replace(self, content={**self.content, part: rows})

    def with_choice(self, members: Sequence[Row], field: str, take: Mapping[str, Any] | None) -> "PlanFile":
        """The plan with a choice for a field of the merged record of these members; None removes the choice.

        Args:
            members: two or more, as `{"source": ..., "index": ..., "id": ...}`.
            field: the name of the field; `entrytype` for the type of the entry.
            take: `{"source": ..., "index": ...}` of the member with the chosen value, `{"text": ..., "markup": ...}` or
                `{"union": true}`.
        """
        changed = {_member_id(member) for member in members}
        rows = [
            row
            for row in self.content["fields"]
            if row["field"] != field or changed.isdisjoint(map(_member_id, row.get("members", ())))
        ]
        if take is not None:
            rows.append({"members": [dict(one) for one in members], "state": "accepted", "field": field, "take": take})
        return replace(self, content={**self.content, "fields": rows})

    def save(self) -> None:
        """Write the plan to its path, atomically.

        Raises:
            RefsyncError: it cannot be written; the file is unchanged.
        """
        replace_file(self.path, (json.dumps(self.content, ensure_ascii=False, indent=1) + "\n").encode())


def is_plan(path: str) -> bool:
    """Whether a file is a plan, judged by its beginning."""
    if not path.endswith(".json"):
        return False
    try:
        with Path(path).open("rb") as file:
            return b'"refsync.plan/' in file.read(4096)
    except OSError:
        return False


def load(path: Path) -> PlanFile:
    """The plan in a file.

    Raises:
        ConfigError: there is no such file, or it is damaged; the message names the place.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such plan", hint=_CREATE_HINT) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}", hint=_FIX_HINT) from None
    except (ValueError, RecursionError) as error:  # not UTF-8, too deep, a number of thousands of digits
        raise ConfigError(f"{path}: not JSON: {error}", hint=_FIX_HINT) from None
    try:
        _check(content)
    except ValueError as error:
        raise ConfigError(
            f"{path}: {error}", hint=error.hint if isinstance(error, _FaultError) else _FIX_HINT
        ) from None
    return PlanFile(path, content)


_CREATE_HINT = "`refsync run INPUT... -o OUT.bib --plan plan.json` creates one"
_FIX_HINT = "correct that place, or create the plan again with --plan"


class _FaultError(ValueError):
    def __init__(self, message: str, hint: str = _FIX_HINT) -> None:
        super().__init__(message)
        self.hint = hint


def _check(content: Any) -> None:
    """Check that everything that is used later exists and has the right type.

    Raises:
        _FaultError: something is missing or has the wrong type.
    """
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != SCHEMA:
        if isinstance(schema, str) and schema.startswith("refsync.plan/"):
            raise _FaultError(
                f"a plan of another version of refsync ({schema}; this one reads {SCHEMA})",
                "create it again with --plan",
            )
        raise _FaultError("not a plan of refsync" + (f" but {schema}" if schema else ""), _CREATE_HINT)
    if not isinstance(content.get("options"), dict):
        raise _FaultError("`options` is missing", _CREATE_HINT)
    _check_options(content)
    for number, item in enumerate(_list(content, "inputs")):
        _check_object(item, f"inputs[{number}]", source=str, sha256=str)
    for part in PARTS:
        for number, row in enumerate(_list(content, part)):
            _check_row(part, row, f"{part}[{number}]")
    for number, pair in enumerate(_list(content, "apart")):
        _check_members({"members": pair}, f"apart[{number}]", 2)


def _check_options(content: Mapping[str, Any]) -> None:
    options = content["options"]
    _check_object(options, "options", inputs=list)
    if not all(isinstance(name, str) for name in [*options["inputs"], *_list(options, "cites")]):
        raise _FaultError("`options.inputs` and `options.cites` must be lists of paths")
    for name in ("against", "from"):
        if not isinstance(options.get(name, ""), str):
            raise _FaultError(f"`options.{name}` must be a string")
    for name in ("output", "folder", "command"):
        if not isinstance(content.get(name) or "", str):
            raise _FaultError(f"`{name}` must be a string")
    if not isinstance(content.get("settings", {}), dict):
        raise _FaultError("`settings` must be an object")


def _check_row(part: str, row: Any, where: str) -> None:
    _check_object(row, where, state=str)
    if (state := row["state"]) not in STATES:
        near = difflib.get_close_matches(state, STATES, 1)
        known = f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(STATES)}"
        raise _FaultError(f"{where}.state: {state!r} is not a state", known)
    if part in GROUPS:
        _check_members(row, where, 2)
    elif part == "areas":
        _check_members(row, where, 1)
        for number, area in enumerate(_list(row, "areas", where)):
            _check_object(area, f"{where}.areas[{number}]", area=str, applied=bool)
    elif part == "fields":
        _check_object(row, where, field=str)
        _check_members(row, where, 1)
        if (take := row.get("take")) is not None:
            _check_take(take, f"{where}.take")
    elif part == "fills":
        _check_object(row, where, source=str, index=int, field=str, value=str)


def _check_take(take: Any, where: str) -> None:
    _check_object(take, where)
    if "text" in take:
        _check_object(take, where, text=str)
        if take.get("markup", "text") not in ("text", "latex"):
            raise _FaultError(f"{where}.markup: unknown markup {take['markup']!r}", "it is 'text' or 'latex'")
    elif not take.get("union"):
        _check_object(take, where, source=str, index=int)


def _check_members(row: Mapping[str, Any], where: str, least: int) -> None:
    members = _list(row, "members", where)
    for number, member in enumerate(members):
        _check_object(member, f"{where}.members[{number}]", source=str, index=int)
    if len({_member_id(member) for member in members}) < least:
        raise _FaultError(f"{where}.members: {len(members)} given, {least} different ones are needed")


def _list(content: Mapping[str, Any], name: str, where: str = "") -> list[Any]:
    items = content.get(name, [])
    if not isinstance(items, list):
        raise _FaultError(f"{where}{'.' if where else ''}{name}: must be a list")
    return items


def _check_object(item: Any, where: str, **kinds: type) -> None:
    """Check that the item is an object with values of these types.

    Raises:
        _FaultError: it is not.
    """
    if not isinstance(item, dict):
        raise _FaultError(f"{where}: must be an object")
    for name, kind in kinds.items():
        value = item.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            words = {str: "a string", int: "a number", bool: "true or false", list: "a list"}
            raise _FaultError(f"{where}.{name}: {'missing' if name not in item else f'must be {words[kind]}'}")


def _member_id(member: Mapping[str, Any]) -> tuple[str, int]:
    return member["source"], member["index"]


def named_members(plan: PlanFile) -> Iterator[tuple[str, Row]]:
    """Every member in the plan, each with its place in the file, such as `merges[0].members[1]`."""
    for part in (*GROUPS, "fields", "areas"):
        for number, row in plan.rows(part):
            for place, member in enumerate(row["members"]):
                yield f"{part}[{number}].members[{place}]", member
    for number, pair in enumerate(plan.content.get("apart", ())):
        for place, member in enumerate(pair):
            yield f"apart[{number}][{place}]", member
