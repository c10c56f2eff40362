"""Progress bars on standard error, drawn on a terminal only; and notes about long waits."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from refsync.cli.common.output import above, echo, safe_console

STAGES = {
    "read": "Reading",
    "cites": "Reading citations",
    "normalise": "Normalising",
    "block": "Finding candidates",
    "score": "Comparing",
    "cluster": "Clustering",
    "tag": "Tagging",
    "download": "Reading the library",
    "send": "Sending",
    "train": "Learning",
    "crossref doi": "Crossref, by DOI",
    "crossref title": "Crossref, by title",
    "openalex doi": "OpenAlex, by DOI",
    "openalex title": "OpenAlex, by title",
    "arxiv arxiv": "arXiv, by number",
    "arxiv title": "arXiv, by title",
}
"""The label of each stage's bar."""

_REDRAW = 0.1  # seconds between two drawings

Progress = Callable[[str, int, int], None]
"""Called with a stage, how many of its steps are done, and how many there are."""


@contextmanager
def show_progress(quiet: bool) -> Iterator[Progress]:
    """A function to report progress to; it draws bars where standard error is a terminal, unless `quiet`.

    What is logged meanwhile, such as a long wait for a server, is shown as a note.
    """
    logger, notes = logging.getLogger("refsync"), _Notes(logging.CRITICAL if quiet else logging.WARNING)
    logger.addHandler(notes)
    try:
        with _bars(quiet) as report:
            yield report
    finally:
        logger.removeHandler(notes)


class _Notes(logging.Handler):
    """Shows log messages as notes."""

    def emit(self, record: logging.LogRecord) -> None:
        echo(f"refsync: note: {record.getMessage()}", err=True)


@contextmanager
def _bars(quiet: bool) -> Iterator[Progress]:
    if quiet or not sys.stderr.isatty():
        yield _show_nothing
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, Any] = {}
    # no thread that redraws: processes cannot be forked safely beside one
    drawn = 0.0
    console = safe_console(stderr=True)
    with Bars(*columns, console=console, transient=True, auto_refresh=False) as bars, above(console):

        def report(stage: str, done: int, total: int) -> None:
            nonlocal drawn
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage.capitalize()), total=total)
            bars.update(tasks[stage], completed=done, total=total)
            if (now := time.monotonic()) - drawn >= _REDRAW or done == total:
                drawn = now
                bars.refresh()

        yield report


def _show_nothing(stage: str, done: int, total: int) -> None:
    pass
