"""All figures of a report, as numbers and texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from refsync.classify.evaluate import Evaluation
from refsync.dedup.settings import DedupSettings
from refsync.planning.databases import DatabaseCounts
from refsync.planning.plan import Plan
from refsync.planning.removed import database_counts
from refsync.records import Problem, Record
from refsync.report import distributions, field_coverage, lists
from refsync.report.counts import Flow, Overlap, flow, overlap
from refsync.report.prisma import Prisma, prisma


@dataclass(frozen=True, slots=True)
class LibraryFigures:
    """The figures of a library; the names are those of `refsync.report/1`."""

    flow: Flow
    databases: tuple[DatabaseCounts, ...]
    prisma: Prisma
    overlap: Overlap
    areas: distributions.Areas
    years: distributions.Years
    sizes: tuple[distributions.Size, ...]
    probabilities: distributions.Probabilities
    completeness: tuple[field_coverage.Completeness, ...]
    venues: field_coverage.Venues
    merges: lists.Listed[lists.MergeDetails]
    review: lists.Listed[lists.PairDetails]
    versions: lists.Listed[lists.PairDetails]
    problems: lists.Listed[Problem]
    notes: lists.Listed[Problem]


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """The figures of an area model on labelled papers; `left_out` are reasons, and how many papers each left out."""

    model: str
    evaluation: Evaluation
    left_out: tuple[tuple[str, int], ...] = ()


def library_figures(
    plan: Plan, settings: DedupSettings, screened: Mapping[int, Sequence[Record]] = MappingProxyType({})
) -> LibraryFigures:
    """All figures of a plan; `screened` are further records with people's labels, see `report.screened`."""
    return LibraryFigures(
        flow=flow(plan),
        databases=tuple(database_counts(plan)),
        prisma=prisma(plan, screened),
        overlap=overlap(plan),
        areas=distributions.areas(plan),
        years=distributions.years(plan.entries),
        sizes=distributions.sizes(plan.entries),
        probabilities=distributions.probabilities(plan, settings.same, settings.review),
        completeness=field_coverage.completeness(plan),
        venues=field_coverage.venues(plan),
        merges=lists.merges(plan),
        review=lists.review(plan),
        versions=lists.versions(plan),
        problems=lists.problems(plan),
        notes=lists.notes(plan),
    )
