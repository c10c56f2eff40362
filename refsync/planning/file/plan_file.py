"""Reading, changing and writing plan files. What a program or a person put there beside what is known here stays."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from refsync.errors import ConfigError
from refsync.files import replace_file

SCHEMA = "refsync.plan/1"
State = Literal["accepted", "pending", "rejected"]
STATES: tuple[State, ...] = get_args(State)
GROUPS = ("merges", "versions", "review")
PARTS = (*GROUPS, "fields", "areas", "fills")
"""The lists of proposals. Each has a state; those of `GROUPS` have members, two or more."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan and where it stands. Changing it gives another one; `save` writes it."""

    path: Path
    content: Mapping[str, Any]

    def rows(self, part: str, *states: State) -> list[tuple[int, Row]]:
        """The proposals of a part, with their numbers (from 0); those in one of `states`, if any are named."""
        rows = enumerate(self.content.get(part) or ())
        return [(number, row) for number, row in rows if not states or row["state"] in states]

    @property
    def options(self) -> Mapping[str, Any]:
        """What the command was told: inputs, `against`, ..."""
        options: Mapping[str, Any] = self.content["options"]
        return options

    @property
    def base(self) -> Path:
        """The folder from which the paths in the plan start."""
        return self.path.parent / str(self.content.get("folder") or "")

    def with_state(self, part: str, number: int, state: State, **more: Any) -> "PlanFile":
        """The same with one proposal in another state, and perhaps with other values (`areas=[...]`)."""
        rows = [*self.content[part]]
        rows[number] = {**rows[number], "state": state, **more}
        return replace(self, content={**self.content, part: rows})

    def with_choice(self, members: Sequence[Row], field: str, take: Mapping[str, Any] | None) -> "PlanFile":
        """The same with a choice for a field of the record that these members are merged into; None takes it back.

        Args:
            members: two or more of them, as `{"source": ..., "index": ..., "id": ...}`.
            field: its name; `entrytype` for the type of the entry.
            take: `{"source": ..., "index": ...}` of the member whose value is wanted, `{"text": ..., "markup": ...}` or
                `{"union": true}`.
        """
        names = {_named(member) for member in members}
        rows = [
            row
            for row in self.content["fields"]
            if row["field"] != field or names.isdisjoint(map(_named, row.get("members", ())))
        ]
        if take is not None:
            rows.append({"members": [dict(one) for one in members], "state": "accepted", "field": field, "take": take})
        return replace(self, content={**self.content, "fields": rows})

    def save(self) -> None:
        """Write the plan to its place, in one step.

        Raises:
            RefsyncError: it cannot be written; the file is as it was.
        """
        replace_file(self.path, (json.dumps(self.content, ensure_ascii=False, indent=1) + "\n").encode())


def is_plan(path: str) -> bool:
    """Whether a file that the user named is a plan, by its beginning."""
    if not path.endswith(".json"):
        return False
    try:
        with Path(path).open("rb") as file:
            return b'"refsync.plan/' in file.read(4096)
    except OSError:
        return False


def load(path: Path) -> PlanFile:
    """Read a plan.

    Raises:
        ConfigError: there is none, or it is damaged; the message names the place.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such plan", hint=_REMEDY) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise ConfigError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}", hint=_MEND) from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: not JSON: {error}", hint=_MEND) from None
    try:
        _check(content)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}", hint=error.hint if isinstance(error, _FaultError) else _MEND) from None
    return PlanFile(path, content)


_REMEDY = "`refsync run INPUT... -o OUT.bib --plan plan.json` makes one"
_MEND = "mend that place, or make the plan anew with --plan"


class _FaultError(ValueError):
    def __init__(self, message: str, hint: str = _MEND) -> None:
        super().__init__(message)
        self.hint = hint


def _check(content: Any) -> None:
    """Whether all that is used later is there and of the right shape.

    Raises:
        _FaultError: it isn't.
    """
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != SCHEMA:
        if isinstance(schema, str) and schema.startswith("refsync.plan/"):
            raise _FaultError(
                f"a plan of another refsync ({schema}; this one knows {SCHEMA})", "make it anew with --plan"
            )
        raise _FaultError("no plan of refsync" + (f" but {schema}" if schema else ""), _REMEDY)
    if not isinstance(content.get("options"), dict):
        raise _FaultError("it does not say what to carry out (`options` is missing)", _REMEDY)
    _check_options(content)
    for number, item in enumerate(_list(content, "inputs")):
        _of(item, f"inputs[{number}]", source=str, sha256=str)
    for part in PARTS:
        for number, row in enumerate(_list(content, part)):
            _check_row(part, row, f"{part}[{number}]")
    for number, pair in enumerate(_list(content, "apart")):
        _check_members({"members": pair}, f"apart[{number}]", 2)


def _check_options(content: Mapping[str, Any]) -> None:
    options = content["options"]
    _of(options, "options", inputs=list)
    if not all(isinstance(name, str) for name in [*options["inputs"], *_list(options, "cites")]):
        raise _FaultError("`options.inputs` and `options.cites` must be lists of paths")
    for name in ("against", "from"):
        if not isinstance(options.get(name, ""), str):
            raise _FaultError(f"`options.{name}` must be a text")
    for name in ("output", "folder", "command"):
        if not isinstance(content.get(name) or "", str):
            raise _FaultError(f"`{name}` must be a text")
    if not isinstance(content.get("settings", {}), dict):
        raise _FaultError("`settings` must be an object")


def _check_row(part: str, row: Any, where: str) -> None:
    _of(row, where, state=str)
    if (state := row["state"]) not in STATES:
        near = difflib.get_close_matches(state, STATES, 1)
        known = f"did you mean {near[0]!r}?" if near else f"one of: {', '.join(STATES)}"
        raise _FaultError(f"{where}.state: {state!r} is no state", known)
    if part in GROUPS:
        _check_members(row, where, 2)
    elif part == "areas":
        _check_members(row, where, 1)
        for number, area in enumerate(_list(row, "areas", where)):
            _of(area, f"{where}.areas[{number}]", area=str, applied=bool)
    elif part == "fields":
        _of(row, where, field=str)
        _check_members(row, where, 1)
        if (take := row.get("take")) is not None:
            _check_take(take, f"{where}.take")
    elif part == "fills":
        _of(row, where, source=str, index=int, field=str, value=str)


def _check_take(take: Any, where: str) -> None:
    _of(take, where)
    if "text" in take:
        _of(take, where, text=str)
        if take.get("markup", "text") not in ("text", "latex"):
            raise _FaultError(f"{where}.markup: {take['markup']!r} is none", "it is 'text' or 'latex'")
    elif not take.get("union"):
        _of(take, where, source=str, index=int)


def _check_members(row: Mapping[str, Any], where: str, least: int) -> None:
    members = _list(row, "members", where)
    for number, member in enumerate(members):
        _of(member, f"{where}.members[{number}]", source=str, index=int)
    if len({_named(member) for member in members}) < least:
        raise _FaultError(f"{where}.members: {len(members)} where {least} are needed, none twice")


def _list(content: Mapping[str, Any], name: str, where: str = "") -> list[Any]:
    found = content.get(name, [])
    if not isinstance(found, list):
        raise _FaultError(f"{where}{'.' if where else ''}{name}: must be a list")
    return found


def _of(item: Any, where: str, **kinds: type) -> None:
    """The item must be an object with these values."""
    if not isinstance(item, dict):
        raise _FaultError(f"{where}: must be an object")
    for name, kind in kinds.items():
        value = item.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            words = {str: "a text", int: "a number", bool: "true or false", list: "a list"}
            raise _FaultError(f"{where}.{name}: {'missing' if name not in item else f'must be {words[kind]}'}")


def _named(member: Mapping[str, Any]) -> tuple[str, int]:
    return member["source"], member["index"]


def members_of(plan: PlanFile) -> Iterator[tuple[str, Row]]:
    """Every member that the plan names, with the place in the file."""
    for part in (*GROUPS, "fields", "areas"):
        for number, row in plan.rows(part):
            for place, member in enumerate(row["members"]):
                yield f"{part}[{number}].members[{place}]", member
    for number, pair in enumerate(plan.content.get("apart", ())):
        for place, member in enumerate(pair):
            yield f"apart[{number}][{place}]", member
