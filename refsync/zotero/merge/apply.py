"""Carrying out merges: first the journal, then step by step; an interrupted run is resumed from its journal."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from refsync.dedup.settings import MergeSettings
from refsync.errors import ConfigError
from refsync.runs.journal import Run, UnprovenRunError, open_run
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.merge.plan import Merge, Types
from refsync.zotero.merge.steps import LAST_STEP, LibraryState, Step, next_step, simulate_steps
from refsync.zotero.web.changes import Change, Refusal
from refsync.zotero.web.client import MAX_OBJECTS
from refsync.zotero.web.download import refresh
from refsync.zotero.web.journal import WriteJournal
from refsync.zotero.web.library import OpenLibrary
from refsync.zotero.web.replies import RemoteError
from refsync.zotero.web.write_batches import MAX_ROUNDS, WriteOutcome
from refsync.zotero.web.write_items import write_items

Progress = Callable[[str, int, int], None]

SCHEMA = "refsync.merge/1"


@dataclass(slots=True)
class MergeOutcome:
    """The result of merges: those that were done, the items that prevented others, and why nothing more was sent."""

    done: list[Merge] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


def library_state(opened: OpenLibrary, types: Types, policies: MergeSettings) -> LibraryState:
    """The content of an open library, and how items are merged."""
    return LibraryState(
        items=opened.items,
        collections=frozenset(opened.collections),
        path=opened.path,
        settings=MappingSettings(opened.schema),
        types=types,
        policies=policies,
    )


def plan_steps(merges: Sequence[Merge], state: LibraryState) -> tuple[list[Step], list[tuple[Refusal, Merge]]]:
    """The steps in the order in which they are sent, one batch of merges after another, and what is refused."""
    steps: list[Step] = []
    refused: list[tuple[Refusal, Merge]] = []
    for batch in _batches(merges):
        batch_steps, batch_refused = simulate_steps(batch, state)
        steps += batch_steps
        refused += batch_refused
    return steps, refused


def start_merge_run(
    merges: Sequence[Merge], steps: Sequence[Step], state: LibraryState, opened: OpenLibrary, beside: Path
) -> Run:
    """Record what is to be done and the current state of every item concerned, before anything is sent.

    Raises:
        RefsyncError: the journal cannot be written.
    """
    address = opened.client.address
    keys = dict.fromkeys(change.key for step in steps for change, _ in step.changes)
    plan = {
        "schema": SCHEMA,
        "library": str(address),
        "server": address.server_digest,
        "types": state.types,
        "policies": asdict(state.policies),
        "merges": [
            {
                "survivor": merge.survivor,
                "losers": list(merge.losers),
                "chosen": dict(merge.chosen),
            }
            for merge in merges
        ],
        "sends": sends(steps),
        "before": {key: state.items[key] for key in keys},
    }
    return open_run(beside, "dedupe", plan, _ledger(merges, state, str(address)), {}, remote=str(address))


def sends(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """The objects that steps send, in order."""
    return [
        {"step": step.number, "kind": "items", "object": change.object} for step in steps for change, _ in step.changes
    ]


def apply_merges(
    merges: Sequence[Merge],
    state: LibraryState,
    opened: OpenLibrary,
    run: Run,
    progress: Progress = lambda stage, done, total: None,
) -> MergeOutcome:
    """Do what is left of merges. Errors of the server are not raised: see `MergeOutcome`."""
    outcome = MergeOutcome()
    with WriteJournal(run) as journal:
        for number, batch in enumerate(_batches(merges)):
            progress("merge", number * MAX_OBJECTS, len(merges))
            _apply_batch(list(batch), state, opened, journal, outcome)
            if outcome.stopped:
                break
        progress("merge", len(merges), len(merges))
    run.mark("stopped" if outcome.stopped else "applied")
    return outcome


def read_merge_run(run: Run) -> tuple[dict[str, Any], list[Merge]]:
    """The plan of a run that merged items, and its merges.

    Raises:
        ConfigError: it is not such a run.
    """
    try:
        plan = run.plan
    except UnprovenRunError:
        plan = {}
    if plan.get("schema") != SCHEMA:
        raise ConfigError(f"the run {run.id} merged nothing in a library", hint="run its command again: it continues")
    return plan, [Merge(merge["survivor"], tuple(merge["losers"]), merge["chosen"]) for merge in plan["merges"]]


def _batches(merges: Sequence[Merge]) -> Iterator[Sequence[Merge]]:
    """As many merges as one write can have survivors; an interrupted run leaves no more than these incomplete."""
    for start in range(0, len(merges), MAX_OBJECTS):
        yield merges[start : start + MAX_OBJECTS]


def _apply_batch(
    merges: list[Merge], state: LibraryState, opened: OpenLibrary, journal: WriteJournal, outcome: MergeOutcome
) -> None:
    tries: Counter[tuple[int, str]] = Counter()
    refusals: dict[str, Refusal] = {}
    fresh = False
    while True:
        step = next_step(merges, state)
        try:
            # a loser may have got a note meanwhile, which does not change the loser's version
            if step.number == LAST_STEP and not fresh:
                fresh = True
                _refresh(state, opened)
                continue
            refused = [*step.refused]
            for change, merge in step.changes:
                tries[step.number, change.key] += 1
                if change.key in refusals:
                    refused.append((refusals[change.key], merge))
                elif tries[step.number, change.key] > MAX_ROUNDS:
                    why = "is being changed in Zotero again and again"
                    refused.append((Refusal(change.key, change.title, why), merge))
            if refused:
                outcome.refused += dict.fromkeys(refusal for refusal, _ in refused)
                merges = [left for merge in merges if (left := _without_refused(merge, refused)).losers]
                continue
            if not step.changes:
                outcome.done += merges
                return
            fresh = False
            sent = _send([change for change, _ in step.changes], state, opened, journal)
            outcome.stopped = sent.stopped
            if sent.refused and not sent.stopped:
                refusals |= {refusal.key: refusal for refusal in sent.refused}
                _refresh(state, opened)
        except RemoteError as error:
            outcome.stopped = str(error)
        if outcome.stopped:
            return


def _without_refused(merge: Merge, refused: Sequence[tuple[Refusal, Merge]]) -> Merge:
    """A merge without the refused losers; without all losers if another item of the merge was refused."""
    keys = {refusal.key for refusal, of in refused if of == merge}
    losers = () if keys - set(merge.losers) else tuple(key for key in merge.losers if key not in keys)
    return replace(merge, losers=losers)


def _send(changes: Sequence[Change], state: LibraryState, opened: OpenLibrary, journal: WriteJournal) -> WriteOutcome:
    outcome = write_items(changes, state.items, opened, journal)
    state.index()
    return outcome


def _refresh(state: LibraryState, opened: OpenLibrary) -> None:
    """Download what others changed meanwhile."""
    if refresh(opened.client, opened.local_copy):
        state.items = opened.items
        state.collections = frozenset(opened.collections)
        state.index()


def _ledger(merges: Sequence[Merge], state: LibraryState, source: str) -> Iterator[Mapping[str, Any]]:
    """A line for each item that stays or is merged."""
    for merge in merges:
        for key in (merge.survivor, *merge.losers):
            line = {"source": source, "id": key, "title": state.items[key].get("title", "")}
            into = {"became": "merged", "into": merge.survivor} if key != merge.survivor else {"became": "kept"}
            yield {**line, **into}
