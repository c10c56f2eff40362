"""Changes of one side go to the other, and a second sync has nothing to do."""

from pathlib import Path
from typing import Any

import pytest

from tests.zotero.sync.workspace import (
    FILE,
    PATH,
    ROE,
    assert_nothing_to_do,
    live_items,
    replace,
    sync,
    tags,
    text,
    write,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


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
    items = live_items(server)
    assert (items["roe2020"]["date"], items["roe2020"]["volume"]) == ("2021", "7")
    assert sorted(tags(items["roe2020"])) == ["big", "kelp", "new"]
    assert items["shells"]["title"] == "Shells"
    assert_nothing_to_do(server)


def test_an_emptied_field_is_emptied_on_the_other_side(server: Server, synced: Any) -> None:
    server.edit(PATH, synced["roe2020"], publicationTitle="")
    replace("    mine    = {only here},\n", "")
    assert sync() == 0
    assert "journal" not in text()
    assert live_items(server)["roe2020"]["extra"] == ""


def test_properties_without_a_field_stay(server: Server, synced: Any) -> None:
    extra = "my words\nOriginal Date: 1990\ntex.mine: only here"
    server.edit(PATH, synced["roe2020"], extra=extra, libraryCatalog="arXiv", tags=[{"tag": "graphs"}, {"tag": "kelp"}])
    server.add(PATH, {"itemType": "note", "note": "<p>mine</p>", "parentItem": synced["roe2020"]})
    assert sync() == 0
    replace("{only here}", "{and there}")
    replace("kelp},\n    mine", "kelp, more},\n    mine")
    assert sync() == 0
    item = live_items(server)["roe2020"]
    assert item["extra"] == extra.replace("only here", "and there")
    assert item["libraryCatalog"] == "arXiv"


def test_automatic_tags_and_areas_stay_automatic(server: Server, synced: Any) -> None:
    had = [{"tag": "area:cs.LG", "type": 1}, {"tag": "graphs"}, {"tag": "kelp", "type": 1}]
    server.edit(PATH, synced["roe2020"], tags=had)
    assert sync() == 0
    assert "keywords = {graphs, kelp, cs.LG}" in text()
    replace("{graphs, kelp, cs.LG}", "{kelp, cs.LG, mine}")
    assert sync() == 0
    assert live_items(server)["roe2020"]["tags"] == [had[0], had[2], {"tag": "mine"}]


def test_a_changed_type(server: Server, synced: Any) -> None:
    replace("@book{shells,", "@phdthesis{shells,")
    assert sync() == 0
    assert live_items(server)["shells"]["itemType"] == "thesis"
    item = live_items(server)["roe2020"]
    server.edit(PATH, synced["roe2020"], itemType="conferencePaper")
    assert (live_items(server)["roe2020"]["proceedingsTitle"], item["title"]) == ("J. Kelp", ROE["title"])
    assert sync() == 0
    assert "@inproceedings{ roe2020 ," in text().lower()
    assert "booktitle = {J. Kelp}" in text()
    assert_nothing_to_do(server)


def test_a_changed_citation_key(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    replace("{ roe2020 ,", "{ roe2021 ,")
    server.edit(PATH, synced["shells"], citationKey="sand")
    assert sync() == 0
    assert live_items(server).keys() == {"roe2021", "sand"}
    assert "@book{sand," in text()
    assert "'shells' is now 'sand', as in Zotero" in capsys.readouterr().err


def test_a_citation_key_that_is_taken_here(server: Server, synced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server.edit(PATH, synced["shells"], citationKey="roe2020")
    assert sync() == 0
    assert "'shells' is now 'roe2020' in Zotero, but another entry has that key here" in capsys.readouterr().err
    assert "@book{shells," in text()
    assert_nothing_to_do(server)


def test_references_to_a_renamed_key_are_updated(server: Server, synced: Any) -> None:
    write(text() + "@inbook{part, title = {A part}, crossref = {shells}}\n")
    assert sync() == 0
    server.edit(PATH, synced["shells"], citationKey="sand")
    assert sync() == 0
    assert "crossref = {sand}" in text()
    assert live_items(server)["part"]["extra"] == "tex.crossref: sand\ntex.entrytype: inbook"
    assert_nothing_to_do(server)
