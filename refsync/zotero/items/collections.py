"""One collection of a library, with those below it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from refsync.errors import ConfigError

Data = Mapping[str, Any]


def collection_keys(collections: Mapping[str, Data], named: str, library: str) -> set[str]:
    """The keys of a collection, given by name or key, and of those below it.

    Raises:
        ConfigError: there is no such collection, or there are several.
    """
    live = {key: item for key, item in collections.items() if not item.get("deleted")}
    matching = [named] if named in live else [key for key, item in live.items() if item["name"] == named]
    if len(matching) > 1:
        raise ConfigError(
            f"{library} has several collections {named!r}: {', '.join(matching)}", hint="give the key instead"
        )
    if not matching:
        names = ", ".join(sorted({repr(item["name"]) for item in live.values()})[:10]) or "none"
        raise ConfigError(f"{library} has no collection {named!r}", hint=f"its collections: {names}")
    keys = set(matching)
    while below := {key for key, item in live.items() if item.get("parentCollection") in keys} - keys:
        keys |= below
    return keys


def collection_key(collections: Mapping[str, Data], named: str, library: str) -> str:
    """The key of the collection itself, given by name or key.

    Raises:
        ConfigError: there is no such collection, or there are several.
    """
    keys = collection_keys(collections, named, library)
    above = (key for key in keys if collections[key].get("parentCollection") not in keys)
    return named if named in keys else next(above)


def in_collections(items: Iterable[Data], keys: set[str]) -> list[Data]:
    """The items that are in one of some collections."""
    return [item for item in items if keys & set(item.get("collections") or ())]
