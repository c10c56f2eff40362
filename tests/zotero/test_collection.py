"""One collection: the commands read and write it alone, with those below it."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import LIBRARY, PATH, sync, sync_json, text, write
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")

THESIS, CHAPTER, OTHER = "THESAAAA", "CHAPAAAA", "THERAAAA"


def paper(key: str, title: str, *collections: str, **more: Any) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    given = {
        "dateAdded": "2020-01-01T00:00:00Z",
        "itemType": "book",
        "title": title,
        "creators": [author],
        "date": "2020",
        "citationKey": key.lower(),
    }
    return {"key": key, "version": 0, **given, "collections": list(collections), **more}


@pytest.fixture(autouse=True)
def library(server: Server) -> Server:
    server.add(PATH, {"key": THESIS, "version": 0, "name": "Thesis"}, kind="collections")
    server.add(PATH, {"key": CHAPTER, "version": 0, "name": "One", "parentCollection": THESIS}, kind="collections")
    server.add(PATH, {"key": OTHER, "version": 0, "name": "Other"}, kind="collections")
    server.add(
        PATH,
        paper("KELPAAAA", "Kelp forests of the north", THESIS),
        paper("SANDAAAA", "Shells and sand of beaches", CHAPTER),
        paper("TIDEAAAA", "Tides in bays and harbours", OTHER),
        paper("FAMAAAAA", "Foam on the waves of winter"),
    )
    return server


def in_collections(server: Server, key: str) -> list[str]:
    found: list[str] = server.library(PATH).items[key].data["collections"]
    return found


@pytest.mark.parametrize("named", ["Thesis", THESIS])
def test_a_sync(server: Server, capsys: pytest.CaptureFixture[str], named: str) -> None:
    write(
        "@book{tideaaaa, title = {Tides in bays and harbours}, author = {Roe, Ann}, year = 2020}\n"
        "@book{crabs, title = {On crabs that climb the pier}, year = 2021}\n"
    )
    report = sync_json(capsys, "--collection", named)
    assert (report["review"], report["file_added"], report["library_created"]) == ([], 2, 1)
    assert "kelpaaaa" in text()
    assert "sandaaaa" in text()
    assert "famaaaaa" not in text()
    assert in_collections(server, "TIDEAAAA") == [OTHER, THESIS]
    (crabs,) = (item for item in server.library(PATH).items.values() if item.data.get("citationKey") == "crabs")
    assert crabs.data["collections"] == [THESIS]
    server.clear()
    assert sync("--collection", named) == 0
    assert server.count(write=True) == 0
    assert main(["undo"]) == 0
    assert in_collections(server, "TIDEAAAA") == [OTHER]


def test_groups_beside_the_collection(server: Server) -> None:
    write("@book{kelpaaaa, title = {Kelp forests of the north}, author = {Roe, Ann}, year = 2020, groups = {Sea}}\n")
    assert sync("--collection", "Thesis") == 0
    names = {c.key: c.data["name"] for c in server.library(PATH).collections.values()}
    assert [names[key] for key in in_collections(server, "KELPAAAA")] == ["Thesis", "Sea"]
    assert "groups = {One}" in text()


def test_removed_from_the_collection(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert sync("--collection", "Thesis") == 0
    server.edit(PATH, "KELPAAAA", collections=[], volume="7")
    capsys.readouterr()
    assert sync("--collection", "Thesis") == 0
    assert "'kelpaaaa' is no longer in the collection" in capsys.readouterr().err
    assert "volume = {7}" in text()
    assert in_collections(server, "KELPAAAA") == []


def test_a_small_file_gets_no_large_library_unasked(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, *(paper(f"LARG{n:04}".translate(str.maketrans("01", "XY")), f"Large {n}") for n in range(22, 80)))
    write("@book{kelpaaaa, title = {Kelp forests of the north}, author = {Roe, Ann}, year = 2020}\n")
    before = text()
    report = sync_json(capsys)
    (asked,) = report["review"]
    assert (asked["kind"], asked["key"], report["file_added"], text()) == ("addition", "new-entries", 0, before)
    assert sync() == 3
    assert "new-entries" in capsys.readouterr().out
    assert sync("--take", "new-entries=ours") == 0
    assert text() == before
    assert sync("--take", "new-entries=theirs") == 0
    assert text().count("@book") == 62


def test_a_push(server: Server) -> None:
    Path("a.bib").write_text(
        "@book{famaaaaa, title = {Foam on the waves of winter}, author = {Roe, Ann}, year = 2020}\n"
        "@book{crabs, title = {On crabs that climb the pier}, year = 2021}\n",
        encoding="utf-8",
    )
    assert main(["push", "a.bib", LIBRARY, "--no-tags", "--collection", "Thesis"]) == 0
    placed = {item.data.get("citationKey"): item.data["collections"] for item in server.library(PATH).items.values()}
    assert (placed["famaaaaa"], placed["crabs"], placed["tideaaaa"]) == ([THESIS], [THESIS], [OTHER])
    server.clear()
    assert main(["push", "a.bib", LIBRARY, "--no-tags", "--collection", "Thesis"]) == 0
    assert server.count(write=True) == 0
    assert main(["push", "a.bib", LIBRARY, "--no-tags", "--collection", "Nowhere"]) == 2


def test_merging(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    doubles = {"KELPBBBB": ("Kelp forests of the north", CHAPTER), "TIDEBBBB": ("Tides in bays and harbours", OTHER)}
    server.add(PATH, *(paper(key, title, where, ISBN="978-0-306-40615-7") for key, (title, where) in doubles.items()))
    for key in doubles:
        server.edit(PATH, key, dateAdded="2021-01-01T00:00:00Z")
    assert main(["dedupe", LIBRARY, "--collection", "Thesis", "--apply"]) == 0
    items = server.library(PATH).items
    assert [key for key, item in items.items() if item.data.get("deleted")] == ["KELPBBBB"]
    assert main(["dedupe", "a.bib", "--collection", "Thesis"]) == 2


def test_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", LIBRARY, "--collection", "Thesis", "--format", "json"]) == 0
    assert '"records": 2' in json.dumps(json.loads(capsys.readouterr().out))
