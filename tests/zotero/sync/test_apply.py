"""Carrying out a sync: dry runs, changes of others meanwhile, refusals and files that cannot be synced."""

from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import (
    FILE,
    HAND_MADE,
    LIBRARY,
    PATH,
    assert_nothing_to_do,
    live_items,
    replace,
    sync,
    sync_json,
    tags,
    text,
    write,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def runs() -> list[Path]:
    return sorted(Path(".refsync/runs").iterdir())


def test_the_dry_run_shows_what_is_done(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("{graphs, kelp}", "{graphs, kelp, big}")
    server.add(PATH, {"itemType": "book", "title": "Tides"})
    write(text() + "@misc{crabs, title = {On crabs}}\n")
    before = text(), server.library(PATH).snapshot(), runs()
    dry = sync_json(capsys, "--dry-run", "--conflicts", "ours")
    assert (text(), server.library(PATH).snapshot(), runs()) == before
    server.clear()
    assert sync("--conflicts", "ours") == 0
    sent = [item for entry in server.log if entry.write for item in entry.json]
    assert sent == [line["object"] for line in dry["sends"]]
    assert {edit["key"]: edit["kind"] for edit in dry["edits"]} == {"tides": "added"}
    assert "@book{tides" in text()


def test_the_table_and_the_diff(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert sync("--dry-run", "--conflicts", "theirs") == 0
    output = capsys.readouterr().out
    assert "to refs.bib\n  ~ roe2020  Learning BERT on graphs of kelp  (volume, year)" in output
    assert "decided                  2" in output
    before = text()
    assert sync("--diff", "--conflicts", "theirs") == 0
    assert "+    journal = jk, year = {2019}, volume = {9}," in capsys.readouterr().out
    assert text() == before


def test_the_file_is_changed_meanwhile(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, synced["roe2020"], volume="7")
    replace("Shells and sand", "Shells")
    server.before(1, lambda: replace("Shells", "Sand"), method="POST")
    assert sync() == 2
    assert "was changed while refsync was running" in capsys.readouterr().err
    assert (live_items(server)["shells"]["title"], "{Sand}" in text(), "volume" in text()) == ("Shells", True, False)
    assert sync() == 0
    assert (live_items(server)["shells"]["title"], "{Sand}" in text(), "volume" in text()) == ("Sand", True, True)


def test_an_item_is_changed_meanwhile(server: Server, synced: Any) -> None:
    replace("year = 2020", "year = 2021")
    replace("{graphs, kelp}", "{kelp}")
    others = [{"tag": "graphs"}, {"tag": "kelp"}, {"tag": "late"}]
    server.before(1, lambda: server.edit(PATH, synced["roe2020"], volume="7", tags=others), method="POST")
    assert sync() == 0
    item = live_items(server)["roe2020"]
    assert (item["date"], item["volume"], sorted(tags(item))) == ("2021", "7", ["kelp", "late"])
    assert "keywords = {kelp, late}" in text()
    assert "volume = {7}" in text()


def test_a_removed_tag_of_an_item_that_is_changed_meanwhile(server: Server, synced: Any) -> None:
    replace("{graphs, kelp}", "{kelp}")
    server.before(1, lambda: server.edit(PATH, synced["roe2020"], volume="7"), method="POST")
    assert sync() == 0
    assert tags(live_items(server)["roe2020"]) == ["kelp"]


def test_an_item_is_deleted_meanwhile(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("year = 2020", "year = 2021")
    server.before(1, lambda: server.edit(PATH, synced["roe2020"], deleted=1), method="POST")
    assert sync() == 3
    assert "is in Zotero's trash, and was changed in the file" in capsys.readouterr().out
    assert server.library(PATH).items[synced["roe2020"]].data["date"] == "2020"


def test_refused_changes_are_reported_and_tried_again(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    replace("{graphs, kelp}", f"{{graphs, kelp, {'x' * 300}}}")
    replace("Shells and sand", "Shells")
    for _ in range(2):
        assert sync() == 3
        assert "has 300 characters, Zotero takes 255" in capsys.readouterr().err
        assert live_items(server)["shells"]["title"] == "Shells"


def test_a_damaged_file_is_not_synced(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write(text().replace("    Author  =", "    Author  {"))
    assert sync("--deletions", "apply") == 2
    assert "entries that cannot be read would count as deleted" in capsys.readouterr().err
    assert live_items(server).keys() == {"roe2020", "shells"}


def test_a_file_in_latin_1(server: Server) -> None:
    Path(FILE).write_bytes("@book{cafe, title = {Café}, author = {Poe, Ed}}\n".encode("latin-1"))
    assert sync() == 0
    (item,) = live_items(server).values()
    assert item["title"] == "Café"
    (key,) = server.library(PATH).items
    server.edit(PATH, key, publisher="Łódź Press")
    assert sync() == 0
    assert "Café".encode("latin-1") in Path(FILE).read_bytes()
    assert rb"publisher = {{\L}" + "ó".encode("latin-1") + rb"d{\'z} Press}" in Path(FILE).read_bytes()
    assert_nothing_to_do(server)


@pytest.mark.parametrize(
    ("file", "library", "message"),
    [
        ("refs.csv", LIBRARY, "what is synced is written to a file ending in .bib"),
        ("nowhere/refs.bib", LIBRARY, "there is no folder nowhere"),
        (LIBRARY, FILE, "name the file, then the library"),
        (FILE, "zotero:local", "zotero:local can be read, not written"),
        (FILE, "zotero:user/1", "the API key is for zotero:user/12345 (ada), not zotero:user/1"),
    ],
)
def test_invalid_arguments(
    server: Server, capsys: pytest.CaptureFixture[str], file: str, library: str, message: str
) -> None:
    write(HAND_MADE)
    assert main(["sync", file, library]) == 2
    assert message in capsys.readouterr().err
    assert (server.count(write=True), text()) == (0, HAND_MADE)
