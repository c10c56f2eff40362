"""Values filled into records and files: nothing else changes, whatever the values are."""

from hypothesis import given
from hypothesis import strategies as st

from refsync.enrich.fill import fill_records, fill_texts
from refsync.formats.bibtex.edit import apply_edits, entries
from refsync.formats.bibtex.format import FORMAT
from refsync.records import Record
from refsync.text.fold import fold

TEXT = """% mine
@string{jk = "Journal of Kelp"}
@article{first, title = {Kelp}, doi = {} }
@comment{jabref-meta: x}
@article( second , TITLE = "Moss" # { on walls}, journal = jk )
@misc{third}
"""
FIELDS = st.sampled_from(["author", "year", "doi", "volume", "number", "pages", "booktitle", "abstract", "url"])
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda value: fold(value) != ""
)
GIVEN = st.dictionaries(st.integers(0, 2), st.dictionaries(FIELDS, VALUES, min_size=1), min_size=1)


@given(GIVEN)
def test_only_the_given_fields_change(given_values: dict[int, dict[str, str]]) -> None:
    before = FORMAT.read(TEXT.encode(), "a.bib").records
    (revision,) = fill_texts({"a.bib": TEXT}, before, given_values)
    after = FORMAT.read(revision.after.encode(), "a.bib")
    assert not [problem for problem in after.problems if problem.kind == "damage"]
    assert [record.id for record in after.records] == [record.id for record in before]
    for index, (old, new) in enumerate(zip(before, after.records, strict=True)):
        filled = given_values.get(index, {})
        assert {name for name, value in new.fields.items() if value} == {
            *(name for name, value in old.fields.items() if value),
            *filled,
        }
        assert all(new.fields[name] == value for name, value in old.fields.items() if name not in filled)
    unchanged = [block for index, block in enumerate(entries(TEXT)) if index not in given_values]
    assert all(TEXT[block.start : block.end] in revision.after for block in unchanged)
    assert "% mine\n@string" in revision.after
    assert apply_edits(TEXT, []) == TEXT


@given(GIVEN)
def test_filled_records_equal_the_filled_file(given_values: dict[int, dict[str, str]]) -> None:
    before = FORMAT.read(TEXT.encode(), "a.bib").records
    (revision,) = fill_texts({"a.bib": TEXT}, before, given_values)
    written = FORMAT.read(revision.after.encode(), "a.bib").records
    filled = fill_records(before, given_values)
    assert [{k: v for k, v in record.fields.items() if v} for record in written] == [
        {k: v for k, v in record.fields.items() if v} for record in filled
    ]


@given(st.dictionaries(FIELDS, VALUES, min_size=1))
def test_plain_text_records_stay_plain_text(values: dict[str, str]) -> None:
    (filled,) = fill_records([Record("a.csv", 1, "#1", "misc", {"title": "Kelp"})], {0: {**values, "type": "article"}})
    assert filled == Record("a.csv", 1, "#1", "article", {"title": "Kelp", **values})
