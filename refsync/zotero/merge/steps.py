"""The writes of a merge, one safe step after another. Pure: what the library holds in, what to send next out.

1. The survivor takes over what the losers say.
2. Their notes and attachments move to it. Of a file that it has already, the annotations move to the file that stays.
3. Such twins go to the trash; items related to a loser are related to the survivor.
4. The losers go to the trash. Until then nothing is hidden, and after it everything can be restored from there.

Each step is worked out from what the library holds by then, never from what was sent: what was done already gives no
write. So a merge that died goes on, and one that somebody crossed is set right.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.zotero.items.mapping import Item, MappingSettings
from refsync.zotero.items.relations import RELATION, REPLACES, item_uri, relations_of, united_relations
from refsync.zotero.items.server_limits import faults
from refsync.zotero.merge.combine import Difference, combined, repointed, same, united_tags
from refsync.zotero.merge.plan import Merge, Types
from refsync.zotero.push.plan import Change, Refusal

Data = Mapping[str, Any]

LAST = 4
"""The step that hides the losers."""

_BLANK: Mapping[str, Any] = {"tags": [], "collections": [], "relations": {}, "deleted": False, "parentItem": False}


@dataclass(slots=True)
class Holdings:
    """What a library holds: items by key, trashed ones too, the keys of its collections, and its path (`users/1`)."""

    items: dict[str, Item]
    collections: Collection[str]
    path: str
    settings: MappingSettings
    types: Types = "skip"
    children: dict[str, list[str]] = field(default_factory=dict)
    related: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index()

    @property
    def uri(self) -> str:
        """The start of the URIs by which relations name items."""
        return item_uri(self.path)

    def index(self) -> None:
        """Find anew what belongs to what."""
        self.children, self.related = {}, {}
        for key, item in self.items.items():
            if parent := item.get("parentItem"):
                self.children.setdefault(parent, []).append(key)
            for uri in relations_of(item).get(RELATION, ()):
                self.related.setdefault(uri, []).append(key)

    def take(self, items: Mapping[str, Item]) -> None:
        """Replace items by what they are now."""
        self.items.update(items)
        self.index()

    def children_of(self, key: str) -> list[Item]:
        return [self.items[child] for child in self.children.get(key, ())]


@dataclass(frozen=True, slots=True)
class Step:
    """What to send next: `number` (0 where nothing is left), the changes with the merge of each.

    `refused` are the items that cannot be merged, with their merge.
    """

    number: int = 0
    changes: tuple[tuple[Change, Merge], ...] = ()
    refused: tuple[tuple[Refusal, Merge], ...] = ()
    differing: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)


def next_step(merges: Sequence[Merge], held: Holdings) -> Step:
    """The first step that any of the merges has still before it, for all that are there."""
    states = [_state(merge, held) for merge in merges]
    refused = [(refusal, merge) for merge, (_, _, told) in zip(merges, states, strict=True) for refusal in told]
    became = {
        held.uri + key: held.uri + merge.survivor
        for merge, (open_, finished, _) in zip(merges, states, strict=True)
        for key in (*open_, *finished)
    }
    steps: dict[int, dict[str, tuple[Item, Merge]]] = {}
    differing: dict[str, tuple[Difference, ...]] = {}
    for merge, (open_, finished, _) in zip(merges, states, strict=True):
        number, writes, differs = _of_one(merge, open_, finished, became, held)
        if differs:
            differing[merge.survivor] = differs
        for key, properties in writes.items():
            steps.setdefault(number, {}).setdefault(key, (properties, merge))
    number = min(steps, default=0)
    changes = []
    for key, (properties, merge) in steps.get(number, {}).items():
        change = _change(held.items[key], properties)
        if told := "; ".join(faults(change.object, held.settings.schema)):
            refused.append((Refusal(key, change.title, told), merge))
        else:
            changes.append((change, merge))
    return Step(number, tuple(changes), tuple(refused), differing)


def foresee(merges: Sequence[Merge], held: Holdings) -> tuple[list[Step], list[tuple[Refusal, Merge]]]:
    """All the steps of merges that nobody disturbs, and the merges that cannot be done, which have none."""
    held = Holdings(dict(held.items), held.collections, held.path, held.settings, held.types)
    steps: list[Step] = []
    refused: list[tuple[Refusal, Merge]] = []
    merges = list(merges)
    while True:
        step = next_step(merges, held)
        if step.refused:
            refused += step.refused
            merges = [merge for merge in merges if all(merge != failed for _, failed in step.refused)]
            continue
        if not step.changes:
            return steps, refused
        steps.append(step)
        held.take({change.key: overlaid(held.items[change.key], change) for change, _ in step.changes})


def overlaid(item: Data, change: Change) -> Item:
    """An item as it is after a change."""
    return {**item, **change.object}


def title_of(item: Data) -> str:
    """What people know an item by."""
    names = ("title", "caseName", "nameOfAct", "subject", "filename", "note", "annotationText")
    text = next((str(item[name]) for name in names if item.get(name)), "")
    return re.sub(r"<[^>]*>", "", text) if item.get("itemType") == "note" else text


def change_to(item: Data, properties: Item) -> Change:
    """The write that sets properties of an item."""
    return _change(item, properties)


def _change(item: Data, properties: Item) -> Change:
    before = {name: item.get(name, _BLANK.get(name, "")) for name in properties}
    return Change({"key": item["key"], "version": item["version"], **properties}, before, title_of(item), {})


def _state(merge: Merge, held: Holdings) -> tuple[list[str], list[str], list[Refusal]]:
    """The losers that are still to be merged, those in the trash that are, and what stands against others."""
    survivor = held.items.get(merge.survivor)
    if survivor is None or survivor.get("deleted"):
        where = "was deleted in Zotero" if survivor is None else "is in Zotero's trash"
        return [], [], [Refusal(merge.survivor, title_of(survivor or {}), f"{where}; nothing is merged into it")]
    replaced = relations_of(survivor).get(REPLACES, ())
    open_, finished, told = [], [], []
    for key in merge.losers:
        item = held.items.get(key)
        if item is None or item.get("deleted"):
            if held.uri + key in replaced:
                finished += [] if item is None else [key]
            else:
                where = "was deleted in Zotero" if item is None else "is in Zotero's trash"
                told.append(Refusal(key, title_of(item or {}), f"{where}; not merged"))
        elif item["itemType"] != survivor["itemType"] and held.types == "skip":
            told.append(Refusal(key, title_of(item), f"is a {item['itemType']}, not a {survivor['itemType']}"))
        else:
            open_.append(key)
    return open_, finished, told


def _of_one(
    merge: Merge, open_: Sequence[str], finished: Sequence[str], became: Mapping[str, str], held: Holdings
) -> tuple[int, dict[str, Item], tuple[Difference, ...]]:
    """The first step of one merge that is not done: its number, and the properties to set by key."""
    if not open_ and not finished:
        return 0, {}, ()
    survivor = held.items[merge.survivor]
    losers = [held.items[key] for key in open_]
    differing: tuple[Difference, ...] = ()
    if losers:
        about = (held.uri, became, held.collections, held.settings, merge.chosen)
        taken, differing = combined(survivor, losers, *about)
        if taken:
            return 1, {merge.survivor: taken}, differing
    moves, twins = _children(merge, [*open_, *finished], held)
    if moves:
        return 2, moves, differing
    related = {key for loser in open_ for key in held.related.get(held.uri + loser, ())}
    for key in sorted(related):
        item = held.items[key]
        relations = repointed(item, held.uri, became)
        if held.uri + key not in became and not same("relations", relations, item.get("relations")):
            twins[key] = {"relations": relations}
    if twins:
        return 3, twins, differing
    return LAST, {key: {"deleted": True, "relations": {}} for key in open_}, differing


def _children(merge: Merge, losers: Iterable[str], held: Holdings) -> tuple[dict[str, Item], dict[str, Item]]:
    """What to set so that the losers' children belong to the survivor; the second part once the first is done.

    The first moves notes, attachments and the annotations of files that stand twice; the second trashes these twins.
    """
    moves: dict[str, Item] = {}
    twins: dict[str, Item] = {}
    own = held.children_of(merge.survivor)
    kept = [item for item in own if item["itemType"] == "attachment" and not item.get("deleted")]
    new_key = {uri.removeprefix(held.uri): file["key"] for file in kept for uri in relations_of(file).get(REPLACES, ())}
    new_key |= dict.fromkeys(merge.losers, merge.survivor)
    moved: list[Item] = []
    pairs: dict[str, list[Item]] = {}
    for child in (child for loser in losers for child in held.children_of(loser)):
        file = next((file for file in kept if is_twin(child, file)), None)
        if file is None:
            moved.append(child)
            kept += [child] if child["itemType"] == "attachment" and not child.get("deleted") else []
        else:
            pairs.setdefault(file["key"], []).append(child)
            new_key[child["key"]] = file["key"]
    for child in moved:
        note = str(child.get("note") or "")
        renewed = _renewed(note, new_key)
        moves[child["key"]] = {"parentItem": merge.survivor, **({"note": renewed} if renewed != note else {})}
    for key, doubles in pairs.items():
        for double in doubles:
            moves |= {item["key"]: {"parentItem": key} for item in held.children_of(double["key"])}
            twins[double["key"]] = {"deleted": True, "parentItem": merge.survivor}
            twins[double["key"]] |= {"relations": {}} if double.get("relations") else {}
        if taken := _file_takes(held.items[key], doubles, held.uri, new_key):
            moves[key] = {**moves.get(key, {}), **taken}
    return moves, twins


def is_twin(one: Data, other: Data) -> bool:
    """Whether two attachments are one file (or one link): none in the trash, and of equal content."""
    if one["itemType"] != "attachment" or one.get("deleted") or other.get("deleted"):
        return False
    if any(one.get(name) != other.get(name) for name in ("linkMode", "contentType")):
        return False
    name = {"linked_url": "url", "linked_file": "path"}.get(one.get("linkMode", ""), "md5")
    return bool(one.get(name)) and one.get(name) == other.get(name)


def _file_takes(file: Data, doubles: Sequence[Data], uri: str, new_key: Mapping[str, str]) -> Item:
    """What a file takes over from its twins: relations, `dc:replaces` to them, tags and their notes."""
    relations = united_relations((file, *doubles))
    replaced = dict.fromkeys([*relations.get(REPLACES, ()), *(uri + double["key"] for double in doubles)])
    relations[REPLACES] = list(replaced)
    note = str(file.get("note") or "")
    for text in (_renewed(str(double.get("note") or ""), new_key) for double in doubles):
        note += text if text.strip() and text not in note else ""
    wanted = {"relations": relations, "tags": united_tags((file, *doubles)), "note": note}
    return {name: value for name, value in wanted.items() if not same(name, value, file.get(name))}


def _renewed(note: str, new_key: Mapping[str, str]) -> str:
    """A note whose links name the items that stay: citations, pictures of annotations, `zotero://` addresses."""

    def renew(found: re.Match[str]) -> str:
        return found[1] + new_key.get(found[2], found[2])

    return _LINK.sub(renew, note)


_LINK = re.compile(
    r'((?:%2F|/)items(?:%2F|/)|data-attachment-key="|attachmentKey%22%3A%22)([23456789A-NP-Z]{8})(?![0-9A-Za-z])',
    re.IGNORECASE,
)
