"""Which item of a merge stays, by the rules of the user."""

from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.merge.samples import LIBRARY, PATH, file, note, paper
from tests.zotero_server import Server
from tests.zotero_server.state import World

TITLE = "Learning of kelp forests by their growth"
OLD, RICH, NEW = "AAAAAAAA", "BBBBBBBB", "CCCCCCCC"


@pytest.fixture
def server(running_server: tuple[Server, World]) -> Server:
    server, empty = running_server
    server.restore(empty)
    doi: dict[str, Any] = {"DOI": "10.1000/kelp"}
    server.add(
        PATH,
        paper(OLD, "2019-01-01", TITLE, **doi),
        paper(RICH, "2020-01-01", TITLE, **doi, volume="7", issue="2", abstractNote="We learn kelp."),
        paper(NEW, "2021-01-01", TITLE, **doi, citationKey="roe2020"),
        file("FAAAAAAA", RICH, "1" * 32),
        note("NAAAAAAA", NEW, "<p>one</p>"),
        note("NBBBBBBB", NEW, "<p>two</p>"),
    )
    return server


@pytest.mark.parametrize(
    ("rules", "survivor"),
    [
        ([], OLD),
        (["oldest"], OLD),
        (["newest"], NEW),
        (["most-fields"], RICH),
        (["most-children"], NEW),
        (["has-pdf"], RICH),
        (["has-key"], NEW),
        (["has-pdf", "newest"], RICH),
    ],
)
@pytest.mark.parametrize("configured", [False, True])
def test_the_rule_decides(server: Server, rules: list[str], survivor: str, configured: bool) -> None:
    options = [] if configured else [word for rule in rules for word in ("--keep-item", rule)]
    if configured:
        Path("refsync.toml").write_text(f"[zotero]\nsurvivor = {rules}\n", encoding="utf-8")
    before = server.library(PATH).snapshot()
    assert main(["dedupe", LIBRARY, "--apply", *options]) == 0
    items = server.library(PATH).items
    papers = (OLD, RICH, NEW)
    assert [key for key in papers if not items[key].data.get("deleted")] == [survivor]
    assert {items[key].data["parentItem"] for key in ("FAAAAAAA", "NAAAAAAA", "NBBBBBBB")} == {survivor}
    assert items[survivor].data["dateAdded"] == "2019-01-01T00:00:00Z"
    assert items[survivor].data["volume"] == "7"
    assert main(["undo"]) == 0
    assert server.library(PATH).snapshot() == before


def test_a_merge_that_was_begun_keeps_its_survivor(server: Server) -> None:
    server.edit(PATH, OLD, relations={"dc:replaces": [f"http://zotero.org/{PATH}/items/{NEW}"]})
    assert main(["dedupe", LIBRARY, "--apply", "--keep-item", "newest"]) == 0
    assert not server.library(PATH).items[OLD].data.get("deleted")
