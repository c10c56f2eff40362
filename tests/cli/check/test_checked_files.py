"""The files that arguments of `refsync check` name: files, folders, documents, pipes; each with its configuration."""

import gzip
import io
import os
import threading
from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.check.samples import DUPLICATES, check_json, codes, write

TWICE = "@misc{a, title={Moss}}\n@misc{a, title={Kelp}}\n"


def test_a_folder_stands_for_the_bib_files_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("refs/a.bib", "refs/deep/b.BIB", "refs/.git/c.bib", "refs/_build/d.bib", "refs/e.txt", "f.bib"):
        write(name, TWICE)
    rows = check_json(capsys, "refs", "--select", "RS201", code=1)
    assert [row["source"] for row in rows] == ["refs/a.bib", "refs/deep/b.BIB"]
    write("empty/x.txt", "")
    os.mkfifo("empty/pipe.bib")
    assert main(["check", "empty"]) == 2
    assert "no .bib file in this folder" in capsys.readouterr().err


def test_a_document_stands_for_its_bibliographies_and_cites_them(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs/a.bib", "@misc{a, title={Moss}}\n@misc{x, title={Tide}}\n")
    write("paper/b.bib", "@misc{b, title={Kelp}}\n")
    write("paper/main.tex", "\\input{part}\\cite{a}\\bibliography{b,../refs/a}\n")
    write("paper/part.tex", "\\cite{b,gone}\n")
    rows = check_json(capsys, "paper/main.tex", code=1)
    assert [(row["code"], row["source"], row["key"]) for row in rows] == [
        ("RS204", "paper/part.tex", "gone"),
        ("RS205", "refs/a.bib", "x"),
    ]
    assert check_json(capsys, "paper/part.tex", code=1) == rows  # the main document is found
    write("notes.md", "Nothing is cited.\n")
    assert main(["check", "notes.md"]) == 0
    assert "names no .bib file" in capsys.readouterr().err
    write("lost.tex", "\\bibliography{none}\n")
    assert main(["check", "lost.tex"]) == 2
    assert "none.bib: no such file" in capsys.readouterr().err


def test_each_file_is_checked_with_the_configuration_nearest_to_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a/refs.bib", TWICE)
    write("b/refs.bib", TWICE)
    write("b/refsync.toml", '[check]\nignore = ["RS201"]\n')
    assert [row["source"] for row in check_json(capsys, "a/refs.bib", "b/refs.bib")] == ["a/refs.bib"]
    monkeypatch.chdir("b")
    assert codes(check_json(capsys, "../a/refs.bib", code=0)) == []  # none is nearer than that of the folder here
    monkeypatch.chdir("..")
    write("all.toml", "[check]\nselect = ['RS201']\n")
    assert len(check_json(capsys, "a/refs.bib", "b/refs.bib", "--config", "all.toml")) == 2


def test_a_pipe_is_read_once(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_text(DUPLICATES, encoding="utf-8"))
    writer.start()
    assert codes(check_json(capsys, "pipe", code=1)) == ["RS101"]
    writer.join()


def test_no_fix_is_offered_for_what_cannot_be_changed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("refs.bib").write_text(DUPLICATES, encoding="utf-8")
    Path("refs.bib.gz").write_bytes(gzip.compress(DUPLICATES.encode()))
    for name, offered in (("refs.bib", True), ("refs.bib.gz", False), ("-", False)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DUPLICATES.encode())))
        assert main(["check", name]) == 1
        error = capsys.readouterr().err
        assert "1 error in 1 file" in error
        assert ("check --fix" in error) is offered


def test_file_names_that_are_no_utf_8_or_have_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"r\xe9fs\n\x1b[2J.bib")
    try:
        Path(name).write_text(DUPLICATES, encoding="utf-8")
    except OSError:
        pytest.skip("this file system has only UTF-8 names")
    for output, shown in (
        ("text", "r\\xe9fs\\n\\x1b[2J.bib:3:10: RS101"),
        ("github", "file=r\\xe9fs%0A\\x1b[2J.bib,"),
        ("sarif", "r%E9fs%0A%1B%5B2J.bib"),
    ):
        assert main(["check", name, "--format", output]) == 1
        out = capsys.readouterr().out
        assert shown in out
        assert out.encode("utf-8").count(b"\x1b") == 0
    (row,) = check_json(capsys, name, code=1)
    assert row["source"] == name
    assert main(["check", name, "--fix"]) == 1
    assert main(["check", name]) == 0
    assert main(["undo"]) == 0
    assert Path(name).read_text(encoding="utf-8") == DUPLICATES
    capsys.readouterr()


def test_a_bib_file_of_free_text_has_no_entries(capsys: pytest.CaptureFixture[str]) -> None:
    write("notes.bib", "Notes about kelp, mail me@home.example.\n")
    assert check_json(capsys, "notes.bib", code=0) == []
    write("broken.bib", "@misc a,\n  title={Moss}}\n")
    assert main(["check", "broken.bib"]) == 2
    capsys.readouterr()
