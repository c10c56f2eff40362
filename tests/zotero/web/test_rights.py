"""Rights that an API key lacks, and that a group does not give, are known before anything is written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero_server import Group, Server, rights, zotero_server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
BLIND, MEMBER, STRANGER = "B" * 24, "M" * 24, "S" * 24
PAPER: dict[str, Any] = {
    "itemType": "journalArticle",
    "title": "Learning of kelp forests by their growth",
    "DOI": "10.1000/kelp",
    "version": 0,
}
FIRST, DOUBLE, NOTE = "AAAAAAAA", "BBBBBBBB", "CCCCCCCC"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    keys = {BLIND: rights(12345, notes=False), MEMBER: rights(2), STRANGER: rights(3)}
    with zotero_server({12345: "ada", 2: "eve", 3: "kim"}, {7: "Lab"}, keys) as running:
        for path in (PATH, "groups/7"):
            running.add(
                path,
                {**PAPER, "key": FIRST, "dateAdded": "2020-01-01T00:00:00Z"},
                {**PAPER, "key": DOUBLE, "dateAdded": "2021-01-01T00:00:00Z"},
                {"itemType": "note", "key": NOTE, "version": 0, "note": "<p>Read</p>", "parentItem": DOUBLE},
            )
        running.library("groups/7").group = Group(owner=12345, members=[2])
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("ZOTERO_ENDPOINT", running.url)
        monkeypatch.setenv("ZOTERO_API_KEY", running.key)
        yield running


def nothing_written(server: Server) -> bool:
    return server.count(write=True) == 0 and not Path(".refsync/runs").exists()


def test_a_merge_needs_to_see_notes(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", BLIND)
    assert main(["dedupe", LIBRARY]) == 0
    assert "the API key may not see notes; --apply needs one that may" in capsys.readouterr().err
    assert main(["dedupe", LIBRARY, "--apply"]) == 2
    errors = capsys.readouterr().err
    assert "may not see the notes of zotero:user/12345" in errors
    assert "tick `Allow notes access`" in errors
    assert nothing_written(server)
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    assert main(["dedupe", LIBRARY, "--apply"]) == 0  # the copy was made without the notes
    assert server.library(PATH).items[NOTE].data["parentItem"] == FIRST
    monkeypatch.setenv("ZOTERO_API_KEY", BLIND)
    assert main(["undo"]) == 2
    assert server.library(PATH).items[DOUBLE].data["deleted"] is True


def test_a_merge_in_a_group_sees_notes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", BLIND)
    assert main(["dedupe", "zotero:group/7", "--apply"]) == 0
    assert server.library("groups/7").items[NOTE].data["parentItem"] == FIRST


def test_notes_appear_and_vanish_with_the_right(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def pulled() -> str:
        Path("out.bib").unlink(missing_ok=True)
        assert main(["pull", LIBRARY, "-o", "out.bib", "--notes"]) == 0
        return Path("out.bib").read_text(encoding="utf-8")

    assert "annote = {Read}" in pulled()
    monkeypatch.setenv("ZOTERO_API_KEY", BLIND)
    assert main(["pull", LIBRARY, "-o", "out.bib", "--notes"]) == 2
    assert main(["pull", LIBRARY, "-o", "out.bib"]) == 0
    monkeypatch.setenv("ZOTERO_API_KEY", server.key)
    assert "annote = {Read}" in pulled()
    requests = server.count()
    pulled()
    assert server.count() == requests + 2


COMMANDS = [
    ["dedupe", "zotero:group/7", "--apply"],
    ["push", "a.bib", "zotero:group/7"],
    ["sync", "a.bib", "zotero:group/7"],
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_group_that_only_administrators_edit(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    Path("a.bib").write_text("@book{shells, title = {Shells and sand}}\n", encoding="utf-8")
    server.library("groups/7").group.editing = "admins"
    monkeypatch.setenv("ZOTERO_API_KEY", MEMBER)
    assert main(command) == 2
    errors = capsys.readouterr().err
    assert "only the administrators of zotero:group/7 (Lab) may change its library" in errors
    assert "--resume" not in errors
    assert nothing_written(server)
    server.library("groups/7").group.admins = [2]
    assert main(command) == 0


def test_no_member_of_a_public_group(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    group = server.library("groups/7").group
    group.type, group.reading = "PublicClosed", "all"
    monkeypatch.setenv("ZOTERO_API_KEY", STRANGER)
    assert main(["dedupe", "zotero:group/7"]) == 0
    assert main(["dedupe", "zotero:group/7", "--apply"]) == 2
    assert "you are no member of zotero:group/7 (Lab)" in capsys.readouterr().err
    assert nothing_written(server)
    monkeypatch.delenv("ZOTERO_API_KEY")
    assert main(["dedupe", "zotero:group/7"]) == 0


def test_a_right_is_taken_away_in_the_middle(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", MEMBER)
    group = server.library("groups/7").group
    server.before(2, lambda: setattr(group, "editing", "admins"), method="POST")
    assert main(["dedupe", "zotero:group/7", "--apply"]) == 3
    errors = capsys.readouterr().err
    assert "Write access denied" in errors
    assert "an administrator of the group decides" in errors
    assert "when that is solved, `refsync apply --resume` continues it" in errors
    group.admins = [2]
    assert main(["apply", "--resume"]) == 0
    assert server.library("groups/7").items[DOUBLE].data["deleted"] is True


@pytest.mark.parametrize("public", [FIRST, DOUBLE])
def test_a_merge_keeps_the_paper_on_the_public_page(server: Server, public: str) -> None:
    server.edit(PATH, public, inPublications=True)
    server.edit(PATH, NOTE, inPublications=public == DOUBLE)
    before = server.library(PATH).snapshot()
    assert main(["dedupe", LIBRARY, "--apply"]) == 0
    items = server.library(PATH).items
    assert (items[FIRST].data["inPublications"], items[DOUBLE].data["deleted"]) == (True, True)
    assert main(["undo"]) == 0
    after = server.library(PATH).snapshot()
    for items in (before["items"], after["items"]):
        items[FIRST]["inPublications"] = bool(items[FIRST].get("inPublications"))
    assert after == before


def test_a_merge_publishes_nothing(server: Server) -> None:
    assert main(["dedupe", LIBRARY, "--apply"]) == 0
    assert not any(item.data.get("inPublications") for item in server.library(PATH).items.values())
