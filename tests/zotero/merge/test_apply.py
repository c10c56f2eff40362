"""Merging inside a library as Zotero does it, while others change the same items."""

from typing import Any

import pytest

from tests.zotero.merge.samples import (
    GONE,
    KELP,
    KELP2,
    OTHER,
    PATH,
    SHELL,
    SHELL2,
    THIRD,
    URI,
    content,
    dedupe,
    note,
)
from tests.zotero_server import Server


def test_merges_as_zotero_does(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert dedupe("--apply") == 0
    items = content(server)
    kelp, shell = items[KELP], items[SHELL2]
    assert (kelp["volume"], kelp["abstractNote"], kelp["DOI"]) == ("7", "We learn kelp.", "10.1000/kelp.1")
    assert kelp["dateAdded"] == "2020-02-02T00:00:00Z"
    assert kelp["tags"] == [{"tag": "mine"}, {"tag": "shared"}, {"tag": "theirs", "type": 1}]
    assert kelp["collections"] == ["CAAAAAAA", "CBBBBBBB"]
    assert kelp["citationKey"] == "roe2020"
    assert kelp["extra"].splitlines() == ["my words", "printed twice", "tex.ids= old2019, roe2020b"]
    assert kelp["relations"]["dc:replaces"] == [URI + GONE, URI + KELP2]
    assert kelp["relations"]["dc:relation"] == [URI + OTHER, URI + SHELL2]
    assert items[OTHER]["relations"] == {"dc:relation": [URI + KELP]}
    assert (items[KELP2]["deleted"], items[KELP2]["relations"]) == (True, {})
    assert (shell["issue"], shell["volume"], items[SHELL]["deleted"]) == ("2", "1", True)
    assert shell["relations"] == {"dc:relation": [URI + KELP], "dc:replaces": [URI + SHELL]}
    assert items["ANNAAAAA"]["parentItem"] == "FLEAAAAA"
    assert items["FLEAAAAA"]["relations"] == {"dc:replaces": [URI + "FLEBBBBB"]}
    assert items["FLEAAAAA"]["tags"] == [{"tag": "printed"}]
    assert (items["FLEBBBBB"]["parentItem"], items["FLEBBBBB"]["deleted"]) == (KELP, True)
    assert (items["FLECCCCC"]["parentItem"], "deleted" in items["FLECCCCC"]) == (KELP, False)
    assert (items["NTEBBBBB"]["parentItem"], items["NTEBBBBB"]["deleted"]) == (KELP, True)
    moved = items["NTEAAAAA"]["note"]
    assert f"items%2F{KELP}%22" in moved
    assert 'data-attachment-key="FLEAAAAA"' in moved
    assert (items["NTECCCCC"]["parentItem"], items[THIRD]["relations"]) == (SHELL2, {})
    server.clear()
    assert dedupe("--apply") == 0
    assert server.count(write=True) == 0
    assert not server.library(PATH).deleted["items"]


def test_changed_in_the_middle(server: Server, merged: Any) -> None:
    """Each item is changed right before it is written: in the end it has both changes."""
    server.before(1, lambda: server.edit(PATH, KELP, shortTitle="Kelp"), method="POST")
    server.before(2, lambda: server.edit(PATH, "NTEAAAAA", tags=[{"tag": "seen"}]), method="POST")
    server.before(3, lambda: server.edit(PATH, OTHER, volume="3"), method="POST")
    server.before(4, lambda: server.edit(PATH, KELP2, pages="1-9"), method="POST")
    assert dedupe("--apply") == 0
    wanted, _ = merged
    items = content(server)
    assert (items[KELP].pop("shortTitle"), items[KELP].pop("pages")) == ("Kelp", "1-9")
    assert items["NTEAAAAA"].pop("tags") == [{"tag": "seen"}]
    assert (items[OTHER].pop("volume"), items[KELP2].pop("pages")) == ("3", "1-9")
    assert all(wanted[key].items() >= items[key].items() for key in items)


def test_a_child_added_in_the_middle(server: Server) -> None:
    def give() -> None:
        server.add(PATH, note("NTEDDDDD", KELP2, "<p>late</p>"))

    server.before(3, give, method="POST")
    assert dedupe("--apply") == 0
    assert content(server)["NTEDDDDD"]["parentItem"] == KELP


@pytest.mark.parametrize("write", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("key", "how", "message"),
    [
        (KELP, "erased", "was deleted in Zotero; nothing is merged into it"),
        (KELP, "trashed", "is in Zotero's trash; nothing is merged into it"),
        (KELP2, "erased", ""),  # after the first write the survivor has it all
        (KELP2, "trashed", ""),
        ("NTEAAAAA", "erased", ""),
        ("FLEBBBBB", "erased", ""),
    ],
)
def test_deleted_in_the_middle(
    server: Server, merged: Any, capsys: pytest.CaptureFixture[str], key: str, how: str, message: str, write: int
) -> None:
    """The other merge is done; nothing that was not deleted is lost."""

    def act() -> None:
        if how == "erased":
            server.library(PATH).erase_items([key])
        else:
            server.edit(PATH, key, deleted=1)

    before = set(content(server))
    server.before(write, act, method="POST")
    code = dedupe("--apply")
    errors = capsys.readouterr().err
    items = content(server)
    if message:
        assert code == 3
        assert f"{key}" in errors
        assert message in errors
    else:
        assert code == 0
    assert (items[SHELL]["deleted"], items["NTECCCCC"]["parentItem"]) == (True, SHELL2)
    if key == KELP and write < 4:
        assert not items[KELP2].get("deleted")
    assert before - set(items) <= set(server.library(PATH).deleted["items"])


def test_changed_again_and_again(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = iter(range(100))
    fault = server.fail("call", times=None, method="POST")
    fault.call = lambda: server.edit(PATH, KELP, volume=str(next(numbers)))
    assert dedupe("--apply") == 3
    assert f"{KELP}: 'Learning of kelp forests by their growth': is being changed in Zotero again and again" in (
        capsys.readouterr().err
    )
    items = content(server)
    assert (items[SHELL]["deleted"], "deleted" in items[KELP2]) == (True, False)


def test_violated_limits_are_reported_before_sending(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, KELP, extra="words " * 6000)
    server.edit(PATH, KELP2, extra="other " * 6000)
    assert dedupe("--apply") == 3
    assert f"{KELP}: 'Learning of kelp forests by their growth': `extra` has 71" in capsys.readouterr().err
    items = content(server)
    assert (items[SHELL]["deleted"], "deleted" in items[KELP2]) == (True, False)
    assert items["NTEAAAAA"]["parentItem"] == KELP2
