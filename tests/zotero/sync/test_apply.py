"""Syncing a .bib file and a library: what one side changed comes to the other, and nothing is lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import refsync.zotero.web.http
from refsync.cli import main
from refsync.formats.bibtex.format import read
from refsync.records import Record
from refsync.zotero.items.mapping import to_record
from refsync.zotero.sync.merge_base import SyncState
from refsync.zotero.sync.merge_units import agree, units_of, words
from refsync.zotero.sync.three_way import Base, merge
from tests.zotero.fault_injection import quick
from tests.zotero_server import Server, zotero_server
from tests.zotero_server.state import World

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


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Server, World]]:
    with zotero_server(users={12345: "ada"}) as server:
        yield server, server.save()


@pytest.fixture
def server(running: tuple[Server, World]) -> Server:
    server, empty = running
    server.restore(empty)
    return server


@pytest.fixture(autouse=True)
def at_home(running: tuple[Server, World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOTERO_API_KEY", running[0].key)
    monkeypatch.setenv("ZOTERO_ENDPOINT", running[0].url)
    monkeypatch.setattr(refsync.zotero.web.http.time, "sleep", lambda seconds: None)


def sync(*options: str) -> int:
    return main(["sync", FILE, LIBRARY, *options])


def result(capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    sync("--format", "json", *options)
    return json.loads(capsys.readouterr().out)


def text() -> str:
    return Path(FILE).read_text(encoding="utf-8")


def write(content: str) -> None:
    Path(FILE).write_text(content, encoding="utf-8")


def replace(old: str, new: str) -> None:
    assert old in text()
    write(text().replace(old, new))


def held(server: Server) -> dict[str, dict[str, Any]]:
    """The items outside the trash, by citation key."""
    items = [thing.data for thing in server.library(PATH).items.values()]
    return {item["citationKey"]: item for item in items if "citationKey" in item and not item.get("deleted")}


def tags(item: dict[str, Any]) -> list[str]:
    return [tag["tag"] for tag in item["tags"]]


@pytest.fixture
def synced(server: Server) -> dict[str, str]:
    """Two pairs that agree; the keys of their items."""
    keys = server.add(PATH, ROE, SHELLS)
    write(HAND_MADE)
    assert sync() == 0
    return dict(zip(("roe2020", "shells"), keys, strict=True))


# The first sync


def test_the_first_sync_finds_pairs_and_fills(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (key, shells) = server.add(PATH, {**ROE, "volume": "7", "citationKey": ""}, {**SHELLS, "citationKey": ""})
    write(HAND_MADE + "@misc{crabs, title = {On crabs that climb}}\n")
    told = result(capsys)
    assert (told["matched"], told["library_created"], told["file_added"], told["review"]) == (1, 1, 1, [])
    assert (
        text()
        == HAND_MADE.replace("    mine    = {only here},\n", "    mine    = {only here},\n    volume = {7},\n")
        + "@misc{crabs, title = {On crabs that climb}}\n\n"
        + "@book{shells-sand1999,\n  title = {Shells and sand},\n  year = {1999}\n}\n"
    )
    items = held(server)
    assert items.keys() == {"roe2020", "crabs", "shells-sand1999"}
    assert items["roe2020"] == server.library(PATH).items[key].data
    assert items["shells-sand1999"] == server.library(PATH).items[shells].data
    assert items["roe2020"]["extra"] == "tex.mine: only here"


def test_what_differs_at_first_is_asked(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.add(PATH, {**ROE, "volume": "8", "tags": [{"tag": "theirs", "type": 1}]})
    write(HAND_MADE.replace("year = 2020", "year = 2020, volume = 7"))
    told = result(capsys)
    (asked,) = told["review"]
    assert (asked["field"], asked["base"], asked["ours"], asked["theirs"]) == ("volume", None, "7", "8")
    assert "keywords = {graphs, kelp, theirs}" in text()
    assert sorted(tags(held(server)["roe2020"])) == ["graphs", "kelp", "theirs"]
    assert (held(server)["roe2020"]["volume"], "volume = 7" in text()) == ("8", True)
    assert [review["field"] for review in result(capsys)["review"]] == ["volume"]


def test_a_new_file(server: Server) -> None:
    server.add(PATH, ROE, SHELLS)
    assert sync() == 0
    assert "@article{roe2020," in text()
    assert sync() == 0


def test_an_empty_library(server: Server) -> None:
    write(HAND_MADE)
    assert sync() == 0
    assert text() == HAND_MADE
    assert held(server).keys() == {"roe2020"}


# Again and again


def test_a_second_sync_does_nothing(server: Server, synced: Any) -> None:
    before = _state()
    server.clear()
    assert sync() == 0
    assert [(entry.method, entry.path, entry.status) for entry in server.log] == [
        ("GET", "/keys/current", 200),
        ("GET", "/users/12345/items", 304),
    ]
    assert _state() == before


def _state() -> tuple[int, int, str]:
    status = Path(FILE).stat()
    return status.st_ino, status.st_mtime_ns, text()


def test_each_side_gets_what_the_other_changed(server: Server, synced: Any) -> None:
    before = text()
    server.edit(
        PATH, synced["roe2020"], volume="7", title="Learning BERT on kelp", tags=[{"tag": "kelp"}, {"tag": "new"}]
    )
    replace("year = 2020", "year = 2021")
    replace("{graphs, kelp}", "{graphs, kelp, big}")
    replace("Shells and sand", "Shells")
    assert sync() == 0
    assert text() == before.replace("year = 2020", "year = 2021").replace("{graphs, kelp}", "{kelp, big, new}").replace(
        "{Learning {BERT} on graphs of kelp}", "{Learning {BERT} on kelp}"
    ).replace("    mine    = {only here},\n", "    mine    = {only here},\n    volume = {7},\n").replace(
        "Shells and sand", "Shells"
    )
    items = held(server)
    assert (items["roe2020"]["date"], items["roe2020"]["volume"]) == ("2021", "7")
    assert sorted(tags(items["roe2020"])) == ["big", "kelp", "new"]
    assert items["shells"]["title"] == "Shells"
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


def test_what_is_emptied_is_emptied(server: Server, synced: Any) -> None:
    server.edit(PATH, synced["roe2020"], publicationTitle="")
    replace("    mine    = {only here},\n", "")
    assert sync() == 0
    assert "journal" not in text()
    assert held(server)["roe2020"]["extra"] == ""


def test_what_has_no_place_in_a_record_stays(server: Server, synced: Any) -> None:
    extra = "my words\nOriginal Date: 1990\ntex.mine: only here"
    server.edit(PATH, synced["roe2020"], extra=extra, libraryCatalog="arXiv", tags=[{"tag": "graphs"}, {"tag": "kelp"}])
    server.add(PATH, {"itemType": "note", "note": "<p>mine</p>", "parentItem": synced["roe2020"]})
    assert sync() == 0
    replace("{only here}", "{and there}")
    replace("kelp},\n    mine", "kelp, more},\n    mine")
    assert sync() == 0
    item = held(server)["roe2020"]
    assert item["extra"] == extra.replace("only here", "and there")
    assert item["libraryCatalog"] == "arXiv"


def test_automatic_tags_and_areas_stay_what_they_are(server: Server, synced: Any) -> None:
    had = [{"tag": "area:cs.LG", "type": 1}, {"tag": "graphs"}, {"tag": "kelp", "type": 1}]
    server.edit(PATH, synced["roe2020"], tags=had)
    assert sync() == 0
    assert "keywords = {graphs, kelp, cs.LG}" in text()
    replace("{graphs, kelp, cs.LG}", "{kelp, cs.LG, mine}")
    assert sync() == 0
    assert held(server)["roe2020"]["tags"] == [had[0], had[2], {"tag": "mine"}]


def test_another_type(server: Server, synced: Any) -> None:
    replace("@book{shells,", "@phdthesis{shells,")
    assert sync() == 0
    assert held(server)["shells"]["itemType"] == "thesis"
    item = held(server)["roe2020"]
    server.edit(PATH, synced["roe2020"], itemType="conferencePaper")
    assert (held(server)["roe2020"]["proceedingsTitle"], item["title"]) == ("J. Kelp", ROE["title"])
    assert sync() == 0
    assert "@inproceedings{ roe2020 ," in text().lower()
    assert "booktitle = {J. Kelp}" in text()
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


def test_undo_gives_another_type_back(server: Server, synced: Any) -> None:
    had = held(server)["roe2020"]
    replace("@Article{", "@inproceedings{")
    assert sync() == 0
    item = held(server)["roe2020"]
    assert (item["itemType"], item["extra"]) == ("conferencePaper", "tex.mine: only here\ntex.journaltitle: J. Kelp")
    assert main(["undo"]) == 0
    assert {**held(server)["roe2020"], "dateModified": ""} == {**had, "dateModified": ""}


def test_another_citation_key(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("{ roe2020 ,", "{ roe2021 ,")
    server.edit(PATH, synced["shells"], citationKey="sand")
    assert sync() == 0
    assert held(server).keys() == {"roe2021", "sand"}
    assert "@book{sand," in text()
    assert "'shells' is 'sand' now, as in Zotero" in capsys.readouterr().err


def test_a_citation_key_that_is_taken_here(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, synced["shells"], citationKey="roe2020")
    assert sync() == 0
    assert "'shells' is 'roe2020' in Zotero now; another entry has that key here" in capsys.readouterr().err
    assert "@book{shells," in text()
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


def test_what_refers_to_a_key_follows_it(server: Server, synced: Any) -> None:
    write(text() + "@inbook{part, title = {A part}, crossref = {shells}}\n")
    assert sync() == 0
    server.edit(PATH, synced["shells"], citationKey="sand")
    assert sync() == 0
    assert "crossref = {sand}" in text()
    assert held(server)["part"]["extra"] == "tex.crossref: sand\ntex.entrytype: inbook"
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


# Groups and collections


def placed(server: Server) -> dict[str, list[str]]:
    """The names of the collections of each paper."""
    collections = server.library(PATH).collections
    return {
        key: sorted(collections[at].data["name"] for at in item["collections"]) for key, item in held(server).items()
    }


def test_groups_are_collections(server: Server, synced: dict[str, str]) -> None:
    (read_,) = server.add(PATH, {"name": "Read"}, kind="collections")
    (below,) = server.add(PATH, {"name": "Deep", "parentCollection": read_}, kind="collections")
    (comma,) = server.add(PATH, {"name": "Now, soon"}, kind="collections")
    server.edit(PATH, synced["shells"], collections=[below, comma])
    before = text()
    assert sync() == 0
    assert text() == before  # a file without groups holds none
    replace("mine    = {only here}", "groups  = {Read, Thesis}")
    assert sync() == 0
    assert placed(server) == {"roe2020": ["Read", "Thesis"], "shells": ["Deep", "Now, soon"]}
    assert "groups = {Deep}" in text()
    assert held(server)["roe2020"]["extra"] == ""
    replace("groups  = {Read, Thesis}", "groups  = {Thesis}")
    server.edit(PATH, synced["roe2020"], collections=[*held(server)["roe2020"]["collections"], below])
    assert sync() == 0
    assert placed(server)["roe2020"] == ["Deep", "Thesis"]
    assert "groups  = {Thesis, Deep}" in text()
    server.library(PATH).erase_collections([below])
    write(text() + "@misc{crabs, title = {On crabs}, groups = {Thesis}}\n")
    assert sync() == 0
    assert placed(server) == {"crabs": ["Thesis"], "roe2020": ["Thesis"], "shells": ["Now, soon"]}
    assert "Deep" not in text()
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


def test_undo_takes_collections_back(server: Server, synced: dict[str, str]) -> None:
    replace("mine    = {only here}", "groups  = {Read}")
    before = text(), held(server)["roe2020"]["extra"]
    assert sync() == 0
    assert main(["undo"]) == 0
    assert (text(), held(server)["roe2020"]["extra"]) == before
    assert [thing.data.get("deleted") for thing in server.library(PATH).collections.values()] == [True]
    assert sync() == 0
    assert placed(server)["roe2020"] == ["Read"]
    assert len(server.library(PATH).collections) == 1


# Conflicts


@pytest.fixture
def conflict(server: Server, synced: Any) -> dict[str, str]:
    """Both sides have changed the year and the volume."""
    server.edit(PATH, synced["roe2020"], date="2019", volume="9")
    replace("year = 2020", "year = 2021, volume = 8")
    return synced


def sides(server: Server) -> tuple[str, str, str, str]:
    (record, *_) = read(Path(FILE).read_bytes(), FILE).records
    item = held(server)["roe2020"]
    return record.fields["year"], record.fields["volume"], item["date"], item["volume"]


def test_a_conflict_is_asked(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("{graphs, kelp}", "{graphs, kelp, big}")
    before = text()
    assert sync() == 3
    told = capsys.readouterr().out
    assert "roe2020.date  both sides changed it\n      file    2021\n      Zotero  2019\n      before  2020" in told
    assert sides(server) == ("2021", "8", "2019", "9")
    assert text() == before
    assert "big" in tags(held(server)["roe2020"])
    asked = result(capsys)["review"]
    assert [
        (item["kind"], item["key"], item["field"], item["base"], item["ours"], item["theirs"]) for item in asked
    ] == [
        ("conflict", "roe2020", "date", "2020", "2021", "2019"),
        ("conflict", "roe2020", "volume", "", "8", "9"),
    ]


@pytest.mark.parametrize(
    ("options", "code", "wanted"),
    [
        (["--conflicts", "ours"], 0, ("2021", "8", "2021", "8")),
        (["--conflicts", "theirs"], 0, ("2019", "9", "2019", "9")),
        (["--take", "roe2020.year=ours"], 3, ("2021", "8", "2021", "9")),
        (["--take", "roe2020.date=theirs"], 3, ("2019", "8", "2019", "9")),
        (["--take", "*.volume=theirs", "--conflicts", "ours"], 0, ("2021", "9", "2021", "9")),
        (["--take", "roe2020=theirs"], 0, ("2019", "9", "2019", "9")),
    ],
)
def test_a_conflict_is_decided(
    server: Server, conflict: Any, options: list[str], code: int, wanted: tuple[str, ...]
) -> None:
    assert sync(*options) == code
    assert sides(server) == wanted
    server.clear()
    assert sync() == code
    assert (server.count(write=True), sides(server)) == (0, wanted)


@pytest.mark.parametrize(("stamp", "wanted"), [("2001-01-01T00:00:00Z", "2021"), ("2199-01-01T00:00:00Z", "2019")])
def test_the_newest_wins(server: Server, conflict: Any, stamp: str, wanted: str) -> None:
    server.edit(PATH, conflict["roe2020"], dateModified=stamp)
    assert sync("--conflicts", "newest") == 0
    assert sides(server)[::2] == (wanted, wanted)


def test_the_policy_of_the_configuration(server: Server, conflict: Any) -> None:
    Path("refsync.toml").write_text('[zotero]\nconflicts = "theirs"\ndeletions = "keep"\n')
    assert sync() == 0
    assert sides(server) == ("2019", "9", "2019", "9")


def test_a_conflict_that_goes_away(server: Server, conflict: Any) -> None:
    assert sync() == 3
    server.edit(PATH, conflict["roe2020"], date="2021")
    replace("volume = 8", "volume = {9}")
    assert sync() == 0


def test_emptied_here_and_changed_there(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, synced["roe2020"], publicationTitle="K. Jelp")
    replace("    journal = jk,", "   ")
    (asked,) = result(capsys)["review"]
    assert (asked["field"], asked["base"], asked["ours"], asked["theirs"]) == ("journaltitle", "J. Kelp", "", "K. Jelp")
    assert sync("--take", "roe2020.journal=ours") == 0
    assert held(server)["roe2020"]["publicationTitle"] == ""


def test_answers_that_cannot_be(synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert sync("--take", "roe2020.year=mine") == 2
    assert sync("--take", "nobody.year=ours") == 0
    assert "nobody.year: there is no such question" in capsys.readouterr().err
    assert main(["sync", LIBRARY, FILE]) == 2


def test_a_person_is_asked(
    server: Server, conflict: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = iter(["z", "l"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("refsync.cli.zotero.sync_answers.click.prompt", lambda *given, **options: next(replies))
    monkeypatch.setattr("refsync.cli.zotero.sync.show_progress", _no_bars)
    assert sync() == 3
    assert sides(server) == ("2019", "8", "2019", "9")
    assert "before   2020" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_a_person_is_asked_at_a_real_terminal(server: Server, conflict: Any) -> None:
    terminal, end = os.openpty()
    command = [
        sys.executable,
        "-c",
        "import sys; from refsync.cli import main; sys.exit(main())",
        "sync",
        FILE,
        LIBRARY,
    ]
    with subprocess.Popen(command, stdin=end, stdout=subprocess.PIPE, stderr=end) as asked:
        os.close(end)
        shown = b""
        for reply in (b"f\n", b"q\n"):
            while b"leave the rest" not in shown:
                shown += os.read(terminal, 1000)
            shown = b""
            os.write(terminal, reply)
        told, _ = asked.communicate(timeout=30)
    os.close(terminal)
    assert asked.returncode == 3
    assert b"to decide                1" in told
    assert sides(server) == ("2021", "8", "2021", "9")


def _no_bars(quiet: bool) -> Any:
    from contextlib import nullcontext

    return nullcontext(lambda stage, done, total: None)


# Deletions


def test_a_deletion_is_asked(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write(text().split("@book")[0])
    server.edit(PATH, synced["roe2020"], deleted=1)
    before = text()
    for _ in range(2):
        told = result(capsys)
        assert [(item["kind"], item["key"], item["item"]) for item in told["review"]] == [
            ("deletion", "roe2020", synced["roe2020"]),
            ("deletion", "shells", synced["shells"]),
        ]
        assert (text(), held(server).keys()) == (before, {"shells"})
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
        assert (text(), held(server).keys()) == (before, {"roe2020", "shells"})
        assert (held(server)["roe2020"]["extra"], held(server)["roe2020"]["title"]) == (
            "tex.mine: only here",
            ROE["title"],
        )
    else:
        assert "roe2020" not in text()
        assert "% my papers, in my order" in text()
        assert "@comment{kept}" in text()
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


@pytest.mark.parametrize("policy", ["keep", "apply"])
def test_taken_out_of_the_file(server: Server, synced: Any, policy: str) -> None:
    write(HAND_MADE[: HAND_MADE.index("@Article")] + text()[text().index("@comment") :])
    assert sync("--deletions", policy) == 0
    if policy == "keep":
        assert "title = {Learning {BERT} on graphs of kelp}" in text()
        assert "mine = {only here}" in text()
    else:
        assert "roe2020" not in text()
        assert server.library(PATH).items[synced["roe2020"]].data["deleted"]
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_deleted_here_and_changed_there(
    server: Server, synced: Any, side: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.edit(PATH, synced["shells"], title="Shells, sand and the sea")
    write(HAND_MADE)
    assert sync("--deletions", "apply") == 3
    assert "was taken out of the file, and was changed in Zotero" in capsys.readouterr().out
    assert (text(), held(server).keys()) == (HAND_MADE, {"roe2020", "shells"})
    assert sync("--take", f"shells={side}") == 0
    assert ("Shells, sand and the sea" in text(), "shells" in held(server)) == ((side == "theirs"),) * 2


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_deleted_there_and_changed_here(server: Server, synced: Any, side: str) -> None:
    server.edit(PATH, synced["shells"], deleted=1)
    replace("Shells and sand", "Shells")
    assert sync("--deletions", "apply") == 3
    assert sync("--take", f"shells={side}") == 0
    assert ("@book" in text(), "shells" in held(server)) == ((side == "ours"),) * 2
    if side == "ours":
        assert held(server)["shells"]["title"] == "Shells"


def test_who_refers_to_what_is_taken_out_is_told(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write(text() + "@inbook{part, title = {A part}, crossref = {shells}}\n")
    server.edit(PATH, synced["shells"], deleted=1)
    assert sync("--deletions", "apply") == 0
    assert "'part' refers to 'shells', which is taken out" in capsys.readouterr().err


def test_deleted_on_both_sides(server: Server, synced: Any) -> None:
    server.edit(PATH, synced["shells"], deleted=1)
    write(HAND_MADE)
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


# Notes that a pull brought


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_notes_of_a_pull_stay_notes(server: Server, dialect: str, capsys: pytest.CaptureFixture[str]) -> None:
    (key,) = server.add(PATH, {**ROE, "extra": "tex.annotation= My \\emph{own} words"})
    child = {"itemType": "note", "parentItem": key}
    first, _ = server.add(PATH, {**child, "note": "<p>Read twice</p>"}, {**child, "note": "<p>Ask Poe &amp; Roe</p>"})
    pull = ["pull", LIBRARY, "-o", FILE, "--notes", "--dialect", dialect]
    assert main(pull) == 0
    pulled = text()
    assert "My \\emph{own} words Read twice Ask Poe \\& Roe" in pulled
    server.clear()
    for _ in range(2):
        assert sync() == 0
        assert (server.count(write=True), text()) == (0, pulled)

    server.edit(PATH, first, note="<p>Read once</p>")  # the file has the old one until the next pull
    replace("{2020}", "{2021}")
    assert sync() == 0
    item = server.library(PATH).items[key].data
    assert (item["date"], item["extra"]) == ("2021", "tex.annotation= My \\emph{own} words")
    assert text() == pulled.replace("{2020}", "{2021}")

    replace("own} words", "own} text")
    assert sync() == 0
    assert server.library(PATH).items[key].data["extra"] == "tex.annotation= My \\emph{own} text"
    server.edit(PATH, key, extra="tex.annotation: Theirs")
    assert sync() == 0
    kept = text()
    assert "{Theirs\n\nRead twice\n\nAsk Poe \\& Roe}" in kept
    server.clear()
    assert result(capsys)["review"] == []
    assert (server.count(write=True), text()) == (0, kept)


def test_notes_that_come_between_two_syncs(server: Server, synced: dict[str, str]) -> None:
    server.add(PATH, {"itemType": "note", "parentItem": synced["roe2020"], "note": "<p>On kelp</p>"})
    assert main(["pull", LIBRARY, "-o", FILE, "--notes"]) == 0
    kept = text()
    assert "annote = {On kelp}" in kept
    server.clear()
    assert sync() == 0
    assert (server.count(write=True), text()) == (0, kept)
    replace("{On kelp}", "{About kelp, mostly}")
    assert sync() == 0
    assert held(server)["roe2020"]["extra"] == "tex.mine: only here\ntex.annotation: About kelp, mostly"


# What is shown


def test_the_dry_run_is_what_is_done(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("{graphs, kelp}", "{graphs, kelp, big}")
    server.add(PATH, {"itemType": "book", "title": "Tides"})
    write(text() + "@misc{crabs, title = {On crabs}}\n")
    before = text(), server.library(PATH).snapshot()
    dry = result(capsys, "--dry-run", "--conflicts", "ours")
    assert (text(), server.library(PATH).snapshot()) == before
    assert not list(Path(".refsync/runs").glob("*2"))
    server.clear()
    assert sync("--conflicts", "ours") == 0
    sent = [item for entry in server.log if entry.write for item in entry.json]
    assert sent == [line["object"] for line in dry["sends"]]
    assert {edit["key"]: edit["kind"] for edit in dry["edits"]} == {"tides": "added"}
    assert "@book{tides" in text()


def test_the_table_and_the_diff(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert sync("--dry-run", "--conflicts", "theirs") == 0
    told = capsys.readouterr().out
    assert "to refs.bib\n  ~ roe2020  Learning BERT on graphs of kelp  (volume, year)" in told
    assert "decided                  2" in told
    before = text()
    assert sync("--diff", "--conflicts", "theirs") == 0
    assert "+    journal = jk, year = {2019}, volume = {9}," in capsys.readouterr().out
    assert text() == before


# Whatever happens on the way; the rest is in test_zotero_disasters.py


def test_undo_takes_back_both_sides(server: Server, conflict: Any) -> None:
    write(text() + "@misc{crabs, title = {On crabs}}\n")
    server.add(PATH, {"itemType": "book", "title": "Tides"})
    server.edit(PATH, conflict["shells"], deleted=1)
    before = text(), held(server)
    assert sync("--conflicts", "ours", "--deletions", "keep") == 0
    after = text(), held(server)
    assert after != before
    assert main(["undo"]) == 0
    assert (text(), held(server).keys()) == (before[0], before[1].keys())
    for key, item in before[1].items():
        assert {**held(server)[key], "dateModified": ""} == {**item, "dateModified": ""}
    assert main(["undo"]) == 2  # the first sync: the file was changed since


def test_after_undo_the_same_is_to_be_done(server: Server, conflict: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert sync("--conflicts", "ours") == 0
    after = sides(server)
    assert main(["undo"]) == 0
    assert sides(server) == ("2021", "8", "2019", "9")
    assert len(result(capsys, "--dry-run")["review"]) == 2
    assert sync("--conflicts", "ours") == 0
    assert sides(server) == after


@pytest.mark.parametrize("since", ["nothing", "edited", "erased", "taken out", "restored"])
def test_an_undone_sync_goes_on_unasked(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str], since: str
) -> None:
    write(text() + "@misc{crabs, title = {On crabs}, volume = 3}\n")
    assert sync() == 0
    (made,) = server.library(PATH).items.keys() - synced.values()
    assert main(["undo"]) == 0
    assert "crabs" not in held(server)
    if since == "edited":
        replace("title = {On crabs}, volume = 3", "title = {On crabs of the shore}")
    elif since == "erased":
        server.library(PATH).erase_items([made])
    elif since == "taken out":
        write(HAND_MADE)
    elif since == "restored":
        server.edit(PATH, made, deleted=0)
    kept = text()
    capsys.readouterr()
    assert sync("--deletions", "apply") == 0
    told = "comes out of Zotero's trash, where `refsync undo` had put its item" in capsys.readouterr().err
    assert (text(), told) == (kept, since in ("nothing", "edited"))
    if since == "taken out":
        assert "crabs" not in held(server)
    else:
        item = held(server)["crabs"]
        title = "On crabs of the shore" if since == "edited" else "On crabs"
        assert (item, item["title"]) == (server.library(PATH).items[made].data, title)
        assert ("tex.volume" in item.get("extra", "")) == (since != "edited")
    server.clear()
    assert sync() == 0
    assert (server.count(write=True), text()) == (0, kept)


def test_the_file_is_changed_meanwhile(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, synced["roe2020"], volume="7")
    replace("Shells and sand", "Shells")
    server.before(1, lambda: replace("Shells", "Sand"), method="POST")
    assert sync() == 2
    assert "was changed while refsync was at work" in capsys.readouterr().err
    assert (held(server)["shells"]["title"], "{Sand}" in text(), "volume" in text()) == ("Shells", True, False)
    assert sync() == 0
    assert (held(server)["shells"]["title"], "{Sand}" in text(), "volume" in text()) == ("Sand", True, True)


def test_an_item_is_changed_meanwhile(server: Server, synced: Any) -> None:
    replace("year = 2020", "year = 2021")
    replace("{graphs, kelp}", "{kelp}")
    others = [{"tag": "graphs"}, {"tag": "kelp"}, {"tag": "late"}]
    server.before(1, lambda: server.edit(PATH, synced["roe2020"], volume="7", tags=others), method="POST")
    assert sync() == 0
    item = held(server)["roe2020"]
    assert (item["date"], item["volume"], sorted(tags(item))) == ("2021", "7", ["kelp", "late"])
    assert "keywords = {kelp, late}" in text()
    assert "volume = {7}" in text()


def test_only_a_tag_is_taken_away_and_the_item_changed_meanwhile(server: Server, synced: Any) -> None:
    replace("{graphs, kelp}", "{kelp}")
    server.before(1, lambda: server.edit(PATH, synced["roe2020"], volume="7"), method="POST")
    assert sync() == 0
    assert tags(held(server)["roe2020"]) == ["kelp"]


def test_an_item_is_deleted_meanwhile(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("year = 2020", "year = 2021")
    server.before(1, lambda: server.edit(PATH, synced["roe2020"], deleted=1), method="POST")
    assert sync() == 3
    assert "lies in Zotero's trash, and was changed in the file" in capsys.readouterr().out
    assert server.library(PATH).items[synced["roe2020"]].data["date"] == "2020"


def test_what_zotero_refuses_is_told_and_asked_for_again(
    server: Server, synced: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    replace("{graphs, kelp}", f"{{graphs, kelp, {'x' * 300}}}")
    replace("Shells and sand", "Shells")
    for _ in range(2):
        assert sync() == 3
        assert "has 300 characters, Zotero takes 255" in capsys.readouterr().err
        assert held(server)["shells"]["title"] == "Shells"


def test_a_file_that_cannot_be_read_whole(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write(text().replace("    Author  =", "    Author  {"))
    assert sync("--deletions", "apply") == 2
    assert "what cannot be read would be taken for deleted" in capsys.readouterr().err
    assert held(server).keys() == {"roe2020", "shells"}


def test_the_memory_is_lost(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    before = text()
    for path in Path(".refsync/zotero").iterdir():
        path.unlink()
    server.clear()
    told = result(capsys)
    assert (told["matched"], told["review"], server.count(write=True), text()) == (2, [], 0, before)


def test_a_file_in_latin_1(server: Server) -> None:
    Path(FILE).write_bytes("@book{cafe, title = {Café}, author = {Poe, Ed}}\n".encode("latin-1"))
    assert sync() == 0
    (item,) = held(server).values()
    assert item["title"] == "Café"
    (key,) = server.library(PATH).items
    server.edit(PATH, key, publisher="Łódź Press")
    assert sync() == 0
    assert "Café".encode("latin-1") in Path(FILE).read_bytes()
    assert rb"publisher = {{\L}" + "ó".encode("latin-1") + rb"d{\'z} Press}" in Path(FILE).read_bytes()
    server.clear()
    assert sync() == 0
    assert server.count(write=True) == 0


@pytest.mark.parametrize(
    ("file", "library", "said"),
    [
        ("refs.csv", LIBRARY, "what is synced is written to a file ending in .bib"),
        ("nowhere/refs.bib", LIBRARY, "there is no folder nowhere"),
        (LIBRARY, FILE, "name the file, then the library"),
        (FILE, "zotero:local", "zotero:local can be read, not written"),
        (FILE, "zotero:user/1", "the API key opens zotero:user/12345 (ada), not zotero:user/1"),
    ],
)
def test_what_cannot_be_synced(
    server: Server, capsys: pytest.CaptureFixture[str], file: str, library: str, said: str
) -> None:
    write(HAND_MADE)
    assert main(["sync", file, library]) == 2
    assert said in capsys.readouterr().err
    assert (server.count(write=True), text()) == (0, HAND_MADE)


def test_entries_that_are_left_out(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    write("@book{a, title = {One}}\n@book{a, title = {Two}}\n@book{title = {Three}}\n@xdata{x, publisher = {P}}\n")
    assert sync() == 0
    assert held(server).keys() == {"a"}
    told = capsys.readouterr().err
    assert "the key 'a' is used twice" in told
    assert "has no citation key" in told


# Properties

VALUES = st.sampled_from(
    ["kelp", "{BERT} nets", r"M{\"u}ller", "3--4", "2020", "x: y", r"\emph{odd} one", "a & b", "$x^2$"]
)
UNITS = st.dictionaries(
    st.sampled_from(["title", "volume", "date", "keywords", "ids"]), VALUES.map(lambda value: value), max_size=5
).map(lambda found: {name: {name: value} for name, value in found.items()})


@settings(max_examples=200, deadline=None, derandomize=True)
@given(UNITS, UNITS, UNITS, st.sampled_from(["ours", "theirs", None]))
def test_a_merge_loses_nothing(base: Any, ours: Any, theirs: Any, side: Any) -> None:
    merged = merge(Base(base, base), ours, theirs, lambda name: side)
    after = {name: unit for name, unit in {**ours, **merged.to_ours}.items() if unit}
    other = {name: unit for name, unit in {**theirs, **merged.to_theirs}.items() if unit}
    for name in {*base, *ours, *theirs}:
        before, one, two = (units.get(name, {}) for units in (base, ours, theirs))
        if name in merged.open:
            assert after.get(name, {}) == one
            assert other.get(name, {}) == two
        else:
            assert agree(name, after.get(name, {}), other.get(name, {}))
            if name in ("keywords", "ids"):
                had, has, had_other = (words(name, unit).keys() for unit in (before, one, two))
                left = words(name, after.get(name, {})).keys()
                assert left == (has & had_other) | (has - had) | (had_other - had)
            elif before in (one, two):
                wanted = two if one == before else one
                assert agree(name, after.get(name, {}), wanted)
    again = merge(Base(after, other, merged.open), after, other, lambda name: None)
    assert (again.to_ours, again.to_theirs, again.open.keys()) == ({}, {}, merged.open.keys())


TEXTS = st.sampled_from(
    ["", "kelp", "{BERT} nets", r"M{\"u}ller", "a--b", "x: y", r"\emph{odd} one", r"a \& b", "$x^2$"]
)
OURS = st.dictionaries(
    st.sampled_from(["title", "journal", "volume", "pages", "note", "mine", "publisher", "keywords", "author", "year"]),
    TEXTS,
    max_size=4,
)
PLAIN = st.sampled_from(["", "Kelp", "BERT nets", "Müller", "a–b", "y: x", "<i>odd</i> two", "a & c"])
THEIRS = st.dictionaries(
    st.sampled_from(["title", "publicationTitle", "volume", "pages", "extra", "publisher", "tags", "creators", "date"]),
    PLAIN,
    max_size=4,
)
UNIT_OF = {"journal": "journaltitle", "publicationTitle": "journaltitle", "year": "date", "extra": "note"}
UNIT_OF |= {"tags": "keywords", "creators": "author"}


def entry(key: str, fields: dict[str, str]) -> str:
    said = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@article{{{key}{said}\n}}\n"


def edited(server: Server, key: str, changes: dict[str, str]) -> None:
    now = server.library(PATH).items[key].data
    properties: dict[str, Any] = dict(changes)
    if "tags" in changes:
        properties["tags"] = [*now["tags"][1:], *([{"tag": changes["tags"]}] if changes["tags"] else [])]
    if "creators" in changes:
        name = changes["creators"]
        properties["creators"] = [{"creatorType": "author", "name": name}] if name else []
    if "extra" in changes:
        kept = [line for line in now["extra"].splitlines() if line.startswith("tex.")]
        properties["extra"] = "\n".join([*(["About " + changes["extra"]] if changes["extra"] else []), *kept])
    server.edit(PATH, key, **properties)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(OURS, st.lists(st.tuples(OURS, THEIRS), min_size=1, max_size=3), st.sampled_from(["ask", "ours", "theirs"]))
def test_after_a_sync_both_sides_agree(
    running: tuple[Server, World],
    first: dict[str, str],
    rounds: list[tuple[dict[str, str], dict[str, str]]],
    policy: str,
) -> None:
    server, empty = running
    server.restore(empty)
    with quick(server):
        fields = {"title": "Of crabs", "keywords": "one, two", "mine": "x", **first}
        write(entry("k1", fields))
        assert sync("-q") == 0
        (key,) = server.library(PATH).items
        conflicts: set[str] = set()
        for ours, theirs in rounds:
            fields = {**pair(server, key)[0].fields, **ours}
            write(entry("k1", fields))
            edited(server, key, theirs)
            changed, moved = pair(server, key)
            code = sync("-q", "--conflicts", policy)
            after, item = pair(server, key)
            conflicts = open_units() if code else set()
            assert not conflicts or policy == "ask"
            for name in {*units_of(after), *units_of(item)} - conflicts:
                one, other = units_of(after).get(name, {}), units_of(item).get(name, {})
                assert agree(name, one, other), (name, one, other)
            for name in {UNIT_OF.get(name, name) for name in ours} - {UNIT_OF.get(name, name) for name in theirs}:
                if name not in ("keywords", *conflicts):
                    assert units_of(after).get(name, {}) == units_of(changed).get(name, {})
            for name in {UNIT_OF.get(name, name) for name in theirs} - {UNIT_OF.get(name, name) for name in ours}:
                if name not in ("keywords", *conflicts):
                    assert agree(name, units_of(item).get(name, {}), units_of(moved).get(name, {}))
            kept = text()
            server.clear()
            assert sync("-q") == code
            assert (server.count(write=True), text()) == (0, kept)


def pair(server: Server, key: str) -> tuple[Record, Record]:
    (record,) = read(Path(FILE).read_bytes(), FILE).records
    return record, to_record(server.library(PATH).items[key].data)


def open_units() -> set[str]:
    (path,) = Path(".refsync/zotero").glob("*-sync.sqlite")
    with SyncState(Path(), path.name.removesuffix("-sync.sqlite")) as state:
        return {name for row in state.rows(FILE).values() for name in row.open}
