"""From the rows of a plan back to what the pipeline works with. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from refsync.decisions import FieldAnswer, FieldChoice, Remembered
from refsync.dedup.constrained_clustering import Edge, components
from refsync.dedup.results import BINS, Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.errors import ConfigError
from refsync.planning.file.plan_file import PlanFile, Row, members_of
from refsync.records import Record

if TYPE_CHECKING:  # who only looks at merges needs no areas
    from refsync.classify.model import Tagging


def proposed(plan: PlanFile, records: Sequence[Record]) -> Deduplication:
    """What the plan proposes, whatever the states, with the evidence: for those who look through it.

    Raises:
        ConfigError: the plan names a record that is not there.
    """
    at = _places(plan, records)
    return Deduplication(
        tuple(
            Cluster(tuple(sorted(_members(row, at))), _probability(row), _evidence(row, at))
            for _, row in plan.rows("merges")
        ),
        tuple(_link(row, at) for _, row in plan.rows("versions")),
        tuple(_link(row, at) for _, row in plan.rows("review")),
        _told_apart(plan),
    )


def accepted(plan: PlanFile, records: Sequence[Record]) -> Deduplication:
    """What a person accepted: merges, and pairs of the review, joined with each other; versions stay links.

    The evidence is that of the rows; nothing goes by it.

    Raises:
        ConfigError: the plan names a record that is not there, or accepts what joins records that it keeps apart.
    """
    at = _places(plan, records)
    rows = [row for part in ("merges", "review") for _, row in plan.rows(part, "accepted")]
    edges: list[Edge] = []
    for row in rows:
        first, *others = sorted(_members(row, at))
        edges += [Edge(first, other, _probability(row)) for other in others]
    groups = sorted(tuple(sorted(nodes)) for nodes in components(edges))
    home = {i: group[0] for group in groups for i in group}
    _check_apart(plan, at, home)
    weakest: dict[int, float] = {}
    for edge in edges:
        weakest[home[edge.a]] = min(edge.probability, weakest.get(home[edge.a], 1.0))
    evidence: dict[int, list[Pair]] = defaultdict(list)
    for row in rows:
        evidence[home[_members(row, at)[0]]] += _evidence(row, at)
    return Deduplication(
        tuple(Cluster(group, weakest[group[0]], tuple(evidence[group[0]])) for group in groups),
        tuple(_link(row, at) for _, row in plan.rows("versions", "accepted")),
        tuple(link for _, row in plan.rows("review", "pending") if not _together(link := _link(row, at), home)),
        _told_apart(plan),
    )


def wishes(plan: PlanFile, records: Sequence[Record]) -> Remembered:
    """What a person chose for fields, in the form in which answers are remembered."""
    at = _places(plan, records)
    found: list[FieldAnswer] = []
    for number, row in plan.rows("fields", "accepted"):
        take = row.get("take")
        members = sorted(_members(row, at))
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
        candidates = (_at(take, at, f"fields[{number}].take", plan),) if choice.source else ()
        pairs = [(members[0], other) for other in members[1:]]
        place = (str(plan.path), number + 1)
        name = f"fields[{number}]"
        found += [FieldAnswer(pair, row["field"].lower(), choice, candidates, place, name) for pair in pairs]
    return Remembered(fields=tuple(found))


def taggings(plan: PlanFile, records: Sequence[Record]) -> "Callable[[Sequence[int]], Tagging | None]":
    """Tells the areas of a paper, given as the indices of its records: of several rows all that were accepted."""
    from refsync.classify.model import Area, Tagging

    at = _places(plan, records)
    rows: dict[int, list[Row]] = defaultdict(list)
    for _, row in plan.rows("areas"):
        for i in _members(row, at):
            rows[i].append(row)

    def tagging_of(group: Sequence[int]) -> "Tagging | None":
        mine = {id(row): row for i in group for row in rows.get(i, ())}
        if not mine:
            return None
        areas: dict[str, Area] = {}
        for row in mine.values():
            for item in row.get("areas", ()):
                applied = item["applied"] and row["state"] == "accepted"
                if applied or item["area"] not in areas:
                    areas[item["area"]] = Area(item["area"], float(item.get("probability") or 0.0), applied)
        primary = next((area.area for area in areas.values() if area.applied), None)
        because = next((tuple(row.get("because") or ()) for row in mine.values()), ())
        return Tagging(tuple(areas.values()), primary, primary is None, because, "sure" if primary else "unsure")

    return tagging_of


def _check_apart(plan: PlanFile, at: Mapping[tuple[str, int], int], home: Mapping[int, int]) -> None:
    """Refuse where what is accepted joins what is rejected, or only versions of one work, or was told apart."""
    apart = [(f"merges[{number}]", "rejected", _members(row, at)) for number, row in plan.rows("merges", "rejected")]
    apart += [(f"review[{number}]", "rejected", _members(row, at)) for number, row in plan.rows("review", "rejected")]
    apart += [
        (f"versions[{number}]", "accepted", _members(row, at)) for number, row in plan.rows("versions", "accepted")
    ]
    for number, pair in enumerate(plan.content.get("apart", ())):
        apart.append((f"apart[{number}]", "an answer that was remembered", _members({"members": pair}, at)))
    for where, why, members in apart:
        homes = {home.get(i, i) for i in members}
        if len(homes) > 1:
            continue
        joining = [
            f"{part}[{number}]"
            for part in ("merges", "review")
            for number, row in plan.rows(part, "accepted")
            if home.get(next(iter(_members(row, at)))) in homes
        ]
        raise ConfigError(
            f"{plan.path}: {where} ({why}) keeps apart what {', '.join(joining)} (accepted) would join",
            hint="change the state of one of them",
        )


def _together(link: Link, home: Mapping[int, int]) -> bool:
    one, other = link.members
    return one in home and home[one] == home.get(other)


def _places(plan: PlanFile, records: Sequence[Record]) -> dict[tuple[str, int], int]:
    """Where each record is, after a check that all which the plan names are there."""
    at = {(record.source, record.index): i for i, record in enumerate(records)}
    for where, member in members_of(plan):
        _at(member, at, where, plan)
    return at


def _at(member: Mapping[str, Any], at: Mapping[tuple[str, int], int], where: str, plan: PlanFile) -> int:
    place = at.get((member["source"], member["index"]))
    if place is None:
        count = sum(source == member["source"] for source, _ in at)
        told = f"{member['source']} has {count:,} records" if count else f"{member['source']} is no input"
        raise ConfigError(f"{plan.path}: {where}: no such record: {told}", hint="make the plan anew with --plan")
    return place


def _members(row: Row, at: Mapping[tuple[str, int], int]) -> list[int]:
    return [at[member["source"], member["index"]] for member in row["members"]]


def _probability(row: Row) -> float:
    value = row.get("probability")
    return float(value) if isinstance(value, int | float) else 1.0


def _told_apart(plan: PlanFile) -> tuple[int, ...]:
    """The counts of pairs told apart; none where they are damaged, since nothing goes by them."""
    counts = plan.content.get("told_apart")
    if isinstance(counts, list) and len(counts) == BINS and all(isinstance(count, int) for count in counts):
        return tuple(counts)
    return (0,) * BINS


def _link(row: Row, at: Mapping[tuple[str, int], int]) -> Link:
    one, other = _members(row, at)[:2]
    return Link((one, other), _probability(row), str(row.get("relation") or ""), _evidence(row, at))


def _evidence(row: Row, at: Mapping[tuple[str, int], int]) -> tuple[Pair, ...]:
    """What speaks for each pair; what is damaged there is left out, since nothing goes by it."""
    members = _members(row, at)
    found = []
    for item in row.get("evidence") or ():
        try:
            fields = tuple(
                FieldEvidence(field["field"], float(field["similarity"]), float(field["weight"]))
                for field in item["fields"]
            )
            a, b = sorted((members[item["a"]], members[item["b"]]))
            vetoes = tuple(map(str, item.get("vetoes", ())))
            score = float(item["score"]) if item.get("score") is not None else None
            found.append(Pair(a, b, float(item["probability"]), fields, vetoes, bool(item.get("settled")), score))
        except (KeyError, TypeError, ValueError, IndexError):
            continue
    return tuple(found)
