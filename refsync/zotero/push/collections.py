"""Collections per area under one root collection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from refsync.classify.taxonomy import readable
from refsync.zotero.items.generated_keys import generate_key


@dataclass(frozen=True, slots=True)
class AreaCollections:
    """The key of each area's collection, and those to create or to take out of the trash, parents first."""

    keys: Mapping[str, str]
    missing: tuple[dict[str, Any], ...] = ()


NO_COLLECTIONS = AreaCollections({})


def area_collections(
    library: str, root: str, areas: Iterable[str], present: Mapping[str, Mapping[str, Any]]
) -> AreaCollections:
    """The collections for areas: existing ones found by name, and new ones for the others.

    Args:
        library: its path, from which keys are generated.
        root: the name of the collection that contains them.
        areas: the areas.
        present: the library's collections by key.
    """
    by_name_and_parent = {
        (item["name"], item.get("parentCollection") or False): key
        for key, item in present.items()
        if not item.get("deleted")
    }
    missing: list[dict[str, Any]] = []

    def place(name: str, parent: str | bool) -> str:
        if key := by_name_and_parent.get((name, parent)):
            return key
        key = generate_key(library, "collection", name, str(parent))
        by_name_and_parent[name, parent] = key
        if key not in present:
            missing.append({"key": key, "version": 0, "name": name, "parentCollection": parent})
        elif present[key].get("deleted"):
            own = {name: present[key][name] for name in ("key", "version", "name", "parentCollection")}
            missing.append({**own, "deleted": False})
        return key  # a generated one that the user has renamed or moved is used as it is

    wanted = sorted(set(areas))
    parent = place(root, False) if wanted else ""
    keys = {area: place(area if readable(area) == area else f"{area} {readable(area)}", parent) for area in wanted}
    return AreaCollections(keys, tuple(missing))


def unused_collections(
    made: Mapping[str, Mapping[str, Any]],
    collections: Mapping[str, Mapping[str, Any]],
    items: Iterable[Mapping[str, Any]],
) -> tuple[list[str], list[str]]:
    """The keys of a run's collections that are unused, children before parents, and of those in use.

    Args:
        made: what the run sent for each, by key.
        collections: the library's collections by key.
        items: its items.
    """
    live = {key: item for key, item in collections.items() if not item.get("deleted")}
    used = {key for item in items if not item.get("deleted") for key in item.get("collections") or ()}
    ours = [key for key in made if key in live]
    kept = {key for key in ours if key in used or not is_unchanged_collection(made[key], live[key])}
    kept |= {str(item["parentCollection"]) for key, item in live.items() if key not in made}
    while parents := {str(live[key]["parentCollection"]) for key in ours if key in kept} - kept:
        kept |= parents
    return [key for key in reversed(ours) if key not in kept], [key for key in ours if key in kept]


def is_unchanged_collection(made: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether a collection has not been renamed or moved since."""
    return all(held.get(name) == made.get(name) for name in ("name", "parentCollection"))
