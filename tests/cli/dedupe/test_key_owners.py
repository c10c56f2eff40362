"""A key that several papers have, in every command that writes keys: who keeps it, what is reported and rewritten."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.formats.bibtex import format as bibtex
from refsync.runs import journal

MOSS = (
    "author = {Doe, Jane and Roe, Richard}, title = {The Patience of Moss on Northern Walls}, "
    "journal = {Journal of Moss Research}, year = 2019, volume = 7, pages = {11--19}, doi = {10.5555/jmr.7.11}"
)
STONE = "author = {Poe, Jim}, title = {Granite and Its Discontents}, journal = {Stone Letters}, year = 2019, volume = 2"
A = f"@article{{doe2019, {MOSS}}}\n"
B = f"@article{{k, {MOSS}}}\n@article{{doe2019, {STONE}}}\n"
LEAF = "@inbook{leaf, title = {A Leaf}, author = {Noe, Paul}, year = 1999, chapter = 2, crossref = {k}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", A), ("b", B)):
        Path(name).mkdir()
        Path(name, "refs.bib").write_text(text, encoding="utf-8")
    return tmp_path


def titles(path: str = "out.bib") -> dict[str, str]:
    """The first word of each title that distinguishes the two papers, by key."""
    records = bibtex.read(Path(path).read_bytes(), path).records
    return {record.id: "moss" if "Moss" in record.fields["title"] else "stone" for record in records}


INPUTS = [["a/refs.bib", "b/refs.bib"], ["b/refs.bib", "a/refs.bib"]]


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("command", ["dedupe", "run"])
@pytest.mark.parametrize(
    ("cited_in", "expected"),
    [("", {"k": "moss", "doe2019": "stone"}), ("a", {"doe2019": "moss", "doe2019a": "stone"})],
)
def test_the_paper_that_a_document_beside_the_inputs_cites_keeps_the_key(
    command: str, inputs: list[str], cited_in: str, expected: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    if cited_in:
        Path(cited_in, "paper.tex").write_text("\\cite{doe2019}\\bibliography{refs}", encoding="utf-8")
    assert main([command, *inputs, "-o", "out.bib"]) == 0
    assert titles() == expected
    out, err = capsys.readouterr()
    assert re.search(r"problems +2 ", out)
    key = {paper: key for key, paper in expected.items()}
    assert f"a/refs.bib:doe2019 -> {key['moss']}" in out
    assert f"b/refs.bib:doe2019 -> {key['stone']}" in out
    assert err.count("also names another paper") == 2
    (run,) = journal.runs(Path())
    renamed = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))["renamed"]
    changed = {"k": "doe2019"} if cited_in else {}
    assert renamed == {"a/refs.bib:doe2019": key["moss"], "b/refs.bib:doe2019": key["stone"], **changed}
    assert main([command, *inputs, "-o", "strict.bib", "--strict"]) == 2
    assert not Path("strict.bib").exists()


@pytest.mark.parametrize("inputs", INPUTS)
def test_json_reports_the_keys(inputs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", *inputs, "-o", "out.bib", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert len(result["problems"]) == 2
    assert result["renamed"] == {"a/refs.bib:doe2019": "k", "b/refs.bib:doe2019": "doe2019"}


def test_convert_of_several_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", *INPUTS[0], "-o", "out.bib"]) == 0
    assert "a/refs.bib:doe2019 -> doe2019a" in (text := "".join(capsys.readouterr())) or "doe2019 -> doe2019a" in text
    assert sorted(titles()) == ["doe2019", "doe2019a", "k"]
    assert main(["convert", *INPUTS[0], "--keys", "{auth}{year}", "-o", "new.bib", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {name: titles("new.bib")[new] for name, new in result["renamed"].items()} == {
        "k": "moss",
        "a/refs.bib:doe2019": "moss",
        "b/refs.bib:doe2019": "stone",
    }


def test_keys_of_a_library_to_compare_with_are_not_given_to_new_papers(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "b/refs.bib", "--against", "a/refs.bib", "-o", "out.bib", "--format", "json"]
    assert main(arguments) == 0
    assert titles() == {"doe2019a": "stone"}
    result = json.loads(capsys.readouterr().out)
    assert result["renamed"] == {
        "k": "doe2019",
        "a/refs.bib:doe2019": "doe2019",
        "b/refs.bib:doe2019": "doe2019a",
    }
    assert [item["source"] for item in result["problems"]] == ["b/refs.bib"]


def test_a_plan_gives_the_same_keys_when_it_is_applied(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a/paper.tex").write_text("\\cite{doe2019}\\bibliography{refs}", encoding="utf-8")
    assert main(["dedupe", *INPUTS[1], "-o", "out.bib", "--plan", "plan.json"]) == 0
    assert "b/refs.bib:doe2019 -> doe2019a" in capsys.readouterr().out
    planned = json.loads(Path("plan.json").read_text(encoding="utf-8"))["renamed"]
    assert main(["apply", "plan.json"]) == 0
    assert titles() == {"doe2019": "moss", "doe2019a": "stone"}
    (run,) = journal.runs(Path())
    assert json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))["renamed"] == planned
    assert "b/refs.bib:doe2019 -> doe2019a" in capsys.readouterr().out


def test_an_ambiguous_citation_is_reported_and_never_rewritten(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\\cite{doe2019} and \\cite{k, doe2019}\n"
    Path("paper.tex").write_text(text, encoding="utf-8")
    Path("k.tex").write_text("\\cite{k}\\bibliography{a/refs}", encoding="utf-8")
    Path("doe.tex").write_text("\\cite{doe2019,doe2019,doe2019,doe2019}\\bibliography{a/refs}", encoding="utf-8")
    cites = ["--cites", "paper.tex", "--cites", "k.tex", "--cites", "doe.tex", "--rewrite-cites"]
    assert main(["dedupe", *INPUTS[0], "-o", "out.bib", *cites]) == 0
    assert titles() == {"doe2019": "moss", "doe2019a": "stone"}
    assert Path("paper.tex").read_text(encoding="utf-8") == text  # `\cite{doe2019}` alone would lose the second paper
    assert Path("k.tex").read_text(encoding="utf-8").startswith("\\cite{doe2019}\\")
    err = capsys.readouterr().err
    assert "paper.tex:1:7: cites 'doe2019' (and 1 more here), which stood for several papers" in err
    assert "paper.tex:1:26: cites 'k', which is 'doe2019' now" in err


NAMING = "\\bibliography{%s} \\cite{doe2019, k} \\citet{doe2019}"


@pytest.mark.parametrize(
    ("files", "after"),
    [
        ("a/refs", "\\cite{doe2019} \\citet{doe2019}"),
        ("b/refs", "\\cite{doe2019a, doe2019} \\citet{doe2019a}"),
        ("b/refs,a/refs", "\\cite{doe2019a, doe2019} \\citet{doe2019a}"),  # BibTeX takes the first
        ("other,b/refs", "\\cite{doe2019, k} \\citet{doe2019}"),  # `other` was not read
        ("refs", "\\cite{doe2019, k} \\citet{doe2019}"),
    ],
)
def test_an_ambiguous_citation_is_rewritten_in_a_document_that_names_its_bibliography(files: str, after: str) -> None:
    Path("paper.tex").write_text(NAMING % files, encoding="utf-8")
    Path("a/beside.tex").write_text("\\cite{doe2019}" * 9 + "\\bibliography{refs}", encoding="utf-8")
    arguments = ["--cites", "paper.tex", "--rewrite-cites"]
    assert main(["dedupe", *INPUTS[0], "-o", "out.bib", *arguments]) == 0
    assert titles() == {"doe2019": "moss", "doe2019a": "stone"}
    assert Path("paper.tex").read_text(encoding="utf-8") == (NAMING % files).partition("\\cite")[0] + after


def test_a_key_that_the_named_file_has_twice_is_not_rewritten() -> None:
    Path("b/refs.bib").write_text(
        B + f"@misc{{doe2019, {STONE.replace('Granite', 'Basalt').replace('Poe', 'Noe')}}}\n", encoding="utf-8"
    )
    Path("a/beside.tex").write_text("\\cite{doe2019,doe2019}\\bibliography{refs}", encoding="utf-8")
    text = "\\bibliography{b/refs,a/refs} \\cite{doe2019}"
    Path("paper.tex").write_text(text, encoding="utf-8")
    assert main(["dedupe", *INPUTS[0], "-o", "out.bib", "--cites", "paper.tex", "--rewrite-cites"]) == 0
    assert len(titles()) == 3
    assert Path("paper.tex").read_text(encoding="utf-8") == text


def test_documents_beside_the_inputs_are_not_changed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a/beside.tex").write_text("\\cite{doe2019,doe2019} \\bibliography{refs}", encoding="utf-8")
    Path("b/beside.md").write_text("---\nbibliography: refs.bib\n---\n[@k]", encoding="utf-8")
    Path("paper.tex").write_text("\\cite{k}", encoding="utf-8")
    arguments = ["--cites", "paper.tex", "--rewrite-cites"]
    assert main(["dedupe", *INPUTS[0], "-o", "out.bib", *arguments]) == 0
    assert Path("paper.tex").read_text(encoding="utf-8") == "\\cite{doe2019}"
    assert "@k" in Path("b/beside.md").read_text(encoding="utf-8")
    assert "b/beside.md:4:3: cites 'k', which is 'doe2019' now" in capsys.readouterr().err


def in_place(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["dedupe", *arguments, "--write", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    result: dict[str, Any] = json.loads(out)
    return {**result, "err": err}


def test_in_place_no_reference_comes_to_name_another_paper(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b/refs.bib").write_text(B + LEAF, encoding="utf-8")
    Path("c.bib").write_text(LEAF.replace("leaf", "bud").replace("A Leaf", "The Bud of a Rose"), encoding="utf-8")
    Path("paper.tex").write_text("\\cite{k}\\bibliography{c}", encoding="utf-8")
    Path("a/paper.tex").write_text("\\cite{doe2019,doe2019}\\bibliography{refs}", encoding="utf-8")
    result = in_place(capsys, *INPUTS[0], "c.bib", "--cites", "paper.tex", "--rewrite-cites")
    assert "@article{k," not in Path("b/refs.bib").read_text(encoding="utf-8")
    for path in ("b/refs.bib", "c.bib"):
        assert "crossref = {k}" in Path(path).read_text(encoding="utf-8")  # `doe2019` names another paper in b/refs.bib
    assert Path("paper.tex").read_text(encoding="utf-8").startswith("\\cite{k}")
    assert result["renamed"] == {"b/refs.bib:k": "doe2019"}
    assert "'k' is 'doe2019' now, which also names another paper" in result["err"]
    assert "paper.tex:1:7: cites 'k', which stood for several papers" in result["err"]
    assert len(result["problems"]) >= 1


def test_in_place_references_of_a_third_file_are_changed_where_they_are_clear(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("b/refs.bib").write_text(B.replace("{doe2019", "{stone"), encoding="utf-8")
    Path("c.bib").write_text(LEAF, encoding="utf-8")
    result = in_place(capsys, *INPUTS[0], "c.bib")
    assert "crossref = {doe2019}" in Path("c.bib").read_text(encoding="utf-8")
    assert result["renamed"] == {"k": "doe2019"}
    assert result["problems"] == []


def test_in_place_a_removed_key_that_another_file_has_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("paper.tex").write_text("\\cite{doe2019}\\cite{k,k}", encoding="utf-8")
    result = in_place(capsys, *INPUTS[1], "--cites", "paper.tex")
    assert titles("b/refs.bib") == {"k": "moss", "doe2019": "stone"}
    assert result["renamed"] == {"a/refs.bib:doe2019": "k", "b/refs.bib:doe2019": "doe2019"}
    assert len(result["problems"]) == 3  # the two papers, and the document
    assert "paper.tex:1:7: cites 'doe2019', which stood for several papers" in result["err"]
    assert main(["undo", "--in", "b"]) == 0
    assert main(["dedupe", *INPUTS[1], "--write", "--strict"]) == 2
    assert Path("a/refs.bib").read_text(encoding="utf-8") == A


BIBLATEX = "@article{new, " + MOSS.replace("journal =", "journaltitle =").replace("year =", "date =") + "}\n"


@pytest.mark.parametrize(
    ("entries", "document", "options", "alias"),
    [
        (A + B[: B.index("\n")], "", [], False),
        (A + B[: B.index("\n")], "\\addbibresource{refs.bib}", [], True),
        (A + B[: B.index("\n")], "\\usepackage{biblatex}", [], True),
        (A + B[: B.index("\n")], "\\usepackage{biblatex}", ["--no-ids"], False),
        (A.replace("volume", "langid = {en}, volume") + B[: B.index("\n")], "", [], False),
        (BIBLATEX + BIBLATEX.replace("new", "newer"), "", [], True),
        (BIBLATEX + BIBLATEX.replace("new", "newer"), "\\bibliographystyle{plain}\\bibliography{refs}", [], False),
        (BIBLATEX + BIBLATEX.replace("new", "newer"), "\\bibliography{refs}", ["--ids"], True),
    ],
)
@pytest.mark.parametrize("command", [["dedupe", "--write"], ["dedupe", "-o", "out.bib"], ["run", "-o", "out.bib"]])
def test_ids_only_where_documents_or_else_entries_are_biblatex(
    command: list[str], entries: str, document: str, options: list[str], alias: bool
) -> None:
    Path("a/refs.bib").write_text(entries, encoding="utf-8")
    Path("a/paper.tex").write_text(document, encoding="utf-8")
    assert main([*command, "a/refs.bib", *options]) == 0
    written = Path("a/refs.bib" if "--write" in command else "out.bib").read_text(encoding="utf-8")
    assert written.count("@article") == 1
    assert ("ids = {" in written) == alias


def test_a_chosen_dialect_decides_about_ids() -> None:
    for dialect, alias in (("biblatex", True), ("bibtex", False)):
        Path("b/refs.bib").write_text(f"@article{{k, {MOSS}}}\n", encoding="utf-8")
        assert main(["dedupe", *INPUTS[0], "-o", "out.bib", "--dialect", dialect]) == 0
        assert ("ids = {" in Path("out.bib").read_text(encoding="utf-8")) == alias
