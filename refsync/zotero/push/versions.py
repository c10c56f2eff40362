"""Which items a push relates to each other: versions of one paper, such as a preprint and what became of it. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from refsync.dedup.results import Deduplication
from refsync.planning.plan import Plan
from refsync.zotero.items.relations import related

Data = Mapping[str, Any]
Pairs = Iterable[tuple[str, str]]


def version_pairs(
    plan: Plan, likely: Deduplication, library: Sequence[Data], looked_for: Sequence[int], keys: Sequence[str]
) -> list[tuple[str, str]]:
    """The keys of items that are versions of each other.

    Args:
        plan: the input's papers.
        likely: the verdicts on the library's papers and, behind them, the entries that were looked for among them.
        library: these papers.
        looked_for: the numbers of these entries.
        keys: the key of each entry's item.
    """
    entry_of = {member: number for number, entry in enumerate(plan.entries) for member in entry.members}
    within = (link.members for link in plan.deduplication.versions)
    pairs = [(keys[entry_of[one]], keys[entry_of[other]]) for one, other in within]
    named = [str(item["key"]) for item in library] + [keys[number] for number in looked_for]
    pairs += [(named[one], named[other]) for one, other in (link.members for link in likely.versions)]
    return sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})


def relations_to_make(
    pairs: Pairs, items: Mapping[str, Data], filled: Sequence[str], created: Collection[str], uri: str
) -> dict[str, tuple[str, ...]]:
    """The URIs by which each item that is sent is to name versions of it.

    One side is enough, as the server mirrors relations; where both are new, neither is there to be mirrored on.

    Args:
        pairs: the keys of versions.
        items: the library's items by key.
        filled: the keys of those that may be sent, in this order, before the new ones.
        created: the keys of the new ones.
        uri: the start of the URIs by which relations name items.
    """
    order = {key: number for number, key in enumerate(filled)}
    found: dict[str, dict[str, None]] = {}
    for pair in pairs:
        there = [key for key in pair if key in items and not items[key].get("deleted")]
        new = [key for key in pair if key in created]
        if len(there) + len(new) < 2 or any(uri + key in related(items[one]) for one in there for key in there):
            continue
        for key in new or [max(pair, key=lambda key: order.get(key, -1))]:  # which was not changed by the other then
            found.setdefault(key, {})[uri + next(one for one in pair if one != key)] = None
    return {key: tuple(uris) for key, uris in found.items()}
