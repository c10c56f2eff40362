"""Identifiers are bare in every target; cells without a value are empty."""

import json

import pytest

from refsync.formats.bibtex.format import read
from refsync.formats.registry import format_named
from refsync.formats.tables import delimited
from refsync.records import Record
from tests.formats.reading import through

LATEX = (
    rb"@misc{k, title={T}, doi={https://doi.org/10.1000/a{\_}b}, url={\url{https://a.example/x\_y}},"
    rb" eprint={arXiv:2101.00001}}"
)
TEXT = Record(
    "a", 1, "k", "misc",
    {"title": "T", "doi": "doi:10.1000/a_b", "url": "<https://a.example/x_y>", "eprint": "arXiv:2101.00001"},
)  # fmt: skip


@pytest.mark.parametrize("name", ["bibtex", "ris", "csljson", "endnotexml", "csv", "parquet"])
@pytest.mark.parametrize("record", [read(LATEX, "a.bib").records[0], TEXT], ids=["latex", "text"])
def test_identifiers_are_bare_in_every_format(name: str, record: Record) -> None:
    (once,) = through(name, [record])
    assert [once.get(field) for field in ("doi", "url", "eprint")] == [
        "10.1000/a_b",
        "https://a.example/x_y",
        "2101.00001",
    ]
    form = format_named(name)
    assert form.write
    assert name == "parquet" or b"doi.org" not in form.write([record])


def test_the_archive_that_an_identifier_names_is_kept() -> None:
    (once,) = through("bibtex", [TEXT])
    assert once.get("archiveprefix") == "arXiv"


@pytest.mark.parametrize("cell", ["NA", "nan", "NaN", "None", "null", "-", "N/A", "#N/A", "<NA>", "", " - "])
def test_cells_without_a_value_are_empty(cell: str) -> None:
    table = f"id,title,author,year,doi,pages,note\nr1,Kelp and moss,{cell},{cell},{cell},{cell},{cell}\n"
    (record,) = delimited.FORMAT.read(table.encode(), "a.csv").records
    assert dict(record.fields) == {"title": "Kelp and moss"}


def test_names_and_words_that_resemble_empty_cells_stay() -> None:
    table = 'title,author,pages\nNone of the kelp,"Na, Li and Null, Max",1-2\n'
    (record,) = delimited.FORMAT.read(table.encode(), "a.csv").records
    assert dict(record.fields) == {"title": "None of the kelp", "author": "Na, Li and Null, Max", "pages": "1-2"}


def test_csl_has_one_doi_without_its_resolver() -> None:
    form = format_named("csljson")
    assert form.write
    (item,) = json.loads(form.write([TEXT]))
    assert item["DOI"] == "10.1000/a_b"
