"""Relations between items: sets of URIs, those of `dc:relation` mirrored by the server."""

from collections.abc import Iterable, Mapping
from typing import Any

Data = Mapping[str, Any]

REPLACES, RELATION = "dc:replaces", "dc:relation"


def item_uri(path: str) -> str:
    """The start of the URIs by which relations name the items of a library (`users/1`)."""
    return f"http://zotero.org/{path}/items/"


def relations_of(item: Data) -> dict[str, list[str]]:
    """An item's relations; the API gives a single one as a string."""
    given = item.get("relations") or {}
    return {name: [uris] if isinstance(uris, str) else list(uris) for name, uris in given.items()}


def united_relations(items: Iterable[Data]) -> dict[str, list[str]]:
    """The relations of all."""
    found: dict[str, dict[str, None]] = {}
    for item in items:
        for name, uris in relations_of(item).items():
            found.setdefault(name, {}).update(dict.fromkeys(uris))
    return {name: list(uris) for name, uris in found.items() if uris}


def related(item: Data) -> list[str]:
    """The URIs of the items that one is related to."""
    return relations_of(item).get(RELATION, [])


def mirrored(
    written: Mapping[str, Data], before: Mapping[str, Data], held: Mapping[str, Data], uri: str
) -> dict[str, dict[str, Any]]:
    """What a write did to items that it did not name.

    An item to which another one is related now is related to that one too, and of its version; one to which it is not
    any more loses the relation, and its version stays.

    Args:
        written: the items as the server answered with them, by key, in their order.
        before: these items as they were.
        held: the items that those are or were related to, as far as the library has them.
        uri: the start of the URIs by which relations name items.
    """
    now: dict[str, dict[str, Any]] = {key: dict(item) for key, item in {**held, **written}.items()}
    changed: dict[str, None] = {}
    for key, item in written.items():
        was, has = set(related(before.get(key, {}))), set(related(item))
        for other in (one.removeprefix(uri) for one in sorted(has - was)):
            if other in now and uri + key not in related(now[other]):
                relations = united_relations([now[other], {"relations": {RELATION: [uri + key]}}])
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
