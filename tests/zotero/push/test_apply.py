"""Pushing to a Zotero library: each object once, and existing values stay."""

import json
from pathlib import Path
from typing import Any

import pytest

import refsync.zotero.web.http
from refsync.cli import main
from refsync.runs.private_folder import private_folder
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.client import ZoteroClient
from tests.zotero.fault_injection import is_copy_correct
from tests.zotero_server import Server

LIBRARY = "zotero:user/12345"
BIB = r"""
@article{roe2020, author = {Roe, Ann and {Deep Group}}, title = {Learning {BERT} on graphs of kelp},
  journal = {J. Kelp}, year = 2020, doi = {10.1000/kelp.1}, keywords = {graphs; kelp}, mycustom = {kept}}
@inproceedings{poe2021, author = {Poe, Ed}, title = {Sorting shells by their colours}, booktitle = {Proc. of Shells},
  year = 2021, pages = {1--9}, abstract = {We sort shells.}}
@misc{nothing1, note = {no title at all}}
@misc{nothing2, note = {no title either}}
"""


@pytest.fixture(autouse=True)
def input_file(client_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refsync.zotero.web.http, "TIMEOUT", 0.5)
    Path("a.bib").write_text(BIB, encoding="utf-8")


def push(*options: str) -> int:
    return main(["push", "a.bib", LIBRARY, "--no-tags", *options])


def account(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    push("--format", "json", *options)
    return json.loads(capsys.readouterr().out)


def items(server: Server, name: str = LIBRARY) -> dict[str, dict[str, Any]]:
    """The items of the library, without versions and times."""
    stored = {}
    with ZoteroClient(parse_address(name, server.url), server.key) as library:
        page = library.page("items")
        assert page is not None
        for item in page.objects:
            stored[item["key"]] = {
                name: value
                for name, value in item.items()
                if value not in ("", [], {}) and name not in ("version", "dateAdded", "dateModified")
            }
    return stored


def test_a_second_push_sends_nothing(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    first = account(capsys)
    assert (first["created"], first["refused"]) == (4, [])
    assert server.count(write=True) == 1
    before = items(server)
    assert {item.get("title") for item in before.values()} >= {"Learning BERT on graphs of kelp"}
    server.clear()
    second = account(capsys)
    assert (second["created"], second["filled"], second["unchanged"]) == (0, 0, 4)
    assert (server.count(), server.count(write=True)) == (2, 0)
    assert items(server) == before


def test_a_second_push_without_the_local_copy(
    server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    push()
    for path in private_folder(tmp_path, "zotero").iterdir():
        path.unlink()
    server.clear()
    assert account(capsys)["unchanged"] == 4
    assert server.count(write=True) == 0


def received(server: Server) -> list[dict[str, Any]]:
    """The objects that the server received, with their kinds."""
    return [
        {"kind": entry.path.rpartition("/")[2], "object": sent}
        for entry in server.log
        if entry.write
        for sent in entry.json
    ]


def test_the_dry_run_shows_what_is_sent(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """New items, a filled one, related versions, and collections: each object as the server receives it."""
    fields = {"itemType": "journalArticle", "title": "Learning BERT on graphs of kelp", "DOI": "10.1000/kelp.1"}
    server.add("users/12345", fields)
    Path("a.bib").write_text(f"{BIB}{VERSIONS}{AREAS}", encoding="utf-8")
    command = ["push", "a.bib", LIBRARY, "--collections", "--format", "json"]
    server.clear()
    assert main([*command, "--dry-run"]) == 0
    sends = json.loads(capsys.readouterr().out)["sends"]
    assert received(server) == []
    assert main(command) == 0
    assert received(server) == sends
    assert {entry["kind"] for entry in sends} == {"collections", "items"}
    assert any(entry["object"]["version"] for entry in sends)
    assert any("relations" in entry["object"] for entry in sends)


def test_sent_values_are_stored(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    sends = account(capsys, "--dry-run")["sends"]
    push()
    stored = items(server)
    for entry in sends:
        sent = entry["object"]
        assert {name: stored[sent["key"]][name] for name in sent if name != "version"} == {
            name: value for name, value in sent.items() if name != "version"
        }


def test_existing_values_stay_and_missing_ones_are_filled(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key,) = server.add(
        "users/12345",
        {
            "itemType": "journalArticle",
            "title": "Learning BERT on graphs of kelp",
            "DOI": "10.1000/KELP.1",
            "date": "March 2020",
            "tags": [{"tag": "mine"}],
            "extra": "my words",
        },
    )
    result = account(capsys)
    assert (result["created"], result["filled"]) == (3, 1)
    item = items(server)[key]
    assert (item["date"], item["DOI"]) == ("March 2020", "10.1000/KELP.1")
    assert item["publicationTitle"] == "J. Kelp"
    assert item["citationKey"] == "roe2020"
    assert {tag["tag"] for tag in item["tags"]} == {"mine", "graphs", "kelp"}
    assert item["extra"] == "my words\ntex.mycustom: kept"
    server.clear()
    assert account(capsys)["filled"] == 0
    assert account(capsys, "--overwrite")["filled"] == 1
    assert items(server)[key]["date"] == "2020"
    server.clear()
    push("--overwrite")
    assert server.count(write=True) == 0


def test_a_trashed_item_stays_in_the_trash(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    push()
    (key,) = [key for key, item in items(server).items() if item.get("title", "").startswith("Sorting")]
    server.edit("users/12345", key, deleted=1)
    server.clear()
    assert push() == 0
    assert "is in Zotero's trash; left there" in capsys.readouterr().err
    assert server.count(write=True) == 0


def test_a_group(server: Server) -> None:
    assert main(["push", "a.bib", "zotero:group/7", "--no-tags"]) == 0
    assert len(server.library("groups/7").items) == 4


def test_areas_as_tags_and_collections(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(
        "@misc{a, title = {Image segmentation with convolutional networks}, abstract = {We segment images of objects "
        "with convolutional neural networks and show better accuracy on benchmarks of semantic segmentation.}}",
        encoding="utf-8",
    )
    assert main(["push", "a.bib", LIBRARY, "--collections", "Papers"]) == 0
    (item,) = items(server).values()
    areas = [tag for tag in item["tags"] if tag.get("type") == 1]
    assert areas
    assert all(tag["tag"].startswith("area:") for tag in areas)
    assert len(item["collections"]) == len(areas)
    with ZoteroClient(parse_address(LIBRARY, server.url), server.key) as library:
        page = library.page("collections")
        assert page is not None
        names = {found["name"]: found["parentCollection"] for found in page.objects}
    assert names.pop("Papers") is False
    assert len(names) == len(areas)
    server.clear()
    assert main(["push", "a.bib", LIBRARY, "--collections", "Papers"]) == 0
    assert server.count(write=True) == 0


AREAS = (
    "@misc{a, title = {Image segmentation with convolutional networks}, abstract = {We segment images of objects with "
    "convolutional neural networks and show better accuracy on benchmarks of semantic segmentation.}}"
)


def live_collections(server: Server) -> list[str]:
    stored = server.library("users/12345").collections.values()
    return sorted(item.data["name"] for item in stored if not item.data.get("deleted"))


def test_undo_trashes_unused_collections(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(AREAS, encoding="utf-8")
    command = ["push", "a.bib", LIBRARY, "--collections"]
    assert main(command) == 0
    made = live_collections(server)
    assert made[-1] == "refsync"
    capsys.readouterr()
    assert main(["undo"]) == 0
    assert f"1 item and {len(made)} collections as before the run" in capsys.readouterr().out
    assert live_collections(server) == []
    assert main(command) == 0  # the paper stays in the trash, and so do they
    assert live_collections(server) == []
    Path("a.bib").write_text(AREAS.replace("Image", "Sharp image").replace("{a,", "{b,"), encoding="utf-8")
    assert main(command) == 0  # another paper needs them
    assert live_collections(server) == made


def test_undo_keeps_used_collections(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(AREAS, encoding="utf-8")
    assert main(["push", "a.bib", LIBRARY, "--collections"]) == 0
    by_name = {item.data["name"]: key for key, item in server.library("users/12345").collections.items()}
    used = next(name for name in by_name if name != "refsync")
    server.add("users/12345", {"itemType": "book", "title": "Mine", "collections": [by_name[used]]})
    assert main(["undo"]) == 0
    assert f"the collection {used!r} is not removed: it is in use" in capsys.readouterr().err
    assert live_collections(server) == sorted([used, "refsync"])


def test_undo_keeps_items_that_were_edited(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    push()
    noted, edited, *_ = server.library("users/12345").items
    server.add("users/12345", {"itemType": "note", "parentItem": noted, "note": "<p>mine</p>"})
    server.edit("users/12345", edited, volume="9")
    capsys.readouterr()
    assert main(["undo"]) == 3
    errors = capsys.readouterr().err
    assert f"{noted}: " in errors
    assert "was given a note or a file since the run; left as it is" in errors
    assert "`volume` changed since the run; left as it is" in errors
    stored = server.library("users/12345").items.items()
    assert {key for key, item in stored if not item.data.get("deleted") and not item.data.get("parentItem")} == {
        noted,
        edited,
    }


def test_a_collection_that_was_renamed_is_used_as_it_is(server: Server) -> None:
    Path("a.bib").write_text(AREAS, encoding="utf-8")
    command = ["push", "a.bib", LIBRARY, "--collections"]
    assert main(command) == 0
    library = server.library("users/12345")
    for thing in library.collections.values():
        thing.data["name"], thing.version = f"my {thing.data['name']}", library.bump()
    names = live_collections(server)
    server.clear()
    assert main(command) == 0
    assert (server.count(write=True), live_collections(server)) == (0, names)


def test_an_interrupted_push_is_finished_without_its_input(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    fields = {"itemType": "journalArticle", "title": "Learning BERT on graphs of kelp", "DOI": "10.1000/kelp.1"}
    kept, gone = server.add("users/12345", fields, {"itemType": "book", "title": "Sorting shells by their colours"})
    server.fail("503", times=None, method="POST")
    assert push() == 3
    output = capsys.readouterr().err
    assert "Zotero is under maintenance" in output
    assert "`refsync apply --resume` continues it" in output
    server.faults.clear()
    Path("a.bib").unlink()
    server.library("users/12345").erase_items([gone])
    server.edit("users/12345", kept, volume="9", publicationTitle="Theirs")
    assert main(["apply", "--resume"]) in (0, 3)
    output = capsys.readouterr()
    stored = items(server)
    names = ("volume", "publicationTitle", "citationKey")
    assert [stored[kept][name] for name in names] == ["9", "Theirs", "roe2020"]
    assert gone not in stored
    assert main(["apply", "--resume"]) == 2
    assert "no interrupted run" in capsys.readouterr().err


# Versions of a paper

VERSIONS = """
@article{kelp21, title={Learning of kelp forests by their growth}, author={Roe, Ann and Poe, Ed}, journal={J. Kelp},
  year=2021, doi={10.1000/kelp}}
@misc{kelp20, title={Learning of kelp forests by their growth}, author={Roe, Ann and Poe, Ed}, year=2020,
  eprint={2001.00001}, eprinttype={arxiv}}
"""


def related(server: Server) -> dict[str, list[str]]:
    """The types of the items, each with the types of the items that it is related to."""
    library = server.library("users/12345")
    stored = library.items
    kinds = {f"http://zotero.org/users/12345/items/{key}": item.data["itemType"] for key, item in stored.items()}
    return {
        item.data["itemType"]: [kinds[uri] for uri in library.relations(item.key).get("dc:relation", [])]
        for item in stored.values()
        if not item.data.get("deleted")
    }


BOTH_WAYS = {"journalArticle": ["preprint"], "preprint": ["journalArticle"]}


def test_versions_are_related_both_ways(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(VERSIONS, encoding="utf-8")
    assert account(capsys)["related"] == 1
    assert related(server) == BOTH_WAYS
    assert is_copy_correct(server)
    server.clear()
    assert account(capsys)["related"] == 0
    assert server.count(write=True) == 0
    assert main(["undo"]) == 0
    assert not any(item["relations"] for item in server.library("users/12345").snapshot()["items"].values())


@pytest.mark.parametrize("first", [0, 1])
def test_a_version_is_related_to_an_existing_one(
    server: Server, capsys: pytest.CaptureFixture[str], first: int
) -> None:
    one, other = (f"@{entry}" for entry in VERSIONS.split("@")[1:])
    Path("a.bib").write_text((one, other)[first], encoding="utf-8")
    assert push() == 0
    Path("a.bib").write_text((other, one)[first], encoding="utf-8")
    assert push() == 0
    assert related(server) == BOTH_WAYS
    assert is_copy_correct(server)
    Path("a.bib").write_text(VERSIONS, encoding="utf-8")
    server.clear()
    assert push() == 0
    assert server.count(write=True) == 0
    assert main(["undo"]) == 0
    assert all(others == [] for others in related(server).values())


def test_existing_versions_are_related_in_one_write(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (item,) = server.add("users/12345", {"itemType": "book", "title": "On tides"})
    uri = f"http://zotero.org/users/12345/items/{item}"
    for entry in VERSIONS.split("@")[1:]:
        Path("a.bib").write_text(f"@{entry}", encoding="utf-8")
        assert push() == 0
    for thing in server.library("users/12345").items.values():
        server.edit("users/12345", thing.key, relations={})
    for path in private_folder(Path(), "zotero").iterdir():  # which remembers the relation that was made
        path.unlink()
    stored = server.library("users/12345").items
    (article,) = (key for key, thing in stored.items() if thing.data["itemType"] == "journalArticle")
    server.edit("users/12345", article, relations={"dc:relation": [uri]})
    Path("a.bib").write_text(VERSIONS.replace("year=202", "note = {new}, year=202"), encoding="utf-8")
    server.clear()
    assert push() == 0
    assert server.count(write=True) == 1
    assert sorted(related(server)["journalArticle"]) == ["book", "preprint"]
    assert is_copy_correct(server)
    assert main(["undo"]) == 0
    assert related(server) == {"book": ["journalArticle"], "journalArticle": ["book"], "preprint": []}


def test_a_relation_that_was_removed_by_hand_stays_away(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(VERSIONS, encoding="utf-8")
    assert account(capsys)["related"] == 1
    for key in [*server.library("users/12345").items]:
        server.edit("users/12345", key, relations={})
    for _ in range(2):
        assert account(capsys)["related"] == 0
    assert not any(related(server).values())
