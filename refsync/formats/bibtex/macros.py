"""Macros (`@string`): their bounded expansion, and values with macros that are not defined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from refsync.records import Problem, Record, Snapshot
from refsync.text.months import MONTHS
from refsync.text.whitespace import collapse_whitespace

MAX_VALUE = 1 << 16
"""How many characters the macros of one value may expand to: `s1 = s0 # s0`, `s2 = s1 # s1` ... double each time."""

MIN_TOTAL = 1 << 24
MAX_GROWTH = 32
"""All macros of a file together may expand to `MIN_TOTAL` characters, or `MAX_GROWTH` times the length of the file."""


@dataclass(frozen=True, slots=True)
class ValuePart:
    """One part of a value: text, or the name of a macro."""

    text: str
    macro: bool = False


class MacroExpression(str):
    """A value with macros that have no known value: as text with their names; `parts` is what the file has."""

    __slots__ = ("parts",)
    parts: tuple[ValuePart, ...]

    def __new__(cls, parts: Sequence[ValuePart]) -> "MacroExpression":
        """The expression of these parts."""
        value = super().__new__(cls, collapse_whitespace("".join(part.text for part in parts)))
        value.parts = tuple(parts)
        return value

    def __reduce__(self) -> tuple[type["MacroExpression"], tuple[tuple[ValuePart, ...]]]:
        return MacroExpression, (self.parts,)

    @property
    def names(self) -> tuple[str, ...]:
        """The macros without a value."""
        return tuple(part.text for part in self.parts if part.macro)


@dataclass(slots=True)
class Macros:
    """The macros of one file while it is read, which are known from their definition on.

    Attributes:
        length: of the file.
        values: by name in lower case, with white space as defined; None for one that would expand to too much.
        expanded: the length of all expansions so far.
    """

    length: int
    values: dict[str, str | None] = field(default_factory=lambda: dict(MONTHS))
    expanded: int = 0

    def expand(self, parts: Sequence[ValuePart]) -> tuple[str, list[str], list[str]]:
        """The value of these parts, and the macros in it that are not defined, and those that expand to too much.

        White space at the ends of a part stays. If a macro has no value, the value is a `MacroExpression`.
        """
        undefined: list[str] = []
        too_long: list[str] = []
        done: list[ValuePart] = []
        size = 0
        for part in parts:
            name = part.text.lower()
            if not part.macro:
                done.append(part)
            elif name not in self.values:
                undefined.append(part.text)
                done.append(part)
            else:
                value = self.values[name]
                inner = value.parts if isinstance(value, MacroExpression) else (ValuePart(value or ""),)
                added = len(value or "") + len(inner)
                if value is None or size + added > MAX_VALUE or not self._within_total(added):
                    too_long.append(part.text)
                    done.append(part)
                else:
                    size += added
                    done += inner
        if any(part.macro for part in done):
            return MacroExpression(done), undefined, too_long
        return "".join(part.text for part in done), undefined, too_long

    def _within_total(self, size: int) -> bool:
        self.expanded += size
        return self.expanded <= max(MIN_TOTAL, MAX_GROWTH * self.length)

    @property
    def defined(self) -> dict[str, str]:
        """The macros that the file defines."""
        return {name: value for name, value in self.values.items() if value is not None and MONTHS.get(name) != value}


def undefined_macro(name: str, count: int) -> str:
    """The message on a macro that is not defined."""
    times = f" (used {count} times)" if count > 1 else ""
    return f"{_undefined(name)}{times}; its name is used as its value"


def _undefined(name: str) -> str:
    return f"the macro `{name}` is not defined"


def resolve_macros(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The content of files with the macros that files before them define, as BibTeX reads several databases."""
    known: dict[str, str | None] = {}
    resolved = []
    for snapshot in snapshots:
        resolved.append(_resolved(snapshot, known) if known and snapshot.format == "bibtex" else snapshot)
        known |= snapshot.macros
    return resolved


def _resolved(snapshot: Snapshot, known: Mapping[str, str | None]) -> Snapshot:
    size = sum(len(value) for record in snapshot.records for value in record.fields.values())
    macros = Macros(size, dict(known))
    found: set[str] = set()
    records: list[Record] = []
    for record in snapshot.records:
        fields: dict[str, str] = {}
        for name, value in record.fields.items():
            if isinstance(value, MacroExpression) and not known.keys().isdisjoint(map(str.lower, value.names)):
                expanded, *missing = macros.expand(value.parts)
                found.update(set(value.names).difference(*missing))
                fields[name] = expanded if isinstance(expanded, MacroExpression) else collapse_whitespace(expanded)
        records.append(replace(record, fields={**record.fields, **fields}) if fields else record)
    if not found:
        return snapshot
    starts = tuple(f"{_undefined(name)}{end}" for name in found for end in (";", " ("))
    problems = tuple(problem for problem in snapshot.problems if not problem.message.startswith(starts))
    return replace(snapshot, records=tuple(records), problems=problems)


def too_long_macro(source: str, name: str, line: int, column: int) -> Problem:
    """The problem of a macro whose expansion is refused."""
    message = f"the macro `{name}` is not expanded: it gives more than {MAX_VALUE:,} characters, or the file too many"
    return Problem(source, message, line, column, fatal=True)
