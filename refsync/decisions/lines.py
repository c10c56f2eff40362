"""The lines of a file of decisions: parsed and formatted."""

import getpass
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from refsync.dedup.relations import Relation
from refsync.records import Markup, Problem

SCHEMA = "refsync.decision/1"
FILE_NAME = "refsync-decisions.jsonl"

Kind = Literal["same", "not-duplicate", "version-of"]
"""The possible answers about a pair. (`area` answers are about one record: see `read_area_answers`.)"""

"""How the record `a` of a `version-of` line relates to `b`."""


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_:.+/-]*")


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A person's choice for a field of a merged record.

    One of three: the value of the record with the fingerprint `source`, the union of the members' lists (`union`), or a
    `text` that the person typed, in `markup`; an empty text leaves the field out.
    """

    source: str = ""
    text: str | None = None
    markup: Markup = "text"
    union: bool = False

    @property
    def value(self) -> dict[str, Any]:
        """The choice as JSON in a line."""
        if self.union:
            return {"union": True}
        return {"text": self.text, "markup": self.markup} if self.text is not None else {"from": self.source}


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer about a pair of records.

    Attributes:
        kind: the answer; `same` is a must-link, `not-duplicate` and `version-of` are cannot-links.
        a: the fingerprint of one record; the earlier form where `relation` is given.
        b: that of the other.
        line: the number of the line, counted from 1; 0 where it is from no file.
        relation: how `a` relates to `b`; empty where the line has none.
        fields: choices for the fields of the merged record.
        score: the pair model's natural-log odds before calibration, when the question was asked; None if not recorded.
        model: the name of that model; empty if not recorded.
        vetoes: the rules that kept the pair separate.
    """

    kind: Kind
    a: str
    b: str
    line: int = 0
    relation: str = ""
    fields: tuple[tuple[str, FieldChoice], ...] = ()
    score: float | None = None
    model: str = ""
    vetoes: tuple[str, ...] = ()


def format_decision(
    kind: Kind | Literal["area"],
    a: str,
    b: str = "",
    *,
    keys: Sequence[str] = (),
    value: Mapping[str, Any] | None = None,
    by: str = "",
    at: datetime | None = None,
) -> str:
    """A line for the file, without line end.

    Args:
        kind: the answer.
        a: the fingerprint of one record (the earlier form, if a `version-of` names its relation).
        b: that of the other; empty for `area`.
        keys: the ids of the records, for people who read the file; programs ignore them.
        value: details of the answer, see docs/answers.md.
        by: who answered; empty for the name of the user's account.
        at: when; None for now.
    """
    line: dict[str, Any] = {"schema": SCHEMA, "kind": kind, "a": a}
    if b:
        line["b"] = b
    line["keys"] = list(keys)
    if value:
        line["value"] = value
    line["by"] = by or _account()
    line["at"] = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    return json.dumps(line, ensure_ascii=False)


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no account of that number, as in a container
        return "unknown"


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The non-empty lines of a file with their numbers, counted from 1; none where there is no file.

    Only a newline ends a line: JSON may contain other characters that `str.splitlines` counts as line ends.
    """
    if path.is_file():
        for number, line in enumerate(path.read_bytes().decode("utf-8-sig", "replace").split("\n"), 1):
            if line.strip():
                yield number, line


def read_decisions(path: Path) -> tuple[list[Decision], list[Problem]]:
    """The answers about pairs in a file (none where there is no file), and a problem for each fault in its lines."""
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for number, line in numbered_lines(path):
        decision, faults = parse_decision(line, number)
        if decision:
            decisions.append(decision)
        problems += (Problem(str(path), fault, number, kind="note") for fault in faults)
    return decisions, problems


def parse_decision(line: str, number: int = 0) -> tuple[Decision | None, list[str]]:
    """The answer about a pair in a line (None if damaged or an `area` answer), and messages about its faults."""
    try:
        entry = json.loads(line)
        kind = entry["kind"]
        if kind not in get_args(Kind):
            return None, [] if kind == "area" else [f"unknown kind of decision {kind!r}; ignored"]
        value = entry.get("value")
        details = value if isinstance(value, dict) else {}
        fields, faults = _field_choices(details.get("fields"))
        relation = details.get("relation") or ""
        if relation and relation not in get_args(Relation):
            faults.append(f"unknown relation {relation!r}; linked without a relation")
            relation = ""
        decision = Decision(
            kind=kind,
            a=str(entry["a"]),
            b=str(entry["b"]),
            line=number,
            relation=relation if kind == "version-of" else "",
            fields=fields if kind == "same" else (),
            score=_finite_number(details.get("score")),
            model=str(details.get("model") or ""),
            vetoes=tuple(map(str, details.get("vetoes") or ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return None, [f"not a decision ({_reason(error)}); ignored"]
    return decision, faults


def _reason(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _finite_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _field_choices(value: object) -> tuple[tuple[tuple[str, FieldChoice], ...], list[str]]:
    """The valid choices for fields in a line, and messages about the others."""
    if value is None:
        return (), []
    if not isinstance(value, dict):
        return (), ["`value.fields` must be an object; the choices are ignored"]
    choices, faults = [], []
    for name, choice in value.items():
        try:
            choices.append((name.lower(), _choice(name, choice)))
        except ValueError as error:
            faults.append(f"the choice for {name!r}: {error}; ignored")
    return tuple(sorted(choices, key=lambda item: item[0])), faults


def _choice(name: str, value: object) -> FieldChoice:
    if not _NAME.fullmatch(name):
        raise ValueError("not a field name")
    if not isinstance(value, dict) or len(value.keys() & {"from", "text", "union"}) != 1:
        raise ValueError("it must be an object with one of `from`, `text`, `union`")
    if value.get("union"):
        return FieldChoice(union=True)
    if isinstance(text := value.get("text"), str):
        markup = value.get("markup", "text")
        if markup not in get_args(Markup):
            raise ValueError(f"unknown markup {markup!r}")
        if name == "entrytype" and not text.isidentifier():
            raise ValueError(f"{text!r} is not an entry type")
        return FieldChoice(text=text, markup=markup)
    if isinstance(source := value.get("from"), str) and source:
        return FieldChoice(source=source)
    raise ValueError("`from` must be a fingerprint, `text` a string, `union` true")
