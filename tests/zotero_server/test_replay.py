"""The test server compared with recorded exchanges with a real server, and its methods for tests."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import httpx2
import pytest

from tests.paths import SHARED
from tests.zotero_server import Limit, Server, replay, rights, zotero_server

RECORDED = SHARED / "zotero" / "recorded"
needs_recordings = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded exchanges aren't here")
differing = cache(replay.replay)


@needs_recordings
@pytest.mark.parametrize("name", replay.FILES)
def test_answers_as_recorded(name: str) -> None:
    found = {place: differs for place, differs in differing(RECORDED).items() if place[0] == name and differs}
    assert {place: differs for place, differs in found.items() if place not in replay.ALLOWED} == {}
    assert {place for place in replay.ALLOWED if place[0] == name} == set(found)  # no more is allowed than needed


def test_faults_happen_once_and_at_matching_requests() -> None:
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
def test_a_write_may_take_effect_without_a_response(how: str) -> None:
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


def test_an_edit_of_another_client_in_the_middle() -> None:
    with zotero_server() as server, client(server) as http:
        (key,) = server.add("users/12345", book("mine"))
        version = server.library("users/12345").items[key].version
        server.before(1, lambda: server.edit("users/12345", key, title="theirs"), method="PATCH")
        reply = http.patch(f"/users/12345/items/{key}", json={"title": "stale", "version": version})
        assert (reply.status_code, reply.headers["last-modified-version"]) == (412, str(version + 1))
        assert titles(server) == ["theirs"]


def test_keys_and_their_rights() -> None:
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


def test_more_requests_than_the_limit_are_refused() -> None:
    with zotero_server(limit=Limit(burst=2, per_second=0.001)) as server, client(server) as http:
        replies = [http.get("/users/12345/items") for _ in range(3)]
        assert [(r.status_code, r.headers.get("retry-after")) for r in replies] == [(200, None)] * 2 + [(429, "10")]


def test_the_schema_is_sent_once() -> None:
    with zotero_server() as server, client(server) as http:
        reply = http.get("/schema")
        assert len(reply.json()["itemTypes"]) == 40
        assert http.get("/schema", headers={"If-None-Match": reply.headers["etag"]}).status_code == 304


def client(server: Server) -> httpx2.Client:
    return httpx2.Client(base_url=server.url, headers={"Zotero-API-Key": server.key}, timeout=1)


def book(title: str) -> dict[str, str]:
    return {"itemType": "book", "title": title}


def titles(server: Server) -> list[str]:
    return [item.data["title"] for item in server.library("users/12345").items.values()]


def test_requests_refused_before_any_endpoint() -> None:
    with zotero_server() as server, client(server) as http:
        assert http.get("/keys/current?key=another").status_code == 400
        assert http.post("/users/12345/items", json=[], headers={"Expect": "100-continue"}).status_code == 417
        zipped = gzip.compress(json.dumps([book("zipped")]).encode())
        assert http.post("/users/12345/items", content=zipped, headers={"Content-Encoding": "gzip"}).status_code == 200
        assert titles(server) == ["zipped"]


def test_a_key_without_notes_sees_none() -> None:
    with zotero_server(keys={"blind": rights(12345, notes=False)}) as server, client(server) as http:
        parent, note = server.add("users/12345", book("a"), {"itemType": "note", "note": "<p>x</p>"})
        as_blind = {"Zotero-API-Key": "blind"}
        assert list(http.get("/users/12345/items?format=versions", headers=as_blind).json()) == [parent]
        assert http.get(f"/users/12345/items/{note}", headers=as_blind).status_code == 404


def test_creators_and_fields_follow_a_change_of_type() -> None:
    film = {"itemType": "film", "title": "t", "distributor": "d", "creators": [named("director"), named("producer")]}
    with zotero_server() as server:
        (key,) = server.add("users/12345", film)
        server.edit("users/12345", key, itemType="book")
        data = server.library("users/12345").items[key].data
        assert data["publisher"] == "d"
        assert [c["creatorType"] for c in data["creators"]] == ["author", "contributor"]


def test_restores_a_saved_state() -> None:
    with zotero_server() as server, client(server) as http:
        (key,) = server.add("users/12345", book("before"))
        state, content = server.save(), server.library("users/12345").snapshot()
        version = server.edit("users/12345", key, title="after", deleted=True)
        assert server.library("users/12345").snapshot() != content
        server.restore(state)
        assert server.library("users/12345").snapshot() == content
        assert http.get(f"/users/12345/items/{key}").json()["version"] == version - 1


def named(kind: str) -> dict[str, str]:
    return {"creatorType": kind, "firstName": "Ada", "lastName": "Kelp"}
