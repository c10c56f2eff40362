"""CSL-YAML, as pandoc, Quarto and Better BibTeX have it."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.yaml import cslyaml
from refsync.formats.yaml.csl_markdown import from_markdown, to_markdown
from refsync.records import Record

REFERENCES = """\
---
references:
- id: roe2020
  type: article-journal
  author:
  - family: Roe
    given: Ann
    non-dropping-particle: van
  - literal: Centre for Kelp
  title: On kelp\\*and Moss \\[a note\\]
  container-title: 'No'
  issued:
  - year: 2020
    month: 3
  page: 1-7
  DOI: 10.1000/kelp_1
  dimensions: 3 m
- id: poe1999
  type: book
  title: Moss: a history
  issued: 1999-05-02
...
"""


def test_items_of_references() -> None:
    text = REFERENCES.replace("Moss: a history", "'Moss: a history'").encode()
    assert detect(text, "a.yaml").name == "cslyaml"
    snapshot = cslyaml.read(text, "a.yaml")
    assert snapshot.problems == ()
    roe, poe = snapshot.records
    assert (roe.id, roe.line, poe.id, poe.line) == ("roe2020", 3, "poe1999", 18)
    assert roe.fields == {
        "author": "van Roe, Ann and {Centre for Kelp}", "title": "On kelp*and Moss [a note]", "journal": "No",
        "year": "2020", "month": "March", "pages": "1--7", "doi": "10.1000/kelp_1", "csl-dimensions": "3 m",
    }  # fmt: skip
    assert poe.fields == {"title": "Moss: a history", "year": "1999", "month": "May", "day": "2"}


def test_a_damaged_item_is_reported_and_the_others_are_read() -> None:
    snapshot = cslyaml.read(REFERENCES.encode(), "a.yaml")
    assert [record.id for record in snapshot.records] == ["roe2020", "poe1999"]
    assert [(problem.line, problem.fatal) for problem in snapshot.problems] == [(20, True)]


def test_a_bare_list() -> None:
    text = b"- id: a\n  type: article-journal\n  title: Kelp\n  issued:\n    date-parts: [[2020, 1], [2021]]\n"
    assert detect(text, "x").name == "cslyaml"
    (record,) = cslyaml.read(text, "x").records
    assert record.get("date") == "2020-01/2021"


def test_an_item_without_fields_is_lost_and_said_so() -> None:
    snapshot = cslyaml.read(b"references:\n- only text\n- id: a\n  title: Kelp\n", "x")
    assert [record.get("title") for record in snapshot.records] == ["Kelp"]
    assert [problem.fatal for problem in snapshot.problems] == [True]


def test_no_items() -> None:
    with pytest.raises(SourceError, match="no item of CSL"):
        cslyaml.read(b"references: []\n", "x")


@given(st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" "), max_size=60))
def test_any_text_is_the_same_after_markdown(text: str) -> None:
    assert from_markdown(to_markdown(text)) == text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("On <i>Kelp</i>", "On *Kelp*"),
        ("<b>a <i>b</i></b>", "**a *b***"),
        ("x<sup>2 n</sup>", r"x^2\ n^"),
        ('<span class="nocase">iOS</span>', "[iOS]{.nocase}"),
        ("a < b and </i>", r"a \< b and \</i>"),
        ("1. of two", r"1\. of two"),
        ("<i>open", r"\<i>open"),
    ],
)
def test_markup(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


def test_pandoc_reads_what_is_written(tmp_path: Path) -> None:
    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not installed")
    fields = {"title": "A*b_c* & [moss] @kelp 1 < 2 ~x~ $y$", "author": "Roe, Ann", "year": "2020", "journal": "No"}
    (tmp_path / "a.yaml").write_bytes(cslyaml.write([Record("a", 1, "roe", "article", fields)]))
    (tmp_path / "a.md").write_text("---\nnocite: '@*'\n---\n", encoding="utf-8")
    done = subprocess.run(
        ["pandoc", "--citeproc", "--bibliography", "a.yaml", "-t", "plain", "--wrap=none", "a.md"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    encoding="utf-8")  # fmt: skip
    assert fields["title"].lower() in done.stdout.lower()
    assert "No" in done.stdout


def test_a_second_list_is_read_too() -> None:
    text = b"references:\n- {id: a, title: A}\nreferences:\n- {id: b, title: B}\n"
    assert [record.id for record in cslyaml.read(text, "a").records] == ["a", "b"]
