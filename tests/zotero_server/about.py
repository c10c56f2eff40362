"""Endpoints about keys, groups and the schema."""

from collections.abc import Iterable

from . import access, render, schema
from .http import Reply, Request, versioned
from .state import Data, Failure, Key, Library, World


def key(world: World, request: Request, name: str) -> Reply:
    token = request.token if name == "current" else name
    found = world.keys.get(token)
    if found is None:
        return Reply(404, "Key not found") if token else Reply(403, "Forbidden")
    user = world.libraries[f"users/{found.user}"]
    shown = {"key": token, "userID": found.user, "username": world.users[found.user], "displayName": user.name}
    return Reply(200, shown | {"access": found.access})


def groups(world: World, request: Request, user: str) -> Reply:
    found = world.keys.get(request.token)
    if found is None or found.user != int(user):
        raise Failure(403, "Forbidden")
    seen = [lib for lib in world.libraries.values() if lib.kind == "groups" and found.allows(lib, write=False)]
    headers = {"Total-Results": str(len(seen)), "Link": f'<{render.SITE}{request.path}>; rel="alternate"'}
    if request.query.format == "versions":
        return Reply(200, {str(lib.id): 1 for lib in seen}, headers)
    return Reply(200, [_group(world, request, lib, found) for lib in seen], headers)


def group(world: World, request: Request, number: str) -> Reply:
    found = access.library(world, request, f"groups/{number}")
    return versioned(200, _group(world, request, found, world.keys.get(request.token)), 1)


def _group(_world: World, request: Request, library: Library, key: Key | None) -> Data:
    return render.group_json(library, key.user if key else 0, request.base)


def whole_schema(_world: World, request: Request) -> Reply:
    if request.headers.get("if-none-match") == schema.ETAG:
        return Reply(304, headers={"ETag": schema.ETAG}, bare=True)
    return Reply(200, schema.document(), {"ETag": schema.ETAG})


def facts(_world: World, request: Request, what: str) -> Reply:
    def listed(name: str, values: Iterable[str]) -> Reply:
        return Reply(200, [{name: v, "localized": schema.label(v)} for v in values])

    if what == "itemTypes":
        return listed("itemType", sorted([*schema.TYPES, "note"]))
    if what == "itemFields":
        return listed("field", sorted({f for kind in schema.TYPES.values() for f in kind.fields}))
    if what == "creatorFields":
        return listed("field", ("firstName", "lastName", "name"))
    kind = _item_type(request)
    if what == "itemTypeFields":
        return listed("field", schema.fields_of(kind))
    return listed("creatorType", schema.TYPES[kind].creators if kind in schema.TYPES else ())


def template(_world: World, request: Request) -> Reply:
    kind, mode = _item_type(request), request.query.get("linkMode")
    if kind == "attachment" and mode not in schema.LINK_MODES:
        raise Failure(400, f"Invalid linkMode '{mode}'")
    return Reply(200, schema.template(kind, mode))


def _item_type(request: Request) -> str:
    kind = request.query.get("itemType")
    if not schema.known(kind):
        raise Failure(400, f"Invalid item type '{kind}'")
    return kind
