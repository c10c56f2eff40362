"""Minimal edits: what was named changes, in the entry's own style, and nothing else does."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats import bibtex
from refsync.formats.bibtex_edit import (
    Edit,
    add_fields,
    apply_edits,
    check_untouched,
    delete_entry,
    entries,
    replace_words,
)


def added(text: str, number: int = 0, **fields: str) -> str:
    return apply_edits(text, add_fields(text, entries(text)[number], fields))


def without(text: str, number: int) -> str:
    return apply_edits(text, [delete_entry(text, entries(text)[number])])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "@misc{a,\n  title = {T},\n  note = {N},\n}\n",
            "@misc{a,\n  title = {T},\n  note = {N},\n  doi = {10.1/x},\n}\n",
        ),
        (
            "@misc{a,\n  title = {T},\n  note = {N}\n}\n",
            "@misc{a,\n  title = {T},\n  note = {N},\n  doi = {10.1/x}\n}\n",
        ),
        ('@misc{a,\n\ttitle="T",\n\tnote="N"\n}', '@misc{a,\n\ttitle="T",\n\tnote="N",\n\tdoi="10.1/x"\n}'),
        ("@misc{a,\r\n title = {T}\r\n}\r\n", "@misc{a,\r\n title = {T},\r\n doi = {10.1/x}\r\n}\r\n"),
        ("@misc{a, title={T}}", "@misc{a, title={T}, doi={10.1/x}}"),
        ("@misc(a, title={T})", "@misc(a, title={T}, doi={10.1/x})"),
        (
            "@MISC{a,\n  TITLE  = {T},\n  AUTHOR = {A},\n}",
            "@MISC{a,\n  TITLE  = {T},\n  AUTHOR = {A},\n  DOI    = {10.1/x},\n}",
        ),
        ("@misc{a,\n  title = {T}, % why\n}", "@misc{a,\n  title = {T}, % why\n  doi = {10.1/x},\n}"),
        ("@misc{a,\n  title = {T} % a, b\n}", "@misc{a,\n  title = {T}, % a, b\n  doi = {10.1/x}\n}"),
        ("@misc{a}", "@misc{a,\n  doi = {10.1/x}}"),
        ("@misc{a,}", "@misc{a,\n  doi = {10.1/x}}"),
    ],
)
def test_a_field_is_added_in_the_entrys_style(before: str, after: str) -> None:
    assert added(before, doi="10.1/x") == after
    assert bibtex.read(after.encode(), "x").records[0].fields["doi"] == "10.1/x"


def test_a_month_is_written_as_its_macro() -> None:
    assert added("@misc{a, year=2020}", month="March") == "@misc{a, year=2020, month=mar}"


A, B, C = "@misc{a, title={A}}", "@misc{b,\n  title = {B}\n}", "@misc{c, title={C}}"


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        (f"{A}\n\n{B}\n\n{C}\n", 1, f"{A}\n\n{C}\n"),
        (f"{A}\n{B}\n{C}\n", 1, f"{A}\n{C}\n"),
        (f"{A}\n\n{B}\n", 1, f"{A}\n"),
        (f"{A}\n\n{B}", 1, f"{A}"),
        (f"{A}\r\n\r\n{B}\r\n\r\n{C}\r\n", 0, f"{B}\r\n\r\n{C}\r\n"),
        (f"% mine\n{A}\n% yours\n{B}\n", 0, f"% mine\n% yours\n{B}\n"),
        (f"{A} {B} {C}", 1, f"{A}  {C}"),
        (A, 0, ""),
    ],
)
def test_an_entry_is_deleted_with_its_blank_line(before: str, number: int, after: str) -> None:
    assert without(before, number) == after


def test_keys_in_a_reference_are_exchanged() -> None:
    text = '@inbook{a, crossref = {old}, related = "old, older"}'
    block = entries(text)[0]
    edits = [edit for field in block.fields for edit in replace_words(text, field, {"old": "new"})]
    assert apply_edits(text, edits) == '@inbook{a, crossref = {new}, related = "new, older"}'


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcdef", [Edit(0, 3, ""), Edit(2, 4, "")])


def test_a_change_that_nobody_named_is_noticed() -> None:
    text = f"{A}\n% a comment\n{C}\n"
    with pytest.raises(ValueError, match="'c' would change"):
        check_untouched(text, text.replace("{C}", "{D}"), deleted=(), changed=())
    with pytest.raises(ValueError, match="between entries"):
        check_untouched(text, text.replace("comment", "word"), deleted=(), changed=())
    with pytest.raises(ValueError, match="1 blocks where 2"):
        check_untouched(text, A, deleted=(), changed=())
    check_untouched(text, without(text, 1), deleted=[entries(text)[1].start], changed=())


FIELD = st.sampled_from(["title = {T}", 'note="N {"} x"', "year = 2020", "month = jan # { 3}", "TITLE={a % b}"])
ENTRY = st.lists(FIELD, max_size=3).map(lambda fields: ",\n  ".join(["@misc{KEY", *fields]))
TAIL = st.sampled_from(["\n}", "}", ",\n}", ", % note\n}"])
GAP = st.sampled_from(["\n\n", "\n", "\r\n", " ", "\n% comment\n", "\n@string{x = {y}}\n", "\nfree text\n"])


@given(st.lists(st.tuples(ENTRY, TAIL, GAP), min_size=1, max_size=5), st.randoms())
def test_any_entry_can_be_deleted_or_filled_and_the_rest_stays(
    parts: list[tuple[str, str, str]], chance: random.Random
) -> None:
    text = "".join(entry.replace("KEY", f"k{i}") + tail + gap for i, (entry, tail, gap) in enumerate(parts))
    blocks = entries(text)
    assert len(blocks) == len(parts)
    gone, filled = chance.choice(blocks), chance.choice(blocks)
    edits = [delete_entry(text, gone)] + ([] if filled is gone else add_fields(text, filled, {"doi": "10.5555/1"}))
    after = apply_edits(text, edits)
    check_untouched(text, after, [gone.start], [filled.start])
    if filled is not gone:
        record = next(r for r in bibtex.read(after.encode(), "x").records if r.id == filled.key)
        assert record.fields["doi"] == "10.5555/1"
