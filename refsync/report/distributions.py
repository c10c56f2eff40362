"""Distributions of papers over areas and years, of groups over sizes, of pairs over probabilities."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from refsync.classify.taxonomy import readable
from refsync.dedup.results import BINS
from refsync.planning.plan import Entry, Plan
from refsync.records import Record

MAX_SERIES = 6  # areas in the distribution over years
MAX_PERIODS = 30  # on the axis of years
OTHER, NONE, ALL = "other areas", "no area", "papers"
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_STEPS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How many papers have an area; a paper may have several."""

    area: str
    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class Areas:
    """The areas, the most common first; `untagged` papers have none. `papers` is 0 if no model was applied."""

    counts: tuple[AreaCount, ...]
    papers: int
    untagged: int


@dataclass(frozen=True, slots=True)
class Years:
    """Papers by year (or by `step` years) and first area; `counts` has one number per series for each period."""

    series: tuple[str, ...]
    periods: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    step: int
    undated: int


@dataclass(frozen=True, slots=True)
class Size:
    """The number of papers made of `records` records each."""

    records: int
    papers: int


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Pairs by probability, `BINS` counts each: merged, linked as versions, to review, and judged different.

    `same` and `review` are the thresholds.
    """

    merged: tuple[int, ...]
    versions: tuple[int, ...]
    asked: tuple[int, ...]
    different: tuple[int, ...]
    same: float
    review: float


def year_of(record: Record) -> int:
    """The year of a record; 0 if it has none."""
    match = _YEAR.search(record.get("year", "date", "issued"))
    return int(match[1]) if match else 0


def areas(plan: Plan) -> Areas:
    """How many papers have each area."""
    tagged = [entry.tagging for entry in plan.entries if entry.tagging]
    counts = tuple(AreaCount(area, readable(area), papers) for area, papers in plan.areas.items())
    return Areas(counts, len(tagged), sum(not tagging.primary for tagging in tagged))


def years(entries: Sequence[Entry]) -> Years:
    """Papers over the years, by their first area if a model was applied."""
    dated = [(year, entry) for entry in entries if (year := year_of(entry.record))]
    known = [year for year, _ in dated]
    if not known:
        return Years(series=(), periods=(), counts=(), step=1, undated=len(entries))
    first, last = min(known), max(known)
    step = next((step for step in _STEPS if (last - first) // step < MAX_PERIODS), _STEPS[-1])
    first -= first % step
    tagged = any(entry.tagging for _, entry in dated)
    primary = Counter(entry.tagging.primary for _, entry in dated if entry.tagging and entry.tagging.primary)
    shown = [area for area, _ in sorted(primary.items(), key=lambda item: (-item[1], item[0]))[:MAX_SERIES]]
    names = (*shown, *([OTHER] if len(primary) > len(shown) else []), *([NONE] if tagged else [ALL]))

    def series(entry: Entry) -> str:
        area = entry.tagging.primary if entry.tagging else None
        if not area:
            return names[-1]
        return area if area in shown else OTHER

    counts = Counter(((year - first) // step, series(entry)) for year, entry in dated)
    periods = range((last - first) // step + 1)
    return Years(
        series=names,
        periods=tuple(_period(first + number * step, step) for number in periods),
        counts=tuple(tuple(counts[number, name] for name in names) for number in periods),
        step=step,
        undated=len(entries) - len(known),
    )


def _period(first: int, step: int) -> str:
    return str(first) if step == 1 else f"{first}–{first + step - 1}"


def sizes(entries: Sequence[Entry]) -> tuple[Size, ...]:
    """How many papers are made of one record, of two, ..."""
    counts = Counter(len(entry.members) for entry in entries)
    return tuple(Size(records, papers) for records, papers in sorted(counts.items()))


def probabilities(plan: Plan, same: float, review: float) -> Probabilities:
    """The pairs that joined a group, were linked, are to review, or were judged different."""
    found = plan.deduplication
    return Probabilities(
        merged=_histogram([pair.probability for cluster in found.clusters for pair in cluster.evidence]),
        versions=_histogram([link.probability for link in found.versions]),
        asked=_histogram([link.probability for link in found.review]),
        different=found.different,
        same=same,
        review=review,
    )


def _histogram(values: Sequence[float]) -> tuple[int, ...]:
    counts = Counter(min(int(value * BINS), BINS - 1) for value in values)
    return tuple(counts[number] for number in range(BINS))
