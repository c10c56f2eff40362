"""Endpoints that list objects."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from . import access, reading, render, schema
from .http import Reply, Request, versioned
from .reading import Query
from .state import Failure, Library, Thing, World


def items(world: World, request: Request, library: Library, subset: str = "") -> Reply:
    return _items(world, request, library, _subset(library, subset, trashed=request.query.trashed))


def children(world: World, request: Request, library: Library, key: str) -> Reply:
    parent = library.find("items", key)
    if parent.data["itemType"] == "attachment" and parent.data["contentType"] not in schema.ANNOTATABLE:
        raise Failure(400, "/children can be called only on PDF, EPUB, and snapshot attachments")
    return _items(world, request, library, _alive(library.children(key), request))


def collection_items(world: World, request: Request, library: Library, key: str, top: str | None) -> Reply:
    library.find("collections", key)
    inside = [i for i in library.items.values() if key in i.data.get("collections", ())]
    if not top:
        inside = [library.items[k] for member in inside for k in library.family(member.key)]
    return _items(world, request, library, _alive(inside, request))


def collections(_world: World, request: Request, library: Library, of: str | None = None) -> Reply:
    """All collections, those at the top level (`of` is "top") or those below one."""
    if of and of != "top":
        library.find("collections", of)
    wanted = request.query.keys("collectionKey")
    found = [
        c
        for c in library.collections.values()
        if (wanted is None or c.key in wanted)
        and c.version > request.query.since
        and (not of or c.data["parentCollection"] == (of != "top" and of))
    ]
    found.sort(key=lambda c: (-c.version, -c.serial))
    return _page(request, library, found, lambda c: render.collection_json(library, c, request.base))


def tags(_world: World, request: Request, library: Library, subset: str | None = None) -> Reply:
    """The tags of the library, or of the items that /items, /items/top or /items/trash list."""
    trashed = subset is None or request.query.trashed
    return _tags(request, library, _subset(library, (subset or "").removeprefix("/"), trashed=trashed))


def tags_of(_world: World, request: Request, library: Library, kind: str, key: str) -> Reply:
    """The tags of one item, or of the items of one collection."""
    thing = library.find(kind, key)
    return _tags(request, library, [thing] if kind == "items" else library.members(key))


def tag(_world: World, request: Request, library: Library, name: str) -> Reply:
    having = [i for i in library.items.values() if any(t["tag"] == unquote(name) for t in i.data["tags"])]
    found = [t for t in render.tags_json(library, having, request.base, -1) if t["tag"] == unquote(name)]
    return _page(request, library, found, lambda tag: tag)


def searches(_world: World, request: Request, library: Library) -> Reply:
    return _page(request, library, [], lambda search: search)


def nothing(_world: World, request: Request, library: Library) -> Reply:
    """Settings and full texts, of which this server has none."""
    return _unmodified(request, library) or versioned(200, {}, library.version)


def deleted(world: World, request: Request, library: Library) -> Reply:
    since = request.query.since
    if since < 0:
        raise Failure(400, "'since' parameter must be provided")
    hidden = set() if access.sees_notes(world, request, library) else library.erased_notes
    gone = {
        kind: sorted(k for k, v in keys.items() if v > since and k not in hidden)
        for kind, keys in library.deleted.items()
    }
    return versioned(200, gone | {"searches": [], "settings": []}, library.version)


def _subset(library: Library, subset: str, *, trashed: bool) -> list[Thing]:
    if subset == "trash":
        return [i for i in library.items.values() if i.data.get("deleted")]
    return [
        i
        for i in library.items.values()
        if (trashed or not i.data.get("deleted")) and not (subset == "top" and i.data.get("parentItem"))
    ]


def _alive(things: Iterable[Thing], request: Request) -> list[Thing]:
    return [t for t in things if request.query.trashed or not t.data.get("deleted")]


def _items(world: World, request: Request, library: Library, found: list[Thing]) -> Reply:
    if not access.sees_notes(world, request, library):
        found = [i for i in found if i.data["itemType"] != "note"]
    include = request.query.get("include", "data").split(",")
    before = request.version("Zotero-Schema-Version")
    chosen = reading.select(found, request.query)
    return _page(request, library, chosen, lambda i: render.item_json(library, i, request.base, include, before))


def _tags(request: Request, library: Library, having: list[Thing]) -> Reply:
    found = render.tags_json(library, having, request.base, request.query.since)
    return _page(request, library, found, lambda tag: tag)


def _unmodified(request: Request, library: Library) -> Reply | None:
    known = request.version("If-Modified-Since-Version")
    return Reply(304, bare=True) if known is not None and library.version <= known else None


def _page(request: Request, library: Library, things: list[Any], shown: Callable[[Any], Any]) -> Reply:
    """One page of a list in the requested format."""
    unmodified = _unmodified(request, library)
    if unmodified:
        return unmodified
    query, total = request.query, len(things)
    start, limit = query.number("start", 0), query.limit
    old = request.api_version != "3"
    linked = Query((*query.pairs, ("v", request.api_version))) if old else query
    url, site = f"{request.base}{request.path}", f"{render.SITE}{request.path}"
    headers = {"Link": reading.links(url, site, linked, start, limit, total)} | (
        {} if old else {"Total-Results": str(total)}
    )
    page = things[start : start + limit] if limit else things[start:]
    if query.format in reading.EXPORTS:
        return Reply(500, "An error occurred", headers)  # this server has no translation server
    if query.format == "keys":
        text, kind = "\n".join(t.key for t in page) + "\n", {"Content-Type": "text/plain;charset=UTF-8"}
        return versioned(200, text, library.version, headers | kind)
    if query.format == "versions":
        return versioned(200, {t.key: t.version for t in page}, library.version, headers)
    if query.format == "csljson":
        body, kind = {"items": [render.csljson(library, t) for t in page]}, {"Content-Type": reading.CSL}
        return versioned(200, body, library.version, headers | kind)
    return versioned(200, [shown(t) for t in page], library.version, headers)
