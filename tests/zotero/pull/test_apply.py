"""Pulling a Zotero library: complete, with minimal edits of the file and few requests."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.client import ZoteroClient
from refsync.zotero.web.local_copy import LocalCopy
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")

LIBRARY = "zotero:user/12345"
PATH = "users/12345"
HAND_MADE = """% my papers, in my order

@string{jk = "J. Kelp"}
@Article{ roe2020 ,
    title   = {Learning {BERT} on graphs of kelp},   % best title
    Author  = "Ann Roe",
    journal = jk, year = 2020,
    mine    = {only here},
}

@comment{kept}
"""
ROE: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "Learning BERT on graphs of kelp",
    "creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}],
    "publicationTitle": "J. Kelp",
    "date": "2020",
    "citationKey": "roe2020",
}


def pull(*options: str, library: str = LIBRARY) -> str:
    assert main(["pull", library, "-o", "out.bib", *options]) == 0
    return Path("out.bib").read_text(encoding="utf-8")


def test_a_new_file(server: Server) -> None:
    note = {"itemType": "note", "note": "<p>no paper</p>"}
    server.add(PATH, ROE, {"itemType": "book", "title": "Kelp <i>sensu lato</i>", "date": "May 1999"}, note)
    text = pull()
    assert "@article{roe2020," in text
    assert "title = {Learning {BERT} on graphs of kelp}" in text
    assert r"title = {Kelp \textit{sensu lato}}" in text
    assert "month = may" in text
    assert "no paper" not in text


def test_an_unchanged_library_takes_one_request_besides_the_key_check(server: Server) -> None:
    server.add(PATH, ROE)
    text = pull()
    server.clear()
    assert pull() == text
    assert [(entry.method, entry.path, entry.status) for entry in server.log] == [
        ("GET", "/keys/current", 200),
        ("GET", "/users/12345/items", 304),
    ]


def test_hand_made_bytes_stay(server: Server) -> None:
    (key,) = server.add(PATH, ROE)
    Path("out.bib").write_text(HAND_MADE, encoding="utf-8")
    assert pull() == HAND_MADE
    server.add(PATH, {"itemType": "book", "title": "Shells", "citationKey": "shells"})
    text = pull()
    assert text == HAND_MADE + "\n@book{shells,\n  title = {Shells}\n}\n"
    server.edit(PATH, key, volume="7", title="Learning BERT on kelp")
    again = pull()
    assert again == text.replace("{Learning {BERT} on graphs of kelp}", "{Learning {BERT} on kelp}").replace(
        "    mine    = {only here},\n", "    mine    = {only here},\n    volume = {7},\n"
    )
    assert main(["undo"]) == 0
    assert Path("out.bib").read_text(encoding="utf-8") == text


def test_an_edit_of_the_file_stays(server: Server) -> None:
    server.add(PATH, ROE)
    text = pull().replace("year = {2020}", "year = {2021}")
    Path("out.bib").write_text(text, encoding="utf-8")
    assert pull() == text
    assert "2021" in text


def pulled(server: Server, *items: dict[str, Any]) -> tuple[list[str], str]:
    """The keys of items, and the file after they were pulled."""
    return server.add(PATH, *items), pull()


def edited(old: str, new: str) -> str:
    """Edit the file as a user would; its text."""
    text = Path("out.bib").read_text(encoding="utf-8")
    assert old in text
    Path("out.bib").write_text(text.replace(old, new), encoding="utf-8")
    return text.replace(old, new)


def test_an_edit_of_the_file_stays_when_other_fields_change(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key,), _ = pulled(server, {**ROE, "volume": "7", "pages": "1-9"})
    text = edited("year = {2020}", "year = {2021}").replace("  pages = {1--9},\n", "")
    Path("out.bib").write_text(text, encoding="utf-8")
    server.edit(PATH, key, volume="8")
    capsys.readouterr()
    assert pull() == text.replace("volume = {7}", "volume = {8}")
    assert "2021" not in capsys.readouterr().err


def test_edits_on_both_sides_are_reported(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key,), _ = pulled(server, {**ROE, "volume": "7"})
    text = edited("volume = {7}", "volume = {9}")
    server.edit(PATH, key, volume="8")
    capsys.readouterr()
    assert pull() == text
    assert "'roe2020': `volume` is now '8' in Zotero, but was edited here: '9' stays" in capsys.readouterr().err
    assert pull("--overwrite") == text.replace("volume = {9}", "volume = {8}")
    assert main(["undo"]) == 0
    assert Path("out.bib").read_text(encoding="utf-8") == text


def test_a_field_emptied_in_zotero_is_removed(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key,), text = pulled(server, {**ROE, "volume": "7", "issue": "3", "pages": "1-9"})
    edited("number = {3}", "number = {4}")
    server.edit(PATH, key, volume="", issue="")
    capsys.readouterr()
    after = pull()
    assert after == text.replace("  volume = {7},\n", "").replace("number = {3}", "number = {4}")
    assert "'roe2020': `number` was emptied in Zotero, but edited here: '4' stays" in capsys.readouterr().err
    assert main(["undo"]) == 0
    assert "volume = {7}" in Path("out.bib").read_text(encoding="utf-8")
    assert pull() == after  # what was undone is pulled again


def test_an_item_type_changed_in_zotero(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    other = {**ROE, "citationKey": "poe2021", "title": "Sorting shells"}
    (key, key2), _ = pulled(server, ROE, other)
    edited("@article{poe2021", "@misc{poe2021")
    for one in (key, key2):
        server.edit(PATH, one, itemType="conferencePaper")
    capsys.readouterr()
    after = pull()
    assert "@inproceedings{roe2020" in after
    assert "@misc{poe2021" in after
    assert after.count("booktitle = {J. Kelp}") == 2
    assert "journal" not in after
    assert (
        "'poe2021': is now @inproceedings in Zotero, but was changed to @misc here, which stays"
        in capsys.readouterr().err
    )
    assert pull() == after
    assert "@inproceedings{poe2021" in pull("--overwrite")


def test_another_dialect_removes_nothing(server: Server) -> None:
    (key,), _ = pulled(server, {**ROE, "volume": "7"})
    server.edit(PATH, key, volume="8")
    text = pull("--dialect", "biblatex")
    assert "journal = {J. Kelp}" in text
    assert "year = {2020}" in text
    assert "volume = {8}" in text


def test_the_base_of_an_undone_pull_is_not_used(server: Server) -> None:
    _, text = pulled(server, ROE)
    server.add(PATH, {"itemType": "book", "title": "Shells", "citationKey": "shells"})
    after = pull()
    assert main(["undo"]) == 0
    assert Path("out.bib").read_text(encoding="utf-8") == text
    assert pull() == after
    assert main(["undo"]) == 0
    assert main(["pull", LIBRARY, "-o", "new.bib", "--changed"]) == 0
    assert "Shells" in Path("new.bib").read_text(encoding="utf-8")


def test_a_removed_entry_does_not_come_back(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, ROE, {"itemType": "book", "title": "Shells", "citationKey": "shells"})
    text = pull().replace("{roe2020,", "{renamed,")
    Path("out.bib").write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert pull() == text
    assert "'roe2020' is in Zotero, but no longer in" in capsys.readouterr().err


def test_deleted_items_are_reported_and_their_entries_stay(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    trashed, erased = server.add(PATH, ROE, {"itemType": "book", "title": "Shells", "citationKey": "shells"})
    text = pull()
    server.edit(PATH, trashed, deleted=1)
    library = server.library(PATH)
    library.items.pop(erased)
    library.version += 1
    library.deleted["items"][erased] = library.version
    capsys.readouterr()
    assert pull() == text
    errors = capsys.readouterr().err
    assert "'roe2020' is in Zotero's trash; the entry stays" in errors
    assert "'shells' was deleted in Zotero; the entry stays" in errors


def test_another_paper_of_that_key(server: Server) -> None:
    server.add(PATH, {**ROE, "title": "On something else", "DOI": "10.1000/other"})
    Path("out.bib").write_text(HAND_MADE, encoding="utf-8")
    text = pull()
    assert text.startswith(HAND_MADE)
    assert "On something else" in text
    assert pull() == text


def test_a_generated_key_does_not_match_another_paper(server: Server) -> None:
    item = {name: value for name, value in ROE.items() if name != "citationKey"}
    server.add(PATH, item, {**item, "title": "Learning more"})
    theirs = "@book{roe2020learning, title = {Not by us}}\n"
    Path("out.bib").write_text(theirs, encoding="utf-8")
    text = pull()
    assert text.startswith(theirs)
    assert text.count("@article{roe2020learning") == 2
    assert pull() == text


def test_a_collection_with_those_below_it(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (above,) = server.add(PATH, {"name": "Kelp"}, kind="collections")
    (below,) = server.add(PATH, {"name": "Brown", "parentCollection": above}, kind="collections")
    server.add(PATH, {**ROE, "collections": [below]}, {"itemType": "book", "title": "Shells"})
    text = pull("--collection", "Kelp")
    assert "roe2020" in text
    assert "Shells" not in text
    assert pull("--collection", below) == text
    assert main(["pull", LIBRARY, "-o", "out.bib", "--collection", "Fish"]) == 2
    assert "no collection 'Fish'; its collections: 'Brown', 'Kelp'" in capsys.readouterr().err


def test_an_erased_collection(server: Server) -> None:
    (above,) = server.add(PATH, {"name": "Kelp"}, kind="collections")
    (key,) = server.add(PATH, {**ROE, "collections": [above]})
    pull()
    with ZoteroClient(parse_address(LIBRARY, server.url), server.key) as library:
        headers = {"Zotero-API-Key": server.key, "If-Unmodified-Since-Version": "2"}
        library.http.delete(f"{server.url}/{PATH}/collections/{above}", headers=headers)
    pull()
    with LocalCopy(Path(), parse_address(LIBRARY, server.url).file_name) as store:
        assert store.objects("items")[key]["collections"] == []
        assert store.objects("collections") == {}


def test_only_what_changed(server: Server) -> None:
    key, _ = server.add(PATH, ROE, {"itemType": "book", "title": "Shells"})
    pull()
    server.edit(PATH, key, volume="7")
    assert main(["pull", LIBRARY, "-o", "new.bib", "--changed"]) == 0
    text = Path("new.bib").read_text(encoding="utf-8")
    assert "volume = {7}" in text
    assert "Shells" not in text


def test_a_library_that_changes_while_it_is_read(server: Server) -> None:
    server.add(PATH, *({"itemType": "book", "title": f"Kelp {n}"} for n in range(250)))
    server.before(2, lambda: server.add(PATH, ROE), path="/items")
    assert pull().count("@book") == 250
    assert "roe2020" in pull()


def test_an_interrupted_download_is_resumed(server: Server) -> None:
    server.add(PATH, *({"itemType": "book", "title": f"Kelp {n}"} for n in range(250)))
    server.fail("503", 3, times=None, path="/items")
    assert main(["pull", LIBRARY, "-o", "out.bib"]) == 2
    server.clear()
    assert pull().count("@book") == 250
    assert [entry.path for entry in server.log].count("/users/12345/items") == 1


def test_push_and_pull_back(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(HAND_MADE, encoding="utf-8")
    assert main(["push", "refs.bib", LIBRARY, "--no-tags"]) == 0
    text = pull()
    for message in (
        "Learning {BERT} on graphs of kelp",
        "Roe, Ann",
        "J. Kelp",
        "2020",
        "mine = {only here}",
        "roe2020",
    ):
        assert message in text
    server.clear()
    assert main(["push", "out.bib", LIBRARY, "--no-tags"]) == 0
    assert server.count(write=True) == 0


def test_papers_that_only_their_keys_distinguish(server: Server) -> None:
    entries = [f"@misc{{k{n}, title = {{Editorial}}, number = {n}}}" for n in range(9)]
    Path("refs.bib").write_text("\n".join([*entries, "@misc{bare, note = {no title at all}}"]), encoding="utf-8")
    assert main(["push", "refs.bib", LIBRARY, "--no-tags", "--profile", "careful"]) == 0
    stored = len(server.library(PATH).items)
    pull()
    server.clear()
    assert main(["push", "out.bib", LIBRARY, "--no-tags", "--profile", "careful"]) == 0
    assert (server.count(write=True), len(server.library(PATH).items)) == (0, stored)


def test_a_library_as_input(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, ROE, {**ROE, "citationKey": "roe2020b"}, {"itemType": "book", "title": "Shells and sand"})
    capsys.readouterr()
    assert main(["dedupe", LIBRARY, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["unique"]) == (3, 2)
    Path("new.bib").write_text(
        "@article{s, title = {Learning BERT on graphs of kelp}, author = {Roe, Ann}}\n"
        "@book{t, title = {Sand and salt}}",
        encoding="utf-8",
    )
    assert main(["dedupe", "new.bib", "--against", LIBRARY, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["records"], found["unique"]) == (2, 1)
    assert main(["dedupe", "zotero:user/1", "--format", "json"]) == 2
    assert main(["dedupe", LIBRARY, "--write"]) == 2


# Notes


def noted(server: Server) -> tuple[str, str]:
    """A paper with two notes, an empty one and one in the trash; the keys of the paper and of its first note."""
    (key,) = server.add(PATH, ROE)
    child = {"itemType": "note", "parentItem": key}
    first, *_ = server.add(
        PATH,
        {**child, "note": "<p>Read <b>twice</b>; 5&nbsp;% of R&amp;D</p>"},
        {**child, "note": "<p>Ask Poe</p><p>about shells</p>"},
        {**child, "note": "<p> </p>"},
        {**child, "note": "<p>Thrown away</p>", "deleted": 1},
    )
    return key, first


def test_notes_are_pulled_on_request(server: Server) -> None:
    _, first = noted(server)
    plain = pull()
    assert "annot" not in plain
    text = pull("--notes")
    assert text.count("annote = ") == 1
    assert r"Read twice; 5 \% of R\&D" in text
    assert "Ask Poe about shells" in text
    assert "Thrown away" not in text
    assert pull("--notes") == text
    assert pull() == text  # without the option they stay as they are
    server.edit(PATH, first, note="<p>Read once</p>")
    again = pull("--notes")
    assert "Read once" in again
    assert "Read twice" not in again
    for note in [item for item in server.library(PATH).items.values() if item.data["itemType"] == "note"]:
        server.edit(PATH, note.key, deleted=1)
    assert pull("--notes") == plain


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_notes_are_not_doubled_by_a_push(server: Server, dialect: str) -> None:
    key, _ = noted(server)
    pull("--notes", "--dialect", dialect)
    server.clear()
    push = ["push", "out.bib", LIBRARY, "--no-tags"]
    assert main(push) == 0
    assert server.count(write=True) == 0
    edited("Ask Poe about shells", "Ask Poe about shells. And then Roe")
    assert main(push) == 0
    assert server.library(PATH).items[key].data["extra"] == "tex.annotation: . And then Roe"
    server.clear()
    assert main(push) == 0
    assert server.count(write=True) == 0
    pull("--notes", "--dialect", dialect)
    assert main(push) == 0
    assert server.count(write=True) == 0


def test_an_annotation_of_the_file_is_pushed_besides_notes(server: Server) -> None:
    key, _ = noted(server)
    Path("out.bib").write_text(
        "@article{roe2020, title={Learning BERT on graphs of kelp}, annote={Mine}}", encoding="utf-8"
    )
    assert main(["push", "out.bib", LIBRARY, "--no-tags"]) == 0
    assert server.library(PATH).items[key].data["extra"] == "tex.annotation: Mine"
    Path("out.bib").unlink()
    assert "Mine" in pull("--notes")
