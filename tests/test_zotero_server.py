"""The test server against recorded exchanges with a real server, and its own levers."""

import gzip
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from zotero_server import Server, rights, zotero_server
from zotero_server.app import handle
from zotero_server.faults import SIMPLE
from zotero_server.http import Reply, Request
from zotero_server.reading import Query
from zotero_server.state import Library, World, new_key

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "zotero" / "recorded"
FILES = ("pyzotero_live", "edge", "limits", "merge", "more")  # in the order in which they were recorded
RW, RO = "RefSyncRWKey000000000001", "RefSyncROKey000000000002"
Exchange = dict[str, Any]
needs_recordings = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded exchanges aren't here")

# Where a reply may differ: (file, number) -> why. Everything else has to be equal.
ALLOWED = {
    ("edge", 82): "two of the nine tags, in an order of the real server's that nothing explains; here: latest first",
}

# Headers that recordings leave out, by label.
KEY_OF = {"no key": "", "bad key": "x" * 24, "read-only key write": RO, "read-only keys/current": RO}
VERSION_OF = {"API v2 header": "2", "API v4 header": "4"}
FAULTS = {("limits", n): ("429", 10) for n in (0, 1, 4, 5, 7)} | {("limits", 9): ("503", None)}


def recorded(name: str) -> list[Exchange]:
    with gzip.open(RECORDED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except ValueError:
        return text or ""


def objects(value: Any) -> Iterator[Exchange]:
    """All API objects in a body."""
    if isinstance(value, list):
        for one in value:
            yield from objects(one)
    elif isinstance(value, dict):
        if "data" in value and "library" in value:
            yield value
        else:
            for one in value.values():
                yield from objects(one)


def times_of_changes() -> Iterator[tuple[tuple[str, int], str]]:
    """When libraries came to their versions, as told by the objects that have them."""
    for name in FILES:
        for exchange in recorded(name):
            for found in objects(parsed(exchange["resp_body"])):
                library = found["library"]
                yield (f"{library['type']}s/{library['id']}", found["version"]), found["data"].get("dateModified", "")


# Changes that no reply shows before the object changed again.
UNTOLD = {("users/1", 244): "2026-11-21T23:54:06Z", ("users/1", 253): "2026-11-21T23:54:07Z"}


class Story:
    """One server that lives through all recordings; keys it makes up are the recorded ones."""

    def __init__(self) -> None:
        self.world = World()
        self.coming: list[str] = []
        self.uploads: dict[str, str] = {}  # upload keys as recorded -> as made here
        self.times = UNTOLD | dict(times_of_changes())
        self.world.users = {1: "refsync", 2: "other"}
        for kind, number, name, slug in (
            ("users", 1, "Ref Sync", "refsync"),
            ("users", 2, "Other", "other"),
            ("groups", 100, "Test Group", ""),
        ):
            library = Library(kind, number, name, slug, self.next_key)
            library.now = partial(self.now, library)
            self.world.libraries[library.path] = library
        self.world.keys = {RW: rights(1), RO: rights(1, write=False, groups={})}
        self.library = self.world.libraries["users/1"]

    def next_key(self) -> str:
        return self.coming.pop(0) if self.coming else new_key()

    def now(self, library: Library) -> str:
        """The time at which the real library came to the version that this one has now."""
        return self.times.get((library.path, library.version), "2026-11-22T00:22:00Z")

    def wipe(self, version: int) -> None:
        """Between two recordings the library was emptied or changed unseen."""
        self.library.items.clear()
        self.library.collections.clear()
        self.library.below.clear()
        for gone in self.library.deleted.values():
            gone.clear()
        self.library.version = version

    def bridge(self, name: str, n: int, exchange: Exchange) -> None:
        if (name, n) == ("pyzotero_live", 0):
            self.wipe(123)
        elif (name, n) == ("edge", 0):
            self.library.version, self.library.items["SZBE8N4X"].version = 304, 303
        elif (name, n) == ("limits", 10):
            self.coming = [*(new_key() for _ in range(249)), "22WJDAAE"]
            for _ in range(250):
                handle(
                    self.world,
                    self.request(
                        {
                            "method": "POST",
                            "url": "http://zotero.test/users/1/items",
                            "req_headers": {},
                            "req_body": '[{"itemType":"book","title":"x"}]',
                        }
                    ),
                )
        elif (name, n) == ("merge", 0):
            self.wipe(598)
        elif (name, n) == ("more", 0):
            self.wipe(644)

    def request(self, exchange: Exchange) -> Request:
        label = exchange.get("label", "")
        url = urlsplit(exchange["url"])
        key = KEY_OF.get(label, RW)
        headers = {"host": "zotero.test"} | {k.lower(): v for k, v in exchange["req_headers"].items()}
        if key:
            headers |= {"authorization": f"Bearer {key}"} if label == "bearer auth" else {"zotero-api-key": key}
        if label in VERSION_OF:
            headers["zotero-api-version"] = VERSION_OF[label]
        query = Query(tuple(parse_qsl(url.query, keep_blank_values=True)))
        return Request(exchange["method"], url.path, query, headers, self.own(exchange["req_body"] or "").encode())

    def own(self, body: str) -> str:
        """A body as a client of this server would send it: with the upload keys that it gave out."""
        for theirs, ours in self.uploads.items():
            body = body.replace(theirs, ours)
        return body

    def answer(self, name: str, n: int, exchange: Exchange) -> Reply:
        self.bridge(name, n, exchange)
        if (name, n) in FAULTS:
            how, after = FAULTS[name, n]
            return SIMPLE[how](after)
        body = parsed(exchange["resp_body"])
        done = body.get("success", {}) if isinstance(body, dict) else {}
        sent = parsed(exchange["req_body"])
        self.coming = [
            done[i] for i in sorted(done, key=int) if "key" not in (sent[int(i)].get("data") or sent[int(i)])
        ]
        reply = handle(self.world, self.request(exchange))
        if isinstance(body, dict) and "uploadKey" in body:
            self.uploads[body["uploadKey"]] = reply.body["uploadKey"]
        if (name, n) == ("limits", 11):
            reply.headers["Backoff"] = "3"
        return reply


def plain(value: Any) -> Any:
    """A body without what can't be equal: tokens, keys of what was refused, translated texts; lists are sorted."""
    if isinstance(value, dict):
        return {
            k: "*"
            if k in ("localized", "uploadKey", "policy", "created", "lastModified") or k.startswith("x-amz-")
            else plain(v)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return sorted((plain(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    if isinstance(value, str):
        return re.sub(r"item '1/\w{8}'", "item '1/<new>'", value)
    return value


HEADERS = (
    "content-type",
    "last-modified-version",
    "total-results",
    "link",
    "backoff",
    "retry-after",
    "allow",
    "zotero-api-version",
    "zotero-schema-version",
)


def differences(got: Reply, exchange: Exchange) -> list[str]:
    out = []
    if got.status != exchange["status"]:
        out.append(f"status {got.status}, not {exchange['status']}: {got.body}")
    headers = {
        k.lower(): v
        for k, v in (
            {}
            if got.status == 304
            else {"content-type": "text/html; charset=UTF-8"} | {k.lower(): v for k, v in got.headers.items()}
        ).items()
    }
    theirs = {k.lower(): v for k, v in exchange["resp_headers"].items()}
    out += [f"{h}: {headers.get(h)}, not {theirs.get(h)}" for h in HEADERS if headers.get(h) != theirs.get(h)]
    ours, other = plain(parsed(got.encoded().decode())), plain(parsed(exchange["resp_body"]))
    if isinstance(ours, str) and isinstance(other, str) and " " not in ours:
        ours, other = sorted(ours.split()), sorted(other.split())
    if ours != other and got.status not in (204, 304):
        out += list(where(ours, other))[:5]
    return out


def where(a: Any, b: Any, path: str = "body") -> Iterator[str]:
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted({*a, *b}):
            if k not in a or k not in b:
                yield f"{path}.{k} is {'missing' if k not in a else 'too much'}: {str(b.get(k, a.get(k)))[:80]}"
            else:
                yield from where(a[k], b[k], f"{path}.{k}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from where(x, y, f"{path}[{i}]")
    elif a != b:
        yield f"{path}: {str(a)[:120]!r}, not {str(b)[:120]!r}"


@cache
def replay() -> dict[tuple[str, int], list[str]]:
    """What differs, by file and number of the exchange."""
    story, out = Story(), {}
    for name in FILES:
        for n, exchange in enumerate(recorded(name)):
            out[name, n] = differences(story.answer(name, n, exchange), exchange)
    return out


@needs_recordings
@pytest.mark.parametrize("name", FILES)
def test_answers_as_recorded(name: str) -> None:
    wrong = {n: found for (file, n), found in replay().items() if file == name and found and (file, n) not in ALLOWED}
    assert not wrong


@needs_recordings
def test_what_may_differ_does() -> None:
    assert [place for place in ALLOWED if not replay()[place]] == []


def test_faults_strike_once_and_where_they_were_told() -> None:
    with zotero_server() as server, client(server) as http:
        server.fail("reset-before", n=2, method="write")
        server.fail("503", path="/collections")
        assert http.post("/users/12345/items", json=[book("one")]).status_code == 200
        assert http.get("/users/12345/items").status_code == 200
        with pytest.raises(httpx2.TransportError):
            http.post("/users/12345/items", json=[book("two")])
        assert http.get("/users/12345/collections").status_code == 503
        assert http.get("/users/12345/collections").status_code == 200
        assert titles(server) == ["one"]
        assert [(e.method, e.status, e.fault) for e in server.log if e.write] == [
            ("POST", 200, ""),
            ("POST", 0, "reset-before"),
        ]
        assert server.count(path="/collections") == 2


@pytest.mark.parametrize("how", ["reset-after", "truncate", "timeout-after", "500-after", "429-after"])
def test_a_write_may_take_effect_unheard(how: str) -> None:
    with zotero_server() as server, client(server) as http:
        server.fail(how)
        try:
            assert http.post("/users/12345/items", json=[book("done")]).status_code in (429, 500)
        except httpx2.TransportError:
            assert how in ("reset-after", "truncate", "timeout-after")
        assert titles(server) == ["done"]


def test_asks_to_wait() -> None:
    with zotero_server() as server, client(server) as http:
        server.fail("429", retry_after=7)
        server.fail("429", n=2)
        server.fail("backoff", n=3, retry_after=4)
        first, second, third = (http.get("/users/12345/items") for _ in range(3))
        assert (first.status_code, first.headers.get("retry-after")) == (429, "7")
        assert (second.status_code, second.headers.get("retry-after")) == (429, None)
        assert (third.status_code, third.headers["backoff"]) == (200, "4")


def test_somebody_else_edits_in_the_middle() -> None:
    with zotero_server() as server, client(server) as http:
        (key,) = server.add("users/12345", book("mine"))
        version = server.library("users/12345").items[key].version
        server.before(1, lambda: server.edit("users/12345", key, title="theirs"), method="PATCH")
        reply = http.patch(f"/users/12345/items/{key}", json={"title": "stale", "version": version})
        assert (reply.status_code, reply.headers["last-modified-version"]) == (412, str(version + 1))
        assert titles(server) == ["theirs"]


def test_keys_and_what_they_may_do() -> None:
    keys = {"reader": rights(12345, write=False), "lonely": rights(12345, groups={"100": {"library": True}})}
    with zotero_server(groups={100: "Lab", 200: "Other lab"}, keys=keys) as server, client(server) as http:
        as_reader, as_lonely = {"Zotero-API-Key": "reader"}, {"Zotero-API-Key": "lonely"}
        assert http.post("/users/12345/items", json=[book("x")], headers=as_reader).text == "Write access denied"
        assert http.get("/groups/100/items", headers=as_lonely).status_code == 200
        assert http.post("/groups/100/items", json=[book("x")], headers=as_lonely).status_code == 403
        assert http.get("/groups/200/items", headers=as_lonely).status_code == 404
        assert list(http.get("/users/12345/groups?format=versions").json()) == ["100", "200"]
        for _ in range(6):
            assert http.get("/keys/current", headers={"Zotero-API-Key": "wrong"}).status_code == 403
        assert http.get("/keys/current").status_code == 429  # a good key too


def test_at_most_five_requests_at_once() -> None:
    with zotero_server(latency=0.3) as server, client(server) as http, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: http.get("/users/12345/items"), range(8)))
        assert sorted(r.status_code for r in replies) == [200] * 5 + [429] * 3
        assert all("retry-after" in r.headers for r in replies if r.status_code == 429)


def test_the_schema_is_sent_once() -> None:
    with zotero_server() as server, client(server) as http:
        reply = http.get("/schema")
        assert len(reply.json()["itemTypes"]) == 40
        assert http.get("/schema", headers={"If-None-Match": reply.headers["etag"]}).status_code == 304


def client(server: Server) -> httpx2.Client:
    return httpx2.Client(base_url=server.url, headers={"Zotero-API-Key": server.key}, timeout=1)


def book(title: str) -> Exchange:
    return {"itemType": "book", "title": title}


def titles(server: Server) -> list[str]:
    return [item.data["title"] for item in server.library("users/12345").items.values()]
