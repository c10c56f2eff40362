"""Counts: what was read, from where, and what became of it. They add up, source by source."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refsync.planning.plan import Plan

COLUMNS = 12  # sources that the overlap tells apart; the rest count as one
COMBINATIONS = 25  # shown, the commonest first


@dataclass(frozen=True, slots=True)
class SourceFlow:
    """One source: `read` = `kept` + `merged` + `present`.

    Attributes:
        source: as the user named it.
        read: its records.
        kept: those that a paper of the result carries on.
        merged: those that went into a record of a paper that is kept.
        present: those whose paper the library has.
        alone: papers that no other source has, nor the library.
    """

    source: str
    read: int
    kept: int
    merged: int
    present: int
    alone: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The numbers of a flow diagram: `read` = `papers` + `merged` + `present`, `merged` = `within` + `between`.

    Attributes:
        library: records of the library that the others were held against; not counted in any other number.
        sources: in the order read.
        read: records.
        merged: records removed as duplicates.
        within: of these, the copies inside one source.
        between: of these, the copies of a record of another source.
        present: records whose paper the library has.
        papers: of the result.
        works: papers, where versions of one work count once.
        versions: links between versions.
        review: pairs that a person should judge.
        problems: found in the inputs.
    """

    library: int
    sources: tuple[SourceFlow, ...]
    read: int
    merged: int
    within: int
    between: int
    present: int
    papers: int
    works: int
    versions: int
    review: int
    problems: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many papers each combination of sources has, the commonest first; `totals` are those of each column.

    `rest` counts the sources beyond the first `COLUMNS`, which stand together in the last column where there are any;
    `hidden` are combinations not shown, and `hidden_papers` theirs.
    """

    sources: tuple[str, ...]
    rest: int
    rows: tuple[tuple[tuple[bool, ...], int], ...]
    totals: tuple[int, ...]
    hidden: int = 0
    hidden_papers: int = 0


def flow(plan: Plan) -> Flow:
    """The counts of a plan."""
    records = plan.records
    read = Counter(record.source for record in records[plan.known :])
    kept = Counter(entry.merged.record.source for entry in plan.entries)
    present = Counter(records[i].source for i in plan.present)
    alone: Counter[str] = Counter()
    between = 0
    for entry in plan.entries:
        having = {records[i].source for i in entry.members}
        between += len(having) - 1
        if len(having) == 1:
            alone.update(having)
    return Flow(
        library=plan.known,
        sources=tuple(
            SourceFlow(
                source=source,
                read=count,
                kept=kept[source],
                merged=count - kept[source] - present[source],
                present=present[source],
                alone=alone[source],
            )
            for source, count in read.items()
        ),
        read=plan.read,
        merged=plan.merged,
        within=plan.merged - between,
        between=between,
        present=len(plan.present),
        papers=len(plan.entries),
        works=_works(plan),
        versions=len(plan.deduplication.versions),
        review=len(plan.deduplication.review),
        problems=len(plan.problems),
    )


def _works(plan: Plan) -> int:
    """Papers less those that hang together with another one as versions."""
    paper = {member: place for place, entry in enumerate(plan.entries) for member in entry.members}
    parent = list(range(len(plan.entries)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = place = parent[parent[place]]
        return place

    works = len(parent)
    for link in plan.deduplication.versions:
        if all(member in paper for member in link.members):
            one, other = (root(paper[member]) for member in link.members)
            works -= one != other
            parent[one] = other
    return works


def overlap(plan: Plan) -> Overlap:
    """Who had what, over the papers of the result and those that the library has already."""
    records = plan.records
    found = [cluster.members for cluster in plan.deduplication.clusters if cluster.members[0] < plan.known]
    groups: list[Sequence[int]] = [*(entry.members for entry in plan.entries)]
    groups += [members for members in found if members[-1] >= plan.known]
    having = [frozenset(records[i].source for i in members) for members in groups]
    return _table(having, dict.fromkeys(record.source for record in records))


def _table(having: Sequence[frozenset[str]], order: Iterable[str]) -> Overlap:
    papers = Counter(source for sources in having for source in sources)
    named = [source for source in order if papers[source]]
    if len(named) > COLUMNS:
        most = {source for source, _ in papers.most_common(COLUMNS)}
        named = [source for source in named if source in most]
    rest = len(papers) - len(named)
    combinations = Counter(
        (*(source in sources for source in named), *([not sources.issubset(named)] if rest else []))
        for sources in having
    )
    rows = sorted(combinations.items(), key=lambda item: (-item[1], sum(item[0]), [not one for one in item[0]]))
    totals = tuple(sum(count for having, count in rows if having[place]) for place in range(len(named) + bool(rest)))
    hidden = sum(count for _, count in rows[COMBINATIONS:])
    return Overlap(
        sources=tuple(named),
        rest=rest,
        rows=tuple(rows[:COMBINATIONS]),
        totals=totals,
        hidden=max(0, len(rows) - COMBINATIONS),
        hidden_papers=hidden,
    )
