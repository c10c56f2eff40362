"""Writing objects to a library in batches so that each is written once, even if requests fail.

A change to an object that was changed meanwhile is recomputed from its current state; a write that was accepted but
whose response was lost is recognised. What cannot be written is reported, and the rest is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.zotero.items.properties import equal_properties
from refsync.zotero.items.relations import item_uri_prefix, mirrored_changes, related
from refsync.zotero.web.changes import Change, Refusal
from refsync.zotero.web.client import MAX_OBJECTS, Data, Failure, Kind, WriteResponse, ZoteroClient
from refsync.zotero.web.journal import WriteJournal
from refsync.zotero.web.local_copy import LocalCopy
from refsync.zotero.web.replies import RemoteError

MAX_ROUNDS = 5
"""How often an object is sent again because the server had a fault, or because others keep changing the item."""

Recompute = Callable[[Change, Data], Change | None]
"""The change for an item as it is now; None if nothing is left to do."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Destination:
    """The targets of a write: the library, its local copy, and the journal of the run."""

    client: ZoteroClient
    local_copy: LocalCopy
    journal: WriteJournal


@dataclass(slots=True)
class WriteOutcome:
    """The result of writes.

    Attributes:
        written: the versions of the objects that were written, by key.
        refused: what was not written.
        stopped: why nothing more could be sent; empty if all was.
    """

    written: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    stopped: str = ""


def write_objects(
    destination: Destination,
    kind: Kind,
    changes: Sequence[Change],
    recompute: Recompute,
    progress: Progress = lambda stage, done, total: None,
    *,
    into_trash: bool = False,
) -> WriteOutcome:
    """Send changes, at most 50 in one write. Errors of the server are not raised: see `WriteOutcome`.

    Objects that were put into the trash meanwhile are left there, unless `into_trash`.
    """
    attempts = [_Attempt(change) for change in changes]
    writer = _Writer(destination, kind, recompute, waiting=attempts, into_trash=into_trash)
    while writer.waiting and not writer.outcome.stopped:
        writer.write_batch()
        progress("send", len(changes) - len(writer.waiting), len(changes))
    for attempt in writer.waiting:
        writer.refuse(attempt, "not sent")
    return writer.outcome


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A change to be sent, and how often it was sent already."""

    change: Change
    round: int = 0


@dataclass(slots=True)
class _Writer:
    destination: Destination
    kind: Kind
    recompute: Recompute
    waiting: list[_Attempt]
    into_trash: bool
    outcome: WriteOutcome = field(default_factory=WriteOutcome)
    size: int = MAX_OBJECTS

    def write_batch(self) -> None:
        """Write one batch, from the line in the journal before it to the one after it."""
        journal = self.destination.journal
        batch, self.waiting = self.waiting[: self.size], self.waiting[self.size :]
        changes = [attempt.change for attempt in batch]
        step = journal.record_attempt(
            self.kind, [change.object for change in changes], [change.before for change in changes]
        )
        response = self._send(batch)
        if response is None:
            return
        refused_before = len(self.outcome.refused)
        accepted = {changes[at].key: data for at, data in response.done.items()}
        versions = {key: int(data.get("version", 0)) for key, data in accepted.items()}
        _update_copy(self.destination, self.kind, accepted, response.version)
        conflicting = []
        for at, failure in response.failed.items():
            if failure.code in (404, 412):
                conflicting.append(batch[at])
            elif failure.code < 500 or not self._retry(batch[at], changes[at]):
                self.refuse(batch[at], failure.message)
        versions |= self._resolve(conflicting) if conflicting else {}
        self.outcome.written |= versions
        journal.record_result(
            step, versions, {item.key: item.message for item in self.outcome.refused[refused_before:]}
        )

    def refuse(self, attempt: _Attempt, message: str) -> None:
        self.outcome.refused.append(Refusal(attempt.change.key, attempt.change.title, message))

    def _retry(self, attempt: _Attempt, change: Change) -> bool:
        """Queue a change again; whether there was a round left for it."""
        if attempt.round < MAX_ROUNDS:
            self.waiting.append(_Attempt(change, attempt.round + 1))
        return attempt.round < MAX_ROUNDS

    def _send(self, batch: list[_Attempt]) -> WriteResponse | None:
        """The server's response; None if it refused the whole write, which is then queued again or refused."""
        try:
            return self.destination.client.write(self.kind, [attempt.change.object for attempt in batch])
        except RemoteError as error:
            if error.status == 412:
                return WriteResponse({}, {at: Failure(412, str(error)) for at in range(len(batch))}, 0)
            if error.status == 413 and len(batch) > 1:
                self.size = len(batch) // 2
                self.waiting[:0] = batch
            elif error.status in (400, 413):
                for attempt in batch:
                    self.refuse(attempt, str(error))
            else:
                self.outcome.stopped = str(error)
                self.waiting[:0] = batch
            return None

    def _resolve(self, conflicting: list[_Attempt]) -> dict[str, int]:
        """Read objects whose version was not the expected one; the versions of those that are as wanted by now."""
        try:
            current = self.destination.client.by_key(self.kind, [attempt.change.key for attempt in conflicting])
        except RemoteError as error:
            self.outcome.stopped = str(error)
            for attempt in conflicting:
                self.refuse(attempt, "not known whether it was written; run the command again to see")
            return {}
        self.destination.local_copy.put(self.kind, current.values())
        versions = {}
        for attempt in conflicting:
            key = attempt.change.key
            if key not in current:
                self._handle_missing(attempt)
            elif contains_change(current[key], attempt.change.object):  # it was accepted, and the response was lost
                versions[key] = int(current[key]["version"])
            elif current[key].get("deleted") and not self.into_trash:
                self.refuse(attempt, "is in Zotero's trash; left there")
            elif (change := self.recompute(attempt.change, current[key])) is None:
                versions[key] = int(current[key]["version"])
            elif not self._retry(attempt, change):
                self.refuse(attempt, "is being changed in Zotero again and again")
        return versions

    def _handle_missing(self, attempt: _Attempt) -> None:
        if not attempt.change.creates:
            self.refuse(attempt, "was deleted in Zotero meanwhile; left deleted")
        elif not self._retry(attempt, attempt.change):  # it was refused with the whole write
            self.refuse(attempt, "is refused by Zotero again and again")


def keep_existing(_change: Change, _current: Data) -> Change | None:
    """Recompute no change: an object that exists is left as it is."""
    return None


def contains_change(current: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether an object of the library has all values that were sent."""
    for name, value in sent.items():
        has = current.get(name)
        if name in ("key", "version"):
            continue
        if name == "tags":
            if not {tag["tag"].strip() for tag in value} <= {tag["tag"] for tag in has or ()}:
                return False
        elif name == "collections":
            if not set(value) <= set(has or ()):
                return False
        elif name == "relations":
            if not equal_properties(name, has, value):
                return False
        elif isinstance(value, str):
            if str(has or "").strip() != value.strip():
                return False
        elif (has or None) != (value or None):
            return False
    return True


def _update_copy(destination: Destination, kind: str, objects: Mapping[str, Data], version: int) -> None:
    """Store what was written in the local copy, whose version changes only if nobody else wrote in between.

    The server counts one version for each object of a write, even for those in which nothing changed.
    """
    copy, uri = destination.local_copy, item_uri_prefix(destination.client.address.path)
    alone = bool(version) and version == copy.version + len(objects)
    written = {key: data for key, data in objects.items() if data.get("key")}
    mirrored: Mapping[str, Data] = {}
    if kind == "items":
        before = copy.by_key("items", written)
        named = {one.removeprefix(uri) for item in (*written.values(), *before.values()) for one in related(item)}
        mirrored = mirrored_changes(written, before, copy.by_key("items", named), uri) if named else {}
    copy.put(kind, {**written, **mirrored}.values(), **({"version": version} if alone else {}))
