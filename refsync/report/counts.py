"""Counts of records by source: read, kept, merged, present in the library. They add up for each source."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refsync.planning.databases import databases_of
from refsync.planning.plan import Plan
from refsync.report.lists import problems
from refsync.sources import is_remote

MAX_SOURCES = 12  # columns of the overlap; the other sources share one column
MAX_COMBINATIONS = 25  # shown, the most common first


@dataclass(frozen=True, slots=True)
class SourceFlow:
    """One source: `read` = `kept` + `merged` + `present`.

    Attributes:
        source: as the user named it.
        read: number of records.
        kept: records that no record read before them duplicates.
        merged: the other records of these papers.
        present: records whose paper is in the library already.
        alone: papers that neither another source nor the library has.
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
        library: records of the library that the others were compared with; not counted in any other number.
        sources: in the order read.
        read: records.
        merged: records removed as duplicates.
        within: of these, copies inside one source (see `origins_of`).
        between: of these, copies of a record of another source.
        present: records whose paper is in the library already.
        papers: number of papers in the result.
        works: number of papers, where versions of one work count once.
        versions: links between versions.
        review: pairs to review.
        problems: number of problems in the inputs.
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
    """The papers of each combination of sources, the most common first.

    Attributes:
        sources: the named columns.
        rest: how many further sources share one more column.
        rows: for each combination, which columns have its papers, and how many papers.
        totals: the papers of each column.
        hidden: how many combinations are not shown.
        hidden_papers: how many papers these have.
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
    kept = Counter(records[min(entry.members)].source for entry in plan.entries)
    present = Counter(records[i].source for i in plan.present)
    alone: Counter[str] = Counter()
    between = 0
    origins = origins_of(plan)
    for entry in plan.entries:
        sources = {records[i].source for i in entry.members}
        between += len({origins[i] for i in entry.members}) - 1
        if len(sources) == 1:
            alone.update(sources)
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
        problems=problems(plan).total,
    )


def origins_of(plan: Plan) -> list[str]:
    """What the copies of each record are compared by: its file, or its database where these are not the same.

    A file with records of several databases, or several files of one database, say more by database.
    """
    sources = [record.source for record in plan.records]
    databases = databases_of(plan.records)
    pairs = len({*zip(sources, databases, strict=True)})
    return sources if pairs == len({*sources}) == len({*databases}) else databases


def common_folder(counts: Flow) -> str:
    """The common folder of all sources, which a page shows once; empty if there is none."""
    names = [item.source for item in counts.sources]
    folders = {"" if is_remote(name) else name[: name.rfind("/") + 1] for name in names}
    return folders.pop() if len(folders) == 1 else ""


def _works(plan: Plan) -> int:
    """The number of papers, where papers linked as versions count once (union-find)."""
    paper_of = {member: index for index, entry in enumerate(plan.entries) for member in entry.members}
    parent = list(range(len(plan.entries)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = index = parent[parent[index]]
        return index

    works = len(parent)
    for link in plan.deduplication.versions:
        if all(member in paper_of for member in link.members):
            first, second = (root(paper_of[member]) for member in link.members)
            works -= first != second
            parent[first] = second
    return works


def overlap(plan: Plan) -> Overlap:
    """The combinations of files, or of databases, over the papers of the result and those that the library has."""
    in_library = [cluster.members for cluster in plan.deduplication.clusters if cluster.members[0] < plan.known]
    groups: list[Sequence[int]] = [*(entry.members for entry in plan.entries)]
    groups += [members for members in in_library if members[-1] >= plan.known]
    origins = origins_of(plan)
    return _overlap([frozenset(origins[i] for i in members) for members in groups], dict.fromkeys(origins))


def _overlap(sources_of: Sequence[frozenset[str]], order: Iterable[str]) -> Overlap:
    papers = Counter(source for sources in sources_of for source in sources)
    named = [source for source in order if papers[source]]
    if len(named) > MAX_SOURCES:
        most = {source for source, _ in papers.most_common(MAX_SOURCES)}
        named = [source for source in named if source in most]
    rest = len(papers) - len(named)
    combinations = Counter(
        (*(source in sources for source in named), *([not sources.issubset(named)] if rest else []))
        for sources in sources_of
    )
    rows = sorted(combinations.items(), key=lambda item: (-item[1], sum(item[0]), [not present for present in item[0]]))
    totals = tuple(sum(count for columns, count in rows if columns[index]) for index in range(len(named) + bool(rest)))
    hidden = sum(count for _, count in rows[MAX_COMBINATIONS:])
    return Overlap(
        sources=tuple(named),
        rest=rest,
        rows=tuple(rows[:MAX_COMBINATIONS]),
        totals=totals,
        hidden=max(0, len(rows) - MAX_COMBINATIONS),
        hidden_papers=hidden,
    )
