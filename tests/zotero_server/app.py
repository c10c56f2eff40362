"""The API: from one request to one reply, in the order in which the real server checks things."""

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import Any
from urllib.parse import parse_qsl, unquote

from . import reading, render, schema, writing
from .reading import Query
from .state import Data, Failure, Key, Library, Thing

NO_ITEM = "Item does not exist"
LOST = "<h1>Not Found</h1>\n<p>The page you requested could not be found.</p>\n"
KEY = r"([23456789A-Z]{8})"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server got it; header names are in lower case."""

    method: str
    path: str
    query: Query = field(default_factory=lambda: Query(()))
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def base(self) -> str:
        return f"http://{self.headers.get('host', 'localhost')}"

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    def version(self, name: str) -> int | None:
        """A header that holds a version."""
        value = self.headers.get(name.lower())
        if value is None:
            return None
        if not value.isdigit():
            raise Failure(400, f"Invalid {name} value '{value}'")
        return int(value)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: an object is sent as JSON, a string as text. A `bare` one carries no API headers."""

    status: int
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    bare: bool = False

    def encoded(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False).encode()


def bare(status: int, message: str, **headers: str) -> Reply:
    """A refusal from before the API proper."""
    return Reply(status, message, {k.replace("_", "-"): v for k, v in headers.items()}, bare=True)


class Api:
    """The state of a whole server and its answer to each request."""

    def __init__(self) -> None:
        self.users: dict[int, str] = {}
        self.libraries: dict[str, Library] = {}
        self.keys: dict[str, Key] = {}
        self.tokens: set[tuple[str, str]] = set()
        self.bad_keys = 0  # the real server forgets them after 300 s
        self.uploads: dict[str, tuple[str, dict[str, str]]] = {}
        self.files: set[str] = set()
        self.routes: list[tuple[re.Pattern[str], dict[str, Callable[..., Reply]]]] = [
            (re.compile(pattern), methods) for pattern, methods in self._routes()
        ]

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        try:
            reply = self._early(request) or self._route(request)
        except Failure as why:
            tells = {"Last-Modified-Version": str(why.version)} if why.version is not None else {}
            reply = Reply(why.code, why.message, tells, bare=why.bare)
        if reply.bare:
            return reply
        version = request.headers.get("zotero-api-version") or request.query.get("v", "3")
        kind = "application/json" if not isinstance(reply.body, str) else "text/html; charset=UTF-8"
        common = {"Content-Type": kind, "Zotero-API-Version": version, "Zotero-Schema-Version": str(schema.VERSION)}
        return replace(reply, headers=common | reply.headers)

    # Before the API proper

    def _early(self, request: Request) -> Reply | None:
        version = request.headers.get("zotero-api-version") or request.query.get("v", "3")
        if version not in ("1", "2", "3"):
            return bare(400, f"Invalid API version '{version}'")
        if "expect" in request.headers:
            return bare(417, "Expectation Failed")
        refused = self._authenticate(request)
        if refused:
            return refused
        try:
            request.query.check()
        except Failure as why:
            return bare(why.code, why.message)
        if request.method == "POST" and not request.body:
            return bare(400, "POST data not provided")
        token = request.headers.get("zotero-write-token")
        if token is not None:
            if not 5 <= len(token) <= 32:
                return bare(400, "Write token must be 5-32 characters in length")
            if (self._token(request), token) in self.tokens:
                return bare(412, "Write token already used")
        user = re.match(r"/users/(\d+)/", request.path)
        return bare(404, f"User {user[1]} not found") if user and int(user[1]) not in self.users else None

    @staticmethod
    def _token(request: Request) -> str:
        given = {
            request.headers.get("zotero-api-key", ""),
            request.headers.get("authorization", "").removeprefix("Bearer "),
            request.query.get("key"),
        } - {""}
        if len(given) > 1:
            raise Failure(400, "Zotero-API-Key and 'key' values do not match")
        return given.pop() if given else ""

    def _authenticate(self, request: Request) -> Reply | None:
        if self.bad_keys > 5:
            return bare(429, "Too many authentication failures")
        token = self._token(request)
        if token and token not in self.keys:
            self.bad_keys += 1
            return bare(403, "Invalid key")
        return None

    # Routing

    def _routes(self) -> Iterable[tuple[str, dict[str, Callable[..., Reply]]]]:
        lib = r"/(users/\d+|groups/\d+)"
        yield r"/keys/(\w+)", {"GET": self._key}
        yield r"/schema", {"GET": self._schema}
        yield r"/(itemTypes|itemFields|itemTypeFields|itemTypeCreatorTypes|creatorFields)", {"GET": self._facts}
        yield r"/items/new", {"GET": self._template}
        yield r"/zfs", {"POST": lambda _request: Reply(201)}
        yield r"/users/(\d+)/groups", {"GET": self._groups}
        yield r"/groups/(\d+)", {"GET": self._group}
        many = {"POST": self._post, "DELETE": self._erase_many}
        one = {"PUT": self._put, "PATCH": self._put, "DELETE": self._erase}
        yield rf"{lib}/(items)", {"GET": self._items} | many
        yield rf"{lib}/(collections)", {"GET": self._collections} | many
        yield rf"{lib}/(items)/(top|trash)", {"GET": self._items}
        yield rf"{lib}/(items)/{KEY}", {"GET": self._item} | one
        yield rf"{lib}/(items)/{KEY}/children", {"GET": self._children}
        yield rf"{lib}/(items)/{KEY}/file", {"POST": self._file}
        yield rf"{lib}/(collections)/(top)", {"GET": self._collections}
        yield rf"{lib}/(collections)/{KEY}", {"GET": self._collection} | one
        yield rf"{lib}/(collections)/{KEY}/(collections)", {"GET": self._collections}
        yield rf"{lib}/(collections)/{KEY}/items(/top)?", {"GET": self._collection_items}
        yield rf"{lib}/tags", {"GET": self._tags, "DELETE": self._erase_tags}
        yield rf"{lib}/tags/([^/]+)", {"GET": self._tag}
        yield rf"{lib}/(items|items/top|items/trash)/tags", {"GET": self._tags}
        yield rf"{lib}/(items|collections)/{KEY}(?:/items)?/tags", {"GET": self._tags}
        yield rf"{lib}/searches", {"GET": self._searches}
        yield rf"{lib}/(?:settings|fulltext)", {"GET": self._empty}
        yield rf"{lib}/deleted", {"GET": self._deleted}
        yield rf"{lib}/(?:items|collections)/[^/]+", {}

    def _route(self, request: Request) -> Reply:
        for pattern, methods in self.routes:
            match = pattern.fullmatch(request.path)
            if not match:
                continue
            args: list[Any] = list(match.groups())
            if args and args[0] and re.fullmatch(r"(users|groups)/\d+", args[0]):
                args[0] = self._library(request, args[0])
            if not methods:
                return Reply(404, "Not found")
            method = "GET" if request.method == "HEAD" else request.method
            if method not in methods:
                allow = ["HEAD", *(m for m in ("GET", "POST", "PUT", "PATCH", "DELETE") if m in methods)]
                return Reply(405, "Method not allowed", {"Allow": ", ".join(allow)})
            return methods[method](request, *args)
        return bare(404, LOST)

    def _library(self, request: Request, path: str) -> Library:
        library = self.libraries.get(path)
        key = self.keys.get(self._token(request))
        if library is None or (library.kind == "groups" and not (key and key.allows(library, write=False))):
            raise Failure(404, "Not found", bare=True)
        if not key or not key.allows(library, write=False):
            raise Failure(403, "Forbidden")
        if request.method not in ("GET", "HEAD") and not key.allows(library, write=True):
            raise Failure(403, "Write access denied")
        return library

    def _sees_notes(self, request: Request, library: Library) -> bool:
        key = self.keys.get(self._token(request))
        return library.kind == "groups" or bool(key and key.access["user"].get("notes"))

    def _user_json(self, number: int) -> Data:
        name = self.users[number]
        alternate = {"href": f"{render.SITE}/{name}", "type": "text/html"}
        return {
            "id": number,
            "username": name,
            "name": self.libraries[f"users/{number}"].name,
            "links": {"alternate": alternate},
        }

    # Keys, groups, schema

    def _key(self, request: Request, name: str) -> Reply:
        token = self._token(request) if name == "current" else name
        key = self.keys.get(token)
        if key is None:
            return Reply(404 if token else 403, "Key not found" if token else "Forbidden")
        user = self.libraries[f"users/{key.user}"]
        shown = {"key": token, "userID": key.user, "username": self.users[key.user], "displayName": user.name}
        return Reply(200, shown | {"access": key.access})

    def _groups(self, request: Request, user: str) -> Reply:
        key = self.keys.get(self._token(request))
        if not key or key.user != int(user):
            raise Failure(403, "Forbidden")
        seen = [lib for lib in self.libraries.values() if lib.kind == "groups" and key.allows(lib, write=False)]
        headers = {"Total-Results": str(len(seen)), "Link": f'<{render.SITE}{request.path}>; rel="alternate"'}
        if request.query.format == "versions":
            return Reply(200, {str(lib.id): 1 for lib in seen}, headers)
        return Reply(200, [render.group_json(lib, key.user, self._members(key), request.base) for lib in seen], headers)

    def _members(self, key: Key) -> list[int]:
        return [number for number in self.users if number != key.user]

    def _group(self, request: Request, number: str) -> Reply:
        library = self._library(request, f"groups/{number}")
        key = self.keys[self._token(request)]
        return Reply(
            200, render.group_json(library, key.user, self._members(key), request.base), {"Last-Modified-Version": "1"}
        )

    def _schema(self, request: Request) -> Reply:
        if request.headers.get("if-none-match") == schema.ETAG:
            return Reply(304, bare=True, headers={"ETag": schema.ETAG})
        return Reply(200, schema.document(), {"ETag": schema.ETAG})

    def _facts(self, request: Request, what: str) -> Reply:
        def listed(name: str, values: Iterable[str]) -> Reply:
            return Reply(200, [{name: v, "localized": schema.label(v)} for v in values])

        if what == "itemTypes":
            return listed("itemType", sorted([*schema.TYPES, "note"]))
        if what == "itemFields":
            return listed("field", sorted({f for kind in schema.TYPES.values() for f in kind.fields}))
        if what == "creatorFields":
            return listed("field", ("firstName", "lastName", "name"))
        kind = request.query.get("itemType")
        if not schema.known(kind):
            raise Failure(400, f"Invalid item type '{kind}'")
        if what == "itemTypeFields":
            return listed("field", schema.fields_of(kind))
        return listed("creatorType", schema.TYPES[kind].creators if kind in schema.TYPES else ())

    def _template(self, request: Request) -> Reply:
        kind, mode = request.query.get("itemType"), request.query.get("linkMode")
        if not schema.known(kind):
            raise Failure(400, f"Invalid item type '{kind}'")
        if kind == "attachment" and mode not in schema.LINK_MODES:
            raise Failure(400, f"Invalid linkMode '{mode}'")
        return Reply(200, schema.template(kind, mode or None))

    # Lists

    def _page(
        self, request: Request, library: Library, things: list[Any], shown: Callable[[Any], Any], *, export: bool = True
    ) -> Reply:
        """One page of a list in the format asked for."""
        if library.version <= (request.version("If-Modified-Since-Version") or -1):
            return Reply(304, bare=True)
        query, total = request.query, len(things)
        start, limit = query.number("start", 0), query.limit
        if request.headers.get("zotero-api-version") == "2":
            query = Query((*query.pairs, ("v", "2")))
        headers = {"Total-Results": str(total)} if not query.get("v") else {}
        url, site = f"{request.base}{request.path}", f"{render.SITE}{request.path}"
        headers["Link"] = reading.links(url, site, query, start, limit, total)
        if query.format in reading.EXPORTS and export:
            return Reply(500, "An error occurred", headers)  # there is no translation server behind this one
        headers["Last-Modified-Version"] = str(library.version)
        page = things[start : start + limit] if limit else things[start:]
        if query.format == "keys":
            text = "\n".join(t.key for t in page) + "\n"
            return Reply(200, text, headers | {"Content-Type": "text/plain;charset=UTF-8"})
        if query.format == "versions":
            return Reply(200, {t.key: t.version for t in page}, headers)
        if query.format == "csljson":
            body = {"items": [render.csljson(library, t) for t in page]}
            return Reply(200, body, headers | {"Content-Type": "application/vnd.citationstyles.csl+json"})
        return Reply(200, [shown(t) for t in page], headers)

    def _item_list(self, request: Request, library: Library, items: Iterable[Thing]) -> Reply:
        if not self._sees_notes(request, library):
            items = [i for i in items if i.data["itemType"] != "note"]
        found = reading.select(library, items, request.query)
        include = request.query.get("include", "data").split(",")
        before = request.version("Zotero-Schema-Version")
        return self._page(
            request, library, found, lambda i: render.item_json(library, i, request.base, include, before)
        )

    def _items(self, request: Request, library: Library, _kind: str, subset: str = "") -> Reply:
        return self._item_list(request, library, self._subset(library, subset, trashed=request.query.trashed))

    @staticmethod
    def _subset(library: Library, subset: str, *, trashed: bool) -> list[Thing]:
        items = library.items.values()
        if subset == "trash":
            return [i for i in items if i.data.get("deleted")]
        return [
            i
            for i in items
            if (trashed or not i.data.get("deleted")) and not (subset == "top" and i.data.get("parentItem"))
        ]

    def _children(self, request: Request, library: Library, _kind: str, key: str) -> Reply:
        parent = self._find(library, "items", key)
        annotatable = parent.data.get("contentType") in schema.ANNOTATABLE
        if parent.data["itemType"] == "attachment" and not annotatable:
            raise Failure(400, "/children can be called only on PDF, EPUB, and snapshot attachments")
        found = [c for c in library.children(key) if request.query.trashed or not c.data.get("deleted")]
        return self._item_list(request, library, found)

    def _collections(self, request: Request, library: Library, _kind: str, of: str = "", _sub: str = "") -> Reply:
        if of and of != "top":
            self._find(library, "collections", of)
        wanted = request.query.keys("collectionKey")
        found = [
            c
            for c in library.collections.values()
            if (wanted is None or c.key in wanted)
            and c.version > request.query.since
            and (not of or c.data["parentCollection"] == (False if of == "top" else of))
        ]
        found.sort(key=lambda c: (-c.version, -c.serial))
        return self._page(request, library, found, lambda c: render.collection_json(library, c, request.base))

    def _collection_items(self, request: Request, library: Library, _kind: str, key: str, top: str | None) -> Reply:
        self._find(library, "collections", key)
        inside = [i for i in library.items.values() if key in i.data.get("collections", ())]
        if not top:
            inside = [library.items[k] for member in inside for k in library.family(member.key)]
        shown = [i for i in inside if request.query.trashed or not i.data.get("deleted")]
        return self._item_list(request, library, shown)

    def _tags(self, request: Request, library: Library, kind: str = "", key: str = "") -> Reply:
        if key:
            self._find(library, kind, key)
            items = [library.items[key]] if kind == "items" else library.members(key)
        else:
            subset = kind.removeprefix("items").removeprefix("/")
            items = self._subset(library, subset, trashed=not kind)
        found = render.tags_json(library, items, request.base, request.query.since)
        return self._page(request, library, found, lambda tag: tag)

    def _tag(self, request: Request, library: Library, name: str) -> Reply:
        found = render.tags_json(library, library.items.values(), request.base, -1)
        return self._page(request, library, [t for t in found if t["tag"] == unquote(name)], lambda tag: tag)

    def _searches(self, request: Request, library: Library) -> Reply:
        return self._page(request, library, [], lambda search: search)

    def _empty(self, request: Request, library: Library) -> Reply:
        if library.version <= (request.version("If-Modified-Since-Version") or -1):
            return Reply(304, bare=True)
        return Reply(200, {}, {"Last-Modified-Version": str(library.version)})

    def _deleted(self, request: Request, library: Library) -> Reply:
        since = request.query.since
        if since < 0:
            raise Failure(400, "'since' parameter must be provided")
        gone = {kind: sorted(k for k, v in keys.items() if v > since) for kind, keys in library.deleted.items()}
        body = {k: gone.get(k, []) for k in ("collections", "items", "searches", "tags", "settings")}
        return Reply(200, body, {"Last-Modified-Version": str(library.version)})

    # Single objects

    @staticmethod
    def _find(library: Library, kind: str, key: str) -> Thing:
        thing: Thing | None = getattr(library, kind).get(key)
        if thing is None:
            raise Failure(404, f"{writing.NAMES[kind]} does not exist" if kind == "items" else "Collection not found")
        return thing

    def _item(self, request: Request, library: Library, kind: str, key: str) -> Reply:
        item = self._find(library, kind, key)
        if item.data["itemType"] == "note" and not self._sees_notes(request, library):
            raise Failure(404, NO_ITEM)
        include = request.query.get("include", "data").split(",")
        before = request.version("Zotero-Schema-Version")
        body = render.item_json(library, item, request.base, include, before)
        return Reply(200, body, {"Last-Modified-Version": str(item.version)})

    def _collection(self, request: Request, library: Library, kind: str, key: str) -> Reply:
        thing = self._find(library, kind, key)
        body = render.collection_json(library, thing, request.base)
        return Reply(200, body, {"Last-Modified-Version": str(thing.version)})

    # Writes

    @staticmethod
    def _body(request: Request) -> Any:
        body = request.body
        try:
            if request.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            return json.loads(body)
        except (ValueError, OSError) as error:
            raise Failure(400, "JSON Error: Syntax error, malformed JSON") from error

    def _post(self, request: Request, library: Library, kind: str) -> Reply:
        header = request.version("If-Unmodified-Since-Version")

        def show(thing: Thing) -> Data:
            if kind == "collections":
                return render.collection_json(library, thing, request.base)
            if library.kind == "groups":
                thing.data.setdefault("createdByUser", self._user_json(self.keys[self._token(request)].user))
            return render.item_json(library, thing, request.base)

        report, last_failed = writing.post(library, kind, self._body(request), header, show)
        token = request.headers.get("zotero-write-token")
        if token and not last_failed:
            self.tokens.add((self._token(request), token))
        return Reply(200, report, {"Last-Modified-Version": str(library.version)})

    def _put(self, request: Request, library: Library, kind: str, key: str) -> Reply:
        header = request.version("If-Unmodified-Since-Version")
        thing = writing.single(library, kind, key, self._body(request), header, whole=request.method == "PUT")
        return Reply(204, "", {"Last-Modified-Version": str(thing.version)})

    def _erase(self, request: Request, library: Library, kind: str, key: str) -> Reply:
        thing = self._find(library, kind, key)
        header = request.version("If-Unmodified-Since-Version")
        if header is None:
            raise Failure(428, "If-Unmodified-Since-Version must be provided for delete requests")
        writing.check_version(kind, thing, header)
        return self._erased(library, kind, [key])

    def _erase_many(self, request: Request, library: Library, kind: str) -> Reply:
        name = f"{kind[:-1]}Key"
        keys = request.query.get(name)
        if not keys:
            raise Failure(400, f"'{name}' not provided")
        writing.check_library(library, request.version("If-Unmodified-Since-Version"))
        return self._erased(library, kind, keys.split(","))

    @staticmethod
    def _erased(library: Library, kind: str, keys: list[str]) -> Reply:
        if kind == "items":
            library.erase_items(keys)
        else:
            library.erase_collections(keys)
        return Reply(204, "", {"Last-Modified-Version": str(library.version)})

    def _erase_tags(self, request: Request, library: Library) -> Reply:
        names = request.query.get("tag")
        if not names:
            raise Failure(400, "'tag' not provided")
        writing.check_library(library, request.version("If-Unmodified-Since-Version"))
        library.erase_tags(name.strip() for name in names.split("||"))
        return Reply(204, "", {"Last-Modified-Version": str(library.version)})

    # Files: only what an upload says about itself, not its bytes

    def _file(self, request: Request, library: Library, kind: str, key: str) -> Reply:
        item = self._find(library, kind, key)
        if not {"if-match", "if-none-match"} & set(request.headers):
            raise Failure(428, "If-Match/If-None-Match header not provided")
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        if "upload" in form:
            owner, form = self.uploads.pop(form["upload"], ("", {}))
            if owner != key:
                raise Failure(400, "Upload key not found")
            self.files.add(form["md5"])
            return Reply(204, "", self._filed(library, item, form))
        if form["md5"] in self.files:
            return Reply(200, {"exists": 1}, self._filed(library, item, form))
        upload = token_hex(16)
        self.uploads[upload] = (key, form)
        return Reply(200, {"url": f"{request.base}/zfs", "params": _form(form["md5"]), "uploadKey": upload})

    @staticmethod
    def _filed(library: Library, item: Thing, form: dict[str, str]) -> dict[str, str]:
        item.data |= {"md5": form["md5"], "mtime": int(form["mtime"]), "filename": form["filename"]}
        item.size = int(form["filesize"])
        item.version = library.bump()
        return {"Last-Modified-Version": str(item.version)}


def _form(md5: str) -> Data:
    """The form fields that an upload to storage has to send."""
    fixed = {"acl": "private", "success_action_status": "201", "policy": "", "x-amz-algorithm": "AWS4-HMAC-SHA256"}
    fixed |= dict.fromkeys(("x-amz-credential", "x-amz-date", "x-amz-signature"), "test")
    return {"key": md5, "Content-MD5": b64encode(bytes.fromhex(md5)).decode()} | fixed
