"""Merging inside a library of papis: values, files and notes, and undoing it."""

import json
import os
from pathlib import Path

import pytest
import yaml

from refsync.cli import main
from refsync.runs import journal, moves
from tests.papis.info_files import LAYOUTS, filled
from tests.papis.libraries import AGAIN, FILES, MOSS, content_of, write_library


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, in which `papers` is a library."""
    monkeypatch.chdir(tmp_path)
    return write_library(tmp_path / "papers")


def test_two_documents_become_one(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content_of(library)
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    after = content_of(library)
    text = (library / "roe-2020" / "info.yaml").read_text()
    assert text.splitlines() == [
        "abstract: |", "  Moss is patient.", "", "  We measure it.", *MOSS.splitlines()[:7], "collections: [walls]",
        "doi: 10.5555/moss", "files:", "- moss.pdf", "- moss-a.pdf", "- supplement/data.csv", "issue: 010",
        "journal: Journal of Mosses   # as on the page", "notes: notes.tex", "pages: 11-19", "papis_id: 11aa",
        "publisher: Moss Press", "ref: Roe2020", "shelf: {room: 2}", "tags: [moss, shore, walls]",
        *MOSS.splitlines()[-4:],
    ]  # fmt: skip
    assert {name: data for name, data in after.items() if name.startswith("roe-2020/") and "info" not in name} == {
        "roe-2020/moss.pdf": b"first", "roe-2020/moss-a.pdf": b"second", "roe-2020/supplement": None,
        "roe-2020/supplement/data.csv": b"1,2\n", "roe-2020/notes.tex": b"mine", "roe-2020/unlisted.txt": b"kept",
    }  # fmt: skip
    assert not (library / "roe-again").exists()
    printed = capsys.readouterr()
    assert "roe-again/moss.pdf -> roe-2020/moss-a.pdf\n" in printed.out
    assert "roe20 -> Roe2020\n" in printed.out
    assert "cache reset" in printed.err
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    assert main(["log", "papers"]) == 0
    assert main(["undo", "--in", "papers"]) == 0
    assert content_of(library) == before


def test_nothing_is_written_unless_it_is_asked_for(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content_of(library)
    for options in ([], ["--diff"], ["--write", "--dry-run"], ["--write", "--diff", "--format", "json"]):
        assert main(["dedupe", "papis:papers", *options]) == 0
    printed = capsys.readouterr().out
    assert "+issue: 010\n" in printed
    assert json.loads(printed[printed.index("\n{") :])["moved"]["roe-again/notes.tex"] == "roe-2020/notes.tex"
    assert content_of(library) == before
    assert not (library / ".refsync").exists()


def test_every_layout_of_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files: dict[str, str | bytes] = {}
    for number, layout in enumerate(LAYOUTS):
        text = filled(LAYOUTS[layout], number)
        title = yaml.load(text, Loader=yaml.CSafeLoader)["title"]
        files[f"{number:02}/info.yaml"] = text
        files[f"{number:02}/a.pdf"] = f"first {number}"
        copy = {"title": title, "doi": f"10.5555/{number}", "pages": "1-9", "tags": ["new"], "files": ["a.pdf"]}
        files[f"{number:02}-copy/info.yaml"] = yaml.safe_dump({**copy, "year": 2020, "author": "Roe, Ann"})
        files[f"{number:02}-copy/a.pdf"] = f"second {number}"
    library = write_library(tmp_path / "papers", files)
    before = content_of(library)
    assert main(["dedupe", "papis:papers", "--write", "-q"]) == 0
    after = content_of(library)
    merged = 0
    for number, layout in enumerate(LAYOUTS):
        kept = [name for name in (f"{number:02}", f"{number:02}-copy") if f"{name}/info.yaml" in after]
        assert len(kept) == 1, layout
        new = yaml.load(after[f"{kept[0]}/info.yaml"] or b"", Loader=yaml.CSafeLoader)
        merged += kept[0] == f"{number:02}"
        assert [after[f"{kept[0]}/{name}"] for name in new["files"][-1:]] != [b""]
        assert {after[f"{kept[0]}/a.pdf"], after[f"{kept[0]}/a-a.pdf"]} == {
            f"first {number}".encode(), f"second {number}".encode()
        }, layout  # fmt: skip
    assert merged > len(LAYOUTS) / 2  # most of the layouts were edited
    assert main(["undo", "--in", "papers"]) == 0
    assert content_of(library) == before


def test_a_run_that_was_interrupted_is_finished_or_undone(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_of(library)
    moved = []

    def interrupted(source: str, target: str) -> None:
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(os.rename(source, target))

    for end in ("--rollback", ""):
        moved.clear()
        with monkeypatch.context() as patch:
            patch.setattr(moves.shutil, "move", interrupted)
            assert main(["dedupe", "papis:papers", "--write"]) == 130
        assert content_of(library) != before
        assert main(["apply", "--resume", *([end] if end else []), "--in", "papers"]) == 0
        assert (content_of(library) == before) == bool(end)
    assert not (library / "roe-again").exists()
    assert main(["undo", "--in", "papers"]) == 0
    assert content_of(library) == before


def test_undo_changes_nothing_where_a_file_was_changed_or_taken_away(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    (library / "roe-2020" / "notes.tex").unlink()
    now = content_of(library)
    assert main(["undo", "--in", "papers"]) == 2
    assert "notes.tex is not there any more" in capsys.readouterr().err
    assert content_of(library) == now
    (library / "roe-2020" / "notes.tex").write_text("mine, changed")
    (library / "roe-again").mkdir()
    (library / "roe-again" / "info.yaml").write_text("new")
    assert main(["undo", "--in", "papers"]) == 2
    assert "exists already" in capsys.readouterr().err
    (library / "roe-again" / "info.yaml").unlink()
    assert main(["undo", "--in", "papers"]) == 0
    assert content_of(library)["roe-again/notes.tex"] == b"mine, changed"  # what was added since is kept


def test_the_journal_keeps_removed_documents_from_being_replaced(library: Path) -> None:
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    (run,) = journal.runs(library)
    (kept,) = (run.folder / "removed").iterdir()
    kept.write_text("title: another\n")
    assert main(["undo", "--in", "papers"]) == 2
    assert (library / "roe-2020" / "notes.tex").exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"roe-again/info.yaml": "author: [\n"}, "roe-again/info.yaml:2: not YAML"),
        ({"roe-again/info.yaml": b"title: caf\xe9\n"}, "roe-again/info.yaml:1: not in UTF-8"),
        ({"roe-again/info.yaml": "a: b\n---\nc: d\n"}, "not one mapping"),
        ({"roe-again/info.yaml": "- a\n"}, "not one mapping"),
        ({"roe-again/info.yaml": "a:\tb\n\tc: d\n"}, "roe-again/info.yaml:2: not YAML"),
        ({"roe-again/info.yaml": f"title: {'x' * 10_000_001}\n"}, "larger than 10 MB"),
        ({"roe-again/info.yaml": "a: &a [x]\n" + "".join(
            f"b{i}: &b{i} [{', '.join([f'*b{i - 1}' if i else '*a'] * 10)}]\n" for i in range(9))}, "aliases"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_read_stops_a_write(
    library: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str | bytes], message: str
) -> None:
    write_library(library, changed)
    before = content_of(library)
    assert main(["dedupe", "papis:papers", "--write"]) == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert "nothing was changed" in printed
    assert main(["dedupe", "papis:papers"]) == 2  # the others are read
    assert content_of(library) == before


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="the system has no symbolic links")
def test_links(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "outside.yaml").write_text(AGAIN)
    (library / "roe-again" / "info.yaml").unlink()
    (library / "roe-again" / "info.yaml").symlink_to(tmp_path / "outside.yaml")
    assert main(["dedupe", "papis:papers", "--write"]) == 2
    assert "outside the library" in capsys.readouterr().err
    (library / "roe-again" / "info.yaml").unlink()
    write_library(library)
    (library / "roe-again" / "linked.pdf").symlink_to("moss.pdf")
    before = content_of(library)
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    assert "are one paper, and are not merged" in capsys.readouterr().err
    assert content_of(library) == before
    (library / "roe-again" / "linked.pdf").unlink()
    (library / "roe-again" / "linked.pdf").symlink_to(tmp_path / "outside.yaml")  # as `papis add --link` makes them
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "info.yaml").write_text(AGAIN)
    (library / "more").symlink_to(tmp_path / "elsewhere")  # papis does not follow it either
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    assert os.readlink(library / "roe-2020" / "linked.pdf") == str(tmp_path / "outside.yaml")
    assert (tmp_path / "elsewhere" / "info.yaml").exists()


def test_documents_inside_of_others_and_the_folder_of_the_library(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_library(
        library, {"roe-again/inner/info.yaml": "title: Another paper about fern\n", "roe-again/inner/x.pdf": "x"}
    )
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    assert (library / "roe-again" / "inner" / "x.pdf").read_text() == "x"
    assert not (library / "roe-again" / "info.yaml").exists()
    assert main(["undo", "--in", "papers"]) == 0
    write_library(library, {"info.yaml": AGAIN.replace("22bb", "33cc").replace("ref: r", "ref: a")})
    before = content_of(library)
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    assert "the folder of the library itself" in capsys.readouterr().err
    assert content_of(library) == before


def test_a_folder_that_is_read_only(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content_of(library)
    (library / "roe-again").chmod(0o555)
    try:
        assert main(["dedupe", "papis:papers", "--write"]) == 2
    finally:
        (library / "roe-again").chmod(0o755)
    assert "roe-again: the folder is read-only; nothing was changed" in capsys.readouterr().err
    assert content_of(library) == before


def test_notes_of_both_documents(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_library(library, {"roe-2020/info.yaml": MOSS + "notes: notes.tex\n", "roe-2020/notes.tex": "hers"})
    write_library(library, {"roe-again/info.yaml": AGAIN.replace("moss.pdf,", "moss.pdf, absent.pdf, /etc/x.pdf,")})
    assert main(["dedupe", "papis:papers", "--write"]) == 0
    document = yaml.safe_load((library / "roe-2020" / "info.yaml").read_text())
    assert document["notes"] == "notes.tex"
    assert document["files"] == ["moss.pdf", "moss-a.pdf", "/etc/x.pdf", "supplement/data.csv", "notes-a.tex"]
    assert (library / "roe-2020" / "notes-a.tex").read_text() == "mine"
    printed = capsys.readouterr().err
    assert "lists 'absent.pdf', which is not in its folder" in printed
    assert "listed as the file 'notes-a.tex'" in printed


def test_what_excludes_each_other(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert FILES
    for arguments in (
        ["dedupe", "papis:papers", "x.bib", "--write"],
        ["dedupe", "papis:papers", "--write", "--plan", "plan.json"],
        ["check", "papis:papers", "--fix"],
        ["tag", "papis:papers", "papis:papers", "--write"],
        ["dedupe", "papis:none", "--write"],
    ):
        assert main(arguments) == 2
        assert "papis" in capsys.readouterr().err
