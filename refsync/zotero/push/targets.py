"""Which items of a library the entries of a plan are: by an earlier push, citation key or deduplication. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.dedup.results import Deduplication
from refsync.planning.key_ownership import is_users_key
from refsync.records import Record
from refsync.zotero.items.citation_key_match import is_same_paper

Data = Mapping[str, Any]


def targets_by_key(keys: Sequence[str], items: Mapping[str, Data], links: Mapping[str, str]) -> dict[int, str]:
    """The item of each entry that an earlier push created under its generated key, or filled (`links`)."""
    candidates = ((index, links.get(key, key)) for index, key in enumerate(keys))
    return {index: key for index, key in candidates if key in items and not items[key].get("deleted")}


def targets_by_citation_key(
    records: Sequence[Record], entries: Sequence[int], library_records: Sequence[Record], library: Sequence[Data]
) -> dict[int, str]:
    """The item of each entry that has its citation key and is the same paper, as after a pull.

    Args:
        records: the plan's papers.
        entries: the numbers of those to find.
        library_records: the library's records.
        library: its papers, in the same order.
    """
    by_citation_key: dict[str, list[int]] = {}
    for at, record in enumerate(library_records):
        by_citation_key.setdefault(record.id, []).append(at)
    targets = {}
    for index in entries:
        candidates = by_citation_key.get(records[index].id, []) if is_users_key(records[index]) else []
        if len(candidates) == 1 and is_same_paper(records[index], library_records[candidates[0]]):
            targets[index] = str(library[candidates[0]]["key"])
    return targets


def targets_by_deduplication(
    deduplication: Deduplication, library: Sequence[Data], entries: Sequence[int]
) -> dict[int, str]:
    """The item of each entry that is a duplicate of a paper of the library.

    Args:
        deduplication: the result for the library's papers followed by the entries.
        library: these papers.
        entries: the numbers of these entries in the plan.
    """
    known = len(library)
    return {
        entries[member - known]: str(library[cluster.members[0]]["key"])
        for cluster in deduplication.clusters
        if cluster.members[0] < known
        for member in cluster.members
        if member >= known
    }
