"""The server's item types. The names come from the schema that refsync ships.

The recordings hold that copy to the real server: they have the empty template of every item type.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_SHIPPED: dict[str, Any] = json.loads(files("refsync.zotero.items").joinpath("schema.json").read_text(encoding="utf-8"))
VERSION: int = _SHIPPED["version"]
ETAG = f'"schema-{VERSION}"'

ATTACHMENT_FIELDS = tuple("linkMode title accessDate url note contentType charset filename md5 mtime".split())
ANNOTATION_FIELDS = tuple(
    f"annotation{name}" for name in "Type AuthorName Text Comment Color PageLabel SortIndex Position".split()
)
LINK_MODES = ("imported_file", "imported_url", "linked_file", "linked_url", "embedded_image")
ANNOTATABLE = ("application/pdf", "application/epub+zip", "text/html")

# Fields added after version 29; clients that announce an older schema don't get them while they are empty.
_RECENT = "originalDate originalPublisher originalPlace format DOI citationKey ISSN PMID PMCID eventPlace".split()
_OLDER = {
    "DOI": "journalArticle conferencePaper dataset preprint standard",
    "citationKey": "dataset preprint standard",
    "ISSN": "journalArticle magazineArticle newspaperArticle",
    "format": "dataset",
}


@dataclass(frozen=True, slots=True)
class ItemType:
    """One regular item type: its fields in order, each with its base field (or itself), and its creator types."""

    name: str
    fields: dict[str, str]
    creators: list[str]  # the first is the primary one


SPECIAL = ("annotation", "attachment", "note")
TYPES = {
    kind["itemType"]: ItemType(
        kind["itemType"],
        {field["field"]: field.get("baseField", field["field"]) for field in kind["fields"]},
        [creator["creatorType"] for creator in kind["creatorTypes"]],
    )
    for kind in _SHIPPED["itemTypes"]
    if kind["itemType"] not in SPECIAL
}
FIELDS = tuple(dict.fromkeys(field for kind in TYPES.values() for pair in kind.fields.items() for field in pair))
CREATORS = frozenset(creator for kind in TYPES.values() for creator in kind.creators)


def known(item_type: str) -> bool:
    """Whether the schema has this item type."""
    return item_type in TYPES or item_type in SPECIAL


def fields_of(item_type: str) -> tuple[str, ...]:
    """The data fields of a type, in the server's order."""
    if item_type == "attachment":
        return ATTACHMENT_FIELDS
    if item_type == "annotation":
        return ANNOTATION_FIELDS
    return ("note",) if item_type == "note" else tuple(TYPES[item_type].fields)


def is_recent(item_type: str, field: str) -> bool:
    """Whether the field was added to the type after schema version 29."""
    return field in _RECENT and item_type not in _OLDER.get(field, "").split()


def label(name: str) -> str:
    """A readable name derived from the technical one; the real server returns translated texts."""
    words = "".join(
        f" {c.lower()}" if c.isupper() and i and not name[i - 1].isupper() else c for i, c in enumerate(name)
    )
    return words[:1].upper() + words[1:]


def convert(data: dict[str, Any], source: str, target: str) -> dict[str, str]:
    """Field values for a new item type: they move by base field, and are dropped if the type has no such field."""
    values = {TYPES[source].fields[f]: data[f] for f in TYPES[source].fields if data.get(f)}
    return {f: values[base] for f, base in TYPES[target].fields.items() if base in values}


def convert_creator(creator: dict[str, str], source: str, target: str) -> dict[str, str]:
    """A creator for a new item type: primary stays primary, and roles that the type lacks become contributor."""
    kind, allowed = creator["creatorType"], TYPES[target].creators
    if kind == TYPES[source].creators[0]:
        kind = allowed[0]
    elif kind not in allowed:
        kind = "contributor" if "contributor" in allowed else allowed[0]
    return creator | {"creatorType": kind}


def template(item_type: str, link_mode: str | None) -> dict[str, Any]:
    """The reply of ``/items/new``: every field, empty."""
    out: dict[str, Any] = {"itemType": item_type}
    if item_type == "attachment":
        out |= {"linkMode": link_mode, "title": "", "accessDate": ""}
        out |= {"url": ""} if link_mode in ("imported_url", "linked_url") else {}
        out |= {"note": "", "tags": [], "collections": [], "relations": {}, "contentType": "", "charset": ""}
        if link_mode in ("imported_file", "imported_url"):
            out |= {"filename": "", "md5": None, "mtime": None}
        elif link_mode == "linked_file":
            out |= {"path": ""}
        return out
    for i, field in enumerate(fields_of(item_type)):
        out[field] = ""
        if i == 0 and item_type in TYPES:
            out["creators"] = [{"creatorType": TYPES[item_type].creators[0], "firstName": "", "lastName": ""}]
    return out | {"tags": [], "collections": [], "relations": {}}


def document() -> dict[str, Any]:
    """The reply of ``/schema``."""
    return _SHIPPED | {"meta": {"fields": {"date": {"type": "date"}, "filingDate": {"type": "date"}}}}
