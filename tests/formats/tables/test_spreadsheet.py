"""Spreadsheets: sheets, header rows, values of cells."""

import pytest

from refsync.errors import SourceError
from refsync.formats.tables import spreadsheet
from tests.formats.samples.workbook import workbook


def test_a_spreadsheet() -> None:
    data = workbook(
        [
            ["Export of today"],
            ["Article Title", "Authors", "Publication Year"],
            ["Kelp & Noise", "Doe, J.; Roe, A.", 2020],
        ],
        [["hello"]],
    )
    assert spreadsheet.sniff(data) > 0.8
    snapshot = spreadsheet.read(data, "t.xlsx")
    (record,) = snapshot.records
    assert record.fields == {"title": "Kelp & Noise", "author": "Doe, J. and Roe, A.", "year": "2020"}
    assert record.line == 3
    assert [problem.kind for problem in snapshot.problems] == ["columns", "note"]


@pytest.mark.parametrize(
    "data",
    [workbook([["title"]]), workbook([["a", "b"], [1, 2]]), workbook([["title"], ["x"]])[:-60], b"PK\3\4xl/"],
)
def test_no_spreadsheet(data: bytes) -> None:
    with pytest.raises(SourceError, match="title|damaged|read"):
        spreadsheet.read(data, "t.xlsx")
