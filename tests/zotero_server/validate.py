"""Which item and collection data the server accepts, and how it cleans them. Messages are those of the real server."""

import re
from html import escape
from typing import Any

from . import schema
from .state import ALPHABET, Data, Failure, Library, Thing

KEY = re.compile(f"[{ALPHABET}]{{8}}")
ITEM_URI = re.compile(r"http://zotero\.org/(users|groups)/\d+/items/[A-Z0-9]{8}")
PREDICATE = re.compile(r"dc:relation|dc:replaces|owl:sameAs|mendeleyDB:.+")
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)Z?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

MAX_FIELD, MAX_NAME, MAX_NOTE = 65_535, 255, 500_000
_META = frozenset(
    "key version itemType tags collections relations dateAdded dateModified deleted parentItem".split()
) | {
    "creators",
    "inPublications",
    "createdByUser",
}


def check_key(key: Any, kind: str = "item") -> str:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Failure(400, f"'{key}' is not a valid {kind} key")
    return key


def text(value: Any, name: str = "") -> str:
    """A value as the server stores it: trimmed, without control characters."""
    if isinstance(value, list | dict):
        raise Failure(400, f"Unexpected {'array' if isinstance(value, list) else 'object'} for property '{name}'")
    return CONTROL.sub("", "" if value is None else str(value)).strip()


def _short(value: str, length: int = 50) -> str:
    return value[:length] + "…" if len(value) > length else value


def field_value(item: str, name: str, value: Any) -> str:
    """One data field of an item; `item` is named in the refusal."""
    if name == "accessDate":
        return _date(name, value, day=True)
    stored = text(value, name)
    if len(stored.encode()) > MAX_FIELD:
        label, cut = schema.label(name), _short(stored)
        raise Failure(
            413,
            f"{label} field value '{escape(cut, quote=False)}' too long for item '{item}'",
            {"field": label, "value": cut},
        )
    return stored


def _date(name: str, value: Any, *, day: bool = False) -> str:
    given = text(value, name)
    match = TIMESTAMP.fullmatch(given)
    if match:
        return f"{match[1]}T{match[2]}Z"
    if day and (not given or given == "CURRENT_TIMESTAMP" or DAY.fullmatch(given)):
        return given
    form = "'YYYY-MM-DD[ hh:mm:ss]' format or 'CURRENT_TIMESTAMP'" if day else "'YYYY-MM-DD hh:mm:ss' format"
    raise Failure(400, f"'{name}' must be in ISO 8601 or UTC {form} ({given})")


def creator(value: Any, item_type: str) -> Data:
    if not isinstance(value, dict):
        raise Failure(400, "Creator must be an object")
    for name in value:
        if name not in ("creatorType", "firstName", "lastName", "name"):
            raise Failure(400, f"Invalid creator property '{name}'")
    if "creatorType" not in value:
        raise Failure(400, "creator object must contain 'creatorType'")
    names = {k: text(v, k) for k, v in value.items() if k != "creatorType"}
    if not any(names.values()):
        raise Failure(400, "creator object must contain 'firstName'/'lastName' or 'name'")
    for one, other in (("lastName", "firstName"), ("firstName", "lastName")):
        if one in names and other not in names:
            raise Failure(400, f"'{other}' creator field must be set if '{one}' is set")
    if "name" in names and len(names) > 1:
        raise Failure(400, "'firstName' and 'name' creator fields are mutually exclusive")
    kind = value["creatorType"]
    if kind not in schema.CREATORS:
        raise Failure(400, f"'{kind}' is not a valid creator type")
    if kind not in schema.TYPES[item_type].creators and kind != "author":
        raise Failure(400, f"'{kind}' is not a valid creator type for item type '{item_type}'")
    for name in names.values():
        if len(name) > MAX_NAME:
            cut = _short(name)
            raise Failure(
                413,
                f"The creator name ‘{cut}…’ is too long to sync. Shorten the name and sync again.\n\nIf you receive "
                "this message repeatedly for items saved from a particular site, you can report this issue in the "
                "Zotero Forums.",
                {"field": "creator", "value": cut},
            )
    allowed = schema.TYPES[item_type].creators
    return {"creatorType": kind if kind in allowed else allowed[0]} | names


def tags(values: Any) -> list[Data]:
    """An item's tags: trimmed, the empty ones dropped, sorted."""
    if not isinstance(values, list):
        raise Failure(400, "'tags' property must be an array")
    found: dict[tuple[str, int], Data] = {}
    for value in values:
        if not isinstance(value, dict):
            raise Failure(400, "Tag must be an object")
        for name in value:
            if name not in ("tag", "type"):
                raise Failure(400, f"Invalid tag property '{name}'")
        if "tag" not in value:
            raise Failure(400, "Tag must contain 'tag' property")
        kind = value.get("type", 0)
        if not str(kind).isdigit():
            raise Failure(400, f"Invalid tag type '{kind}'")
        name = text(value["tag"], "tag")
        if len(name) > MAX_NAME:
            raise Failure(413, f"Tag '{escape(_short(name), quote=False)}' too long", {"tag": name})
        if name:
            found[name, int(kind)] = {"tag": name} | ({"type": int(kind)} if int(kind) else {})
    return [found[k] for k in sorted(found, key=lambda k: (k[0].casefold(), k))]


def relations(value: Any) -> dict[str, list[str]]:
    if value in ([], {}):
        return {}
    if not isinstance(value, dict):
        raise Failure(400, "'relations' property must be an object")
    out = {}
    for predicate, given in value.items():
        if not PREDICATE.fullmatch(predicate):
            raise Failure(400, f"Unsupported predicate '{predicate}'")
        uris = given if isinstance(given, list) else [given]
        for uri in uris:
            if not predicate.startswith("mendeleyDB:") and not (isinstance(uri, str) and ITEM_URI.fullmatch(uri)):
                raise Failure(400, "'relations' values currently must be Zotero item URIs")
        if uris:
            out[predicate] = list(dict.fromkeys(uris))
    return out


def collections(library: Library, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Failure(400, "'collections' property must be an array")
    for key in value:
        check_key(key, "collection")
        if key not in library.collections:
            raise Failure(409, f"Collection {key} not found", {"collection": key})
    return sorted(set(value))


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
    elif parent.data["itemType"] in schema.SPECIAL and data.get("linkMode") != "embedded_image":
        raise Failure(400, f"Parent item {library.id}/{value} cannot be a note or attachment")
    return str(value)


def _note(value: Any) -> str:
    note = "" if value is None else str(value)
    if len(note) > MAX_NOTE:
        plain = re.sub("<[^>]*>", "", note)
        raise Failure(413, f"Note '{escape(plain[:79], quote=False)}...' too long")
    return note.strip()


def _blank(item_type: str) -> Data:
    data: Data = {"itemType": item_type}
    if item_type in schema.TYPES:
        data |= dict.fromkeys(schema.fields_of(item_type), "") | {"creators": []}
    elif item_type == "note":
        data["note"] = ""
    return data | {"tags": [], "collections": [], "relations": {}}


def _attachment(data: Data, patch: Data) -> None:
    mode = patch.get("linkMode", data.get("linkMode"))
    if mode is None:
        raise Failure(400, "'linkMode' property not provided")
    if mode not in schema.LINK_MODES:
        raise Failure(400, f"'{mode}' is not a valid linkMode")
    stored = mode in ("imported_file", "imported_url", "embedded_image")
    blank = {"linkMode": mode} | dict.fromkeys(("title", "accessDate", "url", "note", "contentType", "charset"), "")
    blank |= {"filename": "", "md5": None, "mtime": None} if stored else {}
    blank |= {"path": ""} if mode == "linked_file" else {}
    for name, value in blank.items():
        data.setdefault(name, value)


def item(library: Library, current: Thing | None, patch: Data, key: str) -> Data:
    """The data an item has after a write. Only what `patch` names changes.

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
        _attachment(data, patch)
    for name, value in patch.items():
        if name in _META:
            continue
        if name not in data and name not in schema.fields_of(kind):
            known = name in schema.FIELDS or name in schema.ATTACHMENT_FIELDS
            raise Failure(
                400, f"'{name}' is not a valid field for type '{kind}'" if known else f"Invalid property '{name}'"
            )
        if name == "note":
            data[name] = _note(value)
        elif name in ("md5", "mtime") or name.startswith("annotation"):
            data[name] = value
        else:
            data[name] = field_value(f"{library.id}/{key}", name, value)
    if data.get("accessDate") == "CURRENT_TIMESTAMP":
        data["accessDate"] = library.now()
    if "creators" in patch:
        if kind in schema.SPECIAL:
            raise Failure(400, f"'creators' is not a valid field for type '{kind}'")
        data["creators"] = [creator(value, kind) for value in patch["creators"]]
    if "tags" in patch:
        data["tags"] = tags(patch["tags"])
    if "relations" in patch:
        data["relations"] = relations(patch["relations"])
    if "deleted" in patch:
        data["deleted"] = _deleted(patch["deleted"])
    for name in ("dateAdded", "dateModified"):
        if name in patch:
            data[name] = _date(name, patch[name])
    if "parentItem" in patch:
        data["parentItem"] = _parent(library, key, patch["parentItem"], data)
    if patch.get("collections"):
        data["collections"] = collections(library, patch["collections"])
        if data.get("parentItem"):
            if patch.get("parentItem"):
                raise Failure(400, "Child items cannot be assigned to collections")
            data["parentItem"] = None  # an old surprise: the item silently becomes a top-level one
    elif "collections" in patch:
        data["collections"] = []
    return data


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
    return _blank(kind) | schema.convert(data, old, kind) | kept


def collection(library: Library, current: Thing | None, patch: Data, key: str | None) -> Data:
    """The data a collection has after a write.

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
        name = text(patch["name"], "name")
        if not name:
            raise Failure(400, "Collection name cannot be empty")
        if len(name) > MAX_NAME:
            raise Failure(413, f"Collection name '{escape(_short(name), quote=False)}' too long", {"value": name})
        data["name"] = name
    if "parentCollection" in patch:
        parent = patch["parentCollection"] or False
        if parent and (parent not in library.collections or parent == key):
            raise Failure(409, f"Parent collection {parent} not found", {"collection": parent})
        data["parentCollection"] = parent
    if "relations" in patch:
        data["relations"] = relations(patch["relations"])
    if "deleted" in patch:
        data["deleted"] = _deleted(patch["deleted"])
    return data
