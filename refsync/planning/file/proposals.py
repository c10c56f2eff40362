"""The proposals of a plan file as the values that the pipeline works with. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from refsync.decisions import FieldAnswer, FieldChoice, RememberedAnswers
from refsync.dedup.constrained_clustering import Edge, components
from refsync.dedup.results import BINS, Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.errors import ConfigError
from refsync.planning.file.plan_file import PlanFile, Row, named_members
from refsync.records import Record

if TYPE_CHECKING:  # merges need no area model
    from refsync.classify.model import Tagging


def proposed_deduplication(plan: PlanFile, records: Sequence[Record]) -> Deduplication:
    """All merges, versions and pairs for review in the plan, whatever their states, with the evidence.

    Raises:
        ConfigError: the plan names a record that does not exist.
    """
    index_of = _indices(plan, records)
    return Deduplication(
        tuple(
            Cluster(tuple(sorted(_members(row, index_of))), _probability(row), _evidence(row, index_of))
            for _, row in plan.rows("merges")
        ),
        tuple(_link(row, index_of) for _, row in plan.rows("versions")),
        tuple(_link(row, index_of) for _, row in plan.rows("review")),
        _distinguished_counts(plan),
    )


def accepted_deduplication(plan: PlanFile, records: Sequence[Record]) -> Deduplication:
    """The accepted merges and pairs for review, joined transitively, and the accepted versions.

    The evidence is that of the rows; it is only shown.

    Raises:
        ConfigError: the plan names a record that does not exist, or merges records that it also keeps separate.
    """
    index_of = _indices(plan, records)
    rows = [row for part in ("merges", "review") for _, row in plan.rows(part, "accepted")]
    edges: list[Edge] = []
    for row in rows:
        first, *others = sorted(_members(row, index_of))
        edges += [Edge(first, other, _probability(row)) for other in others]
    groups = sorted(tuple(sorted(nodes)) for nodes in components(edges))
    cluster_of = {i: group[0] for group in groups for i in group}
    _check_cannot_link(plan, index_of, cluster_of)
    weakest: dict[int, float] = {}
    for edge in edges:
        weakest[cluster_of[edge.a]] = min(edge.probability, weakest.get(cluster_of[edge.a], 1.0))
    evidence: dict[int, list[Pair]] = defaultdict(list)
    for row in rows:
        evidence[cluster_of[_members(row, index_of)[0]]] += _evidence(row, index_of)
    return Deduplication(
        tuple(Cluster(group, weakest[group[0]], tuple(evidence[group[0]])) for group in groups),
        tuple(_link(row, index_of) for _, row in plan.rows("versions", "accepted")),
        tuple(
            link for _, row in plan.rows("review", "pending") if not _merged(link := _link(row, index_of), cluster_of)
        ),
        _distinguished_counts(plan),
    )


def accepted_field_choices(plan: PlanFile, records: Sequence[Record]) -> RememberedAnswers:
    """The accepted choices for fields, as remembered answers."""
    index_of = _indices(plan, records)
    answers: list[FieldAnswer] = []
    for number, row in plan.rows("fields", "accepted"):
        take = row.get("take")
        members = sorted(_members(row, index_of))
        if not take or len(members) < 2:
            continue
        if "text" in take:
            choice = FieldChoice(text=take["text"], markup=take.get("markup", "text"))
        else:
            choice = (
                FieldChoice(union=True)
                if take.get("union")
                else FieldChoice(source=f"{take['source']}:{take['index']}")
            )
        candidates = (_index(take, index_of, f"fields[{number}].take", plan),) if choice.source else ()
        pairs = [(members[0], other) for other in members[1:]]
        place = (str(plan.path), number + 1)
        name = f"fields[{number}]"
        answers += [
            FieldAnswer(
                pair=pair, name=row["field"].lower(), choice=choice, candidates=candidates, place=place, row=name
            )
            for pair in pairs
        ]
    return RememberedAnswers(field_answers=tuple(answers))


def accepted_taggings(plan: PlanFile, records: Sequence[Record]) -> "Callable[[Sequence[int]], Tagging | None]":
    """A function from the indices of a paper's records to its areas: all accepted areas of its rows."""
    from refsync.classify.model import Area, Tagging

    index_of = _indices(plan, records)
    rows: dict[int, list[Row]] = defaultdict(list)
    for _, row in plan.rows("areas"):
        for i in _members(row, index_of):
            rows[i].append(row)

    def tagging_of(group: Sequence[int]) -> "Tagging | None":
        of_paper = {id(row): row for i in group for row in rows.get(i, ())}
        if not of_paper:
            return None
        areas: dict[str, Area] = {}
        for row in of_paper.values():
            for item in row.get("areas", ()):
                applied = item["applied"] and row["state"] == "accepted"
                if applied or item["area"] not in areas:
                    areas[item["area"]] = Area(item["area"], float(item.get("probability") or 0.0), applied)
        primary = next((area.area for area in areas.values() if area.applied), None)
        because = next((tuple(row.get("because") or ()) for row in of_paper.values()), ())
        return Tagging(
            areas=tuple(areas.values()),
            primary=primary,
            abstained=primary is None,
            because=because,
            band="sure" if primary else "unsure",
        )

    return tagging_of


def _check_cannot_link(plan: PlanFile, index_of: Mapping[tuple[str, int], int], cluster_of: Mapping[int, int]) -> None:
    """Check that no accepted merge joins rejected pairs, versions of one work, or pairs answered as not duplicates.

    Raises:
        ConfigError: one does.
    """
    cannot_link = [
        (f"merges[{number}]", "rejected", _members(row, index_of)) for number, row in plan.rows("merges", "rejected")
    ]
    cannot_link += [
        (f"review[{number}]", "rejected", _members(row, index_of)) for number, row in plan.rows("review", "rejected")
    ]
    cannot_link += [
        (f"versions[{number}]", "accepted", _members(row, index_of))
        for number, row in plan.rows("versions", "accepted")
    ]
    for number, pair in enumerate(plan.content.get("apart", ())):
        cannot_link.append((f"apart[{number}]", "a remembered answer", _members({"members": pair}, index_of)))
    for where, why, members in cannot_link:
        clusters = {cluster_of.get(i, i) for i in members}
        if len(clusters) > 1:
            continue
        joining = [
            f"{part}[{number}]"
            for part in ("merges", "review")
            for number, row in plan.rows(part, "accepted")
            if cluster_of.get(next(iter(_members(row, index_of)))) in clusters
        ]
        raise ConfigError(
            f"{plan.path}: {where} ({why}) keeps records separate that {', '.join(joining)} (accepted) would merge",
            hint="change the state of one of them",
        )


def _merged(link: Link, cluster_of: Mapping[int, int]) -> bool:
    """Whether a cluster has both members of a link."""
    one, other = link.members
    return one in cluster_of and cluster_of[one] == cluster_of.get(other)


def _indices(plan: PlanFile, records: Sequence[Record]) -> dict[tuple[str, int], int]:
    """The index of each record by source and number, after a check that every record in the plan exists."""
    index_of = {(record.source, record.index): i for i, record in enumerate(records)}
    for where, member in named_members(plan):
        _index(member, index_of, where, plan)
    return index_of


def _index(member: Mapping[str, Any], index_of: Mapping[tuple[str, int], int], where: str, plan: PlanFile) -> int:
    index = index_of.get((member["source"], member["index"]))
    if index is None:
        count = sum(source == member["source"] for source, _ in index_of)
        reason = f"{member['source']} has {count:,} records" if count else f"{member['source']} is no input"
        raise ConfigError(f"{plan.path}: {where}: no such record: {reason}", hint="create the plan again with --plan")
    return index


def _members(row: Row, index_of: Mapping[tuple[str, int], int]) -> list[int]:
    return [index_of[member["source"], member["index"]] for member in row["members"]]


def _probability(row: Row) -> float:
    value = row.get("probability")
    return float(value) if isinstance(value, int | float) else 1.0


def _distinguished_counts(plan: PlanFile) -> tuple[int, ...]:
    """The counts of pairs judged different; zeros where they are damaged, since they are only shown."""
    counts = plan.content.get("told_apart")
    if isinstance(counts, list) and len(counts) == BINS and all(isinstance(count, int) for count in counts):
        return tuple(counts)
    return (0,) * BINS


def _link(row: Row, index_of: Mapping[tuple[str, int], int]) -> Link:
    one, other = _members(row, index_of)[:2]
    return Link((one, other), _probability(row), str(row.get("relation") or ""), _evidence(row, index_of))


def _evidence(row: Row, index_of: Mapping[tuple[str, int], int]) -> tuple[Pair, ...]:
    """The evidence for each pair; damaged evidence is left out, since it is only shown."""
    members = _members(row, index_of)
    pairs = []
    for item in row.get("evidence") or ():
        try:
            fields = tuple(
                FieldEvidence(field["field"], float(field["similarity"]), float(field["weight"]))
                for field in item["fields"]
            )
            a, b = sorted((members[item["a"]], members[item["b"]]))
            vetoes = tuple(map(str, item.get("vetoes", ())))
            score = float(item["score"]) if item.get("score") is not None else None
            pairs.append(
                Pair(
                    a=a,
                    b=b,
                    probability=float(item["probability"]),
                    fields=fields,
                    vetoes=vetoes,
                    score=score,
                )
            )
        except (KeyError, TypeError, ValueError, IndexError):
            continue
    return tuple(pairs)
