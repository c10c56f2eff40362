"""`refsync check --fix`: unambiguous findings are fixed, and every other byte stays."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.check.samples import DUPLICATES, MOSS, write


def test_fix_reports_what_it_fixes_and_can_be_undone(capsys: pytest.CaptureFixture[str]) -> None:
    before = (
        "% kept\n"
        + DUPLICATES
        + MOSS.replace("{Moss on", "{{\\'E}tude of Moss on")
        + "@misc{n,\n  title={x}\n  year=2000}\n"
    )
    write("refs.bib", before)
    assert main(["check", "refs.bib", "--fix", "--extend-select", "RS505"]) == 1
    out, err = capsys.readouterr()
    assert "fixed: refs.bib:4:10: RS101 error: 'b' is the same paper as 'a' (line 2): same DOI 10.5555/1" in out
    assert "1 entry deleted, 3 entries changed\n  b -> a" in out
    assert "RS505 error: 'm' has a range" in out  # no unambiguous fix
    assert "1 error in 1 file" in err
    assert Path("refs.bib").read_text(encoding="utf-8") == (
        "% kept\n"
        "@article{a, title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020, doi={10.5555/1}, "
        "volume={4}}\n\n"
        "@article{m, title={{\\'E}tude of Moss on Basalt},\n  year=2001,\n  note={x}, pages={9--3}}\n"
        "@misc{n,\n  title={x},\n  year=2000}\n"
    )
    assert main(["check", "refs.bib", "--fix"]) == 0
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == before


def test_fix_leaves_what_is_ignored_in_the_baseline_or_not_selected(capsys: pytest.CaptureFixture[str]) -> None:
    text = DUPLICATES.replace("@article{b", "% refsync: ignore[RS1]\n@article{b") + MOSS
    write("refs.bib", text)
    assert main(["check", "refs.bib", "--fix", "--ignore", "RS3"]) == 0
    main(["check", "refs.bib", "--write-baseline", "baseline.json"])
    assert main(["check", "refs.bib", "--fix", "--baseline", "baseline.json"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == text
    capsys.readouterr()


def test_fix_merges_within_a_file_only(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = DUPLICATES.split("\n\n", 1)
    write("a.bib", first)
    write("b.bib", second)
    assert main(["check", "a.bib", "b.bib", "--fix"]) == 1
    assert (Path("a.bib").read_text(encoding="utf-8"), Path("b.bib").read_text(encoding="utf-8")) == (first, second)
    assert "'a' (a.bib:1)" in capsys.readouterr().out


def test_fix_keeps_cited_keys(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", DUPLICATES)
    write("paper.tex", "\\cite{b}\n")
    assert main(["check", "refs.bib", "--fix", "--cites", "paper.tex"]) == 1
    assert "a -> b" in capsys.readouterr().out
    assert "@article{b," in Path("refs.bib").read_text(encoding="utf-8")
    assert main(["check", "refs.bib", "--cites", "paper.tex"]) == 0
    write("refs.bib", DUPLICATES)
    write("paper.tex", "\\cite{b,b,a}\n")
    assert main(["check", "refs.bib", "--fix", "--cites", "paper.tex"]) == 1
    assert Path("refs.bib").read_text(encoding="utf-8") == DUPLICATES
    assert "not merged into 'b': 'a' is cited too; use --rewrite-cites to merge it" in capsys.readouterr().err
    assert main(["check", "refs.bib", "--fix", "--cites", "paper.tex", "--rewrite-cites"]) == 1
    assert Path("paper.tex").read_text(encoding="utf-8") == "\\cite{b,b}\n"
    assert main(["check", "refs.bib", "--cites", "paper.tex"]) == 0
    assert main(["undo"]) == 0
    assert Path("paper.tex").read_text(encoding="utf-8") == "\\cite{b,b,a}\n"


def test_fix_deletes_adjacent_entries_at_the_end_of_a_file() -> None:
    first, second = DUPLICATES.split("\n\n", 1)
    third = second.replace("{b,", "{c,").replace("volume", "number")
    write("refs.bib", f"{first}\n\n{second}\n{third}")
    assert main(["check", "refs.bib", "--fix"]) == 1
    after = Path("refs.bib").read_text(encoding="utf-8")
    assert after.startswith(first.removesuffix("}"))
    assert "volume={4}" in after
    assert "number={4}" in after
    assert after.count("@") == 1
    assert main(["check", "refs.bib"]) == 0


def test_fix_copies_a_macro_as_a_macro() -> None:
    text = DUPLICATES.replace("volume = {4}", "journal = jk")
    for macros in ("", '@string{jk = "Journal of Kelp"}\n'):
        write("refs.bib", macros + text)
        assert main(["check", "refs.bib", "--fix"]) == 1
        after = Path("refs.bib").read_text(encoding="utf-8")
        assert "journal=jk" in after
        assert after.count("title") == 1


def test_fix_does_not_change_a_truncated_file() -> None:
    text = DUPLICATES + '@misc{c, title="'
    write("refs.bib", text)
    assert main(["check", "refs.bib", "--fix"]) == 2
    assert Path("refs.bib").read_text(encoding="utf-8") == text


def test_fix_keeps_the_encoding(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_bytes((DUPLICATES + "@misc{k, title={Algue d\xe9riv\xe9e},,}\r\n").encode("latin-1"))
    assert main(["check", "refs.bib", "--fix"]) == 1
    assert Path("refs.bib").read_bytes().endswith(b"\n@misc{k, title={Algue d\xe9riv\xe9e},}\r\n")


def test_diff_shows_the_changes_of_fix(capsys: pytest.CaptureFixture[str]) -> None:
    write("refs.bib", DUPLICATES)
    assert main(["check", "refs.bib", "--diff"]) == 1
    out = capsys.readouterr().out
    assert "-@article{b," in out
    assert "RS101 error" in out
    assert Path("refs.bib").read_text(encoding="utf-8") == DUPLICATES
    assert not Path(".refsync").exists()


def test_documents_decide_whether_a_replaced_key_stays_as_an_alias(capsys: pytest.CaptureFixture[str]) -> None:
    text = DUPLICATES.replace("year=2020,", "journal={J. Kelp}, year=2020, urldate={2024-01-01}, langid={english},")
    for preamble, aliases in (("\\bibliographystyle{plain}", False), ("\\addbibresource{refs.bib}", True)):
        write("refs.bib", text)
        write("paper.tex", f"{preamble}\\cite{{b}}\\cite{{a}}\n")
        main(["check", "refs.bib", "--fix", "--cites", "paper.tex"])
        assert (
            "ids = {" in Path("refs.bib").read_text(encoding="utf-8")
            or "ids={" in Path("refs.bib").read_text(encoding="utf-8")
        ) is aliases
    Path("paper.tex").unlink()
    write("refs.bib", text)  # as Better BibTeX exports it for BibTeX, without documents
    assert main(["check", "refs.bib", "--fix"]) == 1
    assert "ids" not in Path("refs.bib").read_text(encoding="utf-8")
    capsys.readouterr()


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("RS207", "@misc{Moss}\n@misc{b, crossref={moss}}\n", "@misc{Moss}\n@misc{b, crossref={Moss}}\n"),
        ("RS507", "@misc{a, author={Doe, J., et~al.}}\n", "@misc{a, author={Doe, J. and others}}\n"),
        ("RS507", "@misc{a, author={Doe, J. and et al. and Roe}}\n", ""),  # not at the end
        ("RS510", "@misc{a, url={\\url{https://example.org/a_b}}}\n", "@misc{a, url={https://example.org/a_b}}\n"),
        ("RS510", "@misc{a, url={\\href{https://example.org}{x}}}\n", ""),
        ("RS511", "@book{a, edition=2, year=1}\n", "@book{a, edition={Second}, year=1}\n"),
        ("RS511", '@book{a, edition="2nd ed.", date=1}\n', '@book{a, edition="2", date=1}\n'),
        ("RS605", "@misc{a, title={A &amp; B\\&amp;C}}\n", "@misc{a, title={A \\& B\\&C}}\n"),
        ("RS605", "@misc{a, title={M&uuml;ll}, url={x?a&amp;b}}\n", "@misc{a, title={Müll}, url={x?a&b}}\n"),
        ("RS605", "@misc{a, title={A &lt; B &amp; C}}\n", ""),  # a sign that needs a formula
        ("RS605", "@misc{a, note={\\url{x?a&amp;b}}}\n", ""),
    ],
)
def test_fixes_of_single_fields(capsys: pytest.CaptureFixture[str], code: str, before: str, after: str) -> None:
    write("refs.bib", before)
    assert main(["check", "refs.bib", "--fix", "--strict", "--select", code]) == 1
    assert Path("refs.bib").read_text(encoding="utf-8") == (after or before)
    assert ("fixes" in capsys.readouterr().err) is False
    if after:
        assert main(["check", "refs.bib", "--strict", "--select", code]) == 0


def test_accents_apart_from_their_letters_are_joined_in_text_only() -> None:
    write("refs.bib", "@misc{u\u0308, title={Mu\u0308ller, E\u0301cole}, file={u\u0308.pdf}}\n")
    assert main(["check", "refs.bib", "--fix"]) == 1
    assert Path("refs.bib").read_text(encoding="utf-8") == (
        "@misc{u\u0308, title={M\u00fcller, \u00c9cole}, file={u\u0308.pdf}}\n"
    )
