"""Writes: one object after another, each with its own library version, alone or in a request of fifty."""

from collections.abc import Callable
from html import escape
from typing import Any

from . import validate, values
from .state import Data, Failure, Library, Thing, new_key

MAX_OBJECTS = 50
_QUIET = {"collections", "relations", "inPublications"}  # a change of these alone does not change dateModified
NAMES = {"items": "Item", "collections": "Collection"}


def write(library: Library, kind: str, key: str | None, patch: Data) -> tuple[Thing, bool]:
    """Create or change one object. Returns it and whether it changed; the library version increases in any case.

    Raises:
        Failure: The data isn't valid; nothing has changed.
    """
    things = getattr(library, kind)
    current: Thing | None = things.get(key)
    if kind == "items":
        data = validate.item(library, current, patch, key or new_key())
    else:
        data = validate.collection(library, current, patch, key)
    shown: Data = dict(current.data) if current else {}
    if current and kind == "items":
        shown["relations"] = library.relations(current.key)
        data = data if "relations" in patch else data | {"relations": shown["relations"]}
    changed = set(data) if current is None else {k for k in data if not _same(k, data[k], shown.get(k))}
    if patch.get("tags"):
        changed.add("tags")  # never compared by the real server
    version = library.bump()
    if current is not None and not changed:
        return current, False
    if kind == "items":
        data["relations"] = library.own_rows(key or "", data["relations"])
        _set_times(library, current, data, patch, changed)
    elif current:
        _break_cycle(library, current.key, data["parentCollection"], version)
    before = current.data["relations"].get("dc:relation", []) if current else []
    parent = current.data.get("parentItem") if current else None
    if current is None:
        key = key or library.make_key()
        current = things[key] = Thing(key, version, data, library.next_serial())
        library.deleted[kind].pop(key, None)
    current.data, current.version = data, version
    if kind == "items":
        library.relate(current, before, version)
        library.adopt(current, parent)
        if "tags" in changed:
            library.tag_versions |= {(t["tag"], t.get("type", 0)): version for t in data["tags"]}
            for tag in data["tags"]:
                library.deleted["tags"].pop(tag["tag"], None)
    return current, True


def _break_cycle(library: Library, key: str, parent: str | bool, version: int) -> None:
    """Put the collection that a parent is in to the top level, if it is below the collection that moves into it."""
    above = parent
    while isinstance(above, str) and above in library.collections:
        thing = library.collections[above]
        if thing.data["parentCollection"] == key:
            thing.data = thing.data | {"parentCollection": False}
            thing.version = version
            return
        above = thing.data["parentCollection"]


def _same(name: str, new: Any, old: Any) -> bool:
    if name == "relations":
        return {p: set(u) for p, u in new.items()} == {p: set(u) for p, u in (old or {}).items()}
    return bool(new == old) or (not new and not old)


def _set_times(library: Library, current: Thing | None, data: Data, patch: Data, changed: set[str]) -> None:
    now = library.now()
    if current is None:
        data.setdefault("dateAdded", now)
        data.setdefault("dateModified", now)
    elif "dateModified" not in changed and changed - _QUIET:
        data["dateModified"] = now


def post(
    library: Library, kind: str, body: Any, header: int | None, show: Callable[[Thing], Data]
) -> tuple[Data, bool]:
    """A multi-object write; `show` renders each object right after it is written.

    Returns:
        The report, and whether the last object failed.

    Raises:
        Failure: The request is refused as a whole.
    """
    if not isinstance(body, list):
        raise Failure(400, "Uploaded data must be a JSON array")
    if len(body) > MAX_OBJECTS:
        raise Failure(413, f"Cannot add more than {MAX_OBJECTS} {kind} at a time")
    check_library(library, header)
    report: Data = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
    for i, value in enumerate(body):
        index = str(i)
        try:
            thing, changed = _post_one(library, kind, value, header, i)
        except Failure as why:
            message = escape(why.message, quote=False)
            report["failed"][index] = {"code": why.code, "message": message} | ({"data": why.data} if why.data else {})
            continue
        if changed:
            report["successful"][index] = show(thing)
            report["success"][index] = thing.key
        else:
            report["unchanged"][index] = thing.key
    return report, bool(body) and str(len(body) - 1) in report["failed"]


def _post_one(library: Library, kind: str, value: Any, header: int | None, index: int) -> tuple[Thing, bool]:
    if not isinstance(value, dict):
        raise Failure(400, f"Invalid value for index {index} in uploaded data; expected JSON {kind[:-1]} object")
    patch = value["data"] if isinstance(value.get("data"), dict) else value
    return write(library, kind, _admit(library, kind, patch, header), patch)


def check_library(library: Library, header: int | None) -> None:
    """Refuse a request for an older version of the library; the refusal has no header with the present version."""
    if header is not None and library.version > header:
        raise Failure(
            412, f"Library has been modified since specified version (expected {header}, found {library.version})"
        )


def _admit(library: Library, kind: str, patch: Data, header: int | None) -> str | None:
    """The key of an object of a multi-object write, after a check of its version."""
    if "key" not in patch:
        return None
    key = values.check_key(patch["key"], kind[:-1])
    version, current = patch.get("version"), getattr(library, kind).get(key)
    if version is None:
        if header is None:
            raise Failure(
                428, "Either If-Unmodified-Since-Version or 'version' property must be provided for 'key'-based writes"
            )
        return key
    version = _number(version, "'version'")
    if current is None and version:
        raise Failure(404, f"{NAMES[kind]} doesn't exist (expected version {version}; use 0 instead)")
    if current:
        check_version(kind, current, version)
    return key


def check_version(kind: str, thing: Thing, version: int) -> None:
    if thing.version > version:
        message = f"{NAMES[kind]} has been modified since specified version (expected {version}, found {thing.version})"
        raise Failure(412, message, version=thing.version)


def _number(value: Any, name: str) -> int:
    if isinstance(value, int) or (isinstance(value, str) and value.isdigit()):
        return int(value)
    raise Failure(400, f"Invalid {name} value '{value}'")


def single(library: Library, kind: str, key: str, body: Any, header: int | None, *, whole: bool) -> Thing:
    """PUT (`whole`) or PATCH of one object.

    Raises:
        Failure: The write is refused.
    """
    if not isinstance(body, dict):
        raise Failure(400, "Uploaded data must be a JSON object")
    patch = body["data"] if isinstance(body.get("data"), dict) else body
    version = patch.get("version")
    if version is not None:
        version = _number(version, "'version'")
        if header is not None and header != version:
            raise Failure(
                400, f"If-Unmodified-Since-Version value does not match JSON 'version' property ({header} != {version})"
            )
    version = header if version is None else version
    current, name = getattr(library, kind).get(key), NAMES[kind]
    if current is None:
        if version is None and not whole:
            hint = "to create, use If-Unmodified-Since-Version: 0, JSON 'version' 0, or PUT method"
            raise Failure(404, f"{name} not found ({hint})")
        if version:
            raise Failure(412, f"{name} not found (expected version {version})")
    elif version is None:
        need = "Either If-Unmodified-Since-Version or object version property must be provided for key-based writes"
        raise Failure(428, need)
    else:
        check_version(kind, current, version)
    if whole:
        patch = _whole(kind, patch, current)
    return write(library, kind, key, patch)[0]


def _whole(kind: str, patch: Data, current: Thing | None) -> Data:
    """The properties that a PUT sets: it clears some, but missing data fields stay as they are."""
    if kind == "collections":
        return {"parentCollection": False, "deleted": False} | patch
    child = bool(patch.get("parentItem"))
    for name in ("itemType", "tags", "relations", *(() if child else ("collections",))):
        if name not in patch:
            raise Failure(400, f"'{name}' property not provided")
    was_child = current is not None and bool(current.data.get("parentItem"))
    return {"deleted": False} | ({"parentItem": False} if was_child else {}) | patch
