"""Which entry of a file belongs to which item of a library. Pure except for the deduplicator, which is passed in."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refsync.dedup.results import Deduplication
from refsync.planning.key_ownership import is_users_key
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import doi
from refsync.text.latex import latex_to_text
from refsync.zotero.items.citation_key_match import is_same_paper
from refsync.zotero.items.mapping import MappingSettings, to_record
from refsync.zotero.items.papers import papers
from refsync.zotero.push.targets import targets_by_citation_key, targets_by_deduplication
from refsync.zotero.sync.plan_types import MergeInput

Data = Mapping[str, Any]

FindDuplicates = Callable[[Sequence[Record], int], Deduplication]
"""Finds the records that are one paper; the first ones, up to the number given, are known to be different papers."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which entries and items belong together.

    Attributes:
        entries: the number of each entry's record, by the key of its item.
        gone: pairs of the last sync whose entry is no longer in the file, by item.
        uncertain: how many pairs may be one paper, and were kept separate.
    """

    entries: Mapping[str, int]
    gone: tuple[str, ...] = ()
    uncertain: int = 0


def find_pairs(
    sides: MergeInput, proposed: Mapping[str, str], find_duplicates: FindDuplicates, settings: MappingSettings
) -> Pairs:
    """Find the item of each entry.

    First come the pairs of the last sync, then entries whose citation key was changed since, then those of pulls and of
    an interrupted sync, then the matches of `refsync push`: generated key, citation key, deduplication.

    Args:
        sides: both sides and the last sync.
        proposed: the pairs of pulls and of an interrupted sync, as citation keys by item.
        find_duplicates: the deduplicator.
        settings: how items are converted to records.
    """
    records, base = sides.records, sides.base
    number_of = {record.id: number for number, record in enumerate(records)}
    pairs: dict[str, int] = {}
    gone: list[str] = []
    for item, pair in base.items():
        if pair.key in number_of:
            pairs[item] = number_of[pair.key]
        else:
            gone.append(item)
    paired = set(pairs.values())
    items = {str(item["key"]): item for item in papers(sides.items)}

    def add(item: str, number: int) -> None:
        if item not in pairs and number not in paired:
            pairs[item] = number
            paired.add(number)

    unpaired = [number for number in range(len(records)) if number not in paired]
    for item, number in _renamed({item: base[item].record for item in gone}, unpaired, records):
        add(item, number)
    gone = [item for item in gone if item not in pairs]
    for item, key in proposed.items():
        exists = item in items and item not in base and key in number_of
        if exists and is_same_paper(records[number_of[key]], to_record(items[item], settings=settings)):
            add(item, number_of[key])
    for number, key in enumerate(sides.generated_keys):
        trashed = key in sides.items and sides.items[key].get("deleted")
        if (key in items or trashed) and key not in base:
            add(key, number)
    unpaired = [number for number in range(len(records)) if number not in paired]
    free = [item for key, item in items.items() if key not in pairs and key not in base]
    uncertain = 0
    if unpaired and free:
        free_records = [to_record(item, "", index, settings) for index, item in enumerate(free, 1)]
        for number, item in targets_by_citation_key(records, unpaired, free_records, free).items():
            add(item, number)
        unpaired = [number for number in unpaired if number not in paired]
        left = [n for n, item in enumerate(free) if item["key"] not in pairs]
        if unpaired and left:
            known = [free[n] for n in left]
            compared = [*(free_records[n] for n in left), *(records[number] for number in unpaired)]
            deduplication = find_duplicates(compared, len(left))
            for number, item in targets_by_deduplication(deduplication, known, unpaired).items():
                add(item, number)
            uncertain = sum(link.members[0] < len(known) for link in deduplication.review)
    return Pairs(pairs, tuple(gone), uncertain)


def _renamed(before: Mapping[str, Record], free: Sequence[int], records: Sequence[Record]) -> Iterator[tuple[str, int]]:
    """The entries that were renamed since: the only ones with the fields, DOI or title of an earlier entry."""
    if not before or not free:
        return
    for signature in (_fields, _doi, _title):
        by_signature: dict[str, list[int]] = defaultdict(list)
        for number in free:
            by_signature[signature(records[number])].append(number)
        for item, record in before.items():
            candidates = by_signature.get(value, []) if (value := signature(record)) else []
            if len(candidates) == 1 and is_same_paper(record, records[candidates[0]]):
                yield item, candidates[0]


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
            left_out.append((record, f"@{record.type} is not a paper; left out"))
        elif not is_users_key(record):
            left_out.append((record, "has no citation key, which a sync needs to recognise it; left out"))
        elif record.id.casefold() in seen:
            left_out.append((record, f"the key {record.id!r} is used twice; the second entry is left out"))
        else:
            seen.add(record.id.casefold())
            kept.append(record)
    return kept, left_out
