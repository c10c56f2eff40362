"""Carrying out a sync: journal first, then the library, then the file, then what is remembered.

A sync that died at any point is finished by running it again: what to do is worked out from what both sides hold by
then, and what was done already gives nothing to do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.errors import StaleError
from refsync.files import replace_files
from refsync.records import Record
from refsync.runs.journal import Run, open_run, runs
from refsync.zotero.items.generated_keys import record_keys
from refsync.zotero.items.mapping import Item
from refsync.zotero.merge.apply import send_changes
from refsync.zotero.merge.combine import same
from refsync.zotero.push.plan import Change, Refusal, papers
from refsync.zotero.sync.base_journal import remember, rows_after
from refsync.zotero.sync.groups import Groups
from refsync.zotero.sync.merge_base import Rows, SyncState
from refsync.zotero.sync.pairing import Likeness, Pairs, pair
from refsync.zotero.sync.plan import plan_sync
from refsync.zotero.sync.plan_types import Link, SyncPlan, SyncSettings
from refsync.zotero.sync.synced_file import Source, records_of
from refsync.zotero.web.download import refresh
from refsync.zotero.web.journal import RemoteLog
from refsync.zotero.web.library import Opened
from refsync.zotero.web.write_batches import ROUNDS, send

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.sync/1"


@dataclass(slots=True)
class Work:
    """A sync that is worked out.

    Attributes:
        plan: what is to be done.
        pairs: which entry is which item.
        data: the file as it is to be.
        rows: what was remembered.
        matched: how many pairs are new.
    """

    plan: SyncPlan
    pairs: Pairs
    data: bytes
    rows: Rows
    matched: int


@dataclass(slots=True)
class Outcome:
    """What became of a sync: the run, the objects that were written, those that were not, why no more could be sent."""

    run: Run | None = None
    written: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """What is brought together, and how: the library, what is remembered, the file, what the user wants."""

    opened: Opened
    state: SyncState
    source: Source
    settings: SyncSettings
    likeness: Likeness

    def groups(self, records: Sequence[Record]) -> Groups:
        """The library's collections for a file of these entries."""
        return Groups.of(self.opened.remote.address.path, self.opened.store.objects("collections"), records)


def work_out(parties: Parties) -> Work:
    """What a sync would do."""
    opened, source = parties.opened, parties.source
    items = opened.items
    library = papers(items)
    rows = parties.state.rows(source.name)
    made_keys = record_keys(opened.remote.address.path, source.records)
    pairs = pair(
        source.records,
        made_keys,
        library,
        {key for key, item in items.items() if item.get("deleted")},
        rows,
        parties.state.proposed(source.name),
        parties.likeness,
        parties.settings.mapping,
    )
    settings = replace(parties.settings, edited=source.edited)
    groups = parties.groups(source.records)
    plan = plan_sync(source.text, source.records, made_keys, items, library, groups, pairs, rows, settings)
    data = source.with_text(plan.text) if source.data is not None or plan.text else b""
    return Work(plan, pairs, data, rows, sum(key not in rows for key in pairs.entries))


def carry_out(
    work: Work, parties: Parties, progress: Progress = lambda stage, done, total: None
) -> tuple[Work, Outcome]:
    """Do it; the work as it was in the end, which differs where others changed the library meanwhile.

    Raises:
        StaleError: the file was changed meanwhile; what was written to the library is safe, and running again goes on.
        RefsyncError: the file or the journal cannot be written.
    """
    opened, source = parties.opened, parties.source
    outcome = Outcome(_unfinished(opened, source))
    if work.plan.sends or work.data != (source.data or b""):
        outcome.run = outcome.run or _new_run(work, parties)
        new = [(item, link.key) for item, link in work.plan.links.items() if item not in work.rows]
        parties.state.propose(source.name, new)
    if work.plan.sends:
        assert outcome.run
        with RemoteLog(outcome.run) as log:
            work = _send(work, parties, log, outcome, progress)
        if outcome.stopped:
            outcome.run.mark("stopped")
            return work, outcome
    refused = {refusal.key for refusal in (*work.plan.refused, *outcome.refused)}
    links = {key: link for key, link in work.plan.links.items() if key not in refused}
    if outcome.run and work.data != (source.data or b""):
        _write(work, parties, links, outcome.run)
    if links or work.plan.forgotten:
        records = records_of(work.data, str(source.path))[0]
        rows = rows_after(links, records, opened.items, parties.groups(records))
        remember(parties.state, source, rows, work.plan.forgotten, work.rows, outcome.run)
    if outcome.run:
        outcome.run.mark("applied")
    return work, outcome


def _write(work: Work, parties: Parties, links: Mapping[str, Link], run: Run) -> None:
    """Write the file, unless somebody changed it; of the pairs that it does not concern, what was done is remembered.

    Raises:
        StaleError: somebody did.
    """
    source = parties.source
    run.expect(source.path, work.data)
    try:
        replace_files({source.path: work.data}, {source.path: source.digest})
    except StaleError:
        edited = {edit.key for edit in work.plan.edits}
        done = {key: link for key, link in links.items() if link.key not in edited}
        rows = rows_after(done, source.records, parties.opened.items, parties.groups(source.records))
        run.leave(source.path)
        remember(parties.state, source, rows, (), work.rows, run)
        run.mark("stopped")
        raise


def _send(work: Work, parties: Parties, log: RemoteLog, outcome: Outcome, progress: Progress) -> Work:
    """Send what is to be sent, and work it out anew where somebody else crossed it."""
    opened = parties.opened
    items = opened.items
    for _ in range(ROUNDS):
        refused = {refusal.key for refusal in outcome.refused}
        changes = [change for change in work.plan.changes if change.key not in refused]
        folders = [collection for collection in work.plan.collections if collection["key"] not in refused]
        if (folders and not _make(folders, opened, log, outcome)) or not changes:
            return work
        progress("send", 0, len(changes))
        sent = send_changes(changes, items, opened, log)
        progress("send", len(changes), len(changes))
        outcome.refused += sent.refused
        outcome.stopped = sent.stopped
        refused = {refusal.key for refusal in sent.refused}
        crossed = {change.key for change in changes if not _holds(items, change)}
        outcome.written += [change for change in changes if change.key not in crossed | refused]
        if outcome.stopped or not crossed | refused:
            return work
        refresh(opened.remote, opened.store)
        items = opened.items
        work = work_out(parties)
    refused = {refusal.key for refusal in outcome.refused}
    left = [change for change in work.plan.changes if change.key not in refused]
    outcome.refused += [Refusal(c.key, c.title, "is being changed in Zotero again and again") for c in left]
    return work


def _make(collections: Sequence[Item], opened: Opened, log: RemoteLog, outcome: Outcome) -> bool:
    """Make collections, before the items that are to be in them; whether more can be sent."""
    changes = [Change(dict(item), _before(item), str(item["name"]), dict(item)) for item in collections]
    sent = send(opened.remote, "collections", changes, lambda change, held: None, log, opened.store, trashed=True)
    outcome.refused += sent.refused
    outcome.stopped = sent.stopped
    return not sent.stopped


def _before(collection: Item) -> Item:
    return {"deleted": True} if "deleted" in collection else {}


def _holds(items: Mapping[str, Item], change: Change) -> bool:
    """Whether the library holds what was sent, neither less nor, in a list, more."""
    held = items.get(change.key)
    return held is not None and all(
        same(name, held.get(name), value) for name, value in change.object.items() if name not in ("key", "version")
    )


def _unfinished(opened: Opened, source: Source) -> Run | None:
    """The last run, if it was a sync of the two that died, and the file is as it was then or as it was to be."""
    last = next(runs(source.path.parent), None)
    if last is None or last.facts["command"] != "sync" or last.facts["state"] not in ("planned", "stopped"):
        return None
    facts = last.facts
    held = source.digest
    known = [(file["before"], file["after"]) for file in facts["files"] if file["path"] == str(source.path.resolve())]
    fits = facts.get("remote") == str(opened.remote.address) and any(held in states for states in known)
    return last if fits else None


def _new_run(work: Work, parties: Parties) -> Run:
    address, source, settings = parties.opened.remote.address, parties.source, parties.settings
    plan = {
        "schema": SCHEMA,
        "library": str(address),
        "endpoint": address.endpoint,
        "file": source.name,
        "conflicts": settings.conflicts,
        "deletions": settings.deletions,
        "answers": list(settings.answers),
        "sends": sends(work.plan),
        "edits": edits(work.plan),
    }
    remote = str(address) if work.plan.sends else ""
    return open_run(source.path.parent, "sync", plan, _ledger(work.plan), {source.path: work.data}, remote)


def sends(plan: SyncPlan) -> list[dict[str, Any]]:
    """The objects that a sync sends, in their order."""
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
    """A line for each pair that is brought together, and for each that is parted."""
    lines: list[dict[str, Any]] = [
        {"item": item, "id": link.key, "became": "synced", **({"open": sorted(link.open)} if link.open else {})}
        for item, link in plan.links.items()
    ]
    return lines + [{"item": item, "became": "parted"} for item in plan.forgotten]
