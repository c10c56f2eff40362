"""The file and the library that the tests of a sync work on, and the commands on them."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.formats.bibtex.format import read
from tests.zotero_server import Server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
FILE = "refs.bib"
HAND_MADE = """% my papers, in my order

@string{jk = "J. Kelp"}
@Article{ roe2020 ,
    title   = {Learning {BERT} on graphs of kelp},   % best title
    Author  = "Ann Roe",
    journal = jk, year = 2020,
    keywords = {graphs, kelp},
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
    "tags": [{"tag": "graphs"}, {"tag": "kelp"}],
}
SHELLS: dict[str, Any] = {"itemType": "book", "title": "Shells and sand", "citationKey": "shells", "date": "1999"}


def sync(*options: str) -> int:
    return main(["sync", FILE, LIBRARY, *options])


def sync_json(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    """What a sync prints as JSON."""
    capsys.readouterr()
    sync("--format", "json", *options)
    return json.loads(capsys.readouterr().out)


def assert_nothing_to_do(server: Server) -> None:
    """Check that a sync writes nothing to the library."""
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


def text() -> str:
    """The text of the file."""
    return Path(FILE).read_text(encoding="utf-8")


def write(content: str) -> None:
    """Write the file."""
    Path(FILE).write_text(content, encoding="utf-8")


def replace(old: str, new: str) -> None:
    """Edit the file."""
    assert old in text()
    write(text().replace(old, new))


def live_items(server: Server) -> dict[str, dict[str, Any]]:
    """The items outside the trash, by citation key."""
    items = [thing.data for thing in server.library(PATH).items.values()]
    return {item["citationKey"]: item for item in items if "citationKey" in item and not item.get("deleted")}


def tags(item: dict[str, Any]) -> list[str]:
    return [tag["tag"] for tag in item["tags"]]


def year_and_volume(server: Server) -> tuple[str, str, str, str]:
    """The year and the volume of `roe2020` in the file, and in the library."""
    (record, *_) = read(Path(FILE).read_bytes(), FILE).records
    item = live_items(server)["roe2020"]
    return record.fields["year"], record.fields["volume"], item["date"], item["volume"]
