"""Lists of a report: merges with the values they chose from, versions, and pairs to review.

A list is cut off where it has too many items, or too much text, for one page; the ledger of a run has them all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from refsync.dedup.results import Link
from refsync.dedup.vetoes import meaning
from refsync.planning.plan import Entry, Plan
from refsync.records import Problem, Record
from refsync.text.latex import latex_to_text

MAX_ITEMS = 200  # of one list
MAX_LIST_CHARACTERS = 400_000
MAX_VALUE_CHARACTERS = 300
MAX_RECORDS = 6  # of one merge, side by side
MAX_FIELDS = 3  # with the most evidence for or against a pair

NOTES = ("columns", "note")
"""The kinds of problems that are none: nothing was lost."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The first items of a list of `total` items."""

    items: tuple[T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record in one line: its place, title, people, year and venue."""

    place: str
    title: str
    people: str
    year: str
    venue: str


@dataclass(frozen=True, slots=True)
class MergedField:
    """One field of a merge: each record's value, which of them were taken, and the result.

    `joined`: the result has parts of several values. `asked`: the field is to review.
    """

    field: str
    values: tuple[str, ...]
    taken: tuple[bool, ...]
    result: str
    joined: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class MergeDetails:
    """A merge: the fields whose values differ or are missing in some records, and the names of the equal ones.

    `more` records are not shown.
    """

    key: str
    title: str
    probability: float
    places: tuple[str, ...]
    rows: tuple[MergedField, ...]
    equal: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PairDetails:
    """Two records that are linked or to review, with the reasons."""

    one: RecordLine
    other: RecordLine
    probability: float
    relation: str
    reasons: tuple[str, ...]
    fields: tuple[tuple[str, float], ...]


def merges(plan: Plan) -> Listed[MergeDetails]:
    """The merges, the least probable first."""
    probability = {cluster.members: cluster.probability for cluster in plan.deduplication.clusters}
    merged = [entry for entry in plan.entries if len(entry.members) > 1]
    merged.sort(key=lambda entry: (probability[entry.members], entry.members))
    return _listed((_merge(plan.records, entry, probability[entry.members]) for entry in merged), len(merged))


def _merge(records: Sequence[Record], entry: Entry, probability: float) -> MergeDetails:
    members = [records[i] for i in entry.members]
    merged = entry.merged
    survivor = (merged.record.source, merged.record.index)
    members.sort(
        key=lambda record: (record.source, record.index) != survivor
    )  # the record that the result is based on comes first
    origins = {*merged.origin.values()}
    members[1:] = sorted(members[1:], key=lambda record: (record.source, record.index) not in origins)
    shown = members[:MAX_RECORDS]
    passed_over = {name for name, *_ in merged.not_chosen}
    rows, equal = [], []
    for name in ("type", *dict.fromkeys(name for record in members for name in record.fields)):
        values = [_field(record, name) for record in members]
        if not any(values):
            continue
        if len({*values}) == 1:
            equal.append(name)
            continue
        joined = name not in passed_over and len({*filter(None, values)}) > 1
        taken = [merged.origin.get(name) == (record.source, record.index) or (joined and value != "")
                 for record, value in zip(members, values, strict=True)]  # fmt: skip
        result = merged.record.type if name == "type" else merged.record.fields.get(name, "")
        cut = [_cut(value) for value in values[: len(shown)]]
        rows.append(
            MergedField(
                field=name,
                values=tuple(cut),
                taken=tuple(taken[: len(shown)]),
                result=_cut(result),
                joined=joined,
                asked=name in merged.asked,
            )
        )
    title = record_line(merged.record).title
    return MergeDetails(
        key=entry.record.id,
        title=title,
        probability=probability,
        places=tuple(map(place_of, shown)),
        rows=tuple(rows),
        equal=tuple(equal),
        more=len(members) - len(shown),
    )


def _field(record: Record, name: str) -> str:
    return record.type if name == "type" else record.fields.get(name, "").strip()


def review(plan: Plan) -> Listed[PairDetails]:
    """The pairs to review, the most uncertain (nearest to even odds) first."""
    links = sorted(plan.deduplication.review, key=lambda link: (abs(link.probability - 0.5), link.members))
    return _pairs(plan.records, links)


def versions(plan: Plan) -> Listed[PairDetails]:
    """The pairs linked as versions of one work."""
    return _pairs(plan.records, plan.deduplication.versions)


def problems(plan: Plan) -> Listed[Problem]:
    """The problems in the inputs: what was lost, misread or used twice."""
    found = [problem for problem in plan.problems if problem.kind not in NOTES]
    return Listed(tuple(found[:MAX_ITEMS]), len(found))


def notes(plan: Plan) -> Listed[Problem]:
    """How the inputs were understood, where nothing was lost."""
    found = [problem for problem in plan.problems if problem.kind in NOTES]
    return Listed(tuple(found[:MAX_ITEMS]), len(found))


def _pairs(records: Sequence[Record], links: Sequence[Link]) -> Listed[PairDetails]:
    return _listed((_pair(records, link) for link in links), len(links))


def _pair(records: Sequence[Record], link: Link) -> PairDetails:
    one, other = (record_line(records[i]) for i in link.members)
    vetoes = dict.fromkeys(veto for pair in link.evidence for veto in pair.vetoes)
    fields = sorted((field for pair in link.evidence for field in pair.fields), key=lambda field: -abs(field.weight))
    return PairDetails(
        one=one,
        other=other,
        probability=link.probability,
        relation=link.relation,
        reasons=tuple(meaning(veto) for veto in vetoes),
        fields=tuple((field.field, field.weight) for field in fields[:MAX_FIELDS]),
    )


def record_line(record: Record) -> RecordLine:
    """A record in one line, as plain text."""

    def text(*names: str) -> str:
        value = record.get(*names)
        return _cut(latex_to_text(value) if record.markup == "latex" else value)

    names = text("author", "editor").split(" and ")
    people = " and ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    venue = text("journal", "journaltitle", "booktitle", "publisher")
    return RecordLine(
        place=place_of(record),
        title=text("title") or "(no title)",
        people=people,
        year=text("year", "date"),
        venue=venue,
    )


def place_of(record: Record) -> str:
    """The place of a record: its source and its id, or its line if it has no id."""
    return f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 1] + "…"


def _listed(items: Iterable[T], total: int) -> Listed[T]:
    return Listed(tuple(_limited(items)), total)


def _limited(items: Iterable[T]) -> Iterator[T]:
    """The items that fit on the page; the length of `repr` measures the text of an item."""
    room = MAX_LIST_CHARACTERS
    for count, item in enumerate(items):
        room -= len(repr(item))
        if count >= MAX_ITEMS or (room < 0 and count):
            return
        yield item
