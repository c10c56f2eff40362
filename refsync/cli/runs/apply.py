"""`refsync apply`: carry out a plan, or finish an interrupted run."""

from dataclasses import dataclass
from pathlib import Path

import click

from refsync.cli.common.duplicates import Duplicates
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import must_stop
from refsync.cli.common.library import write_and_report
from refsync.cli.common.options import Common, endpoint_option, own_options
from refsync.cli.common.output_files import check_output
from refsync.cli.common.plan_files import (
    accepted_plan,
    in_plan_folder,
    planned_request,
    read_planned_inputs,
    refuse_foreign_output,
)
from refsync.cli.common.progress import show_progress
from refsync.cli.runs.resume import is_unfinished, resume
from refsync.cli.runs.undo import chosen_run, undo_run
from refsync.config import from_table
from refsync.errors import ConfigError
from refsync.planning.file import PlanFile, accepted_deduplication, accepted_field_choices, folder_from, load


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """The options of `refsync apply`."""

    output: str
    resume: bool
    rollback: bool
    folder: str
    endpoint: str
    output_format: str
    quiet: bool
    verbose: bool


@click.command("apply", short_help="Carry out a plan: PLAN.json; finish an interrupted run: --resume")
@click.argument("target", default="", metavar="[PLAN.json | RUN]")
@click.option("-o", "--output", default="", metavar="OUT", help="Write to this file instead of the one in the plan.")
@click.option("--resume", is_flag=True, help="Continue RUN (default: the last interrupted one) where it stopped.")
@click.option("--rollback", is_flag=True, help="Undo what the run had done instead.")
@click.option("--in", "folder", default=".", metavar="FOLDER", help="The folder of the run's journal.  [default: .]")
@endpoint_option("Another server than the run's.")
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What to print on standard output.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no notes; errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Show every problem, not just the first ones.")
@own_options(ApplyOptions)
def command(target: str, options: ApplyOptions) -> int:
    """Write what PLAN.json accepts, or finish a run that was interrupted.

    A plan is made by `refsync run ... --plan PLAN.json` (or `dedupe`, `enrich`), and reviewed with `refsync review
    PLAN.json` or in an editor: each proposal has a `state`, `accepted`, `pending` or `rejected`. Nothing is decided
    again: what is accepted is done, pairs under `review` too. If an input was changed since, nothing is written.
    `refsync undo` undoes it.

    --resume finishes an interrupted run, --rollback undoes it: files get their new or their previous content. In a
    Zotero library (a push, a sync, merges), steps that were done already are detected and not repeated. `refsync log`
    lists the runs.

    \b
    Examples:
      refsync run *.csv -o library.bib --plan plan.json
      refsync apply plan.json
      refsync enrich refs.bib --plan plan.json && refsync apply plan.json
      refsync apply .refsync/runs/20261122-081530/plan.json    # again, after `undo` and a change of the plan
      refsync apply --resume
      refsync apply --resume --rollback
      refsync apply 20261122-081530 --resume
    """
    if options.resume or options.rollback:
        run = chosen_run(Path(options.folder), target, is_unfinished, "no interrupted run")
        return undo_run(run, options.endpoint) if options.rollback else resume(run, options.endpoint, options.quiet)
    if not target:
        raise ConfigError("name a plan, or --resume to finish an interrupted run", hint="refsync apply plan.json")
    if not target.endswith(".json") and not Path(target).is_file():
        raise ConfigError(f"{target} is not a plan", hint="--resume finishes an interrupted run")
    plan = load(Path(target))
    common = Common(
        config=from_table(plan.content.get("settings", {}), f"{target}: settings"),
        from_format=plan.options.from_format,
        output_format=options.output_format,
        strict=False,
        quiet=options.quiet,
        verbose=options.verbose,
    )
    output = options.output
    if output and plan.base.is_dir():
        output = str(Path(folder_from(plan.base)) / output)
    with in_plan_folder(plan):
        return apply_plan_file(plan, output, common)


def apply_plan_file(plan: PlanFile, output: str, common: Common) -> int:
    """Carry out a plan from the folder where it was made; the exit code.

    Args:
        plan: the plan.
        output: the file to write instead of the one in the plan, if any.
        common: the settings of the plan, and this command's other options.

    Raises:
        StaleError: an input or a document was changed since the plan was made.
        ConfigError: the plan names no file to write, or its accepted proposals contradict each other.
    """
    request = planned_request(plan, common, output)
    if not (request.output or request.in_place):
        raise ConfigError(f"{plan.path} names no file to write", hint="name one: -o OUT.bib")
    if not output:
        refuse_foreign_output(plan)
    check_output(request.output, request.inputs, request.against)
    with show_progress(common.quiet) as report:
        reading, cites = read_planned_inputs(plan, common, report)
    if must_stop(reading, common):
        return UNREADABLE
    fills = plan.content.get("command") == "enrich"
    if request.in_place and fills and not request.output:
        from refsync.cli.runs.fill import fill_files

        return fill_files(reading, plan, common)
    if request.in_place and not fills:
        from refsync.cli.dedupe.in_place import merge_files

        if plan.rows("fills", "accepted"):
            raise ConfigError(
                f"{plan.path} fills and merges in place", hint="make a plan for each and apply them in turn"
            )
        duplicates = Duplicates(
            accepted_deduplication(plan, reading.records), accepted_field_choices(plan, reading.records)
        )
        return merge_files(request, reading, duplicates, cites, dict(plan.content), write=True)
    library = accepted_plan(plan, reading, cites, common)
    return write_and_report(library, reading, request, cites, document=dict(plan.content))
