"""The `groups` of a file (JabRef's field) as the collections of a library, by their names. Pure.

Collections are synced only if some entry of the file has `groups`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.records import Record
from refsync.zotero.items.generated_keys import generate_key
from refsync.zotero.items.mapping import Item
from refsync.zotero.sync.merge_units import Unit, list_members

Data = Mapping[str, Any]
FIELD = "groups"


@dataclass(slots=True)
class Groups:
    """The collections of a library as groups, and those that have to be created.

    Attributes:
        library: its path (`users/1`), from which keys are generated.
        collections: its collections by key.
        used_in_file: whether the file has groups.
        missing: the collections to create, or to take out of the trash.
        fixed: the collections that are no groups: that which is synced.
    """

    library: str
    collections: Mapping[str, Data]
    used_in_file: bool
    missing: dict[str, Item] = field(default_factory=dict)
    fixed: Collection[str] = ()

    @classmethod
    def of(
        cls, library: str, collections: Mapping[str, Data], records: Iterable[Record], fixed: Collection[str] = ()
    ) -> "Groups":
        """The groups for a file of these entries."""
        used = any(record.fields.get(FIELD, "").strip() for record in records)
        return cls(library=library, collections=collections, used_in_file=used, fixed=fixed)

    def name(self, key: str) -> str:
        """The group for a collection; empty if a list of groups cannot contain its name."""
        collection = self.collections.get(key) if key not in self.fixed else None
        name = str(collection["name"]).strip() if collection and not collection.get("deleted") else ""
        return "" if "," in name or "{" in name or "}" in name else name

    def names(self, item: Data) -> list[str]:
        """The groups of an item."""
        return [name for key in item.get("collections") or () if (name := self.name(key))]

    def in_record(self, record: Record, names: Sequence[str]) -> Record:
        """A record with these groups instead of its own, which are those in Extra."""
        others = {name: value for name, value in record.fields.items() if name != FIELD}
        return replace(record, fields=others | ({FIELD: ", ".join(names)} if names else {}))

    def collections_for(self, item: Data, unit: Unit) -> list[str]:
        """The collections of an item that is to be in these groups; those that are no groups stay."""
        wanted = list_members(FIELD, unit)
        kept = [key for key in item.get("collections") or () if not (name := self.name(key)) or name in wanted]
        has = {self.name(key) for key in kept}
        return [*kept, *(self._key(name) for name in wanted if name not in has)]

    def used(self, keys: Collection[str]) -> tuple[Item, ...]:
        """Those of these collections that are to be created."""
        return tuple(collection for key, collection in self.missing.items() if key in keys)

    def _key(self, name: str) -> str:
        """The collection of this name: the one at the highest level, else a new one at the top level."""
        named = [key for key in self.collections if self.name(key) == name]
        if named:
            return min(named, key=lambda key: (self._depth(key), key))
        key = generate_key(self.library, "collection", name, "False")
        while (existing := self.collections.get(key)) and not (existing.get("deleted") and existing["name"] == name):
            key = generate_key("again", key)  # the key belongs to one that was renamed since
        if existing:
            own = {part: existing[part] for part in ("key", "version", "name", "parentCollection")}
            self.missing[key] = {**own, "deleted": False}
        else:
            self.missing[key] = {"key": key, "version": 0, "name": name, "parentCollection": False}
        return key

    def _depth(self, key: str) -> int:
        depth = 0
        while (above := self.collections.get(key, {}).get("parentCollection")) and depth < len(self.collections):
            key, depth = str(above), depth + 1
        return depth
