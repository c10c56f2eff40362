"""Which entry of a file is which item of a library. Pure but for the deduplicator, which is handed in."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refsync.dedup.results import Deduplication
from refsync.planning.plan import is_users_key
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import doi
from refsync.text.latex import latex_to_text
from refsync.zotero.items.citation_key_match import is_same_paper
from refsync.zotero.items.mapping import MappingSettings, to_record
from refsync.zotero.push.targets import targets_by_citation_key, targets_by_deduplication
from refsync.zotero.sync.merge_base import SyncedPairs

Data = Mapping[str, Any]

FindDuplicates = Callable[[Sequence[Record], int], Deduplication]
"""Finds the records that are one paper; of those given the first ones are known to be different papers."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """What belongs together.

    Attributes:
        entries: the number of each entry's record, by the key of its item.
        gone: pairs of the last sync whose entry is not in the file any more, by item.
        asked: how many pairs may be one paper, and were kept apart.
    """

    entries: Mapping[str, int]
    gone: tuple[str, ...] = ()
    asked: int = 0


def pair(
    records: Sequence[Record],
    made_keys: Sequence[str],
    library: Sequence[Data],
    trashed: Collection[str],
    rows: SyncedPairs,
    proposed: Mapping[str, str],
    likeness: FindDuplicates,
    settings: MappingSettings,
) -> Pairs:
    """Find the item of each entry.

    First come the pairs of the last sync, then entries that were given another citation key since, then those of a sync
    that died, then what `refsync push` knows: the key that we gave an item, its citation key, and likeness.

    Args:
        records: the file's entries that can be synced; citation keys differ.
        made_keys: the key that each one's item gets if it is made.
        library: the papers of the library.
        trashed: the keys of those in its trash.
        rows: the last sync.
        proposed: the pairs of a sync that died, as citation keys by item.
        likeness: the deduplicator.
        settings: how items are read.
    """
    at = {record.id: number for number, record in enumerate(records)}
    found: dict[str, int] = {}
    gone: list[str] = []
    for item, row in rows.items():
        if row.key in at:
            found[item] = at[row.key]
        else:
            gone.append(item)
    taken = set(found.values())
    items = {str(item["key"]): item for item in library}

    def take(item: str, number: int) -> None:
        if item not in found and number not in taken:
            found[item] = number
            taken.add(number)

    free_entries = [number for number in range(len(records)) if number not in taken]
    for item, number in _renamed({item: rows[item].record for item in gone}, free_entries, records):
        take(item, number)
    gone = [item for item in gone if item not in found]
    for item, key in proposed.items():
        meant = item in items and item not in rows and key in at
        if meant and is_same_paper(records[at[key]], to_record(items[item], settings=settings)):
            take(item, at[key])
    for number, key in enumerate(made_keys):
        if (key in items or key in trashed) and key not in rows:
            take(key, number)
    left = [number for number in range(len(records)) if number not in taken]
    free = [item for key, item in items.items() if key not in found and key not in rows]
    asked = 0
    if left and free:
        held = [to_record(item, "", index, settings) for index, item in enumerate(free, 1)]
        for number, item in targets_by_citation_key(records, left, held, free).items():
            take(item, number)
        left = [number for number in left if number not in taken]
        still = [n for n, item in enumerate(free) if item["key"] not in found]
        if left and still:
            known = [free[n] for n in still]
            like = likeness([*(held[n] for n in still), *(records[number] for number in left)], len(still))
            for number, item in targets_by_deduplication(like, known, left).items():
                take(item, number)
            asked = sum(link.members[0] < len(known) for link in like.review)
    return Pairs(found, tuple(gone), asked)


def _renamed(before: Mapping[str, Record], free: Sequence[int], records: Sequence[Record]) -> Iterator[tuple[str, int]]:
    """The entries that those have become which are not there under their keys any more: the only ones that fit."""
    if not before or not free:
        return
    for print_ in (_fields, _doi, _title):
        by_print: dict[str, list[int]] = defaultdict(list)
        for number in free:
            by_print[print_(records[number])].append(number)
        for item, record in before.items():
            said = print_(record)
            if said and len(by_print.get(said, ())) == 1 and is_same_paper(record, records[by_print[said][0]]):
                yield item, by_print[said][0]


def _fields(record: Record) -> str:
    return repr(sorted(record.fields.items()))


def _doi(record: Record) -> str:
    return doi(record.get("doi"))


def _title(record: Record) -> str:
    return fold(latex_to_text(record.get("title")))


def syncable(records: Sequence[Record]) -> tuple[list[Record], list[tuple[Record, str]]]:
    """The entries that can be synced, and the others, each with the reason."""
    seen: set[str] = set()
    kept: list[Record] = []
    left_out: list[tuple[Record, str]] = []
    for record in records:
        if record.type in ("xdata", "set"):
            left_out.append((record, f"@{record.type} is no paper; left out"))
        elif not is_users_key(record):
            left_out.append((record, "has no citation key, by which it could be known again; left out"))
        elif record.id.casefold() in seen:
            left_out.append((record, f"the key {record.id!r} is used twice; the second entry is left out"))
        else:
            seen.add(record.id.casefold())
            kept.append(record)
    return kept, left_out
