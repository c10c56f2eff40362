"""What a real server was observed to do, beside the recorded exchanges: relations, rights, cleaned values, refusals."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.zotero_server import Group, Server, rights, zotero_server

ADMIN, MEMBER, STRANGER, BLIND = "A" * 24, "M" * 24, "S" * 24, "B" * 24
ONE, TWO, THREE = "AAAAAAAA", "BBBBBBBB", "CCCCCCCC"
URI = "http://zotero.org/users/12345/items/"
USER, GROUP = "/users/12345", "/groups/7"


@pytest.fixture
def server() -> Iterator[Server]:
    keys = {ADMIN: rights(12345), MEMBER: rights(2), STRANGER: rights(3), BLIND: rights(12345, notes=False)}
    with zotero_server({12345: "ada", 2: "eve", 3: "kim"}, {7: "Lab"}, keys) as server:
        server.library("groups/7").group = Group(owner=12345, members=[2])
        yield server


@pytest.fixture
def http(server: Server) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=server.url, headers={"Zotero-API-Key": ADMIN}, timeout=5) as client:
        yield client


def book(key: str = "", **more: Any) -> dict[str, Any]:
    return {"itemType": "book", "title": "t", **({"key": key, "version": 0} if key else {}), **more}


def relation(*keys: str) -> dict[str, Any]:
    return {"relations": {"dc:relation": [URI + key for key in keys]}}


def post(http: httpx2.Client, *objects: dict[str, Any], path: str = f"{USER}/items", **headers: str) -> Any:
    return http.post(path, json=list(objects), headers=headers).json()


def data(http: httpx2.Client, key: str, path: str = USER) -> Any:
    return http.get(f"{path}/items/{key}").json()["data"]


def failure(report: Any) -> tuple[int, str]:
    (failed,) = report["failed"].values()
    return failed["code"], failed["message"]


def shown_relations(http: httpx2.Client, key: str) -> list[str]:
    shown = data(http, key)["relations"].get("dc:relation", [])
    return [uri.removeprefix(URI) for uri in ([shown] if isinstance(shown, str) else shown)]


def test_a_relation_is_one_row_of_its_subject(http: httpx2.Client) -> None:
    post(http, book(ONE), book(TWO))
    post(http, {"key": TWO, "version": 2, **relation(ONE)})
    assert (shown_relations(http, ONE), shown_relations(http, TWO)) == ([TWO], [ONE])
    for _ in range(2):  # the row is the other's: each write is done, and nothing changes
        version = data(http, ONE)["version"]
        report = post(http, {"key": ONE, "version": version, "relations": {}})
        assert report["successful"]["0"]["version"] > version
        assert (shown_relations(http, ONE), shown_relations(http, TWO)) == ([TWO], [ONE])
    post(http, {"key": TWO, "version": data(http, TWO)["version"], "relations": {}})
    assert (shown_relations(http, ONE), shown_relations(http, TWO)) == ([], [])


def test_a_new_relation_changes_the_version_of_both(http: httpx2.Client) -> None:
    post(http, book(ONE), book(TWO))
    post(http, {"key": TWO, "version": 2, **relation(ONE)})
    assert data(http, ONE)["version"] == data(http, TWO)["version"] == 3


def test_a_relation_to_an_item_of_the_same_request(http: httpx2.Client) -> None:
    post(http, book(ONE, **relation(TWO)), book(TWO))
    assert (shown_relations(http, ONE), shown_relations(http, TWO)) == ([TWO], [ONE])


def test_a_mutual_relation_is_unchanged_at_the_second_object(http: httpx2.Client) -> None:
    post(http, book(ONE), book(TWO))
    report = post(http, {"key": ONE, "version": 1, **relation(TWO)}, {"key": TWO, "version": 3, **relation(ONE)})
    assert (list(report["successful"]), report["unchanged"]) == (["0"], {"1": TWO})
    post(http, {"key": ONE, "version": data(http, ONE)["version"], "relations": {}})
    assert shown_relations(http, TWO) == []


def test_erasing_an_item_ends_its_relations(http: httpx2.Client) -> None:
    replaced = {"relations": {"dc:relation": [URI + TWO], "dc:replaces": [URI + TWO]}}
    post(http, book(ONE, **replaced), book(TWO), book(THREE))
    post(http, {"key": TWO, "version": data(http, TWO)["version"], **relation(ONE, THREE)})
    http.delete(f"{USER}/items?itemKey={TWO}", headers={"If-Unmodified-Since-Version": "1000"})
    assert data(http, ONE)["relations"] == {"dc:replaces": URI + TWO}
    assert shown_relations(http, THREE) == []


def test_my_publications(http: httpx2.Client) -> None:
    post(http, book(ONE, inPublications=True), book(TWO))
    assert data(http, ONE)["inPublications"] is True
    post(http, {"key": ONE, "version": 1, "title": "u"})
    assert data(http, ONE)["inPublications"] is True
    assert "inPublications" not in data(http, TWO)
    note = {"itemType": "note", "note": "x", "inPublications": True}
    assert failure(post(http, note))[0] == 400
    assert failure(post(http, {**note, "parentItem": TWO}))[0] == 400
    assert post(http, {**note, "parentItem": ONE})["successful"]
    assert failure(post(http, book(inPublications=True), path=f"{GROUP}/items"))[0] == 400


def test_a_group_that_only_admins_edit(server: Server, http: httpx2.Client) -> None:
    server.library("groups/7").group.editing = "admins"
    as_member = {"Zotero-API-Key": MEMBER}
    access = http.get("/keys/current", headers=as_member).json()["access"]
    assert access["groups"]["all"] == {"library": True, "write": True}
    assert http.get(f"{GROUP}/items", headers=as_member).status_code == 200
    for reply in (
        http.post(f"{GROUP}/items", json=[book()], headers=as_member),
        http.post(f"{GROUP}/collections", json=[{"name": "c"}], headers=as_member),
        http.delete(f"{GROUP}/items?itemKey={ONE}", headers=as_member),
    ):
        assert (reply.status_code, reply.text) == (403, "Write access denied")
    facts = http.get(GROUP, headers=as_member).json()["data"]
    shown = {name: facts.get(name) for name in ("libraryEditing", "libraryReading", "type", "owner", "members")}
    assert shown == {
        "libraryEditing": "admins",
        "libraryReading": "members",
        "type": "Private",
        "owner": 12345,
        "members": [2],
    }
    assert post(http, book(), path=f"{GROUP}/items")["successful"]  # the owner
    server.library("groups/7").group.admins = [2]
    assert http.get(GROUP, headers=as_member).json()["data"]["admins"] == [2]
    assert http.post(f"{GROUP}/items", json=[book()], headers=as_member).status_code == 200


@pytest.mark.parametrize("key", ["", STRANGER])
def test_a_public_group(server: Server, http: httpx2.Client, key: str) -> None:
    del http.headers["Zotero-API-Key"]
    headers = {"Zotero-API-Key": key} if key else {}
    assert http.get(f"{GROUP}/items", headers=headers).status_code == 404
    server.library("groups/7").group.type = "PublicClosed"
    assert http.get(f"{GROUP}/items", headers=headers).status_code == 404  # its library is for members
    server.library("groups/7").group.reading = "all"
    server.add("groups/7", book(ONE), {"itemType": "note", "note": "n", "parentItem": ONE})
    assert http.get(f"{GROUP}/items?format=versions", headers=headers).json().keys() > {ONE}
    assert http.get(GROUP, headers=headers).status_code == 200
    assert http.post(f"{GROUP}/items", json=[book()], headers=headers).status_code == 403
    assert http.get(f"{USER}/items", headers=headers).status_code == 403


def test_without_notes_they_are_left_out_everywhere(server: Server, http: httpx2.Client) -> None:
    note = {"itemType": "note", "note": "n", "parentItem": ONE}
    server.add("users/12345", book(ONE), {**note, "key": TWO, "version": 0}, {**note, "key": THREE, "version": 0})
    server.library("users/12345").erase_items([THREE])
    blind = {"Zotero-API-Key": BLIND}
    assert list(http.get(f"{USER}/items?format=versions", headers=blind).json()) == [ONE]
    assert http.get(f"{USER}/items/{ONE}/children", headers=blind).json() == []
    assert http.get(f"{USER}/deleted?since=0", headers=blind).json()["items"] == []
    assert http.get(f"{USER}/items/{ONE}", headers=blind).json()["meta"]["numChildren"] == 1
    assert http.get(f"{USER}/deleted?since=0").json()["items"] == [THREE]
    assert "notes" not in http.get("/keys/current", headers=blind).json()["access"]["user"]


def test_values_as_they_are_stored(http: httpx2.Client) -> None:
    creators = [
        {"creatorType": "author", "firstName": "Ann\ufeff", "lastName": "Roe"},
        {"creatorType": "author", "name": "\ufeff"},
    ]
    sent = {"extra": "a\r\nb", "abstractNote": "x\r\n\r\ny", "creators": creators, "date": "2020-00-00 2020"}
    post(http, book(ONE, **sent, accessDate="2020-01-01T01:30:00+02:00"))
    post(http, {"itemType": "note", "note": "<p>a</p>\r\n<p>b</p>", "key": TWO, "version": 0})
    stored = data(http, ONE)
    assert (stored["extra"], stored["abstractNote"], stored["date"]) == ("a\nb", "x\n\ny", "2020")
    assert stored["creators"] == [{"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}]
    assert stored["accessDate"] == "2019-12-31T23:30:00Z"
    assert data(http, TWO)["note"] == "<p>a</p>\n<p>b</p>"


def test_templates_are_accepted_as_they_are(http: httpx2.Client) -> None:
    template = http.get("/items/new?itemType=journalArticle").json()
    (key,) = post(http, template)["success"].values()
    assert data(http, key)["creators"] == []


@pytest.mark.parametrize(
    ("path", "item", "code"),
    [
        (USER, {"itemType": "note", "note": "x", "parentItem": TWO}, 409),
        (GROUP, {"itemType": "attachment", "linkMode": "linked_file", "path": "/a.pdf"}, 400),
        (USER, {"itemType": "annotation", "annotationType": "highlight", "annotationPosition": "{}"}, 400),
        (USER, {"parentItem": THREE, "annotationType": "scribble", "annotationPosition": "{}"}, 400),
        (USER, {"parentItem": THREE, "annotationType": "note", "annotationColor": "red"}, 400),
        (USER, {"parentItem": THREE, "annotationType": "note", "annotationPosition": "page 1"}, 400),
        (USER, {"itemType": "book", "lastRead": 1}, 400),
        (USER, {"itemType": "book", "nobodyKnows": ""}, 400),
    ],
)
def test_refused(server: Server, http: httpx2.Client, path: str, item: dict[str, Any], code: int) -> None:
    file = {"itemType": "attachment", "linkMode": "linked_file", "contentType": "application/pdf", "path": "/a.pdf"}
    server.add("users/12345", book(ONE), {"key": TWO, "version": 0, "itemType": "note", "note": "n"})
    server.add("users/12345", {"key": THREE, "version": 0, "parentItem": ONE, **file})
    assert failure(post(http, {"itemType": "annotation", **item}, path=f"{path}/items"))[0] == code


def test_a_cycle_of_collections_is_broken(http: httpx2.Client) -> None:
    made = [{"key": ONE, "version": 0, "name": "a"}, {"key": TWO, "version": 0, "name": "b", "parentCollection": ONE}]
    post(http, *made, path=f"{USER}/collections")
    post(http, {"key": ONE, "version": 1, "parentCollection": TWO}, path=f"{USER}/collections")
    parents = {c["key"]: c["data"]["parentCollection"] for c in http.get(f"{USER}/collections").json()}
    assert parents == {ONE: TWO, TWO: False}


def test_deleting_tags_needs_a_version(http: httpx2.Client) -> None:
    post(http, book(ONE, tags=[{"tag": "a"}]))
    assert http.delete(f"{USER}/tags?tag=a").status_code == 428
    assert data(http, ONE)["tags"] == [{"tag": "a"}]
    assert http.delete(f"{USER}/tags?tag=a", headers={"If-Unmodified-Since-Version": "1"}).status_code == 204


def test_the_order_of_tags_and_of_collections(http: httpx2.Client) -> None:
    post(http, *({"key": key, "version": 0, "name": key} for key in (ONE, TWO, THREE)), path=f"{USER}/collections")
    post(http, book(THREE, tags=[{"tag": tag} for tag in "bZaA"], collections=[TWO]))
    version = data(http, THREE)["version"]
    post(http, {"key": THREE, "version": version, "collections": [ONE, TWO, THREE]})
    stored = data(http, THREE)
    assert [tag["tag"] for tag in stored["tags"]] == ["A", "Z", "a", "b"]
    assert stored["collections"] == [TWO, ONE, THREE]


def test_the_schema(http: httpx2.Client) -> None:
    assert http.get("/schema").json()["version"] == 41
