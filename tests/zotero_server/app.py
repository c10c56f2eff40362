"""The API: which endpoint answers which request, and the headers that all replies have."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from . import about, access, lists, objects, schema
from .http import Endpoint, Reply, Request, bare
from .state import Failure, World

LIBRARY = r"/((?:users|groups)/\d+)"
KEY = r"([23456789A-Z]{8})"
LOST = "<h1>Not Found</h1>\n<p>The page you requested could not be found.</p>\n"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _routes() -> Iterator[tuple[str, dict[str, Endpoint]]]:
    yield r"/keys/(\w+)", {"GET": about.key}
    yield r"/schema", {"GET": about.whole_schema}
    yield r"/(itemTypes|itemFields|itemTypeFields|itemTypeCreatorTypes|creatorFields)", {"GET": about.facts}
    yield r"/items/new", {"GET": about.template}
    yield r"/zfs", {"POST": lambda _world, _request: Reply(201)}
    yield r"/users/(\d+)/groups", {"GET": about.groups}
    yield r"/groups/(\d+)", {"GET": about.group}
    for kind, many, one in (
        ("items", lists.items, objects.item),
        ("collections", lists.collections, objects.collection),
    ):
        named = {name: _of(kind, getattr(objects, name)) for name in ("post", "put", "erase", "erase_many")}
        yield f"{LIBRARY}/{kind}", {"GET": many, "POST": named["post"], "DELETE": named["erase_many"]}
        change = {"PUT": named["put"], "PATCH": named["put"], "DELETE": named["erase"]}
        yield f"{LIBRARY}/{kind}/{KEY}", {"GET": one} | change
    yield f"{LIBRARY}/items/(top|trash)", {"GET": lists.items}
    yield f"{LIBRARY}/items/{KEY}/children", {"GET": lists.children}
    yield f"{LIBRARY}/items/{KEY}/file", {"POST": objects.file}
    yield f"{LIBRARY}/collections/(top)", {"GET": lists.collections}
    yield f"{LIBRARY}/collections/{KEY}/collections", {"GET": lists.collections}
    yield f"{LIBRARY}/collections/{KEY}/items(/top)?", {"GET": lists.collection_items}
    yield f"{LIBRARY}/tags", {"GET": lists.tags, "DELETE": objects.erase_tags}
    yield f"{LIBRARY}/tags/([^/]+)", {"GET": lists.tag}
    yield f"{LIBRARY}/items((?:/top|/trash)?)/tags", {"GET": lists.tags}
    yield f"{LIBRARY}/(items|collections)/{KEY}(?:/items)?/tags", {"GET": lists.tags_of}
    yield f"{LIBRARY}/searches", {"GET": lists.searches}
    yield f"{LIBRARY}/(?:settings|fulltext)", {"GET": lists.nothing}
    yield f"{LIBRARY}/deleted", {"GET": lists.deleted}
    yield f"{LIBRARY}/(?:items|collections)/[^/]+", {}


def _of(kind: str, endpoint: Endpoint) -> Endpoint:
    return lambda world, request, library, *key: endpoint(world, request, library, kind, *key)


ROUTES = [(re.compile(pattern), methods) for pattern, methods in _routes()]


def handle(world: World, request: Request) -> Reply:
    """The reply to one request, with all checks in the order of the real server."""
    try:
        reply = access.early(world, request) or _route(world, request)
    except Failure as why:
        headers = {"Last-Modified-Version": str(why.version)} if why.version is not None else {}
        reply = Reply(why.code, why.message, headers, bare=why.bare)
    if reply.bare:
        return reply
    kind = "application/json" if not isinstance(reply.body, str) else "text/html; charset=UTF-8"
    common = {"Zotero-API-Version": request.api_version, "Zotero-Schema-Version": str(schema.VERSION)}
    return replace(reply, headers={"Content-Type": kind} | common | reply.headers)


def _route(world: World, request: Request) -> Reply:
    for pattern, methods in ROUTES:
        match = pattern.fullmatch(request.path)
        if not match:
            continue
        args: list[Any] = list(match.groups())
        if pattern.pattern.startswith(LIBRARY):
            args[0] = access.library(world, request, match[1])
        if not methods:
            return Reply(404, "Not found")
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allow = ["HEAD", *(m for m in METHODS if m in methods)]
            return Reply(405, "Method not allowed", {"Allow": ", ".join(allow)})
        return methods[method](world, request, *args)
    return bare(404, LOST)
