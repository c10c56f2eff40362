"""Records side by side: agreement of fields, and the merged values."""

from refsync.dedup.merge import Choice
from refsync.dedup.results import FieldEvidence
from refsync.dedup.settings import MergeSettings
from refsync.review.side_by_side import compare_fields
from tests.review.samples import sample_record


def test_rows_have_the_agreement_and_the_merged_values() -> None:
    one = sample_record(1, title=r"M{\"u}ller's tides", pages="1--9", keywords="sea")
    other = sample_record(2, title="Müller's Tides", keywords="harbour", doi="10.1000/x")
    rows, merged = compare_fields([one, other], MergeSettings(), evidence=[FieldEvidence("title", 0.98, 3.1)])
    row_of = {row.name: row for row in rows}
    core = ["title", "author", "year", "journal", "volume", "pages", "doi", "abstract"]
    assert [row.name for row in rows] == [*core, "entrytype", "keywords"]
    assert (row_of["title"].agreement, row_of["author"].agreement, row_of["pages"].agreement) == (
        "alike",
        "equal",
        "single",
    )
    assert row_of["title"].cells[0].text == "Müller's tides"
    assert row_of["title"].cells[0].raw == r"M{\"u}ller's tides"
    assert row_of["title"].evidence == FieldEvidence("title", 0.98, 3.1)
    assert [cell.taken for cell in row_of["doi"].cells] == [False, True]
    assert set(row_of["keywords"].merged.text.split(", ")) == {"sea", "harbour"}
    assert [cell.taken for cell in row_of["keywords"].cells] == [True, True]
    assert merged.record.fields["doi"] == "10.1000/x"


def test_a_choice_overrides_the_rules() -> None:
    members = [sample_record(1, year="2030"), sample_record(2, year="2031")]
    rows, _ = compare_fields(members, MergeSettings(), {"year": Choice(("a.bib", 2))})
    (year,) = (row for row in rows if row.name == "year")
    assert (year.merged.text, year.chosen_by, [cell.taken for cell in year.cells]) == ("2031", "side", [False, True])
