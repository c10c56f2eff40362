"""Validation and cleaning of single values, with the messages of the real server."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from . import schema
from .state import ALPHABET, Data, Failure, Library

KEY = re.compile(f"[{ALPHABET}]{{8}}")
ITEM_URI = re.compile(r"http://zotero\.org/(users|groups)/\d+/items/[A-Z0-9]{8}")
PREDICATE = re.compile(r"dc:relation|dc:replaces|owl:sameAs|mendeleyDB:.+")
TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:Z|([+-]\d\d):?(\d\d))?")
MULTIPART = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01]) (?!\d\d:\d\d)(.+)")
COLOUR = re.compile(r"#[0-9a-f]{6}")
SORT_INDEX = re.compile(r"\d{5}\|\d{6,7}\|\d{5}|\d{5}\|\d{8}|\d{7,8}")
MARKS = frozenset("highlight underline note text image ink".split())
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

DATES = frozenset(name for kind in schema.TYPES.values() for name, base in kind.fields.items() if base == "date") | {
    "filingDate"
}
MAX_FIELD, MAX_NAME, MAX_NOTE = 65_535, 255, 500_000


def check_key(key: Any, kind: str = "item") -> str:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Failure(400, f"'{key}' is not a valid {kind} key")
    return key


def text(value: Any, name: str = "") -> str:
    """A value as the server stores it: trimmed, without control characters."""
    if isinstance(value, list | dict):
        raise Failure(400, f"Unexpected {'array' if isinstance(value, list) else 'object'} for property '{name}'")
    return CONTROL.sub("", "" if value is None else str(value).replace("\r\n", "\n")).strip()


def short(value: str, length: int = 50) -> str:
    return value[:length] + "…" if len(value) > length else value


def field_value(item: str, name: str, value: Any) -> str:
    """One data field of an item; `item` is named in the refusal."""
    if name == "accessDate":
        return date(name, value, day=True)
    stored = text(value, name)
    if name in DATES and (parts := MULTIPART.fullmatch(stored)):
        stored = parts[1]  # the form of Zotero's own database: what it knows, and what the user typed
    if len(stored.encode()) > MAX_FIELD:
        label, cut = schema.label(name), short(stored)
        raise Failure(
            413,
            f"{label} field value '{cut}' too long for item '{item}'",
            {"field": label, "value": cut},
        )
    return stored


def date(name: str, value: Any, *, day: bool = False) -> str:
    given = text(value, name)
    match = TIMESTAMP.fullmatch(given)
    if match:
        sign, hours = (match[3] or "+00")[0], int((match[3] or "+00")[1:])
        ahead = timedelta(hours=hours, minutes=int(match[4] or 0)) * (-1 if sign == "-" else 1)
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}") - ahead
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if day and (not given or given == "CURRENT_TIMESTAMP" or DAY.fullmatch(given)):
        return given
    form = "'YYYY-MM-DD[ hh:mm:ss]' format or 'CURRENT_TIMESTAMP'" if day else "'YYYY-MM-DD hh:mm:ss' format"
    raise Failure(400, f"'{name}' must be in ISO 8601 or UTC {form} ({given})")


def creators(given: Any, item_type: str) -> list[Data]:
    """An item's creators; a single one without a name, as templates have it, is left out, and several are refused."""
    found = [creator(value, item_type, alone=len(given) == 1) for value in given]
    return [one for one in found if any(one.get(name) for name in ("name", "firstName", "lastName"))]


def creator(value: Any, item_type: str, *, alone: bool) -> Data:
    if not isinstance(value, dict):
        raise Failure(400, "Creator must be an object")
    for name in value:
        if name not in ("creatorType", "firstName", "lastName", "name"):
            raise Failure(400, f"Invalid creator property '{name}'")
    if "creatorType" not in value:
        raise Failure(400, "creator object must contain 'creatorType'")
    names = {k: text(v, k) for k, v in value.items() if k != "creatorType"}
    if not names or not (alone or any(names.values())):
        raise Failure(400, "creator object must contain 'firstName'/'lastName' or 'name'")
    for one, other in (("lastName", "firstName"), ("firstName", "lastName")):
        if one in names and other not in names:
            raise Failure(400, f"'{other}' creator field must be set if '{one}' is set")
    if "name" in names and len(names) > 1:
        raise Failure(400, "'firstName' and 'name' creator fields are mutually exclusive")
    names = {k: v.replace("\ufeff", "").strip() for k, v in names.items()}
    kind = value["creatorType"]
    if kind not in schema.CREATORS:
        raise Failure(400, f"'{kind}' is not a valid creator type")
    if kind not in schema.TYPES[item_type].creators and kind != "author":
        raise Failure(400, f"'{kind}' is not a valid creator type for item type '{item_type}'")
    for name in names.values():
        if len(name) > MAX_NAME:
            cut = short(name)
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
    """An item's tags: trimmed, without empty ones, sorted."""
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
            raise Failure(413, f"Tag '{short(name)}' too long", {"tag": name})
        if name:
            found[name, int(kind)] = {"tag": name} | ({"type": int(kind)} if int(kind) else {})
    return [found[k] for k in sorted(found)]


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


def collections(library: Library, value: Any, had: list[str]) -> list[str]:
    """An item's collections, in the order in which it was added to them."""
    if not isinstance(value, list):
        raise Failure(400, "'collections' property must be an array")
    for key in value:
        check_key(key, "collection")
        if key not in library.collections:
            raise Failure(409, f"Collection {key} not found", {"collection": key})
    return [*(key for key in had if key in value), *(key for key in dict.fromkeys(value) if key not in had)]


def annotation(name: str, value: Any) -> Any:
    """A property of an annotation.

    Raises:
        Failure: It is invalid.
    """
    if name == "annotationType" and value not in MARKS:
        raise Failure(
            400, f"annotationType must be 'highlight', 'note', 'image', 'ink', 'underline' or 'text' ({value})"
        )
    if name == "annotationColor" and value and not COLOUR.fullmatch(str(value)):
        raise Failure(400, "annotationColor must be a hex color (e.g., '#FF0000')")
    if name == "annotationSortIndex" and value and not SORT_INDEX.fullmatch(str(value)):
        raise Failure(400, f"Invalid sortIndex '{value}'")
    if name == "annotationPosition":
        try:
            is_object = isinstance(json.loads(value), dict)
        except (TypeError, ValueError):
            is_object = False
        if not is_object:
            raise Failure(400, "annotationPosition must be a JSON object")
    return value


def note(value: Any) -> str:
    note = "" if value is None else str(value).replace("\r\n", "\n")
    if len(note) > MAX_NOTE:
        plain = re.sub("<[^>]*>", "", note)
        raise Failure(413, f"Note '{plain[:79]}...' too long")
    return note.strip()
