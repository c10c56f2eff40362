"""Problems and notes on standard error."""

from collections.abc import Sequence

import click

from refsync.cli.common.text import counted
from refsync.records import Problem

SHOWN_PROBLEMS = 20
"""How many rows of a long list are printed without --verbose."""


def print_problems(problems: Sequence[Problem], quiet: bool, verbose: bool) -> None:
    """Print errors always, notes unless `quiet`, and only the first notes unless `verbose`."""
    notes = [] if quiet else [item for item in problems if not item.fatal]
    hidden = 0 if verbose else max(len(notes) - SHOWN_PROBLEMS, 0)
    for item in notes[: len(notes) - hidden]:
        click.echo(f"refsync: note: {item}", err=True)
    if hidden:
        click.echo(f"refsync: note: {counted(hidden, 'more note')}; -v shows all", err=True)
    for item in problems:
        if item.fatal:
            click.echo(f"refsync: error: {item}", err=True)
