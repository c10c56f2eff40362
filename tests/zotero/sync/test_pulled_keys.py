"""Citation keys that a pull had to change are no question of a sync."""

from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.runs.private_folder import private_folder
from tests.zotero.sync.workspace import LIBRARY, PATH, assert_nothing_to_do, sync, sync_json, text, write
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


def book(title: str, key: str) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    return {"itemType": "book", "title": title, "citationKey": key, "creators": [author], "date": "2020"}


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_key_that_two_items_have(server: Server, capsys: pytest.CaptureFixture[str], forgotten: bool) -> None:
    titles = {"Kelp forests of the north": "same", "Shells and sand of beaches": "same"}
    titles |= {"Tides in bays and harbours": "Same", "Foam on the waves of winter": "two, words"}
    items = [book(title, key) for title, key in titles.items()]
    server.add(PATH, *items)
    assert main(["pull", LIBRARY, "-o", "refs.bib"]) == 0
    before = text()
    if forgotten:
        for path in private_folder(Path(), "zotero").iterdir():
            path.unlink()
    for _ in range(2):
        report = sync_json(capsys)
        assert (report["review"], report["pairs"], report["file_added"], report["library_created"]) == ([], 4, 0, 0)
    assert text() == before
    keys = [thing.data["citationKey"] for thing in server.library(PATH).items.values()]
    assert keys == ["same", "same", "Same", "two, words"]
    assert_nothing_to_do(server)


def test_pairs_of_a_pull_are_used(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """Two items that are duplicates are two entries after a pull, and stay that at the first sync."""
    server.add(PATH, book("Kelp", "same"), {**book("Kelp", "same"), "volume": "2"})
    assert main(["pull", LIBRARY, "-o", "refs.bib"]) == 0
    report = sync_json(capsys)
    assert (report["pairs"], report["review"], report["file_added"], report["library_created"]) == (2, [], 0, 0)


def test_another_key_is_asked(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, book("Kelp forests of the north", "same"))
    entry = "@book{KEY, title = {Kelp forests of the north}, author = {Roe, Ann}, year = 2020}\n"
    write(entry.replace("KEY", "kelp"))
    assert [review["field"] for review in sync_json(capsys)["review"]] == ["citationkey"]
    write(entry.replace("KEY", "samea"))  # nobody else has the key
    assert sync("--take", "samea.key=theirs") == 0
    assert "@book{same," in text()
