"""Tables of databases, reference managers and screening tools are read with all their values."""

import csv
import io

import pytest

from refsync.formats.registry import detect
from tests.formats.reading import read_table
from tests.formats.samples.tables import TABLES, as_csv
from tests.formats.samples.workbook import workbook


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", TABLES)
def test_tables_of_vendors(name: str, mark: str) -> None:
    record, again = read_table(mark + as_csv(name)).records
    assert record.fields == again.fields
    assert (record.get("title"), record.get("year"), record.get("abstract") or "Moss waits.") == (
        "The Patience of Moss", "2020", "Moss waits.",
    )  # fmt: skip
    doi = "10.1109/MOSS.2020.1" if name == "IEEE Xplore" else "10.1000/moss"
    assert record.get("doi").removeprefix("https://doi.org/") == doi
    authors = {
        "Scopus": "Doe, Jane and Roe, Max", "PubMed": "Doe, J and Roe, MA", "Embase": "Doe, J. and Roe, M.A.",
        "IEEE Xplore": "J. Doe and M. A. Roe", "Lens": "Jane Doe and Max A. Roe", "OpenAlex": "Jane Doe and Max A. Roe",
        "Publish or Perish": "J Doe and MA Roe",
    }  # fmt: skip
    assert record.get("author") == authors.get(name, "Doe, Jane and Roe, Max")
    if name not in ("PubMed", "IEEE Xplore", "ASReview"):
        assert (record.type, record.get("journal").lower(), record.get("volume"), record.get("number")) == (
            "article", "journal of moss", "7", "2",
        )  # fmt: skip
        assert record.get("pages").replace("--", "-") == ("101" if name == "EBSCO" else "101-115")
    numbered = ("Scopus", "Web of Science", "PubMed", "Embase", "Dimensions", "Lens", "Rayyan", "OpenAlex")
    assert record.get("pmid") == ("12345678" if name.partition(",")[0] in numbered else "")


_KINDS = ("article", "journalarticle", "research", "conferences")  # the type of the entry has them too


def test_no_value_is_lost() -> None:
    for name, table in TABLES.items():
        record = read_table(as_csv(name)).records[0]
        kept = " ".join([record.id, record.type, *record.fields.values()]).lower()
        for line in table.splitlines():
            value = line.partition(" =")[2].strip()
            for word in value.lower().replace("-", " ").split():
                if word.strip(".,;()").isalpha() and len(word) > 5:
                    assert word.strip(".,;()") in kept or word in _KINDS, (name, line)


def test_text_above_the_header_is_reported() -> None:
    snapshot = read_table(as_csv("Dimensions"))
    assert [(problem.kind, problem.line) for problem in snapshot.problems] == [("note", 1), ("columns", 1)]
    assert snapshot.records[0].line == 3


def test_dimensions_as_a_spreadsheet() -> None:
    about, header, *rows = csv.reader(io.StringIO(as_csv("Dimensions"), newline=""))
    data = workbook([about, header, *([int(cell) if cell.isdecimal() else cell for cell in row] for row in rows)])
    form = detect(data, "export.xlsx")
    snapshot = form.read(data, "export.xlsx")
    assert form.name == "spreadsheet"
    assert [record.line for record in snapshot.records] == [3, 4]
    assert [record.fields for record in snapshot.records] == [
        record.fields for record in read_table(as_csv("Dimensions")).records
    ]
