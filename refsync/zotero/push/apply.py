"""Carrying out a push: first the journal, then collections, then items, and what was refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from refsync import schemas
from refsync.planning.plan import Plan
from refsync.runs.journal import Run, open_run
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.push.plan import LibraryContent, Push, PushSettings, fill_item
from refsync.zotero.push.resume import remaining_push, serialized_push
from refsync.zotero.push.versions import related_pairs
from refsync.zotero.web.changes import Change, collection_change
from refsync.zotero.web.client import Data
from refsync.zotero.web.journal import WriteJournal
from refsync.zotero.web.library import OpenLibrary
from refsync.zotero.web.write_batches import Destination, WriteOutcome, keep_existing, write_objects

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.push/1"


def sends(push: Push) -> list[dict[str, Any]]:
    """The objects that a push sends, in order."""
    return [
        *({"kind": "collections", "object": dict(item)} for item in push.collections),
        *({"kind": "items", "object": change.object} for change in push.changes),
    ]


def apply_push(
    push: Push,
    plan: Plan,
    opened: OpenLibrary,
    settings: PushSettings,
    beside: Path,
    progress: Progress,
    command: str = "push",
) -> tuple[Run | None, WriteOutcome]:
    """Send a push; its run, recorded before anything is sent (None if there is nothing to send), and the outcome.

    After a crash the same push can be run again, which finds what was sent by its key, or be finished without its input
    by `resume`.

    Raises:
        RefsyncError: the journal cannot be written; then nothing was sent.
    """
    if not push.collections and not push.changes:
        return None, WriteOutcome()
    address = opened.client.address
    facts = {
        "schema": SCHEMA,
        "library": str(address),
        "server": address.server_digest,
        "overwrite": settings.overwrite,
        "area_prefix": settings.mapping.area_prefix,
        "sends": serialized_push(push),
    }
    run = open_run(beside, command, facts, schemas.ledger(plan), {}, remote=str(address))
    return run, _send(push, opened, settings, run, progress)


def resume(run: Run, opened: OpenLibrary, progress: Progress) -> WriteOutcome:
    """Send the rest of an interrupted push, from its journal. Errors of the server are not raised."""
    plan = run.plan
    mapping = MappingSettings(opened.schema, plan["area_prefix"])
    settings = PushSettings(mapping, overwrite=plan["overwrite"])
    library = LibraryContent(opened.path, opened.items, opened.collections)
    push = remaining_push(plan["sends"], library, settings)
    outcome = _send(push, opened, settings, run, progress)
    outcome.refused[:0] = push.refused
    return outcome


def _send(push: Push, opened: OpenLibrary, settings: PushSettings, run: Run, progress: Progress) -> WriteOutcome:
    def recompute(change: Change, current: Data) -> Change | None:
        return fill_item(current, change.wanted, change.collections, settings, change.related)[0]

    changes = push.changes
    with WriteJournal(run) as journal:
        destination = Destination(opened.client, opened.local_copy, journal)
        outcome = WriteOutcome()
        if push.collections:
            collections = [collection_change(item) for item in push.collections]
            outcome = write_objects(destination, "collections", collections, keep_existing, into_trash=True)
            changes = _without_collections(changes, {item.key for item in outcome.refused})
        if not outcome.stopped:
            refused = outcome.refused
            outcome = write_objects(destination, "items", changes, recompute, progress)
            outcome.refused = refused + outcome.refused
            written = [change for change in changes if change.key in outcome.written]
            opened.local_copy.remember_relations(related_pairs(written, opened.path), run.id)
    run.mark("stopped" if outcome.stopped else "applied")
    return outcome


def _without_collections(changes: tuple[Change, ...], keys: set[str]) -> tuple[Change, ...]:
    """The changes without the collections that could not be created."""
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
