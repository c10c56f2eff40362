"""Undoing a sync on both sides, and syncing again."""

from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import (
    HAND_MADE,
    PATH,
    live_items,
    replace,
    sync,
    sync_json,
    text,
    write,
    year_and_volume,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def test_undo_restores_a_changed_type(server: Server, synced: Any) -> None:
    had = live_items(server)["roe2020"]
    replace("@Article{", "@inproceedings{")
    assert sync() == 0
    item = live_items(server)["roe2020"]
    assert (item["itemType"], item["extra"]) == ("conferencePaper", "tex.mine: only here\ntex.journaltitle: J. Kelp")
    assert main(["undo"]) == 0
    assert {**live_items(server)["roe2020"], "dateModified": ""} == {**had, "dateModified": ""}


def test_undo_restores_both_sides(server: Server, conflict: Any) -> None:
    write(text() + "@misc{crabs, title = {On crabs}}\n")
    server.add(PATH, {"itemType": "book", "title": "Tides"})
    server.edit(PATH, conflict["shells"], deleted=1)
    before = text(), live_items(server)
    assert sync("--conflicts", "ours", "--deletions", "keep") == 0
    after = text(), live_items(server)
    assert after != before
    assert main(["undo"]) == 0
    assert (text(), live_items(server).keys()) == (before[0], before[1].keys())
    for key, item in before[1].items():
        assert {**live_items(server)[key], "dateModified": ""} == {**item, "dateModified": ""}
    assert main(["undo"]) == 2  # the first sync: the file was changed since


def test_after_undo_the_sync_is_planned_again(
    server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync("--conflicts", "ours") == 0
    after = year_and_volume(server)
    assert main(["undo"]) == 0
    assert year_and_volume(server) == ("2021", "8", "2019", "9")
    assert len(sync_json(capsys, "--dry-run")["review"]) == 2
    assert sync("--conflicts", "ours") == 0
    assert year_and_volume(server) == after


@pytest.mark.parametrize("since", ["nothing", "edited", "erased", "taken out", "restored"])
def test_an_undone_sync_can_be_repeated_without_questions(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str], since: str
) -> None:
    write(text() + "@misc{crabs, title = {On crabs}, volume = 3}\n")
    assert sync() == 0
    (made,) = server.library(PATH).items.keys() - synced.values()
    assert main(["undo"]) == 0
    assert "crabs" not in live_items(server)
    if since == "edited":
        replace("title = {On crabs}, volume = 3", "title = {On crabs of the shore}")
    elif since == "erased":
        server.library(PATH).erase_items([made])
    elif since == "taken out":
        write(HAND_MADE)
    elif since == "restored":
        server.edit(PATH, made, deleted=0)
    kept = text()
    capsys.readouterr()
    assert sync("--deletions", "apply") == 0
    errors = "comes out of Zotero's trash, where `refsync undo` had put its item" in capsys.readouterr().err
    assert (text(), errors) == (kept, since in ("nothing", "edited"))
    if since == "taken out":
        assert "crabs" not in live_items(server)
    else:
        item = live_items(server)["crabs"]
        title = "On crabs of the shore" if since == "edited" else "On crabs"
        assert (item, item["title"]) == (server.library(PATH).items[made].data, title)
        assert ("tex.volume" in item.get("extra", "")) == (since != "edited")
    server.clear()
    assert sync() == 0
    assert (server.count(write=True), text()) == (0, kept)
