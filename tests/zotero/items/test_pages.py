"""Ranges of pages: `--` in .bib files, and as they are in Zotero."""

from pathlib import Path

import pytest

from refsync.cli import main
from refsync.zotero.items.value_comparison import equal_in_zotero
from refsync.zotero.items.values import from_value
from tests.zotero_server import Server


@pytest.mark.parametrize(
    ("pages", "latex"),
    [
        ("100-109", "100--109"),
        ("100–109", "100--109"),
        ("100‐109", "100--109"),
        ("100 - 109", "100--109"),
        ("S12-S15, 20-25", "S12--S15, 20--25"),
        ("iv-xii", "iv--xii"),
        ("12", "12"),
        ("A-12", "A-12"),
        ("1-1-1-20", "1-1-1-20"),
        ("2020-01-02", "2020-01-02"),
    ],
)
def test_ranges(pages: str, latex: str) -> None:
    assert from_value("pages", pages) == latex


def test_a_dash_is_no_difference() -> None:
    forms = ("100-109", "100--109", "100–109", "100‐109", "100 -- 109")
    assert all(equal_in_zotero("pages", one, other) for one in forms for other in forms)
    assert not equal_in_zotero("pages", "100-109", "100-110")
    assert equal_in_zotero("number", "3--4", "3-4")
    assert not equal_in_zotero("title", "A-B", "A--B")


def test_a_pull_and_a_push(server: Server, client_environment: None) -> None:
    (key,) = server.add("users/12345", {"itemType": "journalArticle", "title": "Kelp", "pages": "100-109"})
    assert main(["pull", "zotero:user/12345", "-o", "a.bib"]) == 0
    text = Path("a.bib").read_text(encoding="utf-8")
    assert "pages = {100--109}" in text
    assert main(["push", "a.bib", "zotero:user/12345", "--no-tags", "--overwrite"]) == 0
    assert main(["sync", "a.bib", "zotero:user/12345"]) == 0
    assert server.library("users/12345").items[key].data["pages"] == "100-109"
    Path("a.bib").write_text(text.replace("100--109", "100-109"), encoding="utf-8")
    assert main(["pull", "zotero:user/12345", "-o", "a.bib"]) == 0
    assert "pages = {100-109}" in Path("a.bib").read_text(encoding="utf-8")
