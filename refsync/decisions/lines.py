"""The lines of a file of decisions: what each says, and how one is written."""

import getpass
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from refsync.records import Markup, Problem

SCHEMA = "refsync.decision/1"
FILE_NAME = "refsync-decisions.jsonl"

Kind = Literal["same", "not-duplicate", "version-of"]
"""What may be answered about a pair. (`area` answers are about one record: see `read_area_answers`.)"""

Relation = Literal["preprint-of", "conference-version-of", "variant-of"]
"""How the record `a` of a `version-of` line relates to `b`."""


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_:.+/-]*")


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """What a merged record is to have in a field.

    One of three: the value of the record with the fingerprint `source`, all words of a list (`union`), or a `text` of a
    person's own, written in `markup`; an empty one leaves the field out.
    """

    source: str = ""
    text: str | None = None
    markup: Markup = "text"
    union: bool = False

    @property
    def value(self) -> dict[str, Any]:
        """As it stands in a line."""
        if self.union:
            return {"union": True}
        return {"text": self.text, "markup": self.markup} if self.text is not None else {"from": self.source}


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer about two records, named by their fingerprints.

    `fields` are choices for the record that a `same` makes of them; `relation` is how `a`, the earlier form, relates to
    `b`, where it is said. `score` is what the pair model gave when the question was asked, in natural-log odds before
    calibration, and `model` its name; None and empty where nobody noted it. `vetoes` are the rules that held the two
    apart.
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


def as_line(
    kind: Kind | Literal["area"],
    a: str,
    b: str = "",
    *,
    keys: Sequence[str] = (),
    value: Mapping[str, Any] | None = None,
    by: str = "",
    at: datetime | None = None,
) -> str:
    """A line for the file, without its end.

    Args:
        kind: what is answered.
        a: the fingerprint of one record (of a `version-of` that names its relation, of the earlier form).
        b: that of the other; empty for `area`.
        keys: their ids, so that people can read the file; nothing goes by them.
        value: more of the answer: see docs/answers.md.
        by: who answers; empty for the name of the user's account.
        at: when; now if it isn't given.
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


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that have something on them, with their numbers; none where there is no file.

    A line ends in a newline, and nowhere else: JSON may hold what other counts take for the end of one.
    """
    if path.is_file():
        for number, line in enumerate(path.read_bytes().decode("utf-8-sig", "replace").split("\n"), 1):
            if line.strip():
                yield number, line


def read_decisions(path: Path) -> tuple[list[Decision], list[Problem]]:
    """The answers about pairs in a file (none where there is no file), and the lines that could not be read."""
    decisions: list[Decision] = []
    problems: list[Problem] = []
    for number, line in lines_of(path):
        decision, faults = decision_in(line, number)
        if decision:
            decisions.append(decision)
        problems += (Problem(str(path), fault, number, kind="note") for fault in faults)
    return decisions, problems


def decision_in(line: str, number: int = 0) -> tuple[Decision | None, list[str]]:
    """The answer about a pair that a line is, and what is wrong with it; None where it is none, or one about areas."""
    try:
        entry = json.loads(line)
        kind = entry["kind"]
        if kind not in get_args(Kind):
            return None, [] if kind == "area" else [f"unknown kind of decision {kind!r}; not obeyed"]
        value = entry.get("value")
        said = value if isinstance(value, dict) else {}
        fields, faults = _fields(said.get("fields"))
        relation = said.get("relation") or ""
        if relation and relation not in get_args(Relation):
            faults.append(f"unknown relation {relation!r}; linked without it")
            relation = ""
        decision = Decision(
            kind,
            str(entry["a"]),
            str(entry["b"]),
            number,
            relation if kind == "version-of" else "",
            fields if kind == "same" else (),
            _number(said.get("score")),
            str(said.get("model") or ""),
            tuple(map(str, said.get("vetoes") or ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return None, [f"not a decision ({_why(error)}); not obeyed"]
    return decision, faults


def _why(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _fields(said: object) -> tuple[tuple[tuple[str, FieldChoice], ...], list[str]]:
    """The choices for fields that a line has, and what is wrong with others."""
    if said is None:
        return (), []
    if not isinstance(said, dict):
        return (), ["`value.fields` must be an object; the choices are not obeyed"]
    found, faults = [], []
    for name, choice in said.items():
        try:
            found.append((name.lower(), _choice(name, choice)))
        except ValueError as error:
            faults.append(f"the choice for {name!r}: {error}; not obeyed")
    return tuple(sorted(found, key=lambda item: item[0])), faults


def _choice(name: str, said: object) -> FieldChoice:
    if not _NAME.fullmatch(name):
        raise ValueError("no name of a field")
    if not isinstance(said, dict) or len(said.keys() & {"from", "text", "union"}) != 1:
        raise ValueError("it must be an object with one of `from`, `text`, `union`")
    if said.get("union"):
        return FieldChoice(union=True)
    if isinstance(text := said.get("text"), str):
        markup = said.get("markup", "text")
        if markup not in get_args(Markup):
            raise ValueError(f"unknown markup {markup!r}")
        if name == "entrytype" and not text.isidentifier():
            raise ValueError(f"{text!r} is no type of an entry")
        return FieldChoice(text=text, markup=markup)
    if isinstance(source := said.get("from"), str) and source:
        return FieldChoice(source=source)
    raise ValueError("`from` must be a fingerprint, `text` a text, `union` true")
