"""The API of a Zotero that runs on this computer: the same for reading, below /api, without keys and page limits.

An object that was changed there and not synced yet still has the version of the last sync, and so has the library.
Erased objects are not reported. (Source: the client's chrome/content/zotero/xpcom/server/server_localAPI.js.)
"""

from collections.abc import Callable
from dataclasses import replace

from .http import Reply, Request, bare
from .state import World

PREFIX = "/api"


def desktop(world: World, request: Request, handle: Callable[[World, Request], Reply], *, enabled: bool) -> Reply:
    """The reply of the client to a request; `enabled` is the setting that gives other programs access."""
    if not request.path.startswith(f"{PREFIX}/") or request.path.endswith(("/deleted", "/keys/current")):
        return bare(404, "No endpoint found")
    if request.writes:
        return bare(400, "Endpoint does not support method")
    if not enabled:
        return bare(403, "Local API is not enabled")
    user, token = next(iter(world.users)), next(iter(world.keys))
    path = request.path.removeprefix(PREFIX).replace("/users/0/", f"/users/{user}/")
    headers = {**request.headers, "zotero-api-key": token}
    return handle(world, replace(request, path=path, headers=headers, query=replace(request.query, free=True)))
