"""Collections per area under one root collection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from refsync.classify.taxonomy import readable
from refsync.zotero.keys import object_key


@dataclass(frozen=True, slots=True)
class AreaCollections:
    """The key of each area's collection, and the collections that have to be made, parents first."""

    keys: Mapping[str, str]
    missing: tuple[dict[str, Any], ...] = ()


NO_COLLECTIONS = AreaCollections({})


def area_collections(
    library: str, root: str, areas: Iterable[str], present: Mapping[str, Mapping[str, Any]]
) -> AreaCollections:
    """The collections for areas: those that there are by name, and new ones for the others.

    Args:
        library: its name, of which keys are made.
        root: the name of the collection that holds them.
        areas: the areas.
        present: the library's collections by key.
    """
    by_place = {
        (item["name"], item.get("parentCollection") or False): key
        for key, item in present.items()
        if not item.get("deleted")
    }
    missing: list[dict[str, Any]] = []

    def place(name: str, parent: str | bool) -> str:
        if key := by_place.get((name, parent)):
            return key
        key = object_key(library, "collection", name, str(parent))
        missing.append({"key": key, "version": 0, "name": name, "parentCollection": parent})
        by_place[name, parent] = key
        return key

    wanted = sorted(set(areas))
    above = place(root, False) if wanted else ""
    keys = {area: place(area if readable(area) == area else f"{area} {readable(area)}", above) for area in wanted}
    return AreaCollections(keys, tuple(missing))
