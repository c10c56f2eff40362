"""An entry or item that was deleted on one side."""

from typing import Any

import pytest

from tests.zotero.sync.workspace import (
    HAND_MADE,
    PATH,
    ROE,
    assert_nothing_to_do,
    live_items,
    replace,
    sync,
    sync_json,
    text,
    write,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def test_a_deletion_is_asked(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write(text().split("@book")[0])
    server.edit(PATH, synced["roe2020"], deleted=1)
    before = text()
    for _ in range(2):
        report = sync_json(capsys)
        assert [(item["kind"], item["key"], item["item"]) for item in report["review"]] == [
            ("deletion", "roe2020", synced["roe2020"]),
            ("deletion", "shells", synced["shells"]),
        ]
        assert (text(), live_items(server).keys()) == (before, {"shells"})
        assert sync() == 3


@pytest.mark.parametrize("how", ["trashed", "erased"])
@pytest.mark.parametrize("policy", ["keep", "apply"])
def test_deleted_in_zotero(server: Server, synced: Any, how: str, policy: str) -> None:
    if how == "erased":
        server.library(PATH).erase_items([synced["roe2020"]])
    else:
        server.edit(PATH, synced["roe2020"], deleted=1)
    before = text()
    assert sync("--deletions", policy) == 0
    if policy == "keep":
        assert (text(), live_items(server).keys()) == (before, {"roe2020", "shells"})
        assert (live_items(server)["roe2020"]["extra"], live_items(server)["roe2020"]["title"]) == (
            "tex.mine: only here",
            ROE["title"],
        )
    else:
        assert "roe2020" not in text()
        assert "% my papers, in my order" in text()
        assert "@comment{kept}" in text()
    assert_nothing_to_do(server)


@pytest.mark.parametrize("policy", ["keep", "apply"])
def test_removed_from_the_file(server: Server, synced: Any, policy: str) -> None:
    write(HAND_MADE[: HAND_MADE.index("@Article")] + text()[text().index("@comment") :])
    assert sync("--deletions", policy) == 0
    if policy == "keep":
        assert "title = {Learning {BERT} on graphs of kelp}" in text()
        assert "mine = {only here}" in text()
    else:
        assert "roe2020" not in text()
        assert server.library(PATH).items[synced["roe2020"]].data["deleted"]
    assert_nothing_to_do(server)


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_deleted_here_and_changed_there(
    server: Server, synced: Any, side: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.edit(PATH, synced["shells"], title="Shells, sand and the sea")
    write(HAND_MADE)
    assert sync("--deletions", "apply") == 3
    assert "was removed from the file, and was changed in Zotero" in capsys.readouterr().out
    assert (text(), live_items(server).keys()) == (HAND_MADE, {"roe2020", "shells"})
    assert sync("--take", f"shells={side}") == 0
    assert ("Shells, sand and the sea" in text(), "shells" in live_items(server)) == ((side == "theirs"),) * 2


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_deleted_there_and_changed_here(server: Server, synced: Any, side: str) -> None:
    server.edit(PATH, synced["shells"], deleted=1)
    replace("Shells and sand", "Shells")
    assert sync("--deletions", "apply") == 3
    assert sync("--take", f"shells={side}") == 0
    assert ("@book" in text(), "shells" in live_items(server)) == ((side == "ours"),) * 2
    if side == "ours":
        assert live_items(server)["shells"]["title"] == "Shells"


def test_references_to_a_removed_entry_are_reported(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write(text() + "@inbook{part, title = {A part}, crossref = {shells}}\n")
    server.edit(PATH, synced["shells"], deleted=1)
    assert sync("--deletions", "apply") == 0
    assert "'part' refers to 'shells', which is removed" in capsys.readouterr().err


def test_deleted_on_both_sides(server: Server, synced: Any) -> None:
    server.edit(PATH, synced["shells"], deleted=1)
    write(HAND_MADE)
    assert_nothing_to_do(server)
