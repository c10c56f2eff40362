"""The groups of a file are the collections of a library."""

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import (
    PATH,
    assert_nothing_to_do,
    live_items,
    replace,
    sync,
    text,
    write,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def placed(server: Server) -> dict[str, list[str]]:
    """The names of the collections of each paper."""
    collections = server.library(PATH).collections
    return {
        key: sorted(collections[at].data["name"] for at in item["collections"])
        for key, item in live_items(server).items()
    }


def test_groups_are_collections(server: Server, synced: dict[str, str]) -> None:
    (read_,) = server.add(PATH, {"name": "Read"}, kind="collections")
    (below,) = server.add(PATH, {"name": "Deep", "parentCollection": read_}, kind="collections")
    (comma,) = server.add(PATH, {"name": "Now, soon"}, kind="collections")
    server.edit(PATH, synced["shells"], collections=[below, comma])
    before = text()
    assert sync() == 0
    assert text() == before  # collections are not synced with a file without groups
    replace("mine    = {only here}", "groups  = {Read, Thesis}")
    assert sync() == 0
    assert placed(server) == {"roe2020": ["Read", "Thesis"], "shells": ["Deep", "Now, soon"]}
    assert "groups = {Deep}" in text()
    assert live_items(server)["roe2020"]["extra"] == ""
    replace("groups  = {Read, Thesis}", "groups  = {Thesis}")
    server.edit(PATH, synced["roe2020"], collections=[*live_items(server)["roe2020"]["collections"], below])
    assert sync() == 0
    assert placed(server)["roe2020"] == ["Deep", "Thesis"]
    assert "groups  = {Thesis, Deep}" in text()
    server.library(PATH).erase_collections([below])
    write(text() + "@misc{crabs, title = {On crabs}, groups = {Thesis}}\n")
    assert sync() == 0
    assert placed(server) == {"crabs": ["Thesis"], "roe2020": ["Thesis"], "shells": ["Now, soon"]}
    assert "Deep" not in text()
    assert_nothing_to_do(server)


def test_undo_trashes_collections(server: Server, synced: dict[str, str]) -> None:
    replace("mine    = {only here}", "groups  = {Read}")
    before = text(), live_items(server)["roe2020"]["extra"]
    assert sync() == 0
    assert main(["undo"]) == 0
    assert (text(), live_items(server)["roe2020"]["extra"]) == before
    assert [thing.data.get("deleted") for thing in server.library(PATH).collections.values()] == [True]
    assert sync() == 0
    assert placed(server)["roe2020"] == ["Read"]
    assert len(server.library(PATH).collections) == 1
