"""Starting a review: what is asked, which answers exist, and where new ones are saved."""

from dataclasses import dataclass, replace
from pathlib import Path

from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress
from refsync.cli.common.text import counted
from refsync.decisions import FILE_NAME, NO_REMEMBERED_ANSWERS
from refsync.planning.file import PlanFile, proposed_deduplication
from refsync.planning.run_models import find_duplicates
from refsync.records import Problem
from refsync.review.plan_changes import without_review
from refsync.review.plan_states import PlanStates
from refsync.review.proposed_values import ProposedValues
from refsync.review.queue import Library
from refsync.review.session import Session
from refsync.sources import STDIN, Reading, folder_of, is_remote


@dataclass(frozen=True, slots=True)
class ReviewInputs:
    """What a review is about.

    Attributes:
        inputs: what the user named.
        reading: the records read from it.
        plan: the plan whose proposals are reviewed and whose states follow the answers, if INPUT is a plan.
    """

    inputs: tuple[str, ...]
    reading: Reading
    plan: PlanFile | None = None


def start_session(reviewed: ReviewInputs, common: Common, report: Progress, *, areas: bool, by: str = "") -> Session:
    """A review that continues after earlier answers; `areas` adds papers whose areas the model is unsure about.

    Raises:
        RefsyncError: the answers cannot be read, or the plan does not fit the records.
    """
    inputs, reading, plan, config = reviewed.inputs, reviewed.reading, reviewed.plan, common.config
    records = reading.records
    path = answers_file(plan.options.inputs if plan else inputs, common).absolute()
    remembered, problems = NO_REMEMBERED_ANSWERS, list[Problem]()
    if path.exists():  # else the first answer creates it
        remembered, problems = remembered_answers(records, (str(path), *inputs), "", common)
    if plan:
        deduplication = proposed_deduplication(without_review(plan), records)
    else:
        deduplication = find_duplicates(records, config.dedup, remembered, report, reading.known)
    print_problems(problems, common.quiet, common.verbose)
    library = Library(records, deduplication, config.dedup, config.merge)
    if areas and not (plan and plan.content.get("command") == "enrich"):  # such a plan has no areas
        library = _with_areas(library, common, report, reading.known)
    if not plan:
        return Session(library, path, by)
    states = PlanStates(plan, records)
    values = ProposedValues(states, records) if states.fills else None
    session = Session(library, path, by, states.update, values)
    if changed := states.apply_earlier_answers(session):
        echo(f"{counted(changed, 'proposal')} of the plan set by earlier answers", err=True)
    return session


def answers_file(inputs: tuple[str, ...], common: Common) -> Path:
    """Where answers are saved: the configured file, else an existing one beside an input, else beside the first."""
    if common.config.decisions:
        return Path(common.config.decisions)
    beside = [Path(FILE_NAME) if is_remote(name) or name == STDIN else folder_of(name) / FILE_NAME for name in inputs]
    return next((path for path in beside if path.is_file()), beside[0])


def _with_areas(library: Library, common: Common, report: Progress, known: int) -> Library:
    from refsync.classify.tagger import load_tagger
    from refsync.review.areas import unsure_papers

    settings = common.config.areas
    model = load_tagger(settings)
    papers = unsure_papers(library.records, library.deduplication, library.merge, model, settings, report, known)
    return replace(library, papers=papers, areas=model.classes)
