"""Carrying out a sync: journal first, then the library, then the file, then what is remembered.

A sync that died at any point is finished by running it again: what to do is worked out from what both sides hold by
then, and what was done already gives nothing to do.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from refsync.errors import StaleError
from refsync.files import digest, replace_file, replace_files
from refsync.formats.bibtex.file import read
from refsync.formats.bibtex.spell import spelled
from refsync.formats.decode import decode_file, encode_like, encoding_of
from refsync.journal import Run, open_run, runs
from refsync.records import Problem, Record
from refsync.zotero.combining import same
from refsync.zotero.download import refresh
from refsync.zotero.groups import Groups
from refsync.zotero.keys import record_keys
from refsync.zotero.library import Opened
from refsync.zotero.mapping import Item
from refsync.zotero.merging import send_changes
from refsync.zotero.pairing import Likeness, Pairs, pair, syncable
from refsync.zotero.pushing import Change, Refusal, papers
from refsync.zotero.remote_log import RemoteLog
from refsync.zotero.sending import ROUNDS, send
from refsync.zotero.sync_plan import SyncPlan, SyncSettings
from refsync.zotero.sync_state import Rows, Synced, SyncState
from refsync.zotero.syncing import plan_sync, rows_after

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.sync/1"
STATE_FILE = "synced.json"


@dataclass(frozen=True, slots=True)
class Source:
    """The file as it was read; `data` is None where there is none yet."""

    path: Path
    data: bytes | None
    text: str
    records: tuple[Record, ...]
    left_out: tuple[tuple[Record, str], ...]
    problems: tuple[Problem, ...]
    edited: str

    @property
    def name(self) -> str:
        """What the file is remembered by, beside `.refsync`."""
        return self.path.name

    @property
    def digest(self) -> str | None:
        """By which its content is known again; None where there is no file."""
        return digest(self.data) if self.data is not None else None

    def with_text(self, text: str) -> bytes:
        """The bytes of the file with another text, in its encoding."""
        if self.data is None:
            return text.encode()
        return encode_like(spelled(text, encoding_of(self.data)), self.data, str(self.path))


def read_file(path: Path) -> Source:
    """Read the file that is to be synced.

    Raises:
        SourceError: it cannot be read.
    """
    if not path.exists():
        return Source(path, None, "", (), (), (), "")
    data = path.read_bytes()
    records, problems = _records(data, str(path))
    kept, left_out = syncable(records)
    edited = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = decode_file(data, str(path)).exact
    return Source(path, data, text, tuple(kept), tuple(left_out), problems, edited)


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


def work_out(opened: Opened, state: SyncState, source: Source, settings: SyncSettings, likeness: Likeness) -> Work:
    """What a sync would do."""
    items = opened.items
    library = papers(items)
    rows = state.rows(source.name)
    made_keys = record_keys(opened.remote.address.path, source.records)
    trashed = {key for key, item in items.items() if item.get("deleted")}
    pairs = pair(
        source.records, made_keys, library, trashed, rows, state.proposed(source.name), likeness, settings.mapping
    )
    settings = replace(settings, edited=source.edited)
    groups = _groups(opened, source.records)
    plan = plan_sync(source.text, source.records, made_keys, items, library, groups, pairs, rows, settings)
    data = source.with_text(plan.text) if source.data is not None or plan.text else b""
    return Work(plan, pairs, data, rows, sum(key not in rows for key in pairs.entries))


def _groups(opened: Opened, records: Sequence[Record]) -> Groups:
    return Groups.of(opened.remote.address.path, opened.store.objects("collections"), records)


def carry_out(
    work: Work,
    opened: Opened,
    state: SyncState,
    source: Source,
    settings: SyncSettings,
    likeness: Likeness,
    progress: Progress = lambda *_: None,
) -> tuple[Work, Outcome]:
    """Do it; the work as it was in the end, which differs where others changed the library meanwhile.

    Raises:
        StaleError: the file was changed meanwhile; what was written to the library is safe, and running again goes on.
        RefsyncError: the file or the journal cannot be written.
    """
    outcome = Outcome(_unfinished(opened, source))
    if work.plan.sends or work.data != (source.data or b""):
        outcome.run = outcome.run or _new_run(work, opened, source, settings)
        new = [(item, link.key) for item, link in work.plan.links.items() if item not in work.rows]
        state.propose(source.name, new)
    if work.plan.sends:
        assert outcome.run
        with RemoteLog(outcome.run) as log:
            work = _send(work, opened, state, source, settings, likeness, log, outcome, progress)
        if outcome.stopped:
            outcome.run.mark("stopped")
            return work, outcome
    refused = {refusal.key for refusal in (*work.plan.refused, *outcome.refused)}
    links = {key: link for key, link in work.plan.links.items() if key not in refused}
    items = opened.items
    if outcome.run and work.data != (source.data or b""):
        outcome.run.expect(source.path, work.data)
        try:
            replace_files({source.path: work.data}, {source.path: source.digest})
        except StaleError:
            edited = {edit.key for edit in work.plan.edits}
            untouched = {key: link for key, link in links.items() if link.key not in edited}
            outcome.run.leave(source.path)
            _remember(
                state,
                source,
                rows_after(untouched, source.records, items, _groups(opened, source.records)),
                (),
                work.rows,
                outcome.run,
            )
            outcome.run.mark("stopped")
            raise
    records = _records(work.data, str(source.path))[0] if work.data else ()
    rows = rows_after(links, records, items, _groups(opened, records))
    _remember(state, source, rows, work.plan.forgotten, work.rows, outcome.run)
    if outcome.run:
        outcome.run.mark("applied")
    return work, outcome


def _send(
    work: Work,
    opened: Opened,
    state: SyncState,
    source: Source,
    settings: SyncSettings,
    likeness: Likeness,
    log: RemoteLog,
    outcome: Outcome,
    progress: Progress,
) -> Work:
    """Send what is to be sent, and work it out anew where somebody else crossed it."""
    items = opened.items
    for _ in range(ROUNDS):
        refused = {refusal.key for refusal in outcome.refused}
        changes = [change for change in work.plan.changes if change.key not in refused]
        folders = [collection for collection in work.plan.collections if collection["key"] not in refused]
        if folders and not _make(folders, opened, log, outcome):
            return work
        if not changes:
            return work
        progress("send", 0, len(changes))
        sent = send_changes(changes, items, opened, log)
        progress("send", len(changes), len(changes))
        outcome.refused += sent.refused
        outcome.stopped = sent.stopped
        refused = {refusal.key for refusal in sent.refused}
        crossed = [change for change in changes if change.key not in refused and not _holds(items, change)]
        told = {change.key for change in crossed} | refused
        outcome.written += [change for change in changes if change.key not in told]
        if outcome.stopped or not (crossed or refused):
            return work
        refresh(opened.remote, opened.store)
        items = opened.items
        work = work_out(opened, state, source, settings, likeness)
    for change in work.plan.changes:
        outcome.refused.append(Refusal(change.key, change.title, "is being changed in Zotero again and again"))
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


def _new_run(work: Work, opened: Opened, source: Source, settings: SyncSettings) -> Run:
    address = opened.remote.address
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


def _records(data: bytes, name: str) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    if not data.strip():
        return (), ()
    snapshot = read(data, name)
    return snapshot.records, snapshot.problems


# What is remembered, and how that is taken back


def _remember(state: SyncState, source: Source, rows: Rows, gone: Sequence[str], before: Rows, run: Run | None) -> None:
    """Remember the pairs; what was remembered before goes into the run first."""
    gone = [key for key in gone if key not in rows]  # an item that was made anew may have the key of the old one
    if run:
        touched = {key: before.get(key) for key in (*rows, *gone)}
        kept = {"library": state.path.name, "file": source.name, "before": touched, "after": rows}
        text = json.dumps(kept, ensure_ascii=False, default=lambda row: [row.entry, row.data, row.version, row.open])
        replace_file(run.folder / STATE_FILE, text.encode())
    if rows or gone:
        state.put(source.name, rows, gone)


def forget(run: Run) -> None:
    """Let what is remembered be as before a run; pairs that were synced again since are asked about anew."""
    path = run.folder / STATE_FILE
    if not path.is_file():
        return
    kept = json.loads(path.read_text(encoding="utf-8"))
    before = {key: Synced(*row) if row else None for key, row in kept["before"].items()}
    after = {key: Synced(*row) for key, row in kept["after"].items()}
    with SyncState(run.folder.parents[2], kept["library"].removesuffix("-sync.sqlite")) as state:
        now = state.rows(kept["file"])
        back: dict[str, Synced] = {}
        gone = []
        for key, row in before.items():
            if row and now.get(key) in (after.get(key), row):
                back[key] = row
            else:
                gone.append(key)
        state.put(kept["file"], back, gone)
