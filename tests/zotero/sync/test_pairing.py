"""Which entry is which item: at the first sync, and after the merge base was lost."""

from pathlib import Path
from typing import Any

import pytest

from refsync.runs.private_folder import private_folder
from tests.zotero.sync.workspace import (
    HAND_MADE,
    PATH,
    ROE,
    SHELLS,
    live_items,
    sync,
    sync_json,
    tags,
    text,
    write,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def test_the_first_sync_finds_pairs_and_fills(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key, shells) = server.add(PATH, {**ROE, "volume": "7", "citationKey": ""}, {**SHELLS, "citationKey": ""})
    write(HAND_MADE + "@misc{crabs, title = {On crabs that climb}}\n")
    report = sync_json(capsys)
    assert (report["matched"], report["library_created"], report["file_added"], report["review"]) == (1, 1, 1, [])
    assert (
        text()
        == HAND_MADE.replace("    mine    = {only here},\n", "    mine    = {only here},\n    volume = {7},\n")
        + "@misc{crabs, title = {On crabs that climb}}\n\n"
        + "@book{shells-sand1999,\n  title = {Shells and sand},\n  year = {1999}\n}\n"
    )
    items = live_items(server)
    assert items.keys() == {"roe2020", "crabs", "shells-sand1999"}
    assert items["roe2020"] == server.library(PATH).items[key].data
    assert items["shells-sand1999"] == server.library(PATH).items[shells].data
    assert items["roe2020"]["extra"] == "tex.mine: only here"


def test_differences_at_the_first_sync_are_conflicts(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, {**ROE, "volume": "8", "tags": [{"tag": "theirs", "type": 1}]})
    write(HAND_MADE.replace("year = 2020", "year = 2020, volume = 7"))
    report = sync_json(capsys)
    (asked,) = report["review"]
    assert (asked["field"], asked["base"], asked["ours"], asked["theirs"]) == ("volume", None, "7", "8")
    assert "keywords = {graphs, kelp, theirs}" in text()
    assert sorted(tags(live_items(server)["roe2020"])) == ["graphs", "kelp", "theirs"]
    assert (live_items(server)["roe2020"]["volume"], "volume = 7" in text()) == ("8", True)
    assert [review["field"] for review in sync_json(capsys)["review"]] == ["volume"]


def test_a_new_file(server: Server) -> None:
    server.add(PATH, ROE, SHELLS)
    assert sync() == 0
    assert "@article{roe2020," in text()
    assert sync() == 0


def test_an_empty_library(server: Server) -> None:
    write(HAND_MADE)
    assert sync() == 0
    assert text() == HAND_MADE
    assert live_items(server).keys() == {"roe2020"}


def test_pairs_are_found_again_without_a_merge_base(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = text()
    for path in private_folder(Path(), "zotero").iterdir():
        path.unlink()
    server.clear()
    report = sync_json(capsys)
    assert (report["matched"], report["review"], server.count(write=True), text()) == (2, [], 0, before)


def test_entries_that_are_left_out(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    write("@book{a, title = {One}}\n@book{a, title = {Two}}\n@book{title = {Three}}\n@xdata{x, publisher = {P}}\n")
    assert sync() == 0
    assert live_items(server).keys() == {"a"}
    errors = capsys.readouterr().err
    assert "the key 'a' is used twice" in errors
    assert "has no citation key" in errors
