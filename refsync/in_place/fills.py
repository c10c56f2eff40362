"""Filling missing values into .bib files: the files before and after, and the plan for the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from refsync.dedup.results import Deduplication
from refsync.enrich.fill import Values, fill_texts
from refsync.in_place.aliases import check_in_place, digests_of_files
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.revision import Revision
from refsync.planning.settings import PLAIN, PlanSettings
from refsync.runs.apply import read_texts
from refsync.sources import Reading


@dataclass(frozen=True, slots=True)
class FileFills:
    """The files before and after, the entries as they are, and the SHA-256 of each file."""

    revisions: tuple[Revision, ...]
    plan: Plan
    inputs: dict[str, str]


def plan_fills(reading: Reading, values: Mapping[int, Values], settings: PlanSettings) -> FileFills:
    """What filling values into the files that were read changes.

    Args:
        reading: the files.
        values: those to fill in, by the index of the record.
        settings: of the plan.

    Raises:
        ConfigError: an input is not a .bib file.
        StaleError: a file was changed since it was read, or an entry has a value for the field.
    """
    check_in_place(reading)
    inputs = digests_of_files(reading)
    revisions = fill_texts(read_texts(inputs), reading.records, values)
    plain = PlanSettings(merge=settings.merge, areas=settings.areas, export=PLAIN)
    plan = make_plan(reading.records, Deduplication(), config=plain, context=PlanContext(provenance=False))
    kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
    return FileFills(tuple(revisions), replace(plan, entries=kept, problems=reading.problems), inputs)
