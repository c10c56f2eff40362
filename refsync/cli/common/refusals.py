"""Errors for objects that a Zotero library did not accept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from refsync.cli.common.output import echo

if TYPE_CHECKING:  # `--help` starts fast because it does not import this
    from refsync.zotero.web.changes import Refusal

RESUME_HINT = "when that is solved, `refsync apply --resume` continues it; `refsync undo` undoes it"


def print_refusals(library: str, refused: "Sequence[Refusal]", stopped: str, hint: str = RESUME_HINT) -> None:
    """Print what was not done and why and, if the whole run stopped, how to continue."""
    for item in refused:
        title = f" {item.title[:60]!r}:" if item.title else ""
        echo(f"refsync: error: {library} {item.key}:{title} {item.message}", err=True)
    if stopped:
        echo(f"refsync: error: {stopped}", err=True)
        echo(f"refsync: note: {hint}", err=True)
