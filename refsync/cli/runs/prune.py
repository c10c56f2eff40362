"""`refsync runs`: the space that recorded runs take."""

from datetime import timedelta
from pathlib import Path

import click

from refsync.cli.common.output import echo
from refsync.cli.common.text import counted
from refsync.runs import journal


@click.command("runs", short_help="The space that recorded runs take; prune removes old ones.")
@click.argument("action", type=click.Choice(["list", "prune"]))
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--keep", type=click.IntRange(0), default=10, show_default=True, help="How many of the newest runs stay.")
@click.option("--older-than", type=click.FloatRange(0), metavar="DAYS", help="Remove only runs that are older.")
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and remove nothing.")
def command(action: str, folder: str, keep: int, older_than: float | None, dry_run: bool) -> int:
    """List the runs in .refsync/runs/ of FOLDER with their sizes, or remove old ones.

    A run that was removed cannot be undone any more. Runs that were interrupted, and runs that were not made by you on
    this computer, always stay.

    \b
    Examples:
      refsync runs list
      refsync runs prune --keep 5
      refsync runs prune --keep 0 --older-than 90
    """
    base = Path(folder)
    if action == "list":
        for run in journal.runs(base):
            echo(f"{run.id:<20} {run.facts['command']:<8} {run.facts['state']:<8} {_megabytes(run.size)}")
        return 0
    age = timedelta(days=older_than) if older_than is not None else None
    removed = journal.prunable(base, keep, age)
    size = sum(run.size for run in removed)
    if not dry_run:
        for run in removed:
            run.remove()
    verb = "would be removed" if dry_run else "removed"
    echo(f"{counted(len(removed), 'run')} {verb}, {_megabytes(size)}; the others can be undone as before")
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
