"""What a sync of a .bib file and a library would do: writes to the library and edits of the file. Pure.

The plan is computed from the current state of both sides and the merge base, not from what was sent. So an interrupted
sync is finished by planning it again, and once it is done nothing is left to do.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.formats.bibtex.edit import replace_citation_keys
from refsync.formats.bibtex.write import safe_key
from refsync.formats.common.dialect import dialect_of
from refsync.records import REFERRING_FIELDS, Record, keys_in
from refsync.text.latex import latex_to_text
from refsync.zotero.items.child_notes import ANNOTATION_FIELDS, notes_by_item
from refsync.zotero.items.exports import attachment_names
from refsync.zotero.items.generated_keys import generate_key
from refsync.zotero.items.mapping import Item, citation_key, to_record
from refsync.zotero.items.papers import papers
from refsync.zotero.pull.plan import with_citation_keys
from refsync.zotero.sync.entry_edit import field_changes
from refsync.zotero.sync.file_edits import FileEdits
from refsync.zotero.sync.groups import Groups
from refsync.zotero.sync.library_writes import LibraryWrites
from refsync.zotero.sync.merge_base import entry_json
from refsync.zotero.sync.merge_units import KEY, Unit, Units, display_text, identical, units_of, with_units
from refsync.zotero.sync.pair_merger import PairMerger, with_own_notes
from refsync.zotero.sync.pairing import Pairs
from refsync.zotero.sync.plan_types import ADDITIONS, Link, MergeInput, Review, Scope, SyncPlan, SyncSettings
from refsync.zotero.sync.three_way import BasePair, Conflict, MergeBase, Side, merge
from refsync.zotero.web.changes import item_title

Data = Mapping[str, Any]

MANY = 20  # papers that a file gets without a question, however few it has


def plan_sync(text: str, sides: MergeInput, groups: Groups, pairs: Pairs, settings: SyncSettings) -> SyncPlan:
    """Plan a sync.

    Args:
        text: the file.
        sides: both sides and the last sync.
        groups: the library's collections.
        pairs: which entry belongs to which item.
        settings: the options.
    """
    records, items = sides.records, sides.items
    dialect = settings.dialect or dialect_of(records) or "bibtex"
    annotated = any(record.get(*ANNOTATION_FIELDS) for record in records)
    merger = PairMerger(
        items=items,
        base=sides.base,
        groups=groups,
        mapping=settings.mapping,
        notes=notes_by_item(items) if annotated else {},
        files=attachment_names(items.values()) if any(record.get("file") for record in records) else {},
    )
    planner = _Planner(
        merger=merger,
        file=FileEdits(text, dialect, settings.dialect),
        library=LibraryWrites(groups, settings.mapping, collection=sides.scope.collection if sides.scope else ""),
        settings=settings,
        scope=sides.scope,
    )
    planner.rename([(item, records[number]) for item, number in pairs.entries.items()], records)
    for item, number in pairs.entries.items():
        if merger.is_live(item):
            planner.merge_pair(item, records[number], planner.placed(item, records[number]))
        else:
            planner.item_deleted(item, records[number], sides.generated_keys[number])
    for item in pairs.gone:
        planner.entry_deleted(item)
    paired = set(pairs.entries.values())
    for number, record in enumerate(records):
        if number not in paired:
            planner.create_item(record, sides.generated_keys[number])
    new = [item for item in papers(items) if item["key"] not in pairs.entries and item["key"] not in sides.base]
    if scope := sides.scope:
        new = [item for item in new if scope.holds(item)]
    if planner.may_add(len(new), len(records)):
        planner.add_entries(new, records)
    planner.note_dangling_references(records)
    return planner.plan()


@dataclass(slots=True)
class _Planner:
    """Collects what a sync does."""

    merger: PairMerger
    file: FileEdits
    library: LibraryWrites
    settings: SyncSettings
    scope: Scope | None = None
    renamed: dict[str, str] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
    unpaired: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    settled: int = 0

    def plan(self) -> SyncPlan:
        return SyncPlan(
            text=self.file.result(),
            edits=tuple(self.file.edits),
            collections=self.library.collections,
            changes=self.library.changes,
            refused=tuple(self.library.refused),
            reviews=tuple(self.reviews),
            links=self.links,
            unpaired=tuple(self.unpaired),
            unchanged=self.unchanged,
            settled=self.settled,
            notes=tuple(self.notes),
            renamed=self.renamed,
        )

    def rename(self, pairs: Iterable[tuple[str, Record]], records: Sequence[Record]) -> None:
        """Find the citation keys that change in the file, so that references to them can be updated."""
        taken = {record.id.casefold() for record in records}
        for key, record in pairs:
            if not self.merger.is_live(key):
                continue
            if _is_made_of(record.id, citation_key(self.merger.items[key]), taken):
                self.merger.made_keys.add(key)
            if self.merger.is_unchanged(key, record):
                continue
            item, before = self.merger.items[key], self.merger.base.get(key)
            base = None
            if before:
                base = MergeBase(_key(before.key), _key(citation_key(before.item)), _part(before.open, KEY))
            agreeing = (KEY,) if key in self.merger.made_keys else ()
            result = merge(base, _key(record.id), _key(citation_key(item)), self._decide(key, record.id), agreeing)
            if not (wanted := result.to_ours.get(KEY, {}).get(KEY)):
                continue
            free = safe_key(wanted)
            if free.casefold() in taken and free.casefold() != record.id.casefold():
                self.notes.append((record.id, f"is now {wanted!r} in Zotero, but another entry has that key here"))
            elif free != record.id:
                taken.add(free.casefold())
                self.renamed[record.id] = free
                self.notes.append(
                    (record.id, f"is now {free!r}, as in Zotero; --rewrite-cites changes the documents that cite it")
                )

    def placed(self, key: str, record: Record) -> Item | None:
        """What puts the item of a new pair into the collection that is synced."""
        item = self.merger.items[key]
        if self.scope is None or self.scope.holds(item):
            return None
        if key in self.merger.base:
            self.notes.append((record.id, "is no longer in the collection in Zotero; it is synced nevertheless"))
            return None
        return {"collections": [*(item.get("collections") or ()), self.scope.collection]}

    def may_add(self, count: int, present: int) -> bool:
        """Whether the file gets the papers that it lacks; asked if these are many more than it has."""
        if not present or count <= max(MANY, 2 * present):
            return True
        side = self.settings.answer(ADDITIONS, "")
        if side is None:
            why = f"the file has {present:,}, and the library {count:,} more; --collection syncs a part of it"
            self.reviews.append(
                Review(
                    kind="addition",
                    key=ADDITIONS,
                    item="",
                    title=f"{count:,} papers that the file lacks",
                    field="",
                    base=None,
                    ours="leave them out",
                    theirs="add them",
                    why=why,
                )
            )
        return side == "theirs"

    def merge_pair(self, key: str, record: Record, more: Item | None = None) -> None:
        """Merge an entry and its item; `more` is what is set in the item in any case."""
        references = updated_references(record, self.renamed)
        if not more and not references and self.merger.is_unchanged(key, record):
            self.unchanged += 1
            return
        current = with_units(record, references) if references else record
        result = self.merger.merge(key, current, self._decide(key, record.id))
        to_ours = {**references, **{name: unit for name, unit in result.to_ours.items() if name != KEY}}
        if record.id in self.renamed:
            to_ours[KEY] = {KEY: self.renamed[record.id]}
        item = self.merger.items[key]
        for conflict in result.conflicts:
            if conflict.side:
                self.settled += 1
            else:
                self.reviews.append(_conflict_review(record, item, conflict))
        if self.library.change(item, self.merger.record_of(key), result.to_theirs, more or {}):
            self.file.change(record, to_ours)
            notes = self.merger.notes_in(key, record)
            self.links[key] = Link(self.renamed.get(record.id, record.id), result.open, notes)

    def item_deleted(self, key: str, record: Record, generated_key: str) -> None:
        """Handle an entry whose item is in the trash or erased."""
        item, before = self.merger.items.get(key), self.merger.base.get(key)
        changed = before is None or before.entry != entry_json(record)
        where = "was deleted in Zotero" if item is None else "is in Zotero's trash"
        if undone := before is not None and not before.version:
            side: Side | None = "ours"
        else:
            side = self.settings.deletion_side(record.id, keep="ours", apply="theirs", changed=changed)
        if side is None:
            why = f"{where}, and {'was changed' if before and changed else 'is'} in the file"
            title = item_title(item or (before.item if before else {}))
            self.reviews.append(_deletion_review(record.id, key, title, why, ours=record.id))
        elif side == "theirs":
            self.file.remove(record)
            self.unpaired.append(key)
        elif item is not None:
            if undone:
                self.notes.append((record.id, "comes out of Zotero's trash, where `refsync undo` had put its item"))
            self.merge_pair(key, record, {"deleted": False})
        else:
            self.unpaired.append(key)
            self.create_item(record, generated_key)

    def entry_deleted(self, key: str) -> None:
        """Handle an item whose entry was removed from the file."""
        item, before = self.merger.items.get(key), self.merger.base[key]
        if item is None or item.get("deleted"):
            self.unpaired.append(key)
            return
        base, theirs = self.merger.base_units(before), units_of(self.merger.record_of(key))
        names = dict.fromkeys([*theirs, *base.theirs])
        changed = any(not identical(name, theirs.get(name, {}), base.theirs.get(name, {})) for name in names)
        side = self.settings.deletion_side(before.key, keep="theirs", apply="ours", changed=changed)
        if side is None:
            why = f"was removed from the file, and {'was changed' if changed else 'is'} in Zotero"
            self.reviews.append(_deletion_review(before.key, key, item_title(item), why, theirs=key))
        elif side == "ours":
            self.library.trash(item)
            self.unpaired.append(key)
        else:
            notes = self.merger.notes_in(key, before.record)
            result = with_own_notes(merge(base, base.ours, theirs, lambda name: "theirs"), before.record, notes)
            fields, type_ = field_changes(before.record, result.to_ours, self.file.dialect)
            kept = {name: value for name, value in {**before.record.fields, **fields}.items() if value}
            self._append(key, replace(before.record, type=type_, fields=kept), notes)

    def create_item(self, record: Record, generated_key: str) -> None:
        """Create an item for an entry that the library lacks."""
        while generated_key in self.merger.items:
            generated_key = generate_key("again", generated_key)
        references = updated_references(record, self.renamed)
        if self.library.create(generated_key, with_units(record, references) if references else record):
            self.file.change(record, references)
            self.links[generated_key] = Link(record.id)

    def add_entries(self, items: Sequence[Data], records: Sequence[Record]) -> None:
        """Append entries for items that the file lacks."""
        mapping, groups = self.settings.mapping, self.merger.groups
        mapped = [to_record(item, "", index, mapping, self.file.dialect) for index, item in enumerate(items, 1)]
        if groups.used_in_file:
            mapped = [groups.in_record(record, groups.names(item)) for record, item in zip(mapped, items, strict=True)]
        taken = {record.id for record in (*records, *self.file.new)} | {*self.renamed.values()}
        for item, own, record in zip(items, mapped, with_citation_keys(mapped, items, {}, taken), strict=True):
            if own.id.startswith("#"):  # the item gets the new citation key too
                self.library.change(item, self.merger.record_of(item["key"]), {KEY: {KEY: record.id}}, {})
            elif own.id != record.id:
                self.notes.append((record.id, f"is {own.id!r} in Zotero, but another entry has that key here"))
            self._append(item["key"], record)

    def note_dangling_references(self, records: Sequence[Record]) -> None:
        """Report the entries that refer to a removed one."""
        removed = {record.id for record in records if record.index - 1 in self.file.removed}
        for record in records if removed else ():
            named = {key for name in REFERRING_FIELDS for key in keys_in(record.get(name))}
            for key in sorted(named & removed) if record.id not in removed else ():
                self.notes.append((record.id, f"refers to {key!r}, which is removed"))

    def _append(self, key: str, record: Record, notes: tuple[str, ...] = ()) -> None:
        self.file.append(record)
        self.links[key] = Link(record.id, notes=notes)

    def _decide(self, item: str, key: str) -> Callable[[str], Side | None]:
        modified = str(self.merger.items[item].get("dateModified") or "")
        return lambda name: self.settings.conflict_side(key, name, modified)


def _conflict_review(record: Record, item: Item, conflict: Conflict) -> Review:
    return Review(
        kind="conflict",
        key=record.id,
        item=item["key"],
        title=latex_to_text(record.get("title")),
        field=conflict.name,
        base=_base_text(conflict.base),
        ours=display_text(conflict.ours),
        theirs=display_text(conflict.theirs),
        why="both sides changed it" if conflict.base else "the two sides differ",
    )


def _deletion_review(key: str, item: str, title: str, why: str, *, ours: str = "", theirs: str = "") -> Review:
    return Review(
        kind="deletion", key=key, item=item, title=title, field="", base=None, ours=ours, theirs=theirs, why=why
    )


def updated_references(record: Record, renamed: Mapping[str, str]) -> dict[str, Unit]:
    """The fields of an entry with citation keys of others, if those are renamed."""
    changes: dict[str, Unit] = {}
    for name in REFERRING_FIELDS if renamed else ():
        value = record.fields.get(name, "")
        if value and (updated := replace_citation_keys(value, renamed, record.id)) != value:
            changes[name] = {name: updated} if updated else {}
    return changes


def _is_made_of(entry_key: str, item_key: str, taken: Collection[str]) -> bool:
    """Whether an entry's key is what a pull made of its item's: one that is free, or that BibTeX can read.

    Args:
        entry_key: the key in the file.
        item_key: the key in Zotero.
        taken: the keys of the file in lower case.
    """
    if not item_key or entry_key == item_key:
        return False
    readable, key = safe_key(item_key).casefold(), entry_key.casefold()
    made = key.startswith(readable) and re.fullmatch(r"[a-z]{1,2}", key.removeprefix(readable)) is not None
    return entry_key == safe_key(item_key) or (made and readable in taken)


def _key(key: str) -> Units:
    return {KEY: {KEY: key}} if key else {}


def _part(open_: Mapping[str, BasePair | None], name: str) -> dict[str, BasePair | None]:
    return {name: open_[name]} if name in open_ else {}


def _base_text(base: BasePair | None) -> str | None:
    """The value of both sides at the last sync."""
    return display_text(base[0] or base[1]) if base else None
