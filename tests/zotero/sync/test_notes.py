"""Notes of items in the annotations of entries, where a pull wrote them."""

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import (
    FILE,
    LIBRARY,
    PATH,
    ROE,
    live_items,
    replace,
    sync,
    sync_json,
    text,
)
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")


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
    assert sync_json(capsys)["review"] == []
    assert (server.count(write=True), text()) == (0, kept)


def test_notes_pulled_between_two_syncs(server: Server, synced: dict[str, str]) -> None:
    server.add(PATH, {"itemType": "note", "parentItem": synced["roe2020"], "note": "<p>On kelp</p>"})
    assert main(["pull", LIBRARY, "-o", FILE, "--notes"]) == 0
    kept = text()
    assert "annote = {On kelp}" in kept
    server.clear()
    assert sync() == 0
    assert (server.count(write=True), text()) == (0, kept)
    replace("{On kelp}", "{About kelp, mostly}")
    assert sync() == 0
    assert live_items(server)["roe2020"]["extra"] == "tex.mine: only here\ntex.annotation: About kelp, mostly"
