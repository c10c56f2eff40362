"""Which items a push relates to each other: versions of one paper, such as a preprint and its publication. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from refsync.dedup.results import Deduplication
from refsync.planning.plan import Plan
from refsync.zotero.items.relations import item_uri_prefix, related
from refsync.zotero.web.changes import Change

Data = Mapping[str, Any]
Pairs = Iterable[tuple[str, str]]


def version_pairs(
    plan: Plan, with_library: Deduplication, library: Sequence[Data], compared: Sequence[int], keys: Sequence[str]
) -> list[tuple[str, str]]:
    """The keys of items that are versions of each other.

    Args:
        plan: the input's papers.
        with_library: the result for the library's papers followed by the entries that were compared with them.
        library: these papers.
        compared: the numbers of these entries.
        keys: the key of each entry's item.
    """
    entry_of = {member: number for number, entry in enumerate(plan.entries) for member in entry.members}
    within = (link.members for link in plan.deduplication.versions)
    pairs = [(keys[entry_of[one]], keys[entry_of[other]]) for one, other in within]
    key_of = [str(item["key"]) for item in library] + [keys[number] for number in compared]
    pairs += [(key_of[one], key_of[other]) for one, other in (link.members for link in with_library.versions)]
    return sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})


def related_pairs(changes: Iterable[Change], path: str) -> list[tuple[str, str]]:
    """The pairs of keys that changes relate to each other; `path` is that of the library."""
    uri = item_uri_prefix(path)
    pairs = ((change.key, other.removeprefix(uri)) for change in changes for other in change.related)
    return sorted({(min(pair), max(pair)) for pair in pairs})


def relations_to_add(
    pairs: Pairs, items: Mapping[str, Data], filled: Sequence[str], created: Collection[str], uri: str
) -> dict[str, tuple[str, ...]]:
    """The URIs of the versions that each item gets a relation to.

    One side of a pair is enough, since the server mirrors relations; if both items are new, both get one.

    Args:
        pairs: the keys of versions.
        items: the library's items by key.
        filled: the keys of the items that may be filled, in the order in which they are sent, before the new ones.
        created: the keys of the new items.
        uri: the start of the URIs of items.
    """
    order = {key: number for number, key in enumerate(filled)}
    found: dict[str, dict[str, None]] = {}
    for pair in pairs:
        existing = [key for key in pair if key in items and not items[key].get("deleted")]
        new = [key for key in pair if key in created]
        is_related = any(uri + key in related(items[one]) for one in existing for key in existing)
        if len(existing) + len(new) < 2 or is_related:
            continue
        for key in new or [max(pair, key=lambda key: order.get(key, -1))]:  # the later one: the other is not stale then
            found.setdefault(key, {})[uri + next(one for one in pair if one != key)] = None
    return {key: tuple(uris) for key, uris in found.items()}
