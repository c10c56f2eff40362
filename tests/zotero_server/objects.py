"""Endpoints that read one object, and all endpoints that write."""

from base64 import b64encode
from secrets import token_hex
from urllib.parse import parse_qsl

from . import access, render, writing
from .http import Reply, Request, versioned
from .state import Data, Failure, Library, Thing, World

LIBRARY = "If-Unmodified-Since-Version"


def item(world: World, request: Request, library: Library, key: str) -> Reply:
    found = library.find("items", key)
    if found.data["itemType"] == "note" and not access.sees_notes(world, request, library):
        raise Failure(404, "Item does not exist")
    include, before = request.query.get("include", "data").split(","), request.version("Zotero-Schema-Version")
    return versioned(200, render.item_json(library, found, request.base, include, before), found.version)


def collection(_world: World, request: Request, library: Library, key: str) -> Reply:
    found = library.find("collections", key)
    return versioned(200, render.collection_json(library, found, request.base), found.version)


def post(world: World, request: Request, library: Library, kind: str) -> Reply:
    def show(thing: Thing) -> Data:
        if kind == "collections":
            return render.collection_json(library, thing, request.base)
        if library.kind == "groups":
            thing.data.setdefault("createdByUser", _user(world, request))
        return render.item_json(library, thing, request.base)

    report, last_failed = writing.post(library, kind, request.json(), request.version(LIBRARY), show)
    token = request.headers.get("zotero-write-token")
    if token and not last_failed:
        world.tokens.add((request.token, token))
    return versioned(200, report, library.version)


def _user(world: World, request: Request) -> Data:
    number = world.keys[request.token].user
    links = {"alternate": {"href": f"{render.SITE}/{world.users[number]}", "type": "text/html"}}
    name = world.libraries[f"users/{number}"].name
    return {"id": number, "username": world.users[number], "name": name, "links": links}


def put(_world: World, request: Request, library: Library, kind: str, key: str) -> Reply:
    whole = request.method == "PUT"
    thing = writing.single(library, kind, key, request.json(), request.version(LIBRARY), whole=whole)
    return versioned(204, "", thing.version)


def erase(_world: World, request: Request, library: Library, kind: str, key: str) -> Reply:
    thing, version = library.find(kind, key), request.version(LIBRARY)
    if version is None:
        raise Failure(428, f"{LIBRARY} must be provided for delete requests")
    writing.check_version(kind, thing, version)
    return _erased(library, kind, [key])


def erase_many(_world: World, request: Request, library: Library, kind: str) -> Reply:
    name = f"{kind[:-1]}Key"
    keys = request.query.keys(name)
    if keys is None:
        raise Failure(400, f"'{name}' not provided")
    writing.check_library(library, request.version(LIBRARY))
    return _erased(library, kind, keys)


def _erased(library: Library, kind: str, keys: list[str]) -> Reply:
    if kind == "items":
        library.erase_items(keys)
    else:
        library.erase_collections(keys)
    return versioned(204, "", library.version)


def erase_tags(_world: World, request: Request, library: Library) -> Reply:
    names = request.query.get("tag")
    if not names:
        raise Failure(400, "'tag' not provided")
    version = request.version(LIBRARY)
    if version is None:
        raise Failure(428, f"{LIBRARY} must be provided for delete requests")
    writing.check_library(library, version)
    library.erase_tags(name.strip() for name in names.split("||"))
    return versioned(204, "", library.version)


def file(world: World, request: Request, library: Library, key: str) -> Reply:
    """The upload of a file: its metadata is stored, its content is not."""
    found = library.find("items", key)
    if not {"if-match", "if-none-match"} & set(request.headers):
        raise Failure(428, "If-Match/If-None-Match header not provided")
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    upload = form.get("upload")
    if upload is not None:
        owner, form = world.uploads.pop(upload, ("", {}))
        if owner != key:
            raise Failure(400, "Upload key not found")
        world.files.add(form["md5"])
    elif form["md5"] not in world.files:
        name = token_hex(16)
        world.uploads[name] = (key, form)
        return Reply(200, {"url": f"{request.base}/zfs", "params": _form(form["md5"]), "uploadKey": name})
    found.data |= {"md5": form["md5"], "mtime": int(form["mtime"]), "filename": form["filename"]}
    found.size, found.version = int(form["filesize"]), library.bump()
    return versioned(200, {"exists": 1}, found.version) if upload is None else versioned(204, "", found.version)


def _form(md5: str) -> Data:
    """The form fields of an upload to storage."""
    fixed = {"acl": "private", "success_action_status": "201", "policy": "", "x-amz-algorithm": "AWS4-HMAC-SHA256"}
    fixed |= dict.fromkeys(("x-amz-credential", "x-amz-date", "x-amz-signature"), "test")
    return {"key": md5, "Content-MD5": b64encode(bytes.fromhex(md5)).decode()} | fixed
