"""Field coverage before and after merging, and the venues of the papers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from refsync.planning.plan import Plan
from refsync.records import Record
from refsync.text.latex import latex_to_text
from refsync.text.venues import fold_venue

MAX_VENUES = 20  # shown, the most common first
_VENUE = ("journal", "journaltitle", "booktitle", "eventtitle")
_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("title", ("title",)),
    ("author or editor", ("author", "editor")),
    ("year", ("year", "date", "issued")),
    ("venue", _VENUE),
    ("volume", ("volume",)),
    ("pages or article number", ("pages", "eid", "articleno")),
    ("DOI", ("doi",)),
    ("another identifier", ("eprint", "arxiv", "arxivid", "pmid", "pmcid", "isbn")),
    ("abstract", ("abstract",)),
    ("keywords", ("keywords",)),
    ("link", ("url",)),
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the records read, and of the papers of the result, have a field (or an equivalent one)."""

    field: str
    records: int
    papers: int


@dataclass(frozen=True, slots=True)
class Venues:
    """Papers by venue, the most common first; `more` venues with `more_papers` papers are not listed."""

    counts: tuple[tuple[str, int], ...]
    more: int
    more_papers: int
    without: int


def completeness(plan: Plan) -> tuple[Completeness, ...]:
    """Field coverage before and after merging; areas written by a model are not counted."""
    read = plan.records[plan.known :]
    merged = [entry.merged.record for entry in plan.entries]
    return tuple(Completeness(label, _count_with(read, names), _count_with(merged, names)) for label, names in _FIELDS)


def _count_with(records: Sequence[Record], names: tuple[str, ...]) -> int:
    return sum(bool(record.get(*names).strip()) for record in records)


def venues(plan: Plan) -> Venues:
    """The venues of the papers; spellings of one venue count together, under the most common one."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    folded: dict[str, str] = {}
    for entry in plan.entries:
        if value := entry.record.get(*_VENUE):
            text = latex_to_text(value) if entry.record.markup == "latex" else value
            if text not in folded:
                folded[text] = fold_venue(text[:500]) or text
            spellings[folded[text]][text] += 1
    counts = sorted(
        ((max(found.items(), key=lambda item: (item[1], item[0]))[0], found.total()) for found in spellings.values()),
        key=lambda item: (-item[1], item[0]),
    )
    rest = counts[MAX_VENUES:]
    papers = sum(count for _, count in counts)
    return Venues(tuple(counts[:MAX_VENUES]), len(rest), sum(count for _, count in rest), len(plan.entries) - papers)
