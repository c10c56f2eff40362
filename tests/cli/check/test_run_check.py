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
    write("refsync.toml", '[check]\nscope = "each-file"\n')
    assert [(row["source"], row["key"]) for row in check_json(capsys, "a.bib", "b.bib")] == [
        ("a.bib", "b"),
        ("b.bib", "b"),
    ]


def test_missing_and_uncited_keys_of_documents(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(
        "@misc{a, title={x}}\n@misc{b, title={y}, crossref={c}}\n@misc{c, title={z}, ids={d}}\n", encoding="utf-8"
    )
    Path("paper.tex").write_text("Text \\cite{b,gone} and \\cite{B}.\n", encoding="utf-8")
    assert main(["check", "refs.bib", "--select", "RS2", "--cites", "paper.tex"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert "paper.tex:1:14: RS204 error: 'gone' is cited, but no entry has this key" in out
    assert any("'B' is cited, but no entry has this key; there is 'b'" in line for line in out)
    assert "refs.bib:1:7: RS205 note: 'a' is cited by no document" in out
    assert not any("'c'" in line for line in out)  # another entry refers to it
    Path("paper.tex").write_text("\\cite{b,d}\\nocite{*}\n", encoding="utf-8")
    assert main(["check", "refs.bib", "--select", "RS2", "--cites", "paper.tex"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check", "refs.bib", "--select", "RS2"]) == 0  # without documents


def test_keys_are_unique_across_the_files_of_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    write("main/a.bib", "@misc{k, title={Moss}}\n")
    write("main/b.bib", "@misc{K, title={Kelp}}\n@misc{k, title={Weed}}\n")
    write("talk/c.bib", "@misc{k, title={Tide}}\n")
    files = ("main/a.bib", "main/b.bib", "talk/c.bib", "--select", "RS201,RS202")
    assert [row["code"] for row in check_json(capsys, *files)] == ["RS202"]  # within main/b.bib
    Path(".git").mkdir()  # documents are found by themselves in a repository
    write("main/paper.tex", "\\bibliography{a,b}\n")
    write("talk/talk.tex", "\\bibliography{c}\n")
    rows = check_json(capsys, *files)
    assert [(row["code"], row["source"], row["line"]) for row in rows] == [
        ("RS202", "main/b.bib", 1),
        ("RS202", "main/b.bib", 2),
    ]
    write("refsync.toml", 'cites = ["talk"]\n[check]\nlibrary = ["main/a.bib"]\n')
    (row,) = check_json(capsys, "talk/c.bib", "--select", "RS201")  # the configuration declares the library
    assert row["message"] == "is already the key of the entry in main/a.bib:1"
    for scope, count in (("together", 3), ("folder", 2), ("each-file", 1)):
        write("refsync.toml", f'[check]\nscope = "{scope}"\n')
        assert len(check_json(capsys, *files)) == count, scope


def test_bibliographies_of_different_documents_may_share_papers(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = DUPLICATES.split("\n\n", 1)
    write("a.bib", first)
    write("b.bib", second)
    assert codes(check_json(capsys, "a.bib", "b.bib")) == ["RS101"]
    write("one.tex", "\\addbibresource{a.bib}\n")
    assert codes(check_json(capsys, "a.bib", "b.bib")) == ["RS101"]  # a file that no document names
    write("two.tex", "\\addbibresource{b.bib}\n")
    assert codes(check_json(capsys, "a.bib", "b.bib")) == []
    write("both.tex", "\\addbibresource{a.bib}\\addbibresource{b.bib}\n")
    assert codes(check_json(capsys, "a.bib", "b.bib")) == ["RS101"]


def test_a_comment_in_the_library_hides_what_is_about_both(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = DUPLICATES.split("\n\n", 1)
    write("old.bib", f"% refsync: ignore[RS101]\n{first}")
    write("new.bib", second)
    write("refsync.toml", '[check]\nlibrary = ["*.bib"]\n')
    assert check_json(capsys, "new.bib", code=0) == []
    assert check_json(capsys, "old.bib", code=0) == []
    assert check_json(capsys, "old.bib", "new.bib", code=0) == []


def test_keys_that_the_template_does_not_give(capsys: pytest.CaptureFixture[str]) -> None:
    entry = "@misc{%s, author={Doe, Jane}, year=2001, title={Moss}}\n"
    write("refs.bib", "".join(entry % key for key in ("doe2001", "doe2001b", "doe2001-3", "Doe2001", "kelp")))
    write("refsync.toml", '[export]\nkeys = "{auth}{year}"\n')
    assert "RS208" not in codes(check_json(capsys, "refs.bib"))  # opt-in
    rows = check_json(capsys, "refs.bib", "--select", "RS208")
    assert [row["key"] for row in rows] == ["Doe2001", "kelp"]


@pytest.mark.parametrize("keep", ["", "% refsync: ignore[RS102]\n"])
def test_run_dedupe_and_fix_merge_what_the_check_calls_an_error(capsys: pytest.CaptureFixture[str], keep: str) -> None:
    entry = "@article{%s, title={%s}, author={Doe, Jane}, journal={J. Kelp}, year=2001, volume=4, pages={1--9}}\n"
    text = (
        entry % ("a", "Tidal Growth of Kelp on Basalt")
        + keep
        + entry % ("b", "Tidal growth of kelp on basalt")
        + entry % ("c", "Moss of the Northern Shore: A Survey")
        + (entry % ("d", "Moss of the Northern Shore")).replace("2001", "2009").replace("1--9", "4--12")
    )
    errors = [] if keep else ["RS102"]
    write("refs.bib", text)
    rows = check_json(capsys, "refs.bib", "--select", "RS101,RS102,RS103")
    assert [row["code"] for row in rows if row["severity"] == "error"] == errors
    merged = 4 - len(errors)
    assert main(["run", "refs.bib", "-o", "out.bib"]) == 0
    assert Path("out.bib").read_text(encoding="utf-8").count("@article") == merged
    assert ("is not merged into" in capsys.readouterr().err) is bool(keep)
    main(["check", "refs.bib", "--fix"])
    assert Path("refs.bib").read_text(encoding="utf-8").count("@article") == merged
    write("refs.bib", text)
    main(["dedupe", "refs.bib", "--write"])
    assert Path("refs.bib").read_text(encoding="utf-8").count("@article") == merged
    capsys.readouterr()
