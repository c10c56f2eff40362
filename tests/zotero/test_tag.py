"""`refsync tag zotero:LIB --apply`: areas as automatic tags of what is in the library."""

from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero_server import Server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
PAPER: dict[str, Any] = {
    "itemType": "preprint",
    "title": "Segmentation of images with convolutional neural networks",
    "abstractNote": "We segment images of objects with convolutional neural networks and show better accuracy on "
    "benchmarks of semantic segmentation.",
    "tags": [{"tag": "mine"}],
    "archiveID": "arXiv:2101.00001",
    "repository": "arXiv",
}

pytestmark = pytest.mark.usefixtures("client_environment")


def test_tags_what_is_there(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key, shells) = server.add(PATH, PAPER, {"itemType": "book", "title": "Shells"})
    before = server.library(PATH).snapshot()
    assert main(["tag", LIBRARY, "--apply", "--collections"]) == 0
    item = server.library(PATH).items[key].data
    assert {"tag": "area:cs.CV", "type": 1} in item["tags"]
    assert {"tag": "mine"} in item["tags"]
    names = {collection.key: collection.data["name"] for collection in server.library(PATH).collections.values()}
    assert any("cs.CV" in names[one] for one in item["collections"])
    assert server.library(PATH).items[shells].data["tags"] == []
    server.clear()
    assert main(["tag", LIBRARY, "--apply", "--collections"]) == 0
    assert server.count(write=True) == 0
    assert main(["undo"]) == 0
    after = server.library(PATH).snapshot()
    assert after["items"] == before["items"]
    assert all(collection["deleted"] for collection in after["collections"].values())


def test_an_interrupted_run_is_finished(server: Server) -> None:
    (key,) = server.add(PATH, PAPER)
    server.fail("409", method="POST")
    assert main(["tag", LIBRARY, "--apply"]) == 3
    assert main(["apply", "--resume"]) == 0
    assert {"tag": "area:cs.CV", "type": 1} in server.library(PATH).items[key].data["tags"]


def test_wrong_usage(server: Server) -> None:
    Path("a.bib").write_text("@misc{a, title = {Kelp}}\n", encoding="utf-8")
    assert main(["tag", "a.bib", "--apply"]) == 2
    assert main(["tag", LIBRARY, "--apply", "-o", "out.bib"]) == 2
