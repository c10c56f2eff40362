"""`refsync tag`: research areas for each record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from refsync import schemas
from refsync.classify.settings import taxonomy_settings
from refsync.cli.areas.library_tags import LibraryTagging, tag_library
from refsync.cli.areas.papis_tags import tag_papis_library
from refsync.cli.common.answers import recorded_area_answers
from refsync.cli.common.area_shares import library_tagger, note_if_far
from refsync.cli.common.diff import print_diff
from refsync.cli.common.engine import engine_options
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.file_changes import print_undo_hint
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.library import write_and_report
from refsync.cli.common.options import (
    Common,
    collections_option,
    common_options,
    inputs_argument,
    output_option,
    own_options,
    taxonomy_option,
)
from refsync.cli.common.output import echo
from refsync.cli.common.output_files import check_output
from refsync.cli.common.papis_library import only_library
from refsync.cli.common.parts import write_in_parts
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import counted, fitting, place_of, print_json, title_of
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.in_place.aliases import check_in_place, digests_of_files
from refsync.planning.plan import Plan, PlanContext, make_plan, written_areas
from refsync.planning.revision import add_to_lists
from refsync.runs.apply import apply_revisions, read_texts
from refsync.sources import Reading, is_remote

if TYPE_CHECKING:
    from refsync.classify.model import Tagging
    from refsync.classify.tagger import Tagger
    from refsync.records import Record

SHARE = click.FloatRange(0, 1)


@dataclass(frozen=True, slots=True)
class TagOptions:
    """The options of `refsync tag`; None or empty where the settings decide."""

    output: str
    write: bool
    dry_run: bool
    model: str
    taxonomy: str
    min_accuracy: float | None
    min_probability: float | None
    prefix: str | None
    field: str | None
    apply: bool
    root: str | None

    def apply_to(self, common: Common) -> Common:
        """The shared options with the area settings that these options change."""
        changes: dict[str, Any] = {
            name: value
            for name in ("model", "min_accuracy", "min_probability", "prefix", "field")
            if (value := getattr(self, name)) not in (None, "")
        }
        if self.taxonomy:
            changes = taxonomy_settings(self.taxonomy) | changes
        if self.min_probability is not None and self.min_accuracy is None:
            changes["min_accuracy"] = 0.0
        return replace(common, config=replace(common.config, areas=replace(common.config.areas, **changes)))


@click.command("tag", short_help="Research areas for each record.")
@inputs_argument
@output_option
@click.option(
    "--write",
    is_flag=True,
    help="Add the areas to the .bib files, or the tags of the papis library, themselves; all other bytes stay.",
)
@click.option("--dry-run", is_flag=True, help="Show what -o or --write would change, and write nothing.")
@click.option("--model", default="", metavar="MODEL", help="A model of your own, written by `refsync train`.")
@taxonomy_option
@click.option(
    "--min-accuracy", type=SHARE, help="Apply areas that are right for this share of papers.  [default: 0.85]"
)
@click.option(
    "--min-probability",
    type=SHARE,
    help="Apply areas of at least this probability; without --min-accuracy only this decides.  [default: 0.6]",
)
@click.option("--prefix", help="Text before each area.  [default: none; `area:` for own models]")
@click.option("--apply", is_flag=True, help="Tag the items of the Zotero library; `refsync undo` undoes it.")
@collections_option("With --apply: also")
@click.option("--field", metavar="FIELD", help="The field that areas are written to.  [default: keywords]")
@common_options
@engine_options
@own_options(TagOptions)
def command(common: Common, inputs: tuple[str, ...], options: TagOptions) -> int:
    """Tag each record of INPUT... by research area; with -o write the records with their areas as keywords.

    Areas are arXiv categories (cs.CV, math.PR, ...) for papers that arXiv would have, fields of all sciences for the
    others (Veterinary, Psychology, ...), or your own with --model, each with a probability. A record stays untagged
    where the classifier is unsure, or gets only its domain. Existing keywords stay. Areas that people accepted in
    refsync-decisions.jsonl are kept; areas that they rejected are not proposed again. Nothing is merged.

    \b
    Examples:
      refsync tag refs.bib
      refsync tag pages/*.txt --format json
      refsync tag refs.bib -o tagged.bib --min-accuracy 0.95
      refsync tag refs.bib --taxonomy fields --format json
      refsync tag refs.bib --model own.npz --write --dry-run    # then without --dry-run; `refsync undo` undoes it
      refsync tag papis:papers --write                          # areas as tags of documents
      refsync tag zotero:user/12345 --apply                     # areas as automatic tags
      refsync tag refs.bib --model own.npz --min-probability 0.5 --prefix topic: -o tagged.bib
    """
    output = options.output
    papis_library = only_library(inputs) if options.write or options.apply else None
    if papis_library and options.apply:
        options = replace(options, write=True, apply=False)
    if options.write and output:
        raise ConfigError("--write changes the input files and cannot be combined with -o")
    if options.dry_run and not (options.write or output):
        raise ConfigError("--dry-run has nothing to show", hint="add -o OUT or --write, to see what it would change")
    if options.apply and (len(inputs) > 1 or not is_remote(inputs[0]) or options.write or output):
        raise ConfigError("--apply tags the items of one Zotero library", hint="--write tags the entries of .bib files")
    parts = common.engine.writes_parts(output)
    if not parts:
        check_output(output, inputs)
    common = options.apply_to(common)
    model = library_tagger(inputs, output, common)
    if not model:
        raise ConfigError("papers are not tagged: the settings want no areas", hint="name a taxonomy: --taxonomy auto")
    _warn_if_out_of_reach(model, common)
    if parts:
        request = Request(command="tag", common=common, inputs=inputs, output=output)
        return write_in_parts(request, model, merging=False)
    answers, problems = recorded_area_answers(inputs, output, common)
    if options.apply:
        print_problems(problems, common.quiet, common.verbose)
        context = PlanContext(area_answers=answers)
        return tag_library(common, LibraryTagging(inputs[0], model, context, options.root))
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report)
        if must_stop(reading, common):
            if common.json:
                print_json(schemas.tag(model.name, (), ()))
            return UNREADABLE
        plan = make_plan(
            reading.records,
            Deduplication(),
            reading.problems,
            common.engine.tagger(model),
            common.config,
            PlanContext(preambles=reading.preambles, area_answers=answers),
            report,
        )
    print_problems(problems, common.quiet, common.verbose)
    if common.strict and problems:
        return UNREADABLE
    taggings = [entry.tagging for entry in plan.entries if entry.tagging]
    note_if_far(model, taggings, inputs, common)
    result = schemas.tag(model.name, reading.records, taggings)
    if output and not options.dry_run:
        request = Request(command="tag", common=common, inputs=inputs, output=output)
        return write_and_report(plan, reading, request, result=result)
    if options.write:
        if papis_library:
            return tag_papis_library(papis_library, reading, plan, common, result, dry_run=options.dry_run)
        return _write_in_place(reading, plan, common, result, dry_run=options.dry_run)
    if common.json:
        print_json(result)
    else:
        _print(reading.records, taggings)
    if options.dry_run and not common.quiet:
        count = sum(tagging.primary is not None for tagging in taggings)
        echo(f"dry run: {count:,} of {counted(len(taggings), 'entry')} in {output} would have areas", err=True)
    return exit_code(reading)


def _warn_if_out_of_reach(model: "Tagger", common: Common) -> None:
    """Print a note where no paper can get an area, because the model never reached the accuracy asked for."""
    wanted = common.config.areas.min_accuracy
    reached = model.best_accuracy
    if wanted > reached and not common.quiet:
        best = f"its best is {reached}" if reached else "it was trained on too few papers to measure its accuracy"
        hint = "--min-probability 0.6 applies areas by their probability alone"
        echo(f"refsync: note: {model.name} reaches no accuracy of {wanted} ({best}); {hint}", err=True)


def _write_in_place(reading: Reading, plan: Plan, common: Common, result: schemas.Json, *, dry_run: bool) -> int:
    """Add areas to the files that were read, or show what that would change.

    Raises:
        ConfigError: an input is not a .bib file.
    """
    check_in_place(reading)
    inputs = digests_of_files(reading)
    words = [written_areas(entry.merged.record, entry.tagging, plan.prefix, common.config) for entry in plan.entries]
    revisions = add_to_lists(read_texts(inputs), reading.records, words, common.config.areas.field)
    run = None
    if revisions and not dry_run:
        kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
        run = apply_revisions(revisions, replace(plan, entries=kept, problems=reading.problems), inputs, "tag")
    if common.json:
        print_json(result)
        return exit_code(reading, written=True)
    for revision in revisions:
        if dry_run:
            print_diff(revision.source, revision.before, revision.after)
        else:
            echo(f"{revision.source}: {counted(revision.changed, 'entry')} changed")
    if run:
        print_undo_hint(run.folder)
    elif not revisions:
        echo("no areas to add; nothing was changed")
    return exit_code(reading, written=True)


def _print(records: "Sequence[Record]", taggings: "Sequence[Tagging]") -> None:
    """Each record on a line: its area, or the most likely one in brackets, and the words that support it."""
    for record, tagging in zip(records, taggings, strict=True):
        best = tagging.areas[0]
        primary = tagging.primary or f"({best.area}?)"
        words = ", ".join(tagging.because)
        title = title_of(record, 70)
        echo(fitting(f"{primary:<20} {best.probability:4.0%}  {place_of(record)}  {title}  [{words}]"))
