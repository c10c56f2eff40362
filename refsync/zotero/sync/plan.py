"""What a sync of a .bib file and a library would do: writes to the library and edits of the file. Pure.

Worked out from what both sides hold now and what they held at the last sync, never from what was sent. So a sync that
died is finished by working it out again, and once it is done nothing is left to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.formats.bibtex.edit import replace_citation_keys
from refsync.formats.bibtex.write import safe_key
from refsync.formats.common.dialect import dialect_of
from refsync.records import REFERRING_FIELDS, Record, keys_in
from refsync.text.latex import latex_to_text
from refsync.zotero.items.child_notes import ANNOTATION_FIELDS, notes_by_item
from refsync.zotero.items.generated_keys import generate_key
from refsync.zotero.items.mapping import Item, citation_key, to_record
from refsync.zotero.merge.steps import item_title
from refsync.zotero.pull.plan import with_citation_keys
from refsync.zotero.sync.entry_edit import field_changes
from refsync.zotero.sync.file_edits import FileEdits
from refsync.zotero.sync.groups import Groups
from refsync.zotero.sync.library_writes import LibraryWrites
from refsync.zotero.sync.merge_base import SyncedPairs, entry_json
from refsync.zotero.sync.merge_units import KEY, Unit, Units, identical, shown, units_of, with_units
from refsync.zotero.sync.pair_merger import PairMerger, with_own_notes
from refsync.zotero.sync.pairing import Pairs
from refsync.zotero.sync.plan_types import Link, Review, SyncPlan, SyncSettings
from refsync.zotero.sync.three_way import Base, Conflict, Pair, Side, merge

Data = Mapping[str, Any]


def plan_sync(
    text: str,
    records: Sequence[Record],
    made_keys: Sequence[str],
    items: Mapping[str, Item],
    library: Sequence[Data],
    groups: Groups,
    pairs: Pairs,
    rows: SyncedPairs,
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
    annotated = any(record.get(*ANNOTATION_FIELDS) for record in records)
    sides = PairMerger(items, rows, groups, settings.mapping, notes_by_item(items) if annotated else {})
    work = _Work(sides, FileEdits(text, dialect, settings.dialect), LibraryWrites(groups, settings.mapping), settings)
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

    sides: PairMerger
    file: FileEdits
    library: LibraryWrites
    settings: SyncSettings
    renamed: dict[str, str] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    settled: int = 0

    def plan(self) -> SyncPlan:
        return SyncPlan(
            self.file.result(),
            tuple(self.file.edits),
            self.library.collections,
            self.library.changes,
            tuple(self.library.refused),
            tuple(self.reviews),
            self.links,
            tuple(self.forgotten),
            self.unchanged,
            self.settled,
            tuple(self.notes),
        )

    def rename(self, pairs: Iterable[tuple[str, Record]], records: Sequence[Record]) -> None:
        """Find the citation keys that change in the file, so that what refers to them can merge_entry."""
        taken = {record.id.casefold() for record in records}
        for key, record in pairs:
            if not self.sides.alive(key) or self.sides.unchanged(key, record):
                continue
            item, row = self.sides.items[key], self.sides.rows.get(key)
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
        if not more and not references and self.sides.unchanged(key, record):
            self.unchanged += 1
            return
        said = with_units(record, references) if references else record
        merged = self.sides.merged(key, said, self._decide(key, record.id))
        to_ours = {**references, **{name: unit for name, unit in merged.to_ours.items() if name != KEY}}
        if record.id in self.renamed:
            to_ours[KEY] = {KEY: self.renamed[record.id]}
        for conflict in merged.conflicts:
            if conflict.taken:
                self.settled += 1
            else:
                self.reviews.append(_review(record, self.sides.items[key], conflict))
        if self.library.change(self.sides.items[key], self.sides.item(key), merged.to_theirs, more or {}):
            self.file.change(record, to_ours)
            notes = self.sides.notes_in(key, record)
            self.links[key] = Link(self.renamed.get(record.id, record.id), merged.open, notes)

    def item_gone(self, key: str, record: Record, made_key: str) -> None:
        """An entry whose item is in the trash or erased."""
        item, row = self.sides.items.get(key), self.sides.rows.get(key)
        changed = row is None or row.entry != entry_json(record)
        where = "was deleted in Zotero" if item is None else "lies in Zotero's trash"
        if unmade := row is not None and not row.version:
            side: Side | None = "ours"
        else:
            side = self.settings.deletion(record.id, keep="ours", apply="theirs", changed=changed)
        if side is None:
            why = f"{where}, and {'was changed' if row and changed else 'is'} in the file"
            title = item_title(item or (row.item if row else {}))
            self.reviews.append(Review("deletion", record.id, key, title, "", None, record.id, "", why))
        elif side == "theirs":
            self.file.remove(record)
            self.forgotten.append(key)
        elif item is not None:
            if unmade:
                self.notes.append((record.id, "comes out of Zotero's trash, where `refsync undo` had put its item"))
            self.both(key, record, {"deleted": False})
        else:
            self.forgotten.append(key)
            self.create(record, made_key)

    def entry_gone(self, key: str) -> None:
        """An item whose entry was taken out of the file."""
        item, row = self.sides.items.get(key), self.sides.rows[key]
        if item is None or item.get("deleted"):
            self.forgotten.append(key)
            return
        base, theirs = self.sides.base(row), units_of(self.sides.item(key))
        names = dict.fromkeys([*theirs, *base.theirs])
        changed = any(not identical(name, theirs.get(name, {}), base.theirs.get(name, {})) for name in names)
        side = self.settings.deletion(row.key, keep="theirs", apply="ours", changed=changed)
        if side is None:
            why = f"was taken out of the file, and {'was changed' if changed else 'is'} in Zotero"
            self.reviews.append(Review("deletion", row.key, key, item_title(item), "", None, "", key, why))
        elif side == "ours":
            self.library.hide(item)
            self.forgotten.append(key)
        else:
            notes = self.sides.notes_in(key, row.record)
            merged = with_own_notes(merge(base, base.ours, theirs, lambda name: "theirs"), row.record, notes)
            fields, type_ = field_changes(row.record, merged.to_ours, self.file.dialect)
            kept = {name: value for name, value in {**row.record.fields, **fields}.items() if value}
            self._append(key, replace(row.record, type=type_, fields=kept), notes)

    def create(self, record: Record, made_key: str) -> None:
        """An entry that the library lacks."""
        while made_key in self.sides.items:
            made_key = generate_key("again", made_key)
        references = repointed(record, self.renamed)
        if self.library.create(made_key, with_units(record, references) if references else record):
            self.file.change(record, references)
            self.links[made_key] = Link(record.id)

    def add(self, found: Sequence[Data], records: Sequence[Record]) -> None:
        """The items that the file lacks."""
        mapping = self.settings.mapping
        mapped = [to_record(item, "", index, mapping, self.file.dialect) for index, item in enumerate(found, 1)]
        if self.sides.groups.held:
            names = (self.sides.groups.names(item) for item in found)
            mapped = [self.sides.groups.said_by(record, listed) for record, listed in zip(mapped, names, strict=True)]
        taken = {record.id for record in (*records, *self.file.new)} | {*self.renamed.values()}
        for item, own, record in zip(found, mapped, with_citation_keys(mapped, found, {}, taken), strict=True):
            if own.id.startswith("#"):  # so that both sides call it by one key
                self.library.change(item, self.sides.item(item["key"]), {KEY: {KEY: record.id}}, {})
            elif own.id != record.id:
                self.notes.append((record.id, f"is {own.id!r} in Zotero; another entry has that key here"))
            self._append(item["key"], record)

    def tell_orphans(self, records: Sequence[Record]) -> None:
        """Tell which entries refer to one that is taken out."""
        gone = {record.id for record in records if record.index - 1 in self.file.removed}
        for record in records if gone else ():
            named = {key for name in REFERRING_FIELDS for key in keys_in(record.get(name))}
            for key in sorted(named & gone) if record.id not in gone else ():
                self.notes.append((record.id, f"refers to {key!r}, which is taken out"))

    def _append(self, key: str, record: Record, notes: tuple[str, ...] = ()) -> None:
        self.file.append(record)
        self.links[key] = Link(record.id, notes=notes)

    def _decide(self, item: str, key: str) -> Callable[[str], Side | None]:
        return lambda name: self.settings.side(key, name, str(self.sides.items[item].get("dateModified") or ""))


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
        if value and (now := replace_citation_keys(value, renamed, record.id)) != value:
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
    return latex_to_text(record.get("title"))
