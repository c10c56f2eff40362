"""The JSON of the server's replies."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from . import schema
from .state import Data, Library, Thing

SITE = "https://www.zotero.org"
JSON = "application/json"


def _link(href: str, kind: str = JSON, **more: Any) -> Data:
    return {"href": href, "type": kind} | more


def library_json(library: Library) -> Data:
    kind = library.kind[:-1]
    return {
        "type": kind,
        "id": library.id,
        "name": library.name,
        "links": {"alternate": _link(_site(library), "text/html")},
    }


def _site(library: Library) -> str:
    return f"{SITE}/{library.slug}" if library.kind == "users" else f"{SITE}/groups/{library.id}"


def item_json(
    library: Library, item: Thing, base: str, include: Iterable[str] = ("data",), before: int | None = None
) -> Data:
    """An item as the API shows it; `before` hides empty fields newer than a schema version."""
    links = {
        "self": _link(f"{base}/{library.path}/items/{item.key}"),
        "alternate": _link(f"{_site(library)}/items/{item.key}", "text/html"),
    }
    parent = item.data.get("parentItem")
    if parent:
        links["up"] = _link(f"{base}/{library.path}/items/{parent}")
    best = next((c for c in library.children(item.key) if c.size is not None and not c.data.get("deleted")), None)
    if best and not parent:
        href, kind = f"{base}/{library.path}/items/{best.key}", best.data["contentType"]
        links["attachment"] = _link(href, attachmentType=kind, attachmentSize=best.size)
    if item.size is not None:
        href, kind = f"{links['self']['href']}/file/view", item.data["contentType"]
        links["enclosure"] = {"type": kind, "href": href, "title": item.data["filename"], "length": item.size}
    out = {"key": item.key, "version": item.version, "library": library_json(library), "links": links}
    out["meta"] = _meta(library, item)
    if "data" in include:
        out["data"] = _data(library, item, before)
    return out


def _is_file(item: Thing) -> bool:
    return item.data["itemType"] == "attachment" and item.data["linkMode"] in ("imported_file", "imported_url")


def _meta(library: Library, item: Thing) -> Data:
    meta: Data = {"createdByUser": item.data["createdByUser"]} if "createdByUser" in item.data else {}
    creators = item.data.get("creators", ())
    if creators:
        primary = schema.TYPES[item.data["itemType"]].creators[0]
        chosen = [c for c in creators if c["creatorType"] == primary] or list(creators)
        names = [c.get("name") or c.get("lastName", "") for c in chosen]
        meta["creatorSummary"] = (
            names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
        )
    parsed = parsed_date(item)
    if parsed:
        meta["parsedDate"] = parsed
    kind = item.data["itemType"]
    if kind in schema.TYPES or kind == "note" or _is_file(item):
        meta["numChildren"] = len(library.children(item.key))
    return meta


def parsed_date(item: Thing) -> str:
    """The item's date in ISO form, or the year in it; empty if there is none."""
    kind = item.data["itemType"]
    names = [f for f, base in schema.TYPES[kind].fields.items() if base == "date"] if kind in schema.TYPES else []
    date = item.data.get(names[0], "") if names else ""
    match = re.match(r"\d{4}(-\d\d){0,2}(?!\d)", date) or re.search(r"\b\d{4}\b", date)
    return match[0] if match else ""


def _data(library: Library, item: Thing, before: int | None) -> Data:
    data = item.data
    kind = data["itemType"]
    out: Data = {"key": item.key, "version": item.version}
    if data.get("parentItem"):
        out["parentItem"] = data["parentItem"]
    out["itemType"] = kind
    for i, name in enumerate(schema.fields_of(kind)):
        if name in data:
            hidden = before is not None and before < schema.VERSION and schema.is_recent(kind, name) and not data[name]
            out |= {} if hidden else {name: data[name]}
        if i == 0 and "creators" in data:
            out["creators"] = data["creators"]
    out |= {"path": data["path"]} if "path" in data else {}
    if data.get("deleted"):
        out["deleted"] = 1
    if data.get("inPublications"):
        out["inPublications"] = True
    out["tags"] = data["tags"]
    if not data.get("parentItem"):
        out["collections"] = data["collections"]
    out["relations"] = {p: uris[0] if len(uris) == 1 else uris for p, uris in library.relations(item.key).items()}
    return out | {"dateAdded": data["dateAdded"], "dateModified": data["dateModified"]}


def collection_json(library: Library, collection: Thing, base: str) -> Data:
    key, data = collection.key, collection.data
    below = sum(1 for c in library.collections.values() if c.data["parentCollection"] == key)
    links = {
        "self": _link(f"{base}/{library.path}/collections/{key}"),
        "alternate": _link(f"{_site(library)}/collections/{key}", "text/html"),
    }
    if data["parentCollection"]:
        links["up"] = _link(f"{base}/{library.path}/collections/{data['parentCollection']}")
    shown = {k: data[k] for k in ("name", "parentCollection", "relations")} | (
        {"deleted": True} if data.get("deleted") else {}
    )
    return {
        "key": key,
        "version": collection.version,
        "library": library_json(library),
        "links": links,
        "meta": {"numCollections": below, "numItems": len(library.members(key))},
        "data": {"key": key, "version": collection.version} | shown,
    }


def tags_json(library: Library, items: Iterable[Thing], base: str, since: int) -> list[Data]:
    """The tags of items with their type and number of items, latest first."""
    counts = Counter((t["tag"], t.get("type", 0)) for item in items for t in item.data["tags"])
    found = [tag for tag in counts if library.tag_versions.get(tag, 0) > since]
    order = {tag: place for place, tag in enumerate(library.tag_versions)}
    found.sort(key=lambda tag: -order[tag])
    return [
        {
            "tag": name,
            "links": {
                "self": _link(f"{base}/{library.path}/tags/{quote(name)}"),
                "alternate": _link(f"http://zotero.org/{library.path}/tags/{quote(name)}", "text/html"),
            },
            "meta": {"type": kind, "numItems": counts[name, kind]},
        }
        for name, kind in found
    ]


def group_json(library: Library, user: int, base: str) -> Data:
    """A group's metadata, as one user sees it (0: nobody)."""
    group = library.group
    made = "2020-01-01T00:00:00Z"
    links = {"self": _link(f"{base}/groups/{library.id}"), "alternate": _link(_site(library), "text/html")}
    meta: Data = {"created": made, "lastModified": made, "numItems": len(library.items)}
    meta |= {"isAdmin": True} if group.has_admin(user) else {}
    data: Data = {"id": library.id, "version": 1, "name": library.name, "owner": group.owner, "type": group.type}
    data |= {
        "description": "",
        "url": "",
        "libraryEditing": group.editing,
        "libraryReading": group.reading,
        "fileEditing": "members",
        **({"admins": group.admins} if group.admins else {}),
        **({"members": group.members} if group.members else {}),
    }
    return {"id": library.id, "version": 1, "links": links, "meta": meta, "data": data}


def csljson(library: Library, item: Thing) -> Data:
    """A minimal CSL JSON, enough to identify items."""
    title = item.data.get("title", "")
    kind = {"journalArticle": "article-journal", "book": "book"}.get(item.data["itemType"], "document")
    return {"id": f"{library.id}/{item.key}", "type": kind, "title": title}
