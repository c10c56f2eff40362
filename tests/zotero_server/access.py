"""Access rights, and the requests that are refused before any endpoint."""

import re

from .http import Reply, Request, bare
from .state import Failure, Library, World

MAX_BAD_KEYS = 5  # in 300 s; this server never forgets them


def early(world: World, request: Request) -> Reply | None:
    """The refusal of a request that doesn't reach an endpoint; None if it does."""
    if request.api_version not in ("1", "2", "3"):
        return bare(400, f"Invalid API version '{request.api_version}'")
    if "expect" in request.headers:
        return bare(417, "Expectation Failed")
    if world.bad_keys > MAX_BAD_KEYS:
        return bare(429, "Too many authentication failures")
    if request.token and request.token not in world.keys:
        world.bad_keys += 1
        return bare(403, "Invalid key")
    try:
        request.query.check()
    except Failure as why:
        return bare(why.code, why.message)
    if request.method == "POST" and not request.body:
        return bare(400, "POST data not provided")
    user = re.match(r"/users/(\d+)/", request.path)
    if user and int(user[1]) not in world.users:
        return bare(404, f"User {user[1]} not found")
    return _write_token(world, request)


def _write_token(world: World, request: Request) -> Reply | None:
    token = request.headers.get("zotero-write-token")
    if token is None:
        return None
    if not 5 <= len(token) <= 32:
        return bare(400, "Write token must be 5-32 characters in length")
    return bare(412, "Write token already used") if (request.token, token) in world.tokens else None


def library(world: World, request: Request, path: str) -> Library:
    """The library of a request, if its key has the right for it.

    Raises:
        Failure: There is no such library, or the key lacks the right.
    """
    found, key = world.libraries.get(path), world.keys.get(request.token)
    if found is None:
        raise Failure(404, "Not found", bare=True)
    public = found.kind == "groups" and found.group.is_public
    reads = public or (key is not None and key.allows(found, write=False))
    if found.kind == "groups" and not reads:
        raise Failure(404, "Not found", bare=True)
    if not reads:
        raise Failure(403, "Forbidden")
    if request.writes and (key is None or not key.allows(found, write=True)):
        raise Failure(403, "Write access denied")
    return found


def sees_notes(world: World, request: Request, library: Library) -> bool:
    return library.kind == "groups" or bool(world.keys[request.token].access["user"].get("notes"))
