"""`refsync tag`: research areas for each record."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from refsync import schemas
from refsync.classify.model import load_model
from refsync.cli.areas.library import area_answers
from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options, inputs_argument, output_option
from refsync.cli.common.stages import UNREADABLE, exit_code, must_stop, read_inputs
from refsync.cli.run import check_output, finish
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.planning.in_place import add_words
from refsync.planning.plan import Plan, PlanContext, make_plan, written_areas
from refsync.runs.apply import apply_revisions, read_texts
from refsync.sources import Reading

if TYPE_CHECKING:
    from refsync.classify.model import Model, Tagging
    from refsync.records import Record

SHARE = click.FloatRange(0, 1)


@click.command("tag", short_help="Research areas for each record.")
@inputs_argument
@output_option
@click.option("--write", is_flag=True, help="Add the areas inside the .bib files themselves; every other byte stays.")
@click.option("--dry-run", is_flag=True, help="Show what -o or --write would do, and write nothing.")
@click.option("--model", "path", default="", metavar="MODEL", help="A model of your own, made by `refsync train`.")
@click.option("--min-accuracy", type=SHARE, help="Apply areas of which this share is right.  [default: 0.85]")
@click.option(
    "--min-probability",
    type=SHARE,
    help="Apply areas from this probability on; without --min-accuracy it alone decides.  [default: 0.6]",
)
@click.option("--prefix", help="Put this before each area; for own models `area:` if nothing is said.")
@click.option("--field", metavar="FIELD", help="Write areas to this field.  [default: keywords]")
@common_options
def command(
    common: Common,
    inputs: tuple[str, ...],
    output: str,
    write: bool,
    dry_run: bool,
    path: str,
    min_accuracy: float | None,
    min_probability: float | None,
    prefix: str | None,
    field: str | None,
) -> int:
    """Tag each record of INPUT... by research area; with -o write the records with their areas as keywords.

    Areas are arXiv categories (cs.CV, math.PR, ...), or your own with --model, each with a probability. A record of
    which the classifier is unsure stays untagged. Keywords that are there stay. Areas that people accepted or rejected
    in refsync-decisions.jsonl are kept, or not proposed again. Nothing is merged here.

    \b
    Examples:
      refsync tag refs.bib
      refsync tag pages/*.txt --format json
      refsync tag refs.bib -o tagged.bib --min-accuracy 0.95
      refsync tag refs.bib --model own.npz --write --dry-run    # then without --dry-run; `refsync undo` takes it back
      refsync tag refs.bib --model own.npz --min-probability 0.5 --prefix topic: -o tagged.bib
    """
    if write and output:
        raise ConfigError("--write changes the inputs themselves, and excludes -o")
    if dry_run and not (write or output):
        raise ConfigError("--dry-run, but nothing to write", hint="with -o OUT or --write it shows what these would do")
    check_output(output, inputs)
    said: dict[str, Any] = {
        "model": path,
        "min_accuracy": min_accuracy,
        "min_probability": min_probability,
        "prefix": prefix,
    }
    if min_probability is not None and min_accuracy is None:
        said["min_accuracy"] = 0.0
    changes: dict[str, Any] = {
        name: value for name, value in {**said, "field": field}.items() if value not in (None, "")
    }
    common = replace(common, config=replace(common.config, areas=replace(common.config.areas, **changes)))
    model = load_model(common.config.areas.model)
    _warn(model, common)
    answers, problems = area_answers(inputs, output, common)
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            if common.json:
                show.print_json(schemas.tag(model.name, (), ()))
            return UNREADABLE
        plan = make_plan(
            reading.records,
            Deduplication(),
            reading.problems,
            model,
            common.config,
            PlanContext(preambles=reading.preambles, area_answers=answers),
            report,
        )
    show.print_problems(problems, common.quiet, common.verbose)
    if common.strict and problems:
        return UNREADABLE
    taggings = [entry.tagging for entry in plan.entries if entry.tagging]
    result = schemas.tag(model.name, reading.records, taggings)
    if output and not dry_run:
        return finish(plan, reading, output, common, "tag", result)
    if write:
        return _write(reading, plan, model, common, result, dry_run=dry_run)
    if common.json:
        show.print_json(result)
    else:
        _print(reading.records, taggings)
    if dry_run and not common.quiet:
        count = sum(tagging.primary is not None for tagging in taggings)
        click.echo(
            f"dry run: {output} would have areas on {count:,} of {show.counted(len(taggings), 'entry')}", err=True
        )
    return exit_code(reading)


def _warn(model: "Model", common: Common) -> None:
    """Say so where no paper can get an area, because the model never was as accurate as asked for."""
    wanted = common.config.areas.min_accuracy
    reached = max((accuracy for table in model.weights.thresholds for accuracy, _ in table), default=0.0)
    if wanted > reached and not common.quiet:
        best = f"its best is {reached}" if reached else "too few papers to tell its accuracy"
        hint = "--min-probability 0.6 applies areas by their probability alone"
        click.echo(f"refsync: note: {model.name} reaches no accuracy of {wanted} ({best}); {hint}", err=True)


def _write(reading: Reading, plan: Plan, model: "Model", common: Common, result: schemas.Json, *, dry_run: bool) -> int:
    """Add areas to the files that were read, or show what that would change.

    Raises:
        ConfigError: an input is no .bib file.
    """
    for snapshot in reading.snapshots:
        if snapshot.format != "bibtex" or snapshot.source in reading.kept:
            raise ConfigError(
                f"{snapshot.source}: only .bib files can be changed in place", hint="use -o for the others"
            )
    inputs = {snapshot.source: reading.digests[snapshot.source] for snapshot in reading.snapshots}
    words = [written_areas(entry.merged.record, entry.tagging, plan.prefix, common.config) for entry in plan.entries]
    revisions = add_words(read_texts(inputs), reading.records, words, common.config.areas.field)
    run = None
    if revisions and not dry_run:
        kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
        run = apply_revisions(revisions, replace(plan, entries=kept, problems=reading.problems), inputs, "tag")
    if common.json:
        show.print_json(result)
        return exit_code(reading)
    for revision in revisions:
        if dry_run:
            show.print_diff(revision.source, revision.before, revision.after)
        else:
            click.echo(f"{revision.source}: {show.counted(revision.filled, 'entry')} changed")
    if run:
        show.print_way_back(run.folder)
    elif not revisions:
        click.echo("no area to add; nothing was changed")
    return exit_code(reading)


def _print(records: "Sequence[Record]", taggings: "Sequence[Tagging]") -> None:
    """Each record on a line: its area, or the likeliest in brackets, and the words that speak for it."""
    for record, tagging in zip(records, taggings, strict=True):
        best = tagging.areas[0]
        primary = tagging.primary or f"({best.area}?)"
        words = ", ".join(tagging.because)
        title = show.title_of(record, 70)
        click.echo(f"{primary:<20} {best.probability:4.0%}  {show.place_of(record)}  {title}  [{words}]")
