"""The server's state: users, groups, keys, and a `Library` for each user and group."""

import secrets
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
Data = dict[str, Any]


class Failure(Exception):  # noqa: N818  (the API's own word)
    """A request, or one object of it, that the server refuses."""

    def __init__(
        self, code: int, message: str, data: Data | None = None, version: int | None = None, *, bare: bool = False
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data
        self.version = version  # the object's version, if the refusal contains it
        self.bare = bare  # without the API's headers


def new_key() -> str:
    """A random object key."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def clock() -> str:
    """Now, as the API writes times."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Thing:
    """An item or a collection: its data without key and version, and the library version of its last change."""

    key: str
    version: int
    data: Data
    serial: int = 0  # the order in which objects were added
    size: int | None = None  # of an attachment's file, once uploaded


@dataclass(slots=True)
class Group:
    """The settings of a group library, as ``GET /groups/ID`` shows them."""

    owner: int = 0
    admins: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    type: str = "Private"  # or "PublicClosed", "PublicOpen"
    reading: str = "members"  # or "all", in a public group
    editing: str = "members"  # or "admins"

    def has_admin(self, user: int) -> bool:
        return user == self.owner or user in self.admins

    def has_member(self, user: int) -> bool:
        return self.has_admin(user) or user in self.members

    @property
    def is_public(self) -> bool:
        """Whether anybody may read its library."""
        return self.type != "Private" and self.reading == "all"


@dataclass(slots=True)
class Library:
    """One library: its version, its objects and the keys of erased ones."""

    kind: str  # "users" or "groups"
    id: int
    name: str
    slug: str = ""
    make_key: Callable[[], str] = new_key
    now: Callable[[], str] = clock
    version: int = 0
    items: dict[str, Thing] = field(default_factory=dict)
    collections: dict[str, Thing] = field(default_factory=dict)
    deleted: dict[str, dict[str, int]] = field(default_factory=lambda: {"collections": {}, "items": {}, "tags": {}})
    tag_versions: dict[tuple[str, int], int] = field(default_factory=dict)  # in the order in which the tags were added
    serial: int = 0
    below: dict[str, list[str]] = field(default_factory=dict)  # keys of children by parent
    pointing: dict[str, dict[str, None]] = field(default_factory=dict)  # by URI, the items with a dc:relation to it
    erased_notes: set[str] = field(default_factory=set)
    group: "Group" = field(default_factory=Group)

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.id}"

    def uri(self, key: str) -> str:
        """The URI of an item in relations."""
        return f"http://zotero.org/{self.path}/items/{key}"

    def key_of(self, uri: str) -> str | None:
        """The key of the item with a URI, if this library has it."""
        key = uri.removeprefix(self.uri(""))
        return key if key in self.items else None

    def bump(self) -> int:
        self.version += 1
        return self.version

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def find(self, kind: str, key: str) -> Thing:
        """An object, which must exist."""
        thing: Thing | None = getattr(self, kind).get(key)
        if thing is None:
            raise Failure(404, "Item does not exist" if kind == "items" else "Collection not found")
        return thing

    def children(self, key: str) -> list[Thing]:
        return [self.items[k] for k in self.below.get(key, ()) if k in self.items]

    def adopt(self, item: Thing, old: str | None) -> None:
        """Move an item from its old parent to the one in its data."""
        new = item.data.get("parentItem")
        if new != old:
            if old:
                self.below[old].remove(item.key)
            if new:
                self.below.setdefault(new, []).append(item.key)

    def family(self, key: str) -> list[str]:
        """The item and all below it."""
        return [key, *(k for child in self.children(key) for k in self.family(child.key))]

    def members(self, collection: str) -> list[Thing]:
        return [
            i for i in self.items.values() if collection in i.data.get("collections", ()) and not i.data.get("deleted")
        ]

    # A relation is one row of its subject, in the subject's data. A dc:relation is shown on both sides.

    def relations(self, key: str) -> dict[str, list[str]]:
        """The relations of an item as they are shown: its own rows, and the reverse of others' dc:relation."""
        item = self.items.get(key)
        shown = {name: list(uris) for name, uris in item.data["relations"].items()} if item else {}
        reverse = [uri for uri in self.reverse(key) if uri not in shown.get("dc:relation", ())]
        return shown | ({"dc:relation": [*shown.get("dc:relation", ()), *reverse]} if reverse else {})

    def reverse(self, key: str) -> list[str]:
        """The items that have a dc:relation to an item."""
        return [self.uri(other) for other in self.pointing.get(self.uri(key), ()) if other != key]

    def own_rows(self, key: str, sent: dict[str, list[str]]) -> dict[str, list[str]]:
        """The rows of an item after a write of its relations: a relation in another item's row adds none."""
        item = self.items.get(key)
        had = item.data["relations"].get("dc:relation", ()) if item else ()
        others = self.reverse(key)
        rows = [uri for uri in sent.get("dc:relation", ()) if uri in had or uri not in others]
        rest = {name: uris for name, uris in sent.items() if name != "dc:relation"}
        return rest | ({"dc:relation": rows} if rows else {})

    def relate(self, item: Thing, before: Iterable[str], version: int) -> None:
        """Index the dc:relation of an item; the target of a new one gets the version."""
        after = item.data["relations"].get("dc:relation", ())
        for uri in set(before) - set(after):
            self.pointing.get(uri, {}).pop(item.key, None)
        for uri in after:
            self.pointing.setdefault(uri, {})[item.key] = None
            target = self.key_of(uri)
            if uri not in before and target and target != item.key:
                self.items[target].version = version

    @staticmethod
    def _unrelate(item: Thing, uri: str) -> None:
        for predicate, uris in list(item.data["relations"].items()):
            if predicate != "dc:replaces" and uri in uris:
                uris.remove(uri)
                if not uris:
                    del item.data["relations"][predicate]

    def erase_items(self, keys: Iterable[str]) -> None:
        """Erase items with their children; dc:replaces to them stay, other relations are removed."""
        version = self.bump()
        for key in [k for top in keys if top in self.items for k in self.family(top)]:
            gone = self.items.pop(key, None)
            if gone:
                parent = gone.data.pop("parentItem", None)
                self.adopt(gone, parent)
                self.deleted["items"][key] = version
                if gone.data["itemType"] == "note":
                    self.erased_notes.add(key)
                self.pointing.pop(self.uri(key), None)
                for uri in gone.data["relations"].get("dc:relation", ()):
                    self.pointing.get(uri, {}).pop(key, None)
                for other in self.items.values():
                    if other.data["relations"]:
                        self._unrelate(other, self.uri(key))

    def erase_collections(self, keys: Iterable[str]) -> None:
        """Erase collections and those below; they are removed from items, whose versions stay."""
        version = self.bump()
        doomed = [k for k in keys if k in self.collections]
        for key in doomed:
            doomed += [k for k, c in self.collections.items() if c.data["parentCollection"] == key and k not in doomed]
        for key in doomed:
            self.collections.pop(key)
            self.deleted["collections"][key] = version
            for item in self.items.values():
                if key in item.data.get("collections", ()):
                    item.data["collections"].remove(key)

    def erase_tags(self, names: Iterable[str]) -> None:
        """Remove tags from every item; the items that had one get the new version."""
        version, names = self.bump(), set(names)
        for item in self.items.values():
            kept = [t for t in item.data["tags"] if t["tag"] not in names]
            if len(kept) < len(item.data["tags"]):
                item.data["tags"], item.version = kept, version
        for name in names:
            self.deleted["tags"][name] = version

    # For tests, without a request.

    def snapshot(self) -> dict[str, dict[str, Data]]:
        """A copy of the content without versions and times of change, to compare two libraries.

        Relations are those that a GET shows.
        """

        def content(thing: Thing) -> Data:
            absent = {k for k in ("deleted", "parentItem") if not thing.data.get(k)} | {"dateModified"}
            shown = {"relations": self.relations(thing.key)} if thing.key in self.items else {}
            return deepcopy({k: v for k, v in (thing.data | shown).items() if k not in absent})

        kinds = {"items": self.items, "collections": self.collections}
        return {name: {key: content(things[key]) for key in sorted(things)} for name, things in kinds.items()}


@dataclass(frozen=True, slots=True)
class Key:
    """An API key: its user and its rights (`access` as in ``/keys/current``)."""

    user: int
    access: Data

    def allows(self, library: Library, write: bool) -> bool:
        if library.kind == "users":
            rights = self.access.get("user", {}) if library.id == self.user else {}
            return bool(rights.get("library")) and (not write or bool(rights.get("write")))
        group = library.group
        if not write and group.is_public:
            return True
        groups = self.access.get("groups", {})
        rights = groups.get(str(library.id), groups.get("all", {}))
        if not rights.get("library") or not group.has_member(self.user):
            return False
        return not write or (bool(rights.get("write")) and (group.editing == "members" or group.has_admin(self.user)))


@dataclass(slots=True)
class World:
    """The whole state of the server."""

    users: dict[int, str] = field(default_factory=dict)
    libraries: dict[str, Library] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    tokens: set[tuple[str, str]] = field(default_factory=set)  # write tokens, with the API key they came with
    bad_keys: int = 0
    uploads: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)  # MD5 of what has been uploaded


def rights(user: int, *, write: bool = True, notes: bool = True, groups: Data | None = None) -> Key:
    """A key of a user: by default with all rights, for the user's library and all groups.

    ``groups`` are rights by group id, e.g. ``{"100": {"library": True}}`` for one group to read; ``{}`` for none.
    """
    own = {"library": True, "files": True} | ({"notes": True} if notes else {}) | ({"write": True} if write else {})
    if groups is None:
        groups = {"all": {"library": True} | ({"write": True} if write else {})}
    return Key(user, {"user": own} | ({"groups": groups} if groups else {}))
