"""Lists to read: every merge with what it chose from, versions, and the pairs that a person should judge.

A list ends where it has too many items, or too much text, for one page; the ledger of a run has them all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from refsync.dedup.results import Link
from refsync.dedup.vetoes import meaning
from refsync.planning.plan import Entry, Plan
from refsync.records import Problem, Record
from refsync.text.latex import latex_to_text

ITEMS = 200  # of one list
LETTERS = 400_000  # of one list, together
VALUE = 300  # letters of one value
COLUMNS = 6  # records of one merge side by side
SPEAKING = 3  # fields that speak loudest for or against a pair

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The first items of a list that has `total` of them."""

    items: tuple[T, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One record in a line: where it is from, and what it is."""

    place: str
    title: str
    people: str
    year: str
    venue: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a merge: each record's value, which of them were taken, and what became of it.

    `joined` where the result has parts of several.
    """

    field: str
    values: tuple[str, ...]
    taken: tuple[bool, ...]
    result: str
    joined: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class MergeShown:
    """A merge: fields whose values differ or are lacking somewhere, and the names of those that are equal.

    `more` records are not shown for want of room.
    """

    key: str
    title: str
    probability: float
    places: tuple[str, ...]
    rows: tuple[Row, ...]
    equal: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PairShown:
    """Two records that are linked, or that a person should judge, and why."""

    one: Shown
    other: Shown
    probability: float
    relation: str
    reasons: tuple[str, ...]
    fields: tuple[tuple[str, float], ...]


def merges(plan: Plan) -> Listed[MergeShown]:
    """The merges, the least sure first."""
    sure = {cluster.members: cluster.probability for cluster in plan.deduplication.clusters}
    merged = [entry for entry in plan.entries if len(entry.members) > 1]
    merged.sort(key=lambda entry: (sure[entry.members], entry.members))
    return _listed((_merge(plan.records, entry, sure[entry.members]) for entry in merged), len(merged))


def _merge(records: Sequence[Record], entry: Entry, probability: float) -> MergeShown:
    members = [records[i] for i in entry.members]
    merged = entry.merged
    survivor = (merged.record.source, merged.record.index)
    members.sort(key=lambda record: (record.source, record.index) != survivor)  # what became of it stands beside it
    origins = {*merged.origin.values()}
    members[1:] = sorted(members[1:], key=lambda record: (record.source, record.index) not in origins)
    shown = members[:COLUMNS]
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
            Row(
                field=name,
                values=tuple(cut),
                taken=tuple(taken[: len(shown)]),
                result=_cut(result),
                joined=joined,
                asked=name in merged.asked,
            )
        )
    title = shown_record(merged.record).title
    return MergeShown(
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


def review(plan: Plan) -> Listed[PairShown]:
    """The pairs for a person, the most doubtful (nearest to even odds) first."""
    links = sorted(plan.deduplication.review, key=lambda link: (abs(link.probability - 0.5), link.members))
    return _pairs(plan.records, links)


def versions(plan: Plan) -> Listed[PairShown]:
    """The versions of one work."""
    return _pairs(plan.records, plan.deduplication.versions)


def problems(plan: Plan) -> Listed[Problem]:
    """What looks wrong in the inputs."""
    return Listed(plan.problems[:ITEMS], len(plan.problems))


def _pairs(records: Sequence[Record], links: Sequence[Link]) -> Listed[PairShown]:
    return _listed((_pair(records, link) for link in links), len(links))


def _pair(records: Sequence[Record], link: Link) -> PairShown:
    one, other = (shown_record(records[i]) for i in link.members)
    vetoes = dict.fromkeys(veto for pair in link.evidence for veto in pair.vetoes)
    fields = sorted((field for pair in link.evidence for field in pair.fields), key=lambda field: -abs(field.weight))
    return PairShown(
        one=one,
        other=other,
        probability=link.probability,
        relation=link.relation,
        reasons=tuple(meaning(veto) for veto in vetoes),
        fields=tuple((field.field, field.weight) for field in fields[:SPEAKING]),
    )


def shown_record(record: Record) -> Shown:
    """A record as a line for people."""

    def text(*names: str) -> str:
        value = record.get(*names)
        return _cut(latex_to_text(value) if record.markup == "latex" else value)

    names = text("author", "editor").split(" and ")
    people = " and ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    venue = text("journal", "journaltitle", "booktitle", "publisher")
    return Shown(
        place=place_of(record),
        title=text("title") or "(no title)",
        people=people,
        year=text("year", "date"),
        venue=venue,
    )


def place_of(record: Record) -> str:
    """How a person finds a record: its source and its id there, or the line where it has none."""
    return f"{record.source}:{record.line}" if record.id.startswith("#") else f"{record.source}:{record.id}"


def _cut(text: str) -> str:
    return text if len(text) <= VALUE else text[: VALUE - 1] + "…"


def _listed(items: Iterable[T], total: int) -> Listed[T]:
    return Listed(tuple(_within(items)), total)


def _within(items: Iterable[T]) -> Iterator[T]:
    """As many as a page bears: `repr` is a good measure of how much text an item shows."""
    room = LETTERS
    for count, item in enumerate(items):
        room -= len(repr(item))
        if count >= ITEMS or (room < 0 and count):
            return
        yield item
