"""`refsync apply`: carry out a plan, or finish a run that died."""

from pathlib import Path

import click

from refsync.cli.common import show
from refsync.cli.common.options import Citing, Common
from refsync.cli.common.stages import UNREADABLE, must_stop
from refsync.cli.run import check_output, finish
from refsync.cli.runs.plan_files import at_base, make_again, read_again
from refsync.cli.runs.resume import died, resume
from refsync.cli.runs.undo import chosen_run, take_back
from refsync.config import from_table
from refsync.errors import ConfigError
from refsync.planning.file import PlanFile, accepted, folder_from, load, wishes


@click.command("apply", short_help="Carry out a plan: PLAN.json; finish a run that died: --resume")
@click.argument("target", default="", metavar="[PLAN.json | RUN]")
@click.option("-o", "--output", default="", metavar="OUT", help="Write to this file, whatever the plan says.")
@click.option("--resume", "go_on", is_flag=True, help="Go on where RUN (default: the last one that died) stopped.")
@click.option("--rollback", "back", is_flag=True, help="Take back what it had done instead.")
@click.option("--in", "folder", default=".", metavar="FOLDER", help="The folder of its journal, if it is another one.")
@click.option("--endpoint", default="", metavar="URL", help="Another server than the run's.")
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What to print on standard output.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No progress bar, no notes; errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Show every problem, not just the first ones.")
def command(
    target: str,
    output: str,
    go_on: bool,
    back: bool,
    folder: str,
    endpoint: str,
    output_format: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Write what PLAN.json accepts, or finish a push into a Zotero library, or merges in one, that stopped half-way.

    A plan is made by `refsync run ... --plan PLAN.json` (or `dedupe`, `enrich`), and looked through by
    `refsync review PLAN.json` or in an editor: each proposal has a `state`, `accepted`, `pending` or `rejected`.
    Nothing is decided again: what is accepted is done, pairs under `review` too. Where an input was changed since,
    nothing is written. `refsync undo` takes it back.

    A run that died is finished with --resume, or taken back with --rollback: files get what they were to get, or what
    they had; in a Zotero library what was done already is found and not done again. `refsync log` lists the runs.

    \b
    Examples:
      refsync run *.csv -o library.bib --plan plan.json
      refsync apply plan.json
      refsync enrich refs.bib --plan plan.json && refsync apply plan.json
      refsync apply .refsync/runs/20261122-081530/plan.json    # again, after `undo` and another look at it
      refsync apply --resume
      refsync apply --resume --rollback
      refsync apply 20261122-081530 --resume
    """
    if go_on or back:
        run = chosen_run(Path(folder), target, died, "no run that died")
        return take_back(run, endpoint) if back else resume(run, endpoint, quiet)
    if not target:
        raise ConfigError("say which plan, or --resume to go on with a run that died", hint="refsync apply plan.json")
    if not target.endswith(".json") and not Path(target).is_file():
        raise ConfigError(f"{target} is no plan", hint="a run that died is finished with --resume")
    plan = load(Path(target))
    config = from_table(plan.content.get("settings", {}), f"{target}: settings")
    common = Common(config, plan.options.get("from", ""), output_format, strict=False, quiet=quiet, verbose=verbose)
    output = str(Path(folder_from(plan.base)) / output) if output and plan.base.is_dir() else output
    with at_base(plan):
        return apply_plan_file(plan, output, common)


def apply_plan_file(plan: PlanFile, output: str, common: Common) -> int:
    """Carry out a plan from the folder where it was made.

    Args:
        plan: the plan.
        output: the file to write, if it is another one than the plan names.
        common: the settings of the plan, and what this command is told.

    Raises:
        StaleError: an input or a document is not what it was.
        ConfigError: what the plan accepts does not go together.
    """
    options = plan.options
    inputs, against = tuple(options["inputs"]), options.get("against", "")
    output = output or plan.content.get("output") or ""
    in_place = bool(options.get("in_place"))
    citing = Citing(tuple(options.get("cites", ())), bool(options.get("rewrite_cites")), options.get("ids"))
    if not (output or in_place):
        raise ConfigError(f"{plan.path} names no file to write", hint="name one: -o OUT.bib")
    check_output(output, inputs, against)
    with show.progress(common.quiet) as report:
        reading, cites = read_again(plan, common, report)
    if must_stop(reading, common):
        return UNREADABLE
    filling = plan.content.get("command") == "enrich"
    if in_place and filling and not output:
        from refsync.cli.runs.fill import fill_files

        return fill_files(reading, plan, common)
    if in_place and not filling:
        from refsync.cli.dedupe.in_place import revise_files

        if plan.rows("fills", "accepted"):
            raise ConfigError(f"{plan.path} fills and merges in place", hint="plan the two one after the other")
        found, told = accepted(plan, reading.records), wishes(plan, reading.records)
        return revise_files(
            reading, found, told, reading.problems, cites, citing, common, lambda _: dict(plan.content), write=True
        )
    made = make_again(plan, reading, cites, common)
    name = plan.content.get("command") or "run"
    return finish(made, reading, output, common, name, None, cites, citing, dict(plan.content))
