"""`refsync watch zotero:LIB`: new duplicates, by the version of the library."""

import json
from typing import Any

import pytest

from refsync.cli import main
from refsync.cli.watch.zotero_library import ZoteroLibrary
from refsync.errors import RefsyncError
from tests.zotero_server import Server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
PAPER: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "Water retention of northern peat bogs",
    "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Alder"}],
    "publicationTitle": "Bog Studies",
    "date": "2001",
    "DOI": "10.5555/peat.11",
}

pytestmark = pytest.mark.usefixtures("client_environment")


def watched(server: Server) -> ZoteroLibrary:
    return ZoteroLibrary(LIBRARY, server.url, every=60)


class Sleeps(list[float]):
    """A clock that only notes how long it was asked to wait."""

    def now(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.append(seconds)


def test_new_duplicates_are_found_and_an_unchanged_library_is_not_read_again(server: Server) -> None:
    server.add(PATH, PAPER, {"itemType": "book", "title": "Shells"})
    library = watched(server)
    assert library.look().items == ()
    server.clear()
    first = library.look()
    assert server.count(path="items") == 1  # answered by 304
    server.add(PATH, PAPER)
    second = library.look()
    (item,) = second.items
    keys = [key for key, kept in server.library(PATH).items.items() if kept.data["title"] == PAPER["title"]]
    assert item.identity == ("same", frozenset(keys))
    assert item.line.startswith(f"same paper  p=1.000  {LIBRARY}:")
    assert second.command == f"refsync dedupe {LIBRARY} --apply"
    assert first.command == ""


def test_failures_are_shown_and_the_next_questions_come_later(server: Server) -> None:
    server.add(PATH, PAPER, PAPER)
    library, sleeps = watched(server), Sleeps()
    assert len(library.look().items) == 1
    server.fail("500", times=None)
    for _ in range(6):
        failed = library.look()
        assert "status 500" in failed.problems[0]
        assert len(failed.items) == 1
        library.wait(sleeps)
    assert sleeps == [120, 240, 480, 900, 900, 900]


def test_a_library_that_cannot_be_read_at_first_is_an_error(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RefsyncError):
        ZoteroLibrary("zotero:user/99", server.url, every=60).look()
    assert main(["watch", "zotero:user/99", "--once"]) == 2


def test_once_as_json(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, PAPER, PAPER)
    assert main(["watch", LIBRARY, "--once", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    (group,) = result["new"]
    assert [one["title"] for one in group["members"]] == [PAPER["title"]] * 2
    assert result["sources"] == [LIBRARY]
    assert server.count(write=True) == 0
