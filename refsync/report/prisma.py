"""The numbers of a PRISMA 2020 flow diagram, for reviews that searched databases and registers only. Pure.

Source: Page MJ et al., The PRISMA 2020 statement, BMJ 2021;372:n71, figure 1.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from refsync.dedup.screening_labels import decision_of
from refsync.planning.plan import Plan
from refsync.planning.removed import database_counts
from refsync.records import Record

NO_REASON = "no reason given"


@dataclass(frozen=True, slots=True)
class Prisma:
    """The boxes of the diagram; None where nothing is known.

    `identified` = `duplicates` + `automation` + `other` + `screened`, and, if there are labels of screening,
    `screened` = `excluded` + `sought` + `unscreened`.

    Attributes:
        identified: records read.
        databases, registers: these, by source.
        duplicates: records removed before screening because they are duplicates.
        automation: records that automation tools marked as ineligible; nothing here does.
        other: records removed before screening because the library that they are compared with has them.
        screened: records to screen.
        excluded: records that were excluded by title and abstract.
        unscreened: records without a decision on title and abstract, or with contradictory ones.
        sought: reports sought for retrieval.
        not_retrieved: of these, reports that could not be had; 0 if all were assessed, else not known.
        assessed: reports assessed for eligibility.
        reasons: the reports that were excluded then, by reason.
        studies: included in the review.
        reports: of these studies.
        excluded_at_some_stage: records labelled as excluded in a column that does not say at which stage.
        contradictory: records whose labels contradict each other; counted as without labels.
    """

    identified: int
    databases: tuple[tuple[str, int], ...]
    registers: tuple[tuple[str, int], ...]
    duplicates: int
    automation: int
    other: int
    screened: int
    excluded: int | None = None
    unscreened: int | None = None
    sought: int | None = None
    not_retrieved: int | None = None
    assessed: int | None = None
    reasons: tuple[tuple[str, int], ...] | None = None
    studies: int | None = None
    reports: int | None = None
    excluded_at_some_stage: int = 0
    contradictory: int = 0


def prisma(plan: Plan, screened: Mapping[int, Sequence[Record]] = MappingProxyType({})) -> Prisma:
    """The numbers that a plan, and the labels in its records, give.

    Args:
        plan: what was read, and what of it is one paper.
        screened: further records with labels, by the place of their paper; they are not counted.
    """
    counts = database_counts(plan)
    decisions = [
        decision_of([*(plan.records[i] for i in entry.members), *screened.get(place, ())])
        for place, entry in enumerate(plan.entries)
    ]
    screening = [item.screening for item in decisions]
    final = [item.final for item in decisions]
    labelled = any(label is not None for label in screening)
    decided = any(label is not None for label in final)
    assessed = [item for item in decisions if item.screening and item.final is not None]
    reasons = Counter(next(iter(item.reasons), NO_REASON) for item in assessed if not item.final)
    return Prisma(
        identified=plan.read,
        databases=tuple((item.database, item.records) for item in counts if item.kind == "database"),
        registers=tuple((item.database, item.records) for item in counts if item.kind == "register"),
        duplicates=plan.merged,
        automation=0,
        other=len(plan.present),
        screened=len(plan.entries),
        excluded=screening.count(False) if labelled else None,
        unscreened=screening.count(None) if labelled else None,
        sought=screening.count(True) if labelled else None,
        not_retrieved=0 if labelled and decided and len(assessed) == screening.count(True) else None,
        assessed=len(assessed) if labelled and decided else None,
        reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))) if labelled and decided else None,
        reports=final.count(True) if decided else None,
        excluded_at_some_stage=0 if labelled else final.count(False),
        contradictory=sum(item.contradictory for item in decisions),
    )
