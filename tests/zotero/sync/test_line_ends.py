"""An edit of one word in the file changes one word in Zotero: line ends, paragraphs and other lines of Extra stay."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.zotero.items.word_edits import with_edit
from tests.zotero.sync.workspace import PATH, ROE, assert_nothing_to_do, live_items, replace, sync, text
from tests.zotero_server import Server

ABSTRACT = "Background: kelp grows.\n\nMethods: we measured kelp\nby hand.\n\nResults: it grows."
EXTRA = (
    "Read in the train,\nand again at home.\nOriginal Date: 1850\nstatus: in press\nPMID: 7\n"
    "container-title-short: J. K.\nA last line of words"
)


@pytest.fixture
def item(server: Server, client_environment: None) -> dict[str, Any]:
    server.add(PATH, {**ROE, "abstractNote": ABSTRACT, "extra": EXTRA})
    assert sync() == 0
    return live_items(server)["roe2020"]


def test_labelled_lines_are_no_note(item: dict[str, Any]) -> None:
    assert "note = {Read in the train, and again at home. A last line of words}" in text()
    assert "1850" not in text()
    assert (item["extra"], item["abstractNote"]) == (EXTRA, ABSTRACT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("train", "bus"),
        ("at home", "in the garden at home"),
        ("again ", ""),
        ("Read in the train, and again", "Read again"),
        ("last line of words", "last line"),
    ],
)
def test_an_edit_of_the_note(server: Server, item: dict[str, Any], old: str, new: str) -> None:
    replace(old, new)
    assert sync() == 0
    lines = live_items(server)["roe2020"]["extra"].splitlines()
    kept = ("Original Date: 1850", "status: in press", "PMID: 7", "container-title-short: J. K.")
    assert [line for line in lines if line in kept] == list(kept)
    words = " ".join(line for line in lines if line not in kept)
    assert words == "Read in the train, and again at home. A last line of words".replace(old, new)
    assert_nothing_to_do(server)


def test_only_the_edited_line_changes(server: Server, item: dict[str, Any]) -> None:
    replace("again at home", "again at sea")
    assert sync() == 0
    assert live_items(server)["roe2020"]["extra"] == EXTRA.replace("at home", "at sea")


def test_an_edit_of_the_abstract(server: Server, item: dict[str, Any]) -> None:
    replace("by hand", "by boat")
    assert sync() == 0
    assert live_items(server)["roe2020"]["abstractNote"] == ABSTRACT.replace("by hand", "by boat")
    assert live_items(server)["roe2020"]["extra"] == EXTRA
    assert_nothing_to_do(server)


def test_removing_the_note_keeps_the_labels(server: Server, item: dict[str, Any]) -> None:
    replace(",\n  note = {Read in the train, and again at home. A last line of words}", "")
    assert sync() == 0
    assert live_items(server)["roe2020"]["extra"].splitlines() == [
        "Original Date: 1850",
        "status: in press",
        "PMID: 7",
        "container-title-short: J. K.",
    ]


words = st.lists(st.sampled_from(["kelp", "shell", "sand", "a", "b."]), max_size=12)


@given(words, st.lists(st.sampled_from([" ", "\n", "\n\n", "  "]), min_size=12, max_size=12), words)
def test_any_edit(old: list[str], spaces: list[str], new: list[str]) -> None:
    before = "".join(word + space for word, space in zip(old, spaces, strict=False))
    after = with_edit(before, " ".join(new))
    assert after.split() == new
    assert with_edit(before, " ".join(old)).strip() == before.strip() or "\n" not in before
