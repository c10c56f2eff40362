"""Carrying out merges: journal first, then step by step; a run that died goes on from its journal."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError
from refsync.runs.journal import Run, open_run
from refsync.zotero.items.mapping import Item, MappingSettings
from refsync.zotero.items.relations import item_uri, related
from refsync.zotero.merge.plan import Merge, Types
from refsync.zotero.merge.steps import LAST, Holdings, Step, foresee, next_step, overlaid
from refsync.zotero.push.plan import Change, Refusal
from refsync.zotero.web.client import MOST_OBJECTS, Data, RemoteError
from refsync.zotero.web.download import refresh
from refsync.zotero.web.journal import RemoteLog
from refsync.zotero.web.library import Opened
from refsync.zotero.web.write_batches import ROUNDS, send

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.merge/1"


@dataclass(slots=True)
class Merging:
    """What became of merges: those done, the items that stood against it, and why no more could be sent."""

    done: list[Merge] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


def holdings(opened: Opened, types: Types) -> Holdings:
    """What an opened library holds."""
    collections = frozenset(opened.store.objects("collections"))
    return Holdings(opened.items, collections, opened.remote.address.path, MappingSettings(opened.schema), types)


def foreseen(merges: Sequence[Merge], held: Holdings) -> tuple[list[Step], list[tuple[Refusal, Merge]]]:
    """The steps in the order in which they are sent: one part of the merges after another."""
    steps: list[Step] = []
    refused: list[tuple[Refusal, Merge]] = []
    for part in _parts(merges):
        more, told = foresee(part, held)
        steps += more
        refused += told
    return steps, refused


def begin(
    merges: Sequence[Merge], steps: Sequence[Step], held: Holdings, opened: Opened, types: Types, beside: Path
) -> Run:
    """Put down what is to be done and what every item concerned holds, before anything is sent.

    Raises:
        RefsyncError: the journal cannot be written.
    """
    address = opened.remote.address
    keys = dict.fromkeys(change.key for step in steps for change, _ in step.changes)
    plan = {
        "schema": SCHEMA,
        "library": str(address),
        "endpoint": address.endpoint,
        "types": types,
        "merges": [
            {"survivor": merge.survivor, "losers": list(merge.losers), "chosen": dict(merge.chosen)} for merge in merges
        ],
        "sends": sends(steps),
        "before": {key: held.items[key] for key in keys},
    }
    return open_run(beside, "dedupe", plan, _ledger(merges, held, str(address)), {}, remote=str(address))


def sends(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The objects that steps send, in their order."""
    return [
        {"step": step.number, "kind": "items", "object": change.object} for step in steps for change, _ in step.changes
    ]


def carry_out(
    merges: Sequence[Merge], held: Holdings, opened: Opened, run: Run, progress: Progress = lambda *_: None
) -> Merging:
    """Do what is left of merges. Never raises for what the server says: see `Merging`."""
    told = Merging()
    with RemoteLog(run) as log:
        for number, part in enumerate(_parts(merges)):
            progress("merge", number * MOST_OBJECTS, len(merges))
            _carry_out(list(part), held, opened, log, told)
            if told.stopped:
                break
        progress("merge", len(merges), len(merges))
    run.mark("stopped" if told.stopped else "applied")
    return told


def begun(run: Run) -> tuple[dict[str, Any], list[Merge]]:
    """The plan of a run that merged, and its merges.

    Raises:
        ConfigError: it is no such run.
    """
    try:
        plan: dict[str, Any] = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        plan = {}
    if plan.get("schema") != SCHEMA:
        raise ConfigError(f"the run {run.id} merged nothing in a library", hint="run its command again: it goes on")
    return plan, [Merge(merge["survivor"], tuple(merge["losers"]), merge["chosen"]) for merge in plan["merges"]]


def _parts(merges: Sequence[Merge]) -> Iterator[Sequence[Merge]]:
    """As many merges as one write has survivors; a run that dies leaves no more than these half done."""
    for start in range(0, len(merges), MOST_OBJECTS):
        yield merges[start : start + MOST_OBJECTS]


def _carry_out(merges: list[Merge], held: Holdings, opened: Opened, log: RemoteLog, told: Merging) -> None:
    tries: Counter[tuple[int, str]] = Counter()
    refusals: dict[str, Refusal] = {}
    fresh = False
    while True:
        step = next_step(merges, held)
        try:
            # somebody may have given a loser a note meanwhile, which its version does not tell
            if step.number == LAST and not fresh:
                fresh = True
                _reread(held, opened)
                continue
            against = [*step.refused]
            for change, merge in step.changes:
                tries[step.number, change.key] += 1
                if change.key in refusals:
                    against.append((refusals[change.key], merge))
                elif tries[step.number, change.key] > ROUNDS:
                    why = "is being changed in Zotero again and again"
                    against.append((Refusal(change.key, change.title, why), merge))
            if against:
                told.refused += dict.fromkeys(refusal for refusal, _ in against)
                merges = [left for merge in merges if (left := _without(merge, against)).losers]
                continue
            if not step.changes:
                told.done += merges
                return
            fresh = False
            sent = _send([change for change, _ in step.changes], held, opened, log)
            told.stopped = sent.stopped
            if sent.refused and not sent.stopped:
                refusals |= {refusal.key: refusal for refusal in sent.refused}
                _reread(held, opened)
        except RemoteError as error:
            told.stopped = str(error)
        if told.stopped:
            return


def _without(merge: Merge, against: Sequence[tuple[Refusal, Merge]]) -> Merge:
    """A merge without the losers that something stands against; without all of them where it is another item."""
    keys = {refusal.key for refusal, of in against if of == merge}
    losers = () if keys - set(merge.losers) else tuple(key for key in merge.losers if key not in keys)
    return replace(merge, losers=losers)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a write: the items that were not taken, and why no more could be sent."""

    refused: Sequence[Refusal]
    stopped: str


def send_changes(changes: Sequence[Change], items: dict[str, Item], opened: Opened, log: RemoteLog) -> Sent:
    """Send changes, and bring `items` up to what the library holds then.

    A change to an item that is not as we took it for is not made: the item is read again, and it is for the caller to
    work out what is left to do.
    """
    stale: set[str] = set()

    def leave(change: Change, _held: Data) -> None:
        stale.add(change.key)

    outcome = send(opened.remote, "items", changes, leave, log, opened.store, trashed=True)
    uri = item_uri(opened.remote.address.path)
    others = (one.removeprefix(uri) for change in changes for one in _related(change))
    now = opened.store.some("items", {*(change.key for change in changes), *others})
    for change in changes:
        unchanged = change.key in outcome.written and change.key not in stale
        if unchanged and now.get(change.key, {}).get("version") == change.object["version"]:
            now[change.key] = {**overlaid(items[change.key], change), "version": change.object["version"]}
    items.update(now)
    return Sent(outcome.refused, outcome.stopped)


def _related(change: Change) -> list[str]:
    """The items whose relations a change may change too."""
    return [*related(change.object), *related(change.before)]


def _send(changes: Sequence[Change], held: Holdings, opened: Opened, log: RemoteLog) -> Sent:
    sent = send_changes(changes, held.items, opened, log)
    held.index()
    return sent


def _reread(held: Holdings, opened: Opened) -> None:
    """What somebody changed meanwhile."""
    if refresh(opened.remote, opened.store):
        held.items = opened.items
        held.collections = frozenset(opened.store.objects("collections"))
        held.index()


def _ledger(merges: Sequence[Merge], held: Holdings, source: str) -> Iterator[Mapping[str, Any]]:
    """A line for each item that stays or is merged."""
    for merge in merges:
        for key in (merge.survivor, *merge.losers):
            line = {"source": source, "id": key, "title": held.items[key].get("title", "")}
            into = {"became": "merged", "into": merge.survivor} if key != merge.survivor else {"became": "kept"}
            yield {**line, **into}
