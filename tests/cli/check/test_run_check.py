"""What is checked together: the files passed, the configured library, the documents that cite."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.check.samples import DUPLICATES, MOSS, check_json, codes, write


def test_the_command_line_overrides_the_configured_selection(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", DUPLICATES + MOSS)
    assert codes(check_json(capsys, "refs.bib", code=1)) == ["RS101", "RS303", "RS302"]
    write("refsync.toml", '[check]\nextend-select = ["RS5"]\nignore = ["RS101"]\n')
    assert codes(check_json(capsys, "refs.bib")) == ["RS303", "RS302", "RS505"]
    assert codes(check_json(capsys, "refs.bib", "--select", "RS1", "--ignore", "RS302")) == ["RS505"]
    write("refsync.toml", '[check]\nselect = ["RS303"]\n')
    assert codes(check_json(capsys, "refs.bib", code=0)) == ["RS303"]  # a note does not fail
    write("refsync.toml", '[check]\nselect = ["RX1"]\n')
    assert main(["check", "refs.bib"]) == 2
    assert "no rule RX1" in capsys.readouterr().err


def test_the_library_is_searched_for_duplicates_and_only_the_files_passed_are_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = DUPLICATES.split("\n\n", 1)
    write("refs/old.bib", f'@string{{jm = "J. Moss"}}\n{first}\n@misc{{p, title={{Proceedings}}}}\n{MOSS}')
    write("refs/new.bib", second + "@misc{c, title={Weed}, journal=jm, crossref={p}}\n")
    assert codes(check_json(capsys, "refs/new.bib", code=0)) == []
    write("refsync.toml", '[check]\nlibrary = ["refs/*.bib"]\n')
    (row,) = check_json(capsys, "refs/new.bib", code=1)
    assert (row["code"], row["source"], row["key"], row["fixable"]) == ("RS101", "refs/new.bib", "b", False)
    assert "'a' (refs/old.bib:2)" in row["message"]
    rows = check_json(capsys, "refs/old.bib", code=1)  # the other way round
    assert [(row["code"], row["key"]) for row in rows if row["code"] == "RS101"] == [("RS101", "a")]
    monkeypatch.chdir("refs")
    (row,) = check_json(capsys, "new.bib", code=1)
    assert "(old.bib:2)" in row["message"]


def test_files_may_be_checked_separately(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.bib", DUPLICATES)
    write("b.bib", DUPLICATES)
    assert len(check_json(capsys, "a.bib", "b.bib")) == 3
    capsys.readouterr()
    write("refsync.toml", '[check]\nduplicates = "each-file"\n')
    assert [(row["source"], row["key"]) for row in check_json(capsys, "a.bib", "b.bib")] == [
        ("a.bib", "b"),
        ("b.bib", "b"),
    ]


def test_missing_and_uncited_keys_of_documents(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(
        "@misc{a, title={x}}\n@misc{b, title={y}, crossref={c}}\n@misc{c, title={z}, ids={d}}\n"
    )
    Path("paper.tex").write_text("Text \\cite{b,gone} and \\cite{B}.\n")
    assert main(["check", "refs.bib", "--select", "RS2", "--cites", "paper.tex"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert "paper.tex:1:14: RS204 error: 'gone' is cited, but no entry has this key" in out
    assert any("'B' is cited, but no entry has this key; there is 'b'" in line for line in out)
    assert "refs.bib:1:7: RS205 note: 'a' is cited by no document" in out
    assert not any("'c'" in line for line in out)  # another entry refers to it
    Path("paper.tex").write_text("\\cite{b,d}\\nocite{*}\n")
    assert main(["check", "refs.bib", "--select", "RS2", "--cites", "paper.tex"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check", "refs.bib", "--select", "RS2"]) == 0  # without documents
