"""Citation keys after a merge: which one survives, references to the others, and documents that cite them."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.runs import journal

REFS = """\
% my thesis
@article{moss-old,
  author = {Doe, Jane and Roe, Richard},
  title  = {The Patience of Moss on Northern Walls},
  year   = 2020,
  journal = {Journal of Moss Research},
}

@article{doe2020moss,
  author = {Doe, Jane and Roe, Richard},
  title = {The patience of moss on northern walls},
  journal = {Journal of Moss Research},
  year = {2020}, volume = {7}, pages = {11--19},
}

@misc{note, title = {A Note on Walls}, author = {Poe, P.}, year = 1999, related = {moss-old}}
"""
PAPER = (
    "\\cite[p.~3]{doe2020moss, note} and \\citet{doe2020moss}; \\cite{moss-old} % \\cite{moss-old}\r\n"
    "\xe9 \\parencite{doe2020moss}"
)
CHAPTER = "As [@moss-old, p. 3; @note] and `@moss-old` say.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_bytes(REFS.encode())
    Path("paper").mkdir()
    Path("paper/paper.tex").write_bytes(PAPER.encode("latin-1"))
    Path("paper/chapter.qmd").write_bytes(CHAPTER.encode())
    return tmp_path


def in_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--format", "json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_the_most_cited_key_survives_and_documents_are_rewritten(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "--write", "--cites", "paper", "--rewrite-cites"]) == 0
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert "moss-old" not in text
    assert "related = {doe2020moss}" in text
    assert text.startswith("% my thesis\n\n@article{doe2020moss,\n")
    tex = Path("paper/paper.tex").read_bytes().decode("latin-1")
    assert tex == PAPER.replace("; \\cite{moss-old}", "; \\cite{doe2020moss}")
    assert Path("paper/chapter.qmd").read_bytes().decode() == CHAPTER.replace("[@moss-old", "[@doe2020moss")
    out = capsys.readouterr().out
    assert "moss-old -> doe2020moss" in out
    assert "paper/paper.tex: 1 citation rewritten" in out


def test_one_undo_restores_all_files() -> None:
    assert main(["dedupe", "refs.bib", "--write", "--cites", "paper", "--rewrite-cites"]) == 0
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_bytes() == REFS.encode()
    assert Path("paper/paper.tex").read_bytes() == PAPER.encode("latin-1")
    assert Path("paper/chapter.qmd").read_bytes() == CHAPTER.encode()


def test_without_documents_the_first_key_survives() -> None:
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert "doe2020moss" not in text
    assert "related = {moss-old}" in text


def test_a_cited_key_is_not_dropped_silently(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "--write", "--cites", "paper/*.tex"]) == 0
    note = "note: paper/paper.tex:1:63: cites 'moss-old', which is 'doe2020moss' now"
    assert note in capsys.readouterr().err
    assert Path("paper/paper.tex").read_bytes() == PAPER.encode("latin-1")


def test_json_and_plan_contain_the_renamed_keys(capsys: pytest.CaptureFixture[str]) -> None:
    result = in_json(capsys, "dedupe", "refs.bib", "--write", "--cites", "paper", "--rewrite-cites")
    assert result["renamed"] == {"moss-old": "doe2020moss"}
    assert [(cite["source"], cite["line"], cite["rewritten"]) for cite in result["cites"]] == [
        ("paper/chapter.qmd", 1, True),
        ("paper/paper.tex", 1, True),
    ]
    (run,) = journal.runs(Path())
    assert json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))["renamed"] == result["renamed"]


def test_configuration_names_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refsync.toml").write_text('cites = ["paper"]', encoding="utf-8")
    result = in_json(capsys, "dedupe", "refs.bib", "--diff")
    assert result["renamed"] == {"moss-old": "doe2020moss"}
    assert not any(cite["rewritten"] for cite in result["cites"])


def test_a_diff_shows_documents_too_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "--diff", "--cites", "paper", "--rewrite-cites"]) == 0
    assert "+As [@doe2020moss, p. 3; @note] and `@moss-old` say." in capsys.readouterr().out
    assert Path("paper/chapter.qmd").read_bytes() == CHAPTER.encode()
    assert not Path(".refsync").exists()


@pytest.mark.parametrize("arguments", [["--rewrite-cites"], ["--cites", "nowhere"], ["--cites", "refs.bib"]])
def test_wrong_usage_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dedupe", "refs.bib", "--write", *arguments]) == 2
    assert "cites" in capsys.readouterr().err + " ".join(arguments)
    assert Path("refs.bib").read_bytes() == REFS.encode()


BIBLATEX = REFS.replace("journal =", "journaltitle =").replace("year   =", "date   =").replace("year =", "date =")


@pytest.mark.parametrize(
    ("text", "options", "alias"),
    [
        (BIBLATEX, [], True),
        (BIBLATEX, ["--no-ids"], False),
        (BIBLATEX, ["--cites", "paper", "--rewrite-cites"], False),
        (BIBLATEX, ["--cites", "paper", "--rewrite-cites", "--ids"], True),
        (REFS, [], False),
        (REFS, ["--ids"], True),
    ],
)
def test_biblatex_keeps_the_old_key_as_an_alias(text: str, options: list[str], alias: bool) -> None:
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write", *options]) == 0
    assert ("ids" in Path("refs.bib").read_text(encoding="utf-8")) == alias


def test_aliases_of_deleted_entries_are_kept_and_count_as_cited() -> None:
    text = BIBLATEX.replace("@article{moss-old,", "@article{moss-old, ids = {m1, m2},")
    text = text.replace("@article{doe2020moss,", "@article{doe2020moss,\n  ids = {m3},")
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert "ids = {m1, m2, doe2020moss, m3}" in Path("refs.bib").read_text(encoding="utf-8")
    Path("refs.bib").write_text(text, encoding="utf-8")
    Path("paper/paper.tex").write_text("\\cite{m3,m3}", encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write", "--cites", "paper/paper.tex"]) == 0
    assert "ids = {m3, moss-old, m1, m2}" in Path("refs.bib").read_text(encoding="utf-8")


def test_references_between_files_are_updated() -> None:
    Path("one.bib").write_text(REFS.replace("related = {moss-old}", "related = {other, moss-old}"), encoding="utf-8")
    Path("two.bib").write_text(
        "@article{third, author = {Doe, Jane and Roe, Richard}, title = {The Patience of Moss on Northern Walls},\n"
        "journal = {Journal of Moss Research}, year = 2020, volume = 7}\n\n"
        "@misc{x, title = {X}, xref = {doe2020moss}}\n",
        encoding="utf-8",
    )
    Path("three.bib").write_text(
        "@misc{y, title = {Y}, entryset = {third,doe2020moss}, crossref = {note}}\n", encoding="utf-8"
    )
    assert main(["dedupe", "one.bib", "two.bib", "three.bib", "--write"]) == 0
    assert Path("two.bib").read_text(encoding="utf-8") == "@misc{x, title = {X}, xref = {moss-old}}\n"
    assert "entryset = {moss-old}, crossref = {note}" in Path("three.bib").read_text(encoding="utf-8")


def test_citations_inside_entries_are_updated_too() -> None:
    text = REFS.replace("related = {moss-old}", "note = {On \\citet[p. 1]{doe2020moss, x} and doe2020moss}")
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert "note = {On \\citet[p. 1]{moss-old, x} and doe2020moss}" in Path("refs.bib").read_text(encoding="utf-8")
    Path("refs.bib").write_text(text, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "-o", "out.bib", "--cites", "paper/chapter.qmd"]) == 0
    assert "note = {On \\citet[p. 1]{moss-old, x} and doe2020moss}" in Path("out.bib").read_text(encoding="utf-8")


def test_a_parent_that_bibtex_needs_further_down_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(REFS.replace("related = {moss-old}", "related = {x}").replace(
        "@article{doe2020moss", "@misc{leaf, title = {A Leaf}, crossref = {doe2020moss}}\n\n@article{doe2020moss"
    ), encoding="utf-8")  # fmt: skip
    assert main(["dedupe", "refs.bib", "--write"]) == 0
    assert "'leaf' now refers to 'moss-old' (line 2), which must come after it for BibTeX" in capsys.readouterr().err


def test_run_keeps_the_most_cited_key_and_rewrites_documents(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["refs.bib", "-o", "out.bib", "--cites", "paper", "--rewrite-cites"]
    result = in_json(capsys, "run", *arguments)
    assert result["renamed"] == {"moss-old": "doe2020moss"}
    text = Path("out.bib").read_text(encoding="utf-8")
    assert "@article{doe2020moss," in text
    assert "ids = {" not in text  # BibTeX has no aliases
    assert "related = {doe2020moss}" in text
    assert "[@doe2020moss, p. 3" in Path("paper/chapter.qmd").read_text(encoding="utf-8")
    assert main(["undo"]) == 0
    assert Path("paper/chapter.qmd").read_bytes() == CHAPTER.encode()
    assert main(["dedupe", *arguments[:-1], "--no-ids"]) == 0
    err = capsys.readouterr().err
    assert "cites 'moss-old', which is 'doe2020moss' now" in err
    assert "ids" not in Path("out.bib").read_text(encoding="utf-8")


def test_a_document_that_changes_meanwhile_is_not_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from refsync.runs import apply

    real = apply.read_texts

    def interfering(inputs: dict[str, str]) -> dict[str, str]:
        Path("paper/chapter.qmd").write_text("mine", encoding="utf-8")
        return real(inputs)

    monkeypatch.setattr("refsync.in_place.merges.read_texts", interfering)
    assert main(["dedupe", "refs.bib", "--write", "--cites", "paper", "--rewrite-cites"]) == 2
    assert "changed while refsync was running" in capsys.readouterr().err
    assert Path("paper/chapter.qmd").read_text(encoding="utf-8") == "mine"
    assert Path("refs.bib").read_bytes() == REFS.encode()
