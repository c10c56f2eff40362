"""Paths of files in the field `file`, and notes and annotations as Markdown."""

from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.zotero.items.attachments import file_field, note_markdown
from tests.zotero_server import Server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
PAPER: dict[str, Any] = {"itemType": "book", "title": "Kelp & sand", "citationKey": "roe2020"}
PAPER |= {"key": "KELPAAAA", "version": 0}
FILE: dict[str, Any] = {"itemType": "attachment", "contentType": "application/pdf", "version": 0}
FILE |= {"parentItem": "KELPAAAA"}
STORED = {**FILE, "key": "FLEAAAAA", "linkMode": "imported_file", "title": "Full text: PDF"}
STORED |= {"filename": "Roe; 2020.pdf"}
LINKED = {**FILE, "key": "FLEBBBBB", "linkMode": "linked_file", "title": "Scan", "path": "/scans/roe.pdf"}
MARK = {"itemType": "annotation", "key": "ANNAAAAA", "version": 0, "parentItem": "FLEAAAAA"}
MARK |= {"annotationType": "highlight"}
MARK |= {"annotationText": "kelp <grows>", "annotationComment": "really?", "annotationPageLabel": "7"}
MARK |= {"annotationSortIndex": "00000|000000|00000", "annotationPosition": '{"pageIndex":0,"rects":[[1,2,3,4]]}'}
NOTE = {"itemType": "note", "key": "NTEAAAAA", "version": 0, "parentItem": "KELPAAAA", "note": "<p>Read <b>it</b></p>"}

pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.fixture(autouse=True)
def filled(server: Server) -> None:
    server.add(PATH, PAPER, STORED, LINKED, MARK, NOTE)


def pull(*options: str) -> str:
    assert main(["pull", LIBRARY, "-o", "out.bib", *options]) == 0
    return Path("out.bib").read_text(encoding="utf-8")


def test_paths(server: Server) -> None:
    assert "file =" not in pull()
    Path("out.bib").unlink()
    text = pull("--files", "/home/ada/Zotero")
    stored = r"Full text\: PDF:/home/ada/Zotero/storage/FLEAAAAA/Roe\; 2020.pdf:application/pdf"
    assert f"file = {{{stored};Scan:/scans/roe.pdf:application/pdf}}" in text
    assert pull("--files", "/home/ada/Zotero") == text
    assert pull() == text  # what is not pulled is not removed
    server.edit(PATH, "FLEBBBBB", deleted=1)
    assert f"file = {{{stored}}}" in pull("--files", "/home/ada/Zotero")


def test_the_users_own_paths_stay() -> None:
    Path("out.bib").write_text("@book{roe2020, title = {Kelp \\& sand}, file = {:mine.pdf:PDF}}\n", encoding="utf-8")
    assert "file = {:mine.pdf:PDF}" in pull("--files", "/home/ada/Zotero")


def test_a_file_with_paths_pushed_again_adds_nothing(server: Server) -> None:
    pull("--files", "/home/ada/Zotero")
    server.clear()
    assert main(["push", "out.bib", LIBRARY, "--no-tags"]) == 0
    assert server.count(write=True) == 0


def test_names_that_would_break_the_file_are_left_out() -> None:
    broken = {**STORED, "filename": "a}.pdf"}
    assert file_field([broken], "/z") == ""
    assert file_field([{**LINKED, "path": "attachments:sub/roe.pdf"}], "/z") == "Scan:sub/roe.pdf:application/pdf"


def test_markdown(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    pull("--markdown", "notes")
    file = Path("notes/roe2020.md")
    text = file.read_text(encoding="utf-8")
    assert text == ("# Kelp &amp; sand\n\n## Full text: PDF\n\n> kelp &lt;grows&gt; (p. 7)\n\nreally?\n\nRead **it**\n")
    server.edit(PATH, "NTEAAAAA", note="<p>Read it twice</p>")
    pull("--markdown", "notes")
    assert "Read it twice" in file.read_text(encoding="utf-8")
    assert main(["undo"]) == 0
    assert file.read_text(encoding="utf-8") == text
    file.write_text("my own words", encoding="utf-8")
    capsys.readouterr()
    pull("--markdown", "notes")
    assert "was edited here; left as it is" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "my own words"


def test_annotations_survive_a_merge(server: Server) -> None:
    server.add(PATH, {**PAPER, "key": "KELPBBBB", "ISBN": "978-0-306-40615-7", "dateAdded": "2000-01-01T00:00:00Z"})
    server.edit(PATH, "KELPAAAA", ISBN="978-0-306-40615-7")
    assert main(["dedupe", LIBRARY, "--apply"]) == 0
    pull("--markdown", "notes", "--files", "/z")
    assert "really?" in Path("notes/roe2020.md").read_text(encoding="utf-8")
    assert "/z/storage/FLEAAAAA" in Path("out.bib").read_text(encoding="utf-8")


def test_notes_as_markdown() -> None:
    note = (
        '<ul><li>one</li><li>two <i>x</i></li></ul><a href="javascript:alert(1)">bad</a> <a href="https://a.b">good</a>'
    )
    assert note_markdown(note) == "- one\n\n- two *x*\n\nbad [good](https://a.b)"
