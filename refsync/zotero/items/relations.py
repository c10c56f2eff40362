"""Relations between items: sets of URIs by kind. The server mirrors those of `dc:relation`."""

from collections.abc import Iterable, Mapping
from typing import Any

Data = Mapping[str, Any]

REPLACES, RELATION = "dc:replaces", "dc:relation"


def item_uri_prefix(path: str) -> str:
    """The start of the URIs of a library's items; `path` is such as `users/1`."""
    return f"http://zotero.org/{path}/items/"


def relations_of(item: Data) -> dict[str, list[str]]:
    """An item's relations; the API returns a single one as a string."""
    given = item.get("relations") or {}
    return {name: [uris] if isinstance(uris, str) else list(uris) for name, uris in given.items()}


def merged_relations(items: Iterable[Data]) -> dict[str, list[str]]:
    """The union of the items' relations."""
    merged: dict[str, dict[str, None]] = {}
    for item in items:
        for name, uris in relations_of(item).items():
            merged.setdefault(name, {}).update(dict.fromkeys(uris))
    return {name: list(uris) for name, uris in merged.items() if uris}


def related(item: Data) -> list[str]:
    """The URIs of the items that an item is related to."""
    return relations_of(item).get(RELATION, [])


def mirrored_changes(
    written: Mapping[str, Data], before: Mapping[str, Data], held: Mapping[str, Data], uri: str
) -> dict[str, dict[str, Any]]:
    """The other items that a write changed, because the server mirrors relations.

    An item that a written one is now related to gets the relation back to it, and its version; one that it is no longer
    related to loses the relation, and keeps its version.

    Args:
        written: the items in the server's response, by key, in their order.
        before: these items before the write.
        held: the items that those are or were related to, if the library has them.
        uri: the start of the URIs of items.
    """
    now: dict[str, dict[str, Any]] = {key: dict(item) for key, item in {**held, **written}.items()}
    changed: dict[str, None] = {}
    for key, item in written.items():
        was, has = set(related(before.get(key, {}))), set(related(item))
        for other in (one.removeprefix(uri) for one in sorted(has - was)):
            if other in now and uri + key not in related(now[other]):
                relations = merged_relations([now[other], {"relations": {RELATION: [uri + key]}}])
                now[other] |= {"relations": relations, "version": item["version"]}
                changed[other] = None
        for other in (one.removeprefix(uri) for one in sorted(was - has)):
            if other in now and uri + key in related(now[other]):
                relations = {
                    name: [one for one in uris if one != uri + key or name == REPLACES]
                    for name, uris in relations_of(now[other]).items()
                }
                now[other]["relations"] = {name: uris for name, uris in relations.items() if uris}
                changed[other] = None
    return {key: now[key] for key in changed}
