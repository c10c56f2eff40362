"""Which items of a library the papers of an input are: by an earlier push, by citation key, by likeness. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.dedup.results import Deduplication
from refsync.planning.plan import is_users_key
from refsync.records import Record
from refsync.zotero.items.citation_key_match import one_paper

Data = Mapping[str, Any]


def targets_by_key(keys: Sequence[str], items: Mapping[str, Data], links: Mapping[str, str]) -> dict[int, str]:
    """The item of each entry that an earlier push brought there: under its own key, or into one that it was like."""
    found = ((index, links.get(key, key)) for index, key in enumerate(keys))
    return {index: key for index, key in found if key in items and not items[key].get("deleted")}


def targets_by_citation_key(
    records: Sequence[Record], entries: Sequence[int], held: Sequence[Record], library: Sequence[Data]
) -> dict[int, str]:
    """The item of each entry that has its citation key and is that paper, as it is after a pull.

    Args:
        records: the plan's papers.
        entries: the numbers of those that are looked for.
        held: the library's records.
        library: its papers, in the same order.
    """
    named: dict[str, list[int]] = {}
    for at, record in enumerate(held):
        named.setdefault(record.id, []).append(at)
    targets = {}
    for index in entries:
        found = named.get(records[index].id, []) if is_users_key(records[index]) else []
        if len(found) == 1 and one_paper(records[index], held[found[0]]):
            targets[index] = str(library[found[0]]["key"])
    return targets


def targets_by_likeness(found: Deduplication, library: Sequence[Data], entries: Sequence[int]) -> dict[int, str]:
    """The item of each entry that the deduplicator takes for a paper of the library.

    Args:
        found: its verdicts on the library's papers and, behind them, the entries.
        library: these papers.
        entries: the numbers of these entries in the plan.
    """
    held = len(library)
    return {
        entries[member - held]: str(library[cluster.members[0]]["key"])
        for cluster in found.clusters
        if cluster.members[0] < held
        for member in cluster.members
        if member >= held
    }
