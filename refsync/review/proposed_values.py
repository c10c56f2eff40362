"""Values that a plan proposes for fields that records lack, and their states. The plan itself stores the states."""

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
from refsync.review.side_by_side import field_label, plain_text

ValueFilter = Literal["pending", "accepted", "rejected", "all"]
VALUE_FILTERS: tuple[ValueFilter, ...] = get_args(ValueFilter)


class FillsFile(Protocol):
    """The rows `fills` of a plan, and changes of them in the file."""

    @property
    def path(self) -> Path:
        """The plan."""

    @property
    def fills(self) -> Sequence[Row]:
        """The rows with their current states."""

    def set_fill_states(self, states: Mapping[int, State]) -> None:
        """Set states in the file, by row number."""

    def refresh(self) -> bool:
        """Take in what others have written to the file; returns whether there was anything."""


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A value that is proposed for a field.

    Attributes:
        number: of its row in the plan, from 0.
        field: the field's name.
        label: its name for people.
        text: the value.
        current: the record's own value; usually empty.
        service: the service whose record has the value.
        identifier: of that record.
        url: its web page; empty if it has none.
        found_by: what that record was found by, such as `doi` or `title`.
        probability: that the two records are the same paper, if known.
        reason: in words.
    """

    number: int
    field: str
    label: str
    text: str
    current: str
    service: str
    identifier: str
    url: str
    found_by: str
    probability: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class RecordProposals:
    """A record and the values that are proposed for it; `is_asked` if any of them was left to a person."""

    id: str
    record: Record
    title: str
    values: tuple[ProposedValue, ...]
    is_asked: bool

    @property
    def probability(self) -> float:
        """That of the least probable value."""
        return min((value.probability for value in self.values if value.probability is not None), default=1.0)


class ProposedValues:
    """All values that a plan proposes, by record.

    Attributes:
        records: the records with proposals: first those that a person is asked about, then in the order of the plan.
        revision: how often others have changed states.
    """

    def __init__(self, file: FillsFile, records: Sequence[Record]) -> None:
        """Groups the rows by record.

        Raises:
            ConfigError: a row names a record that does not exist.
        """
        self._file = file
        self.revision = 0
        by_place = {(record.source, record.index): record for record in records}
        numbers_at: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, row in enumerate(file.fills):
            place = (row["source"], row["index"])
            if place not in by_place:
                raise ConfigError(
                    f"{file.path}: fills[{number}]: {place[0]} has no record {place[1]}",
                    hint="fix that row, or make the plan again: refsync enrich ... --plan",
                )
            numbers_at[place].append(number)
        proposals = [_proposals(by_place[place], numbers, file.fills) for place, numbers in numbers_at.items()]
        self.records = sorted(proposals, key=lambda item: not item.is_asked)
        self._search_texts = {item.id: _search_text(item) for item in self.records}

    @property
    def path(self) -> Path:
        """The plan."""
        return self._file.path

    def refresh(self) -> None:
        """Take in what others have written to the plan.

        Raises:
            RefsyncError: it is damaged, or was replaced by another plan.
        """
        self.revision += self._file.refresh()

    def record(self, name: str) -> RecordProposals:
        """The record with this id.

        Raises:
            KeyError: there is none.
        """
        proposals = next((item for item in self.records if item.id == name), None)
        if proposals is None:
            raise KeyError(name)
        return proposals

    def state(self, value: ProposedValue) -> State:
        """The state of a value in the plan."""
        state: State = self._file.fills[value.number]["state"]
        return state

    def is_open(self, proposals: RecordProposals) -> bool:
        """Whether a value of the record is pending."""
        return any(self.state(value) == "pending" for value in proposals.values)

    def select(self, which: ValueFilter, search: str = "") -> list[RecordProposals]:
        """The records of a filter that contain all words of `search`."""
        words = search.casefold().split()
        matching = [item for item in self.records if all(word in self._search_texts[item.id] for word in words)]
        if which == "all":
            return matching
        return [
            item
            for item in matching
            if any(self.state(value) == which for value in item.values) or (which == "pending" and item.is_asked)
        ]

    def progress(self) -> Progress:
        """How many of the values that a person is asked about are answered."""
        rows = [row for row in self._file.fills if is_asked(row)]
        return Progress(sum(row["state"] != "pending" for row in rows), len(rows))

    def next_open(
        self, after: str, which: ValueFilter = "pending", search: str = "", skipped: Collection[str] = ()
    ) -> RecordProposals | None:
        """The next record with a pending value after the one with this id, wrapping around; skipped ones come last."""
        chosen = self.select(which, search)
        start = next((n + 1 for n, item in enumerate(chosen) if item.id == after), 0)
        ordered = [*chosen[start:], *chosen[:start]]
        waiting = [item for item in ordered if item.id != after and self.is_open(item)]
        return next(iter(sorted(waiting, key=lambda item: item.id in skipped)), None)

    def changed_states(self, proposals: RecordProposals, verdicts: Mapping[int, bool | None]) -> dict[int, State]:
        """The states that change if values are accepted (True), rejected (False) or reset to pending (None).

        A field gets one value: accepting one rejects another that was accepted before.

        Raises:
            KeyError: the record has no such value.
        """
        states: dict[int, State] = {}
        by_number = {value.number: value for value in proposals.values}
        for number, verdict in verdicts.items():
            field = by_number[number].field
            if verdict:
                rivals = (value for value in proposals.values if value.field == field and value.number != number)
                taken = [value.number for value in rivals if states.get(value.number, self.state(value)) == "accepted"]
                states |= dict.fromkeys(taken, "rejected")
            states[number] = "pending" if verdict is None else "accepted" if verdict else "rejected"
        return {number: state for number, state in states.items() if state != self.state(by_number[number])}

    def set_states(self, states: Mapping[int, State]) -> None:
        """Write states into the plan.

        Raises:
            RefsyncError: it cannot be written, or was replaced by another plan.
        """
        self.refresh()
        self._file.set_fill_states(states)


def is_asked(row: Row) -> bool:
    """Whether a value is pending, or was when it was proposed."""
    before = row.get("proposed")
    return "pending" in (row["state"], before.get("state") if isinstance(before, dict) else None)


def _proposals(record: Record, numbers: Sequence[int], rows: Sequence[Row]) -> RecordProposals:
    name = hashlib.blake2b(f"values {record.source}:{record.index}".encode(), digest_size=6).hexdigest()
    title = plain_text("title", record.get("title"), record.markup)
    proposed = next((str(rows[n]["value"]) for n in numbers if rows[n]["field"].lower() == "title"), "")
    return RecordProposals(
        id=name,
        record=record,
        title=title or proposed,
        values=tuple(_proposed_value(number, rows[number], record) for number in numbers),
        is_asked=any(is_asked(rows[number]) for number in numbers),
    )


def _proposed_value(number: int, row: Row, record: Record) -> ProposedValue:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    field, probability = row["field"].lower(), row.get("probability")
    return ProposedValue(
        number=number,
        field=field,
        label=field_label(field),
        text=row["value"],
        current=record.type if field == "type" else plain_text(field, record.get(field), record.markup),
        service=text("from"),
        identifier=text("identifier"),
        url=text("url") if text("url").startswith(("https://", "http://")) else "",
        found_by=text("by"),
        probability=float(probability) if isinstance(probability, int | float) else None,
        reason=text("why"),
    )


def _search_text(proposals: RecordProposals) -> str:
    record = proposals.record
    own = [proposals.title, plain_text("author", record.get("author"), record.markup), record.id, record.source]
    proposed = (f"{value.field} {value.text} {value.service}" for value in proposals.values)
    return "\n".join([*own, *proposed]).casefold()
