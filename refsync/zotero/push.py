"""Carrying out a push: journal first, collections before items, and an account of what was not taken."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from refsync import schemas
from refsync.journal import Run, open_run
from refsync.plan import Plan
from refsync.zotero.client import Data
from refsync.zotero.library import Opened
from refsync.zotero.pushing import Change, Push, PushSettings, change_for
from refsync.zotero.remote_log import RemoteLog
from refsync.zotero.sending import Outcome, send

Progress = Callable[[str, int, int], None]


def sends(push: Push) -> list[dict[str, Any]]:
    """The objects that a push sends, in their order."""
    return [
        *({"kind": "collections", "object": dict(item)} for item in push.collections),
        *({"kind": "items", "object": change.object} for change in push.changes),
    ]


def apply_push(
    push: Push, plan: Plan, opened: Opened, settings: PushSettings, beside: Path, progress: Progress
) -> tuple[Run | None, Outcome]:
    """Send what a push proposes; the run that was put down first (None where there is nothing to send).

    Running the same push again after a crash finishes it: what was sent is found in the library by its key.

    Raises:
        RefsyncError: the journal cannot be written; then nothing was sent.
    """
    if not push.collections and not push.changes:
        return None, Outcome()
    library = opened.remote
    facts = {"schema": "refsync.push/1", "library": str(library.address), "sends": sends(push)}
    run = open_run(beside, "push", facts, schemas.ledger(plan), {}, remote=str(library.address))
    changes = push.changes
    with RemoteLog(run) as log:
        made = Outcome()
        if push.collections:
            folders = [Change(dict(item), {}, str(item["name"]), dict(item)) for item in push.collections]
            made = send(library, "collections", folders, _never, log, opened.store)
            changes = _without({item.key for item in made.refused}, changes)
        outcome = made
        if not made.stopped:
            outcome = send(
                library,
                "items",
                changes,
                lambda change, held: change_for(held, change.wanted, change.collections, settings)[0],
                log,
                opened.store,
                progress,
            )
            outcome.refused = made.refused + outcome.refused
    run.mark("stopped" if outcome.stopped else "applied")
    return run, outcome


def _never(change: Change, held: Data) -> Change | None:
    """A collection of ours that is there is left as it is."""
    return None


def _without(keys: set[str], changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes without the collections that could not be made."""
    if not keys:
        return changes
    return tuple(
        replace(
            change,
            object={
                name: [key for key in value if key not in keys] if name == "collections" else value
                for name, value in change.object.items()
            },
            collections=tuple(key for key in change.collections if key not in keys),
        )
        for change in changes
    )
