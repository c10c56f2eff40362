"""`refsync apply`: finish a run that died."""

from pathlib import Path

import click

from refsync import journal
from refsync.cli.resume import resume
from refsync.cli.undo import chosen_run
from refsync.errors import ConfigError


@click.command("apply", short_help="Finish a run that died: --resume")
@click.argument("run_id", default="", metavar="[RUN]")
@click.option("--resume", "go_on", is_flag=True, help="Go on where RUN (default: the last one that died) stopped.")
@click.option("--in", "folder", default=".", metavar="FOLDER", help="The folder of its journal, if it is another one.")
@click.option("--endpoint", default="", metavar="URL", help="Another server than the run's.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
def command(run_id: str, go_on: bool, folder: str, endpoint: str, quiet: bool) -> int:
    """Finish a push into a Zotero library, or merges in one, that died or were stopped half-way.

    What was done already is found in the library and not done again. `refsync log` lists the runs, `refsync undo` takes
    one back instead.

    \b
    Examples:
      refsync apply --resume
      refsync apply 20261122-081530 --resume
    """
    if not go_on:
        raise ConfigError("say --resume to go on with a run that died", hint="`refsync log` lists the runs")
    run = chosen_run(Path(folder), run_id, _died, "no run that died")
    if run.facts["state"] == "undone":
        raise ConfigError(f"the run {run.id} is undone already")
    return resume(run, endpoint, quiet)


def _died(run: journal.Run) -> bool:
    return bool(run.facts.get("remote")) and run.facts["state"] in ("planned", "stopped")
