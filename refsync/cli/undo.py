"""`refsync undo`: take back a run."""

from pathlib import Path

import click

from refsync import journal
from refsync.errors import ConfigError


@click.command("undo", short_help="Take back a run: files get what they held before.")
@click.argument("run_id", default="", metavar="[RUN]")
@click.option("--in", "folder", default=".", metavar="FOLDER", help="The folder of the library, if it is another one.")
def command(run_id: str, folder: str) -> int:
    """Give the files of RUN (default: the last run that wrote) the content they had before, byte for byte.

    Refuses, and touches nothing, where a file was changed since. `refsync log` lists the runs.
    """
    kept = list(journal.runs(Path(folder)))
    wrote = [run for run in kept if run.facts["files"] and run.facts["state"] != "undone"]
    chosen = next((run for run in kept if run.id == run_id), None) if run_id else next(iter(wrote), None)
    if chosen is None:
        what = f"no run {run_id}" if run_id else "no run to take back"
        raise ConfigError(f"{what} in {Path(folder) / journal.FOLDER}", hint="`refsync log` lists the runs")
    for path in journal.undo(chosen):
        click.echo(f"{path}: as it was before the run {chosen.id}")
    return 0
