"""Carrying out a push: journal first, collections before items, and an account of what was not taken."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from refsync import schemas
from refsync.planning.plan import Plan
from refsync.runs.journal import Run, open_run
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.push.plan import Change, Push, PushSettings, change_for
from refsync.zotero.push.resume import left_of, put_down
from refsync.zotero.web.client import Data
from refsync.zotero.web.journal import RemoteLog
from refsync.zotero.web.library import Opened
from refsync.zotero.web.write_batches import Outcome, send

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.push/1"


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

    Running the same push again after a crash finishes it: what was sent is found in the library by its key. `resume`
    finishes it without its input.

    Raises:
        RefsyncError: the journal cannot be written; then nothing was sent.
    """
    if not push.collections and not push.changes:
        return None, Outcome()
    address = opened.remote.address
    facts = {
        "schema": SCHEMA,
        "library": str(address),
        "endpoint": address.endpoint,
        "overwrite": settings.overwrite,
        "area_prefix": settings.mapping.area_prefix,
        "sends": put_down(push),
    }
    run = open_run(beside, "push", facts, schemas.ledger(plan), {}, remote=str(address))
    return run, _send_all(push, opened, settings, run, progress)


def resume(run: Run, opened: Opened, progress: Progress) -> Outcome:
    """Send what is left of a push that died, from its journal. Never raises for what the server says."""
    plan = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))
    mapping = MappingSettings(opened.schema, plan["area_prefix"])
    settings = PushSettings(mapping, overwrite=plan["overwrite"])
    push = left_of(plan["sends"], opened.items, opened.store.objects("collections"), settings)
    outcome = _send_all(push, opened, settings, run, progress)
    outcome.refused[:0] = push.refused
    return outcome


def _send_all(push: Push, opened: Opened, settings: PushSettings, run: Run, progress: Progress) -> Outcome:
    changes = push.changes
    with RemoteLog(run) as log:
        made = Outcome()
        if push.collections:
            folders = [Change(dict(item), _before(item), str(item["name"]), dict(item)) for item in push.collections]
            made = send(opened.remote, "collections", folders, _never, log, opened.store, trashed=True)
            changes = _without({item.key for item in made.refused}, changes)
        outcome = made
        if not made.stopped:
            outcome = send(
                opened.remote,
                "items",
                changes,
                lambda change, held: change_for(held, change.wanted, change.collections, settings, change.related)[0],
                log,
                opened.store,
                progress,
            )
            outcome.refused = made.refused + outcome.refused
    run.mark("stopped" if outcome.stopped else "applied")
    return outcome


def _before(collection: Data) -> Data:
    """What a collection was before: nothing, or in the trash."""
    return {"deleted": True} if collection["version"] else {}


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
