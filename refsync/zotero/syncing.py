"""What a sync of a .bib file and a library would do: writes to the library and edits of the file. Pure.

Worked out from what both sides hold now and what they held at the last sync, never from what was sent. So a sync that
died is finished by working it out again, and once it is done nothing is left to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.formats.bibtex.dialect import Dialect, dialect_of
from refsync.formats.bibtex.edit import (
    Edit,
    apply_edits,
    check_untouched,
    delete_entry,
    entries,
    joined_deletions,
    renamed_words,
)
from refsync.formats.bibtex.scan import Block
from refsync.formats.bibtex.write import dump, safe_key
from refsync.records import REFERRING_FIELDS, Record, keys_in
from refsync.text.latex import to_text
from refsync.zotero.entry_edit import edited_entry, field_changes
from refsync.zotero.groups import FIELD, Groups
from refsync.zotero.item_edit import held_before, item_changes
from refsync.zotero.keys import object_key
from refsync.zotero.limits import faults
from refsync.zotero.mapping import Item, citation_key, to_item, to_record
from refsync.zotero.pairing import Pairs
from refsync.zotero.pulling import appended, with_keys
from refsync.zotero.pushing import Change, Refusal
from refsync.zotero.steps import change_to, title_of
from refsync.zotero.sync_plan import FileEdit, Link, Review, SyncPlan, SyncSettings
from refsync.zotero.sync_state import Rows, Synced, entry_json
from refsync.zotero.threeway import Base, Conflict, Merged, Pair, Side, merge
from refsync.zotero.units import KEY, TYPE, Unit, Units, identical, shown, units_of, with_units

Data = Mapping[str, Any]


def plan_sync(
    text: str,
    records: Sequence[Record],
    made_keys: Sequence[str],
    items: Mapping[str, Item],
    library: Sequence[Data],
    groups: Groups,
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
        groups: the library's collections.
        pairs: which entry is which item.
        rows: the last sync.
        settings: what the user wants.
    """
    dialect = settings.dialect or dialect_of(records) or "bibtex"
    work = _Work(text, items, rows, groups, settings, dialect)
    work.rename([(item, records[number]) for item, number in pairs.entries.items()], records)
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
    work.add([item for item in library if item["key"] not in pairs.entries and item["key"] not in rows], records)
    work.tell_orphans(records)
    return work.plan()


@dataclass(slots=True)
class _Work:
    """Gathers what a sync does."""

    text: str
    items: Mapping[str, Item]
    rows: Rows
    groups: Groups
    settings: SyncSettings
    dialect: Dialect
    renamed: dict[str, str] = field(default_factory=dict)
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
    blocks: list[Block] = field(default_factory=list)
    said: dict[str, Record] = field(default_factory=dict)

    def plan(self) -> SyncPlan:
        used = {key for change in self.changes for key in change.object.get("collections", ())}
        return SyncPlan(
            self._text(),
            tuple(self.edits),
            self.groups.used(used),
            (*self.changes, *self.hiding),
            tuple(self.refused),
            tuple(self.reviews),
            self.links,
            tuple(self.forgotten),
            self.unchanged,
            self.settled,
            tuple(self.notes),
        )

    def rename(self, pairs: Iterable[tuple[str, Record]], records: Sequence[Record]) -> None:
        """Find the citation keys that change in the file, so that what refers to them can follow."""
        taken = {record.id.casefold() for record in records}
        for key, record in pairs:
            if not self._alive(key) or self._is_unchanged(key, record):
                continue
            item, row = self.items[key], self.rows.get(key)
            before = Base(_key(row.key), _key(citation_key(row.item)), _part(row.open, KEY)) if row else None
            merged = merge(before, _key(record.id), _key(citation_key(item)), self._decide(key, record.id))
            if not (wanted := merged.to_ours.get(KEY, {}).get(KEY)):
                continue
            free = safe_key(wanted)
            if free.casefold() in taken and free.casefold() != record.id.casefold():
                self.notes.append((record.id, f"is {wanted!r} in Zotero now; another entry has that key here"))
            elif free != record.id:
                taken.add(free.casefold())
                self.renamed[record.id] = free
                self.notes.append((record.id, f"is {free!r} now, as in Zotero; documents that cite it have to follow"))

    def both(self, key: str, record: Record, more: Item | None = None) -> None:
        """An entry and its item; `more` is what is set in the item anyway."""
        references = repointed(record, self.renamed)
        if not more and not references and self._is_unchanged(key, record):
            self.unchanged += 1
            return
        merged = self._merge(key, with_units(record, references) if references else record)
        to_ours = {**references, **{name: unit for name, unit in merged.to_ours.items() if name != KEY}}
        if record.id in self.renamed:
            to_ours[KEY] = {KEY: self.renamed[record.id]}
        for conflict in merged.conflicts:
            if conflict.taken:
                self.settled += 1
            else:
                self.reviews.append(_review(record, self.items[key], conflict))
        if self._send(self.items[key], self._said(key), merged.to_theirs, more or {}):
            self._edit(record, to_ours)
            self.links[key] = Link(self.renamed.get(record.id, record.id), merged.open)

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
        base, theirs = self._base(row), units_of(self._said(key))
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
            self._append(key, replace(row.record, type=type_, fields=kept))

    def create(self, record: Record, made_key: str) -> None:
        """An entry that the library lacks."""
        while made_key in self.items:
            made_key = object_key("again", made_key)
        references = repointed(record, self.renamed)
        said = with_units(record, references) if references else record
        placed: Item = {}
        if self.groups.held:
            if collections := self.groups.collections_for({}, {FIELD: record.get(FIELD)}):
                placed = {"collections": collections}
            said = self.groups.said_by(said, ())
        wanted = to_item(said, (), self.settings.mapping) | placed
        change = Change({"key": made_key, "version": 0, **wanted}, {}, title_of(wanted), wanted)
        if self._sendable(change):
            self._edit(record, references)
            self.links[made_key] = Link(record.id)

    def add(self, found: Sequence[Data], records: Sequence[Record]) -> None:
        """The items that the file lacks."""
        mapping = self.settings.mapping
        mapped = [to_record(item, "", index, mapping, self.dialect) for index, item in enumerate(found, 1)]
        if self.groups.held:
            names = (self.groups.names(item) for item in found)
            mapped = [self.groups.said_by(record, listed) for record, listed in zip(mapped, names, strict=True)]
        taken = {record.id for record in (*records, *self.new)} | {*self.renamed.values()}
        for item, own, record in zip(found, mapped, with_keys(mapped, found, {}, taken), strict=True):
            if own.id.startswith("#"):  # so that both sides call it by one key
                self._send(item, self._said(item["key"]), {KEY: {KEY: record.id}}, {})
            elif own.id != record.id:
                self.notes.append((record.id, f"is {own.id!r} in Zotero; another entry has that key here"))
            self._append(item["key"], record)

    def tell_orphans(self, records: Sequence[Record]) -> None:
        """Tell which entries refer to one that is taken out."""
        gone = {record.id for record in records if record.index - 1 in self.removed}
        for record in records if gone else ():
            named = {key for name in REFERRING_FIELDS for key in keys_in(record.get(name))}
            for key in sorted(named & gone) if record.id not in gone else ():
                self.notes.append((record.id, f"refers to {key!r}, which is taken out"))

    def _append(self, key: str, record: Record) -> None:
        self.new.append(record)
        self.edits.append(FileEdit("added", record.id, _title(record), {}))
        self.links[key] = Link(record.id)

    def _alive(self, key: str) -> bool:
        item = self.items.get(key)
        return item is not None and not item.get("deleted")

    def _is_unchanged(self, key: str, record: Record) -> bool:
        """Whether both are as they were at the last sync, and nothing was left open."""
        item, row = self.items[key], self.rows.get(key)
        if row is None or row.open or row.version != item["version"] or row.entry != entry_json(record):
            return False
        # a collection's name, or that it was deleted, is not told by the item's version
        return not self.groups.held or row.item.get(FIELD) == self.groups.names(item)

    def _said(self, key: str) -> Record:
        """What an item says."""
        if key not in self.said:
            item = self.items[key]
            record = to_record(item, settings=self.settings.mapping)
            self.said[key] = self.groups.said_by(record, self.groups.names(item)) if self.groups.held else record
        return self.said[key]

    def _base(self, row: Synced) -> Base:
        item = row.item
        before = to_record(item, settings=self.settings.mapping)
        open_ = dict(row.open)
        if self.groups.held:
            before = self.groups.said_by(before, item.get(FIELD, ()))
            if FIELD not in item:  # the file did not hold any then
                open_[FIELD] = None
        return Base(units_of(row.record), units_of(before), open_)

    def _merge(self, key: str, record: Record) -> Merged:
        """Both sides brought together."""
        item, row = self.items[key], self.rows.get(key)
        ours, theirs = units_of(record), units_of(self._said(key))
        agreeing: tuple[str, ...] = ()
        if ours[TYPE] != theirs[TYPE]:  # Zotero may have no other type for it
            agreeing = (TYPE,) if to_item(record, (), self.settings.mapping)["itemType"] == item["itemType"] else ()
        base = self._base(row) if row else None
        return merge(base, ours, theirs, self._decide(key, record.id), agreeing)

    def _decide(self, item: str, key: str) -> Callable[[str], Side | None]:
        return lambda name: self.settings.answer(key, name) or self._policy(self.items[item])

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

    def _send(self, item: Data, said: Record, changes: Units, more: Item) -> bool:
        """Put a write for an item on the list, if it needs one; whether Zotero would take it."""
        properties = {**more}
        if changes:
            if item["itemType"] not in self.settings.mapping.schema.types:
                told = f"its item type {item['itemType']!r} is not known; only Zotero can change it"
                self.refused.append(Refusal(item["key"], title_of(item), told))
                return False
            if self.groups.held and FIELD in changes:
                properties["collections"] = self.groups.collections_for(item, changes[FIELD])
                said, changes = self.groups.said_by(said, ()), {**changes, FIELD: {}}
            properties |= item_changes(item, said, changes, self.settings.mapping)
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

    def _edit(self, record: Record, changes: Units) -> None:
        """Change an entry's text, if it needs it."""
        if not changes:
            return
        block = self._block(record.index - 1)
        text = self.text[block.start : block.end]
        after = edited_entry(text, record, changes, self.dialect)
        if after == text:
            return
        self.changed[record.index - 1] = after
        fields, type_ = field_changes(record, changes, self.dialect)
        told = {name: (record.fields.get(name, ""), value) for name, value in fields.items()}
        if type_ != record.type:
            told[TYPE] = (record.type, type_)
        if KEY in changes:
            told[KEY] = (record.id, changes[KEY][KEY])
        self.edits.append(FileEdit("changed", record.id, _title(record), told))

    def _block(self, number: int) -> Block:
        """Where an entry stands."""
        self.blocks = self.blocks or entries(self.text)
        return self.blocks[number]

    def _text(self) -> str:
        """The file with all edits."""
        after = self.text
        if self.changed or self.removed:
            changed = {self._block(number): text for number, text in self.changed.items()}
            removed = [self._block(number) for number in self.removed]
            gone = joined_deletions(delete_entry(self.text, block) for block in removed)
            after = apply_edits(self.text, [*(Edit(at.start, at.end, text) for at, text in changed.items()), *gone])
            check_untouched(self.text, after, {at.start for at in removed}, {at.start for at in changed})
        return appended(after, dump(self.new, self.settings.dialect or None)) if self.new else after


def _review(record: Record, item: Item, conflict: Conflict) -> Review:
    base = _said(conflict.base)
    why = "both sides changed it" if conflict.base else "both sides say something else"
    ours, theirs = shown(conflict.ours), shown(conflict.theirs)
    return Review("conflict", record.id, item["key"], _title(record), conflict.name, base, ours, theirs, why)


def repointed(record: Record, renamed: Mapping[str, str]) -> dict[str, Unit]:
    """The fields of an entry that name others, where those have other keys now."""
    changes: dict[str, Unit] = {}
    for name in REFERRING_FIELDS if renamed else ():
        value = record.fields.get(name, "")
        if value and (now := renamed_words(value, renamed, record.id)) != value:
            changes[name] = {name: now} if now else {}
    return changes


def _key(key: str) -> Units:
    return {KEY: {KEY: key}} if key else {}


def _part(open_: Mapping[str, Pair | None], name: str) -> dict[str, Pair | None]:
    return {name: open_[name]} if name in open_ else {}


def _said(base: Pair | None) -> str | None:
    """What both sides said at the last sync."""
    return shown(base[0] or base[1]) if base else None


def _title(record: Record) -> str:
    return to_text(record.get("title"))
