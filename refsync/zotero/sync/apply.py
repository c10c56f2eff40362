"""Carrying out a sync: first the journal, then the library, then the file, then the merge base.

An interrupted sync is finished by running it again: the plan is computed from the current state of both sides, and what
is done already needs no change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from refsync.errors import StaleError
from refsync.files import digest, replace_files
from refsync.records import Record
from refsync.runs.journal import Run, open_run, runs
from refsync.zotero.items.generated_keys import generate_item_keys
from refsync.zotero.items.mapping import Item
from refsync.zotero.items.properties import equal_properties
from refsync.zotero.pull.merge_base import PullBase
from refsync.zotero.sync.base_journal import new_base, save_base
from refsync.zotero.sync.groups import Groups
from refsync.zotero.sync.merge_base import SyncedPairs, SyncState
from refsync.zotero.sync.pairing import FindDuplicates, Pairs, find_pairs
from refsync.zotero.sync.plan import plan_sync
from refsync.zotero.sync.plan_types import Link, MergeInput, Scope, SyncPlan, SyncSettings
from refsync.zotero.sync.synced_file import SyncedFile, records_of
from refsync.zotero.web.changes import Change, Refusal, collection_change
from refsync.zotero.web.download import refresh
from refsync.zotero.web.journal import WriteJournal
from refsync.zotero.web.library import OpenLibrary
from refsync.zotero.web.write_batches import MAX_ROUNDS, Destination, keep_existing, write_objects
from refsync.zotero.web.write_items import write_items

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.sync/1"


@dataclass(slots=True)
class PreparedSync:
    """A sync that is planned.

    Attributes:
        plan: what is to be done.
        pairs: which entry belongs to which item.
        data: the new bytes of the file.
        base: the pairs of the last sync.
        matched: how many pairs are new.
    """

    plan: SyncPlan
    pairs: Pairs
    data: bytes
    base: SyncedPairs
    matched: int


@dataclass(slots=True)
class SyncOutcome:
    """The result of a sync: its run, the writes that were done, those that were not, and why nothing more was sent."""

    run: Run | None = None
    written: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class SyncContext:
    """What a sync works on: the library, the merge base, the file, the options, the deduplicator, the collection.

    `documents` has the new content of the documents that cite renamed keys.
    """

    opened: OpenLibrary
    state: SyncState
    file: SyncedFile
    settings: SyncSettings
    find_duplicates: FindDuplicates
    scope: Scope | None = None
    documents: Callable[[Mapping[str, str]], Mapping[Path, bytes]] = lambda renamed: {}

    def groups(self, records: Sequence[Record]) -> Groups:
        """The library's collections as groups of a file with these entries."""
        fixed = (self.scope.collection,) if self.scope else ()
        return Groups.of(self.opened.path, self.opened.collections, records, fixed)


def prepare_sync(context: SyncContext) -> PreparedSync:
    """Plan a sync."""
    opened, file = context.opened, context.file
    sides = MergeInput(
        records=file.records,
        generated_keys=generate_item_keys(opened.path, file.records),
        items=opened.items,
        base=context.state.pairs(file.name),
        scope=context.scope,
    )
    pulled = {key: entry.key for key, entry in PullBase.load(opened.local_copy, file.path).entries.items()}
    pairs = find_pairs(
        sides, pulled | context.state.proposed(file.name), context.find_duplicates, context.settings.mapping
    )
    settings = replace(context.settings, edited=file.edited)
    plan = plan_sync(file.text, sides, context.groups(file.records), pairs, settings)
    return PreparedSync(
        plan=plan,
        pairs=pairs,
        data=file.with_text(plan.text) if file.data is not None or plan.text else b"",
        base=sides.base,
        matched=sum(key not in sides.base for key in pairs.entries),
    )


def apply_sync(
    prepared: PreparedSync, context: SyncContext, progress: Progress = lambda stage, done, total: None
) -> tuple[PreparedSync, SyncOutcome]:
    """Carry out a sync; the sync as it was finally planned, which differs if others changed the library meanwhile.

    Raises:
        StaleError: the file was changed meanwhile; the library was written, and running the sync again continues.
        RefsyncError: the file or the journal cannot be written.
    """
    opened, file = context.opened, context.file
    outcome = SyncOutcome(_interrupted_run(opened, file))
    if prepared.plan.sends or prepared.data != (file.data or b""):
        outcome.run = outcome.run or _new_run(prepared, context)
        new = [(item, link.key) for item, link in prepared.plan.links.items() if item not in prepared.base]
        context.state.propose(file.name, new)
    if prepared.plan.sends:
        assert outcome.run
        with WriteJournal(outcome.run) as journal:
            prepared = _write_library(prepared, context, journal, outcome, progress)
        if outcome.stopped:
            outcome.run.mark("stopped")
            return prepared, outcome
    refused = {refusal.key for refusal in (*prepared.plan.refused, *outcome.refused)}
    links = {key: link for key, link in prepared.plan.links.items() if key not in refused}
    if outcome.run and prepared.data != (file.data or b""):
        _write_file(prepared, context, links, outcome.run)
    if links or prepared.plan.unpaired:
        records = records_of(prepared.data, str(file.path))[0]
        base = new_base(links, records, opened.items, context.groups(records))
        save_base(context.state, file, base, prepared.plan.unpaired, prepared.base, outcome.run)
    if outcome.run:
        outcome.run.mark("applied")
    return prepared, outcome


def _write_file(prepared: PreparedSync, context: SyncContext, links: Mapping[str, Link], run: Run) -> None:
    """Write the file, unless it was changed; in that case the base of pairs without file edits is saved.

    Raises:
        StaleError: the file was changed.
    """
    file = context.file
    run.expect(file.path, prepared.data)
    try:
        documents = context.documents(prepared.plan.renamed)
        before = {path: digest(path.read_bytes()) for path in documents}
        replace_files({file.path: prepared.data, **documents}, {file.path: file.digest, **before})
    except StaleError:
        edited = {edit.key for edit in prepared.plan.edits}
        done = {key: link for key, link in links.items() if link.key not in edited}
        base = new_base(done, file.records, context.opened.items, context.groups(file.records))
        run.drop(file.path)
        save_base(context.state, file, base, (), prepared.base, run)
        run.mark("stopped")
        raise


def _write_library(
    prepared: PreparedSync, context: SyncContext, journal: WriteJournal, outcome: SyncOutcome, progress: Progress
) -> PreparedSync:
    """Send the writes, and plan again if others changed the same items."""
    opened = context.opened
    items = opened.items
    for _ in range(MAX_ROUNDS):
        refused = {refusal.key for refusal in outcome.refused}
        changes = [change for change in prepared.plan.changes if change.key not in refused]
        collections = [collection for collection in prepared.plan.collections if collection["key"] not in refused]
        if (collections and not _write_collections(collections, opened, journal, outcome)) or not changes:
            return prepared
        progress("send", 0, len(changes))
        sent = write_items(changes, items, opened, journal)
        progress("send", len(changes), len(changes))
        outcome.refused += sent.refused
        outcome.stopped = sent.stopped
        refused = {refusal.key for refusal in sent.refused}
        conflicting = {change.key for change in changes if not _is_done(items, change)}
        outcome.written += [change for change in changes if change.key not in conflicting | refused]
        if outcome.stopped or not conflicting | refused:
            return prepared
        refresh(opened.client, opened.local_copy)
        items = opened.items
        prepared = prepare_sync(context)
    refused = {refusal.key for refusal in outcome.refused}
    left = [change for change in prepared.plan.changes if change.key not in refused]
    outcome.refused += [Refusal(c.key, c.title, "is being changed in Zotero again and again") for c in left]
    return prepared


def _write_collections(
    collections: Sequence[Item], opened: OpenLibrary, journal: WriteJournal, outcome: SyncOutcome
) -> bool:
    """Create collections, before the items that are to be in them; whether more can be sent."""
    changes = [collection_change(item) for item in collections]
    destination = Destination(opened.client, opened.local_copy, journal)
    sent = write_objects(destination, "collections", changes, keep_existing, into_trash=True)
    outcome.refused += sent.refused
    outcome.stopped = sent.stopped
    return not sent.stopped


def _is_done(items: Mapping[str, Item], change: Change) -> bool:
    """Whether the item has exactly the values that were sent."""
    item = items.get(change.key)
    return item is not None and all(
        equal_properties(name, item.get(name), value)
        for name, value in change.object.items()
        if name not in ("key", "version")
    )


def _interrupted_run(opened: OpenLibrary, file: SyncedFile) -> Run | None:
    """The last run, if it was an interrupted sync of the two and the file is as it was before or after it."""
    last = next(runs(file.path.parent), None)
    if last is None or last.facts["command"] != "sync" or last.facts["state"] not in ("planned", "stopped"):
        return None
    facts = last.facts
    path = str(file.path.resolve())
    digests = [(entry["before"], entry["after"]) for entry in facts["files"] if entry["path"] == path]
    matches = facts.get("remote") == str(opened.client.address) and any(file.digest in pair for pair in digests)
    return last if matches else None


def _new_run(prepared: PreparedSync, context: SyncContext) -> Run:
    address, file, settings = context.opened.client.address, context.file, context.settings
    plan = {
        "schema": SCHEMA,
        "library": str(address),
        "server": address.server_digest,
        "file": file.name,
        "conflicts": settings.conflicts,
        "deletions": settings.deletions,
        "answers": list(settings.answers),
        "collection": context.scope.collection if context.scope else "",
        "sends": sends(prepared.plan),
        "edits": edits(prepared.plan),
    }
    remote = str(address) if prepared.plan.sends else ""
    writes = {file.path: prepared.data, **context.documents(prepared.plan.renamed)}
    return open_run(file.path.parent, "sync", plan, _ledger(prepared.plan), writes, remote)


def sends(plan: SyncPlan) -> list[dict[str, Any]]:
    """The objects that a sync sends, in order."""
    return [
        *({"kind": "collections", "object": collection} for collection in plan.collections),
        *({"kind": "items", "object": change.object} for change in plan.changes),
    ]


def edits(plan: SyncPlan) -> list[dict[str, Any]]:
    """What a sync changes in the file."""
    return [
        {
            "kind": edit.kind,
            "key": edit.key,
            "title": edit.title,
            "fields": {name: {"before": before, "after": after} for name, (before, after) in edit.fields.items()},
        }
        for edit in plan.edits
    ]


def _ledger(plan: SyncPlan) -> list[dict[str, Any]]:
    """A line for each pair that is synced, and for each that is separated."""
    lines: list[dict[str, Any]] = [
        {"item": item, "id": link.key, "became": "synced", **({"open": sorted(link.open)} if link.open else {})}
        for item, link in plan.links.items()
    ]
    return lines + [{"item": item, "became": "parted"} for item in plan.unpaired]
