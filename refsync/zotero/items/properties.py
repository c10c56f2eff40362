"""When two values of an item's property are equal for Zotero. Tags, collections and relations are sets."""

from typing import Any

from refsync.zotero.items.relations import relations_of


def equal_properties(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a property are equal for Zotero."""
    if name in SET_PROPERTIES:
        return set_members(name, one) == set_members(name, other)
    if isinstance(one, str) or isinstance(other, str):
        return str(one or "").strip() == str(other or "").strip()
    return bool((one or None) == (other or None))


SET_PROPERTIES = frozenset({"tags", "collections", "relations"})
"""Properties that are sets."""


def set_members(name: str, value: Any) -> frozenset[Any]:
    """The members of a property that is a set."""
    if name == "tags":
        return frozenset((tag["tag"].strip(), tag.get("type") or 0) for tag in value or ())
    if name == "relations":
        return frozenset((kind, uri) for kind, uris in relations_of({name: value}).items() for uri in uris)
    return frozenset(value or ())
