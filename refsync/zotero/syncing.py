"""What a sync of a .bib file and a library would do: writes to the library and edits of the file. Pure.

Worked out from what both sides hold now and what they held at the last sync, never from what was sent. So a sync that
died is finished by working it out again, and once it is done nothing is left to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from refsync.formats.bibtex.dialect import Dialect, dialect_of
from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched, delete_entry, entries, joined_deletions
from refsync.formats.bibtex.scan import Block
from refsync.formats.bibtex.write import dump, safe_key
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.zotero.entry_edit import edited_entry, field_changes
from refsync.zotero.item_edit import held_before, item_changes
from refsync.zotero.keys import object_key
from refsync.zotero.limits import faults
from refsync.zotero.mapping import Item, MappingSettings, to_item, to_record
from refsync.zotero.pairing import Pairs
from refsync.zotero.pulling import appended, with_keys
from refsync.zotero.pushing import Change, Refusal
from refsync.zotero.steps import change_to, title_of
from refsync.zotero.sync_state import Rows, Synced, entry_json, item_json
from refsync.zotero.threeway import Base, Conflict, Merged, Pair, Side, merge
from refsync.zotero.units import KEY, TYPE, identical, shown, units_of

Data = Mapping[str, Any]
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
    """A pair to remember when all is written: the entry's key, and the units that stay open."""

    key: str
    open: Mapping[str, Pair | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """All that a sync would do.

    Attributes:
        text: the file as it is to be.
        edits: what changes in it.
        changes: the writes to the library, those that hide something last.
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
    changes: tuple[Change, ...] = ()
    refused: tuple[Refusal, ...] = ()
    reviews: tuple[Review, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()
    unchanged: int = 0
    settled: int = 0
    notes: tuple[tuple[str, str], ...] = ()

    def count(self, kind: str) -> int:
        """How many entries become this."""
        return sum(edit.kind == kind for edit in self.edits)


def plan_sync(
    text: str,
    records: Sequence[Record],
    made_keys: Sequence[str],
    items: Mapping[str, Item],
    library: Sequence[Data],
    pairs: Pairs,
    rows: Rows,
    settings: SyncSettings,
) -> SyncPlan:
    """Work out a sync.

    Args:
        text: the file.
        records: its entries that are synced.
        made_keys: the key that each one's item gets if it is made.
        items: all items by key, trashed ones too.
        library: those that are papers.
        pairs: which entry is which item.
        rows: the last sync.
        settings: what the user wants.
    """
    dialect = settings.dialect or dialect_of(records) or "bibtex"
    work = _Work(text, records, items, rows, settings, dialect, {record.id.casefold() for record in records})
    for item, number in pairs.entries.items():
        if (held := items.get(item)) is None or held.get("deleted"):
            work.item_gone(item, records[number], made_keys[number])
        else:
            work.both(item, records[number])
    for item in pairs.gone:
        work.entry_gone(item)
    paired = set(pairs.entries.values())
    for number, record in enumerate(records):
        if number not in paired:
            work.create(record, made_keys[number])
    work.add([item for item in library if item["key"] not in pairs.entries and item["key"] not in rows])
    return work.plan()


@dataclass(slots=True)
class _Work:
    """Gathers what a sync does."""

    text: str
    records: Sequence[Record]
    items: Mapping[str, Item]
    rows: Rows
    settings: SyncSettings
    dialect: Dialect
    taken: set[str]
    changed: dict[int, str] = field(default_factory=dict)  # the text of each entry that changes, by its number
    removed: set[int] = field(default_factory=set)
    new: list[Record] = field(default_factory=list)
    edits: list[FileEdit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    hiding: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    settled: int = 0
    blocks: list[Block] = field(init=False)

    def __post_init__(self) -> None:
        self.blocks = entries(self.text)

    def plan(self) -> SyncPlan:
        return SyncPlan(
            self._text(),
            tuple(self.edits),
            (*self.changes, *self.hiding),
            tuple(self.refused),
            tuple(self.reviews),
            self.links,
            tuple(self.forgotten),
            self.unchanged,
            self.settled,
            tuple(self.notes),
        )

    def both(self, key: str, record: Record, more: Item | None = None) -> None:
        """An entry and its item; `more` is what is set in the item anyway."""
        item, row = self.items[key], self.rows.get(key)
        if row and not row.open and not more and row.version == item["version"] and row.entry == entry_json(record):
            self.unchanged += 1
            return
        said = to_record(item, settings=self.settings.mapping)
        merged = self._merged(item, said, record, row)
        if not self._send(item, said, merged, more or {}):
            return
        self._edit(record, merged)
        now = merged.to_ours.get(KEY, {}).get(KEY) or record.id
        self.links[key] = Link(now, merged.open)

    def item_gone(self, key: str, record: Record, made_key: str) -> None:
        """An entry whose item is in the trash or erased."""
        item, row = self.items.get(key), self.rows.get(key)
        changed = row is None or row.entry != entry_json(record)
        where = "was deleted in Zotero" if item is None else "lies in Zotero's trash"
        side = self._deletion(record.id, keep="ours", apply="theirs", changed=changed)
        if side is None:
            why = f"{where}, and {'was changed' if row and changed else 'is'} in the file"
            title = title_of(item or (row.item if row else {}))
            self.reviews.append(Review("deletion", record.id, key, title, "", None, record.id, "", why))
        elif side == "theirs":
            self.removed.add(record.index - 1)
            self.edits.append(FileEdit("removed", record.id, _title(record), {}))
            self.forgotten.append(key)
        elif item is not None:
            self.both(key, record, {"deleted": False})
        else:
            self.forgotten.append(key)
            self.create(record, made_key)

    def entry_gone(self, key: str) -> None:
        """An item whose entry was taken out of the file."""
        item, row = self.items.get(key), self.rows[key]
        if item is None or item.get("deleted"):
            self.forgotten.append(key)
            return
        base = self._base(row)
        said = to_record(item, settings=self.settings.mapping)
        theirs = units_of(said)
        names = dict.fromkeys([*theirs, *base.theirs])
        changed = any(not identical(name, theirs.get(name, {}), base.theirs.get(name, {})) for name in names)
        side = self._deletion(row.key, keep="theirs", apply="ours", changed=changed)
        if side is None:
            why = f"was taken out of the file, and {'was changed' if changed else 'is'} in Zotero"
            self.reviews.append(Review("deletion", row.key, key, title_of(item), "", None, "", key, why))
        elif side == "ours":
            self.hiding.append(change_to(item, {"deleted": True}))
            self.forgotten.append(key)
        else:
            merged = merge(base, base.ours, theirs, lambda name: "theirs")
            fields, type_ = field_changes(row.record, merged.to_ours, self.dialect)
            kept = {name: value for name, value in {**row.record.fields, **fields}.items() if value}
            self._append(key, replace(row.record, type=type_, fields=kept), {})

    def create(self, record: Record, made_key: str) -> None:
        """An entry that the library lacks."""
        while made_key in self.items:
            made_key = object_key("again", made_key)
        wanted = to_item(record, (), self.settings.mapping)
        change = Change({"key": made_key, "version": 0, **wanted}, {}, title_of(wanted), wanted)
        if self._sendable(change):
            self.links[made_key] = Link(record.id)

    def add(self, found: Sequence[Data]) -> None:
        """The items that the file lacks."""
        mapping = self.settings.mapping
        mapped = [to_record(item, "", index, mapping, self.dialect) for index, item in enumerate(found, 1)]
        for item, own, record in zip(found, mapped, with_keys(mapped, found, {}, self._keys()), strict=True):
            said = to_record(item, settings=mapping)
            if own.id.startswith("#"):  # so that both sides call it by one key
                self._send(item, said, Merged({}, {KEY: {KEY: record.id}}), {})
            elif own.id != record.id:
                self.notes.append((record.id, f"is {own.id!r} in Zotero; another entry has that key here"))
            self._append(item["key"], record, {})

    def _keys(self) -> set[str]:
        """The citation keys that no new entry may get."""
        return {record.id for record in (*self.records, *self.new)} | {link.key for link in self.links.values()}

    def _append(self, key: str, record: Record, open_: Mapping[str, Pair | None]) -> None:
        self.new.append(record)
        self.edits.append(FileEdit("added", record.id, _title(record), {}))
        self.links[key] = Link(record.id, open_)

    def _base(self, row: Synced) -> Base:
        before = to_record(row.item, settings=self.settings.mapping)
        return Base(units_of(row.record), units_of(before), row.open)

    def _merged(self, item: Item, said: Record, record: Record, row: Synced | None) -> Merged:
        """Both sides brought together; conflicts that stay open are put on the list."""
        ours, theirs = units_of(record), units_of(said)
        agreeing = []
        if ours[TYPE] != theirs[TYPE] and to_item(record, (), self.settings.mapping)["itemType"] == item["itemType"]:
            agreeing.append(TYPE)  # Zotero has no other type for it

        def decide(name: str) -> Side | None:
            return self.settings.answer(record.id, name) or self._policy(item)

        merged = merge(self._base(row) if row else None, ours, theirs, decide, agreeing)
        merged = self._with_free_key(record, merged)
        for conflict in merged.conflicts:
            if conflict.taken:
                self.settled += 1
            else:
                self.reviews.append(_review(record, item, conflict))
        return merged

    def _policy(self, item: Item) -> Side | None:
        match self.settings.conflicts:
            case "ask":
                return None
            case "newest":
                return "theirs" if str(item.get("dateModified") or "") > self.settings.edited else "ours"
            case side:
                return side

    def _deletion(self, key: str, *, keep: Side, apply: Side, changed: bool) -> Side | None:
        """Whose side to take where one is gone; what was changed since on the other side is never let go silently."""
        if answer := self.settings.answer(key, ""):
            return answer
        if self.settings.deletions == "keep":
            return keep
        return apply if self.settings.deletions == "apply" and not changed else None

    def _with_free_key(self, record: Record, merged: Merged) -> Merged:
        """Without a new citation key that another entry has, or that BibTeX cannot read."""
        wanted = merged.to_ours.get(KEY, {}).get(KEY, "")
        if KEY not in merged.to_ours:
            return merged
        key = safe_key(wanted) if wanted else ""
        others = {name: unit for name, unit in merged.to_ours.items() if name != KEY}
        if not key or (key.casefold() in self.taken and key.casefold() != record.id.casefold()):
            told = f"is {wanted!r} in Zotero now; another entry has that key here" if key else "lost its key in Zotero"
            self.notes.append((record.id, told))
            return replace(merged, to_ours=others)
        self.taken.add(key.casefold())
        self.notes.append((record.id, f"is {key!r} now, as in Zotero; documents that cite it have to follow"))
        return replace(merged, to_ours={**others, KEY: {KEY: key}})

    def _send(self, item: Data, said: Record, merged: Merged, more: Item) -> bool:
        """Put a write for an item on the list, if it needs one; whether Zotero would take it."""
        properties = {**more}
        if merged.to_theirs:
            if item["itemType"] not in self.settings.mapping.schema.types:
                told = f"its item type {item['itemType']!r} is not known; only Zotero can change it"
                self.refused.append(Refusal(item["key"], title_of(item), told))
                return False
            properties |= item_changes(item, said, merged.to_theirs, self.settings.mapping)
        if not properties:
            return True
        sent = {"key": item["key"], "version": item["version"], **properties}
        return self._sendable(Change(sent, held_before(item, properties), title_of(item), {}))

    def _sendable(self, change: Change) -> bool:
        if told := "; ".join(faults(change.object, self.settings.mapping.schema)):
            self.refused.append(Refusal(change.key, change.title, told))
            return False
        self.changes.append(change)
        return True

    def _edit(self, record: Record, merged: Merged) -> None:
        """Change an entry's text, if it needs it."""
        if not merged.to_ours:
            return
        block = self.blocks[record.index - 1]
        text = self.text[block.start : block.end]
        after = edited_entry(text, record, merged.to_ours, self.dialect)
        if after == text:
            return
        self.changed[record.index - 1] = after
        fields, type_ = field_changes(record, merged.to_ours, self.dialect)
        shown_fields = {name: (record.fields.get(name, ""), value) for name, value in fields.items()}
        if type_ != record.type:
            shown_fields[TYPE] = (record.type, type_)
        if key := merged.to_ours.get(KEY, {}).get(KEY):
            shown_fields[KEY] = (record.id, key)
        self.edits.append(FileEdit("changed", record.id, _title(record), shown_fields))

    def _text(self) -> str:
        """The file with all edits."""
        edits = [Edit(self.blocks[n].start, self.blocks[n].end, text) for n, text in self.changed.items()]
        gone = joined_deletions(delete_entry(self.text, self.blocks[number]) for number in self.removed)
        after = apply_edits(self.text, [*edits, *gone])
        starts = {self.blocks[number].start for number in self.removed}
        check_untouched(self.text, after, starts, {self.blocks[number].start for number in self.changed})
        return appended(after, dump(self.new, self.settings.dialect or None)) if self.new else after


def _review(record: Record, item: Item, conflict: Conflict) -> Review:
    base = _said(conflict.base)
    why = "both sides changed it" if conflict.base else "both sides say something else"
    ours, theirs = shown(conflict.ours), shown(conflict.theirs)
    return Review("conflict", record.id, item["key"], _title(record), conflict.name, base, ours, theirs, why)


def _said(base: Pair | None) -> str | None:
    """What both sides said at the last sync."""
    return shown(base[0] or base[1]) if base else None


def _title(record: Record) -> str:
    return to_text(record.get("title"))


def rows_after(links: Mapping[str, Link], records: Iterable[Record], items: Mapping[str, Item]) -> dict[str, Synced]:
    """What to remember of the pairs of which both are there."""
    by_key = {record.id: record for record in reversed([*records])}
    return {
        item: Synced(entry_json(by_key[link.key]), item_json(items[item]), int(items[item]["version"]), link.open)
        for item, link in links.items()
        if item in items and link.key in by_key
    }
