"""The input, settings and result of planning a sync."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from refsync.records import Record
from refsync.zotero.items.mapping import Item, MappingSettings
from refsync.zotero.sync.merge_base import SyncedPairs
from refsync.zotero.sync.three_way import BasePair, Side
from refsync.zotero.web.changes import Change, Refusal

Conflicts = Literal["ask", "ours", "theirs", "newest"]
Deletions = Literal["ask", "keep", "apply"]

Answer = Callable[[str, str], Side | None]
"""What a person answered about a unit of an entry, by citation key and name; about a deletion if the name is empty."""


ADDITIONS = "new-entries"
"""The name of the question whether a file gets the many papers of a library that it lacks."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The collection that is synced: its key, with the keys of those below it."""

    collection: str
    keys: frozenset[str]

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Whether an item is in it."""
        return not self.keys.isdisjoint(item.get("collections") or ())


@dataclass(frozen=True, slots=True)
class MergeInput:
    """The current state of both sides, and their merge base.

    Attributes:
        records: the file's entries that are synced; their citation keys are unique.
        generated_keys: the key that each one's item gets if it is created.
        items: all items of the library by key, with those in the trash.
        base: the pairs of the last sync.
        scope: the collection that is synced; None for the whole library.
    """

    records: Sequence[Record]
    generated_keys: Sequence[str]
    items: Mapping[str, Item]
    base: SyncedPairs
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """Options of a sync.

    Attributes:
        mapping: how records are converted to items.
        conflicts: the side to take if both changed a unit differently.
        deletions: what happens to an entry or item that was deleted on the other side.
        edited: the file's modification time, as Zotero writes it (`2026-01-31T12:00:00Z`).
        answer: what a person answered; it overrides the policies.
        answers: the same answers as text, to be recorded in the run.
        dialect: the dialect of new entries; that of the file if empty.
    """

    mapping: MappingSettings
    conflicts: Conflicts = "ask"
    deletions: Deletions = "ask"
    edited: str = ""
    answer: Answer = lambda key, name: None
    answers: tuple[str, ...] = ()
    dialect: Literal["", "bibtex", "biblatex"] = ""

    def conflict_side(self, key: str, name: str, modified: str) -> Side | None:
        """The side to take if both changed a unit of an entry; None to ask. `modified` is the time of the item."""
        if answer := self.answer(key, name):
            return answer
        match self.conflicts:
            case "ask":
                return None
            case "newest":
                return "theirs" if modified > self.edited else "ours"
            case side:
                return side

    def deletion_side(self, key: str, *, keep: Side, apply: Side, changed: bool) -> Side | None:
        """The side to take if one was deleted; None to ask, as for all that was changed since on the other side."""
        if answer := self.answer(key, ""):
            return answer
        if self.deletions == "keep":
            return keep
        return apply if self.deletions == "apply" and not changed else None


@dataclass(frozen=True, slots=True)
class Review:
    """A question for a person; nothing of it is written on either side.

    Attributes:
        kind: `conflict`: both sides changed `field` differently; `deletion`: one side was deleted; `addition`: the
            library has many papers that the file lacks.
        key: the entry's citation key.
        item: the item's key.
        title: the title of the paper.
        field: the unit; empty for a deletion.
        base: the value at the last sync; None if it is not known.
        ours: the file's value.
        theirs: the library's value.
        why: the reason.
    """

    kind: Literal["conflict", "deletion", "addition"]
    key: str
    item: str
    title: str
    field: str
    base: str | None
    ours: str
    theirs: str
    why: str


@dataclass(frozen=True, slots=True)
class FileEdit:
    """The change of one entry: the fields that change, each with the value before and after (empty for none)."""

    kind: Literal["added", "changed", "removed"]
    key: str
    title: str
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Link:
    """A pair to record after all is written: the entry's key, its open conflicts, and the notes in its annotation."""

    key: str
    open: Mapping[str, BasePair | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """All that a sync would do.

    Attributes:
        text: the new text of the file.
        edits: its changes.
        collections: those to create in the library, or to take out of its trash.
        changes: the writes to its items; those that put items into the trash come last.
        refused: what cannot be sent.
        reviews: what a person has to decide.
        links: the pairs to record, by item.
        unpaired: the items of pairs that no longer exist.
        unchanged: how many pairs are unchanged since the last sync.
        settled: how many conflicts were resolved by policy or answer.
        notes: what to report, each with the key of the entry.
        renamed: the citation keys that change in the file, each with the new one.
    """

    text: str
    edits: tuple[FileEdit, ...] = ()
    collections: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    reviews: tuple[Review, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    unpaired: tuple[str, ...] = ()
    unchanged: int = 0
    settled: int = 0
    notes: tuple[tuple[str, str], ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def sends(self) -> bool:
        """Whether anything is written to the library."""
        return bool(self.collections or self.changes)

    def count(self, kind: str) -> int:
        """How many entries have a kind of change."""
        return sum(edit.kind == kind for edit in self.edits)
