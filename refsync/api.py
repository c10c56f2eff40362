"""Functions of the Python API. `find_duplicates` and `make_plan` obey the remembered answers as the commands do.

Answers about pairs, fields and areas are read from the file that the configuration names, else from
`refsync-decisions.jsonl` beside the sources of the records. `refsync.planning` has the pure functions.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from refsync.config import Config
from refsync.decisions import RememberedAnswers, choices_for_clusters
from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.planning import plan as planning
from refsync.planning import run_models
from refsync.planning.plan import NO_CONTEXT, Plan, PlanContext
from refsync.planning.run_models import Progress, no_progress
from refsync.planning.settings import DEFAULTS, PlanSettings
from refsync.records import Problem, Record

if TYPE_CHECKING:  # finding duplicates needs no area model
    from refsync.classify.settings import AreaSettings
    from refsync.classify.tagger import Tagger


def find_duplicates(
    records: Sequence[Record],
    settings: Config | DedupSettings | None = None,
    remembered: RememberedAnswers | None = None,
    progress: Progress = no_progress,
    known: int = 0,
) -> Deduplication:
    """Which records are one paper, which are versions of one work, and which a person should judge.

    Args:
        records: what was read.
        settings: the configuration, or only its part about duplicates, which names no file of answers; None for the
            defaults.
        remembered: the answers to obey; None for the remembered ones, `NO_REMEMBERED_ANSWERS` for none.
        progress: called as the stages proceed.
        known: how many of the first records are a library that is not compared with itself.

    Raises:
        ConfigError: a configured file of answers or calibration does not exist or is damaged.
    """
    settings = settings or DedupSettings()
    if remembered is None:
        remembered, _ = _answer_files(records, settings).about_pairs(records)  # `make_plan` reports the problems
    dedup = settings.dedup if isinstance(settings, Config) else settings
    return run_models.find_duplicates(records, dedup, remembered, progress, known)


def load_model(path: str = "", settings: "AreaSettings | None" = None) -> "Tagger":
    """What tags papers: the models of the package, or one of the user's own. Files are read once.

    Args:
        path: of an own model's file; empty for the models of the package.
        settings: name the taxonomy, and a model where `path` is empty; None for the defaults.

    Raises:
        ConfigError: there is no such file.
        SourceError: the file is not a model, or is damaged.
    """
    from refsync.classify.settings import AreaSettings
    from refsync.classify.tagger import load_tagger

    settings = settings or AreaSettings()
    return load_tagger(replace(settings, model=path) if path else settings)


def make_plan(
    records: Sequence[Record],
    deduplication: Deduplication,
    problems: Sequence[Problem] = (),
    model: "Tagger | None" = None,
    config: PlanSettings = DEFAULTS,
    context: PlanContext = NO_CONTEXT,
    progress: Progress = no_progress,
) -> Plan:
    """Merge each cluster into one entry with a unique key, and tag it if there is a model.

    Args:
        records: what was read.
        deduplication: which records are the same paper.
        problems: those of the input. Answers that contradict each other are added to those of the plan.
        model: the area model.
        config: the settings; a `Config` has them.
        context: what else to take into account; its answers that are None are read.
        progress: called with the number of papers tagged so far and their total.

    Raises:
        ConfigError: a configured file of answers or calibration does not exist or is damaged.
    """
    files = _answer_files(records, config)
    if context.field_choices is None or context.cannot_link is None:
        answers, disputed = files.about_pairs(records)
        choices, contradictory = choices_for_clusters(deduplication.clusters, records, answers)
        problems = (*problems, *disputed)
        if context.field_choices is None:
            problems = (*problems, *contradictory)
            context = replace(context, field_choices=choices)
        if context.cannot_link is None:
            context = replace(context, cannot_link=answers.cannot_link)
    if context.area_answers is None:
        area_answers, unread = files.about_areas()
        problems = (*problems, *unread)
        context = replace(context, area_answers=area_answers)
    return planning.make_plan(records, deduplication, problems, model, config, context, progress)


def _answer_files(records: Sequence[Record], settings: object) -> AnswerFiles:
    """The files of answers about these records."""
    sources = tuple(dict.fromkeys(record.source for record in records))
    if isinstance(settings, Config):
        return AnswerFiles(beside=sources, decisions=settings.decisions, calibration=settings.dedup.calibration)
    return AnswerFiles(beside=sources, calibration=settings.calibration if isinstance(settings, DedupSettings) else "")
