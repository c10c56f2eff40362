"""Sending objects to a library so that each is written once, whatever happens on the way.

An object that someone changed meanwhile is read again and its change made anew; one that was taken although its answer
never came is recognised. What cannot be sent is told, and the rest goes through.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.zotero.items.relations import item_uri, mirrored, related
from refsync.zotero.merge.combine import same
from refsync.zotero.push.plan import Change, Refusal
from refsync.zotero.web.client import MOST_OBJECTS, Data, Failure, Kind, Library, RemoteError, Reply
from refsync.zotero.web.journal import RemoteLog
from refsync.zotero.web.local_copy import Store

ROUNDS = 5
"""How often an object is sent again because the server had a fault, or because others keep changing the item."""

Again = Callable[[Change, Data], Change | None]
"""A change made anew for an item as it is now; None where nothing is left to do."""

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Outcome:
    """What became of the changes: the versions of the keys that were written, and what was not, with the reason.

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
    *,
    trashed: bool = False,
) -> Outcome:
    """Send changes, at most 50 in one write. Never raises for what the server says: see `Outcome`.

    What somebody trashed meanwhile is left there, unless `trashed`.
    """
    work = _Work(library, kind, again, log, store, [_Try(change) for change in changes], trashed)
    while work.waiting and not work.outcome.stopped:
        work.send_some()
        progress("send", len(changes) - len(work.waiting), len(changes))
    for tried in work.waiting:
        work.refuse(tried, "not sent")
    return work.outcome


@dataclass(frozen=True, slots=True)
class _Try:
    """A change that is to be sent, and how often it was already."""

    change: Change
    round: int = 0


@dataclass(slots=True)
class _Work:
    library: Library
    kind: Kind
    again: Again
    log: RemoteLog
    store: Store
    waiting: list[_Try]
    trashed: bool
    outcome: Outcome = field(default_factory=Outcome)
    size: int = MOST_OBJECTS

    def send_some(self) -> None:
        """One write, from the line in the journal before it to the one after."""
        batch, self.waiting = self.waiting[: self.size], self.waiting[self.size :]
        changes = [tried.change for tried in batch]
        step = self.log.sending(self.kind, [change.object for change in changes], [change.before for change in changes])
        reply = self._write(batch)
        if reply is None:
            return
        refused = len(self.outcome.refused)
        taken = {changes[at].key: data for at, data in reply.done.items()}
        versions = {key: int(data.get("version", 0)) for key, data in taken.items()}
        _keep(self.store, self.kind, taken, reply.version, item_uri(self.library.address.path))
        doubtful = []
        for at, failure in reply.failed.items():
            if failure.code in (404, 412):
                doubtful.append(batch[at])
            elif failure.code < 500 or not self._once_more(batch[at], changes[at]):
                self.refuse(batch[at], failure.message)
        versions |= self._settled(doubtful) if doubtful else {}
        self.outcome.written |= versions
        self.log.sent(step, versions, {item.key: item.message for item in self.outcome.refused[refused:]})

    def refuse(self, tried: _Try, message: str) -> None:
        self.outcome.refused.append(Refusal(tried.change.key, tried.change.title, message))

    def _once_more(self, tried: _Try, change: Change) -> bool:
        if tried.round < ROUNDS:
            self.waiting.append(_Try(change, tried.round + 1))
        return tried.round < ROUNDS

    def _write(self, batch: list[_Try]) -> Reply | None:
        """What the server says; None where it refused the write as a whole, and what follows from that is seen to."""
        try:
            return self.library.write(self.kind, [tried.change.object for tried in batch])
        except RemoteError as error:
            if error.status == 412:
                return Reply({}, {at: Failure(412, str(error)) for at in range(len(batch))}, 0)
            if error.status == 413 and len(batch) > 1:
                self.size = len(batch) // 2
                self.waiting[:0] = batch
            elif error.status in (400, 413):
                for tried in batch:
                    self.refuse(tried, str(error))
            else:
                self.outcome.stopped = str(error)
                self.waiting[:0] = batch
            return None

    def _settled(self, doubtful: list[_Try]) -> dict[str, int]:
        """Read objects that are not what we took them for; the versions of those that say by now what they shall."""
        try:
            held = self.library.by_key(self.kind, [tried.change.key for tried in doubtful])
        except RemoteError as error:
            self.outcome.stopped = str(error)
            for tried in doubtful:
                self.refuse(tried, "not known whether it was taken; push again to see")
            return {}
        self.store.put(self.kind, held.values())
        versions = {}
        for tried in doubtful:
            key = tried.change.key
            if key not in held:
                self._missing(tried)
            elif holds(held[key], tried.change.object):  # it was taken the first time, and the answer was lost
                versions[key] = int(held[key]["version"])
            elif held[key].get("deleted") and not self.trashed:
                self.refuse(tried, "is in Zotero's trash; left there")
            elif (anew := self.again(tried.change, held[key])) is None:
                versions[key] = int(held[key]["version"])
            elif not self._once_more(tried, anew):
                self.refuse(tried, "is being changed in Zotero again and again")
        return versions

    def _missing(self, tried: _Try) -> None:
        if not tried.change.creates:
            self.refuse(tried, "was deleted in Zotero meanwhile; left deleted")
        elif not self._once_more(tried, tried.change):  # it was refused with the whole write
            self.refuse(tried, "is refused by Zotero again and again")


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
        elif name == "relations":
            if not same(name, has, value):
                return False
        elif isinstance(value, str):
            if str(has or "").strip() != value.strip():
                return False
        elif (has or None) != (value or None):
            return False
    return True


def _keep(store: Store, kind: str, objects: Mapping[str, Data], version: int, uri: str) -> None:
    """Take what was written into the copy; its version moves only where nobody else wrote in between.

    The server counts one version for each object of a write, those too in which nothing changed.
    """
    alone = bool(version) and version == store.version + len(objects)
    written = {key: data for key, data in objects.items() if data.get("key")}
    also: Mapping[str, Data] = {}
    if kind == "items":
        before = store.some("items", written)
        named = {one.removeprefix(uri) for item in (*written.values(), *before.values()) for one in related(item)}
        also = mirrored(written, before, store.some("items", named), uri) if named else {}
    store.put(kind, {**written, **also}.values(), **({"version": version} if alone else {}))
