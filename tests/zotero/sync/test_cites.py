"""Documents that cite a key which changed in Zotero."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.zotero.sync.workspace import PATH, ROE, sync, text
from tests.zotero_server import Server

pytestmark = pytest.mark.usefixtures("client_environment")

PAPER = "See \\cite{roe2020} and \\cite{other}.\n\\bibliography{refs}\n"


def test_are_rewritten_on_request(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("paper.tex").write_text(PAPER, encoding="utf-8")
    (key,) = server.add(PATH, ROE)
    assert sync() == 0
    before = text()
    server.edit(PATH, key, citationKey="roe2020kelp")
    assert sync("--dry-run", "--cites", "paper.tex", "--rewrite-cites") == 0
    assert "--rewrite-cites changes the documents" in capsys.readouterr().err
    assert Path("paper.tex").read_text(encoding="utf-8") == PAPER
    assert sync("--cites", "paper.tex", "--rewrite-cites") == 0
    assert Path("paper.tex").read_text(encoding="utf-8") == PAPER.replace("roe2020", "roe2020kelp")
    assert "@article{roe2020kelp," in text()
    assert main(["undo"]) == 0
    assert Path("paper.tex").read_text(encoding="utf-8") == PAPER
    assert text() == before


def test_are_left_alone_without_it(server: Server) -> None:
    Path("paper.tex").write_text(PAPER, encoding="utf-8")
    (key,) = server.add(PATH, ROE)
    assert sync() == 0
    server.edit(PATH, key, citationKey="roe2020kelp")
    assert sync() == 0
    assert Path("paper.tex").read_text(encoding="utf-8") == PAPER
    assert sync("--rewrite-cites") == 2
