"""Problems and notes on standard error."""

from collections.abc import Sequence

from refsync.cli.common.output import echo
from refsync.cli.common.text import counted
from refsync.records import Problem
from refsync.text.printable import printable

SHOWN_PROBLEMS = 20
"""How many rows of a long list are printed without --verbose."""


def print_problems(problems: Sequence[Problem], quiet: bool, verbose: bool) -> None:
    """Print errors always, notes unless `quiet`, and only the first ones unless `verbose` or fatal.

    What was lost is an error, as it is in the exit code.
    """
    damage = [item for item in problems if item.kind == "damage" and not item.fatal]
    notes = [item for item in problems if item.kind != "damage" and not item.fatal]
    for kind, items in (("note", [] if quiet else notes), ("error", damage)):
        hidden = 0 if verbose else max(len(items) - SHOWN_PROBLEMS, 0)
        for item in items[: len(items) - hidden]:
            echo(printable(f"refsync: {kind}: {item}"), err=True)
        if hidden:
            echo(f"refsync: {kind}: {counted(hidden, f'more {kind}')}; -v shows all", err=True)
    for item in problems:
        if item.fatal:
            echo(printable(f"refsync: error: {item}"), err=True)
