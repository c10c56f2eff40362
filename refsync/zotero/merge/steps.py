"""The writes of a merge, one safe step after another. Pure: the content of the library in, what to send next out.

1. The survivor gets the values of the losers.
2. Their notes and attachments move to it. If it has the same file already, the annotations move to that file.
3. The duplicate files go to the trash; items related to a loser become related to the survivor. A relation is stored at
   one of its two items, and both show it: only a write of both is sure to end it.
4. The losers go to the trash. Until then nothing is hidden, and afterwards everything can be restored from there.

Each step is computed from the current content of the library, not from what was sent: what is done already needs no
write. So an interrupted merge can be resumed, and one that conflicts with the edits of others is corrected.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.dedup.settings import MergeSettings
from refsync.zotero.items.mapping import Item, MappingSettings
from refsync.zotero.items.properties import equal_properties
from refsync.zotero.items.relations import RELATION, REPLACES, item_uri_prefix, merged_relations, relations_of
from refsync.zotero.items.server_limits import limit_violations
from refsync.zotero.merge.combine import (
    CombineSettings,
    Difference,
    combined_properties,
    merged_tags,
    redirected_relations,
    with_unended_relations,
)
from refsync.zotero.merge.plan import Merge, Types
from refsync.zotero.web.changes import Change, Refusal, change_to, changed_item, item_title

Data = Mapping[str, Any]

LAST_STEP = 4
"""The step that puts the losers into the trash."""


@dataclass(slots=True)
class LibraryState:
    """The content of a library, indexed for merging.

    Attributes:
        items: all items by key, with those in the trash.
        collections: the keys of its collections.
        path: such as `users/1`.
        settings: the schema.
        types: whether items of different types are merged.
        policies: how several values of a field are merged.
        children: the keys of each item's children.
        related: the keys of the items that are related to each URI.
    """

    items: dict[str, Item]
    collections: Collection[str]
    path: str
    settings: MappingSettings
    types: Types = "skip"
    policies: MergeSettings = field(default_factory=MergeSettings)
    children: dict[str, list[str]] = field(default_factory=dict)
    related: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index()

    @property
    def uri(self) -> str:
        """The start of the URIs of items."""
        return item_uri_prefix(self.path)

    def index(self) -> None:
        """Rebuild `children` and `related` from the items."""
        self.children, self.related = {}, {}
        for key, item in self.items.items():
            if parent := item.get("parentItem"):
                self.children.setdefault(parent, []).append(key)
            for uri in relations_of(item).get(RELATION, ()):
                self.related.setdefault(uri, []).append(key)

    def update(self, items: Mapping[str, Item]) -> None:
        """Replace items."""
        self.items.update(items)
        self.index()

    def children_of(self, key: str) -> list[Item]:
        """The child items of an item."""
        return [self.items[child] for child in self.children.get(key, ())]


@dataclass(frozen=True, slots=True)
class Step:
    """What to send next.

    Attributes:
        number: of the step; 0 if nothing is left.
        changes: the changes, each with its merge.
        refused: the items that cannot be merged, each with its merge.
        differing: the differences of each survivor from its losers.
    """

    number: int = 0
    changes: tuple[tuple[Change, Merge], ...] = ()
    refused: tuple[tuple[Refusal, Merge], ...] = ()
    differing: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Losers:
    """The losers of a merge: those that are not merged yet, those that are and lie in the trash, and the refused."""

    pending: Sequence[str] = ()
    trashed: Sequence[str] = ()
    refused: Sequence[Refusal] = ()


def next_step(merges: Sequence[Merge], state: LibraryState) -> Step:
    """The first step that any of the merges still needs, for all merges that need it."""
    losers = [_losers(merge, state) for merge in merges]
    refused = [(refusal, merge) for merge, of in zip(merges, losers, strict=True) for refusal in of.refused]
    merged_into = {
        state.uri + key: state.uri + merge.survivor
        for merge, of in zip(merges, losers, strict=True)
        for key in (*of.pending, *of.trashed)
    }
    steps: dict[int, dict[str, tuple[Item, Merge]]] = {}
    differing: dict[str, tuple[Difference, ...]] = {}
    for merge, of in zip(merges, losers, strict=True):
        number, writes, differs = _next_step_of(merge, of, merged_into, state)
        if differs:
            differing[merge.survivor] = differs
        for key, properties in writes.items():
            steps.setdefault(number, {}).setdefault(key, (properties, merge))
    number = min(steps, default=0)
    changes = []
    for key, (properties, merge) in steps.get(number, {}).items():
        change = change_to(state.items[key], properties)
        if reasons := "; ".join(limit_violations(change.object, state.settings.schema)):
            refused.append((Refusal(key, change.title, reasons), merge))
        else:
            changes.append((change, merge))
    return Step(number, tuple(changes), tuple(refused), differing)


def simulate_steps(merges: Sequence[Merge], state: LibraryState) -> tuple[list[Step], list[tuple[Refusal, Merge]]]:
    """All steps of merges if nobody else changes the library, and the refused items of merges that have no steps."""
    state = LibraryState(
        items=dict(state.items),
        collections=state.collections,
        path=state.path,
        settings=state.settings,
        types=state.types,
        policies=state.policies,
    )
    steps: list[Step] = []
    refused: list[tuple[Refusal, Merge]] = []
    merges = list(merges)
    while True:
        step = next_step(merges, state)
        if step.refused:
            refused += step.refused
            merges = [merge for merge in merges if all(merge != failed for _, failed in step.refused)]
            continue
        if not step.changes:
            return steps, refused
        steps.append(step)
        state.update({change.key: changed_item(state.items[change.key], change) for change, _ in step.changes})


def _losers(merge: Merge, state: LibraryState) -> _Losers:
    survivor = state.items.get(merge.survivor)
    if survivor is None or survivor.get("deleted"):
        where = "was deleted in Zotero" if survivor is None else "is in Zotero's trash"
        refusal = Refusal(merge.survivor, item_title(survivor or {}), f"{where}; nothing is merged into it")
        return _Losers(refused=[refusal])
    replaced = relations_of(survivor).get(REPLACES, ())
    pending, trashed, refused = [], [], []
    for key in merge.losers:
        item = state.items.get(key)
        if item is None or item.get("deleted"):
            if state.uri + key in replaced:
                trashed += [] if item is None else [key]
            else:
                where = "was deleted in Zotero" if item is None else "is in Zotero's trash"
                refused.append(Refusal(key, item_title(item or {}), f"{where}; not merged"))
        elif item["itemType"] != survivor["itemType"] and state.types == "skip":
            refused.append(Refusal(key, item_title(item), f"is a {item['itemType']}, not a {survivor['itemType']}"))
        else:
            pending.append(key)
    return _Losers(pending, trashed, refused)


def _next_step_of(
    merge: Merge, of: _Losers, merged_into: Mapping[str, str], state: LibraryState
) -> tuple[int, dict[str, Item], tuple[Difference, ...]]:
    """The next step of one merge: its number, the properties to set by key, and the differences."""
    if not of.pending and not of.trashed:
        return 0, {}, ()
    survivor = state.items[merge.survivor]
    losers = [state.items[key] for key in of.pending]
    differing: tuple[Difference, ...] = ()
    if losers:
        settings = CombineSettings(state.settings, state.policies)
        properties, differing = combined_properties(
            survivor, losers, state.uri, merged_into, state.collections, settings, merge.chosen
        )
        if properties:
            return 1, {merge.survivor: properties}, differing
    children = _children(merge, [*of.pending, *of.trashed], state)
    if children.moves:
        return 2, children.moves, differing
    ends = _relation_ends([*of.pending, *children.trash], {**merged_into, **children.files}, state)
    if writes := {key: ends.get(key, {}) | children.trash.get(key, {}) for key in [*ends, *children.trash]}:
        return 3, writes, differing
    return LAST_STEP, {key: {"deleted": True, "relations": {}} for key in of.pending}, differing


def _relation_ends(gone: Sequence[str], merged_into: Mapping[str, str], state: LibraryState) -> dict[str, Item]:
    """What to set in items that are related to those that go to the trash, and in these."""
    writes: dict[str, Item] = {}
    for key in gone:
        others = [other for other in state.related.get(state.uri + key, ()) if state.uri + other not in merged_into]
        for other in sorted(others):
            relations = redirected_relations(state.items[other], state.uri, merged_into)
            writes[other] = {"relations": relations}
        if others:
            kept = {name: uris for name, uris in relations_of(state.items[key]).items() if name != RELATION}
            writes[key] = {"relations": kept}
    return writes


@dataclass(frozen=True, slots=True)
class _Children:
    """What to set so that the losers' children belong to the survivor.

    Attributes:
        moves: moves notes, attachments and the annotations of duplicate files.
        trash: puts the duplicate files into the trash, when the moves are done.
        files: the URI of each duplicate file, with that of the file that stays.
    """

    moves: dict[str, Item]
    trash: dict[str, Item]
    files: dict[str, str]


def _children(merge: Merge, losers: Iterable[str], state: LibraryState) -> _Children:
    """What to set so that the losers' children belong to the survivor."""
    moves: dict[str, Item] = {}
    trash: dict[str, Item] = {}
    own = state.children_of(merge.survivor)
    kept = [item for item in own if item["itemType"] == "attachment" and not item.get("deleted")]
    new_key = {
        uri.removeprefix(state.uri): file["key"] for file in kept for uri in relations_of(file).get(REPLACES, ())
    }
    new_key |= dict.fromkeys(merge.losers, merge.survivor)
    moved: list[Item] = []
    duplicates_of: dict[str, list[Item]] = {}
    for child in (child for loser in losers for child in state.children_of(loser)):
        file = next((file for file in kept if is_same_file(child, file)), None)
        if file is None:
            moved.append(child)
            kept += [child] if child["itemType"] == "attachment" and not child.get("deleted") else []
        else:
            duplicates_of.setdefault(file["key"], []).append(child)
            new_key[child["key"]] = file["key"]
    for child in moved:
        note = str(child.get("note") or "")
        updated = _with_new_keys(note, new_key)
        moves[child["key"]] = {"parentItem": merge.survivor, **({"note": updated} if updated != note else {})}
    files = {state.uri + one["key"]: state.uri + key for key, others in duplicates_of.items() for one in others}
    for key, duplicates in duplicates_of.items():
        for duplicate in duplicates:
            moves |= {item["key"]: {"parentItem": key} for item in state.children_of(duplicate["key"])}
            trash[duplicate["key"]] = {"deleted": True, "parentItem": merge.survivor}
            trash[duplicate["key"]] |= {"relations": {}} if duplicate.get("relations") else {}
        if properties := _combined_file(state.items[key], duplicates, state.uri, files, new_key):
            moves[key] = {**moves.get(key, {}), **properties}
    return _Children(moves, trash, files)


def is_same_file(one: Data, other: Data) -> bool:
    """Whether two attachments have the same content (or link), and neither is in the trash."""
    if one["itemType"] != "attachment" or one.get("deleted") or other.get("deleted"):
        return False
    if any(one.get(name) != other.get(name) for name in ("linkMode", "contentType")):
        return False
    name = {"linked_url": "url", "linked_file": "path"}.get(one.get("linkMode", ""), "md5")
    return bool(one.get(name)) and one.get(name) == other.get(name)


def _combined_file(
    file: Data, duplicates: Sequence[Data], uri: str, files: Mapping[str, str], new_key: Mapping[str, str]
) -> Item:
    """What a file takes over from its duplicates: relations, `dc:replaces` to them, tags and notes."""
    united = {"key": file["key"], "relations": merged_relations((file, *duplicates))}
    relations = with_unended_relations(redirected_relations(united, uri, files), file, files)
    replaced = dict.fromkeys([*relations.get(REPLACES, ()), *(uri + duplicate["key"] for duplicate in duplicates)])
    relations[REPLACES] = list(replaced)
    note = str(file.get("note") or "")
    for text in (_with_new_keys(str(duplicate.get("note") or ""), new_key) for duplicate in duplicates):
        note += text if text.strip() and text not in note else ""
    wanted = {"relations": relations, "tags": merged_tags((file, *duplicates)), "note": note}
    return {name: value for name, value in wanted.items() if not equal_properties(name, value, file.get(name))}


def _with_new_keys(note: str, new_key: Mapping[str, str]) -> str:
    """A note whose links name the surviving items: citations, images of annotations, `zotero://` links."""
    return _LINK.sub(lambda match: match[1] + new_key.get(match[2], match[2]), note)


_LINK = re.compile(
    r'((?:%2F|/)items(?:%2F|/)|data-attachment-key="|attachmentKey%22%3A%22)([23456789A-NP-Z]{8})(?![0-9A-Za-z])',
    re.IGNORECASE,
)
