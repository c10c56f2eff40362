"""Unresolved conflicts of a merge: found, and no file with one is edited."""

from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.bibtex.conflict_markers import conflict_markers
from refsync.formats.bibtex.edit import EditRefusedError, check_untouched
from refsync.zotero.sync.synced_file import read_synced_file

CONFLICT = (
    "@misc{a, title={Moss}}\n<<<<<<< HEAD\n@misc{b, doi={10.5555/1},,}\n=======\n@misc{b, note={x},,}\n>>>>>>> k\n"
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (CONFLICT, [2]),
        (CONFLICT.replace("=======", "||||||| base\n@misc{b}\n======="), [2]),
        (CONFLICT.replace("\n", "\r\n"), [2]),
        (CONFLICT.replace("\n", "\r"), [2]),
        (CONFLICT + CONFLICT, [2, 8]),
        ("=======\n>>>>>>> k\n", [1]),
        ("=======\n" + CONFLICT + ">>>>>>> k\n", [3, 8]),  # half resolved
        ("<<<<<<<\n", [1]),
        ("=======\n", []),  # a decoration
        ("% <<<<<<< HEAD\n <<<<<<< HEAD\n<<<<<<<< HEAD\n<<<<<<<HEAD\n", []),
        ("@misc{a, abstract={x\n>>>>>> quoted\n=======\n}}", []),
    ],
)
def test_conflicts_are_found_at_their_first_marker(text: str, lines: list[int]) -> None:
    found = [
        text[:position].replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1 for position in conflict_markers(text)
    ]
    assert found == lines


def test_no_command_edits_a_file_with_a_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(CONFLICT, encoding="utf-8")
    Path("export.csv").write_text("title,author\nTidal Growth of Kelp,Jane Doe\n", encoding="utf-8")
    for command, code in (
        (["dedupe", "refs.bib", "--write"], 2),
        (["dedupe", "refs.bib", "--diff"], 2),
        (["convert", "export.csv", "-o", "refs.bib"], 2),
        (["check", "refs.bib", "--fix"], 1),
    ):
        assert main(command) == code
        assert Path("refs.bib").read_text(encoding="utf-8") == CONFLICT
        captured = capsys.readouterr()
        assert "conflict of a merge" in captured.out + captured.err, command
    assert "fixes" not in captured.err
    Path("other.bib").write_text("@misc{c, note={x},,}\n", encoding="utf-8")  # another file is fixed all the same
    assert main(["check", "refs.bib", "other.bib", "--fix"]) == 1
    assert (Path("refs.bib").read_text(encoding="utf-8"), Path("other.bib").read_text(encoding="utf-8")) == (
        CONFLICT,
        "@misc{c, note={x},}\n",
    )


def test_a_file_with_a_conflict_is_not_synced(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(CONFLICT, encoding="utf-8")
    with pytest.raises(EditRefusedError, match="conflict of a merge in line 2"):
        read_synced_file(tmp_path / "refs.bib")


def test_the_check_of_every_edit_refuses_too() -> None:
    with pytest.raises(EditRefusedError, match="conflict of a merge in line 2"):
        check_untouched(CONFLICT, CONFLICT, (), ())
