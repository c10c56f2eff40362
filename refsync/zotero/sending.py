"""Sending objects to a library so that each is written once, whatever happens on the way.

An object that someone changed meanwhile is read again and its change made anew; one that was taken although its answer
never came is recognised. What cannot be sent is told, and the rest goes through.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.zotero.client import MOST_OBJECTS, Data, Kind, Library, RemoteError
from refsync.zotero.pushing import Change, Refusal
from refsync.zotero.remote_log import RemoteLog
from refsync.zotero.store import Store

ROUNDS = 5
"""How often an object is made anew for an item that others keep changing."""

Again = Callable[[Change, Data], Change | None]
"""A change made anew for an item as it is now; None where nothing is left to do."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Outcome:
    """What became of the changes: keys that were written, and those that were not, with the reason.

    `stopped` is why nothing more could be sent, if that happened.
    """

    written: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


def send(
    library: Library,
    kind: Kind,
    changes: Sequence[Change],
    again: Again,
    log: RemoteLog,
    store: Store,
    progress: Progress = lambda stage, done, total: None,
) -> Outcome:
    """Send changes, at most 50 in one write. Never raises for what the server says: see `Outcome`."""
    outcome = Outcome()
    waiting = [(change, 0) for change in changes]
    size = MOST_OBJECTS
    while waiting:
        batch, waiting = waiting[:size], waiting[size:]
        sent = [change for change, _ in batch]
        step = log.sending(kind, [change.object for change in sent], [dict(change.before) for change in sent])
        try:
            reply = library.write(kind, [change.object for change in sent])
        except RemoteError as error:
            if error.status == 413 and len(batch) > 1:
                size, waiting = len(batch) // 2, batch + waiting
                continue
            if error.status == 412:
                reread, told = [change for change, _ in batch], {}
            elif error.status in (400, 413):
                outcome.refused += [Refusal(change.key, change.title, str(error)) for change in sent]
                continue
            else:
                outcome.stopped = str(error)
                told_all = [Refusal(change.key, change.title, "not sent") for change, _ in (*batch, *waiting)]
                outcome.refused += told_all
                return outcome
            taken: dict[str, Data] = {}
            version = 0
        else:
            taken = {sent[at].key: data for at, data in reply.done.items()}
            told = {at: failure for at, failure in reply.failed.items() if failure.code not in (404, 412)}
            reread = [sent[at] for at, failure in reply.failed.items() if failure.code in (404, 412)]
            version = reply.version
        log.sent(
            step,
            {key: int(data.get("version", 0)) for key, data in taken.items()},
            {sent[at].key: failure.message for at, failure in told.items()},
        )
        _keep(store, kind, taken, version)
        outcome.written |= {key: int(data.get("version", 0)) for key, data in taken.items()}
        rounds = {change.key: round_ for change, round_ in batch}
        for at, failure in told.items():
            if failure.code >= 500 and rounds[sent[at].key] < ROUNDS:
                waiting.append((sent[at], rounds[sent[at].key] + 1))
            else:
                outcome.refused.append(Refusal(sent[at].key, sent[at].title, failure.message))
        if reread:
            try:
                held = library.by_key(kind, [change.key for change in reread])
            except RemoteError as error:
                outcome.stopped = str(error)
                outcome.refused += [
                    Refusal(change.key, change.title, "not known whether it was sent") for change in reread
                ]
                outcome.refused += [Refusal(change.key, change.title, "not sent") for change, _ in waiting]
                return outcome
            for change in reread:
                _settle(change, held.get(change.key), rounds[change.key], again, outcome, waiting)
            _keep(store, kind, held, 0)
        progress("send", len(changes) - len(waiting), len(changes))
    return outcome


def _settle(
    change: Change,
    held: Data | None,
    round_: int,
    again: Again,
    outcome: Outcome,
    waiting: list[tuple[Change, int]],
) -> None:
    """What to do about a change that the server refused because the object is not what we took it for."""
    if held is None:
        if change.creates and round_ < ROUNDS:  # refused as a whole, with others
            waiting.append((change, round_ + 1))
        else:
            told = "is refused by Zotero again and again" if change.creates else "was deleted in Zotero meanwhile"
            outcome.refused.append(Refusal(change.key, change.title, told))
    elif holds(held, change.object):  # it was taken the first time, and the answer was lost
        outcome.written[change.key] = int(held["version"])
    elif held.get("deleted"):
        outcome.refused.append(Refusal(change.key, change.title, "is in Zotero's trash; left there"))
    elif round_ >= ROUNDS:
        outcome.refused.append(Refusal(change.key, change.title, "is being changed in Zotero again and again"))
    elif anew := again(change, held):
        waiting.append((anew, round_ + 1))
    else:
        outcome.written[change.key] = int(held["version"])


def holds(held: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether an object in the library says all that was sent."""
    for name, value in sent.items():
        has = held.get(name)
        if name in ("key", "version"):
            continue
        if name == "tags":
            if not {tag["tag"].strip() for tag in value} <= {tag["tag"] for tag in has or ()}:
                return False
        elif name == "collections":
            if not set(value) <= set(has or ()):
                return False
        elif isinstance(value, str):
            if str(has or "").strip() != value.strip():
                return False
        elif (has or None) != (value or None):
            return False
    return True


def _keep(store: Store, kind: str, objects: Mapping[str, Data], version: int) -> None:
    """Take what was written into the copy; its version moves only where nobody else wrote in between.

    The server counts one version for each object of a write, those too in which nothing changed.
    """
    alone = bool(version) and version == store.version + len(objects)
    store.put(kind, [data for data in objects.values() if data.get("key")], **({"version": version} if alone else {}))
