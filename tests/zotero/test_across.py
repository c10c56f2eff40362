"""Two libraries: what is in both is reported, and what one has is copied to the other; nothing is deleted in either."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")

MINE, OURS = "users/12345", "groups/7"


def paper(title: str, doi: str, **more: Any) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    return {"itemType": "journalArticle", "title": title, "DOI": doi, "creators": [author], "date": "2020", **more}


@pytest.fixture(autouse=True)
def libraries(server: Server) -> None:
    kelp = paper("Learning of kelp forests by their growth", "10.1000/kelp")
    server.add(MINE, kelp, paper("Sorting shells by their colours", "10.1000/shell", citationKey="roe2020"))
    server.add(MINE, {"itemType": "webpage", "title": "Buoys and where they are", "url": "https://buoys.example"})
    server.add(MINE, {"itemType": "preprint", "title": "Foam", "archiveID": "hal-0123", "repository": "HAL"})
    server.add(MINE, {"itemType": "document", "title": "A letter about anchors", "url": "https://anchors.example"})
    server.add(MINE, {"itemType": "thesis", "title": "On the sand of beaches", "thesisType": "Master thesis"})
    server.add(MINE, {"itemType": "report", "title": "Harbours in winter", "date": "05/06/2019"})
    server.add(OURS, {**kelp, "volume": "7"})


def test_what_is_in_both(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "zotero:user/12345", "zotero:group/7", "--format", "json"]) == 0
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    assert [member["source"] for member in cluster["members"]] == ["zotero:user/12345", "zotero:group/7"]
    assert main(["dedupe", "zotero:user/12345", "zotero:group/7", "--apply"]) == 2
    assert server.count(write=True) == 0


def test_a_copy(server: Server) -> None:
    before = server.library(MINE).snapshot()
    for _ in range(2):
        assert main(["push", "zotero:user/12345", "zotero:group/7", "--no-tags"]) == 0
        copies = {thing.data["title"]: thing.data for thing in server.library(OURS).items.values()}
        assert len(copies) == len(server.library(OURS).items) == 7
    assert copies["Learning of kelp forests by their growth"]["volume"] == "7"
    assert copies["Sorting shells by their colours"]["citationKey"] == "roe2020"
    kinds = {title: item["itemType"] for title, item in copies.items()}
    assert (kinds["Buoys and where they are"], kinds["A letter about anchors"]) == ("webpage", "document")
    assert (copies["Foam"]["archiveID"], copies["Foam"]["repository"]) == ("hal-0123", "HAL")
    assert copies["On the sand of beaches"]["thesisType"] == "Master thesis"
    assert copies["Harbours in winter"]["date"] == "05/06/2019"
    assert [item.get("extra", "") for item in copies.values()] == [""] * 7
    assert server.library(MINE).snapshot() == before
    assert not any(item.get("deleted") for item in copies.values())


def test_what_the_library_has_already(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """For an unchanged library, `--against` takes one conditional request beside the one that checks the key."""
    Path("new.bib").write_text(
        "@article{a, title = {Learning of kelp forests by their growth}, doi = {10.1000/KELP}}\n", encoding="utf-8"
    )
    assert main(["dedupe", "new.bib", "--against", "zotero:user/12345"]) == 0
    server.clear()
    assert main(["dedupe", "new.bib", "--against", "zotero:user/12345", "--format", "json"]) == 0
    assert [(entry.path, entry.status) for entry in server.log] == [("/keys/current", 200), (f"/{MINE}/items", 304)]
