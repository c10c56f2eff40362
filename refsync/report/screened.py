"""Papers of a plan and the records with which a screening tool says what people decided about them. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from refsync.dedup.settings import DedupSettings
from refsync.planning.plan import Plan
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
from refsync.text.fold import fold


def match_screened(
    plan: Plan, screened: Sequence[Record], settings: DedupSettings
) -> tuple[Mapping[int, Sequence[Record]], int]:
    """The screened records of each paper, by its place in the plan, and how many belong to no paper.

    A screened record belongs to the paper with its key and title, else to that of which it is a duplicate.
    """
    paper_of = {member: place for place, entry in enumerate(plan.entries) for member in entry.members}
    by_key = {(entry.record.id, _title(entry.record)): place for place, entry in enumerate(plan.entries)}
    places: list[int | None] = [by_key.get((record.id, _title(record))) for record in screened]
    found = find_duplicates((*plan.records, *screened), settings, known=plan.known)
    for cluster in found.clusters:
        paper = next((paper_of[member] for member in cluster.members if member in paper_of), None)
        for member in cluster.members:
            place = member - len(plan.records)
            if place >= 0 and places[place] is None:
                places[place] = paper
    matched: defaultdict[int, list[Record]] = defaultdict(list)
    for number, record in zip(places, screened, strict=True):
        if number is not None:
            matched[number].append(record)
    return matched, places.count(None)


def _title(record: Record) -> str:
    return fold(record.get("title"))
