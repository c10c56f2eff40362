"""`refsync log`: the runs that wrote files or libraries."""

from pathlib import Path

import click

from refsync.cli.common.output import echo
from refsync.cli.common.text import print_json
from refsync.runs import journal
from refsync.text.printable import printable


@click.command("log", short_help="The runs that wrote, newest first.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(folder: str, output_format: str) -> int:
    """List the runs recorded in .refsync/runs/ of FOLDER (default: the working directory), newest first."""
    runs = [run.facts for run in journal.runs(Path(folder))]
    for error in journal.unproven_runs(Path(folder)):
        echo(printable(f"refsync: note: {error}"), err=True)
    if output_format == "json":
        print_json({"schema": "refsync.log/1", "runs": runs})
        return 0
    if not runs:
        echo("no runs here; runs are recorded beside the library that was written")
    for facts in runs:
        files = ", ".join(Path(file["path"]).name for file in facts["files"])
        files = files or facts.get("remote", "nothing written")
        echo(f"{facts['id']:<20} {facts['command']:<8} {facts['state']:<8} {files}")
    if any(facts["state"] in {"planned", "stopped"} for facts in runs):
        echo("`refsync apply --resume` finishes the last interrupted run; --rollback undoes it")
    return 0
