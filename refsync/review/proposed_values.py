"""Values that a plan proposes for what records lack, and what people say of them. The plan itself keeps the states."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, get_args

from refsync.errors import ConfigError
from refsync.planning.file import State
from refsync.planning.file.plan_file import Row
from refsync.records import Record
from refsync.review.queue import Progress
from refsync.review.side_by_side import label_of, shown

Shown = Literal["pending", "accepted", "rejected", "all"]
SHOWN: tuple[Shown, ...] = get_args(Shown)


class Fills(Protocol):
    """The rows `fills` of a plan, in the file."""

    @property
    def path(self) -> Path:
        """The plan."""

    @property
    def fills(self) -> Sequence[Row]:
        """The rows as they are."""

    def fill(self, states: Mapping[int, State]) -> None:
        """Set states in the file, by the number of the row."""

    def refresh(self) -> bool:
        """Take in what somebody else wrote to the file; whether there was anything."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is proposed for a field.

    Attributes:
        number: of its row in the plan, from 0.
        field: its name.
        label: what people call it.
        text: the value.
        has: what the record has there; empty as a rule.
        service: whose record has it.
        identifier: of that record.
        url: where a person finds that record; empty if that is no page of the web.
        by: by what it was found.
        probability: that it is the same paper, if that is known.
        why: in words.
    """

    number: int
    field: str
    label: str
    text: str
    has: str
    service: str
    identifier: str
    url: str
    by: str
    probability: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """A record that lacks something, and the values that are proposed; `asked` if any was left to a person."""

    id: str
    record: Record
    title: str
    values: tuple[Value, ...]
    asked: bool

    @property
    def probability(self) -> float:
        """Of the least sure value."""
        return min((value.probability for value in self.values if value.probability is not None), default=1.0)


class Values:
    """What a plan proposes to fill: first where a person is asked, then in the order of the plan.

    `changes` counts how often somebody else changed states.
    """

    def __init__(self, fills: Fills, records: Sequence[Record]) -> None:
        """Sort the rows by record.

        Raises:
            ConfigError: a row names a record that is not there.
        """
        self._fills = fills
        self.changes = 0
        at = {(record.source, record.index): record for record in records}
        of: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, row in enumerate(fills.fills):
            place = (row["source"], row["index"])
            if place not in at:
                raise ConfigError(
                    f"{fills.path}: fills[{number}]: {place[0]} has no record {place[1]}",
                    hint="mend that row, or make the plan anew: refsync enrich ... --plan",
                )
            of[place].append(number)
        gaps = [_gaps(at[place], numbers, fills.fills) for place, numbers in of.items()]
        self.gaps = sorted(gaps, key=lambda item: not item.asked)
        self._words = {item.id: _haystack(item) for item in self.gaps}

    @property
    def path(self) -> Path:
        """The plan."""
        return self._fills.path

    def refresh(self) -> None:
        """Take in what somebody else wrote to the plan.

        Raises:
            RefsyncError: it is damaged, or another plan by now.
        """
        self.changes += self._fills.refresh()

    def named(self, name: str) -> Gaps:
        """The record of this id.

        Raises:
            KeyError: there is none.
        """
        found = next((item for item in self.gaps if item.id == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def state(self, value: Value) -> State:
        """What the plan says of a value."""
        state: State = self._fills.fills[value.number]["state"]
        return state

    def is_open(self, gaps: Gaps) -> bool:
        """Whether a value of the record waits for an answer."""
        return any(self.state(value) == "pending" for value in gaps.values)

    def select(self, which: Shown, search: str = "") -> list[Gaps]:
        """The records of a filter that have all these words."""
        wanted = search.casefold().split()
        found = [item for item in self.gaps if all(word in self._words[item.id] for word in wanted)]
        if which == "all":
            return found
        return [
            item
            for item in found
            if any(self.state(value) == which for value in item.values) or (which == "pending" and item.asked)
        ]

    def progress(self) -> Progress:
        """How many of the values that a person is asked about have an answer, and how many there are."""
        rows = [row for row in self._fills.fills if is_asked(row)]
        return Progress(sum(row["state"] != "pending" for row in rows), len(rows))

    def next_open(
        self, after: str, which: Shown = "pending", search: str = "", skipped: Collection[str] = ()
    ) -> Gaps | None:
        """The next record with a value that waits, from the beginning again at the end; skipped ones come last."""
        chosen = self.select(which, search)
        start = next((n + 1 for n, item in enumerate(chosen) if item.id == after), 0)
        ordered = [*chosen[start:], *chosen[:start]]
        waiting = [item for item in ordered if item.id != after and self.is_open(item)]
        return next(iter(sorted(waiting, key=lambda item: item.id in skipped)), None)

    def judged(self, gaps: Gaps, verdicts: Mapping[int, bool | None]) -> dict[int, State]:
        """The states that change when values are accepted (True), rejected (False) or put back (None).

        A field gets one value: who accepts another one rejects the one before.

        Raises:
            KeyError: the record has no such value.
        """
        states: dict[int, State] = {}
        of = {value.number: value for value in gaps.values}
        for number, verdict in verdicts.items():
            field = of[number].field
            if verdict:
                rivals = (value for value in gaps.values if value.field == field and value.number != number)
                taken = [value.number for value in rivals if states.get(value.number, self.state(value)) == "accepted"]
                states |= dict.fromkeys(taken, "rejected")
            states[number] = "pending" if verdict is None else "accepted" if verdict else "rejected"
        return {number: state for number, state in states.items() if state != self.state(of[number])}

    def set(self, states: Mapping[int, State]) -> None:
        """Write states into the plan.

        Raises:
            RefsyncError: it cannot be written, or is another plan by now.
        """
        self.refresh()
        self._fills.fill(states)


def is_asked(row: Row) -> bool:
    """Whether a value was proposed as pending, or is."""
    before = row.get("proposed")
    return "pending" in (row["state"], before.get("state") if isinstance(before, dict) else None)


def _gaps(record: Record, numbers: Sequence[int], rows: Sequence[Row]) -> Gaps:
    name = hashlib.blake2b(f"values {record.source}:{record.index}".encode(), digest_size=6).hexdigest()
    title = shown("title", record.get("title"), record.markup)
    proposed = next((str(rows[n]["value"]) for n in numbers if rows[n]["field"].lower() == "title"), "")
    values = tuple(_value(number, rows[number], record) for number in numbers)
    return Gaps(name, record, title or proposed, values, any(is_asked(rows[number]) for number in numbers))


def _value(number: int, row: Row, record: Record) -> Value:
    told = {name: str(row.get(name) or "") for name in ("from", "identifier", "url", "by", "why")}
    url = told["url"] if told["url"].startswith(("https://", "http://")) else ""
    field, probability = row["field"].lower(), row.get("probability")
    has = record.type if field == "type" else shown(field, record.get(field), record.markup)
    return Value(
        number, field, label_of(field), row["value"], has, told["from"], told["identifier"], url, told["by"],
        float(probability) if isinstance(probability, int | float) else None, told["why"],
    )  # fmt: skip


def _haystack(gaps: Gaps) -> str:
    record = gaps.record
    said = [gaps.title, shown("author", record.get("author"), record.markup), record.id, record.source]
    return "\n".join([*said, *(f"{value.field} {value.text} {value.service}" for value in gaps.values)]).casefold()
