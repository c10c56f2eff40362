"""Everything that a report shows, as numbers and texts."""

from dataclasses import dataclass

from refsync.classify.evaluate import Evaluation
from refsync.config import Config
from refsync.plan import Plan
from refsync.records import Problem
from refsync.report import contents, lists, spread
from refsync.report.flow import Flow, Overlap, flow, overlap


@dataclass(frozen=True, slots=True)
class LibraryFigures:
    """The figures of one run."""

    flow: Flow
    overlap: Overlap
    areas: spread.Areas
    years: spread.Years
    sizes: tuple[spread.Size, ...]
    probabilities: spread.Probabilities
    completeness: tuple[contents.Completeness, ...]
    venues: contents.Venues
    merges: lists.Listed[lists.MergeShown]
    review: lists.Listed[lists.PairShown]
    versions: lists.Listed[lists.PairShown]
    problems: lists.Listed[Problem]


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """How good a model is on the labelled papers, and which papers were not judged for which reason."""

    model: str
    evaluation: Evaluation
    left_out: tuple[tuple[str, int], ...] = ()


def library_figures(plan: Plan, config: Config) -> LibraryFigures:
    """Work out all figures of a plan."""
    return LibraryFigures(
        flow=flow(plan),
        overlap=overlap(plan),
        areas=spread.areas(plan),
        years=spread.years(plan.entries),
        sizes=spread.sizes(plan.entries),
        probabilities=spread.probabilities(plan, config.dedup.same, config.dedup.review),
        completeness=contents.completeness(plan),
        venues=contents.venues(plan),
        merges=lists.merges(plan),
        review=lists.review(plan),
        versions=lists.versions(plan),
        problems=lists.problems(plan),
    )
