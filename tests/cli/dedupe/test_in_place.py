"""Merging inside the user's own .bib files: what changes, what does not, and undoing it."""

import json
import os
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.runs import apply, journal

REFS = """\
% my thesis; do not sort
@string{jmr = {Journal of Moss Research}}

@article{doe2020,
  author  = {Doe, Jane and Roe, Richard},
  title   = {The Patience of Moss on Northern Walls},
  journal = jmr,
  year    = 2020,   % online first
}

@comment{jabref-meta: grouping}

@Article{moss-again,
  AUTHOR = "Doe, Jane and Roe, Richard",
  title = "The patience of moss on northern walls",
  journal = "Journal of Moss Research",
  year = "2020", volume = "7", pages = "11--19",
  doi = {10.5555/jmr.7.11}
}

@inbook{leaf, title = {A Leaf}, author = {Poe, P.}, crossref = {moss-again}, year = 1999}
"""
MERGED = """\
% my thesis; do not sort
@string{jmr = {Journal of Moss Research}}

@article{doe2020,
  author  = {Doe, Jane and Roe, Richard},
  title   = {The Patience of Moss on Northern Walls},
  journal = jmr,
  year    = 2020,   % online first
  volume  = {7},
  pages   = {11--19},
  doi     = {10.5555/jmr.7.11},
}

@comment{jabref-meta: grouping}

@inbook{leaf, title = {A Leaf}, author = {Poe, P.}, crossref = {doe2020}, year = 1999}
"""
OTHER = (
    "\ufeff@article{moss3,\r\n title={The Patience of Moss on Northern Walls},\r\n"
    " author={Doe, Jane and Roe, Richard},\r\n year={2020},\r\n doi={10.5555/jmr.7.11}\r\n}\r\n\r\n"
    "@misc{x,\r\n title={Käfer}\r\n}\r\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_bytes(REFS.encode())
    Path("other.bib").write_bytes(OTHER.encode())
    return tmp_path


def test_the_survivor_gets_missing_fields_and_nothing_else_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert Path("refs.bib").read_bytes().decode() == MERGED
    out = capsys.readouterr().out
    assert "refs.bib: 1 entry deleted, 2 entries changed" in out
    assert "moss-again -> doe2020" in out


def test_a_second_run_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "--write"]) == main(["dedupe", "refs.bib", "--write"]) == 0
    assert Path("refs.bib").read_bytes().decode() == MERGED
    assert "nothing was changed" in capsys.readouterr().out
    assert len(list(journal.runs(Path()))) == 1


def test_several_files_in_their_own_encoding_and_line_ends() -> None:
    assert main(["dedupe", "refs.bib", "other.bib", "--write"]) == 0
    assert Path("refs.bib").read_bytes().decode() == MERGED
    assert Path("other.bib").read_bytes().decode() == "\ufeff@misc{x,\r\n title={Käfer}\r\n}\r\n"


@pytest.mark.parametrize("second", ["./refs.bib", "link.bib", "refs.bib"])
def test_one_file_under_two_names_loses_nothing(second: str) -> None:
    Path("link.bib").symlink_to("refs.bib")
    assert main(["dedupe", "refs.bib", second, "--write"]) == 0
    assert Path("refs.bib").read_bytes().decode() == MERGED
    assert Path("link.bib").is_symlink()


def test_a_diff_alone_writes_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["dedupe", "refs.bib", "--diff"]) == 0
    out = capsys.readouterr().out
    assert "-@Article{moss-again," in out
    assert "+  doi     = {10.5555/jmr.7.11}," in out
    assert {path.name for path in folder.iterdir()} == {"refs.bib", "other.bib"}
    assert Path("refs.bib").read_bytes() == REFS.encode()


def test_undo_restores_every_byte(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "other.bib", "--write"]) == 0
    assert main(["log"]) == 0
    assert "applied  refs.bib, other.bib" in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_bytes() == REFS.encode()
    assert Path("other.bib").read_bytes() == OTHER.encode()
    assert main(["undo"]) == 2
    assert "no run to undo" in capsys.readouterr().err


def test_undo_refuses_where_a_file_was_changed_since(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "other.bib", "--write"]) == 0
    after = Path("refs.bib").read_bytes()
    Path("other.bib").write_text("@misc{mine}", encoding="utf-8")
    assert main(["undo"]) == 2
    assert "was changed since" in capsys.readouterr().err
    assert Path("refs.bib").read_bytes() == after


def test_a_written_library_is_undone_too() -> None:
    assert main(["run", "refs.bib", "-o", "library.bib", "-q"]) == 0
    assert main(["undo"]) == 0
    assert not Path("library.bib").exists()


@pytest.mark.parametrize("reached", [0, 1])
def test_a_run_interrupted_between_two_files_can_be_undone(monkeypatch: pytest.MonkeyPatch, reached: int) -> None:
    real, calls = os.replace, 0

    def interrupted(source: str, target: Path) -> None:
        nonlocal calls
        calls += target.suffix == ".bib" and ".refsync" not in target.parts
        if calls > reached:
            raise KeyboardInterrupt
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        assert main(["dedupe", "refs.bib", "other.bib", "--write"]) == 130
    assert (Path("refs.bib").read_bytes() == REFS.encode()) == (reached == 0)
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_bytes() == REFS.encode()
    assert Path("other.bib").read_bytes() == OTHER.encode()


def test_a_file_that_changes_meanwhile_is_not_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = apply.read_texts

    def interfering(inputs: dict[str, str]) -> dict[str, str]:
        texts = real(inputs)
        Path("refs.bib").write_text("@misc{meanwhile}", encoding="utf-8")
        return texts

    monkeypatch.setattr("refsync.in_place.merges.read_texts", interfering)
    assert main(["dedupe", "refs.bib", "--write"]) == 2
    assert "changed while refsync was running" in capsys.readouterr().err
    assert Path("refs.bib").read_text(encoding="utf-8") == "@misc{meanwhile}"


@pytest.mark.parametrize(
    "arguments", [["refs.bib", "--write", "-o", "x.bib"], ["table.csv", "--write"], ["refs.bib", "table.csv", "--diff"]]
)
def test_what_cannot_be_changed_in_place_is_refused(arguments: list[str]) -> None:
    Path("table.csv").write_text("title\nKelp\n", encoding="utf-8")
    assert main(["dedupe", *arguments]) == 2
    assert Path("refs.bib").read_bytes() == REFS.encode()


def test_the_ledger_names_the_survivor() -> None:
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    (run,) = journal.runs(Path())
    lines = [json.loads(line) for line in run.ledger.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["became"], line["key"]) for line in lines] == [
        ("doe2020", "kept", "doe2020"),
        ("moss-again", "merged", "doe2020"),
        ("leaf", "kept", "leaf"),
    ]


def test_a_macro_is_copied_as_a_name_where_it_is_defined() -> None:
    bare = "@article{a, title={The Patience of Moss on Northern Walls}, author={Doe, Jane}, year=2020}\n"
    other = bare.replace("{a,", "{b, journal = jmr, publisher = {Wall } # wp,")
    strings = '@string{wp = "Press"}\n'
    Path("one.bib").write_text(bare, encoding="utf-8")
    Path("two.bib").write_text(strings + other, encoding="utf-8")
    assert main(["dedupe", "one.bib", "two.bib", "--write"]) == 0
    after = Path("one.bib").read_text(encoding="utf-8")
    assert "journal = jmr" in after or "journal=jmr" in after  # no file defines it
    assert "{Wall Press}" in after  # its macro is defined in the other file only
    Path("one.bib").write_text(strings + bare + other, encoding="utf-8")
    assert main(["dedupe", "one.bib", "--write"]) == 0
    assert "{Wall } # wp" in Path("one.bib").read_text(encoding="utf-8")


def test_a_macro_with_another_definition_further_up_is_expanded() -> None:
    bare = "@article{a, title={The Patience of Moss on Northern Walls}, author={Doe, Jane}, year=2020}\n"
    other = bare.replace("{a,", '{b, journal = jmr # " (Walls)", publisher = wp, month = mar,')
    wp = "@string{wp = {Wall Press}}\n"
    Path("one.bib").write_text(
        f"{wp}@string{{JMR = {{Annals}}}}\n{bare}@string{{jmr = {{Moss Research}}}}\n{other}", encoding="utf-8"
    )
    assert main(["dedupe", "one.bib", "--write"]) == 0
    after = Path("one.bib").read_text(encoding="utf-8")
    assert "{Moss Research (Walls)}" in after
    assert "publisher = wp" in after or "publisher=wp" in after
    assert "month = mar" in after or "month=mar" in after


def test_references_in_copied_fields_are_updated() -> None:
    bare = "@inproceedings{a, title={The Patience of Moss on Northern Walls}, author={Doe, Jane}, year=2020}\n"
    other = bare.replace("{a,", r"{b, crossref = {p2}, related = {a}, note = {With \cite{p2}},")
    book = "@proceedings{p1, title={Proceedings of the Ninth Symposium on Walls}, year=2020, isbn={9783161484100}}\n"
    Path("one.bib").write_text(bare + other + book + book.replace("p1", "p2"), encoding="utf-8")
    assert main(["dedupe", "one.bib", "--write"]) == 0
    after = Path("one.bib").read_text(encoding="utf-8")
    assert "p2" not in after
    assert "crossref={p1}" in after
    assert r"note={With \cite{p1}}" in after
    assert "related" not in after  # to itself


def test_references_in_another_case_are_updated() -> None:
    book = "@proceedings{p1, title={Proceedings of the Ninth Symposium on Walls}, year=2020, isbn={9783161484100}}\n"
    child = "@inproceedings{a, title={On Slate}, author={Doe, Jane}, crossref={PROC2020}, related={a2, Proc2020}}\n"
    other = "@inproceedings{a2, title={Under Basalt}, author={Roe, Mia}, crossref={P1}}\n"
    Path("one.bib").write_text(child + other + book + book.replace("p1", "proc2020"), encoding="utf-8")
    assert main(["dedupe", "one.bib", "--write"]) == 0
    after = Path("one.bib").read_text(encoding="utf-8")
    assert "crossref={p1}, related={a2, p1}}" in after
    assert "crossref={P1}" in after  # which BibTeX finds as before
    assert "proc2020" not in after.lower()


@pytest.mark.parametrize(("codes", "stays"), [("[RS102]", True), ("", True), ("[RS1]", True), ("[RS601]", False)])
def test_an_ignore_comment_prevents_the_merge(capsys: pytest.CaptureFixture[str], codes: str, stays: bool) -> None:
    text = REFS.replace("@Article{moss-again", f"% refsync: ignore{codes}\n@Article{{moss-again")
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert (Path("refs.bib").read_text(encoding="utf-8") == text) == stays
    note = "'moss-again' is not merged into 'doe2020': a comment above it says `refsync: ignore`"
    assert (note in capsys.readouterr().err) == stays


def test_the_undo_hint_names_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("my refs").mkdir()
    Path("refs.bib").rename("my refs/refs.bib")
    assert main(["dedupe", "my refs/refs.bib", "--write"]) == 0
    assert "`refsync undo --in 'my refs'` undoes this" in capsys.readouterr().out
    assert main(["undo"]) == 2
    assert "--in FOLDER" in capsys.readouterr().err
    assert main(["undo", "--in", "my refs"]) == 0
    assert Path("my refs/refs.bib").read_text(encoding="utf-8") == REFS


def test_undoing_a_run_that_changed_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").chmod(0o444)
    assert main(["dedupe", "refs.bib", "--write"]) == 2
    assert main(["undo"]) == 0
    assert "changed no file; there is nothing to undo" in capsys.readouterr().out


def test_groups_that_list_a_replaced_key_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    groups = (
        "@comment{jabref-meta: groupstree:\n1 StaticGroup:Walls\\;0\\;doe2020\\;moss-again\\;;\n}\n"
        "@comment{BibDesk Static Groups{\n<string>leaf,moss-again</string>\n}}\n@comment{moss-again}\n"
    )
    Path("refs.bib").write_text(REFS + groups, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == MERGED + groups
    note = "a group in this comment lists 'moss-again', which is 'doe2020' now"
    assert [line for line in capsys.readouterr().err.splitlines() if note in line] == [
        f"refsync: note: refs.bib:{line}: {note}" for line in (17, 20)
    ]


def test_a_copied_crossref_to_a_parent_further_up_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    bare = "@inproceedings{a, title={The Patience of Moss on Northern Walls}, author={Doe, Jane}, year=2020}\n"
    book = "@proceedings{p, title={Proceedings of the Ninth Symposium on Walls}, year=2020}\n"
    Path("refs.bib").write_text(bare.replace("{a,", "{b, crossref={p},") + book + bare, encoding="utf-8")
    Path("paper.tex").write_text(r"\cite{a}", encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write", "--cites", "paper.tex"]) == 0
    assert "'a' now refers to 'p' (line 1), which must come after it for BibTeX" in capsys.readouterr().err


def test_one_of_three_duplicates_may_be_excluded(capsys: pytest.CaptureFixture[str]) -> None:
    entry = (
        "@article{%s, title={The Patience of Moss on Northern Walls}, author={Doe, Jane}, year=2020, doi={10.5555/1}}\n"
    )
    Path("refs.bib").write_text(
        entry % "a" + "% refsync: ignore[RS101]\n" + entry % "b" + entry % "c", encoding="utf-8"
    )
    assert main(["dedupe", "refs.bib", "--write", "--format", "json"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == entry % "a" + "% refsync: ignore[RS101]\n" + entry % "b"
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    assert [member["id"] for member in cluster["members"]] == ["a", "c"]


def test_a_diff_of_a_long_file_is_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["dedupe", "refs.bib", "--diff"]) == 0
    line_by_line = capsys.readouterr().out
    monkeypatch.setattr("refsync.text.unified_diff.LONG", 0)
    assert main(["dedupe", "refs.bib", "--diff"]) == 0
    out = capsys.readouterr().out
    for sign in "+-":
        assert [line for line in out.splitlines() if line[:1] == sign] == [
            line for line in line_by_line.splitlines() if line[:1] == sign
        ]
