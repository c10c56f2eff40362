"""The first sync of a library with the .bib file that Zotero or Better BibTeX exported from it asks nothing."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero.exporters import EXPORTERS, exported
from tests.zotero.messy_library import ITEMS
from tests.zotero.sync.workspace import LIBRARY, PATH, assert_nothing_to_do, sync_json
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


FILE = {
    "itemType": "attachment",
    "linkMode": "imported_file",
    "contentType": "application/pdf",
    "title": "Full Text PDF",
    "filename": "Roe et al. - 2019.pdf",
}


def fill(server: Server) -> list[dict[str, Any]]:
    """Add the items, the first with a file; what an exporter sees of them."""
    keys = server.add(PATH, *ITEMS)
    server.add(PATH, {**FILE, "parentItem": keys[0]})
    items = deepcopy(ITEMS)
    items[0]["attachments"] = [FILE]
    return items


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_asks_nothing(server: Server, capsys: pytest.CaptureFixture[str], exporter: str) -> None:
    Path("refs.bib").write_text(exported(fill(server), exporter), encoding="utf-8")
    before = server.library(PATH).snapshot()["items"]
    report = sync_json(capsys)
    assert [(asked["key"], asked["field"], asked["ours"], asked["theirs"]) for asked in report["review"]] == []
    assert (report["matched"], report["library_created"], report["file_added"]) == (len(ITEMS), 0, 0)
    after = server.library(PATH).snapshot()["items"]
    for key, item in after.items():
        changed = {name: value for name, value in item.items() if value != before[key].get(name)}
        assert changed.keys() <= {"citationKey"}, (exporter, before[key], changed)
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert "100--109" in text
    assert "zotero-date = {in press}" not in text
    assert_nothing_to_do(server)
    assert Path("refs.bib").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_a_push_adds_nothing(server: Server, exporter: str) -> None:
    Path("refs.bib").write_text(exported(fill(server), exporter), encoding="utf-8")
    before = server.library(PATH).snapshot()["items"]
    assert main(["push", "refs.bib", LIBRARY, "--no-tags"]) == 0
    after = server.library(PATH).snapshot()["items"]
    assert after.keys() == before.keys()
    for key, item in after.items():
        changed = {name: value for name, value in item.items() if value != before[key].get(name)}
        assert changed.keys() <= {"citationKey"}, changed


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_a_pull_rewrites_no_value(server: Server, exporter: str) -> None:
    items = fill(server)
    for key, number in zip([*server.library(PATH).items], range(len(ITEMS)), strict=False):
        server.edit(PATH, key, citationKey=items[number].get("citationKey") or f"roe_{number}")
    text = exported(items, exporter)
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert main(["pull", LIBRARY, "-o", "refs.bib"]) == 0
    after = Path("refs.bib").read_text(encoding="utf-8")
    lines = after.splitlines()
    assert [line for line in text.splitlines() if line.strip().startswith(("pages", "title", "number"))] == [
        line for line in lines if line.strip().startswith(("pages =", "title", "number"))
    ]


def test_real_differences_are_asked(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    items = fill(server)
    for name, value in {"volume": "8", "pages": "100-110", "date": "2018-03", "publicationTitle": "Nature"}.items():
        items[0][name] = value
    items[5]["publisher"] = "Lagoon"
    Path("refs.bib").write_text(exported(items, "BibTeX"), encoding="utf-8")
    asked = {(review["key"], review["field"]) for review in sync_json(capsys)["review"]}
    assert asked >= {("roe_0", name) for name in ("volume", "pages", "date", "journaltitle")} | {("roe_5", "publisher")}


def test_the_more_precise_date_fills(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    day, year = server.add(
        PATH,
        {"itemType": "book", "title": "Kelp", "date": "2019-03-04", "citationKey": "kelp"},
        {"itemType": "book", "title": "Shells and sand", "date": "2020", "citationKey": "shells"},
    )
    Path("refs.bib").write_text(
        "@book{kelp, title = {Kelp}, year = 2019, month = mar}\n"
        "@book{shells, title = {Shells and sand}, year = 2020, month = may}\n",
        encoding="utf-8",
    )
    assert sync_json(capsys)["review"] == []
    assert "year = 2019, month = mar, day = {4}" in Path("refs.bib").read_text(encoding="utf-8")
    items = server.library(PATH).items
    assert (items[day].data["date"], items[year].data["date"]) == ("2019-03-04", "2020-05")
