"""Records written as BibTeX."""

import logging
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.formats.bibtex.format import read, write
from refsync.formats.bibtex.write import SOURCE_FIELD, UNKNOWN_DATE, complete_record
from refsync.records import Record
from refsync.text.latex import has_balanced_braces
from tests.sweeps import examples

LISTED = [
    Record("p.txt", 1, "inter", fields={
        "title": "Inter- & Intra-Kelp GANs: 100% \"new\" #1",
        "abstract": "Costs $5 and $10, ~10% off https://x.example/a_b%20c#d~e {x \\ y^2 for $x_i^2$ of Z\\\"urich.",
        "keywords": "cs.CV, cs.LG", SOURCE_FIELD: "000_page 1%.txt:12; b.txt:3",
    }),
    Record("p.txt", 2, "unicode", fields={
        "title": "ÜNÏ 王伟 of the $L_2$ 𝔸", "abstract": "a @ b\n\n@misc{x, title={y}}",
    }),
    Record("p.txt", 3, "braces", fields={"title": "Open { and C:\\Users } or \\emph{so}", SOURCE_FIELD: "a{b.txt:1"}),
]  # fmt: skip
TABLE = Record("c.csv", 1, "doe2001", "article", {
    "author": "Müller, Jörg and O'Neil, A.", "title": "Learning of kelp with R&D", "journal": "J & K", "year": "2001",
    "month": "Mar.", "pages": "1--2", "doi": "10.5555/(SICI)1_2<3::A>", "url": "http://x.example/a_b%20c#d~e",
})  # fmt: skip
FROM_BIB = Record("a.bib", 1, "moss", "article", {
    "author": "Doe, J.", "title": "{\\'E}t\\'e {GANs} and 5\\%", "journal": "Moss", "year": "1999", "month": "January",
}, markup="latex")  # fmt: skip


def test_layout() -> None:
    expected = """\
@article{doe2001,
  author = {Müller, Jörg and O'Neil, A.},
  title = {Learning of kelp with {R\\&D}},
  year = {2001},
  month = mar,
  journal = {J \\& K},
  pages = {1--2},
  doi = {10.5555/(SICI)1_2<3::A>},
  url = {http://x.example/a_b%20c#d~e}
}

@misc{plain,
  title = {Kelp},
  keywords = {cs.CV},
  abstract = {Short.},
  key = {Kelp},
  verba = {p.txt:3}
}
"""
    plain = Record("p.txt", 1, "plain", fields={
        "verba": "p.txt:3", "abstract": "Short.", "title": "Kelp", "keywords": "cs.CV",
    })  # fmt: skip
    assert write([TABLE, plain]).decode() == expected


def test_values_of_latex_records_stay_as_they_are() -> None:
    (again,) = read(write([FROM_BIB]), "o.bib").records
    assert again.fields == FROM_BIB.fields


def test_an_entry_that_others_name_comes_after_them() -> None:
    def entry(key: str, **fields: str) -> Record:
        return Record("a.bib", 1, key, "book", fields, markup="latex")

    records = [
        entry("a", xdata="x, y"), entry("top", title="T"), entry("x", xdata="y"), entry("y", note="n"),
        entry("b", crossref="Top"), entry("c", crossref="nowhere"), entry("loop", crossref="loop"),
    ]  # fmt: skip
    keys = [record.id for record in read(write(records), "o.bib").records]
    assert keys == ["a", "b", "c", "loop", "top", "x", "y"]


@pytest.mark.parametrize(
    ("record", "key", "type_", "fields"),
    [
        (Record("a", 1, "my, {key}", "Web Page!", {"Author Keywords": "x"}, "latex"),
         "my-key", "web-page", {"author-keywords": "x"}),
        (Record("a", 1, "", "comment", {"2nd": "x", " ": "y"}, "latex"),
         "ref", "misc", {"field-2nd": "x", "field": "y"}),
        (Record("a", 1, "k", "book", {"a": "x { y", "doi": "10.5555/{"}, "latex"), "k", "book",
         {"a": "x \\textbraceleft{} y", "doi": "10.5555/%7B"}),
        (Record("a", 1, "k", "book", {"A": "x", "a": "y", "b": " "}, "latex"), "k", "book", {"a": "x", "a-2": "y"}),
        (Record("a", 1, "k", "misc", {"date": UNKNOWN_DATE, "year": "2001"}, "latex"), "k", "misc", {"year": "2001"}),
    ],
)  # fmt: skip
def test_what_would_break_the_file_is_repaired(record: Record, key: str, type_: str, fields: dict[str, str]) -> None:
    (again,) = read(write([record]), "o.bib").records
    assert (again.id, again.type, again.fields) == (key, type_, fields)


def test_equal_keys_are_distinguished() -> None:
    records = read(write([FROM_BIB, FROM_BIB, FROM_BIB]), "o.bib").records
    assert [record.id for record in records] == ["moss", "moss-2", "moss-3"]


@pytest.mark.parametrize(
    ("month", "macro"), [("3", "mar"), ("03", "mar"), ("March", "mar"), ("sept.", "sep"), ("MAY", "may")]
)
def test_months_are_macros(month: str, macro: str) -> None:
    assert f"month = {macro}".encode() in write([Record("c.csv", 1, "k", fields={"month": month})])


@pytest.mark.parametrize("month", ["Marvin", "13", "March 3", "Summer"])
def test_what_is_no_month_stays(month: str) -> None:
    assert f"month = {{{month}}}".encode() in write([Record("c.csv", 1, "k", fields={"month": month})])


_VALUES = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from([*'{}\\$%&#_~^"@,= \na1é', "@misc{k,", "\\emph{"]), max_size=15).map("".join),
)
_NAMES = st.sampled_from(
    ["title", "author", "year", "month", "doi", "crossref", "Note", "odd name", "verba", "keywords"]
)
_RECORDS = st.lists(
    st.builds(
        Record,
        source=st.just("o.bib"),
        index=st.just(1),
        id=st.one_of(st.sampled_from(["a", "b", "A b", "ü1"]), st.text(max_size=6)),
        type=st.sampled_from(["misc", "article", "Odd Type"]),
        fields=st.dictionaries(_NAMES, _VALUES, max_size=4),
        markup=st.sampled_from(["text", "latex"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=examples(150))
@given(_RECORDS)
def test_what_is_written_is_read_again(records: list[Record]) -> None:
    written = write(records)
    snapshot = read(written, "o.bib")
    assert all("second" not in problem.message for problem in snapshot.problems)
    got = sorted((record.type, sorted(record.fields.items())) for record in snapshot.records)
    assert got == sorted((r.type, sorted(r.fields.items())) for r in map(complete_record, records))
    assert len({record.id.casefold() for record in snapshot.records}) == len(records)
    assert write(snapshot.records) == written
    for record in map(complete_record, records):
        assert complete_record(record) == record
        assert all(has_balanced_braces(value) for value in record.fields.values())


def test_nothing_heavy_is_imported_before_writing() -> None:
    code = """
import sys
from refsync.formats.bibtex import format as bibtex
from refsync.formats.bibtex import write as bibtex_write
from refsync.text import latex
bibtex.read(b"@misc{k, title={M{\\\\\\"u}ller}}", "a.bib")
latex.latex_to_text('{\\\\"u}')
print([name for name in ("bibtexparser", "pylatexenc", "pyparsing") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert run.stdout.strip() == "[]"


def test_bibtexparser_reads_it_all(caplog: pytest.LogCaptureFixture) -> None:
    import bibtexparser

    with caplog.at_level(logging.WARNING):
        parser = bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)
        database = bibtexparser.loads(write([*LISTED, TABLE, FROM_BIB]).decode(), parser)
    assert [entry["ID"] for entry in database.entries] == ["inter", "unicode", "braces", "doe2001", "moss"]
    assert caplog.records == []


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_validates_it_without_warnings(tmp_path: Path) -> None:
    (tmp_path / "o.bib").write_bytes(write([*LISTED, TABLE, FROM_BIB]))
    own = f"'{SOURCE_FIELD}' invalid in data model"  # reported by this option only
    run = subprocess.run(
        ["biber", "--tool", "--validate-datamodel", "o.bib"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    missing = "one of 'date, year' must be defined"  # no date is invented
    warnings = [line for line in run.stdout.splitlines() if not line.startswith("INFO")]
    assert [line for line in warnings if missing not in line and own not in line] == []
    assert run.returncode == 0
    assert len(re.findall("(?m)^@", (tmp_path / "o_bibertool.bib").read_text("utf-8"))) == 5


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
def test_bibtex_sorts_it_without_warnings(tmp_path: Path) -> None:
    (tmp_path / "o.bib").write_bytes(write([*LISTED, TABLE, FROM_BIB]))
    (tmp_path / "o.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{o}\n", encoding="utf-8")
    run = subprocess.run(["bibtex", "o"], cwd=tmp_path, capture_output=True, check=False)
    if b"I couldn't open style file" in run.stdout:
        pytest.skip("plain.bst is not installed")
    assert b"arning" not in run.stdout
    assert run.returncode == 0
    bbl = (tmp_path / "o.bbl").read_text("utf-8")
    assert bbl.count("\\bibitem") == 5
    for kept in ("{GANs}", "{$L_2$}", "{R\\&D}"):
        assert kept in bbl
