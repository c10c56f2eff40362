"""Validation of item and collection data, with the messages of the real server."""

from typing import Any

from . import schema, values
from .state import Data, Failure, Library, Thing

_META = frozenset(
    "key version itemType creators tags collections relations dateAdded dateModified deleted parentItem inPublications "
    "createdByUser".split()
)


def _deleted(value: Any) -> bool:
    if value not in (True, False):  # 0 and 1 are equal to these
        raise Failure(400, "'deleted' must be a boolean")
    return bool(value)


def _parent(library: Library, key: str, value: Any, data: Data) -> str | None:
    if value in (False, None, ""):
        return None
    kind = data["itemType"]
    if kind not in schema.SPECIAL:
        raise Failure(400, f"Invalid property 'parentItem' for item type '{kind}'")
    parent = library.items.get(value)
    if value == key:
        raise Failure(500, "An error occurred")
    if parent is None:
        raise Failure(409, f"Parent item {value} not found", {"parentItem": value})
    if kind == "annotation":
        if parent.data.get("contentType") not in schema.ANNOTATABLE:
            raise Failure(400, f"Parent item of {data.get('annotationType')} annotation must be a PDF attachment")
    elif kind == "note" and parent.data["itemType"] == "note":
        raise Failure(409, f"Parent item {library.id}/{value} cannot be a note or attachment", {"parentItem": value})
    elif parent.data["itemType"] in schema.SPECIAL and data.get("linkMode") != "embedded_image":
        raise Failure(400, f"Parent item {library.id}/{value} cannot be a note or attachment")
    return str(value)


def _blank(item_type: str) -> Data:
    data: Data = {"itemType": item_type}
    if item_type in schema.TYPES:
        data |= dict.fromkeys(schema.fields_of(item_type), "") | {"creators": []}
    elif item_type == "note":
        data["note"] = ""
    return data | {"tags": [], "collections": [], "relations": {}}


def _attachment(library: Library, data: Data, patch: Data) -> None:
    mode = patch.get("linkMode", data.get("linkMode"))
    if mode is None:
        raise Failure(400, "'linkMode' property not provided")
    if mode not in schema.LINK_MODES:
        raise Failure(400, f"'{mode}' is not a valid linkMode")
    if mode == "linked_file" and library.kind == "groups":
        raise Failure(400, "Linked files can only be added to user library")
    stored = mode in ("imported_file", "imported_url", "embedded_image")
    blank = {"linkMode": mode} | dict.fromkeys(("title", "accessDate", "url", "note", "contentType", "charset"), "")
    blank |= {"filename": "", "md5": None, "mtime": None} if stored else {}
    blank |= {"path": ""} if mode == "linked_file" else {}
    for name, value in blank.items():
        data.setdefault(name, value)


def item(library: Library, current: Thing | None, patch: Data, key: str) -> Data:
    """The data of an item after a write. Only the properties in `patch` change.

    Raises:
        Failure: The server refuses the write; nothing has changed.
    """
    kind = patch.get("itemType", current and current.data["itemType"])
    if not kind:
        raise Failure(400, "'itemType' property not provided")
    if not isinstance(kind, str) or not schema.known(kind):
        raise Failure(400, f"'{kind}' is not a valid itemType")
    data = _start(current, kind)
    if kind == "attachment":
        _attachment(library, data, patch)
    for name, value in patch.items():
        if name in _META:
            continue
        if name not in data and name not in schema.fields_of(kind):
            known = name in schema.FIELDS or name in schema.ATTACHMENT_FIELDS
            raise Failure(
                400, f"'{name}' is not a valid field for type '{kind}'" if known else f"Invalid property '{name}'"
            )
        if name == "note":
            data[name] = values.note(value)
        elif name in ("filename", "md5", "mtime") and name not in data:
            raise Failure(400, f"'{name}' is valid only for imported and embedded-image attachments")
        elif name.startswith("annotation"):
            data[name] = values.annotation(name, value)
        elif name in ("md5", "mtime"):
            data[name] = value
        else:
            data[name] = values.field_value(f"{library.id}/{key}", name, value)
    if data.get("accessDate") == "CURRENT_TIMESTAMP":
        data["accessDate"] = library.now()
    if "creators" in patch:
        if kind in schema.SPECIAL:
            raise Failure(400, f"'creators' is not a valid field for type '{kind}'")
        data["creators"] = values.creators(patch["creators"], kind)
    if "tags" in patch:
        data["tags"] = values.tags(patch["tags"])
    if "relations" in patch:
        data["relations"] = values.relations(patch["relations"])
    if "deleted" in patch:
        data["deleted"] = _deleted(patch["deleted"])
    for name in ("dateAdded", "dateModified"):
        if name in patch:
            data[name] = values.date(name, patch[name])
    if "parentItem" in patch:
        data["parentItem"] = _parent(library, key, patch["parentItem"], data)
    if patch.get("collections"):
        data["collections"] = values.collections(library, patch["collections"], data.get("collections") or [])
        if data.get("parentItem"):
            if patch.get("parentItem"):
                raise Failure(400, "Child items cannot be assigned to collections")
            data["parentItem"] = None  # as in the real server, the item silently becomes a top-level one
    elif "collections" in patch:
        data["collections"] = []
    if kind == "annotation" and not data.get("parentItem"):
        raise Failure(400, "Annotation must have a parent item")
    if "inPublications" in patch:
        data["inPublications"] = _in_publications(library, patch["inPublications"], data)
    return data


def _in_publications(library: Library, value: Any, data: Data) -> bool:
    if not value:
        return False
    if library.kind == "groups":
        raise Failure(400, "Group items cannot be added to My Publications")
    if data["itemType"] in schema.SPECIAL:
        parent = library.items.get(data.get("parentItem") or "")
        if parent is None:
            raise Failure(400, "Top-level notes and attachments cannot be added to My Publications")
        if not parent.data.get("inPublications"):
            raise Failure(400, f"Parent item {library.id}/{parent.key} is not in My Publications")
    return True


def _start(current: Thing | None, kind: str) -> Data:
    if current is None:
        return _blank(kind)
    data = current.data | {"relations": {p: list(u) for p, u in current.data["relations"].items()}}
    old = data["itemType"]
    if kind == old:
        return data
    if old in schema.SPECIAL or kind in schema.SPECIAL:
        raise Failure(400, f"Cannot change item type from '{old}' to '{kind}'")
    kept = {name: data[name] for name in _META if name in data} | {"itemType": kind}
    kept["creators"] = [schema.convert_creator(c, old, kind) for c in data["creators"]]
    return _blank(kind) | schema.convert(data, old, kind) | kept


def collection(library: Library, current: Thing | None, patch: Data, key: str | None) -> Data:
    """The data of a collection after a write.

    Raises:
        Failure: The server refuses the write.
    """
    data = dict(current.data) if current else {"name": "", "parentCollection": False, "relations": {}}
    for name in patch:
        if name not in ("key", "version", "name", "parentCollection", "relations", "deleted"):
            raise Failure(400, f"Invalid property '{name}'")
    if current is None and "name" not in patch:
        raise Failure(400, "'name' property not provided")
    if "name" in patch:
        name = values.text(patch["name"], "name")
        if not name:
            raise Failure(400, "Collection name cannot be empty")
        if len(name) > values.MAX_NAME:
            raise Failure(413, f"Collection name '{values.short(name)}' too long", {"value": name})
        data["name"] = name
    if "parentCollection" in patch:
        parent = patch["parentCollection"] or False
        if parent and (parent not in library.collections or parent == key):
            raise Failure(409, f"Parent collection {parent} not found", {"collection": parent})
        data["parentCollection"] = parent
    if "relations" in patch:
        data["relations"] = values.relations(patch["relations"])
    if "deleted" in patch:
        data["deleted"] = _deleted(patch["deleted"])
    return data
