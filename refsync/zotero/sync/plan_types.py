"""What a sync would do, and what the user wants of it: values that the rest of a sync hands on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from refsync.zotero.items.mapping import Item, MappingSettings
from refsync.zotero.push.plan import Change, Refusal
from refsync.zotero.sync.three_way import Pair, Side

Conflicts = Literal["ask", "ours", "theirs", "newest"]
Deletions = Literal["ask", "keep", "apply"]

Answer = Callable[[str, str], Side | None]
"""What a person said of a unit of an entry, by citation key and name; of a deletion, where the name is empty."""


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """What the user wants of a sync.

    Attributes:
        mapping: how records become items.
        conflicts: the side to take where both changed one thing.
        deletions: what becomes of an entry or item that is gone on the other side.
        edited: when the file was changed last, as Zotero writes it (`2026-01-31T12:00:00Z`).
        answer: what a person said; it goes before the policies.
        answers: the same as it was given, to be kept with the run.
        dialect: whose words new entries are in; that of the file if empty.
    """

    mapping: MappingSettings
    conflicts: Conflicts = "ask"
    deletions: Deletions = "ask"
    edited: str = ""
    answer: Answer = lambda key, name: None
    answers: tuple[str, ...] = ()
    dialect: Literal["", "bibtex", "biblatex"] = ""

    def side(self, key: str, name: str, modified: str) -> Side | None:
        """The side to take where both changed a unit of an entry; None to ask. `modified`: when the item was."""
        if answer := self.answer(key, name):
            return answer
        match self.conflicts:
            case "ask":
                return None
            case "newest":
                return "theirs" if modified > self.edited else "ours"
            case side:
                return side

    def deletion(self, key: str, *, keep: Side, apply: Side, changed: bool) -> Side | None:
        """Whose side to take where one is gone; what was changed since on the other side is never let go silently."""
        if answer := self.answer(key, ""):
            return answer
        if self.deletions == "keep":
            return keep
        return apply if self.deletions == "apply" and not changed else None


@dataclass(frozen=True, slots=True)
class Review:
    """Something for a person to decide; nothing of it is written on either side.

    Attributes:
        kind: `conflict`: both sides changed `field` differently; `deletion`: it is gone on one side.
        key: the entry's citation key.
        item: the item's key.
        title: of the paper.
        field: the unit; empty for a deletion.
        base: what both said at the last sync; None where that is not known.
        ours: what the file says.
        theirs: what the library says.
        why: in words.
    """

    kind: Literal["conflict", "deletion"]
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
    """What becomes of one entry: the fields that change, each with the value before and after, empty for none."""

    kind: Literal["added", "changed", "removed"]
    key: str
    title: str
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Link:
    """A pair to remember when all is written: the entry's key, the units that stay open, the notes that it says."""

    key: str
    open: Mapping[str, Pair | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """All that a sync would do.

    Attributes:
        text: the file as it is to be.
        edits: what changes in it.
        collections: those to make in the library, or to take out of its trash.
        changes: the writes to its items, those that hide something last.
        refused: what cannot be sent.
        reviews: what a person has to decide.
        links: the pairs to remember, by item.
        forgotten: the items of pairs that are no more.
        unchanged: how many pairs are as they were at the last sync.
        settled: how many conflicts were decided by policy or answer.
        notes: what a person should know, with the key of the entry.
    """

    text: str
    edits: tuple[FileEdit, ...] = ()
    collections: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    reviews: tuple[Review, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()
    unchanged: int = 0
    settled: int = 0
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def sends(self) -> bool:
        """Whether anything is written to the library."""
        return bool(self.collections or self.changes)

    def count(self, kind: str) -> int:
        """How many entries become this."""
        return sum(edit.kind == kind for edit in self.edits)
