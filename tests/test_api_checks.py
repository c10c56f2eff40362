"""`refsync.check_files` follows the configuration as `refsync check` does."""

import json
from pathlib import Path

import pytest

import refsync
from refsync.cli import main

MOSS = "@article{%s, author = {Roe, Ann}, title = {Moss on Northern Walls}, year = 2020, doi = {10.5555/moss.1}}\n"
KELP = "@article{%s, author = {Poe, Edgar}, title = {Kelp in Noise}, year = 2021, doi = {10.5555/kelp.2}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def found(*names: str, select: str = "RS1,RS2") -> list[tuple[str, str, str]]:
    """The findings, which are those of the command too."""
    findings = refsync.check_files(list(names), select=select.split(","))
    return [(item.code, item.source, item.key) for item in findings]


def of_the_command(capsys: pytest.CaptureFixture[str], *names: str, select: str = "RS1,RS2") -> list[tuple[str, ...]]:
    capsys.readouterr()
    main(["check", *names, "--select", select, "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [(item["code"], item["source"], item["key"]) for item in findings]


@pytest.mark.parametrize(("scope", "duplicates"), [("together", 1), ("each-file", 0), ("folder", 0)])
def test_files_belong_together_as_the_scope_says(
    folder: Path, capsys: pytest.CaptureFixture[str], scope: str, duplicates: int
) -> None:
    (folder / "other").mkdir()
    Path("a.bib").write_text(MOSS % "one", encoding="utf-8")
    Path("other/b.bib").write_text(MOSS % "two", encoding="utf-8")
    Path("refsync.toml").write_text(f'[check]\nscope = "{scope}"\n', encoding="utf-8")
    assert len(found("a.bib", "other/b.bib")) == duplicates
    assert found("a.bib", "other/b.bib") == of_the_command(capsys, "a.bib", "other/b.bib")


def test_two_documents_may_cite_one_paper_from_their_own_files(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text(MOSS % "one", encoding="utf-8")
    Path("b.bib").write_text(MOSS % "two", encoding="utf-8")
    assert [code for code, _, _ in found("a.bib", "b.bib")] == ["RS101"]
    Path("a.tex").write_text("\\cite{one}\\bibliography{a}", encoding="utf-8")
    Path("b.tex").write_text("\\cite{two}\\bibliography{b}", encoding="utf-8")
    assert found("a.bib", "b.bib") == of_the_command(capsys, "a.bib", "b.bib") == []


def test_the_configured_library_is_compared_with_and_not_reported_on(capsys: pytest.CaptureFixture[str]) -> None:
    Path("library.bib").write_text(KELP % "kelp" + KELP % "again" + MOSS % "moss", encoding="utf-8")
    Path("new.bib").write_text(MOSS % "new", encoding="utf-8")
    assert found("new.bib") == []
    Path("refsync.toml").write_text('[check]\nlibrary = ["lib*.bib"]\n', encoding="utf-8")
    assert found("new.bib") == [("RS101", "new.bib", "new")] == of_the_command(capsys, "new.bib")
    assert {source for _, source, _ in found("library.bib")} == {"library.bib"}


def test_the_documents_of_the_configuration_decide_about_citations(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(MOSS % "moss" + KELP % "kelp", encoding="utf-8")
    Path("paper.tex").write_text("\\cite{moss}\\cite{gone}\\bibliography{refs}", encoding="utf-8")
    assert found("refs.bib", select="RS204,RS205") == []
    Path("refsync.toml").write_text('cites = ["paper.tex"]\n', encoding="utf-8")
    expected = {("RS204", "paper.tex", "gone"), ("RS205", "refs.bib", "kelp")}
    assert {*found("refs.bib", select="RS204,RS205")} == expected
    assert {*of_the_command(capsys, "refs.bib", select="RS204,RS205")} == expected


def test_a_reference_to_an_entry_of_a_neighbouring_file_is_right() -> None:
    Path("a.bib").write_text("@inproceedings{x, title = {Moss}, crossref = {vol}}\n", encoding="utf-8")
    assert [code for code, _, _ in found("a.bib", select="RS203")] == ["RS203"]
    Path("b.bib").write_text("@proceedings{vol, title = {Walls}}\n", encoding="utf-8")
    assert found("a.bib", select="RS203") == []


def test_bytes_are_checked_by_themselves() -> None:
    assert [item.code for item in refsync.check_files((MOSS % "one" + MOSS % "two").encode(), select=["RS101"])] == [
        "RS101"
    ]
