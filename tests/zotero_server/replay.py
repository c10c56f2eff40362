"""Replays recorded exchanges with a real server on this one, and lists the differences.

    python -m tests.zotero_server.replay ../shared/zotero/recorded

A recording is a gzipped file with one JSON object per line: method, url, req_headers, req_body, status, resp_headers,
resp_body. The five files record one library in sequence; `Replay.bridge` repeats the changes between them that were not
recorded. The keys that the server generates, and the times of changes, are taken from the recordings, so that
everything can be compared literally.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from . import zotero_server
from .state import Library, new_key, rights

Exchange = dict[str, Any]
Place = tuple[str, int]  # file and number of an exchange
Time = tuple[str, int, str]  # library, its version, the time of that version

FILES = ("pyzotero_live", "edge", "limits", "merge", "more")  # in the order in which they were recorded
READ_WRITE, READ_ONLY = "RefSyncRWKey000000000001", "RefSyncROKey000000000002"
ALLOWED: dict[Place, str] = {
    ("edge", 82): "two of nine tags, which the real server sorts in an unknown order; this one: latest first",
}

# What was not recorded: keys and API versions in headers (by label), and the state of the real server's limits.
KEYS = {"no key": "", "bad key": "x" * 24, "read-only key write": READ_ONLY, "read-only keys/current": READ_ONLY}
API_VERSIONS = {"API v2 header": "2", "API v4 header": "4"}
LIMITS = {("limits", n): ("429", 10) for n in (0, 1, 4, 5, 7)}
LIMITS |= {("limits", 9): ("503", 0), ("limits", 11): ("backoff", 3)}
UNREPORTED_TIMES = [("users/1", 244, "2026-11-21T23:54:06Z")]  # the time of a change that no reply shows
HEADERS = (
    "content-type last-modified-version total-results link backoff retry-after allow zotero-api-version "
    "zotero-schema-version".split()
)
RANDOM = {"uploadKey", "policy", "x-amz-credential", "x-amz-date", "x-amz-signature", "created", "lastModified"}


def recorded(folder: Path, name: str) -> list[Exchange]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def replay(folder: Path) -> dict[Place, list[str]]:
    """The differences at each exchange."""
    recordings = {name: recorded(folder, name) for name in FILES}
    with ExitStack() as stack:
        session = Replay(stack, sorted([*UNREPORTED_TIMES, *_times(recordings)]))
        return {
            (name, n): list(differences(session.answer((name, n), exchange), exchange))
            for name, exchanges in recordings.items()
            for n, exchange in enumerate(exchanges)
        }


class Replay:
    """One server on which all recordings are replayed."""

    def __init__(self, stack: ExitStack, times: list[Time]) -> None:
        keys = {READ_WRITE: rights(1), READ_ONLY: rights(1, write=False, groups={})}
        users = {1: "refsync", 2: "other"}
        self.server = stack.enter_context(zotero_server(users, {100: "Test Group"}, keys))
        self.http = stack.enter_context(httpx2.Client(base_url=self.server.url, timeout=10))
        self.times = times
        self.next_keys: list[str] = []  # the next keys that the server generates
        self.uploads: dict[str, str] = {}  # recorded upload keys, with those of this server
        for library in self.server.world.libraries.values():
            library.make_key, library.now = self.next_key, partial(self.now, library)
        self.library = self.server.library("users/1")
        self.library.name = "Ref Sync"

    def next_key(self) -> str:
        return self.next_keys.pop(0) if self.next_keys else new_key()

    def now(self, library: Library) -> str:
        """The time of the present version in the recordings, or of the latest one before it."""
        return max(time for path, version, time in self.times if path == library.path and version <= library.version)

    def bridge(self, place: Place) -> None:
        """Make the changes before an exchange that were not recorded."""
        if place == ("edge", 0):
            self.library.version, self.library.items["SZBE8N4X"].version = 304, 303
        elif place == ("limits", 10):  # an item is only seen in the counts, but for the last one's key
            self.next_keys = [*(new_key() for _ in range(249)), "22WJDAAE"]
            self.server.add("users/1", *[{"itemType": "book"}] * 250)
        elif place in {("pyzotero_live", 0), ("merge", 0), ("more", 0)}:
            version = {"pyzotero_live": 123, "merge": 598, "more": 644}[place[0]]
            empty = Library("users", 1, "Ref Sync", "refsync", self.next_key, version=version)
            empty.now = partial(self.now, empty)
            self.library = self.server.world.libraries["users/1"] = empty

    def answer(self, place: Place, exchange: Exchange) -> httpx2.Response:
        self.bridge(place)
        if place in LIMITS:
            how, seconds = LIMITS[place]
            self.server.fail(how, retry_after=seconds or None)
        body, sent = _parsed(exchange["resp_body"]), _parsed(exchange["req_body"])
        made = body.get("success", {}) if isinstance(body, dict) else {}
        self.next_keys = [key for i, key in made.items() if "key" not in (sent[int(i)].get("data") or sent[int(i)])]
        reply = self.http.send(self.request(exchange))
        if isinstance(body, dict) and "uploadKey" in body:
            self.uploads[body["uploadKey"]] = reply.json()["uploadKey"]
        return reply

    def request(self, exchange: Exchange) -> httpx2.Request:
        label, url, body = exchange.get("label", ""), urlsplit(exchange["url"]), exchange["req_body"] or ""
        headers = {"Host": url.netloc, **exchange["req_headers"]}
        key = KEYS.get(label, READ_WRITE)
        if key:
            headers |= {"Authorization": f"Bearer {key}"} if label == "bearer auth" else {"Zotero-API-Key": key}
        if label in API_VERSIONS:
            headers["Zotero-API-Version"] = API_VERSIONS[label]
        for theirs, ours in self.uploads.items():
            body = body.replace(theirs, ours)
        path = f"{url.path}?{url.query}" if url.query else url.path
        return self.http.build_request(exchange["method"], path, headers=headers, content=body.encode())


def differences(got: httpx2.Response, exchange: Exchange) -> Iterator[str]:
    """The differences of a reply from the recorded one: status, relevant headers, body."""
    if got.status_code != exchange["status"]:
        yield f"status {got.status_code}, not {exchange['status']}"
    expected = {k.lower(): v for k, v in exchange["resp_headers"].items()}
    yield from (
        f"{h}: {got.headers.get(h)}, not {expected.get(h)}" for h in HEADERS if got.headers.get(h) != expected.get(h)
    )
    yield from _where(_plain(_parsed(got.text)), _plain(_parsed(exchange["resp_body"])))


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except ValueError:
        return text or ""


def _plain(value: Any) -> Any:
    """A body without what can't be equal: random tokens, translated texts, the order of unordered lists."""
    if isinstance(value, dict):
        return {k: "*" if k in RANDOM else _plain(v) for k, v in value.items() if k != "localized"}
    if isinstance(value, list):
        plain = [_plain(v) for v in value]
        unordered = any(isinstance(v, str) or {"localized", "tag"} & set(v) for v in value if isinstance(v, str | dict))
        return sorted(plain, key=lambda v: json.dumps(v, sort_keys=True)) if unordered else plain
    return re.sub(r"item '1/\w{8}'", "item '1/*'", value) if isinstance(value, str) else value


def _where(ours: Any, theirs: Any, path: str = "body") -> Iterator[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for k in {**theirs, **ours}:
            if k not in ours or k not in theirs:
                yield f"{path}.{k} is {'missing' if k not in ours else 'too much'}"
            else:
                yield from _where(ours[k], theirs[k], f"{path}.{k}")
        if ours and all(isinstance(v, int) for v in ours.values()) and list(ours) != list(theirs):
            yield f"{path}: another order"
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for i, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _where(one, other, f"{path}[{i}]")
    elif ours != theirs:
        yield f"{path}: {str(ours)[:120]!r}, not {str(theirs)[:120]!r}"


def _times(recordings: dict[str, list[Exchange]]) -> Iterator[Time]:
    """The times of the libraries' versions, from the objects that have these versions."""
    for exchanges in recordings.values():
        for exchange in exchanges:
            for found in _objects(_parsed(exchange["resp_body"])):
                library = found["library"]
                yield f"{library['type']}s/{library['id']}", found["version"], found["data"].get("dateModified", "")


def _objects(value: Any) -> Iterator[Exchange]:
    """All API objects in a body."""
    if isinstance(value, dict) and {"data", "library"} <= set(value):
        yield value
    elif isinstance(value, list | dict):
        for one in value if isinstance(value, list) else value.values():
            yield from _objects(one)


def main(folder: str) -> None:
    found = replay(Path(folder))
    for name in FILES:
        equal = [not differs for (file, _), differs in found.items() if file == name]
        print(f"{name:14} {sum(equal):4} of {len(equal):3} equal")
    for (name, n), differs in found.items():
        for difference in differs:
            print(f"{name} {n}: {difference} ({ALLOWED.get((name, n), 'not allowed')})")


if __name__ == "__main__":
    main(sys.argv[1])
