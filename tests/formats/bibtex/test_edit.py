"""Minimal edits: only what was requested changes, in the style of the entry."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.bibtex import format as bibtex
from refsync.formats.bibtex.edit import (
    Edit,
    EditRefusedError,
    add_fields,
    apply_edits,
    check_untouched,
    delete_entry,
    entries,
    rename_key,
    replace_citation_keys,
    set_fields,
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
        # commas first
        (
            "@misc{a\n  , title = {T}\n  , year  = 2020\n}",
            "@misc{a\n  , title = {T}\n  , year  = 2020\n  , doi   = {10.1/x}\n}",
        ),
        # one line without spaces, and one that a comment would swallow
        ("@misc{a,title={T},year=2020}", "@misc{a,title={T},year=2020,doi={10.1/x}}"),
        ("@misc{a, title={T} % why\n}", "@misc{a, title={T}, % why\n doi={10.1/x}\n}"),
        ("@misc{a, title={T}, % why\n}", "@misc{a, title={T}, % why\n doi={10.1/x},\n}"),
        # values below each other, by spaces and by tabs
        (
            "@Misc{a,\n  author =       {A},\n  title =        {T}\n}",
            "@Misc{a,\n  author =       {A},\n  title =        {T},\n  doi =          {10.1/x}\n}",
        ),
        (
            "@Misc{a,\n  author =\t {A},\n  organization = {O}\n}",
            "@Misc{a,\n  author =\t {A},\n  organization = {O},\n  doi =          {10.1/x}\n}",
        ),
        # a name too long for its column
        (
            "@misc{a,\n author = {A},\n year   = 2020,\n archiveprefix = {x},\n}",
            "@misc{a,\n author = {A},\n year   = 2020,\n archiveprefix = {x},\n doi    = {10.1/x},\n}",
        ),
        # names that are equally long by chance are not aligned
        (
            "@misc{a,\n title = {T},\n pages = {1},\n year = {2}\n}",
            "@misc{a,\n title = {T},\n pages = {1},\n year = {2},\n doi = {10.1/x}\n}",
        ),
        ("@Misc{a,\n\tTitle = {T},\n\tYear = {2}}", "@Misc{a,\n\tTitle = {T},\n\tYear = {2},\n\tDoi = {10.1/x}}"),
        # several fields on the last line
        (
            "@misc{a,\n title={T},\n note={N},\n year={1}, month=jan\n}",
            "@misc{a,\n title={T},\n note={N},\n year={1}, month=jan,\n doi={10.1/x}\n}",
        ),
        ("@misc{a,\r\ttitle={T}\r}", "@misc{a,\r\ttitle={T},\r\tdoi={10.1/x}\r}"),
    ],
)
def test_a_field_is_added_in_the_entrys_style(before: str, after: str) -> None:
    assert added(before, doi="10.1/x") == after
    assert bibtex.read(after.encode(), "x").records[0].fields["doi"] == "10.1/x"


def test_a_month_is_written_as_its_macro() -> None:
    assert added("@misc{a, year=2020}", month="March") == "@misc{a, year=2020, month=mar}"


def test_a_long_name_keeps_a_space_before_its_equals_sign() -> None:
    text = "@misc{a,\n au    = {A},\n title = {T}\n}"
    assert added(text, archiveprefix="x").splitlines()[3] == " archiveprefix = {x}"
    text = "@misc{a,\n au =    {A},\n title = {T}\n}"
    assert added(text, archiveprefix="x").splitlines()[3] == " archiveprefix = {x}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@misc{a, note={N}}", "@misc{a, note={new}}"),
        ('@misc{a, Note = "N" , year=1}', '@misc{a, Note = "new" , year=1}'),
        ("@misc{a, note = jan # {x}}", "@misc{a, note = {new}}"),
        ("@misc{a, note = {N}, note = {M}}", "@misc{a, note = {new}, note = {M}}"),
        ("@misc{a, note = , year=1}", "@misc{a, note = {new}, year=1}"),
        ("@misc{a, year=1}", "@misc{a, year=1, note={new}}"),
    ],
)
def test_a_field_is_changed_within_its_delimiters(before: str, after: str) -> None:
    text = f"{before}\n{A}"
    assert apply_edits(text, set_fields(text, entries(text)[0], {"note": "new"})) == f"{after}\n{A}"


def test_a_quote_in_a_value_takes_braces() -> None:
    text = '@misc{a, note = "N"}'
    assert apply_edits(text, set_fields(text, entries(text)[0], {"note": 'a "b"'})) == '@misc{a, note = {a "b"}}'


@pytest.mark.parametrize("entry", ["@misc{old,\n a={x}}", "@misc{ , a={x}}", "@misc{a={x}}", "@misc( old )", "@misc{}"])
def test_a_key_is_renamed_or_given(entry: str) -> None:
    text = f"{entry}\n{A}"
    after = apply_edits(text, [rename_key(text, entries(text)[0], "new:1")])
    assert [block.key for block in entries(after)] == ["new:1", "a"]
    check_untouched(text, after, (), [0])


@pytest.mark.parametrize("key", ["", "two words", "a,b", "a}", "a%b"])
def test_invalid_keys_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="is not a citation key"):
        rename_key(A, entries(A)[0], key)


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
        (f"{A}\n{B}\n\n{C}\n", 1, f"{A}\n\n{C}\n"),
        (f"{A}\n\n\n{B}\n\n\n{C}\n", 1, f"{A}\n\n\n{C}\n"),
        (f"{A}\n\n% about B\n{B}\n\n{C}\n", 1, f"{A}\n\n% about B\n\n{C}\n"),
        (A, 0, ""),
    ],
)
def test_an_entry_is_deleted_with_its_blank_line(before: str, number: int, after: str) -> None:
    assert without(before, number) == after


@pytest.mark.parametrize(
    ("value", "now"),
    [
        ("{old}", "{new}"),
        ('"old, older"', '"new, older"'),
        ("{old, a, new}", "{a, new}"),
        ("{a,\n old, old2}", "{a,\n new}"),
        ("{self, b}", "{b}"),
        ("{ self }", "{  }"),
        ("{a, a, self}", "{a, a}"),
        ("{}", "{}"),
    ],
)
def test_keys_in_a_reference_are_replaced(value: str, now: str) -> None:
    assert replace_citation_keys(value, {"old": "new", "old2": "new", "self": "me"}, own="me") == now


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        apply_edits("abcdef", [Edit(0, 3, ""), Edit(2, 4, "")])


def test_an_unintended_change_is_noticed() -> None:
    text = f"{A}\n% a comment\n{C}\n"
    with pytest.raises(ValueError, match="'c' would change"):
        check_untouched(text, text.replace("{C}", "{D}"), deleted=(), changed=())
    with pytest.raises(ValueError, match="between entries"):
        check_untouched(text, text.replace("comment", "word"), deleted=(), changed=())
    with pytest.raises(ValueError, match="1 blocks instead of 2"):
        check_untouched(text, A, deleted=(), changed=())
    check_untouched(text, without(text, 1), deleted=[entries(text)[1].start], changed=())


def test_an_entry_behind_a_malformed_block_can_be_deleted() -> None:
    text = f"{A}\n@misc{{bad, a = {{x,\n\n{C}\n\n% last words\n"
    check_untouched(text, without(text, 1), [entries(text)[1].start], ())


def test_a_deletion_that_would_bury_another_entry_is_refused() -> None:
    text = f"@misc{{bad, a = {{x,\n{A}; {C}\n{B}"
    with pytest.raises(EditRefusedError, match="nothing was written"):
        check_untouched(text, without(text, 0), [entries(text)[0].start], ())


FIELD = st.sampled_from(
    ["title = {T}", 'note="N {"} x"', "year = 2020", "month = jan # { 3}", "TITLE={a % b}", "x =\t{y}"]
)
COMMA = st.sampled_from([",\n  ", ", ", ",", "\n  , ", ", % why\n\t", ",\r\n", ",\r\t"])
ENTRY = st.tuples(COMMA, st.lists(FIELD, max_size=3)).map(lambda entry: entry[0].join(["@misc{KEY", *entry[1]]))
TAIL = st.sampled_from(["\n}", "}", ",\n}", ", % note\n}", " % note\n  }"])
GAP = st.sampled_from(
    ["\n\n", "\n", "\r\n", " ", "\n% comment\n", "\n@string{x = {y}}\n", "\nfree text\n", "\n@misc{bad\n\n"]
)


@given(st.lists(st.tuples(ENTRY, TAIL, GAP), min_size=1, max_size=5), st.randoms())
def test_any_entry_can_be_deleted_or_changed_and_the_rest_stays(
    parts: list[tuple[str, str, str]], chance: random.Random
) -> None:
    text = "".join(entry.replace("KEY", f"k{i}") + tail + gap for i, (entry, tail, gap) in enumerate(parts))
    blocks = entries(text)
    assert len(blocks) == len(parts)
    gone, changed = chance.choice(blocks), chance.choice(blocks)
    edits = [delete_entry(text, gone)]
    if changed is not gone:
        edits += [*set_fields(text, changed, {"doi": "10.5555/1", "title": "New"}), rename_key(text, changed, "new")]
    after = apply_edits(text, edits)
    check_untouched(text, after, [gone.start], [changed.start])
    if changed is not gone:
        record = next(r for r in bibtex.read(after.encode(), "x").records if r.id == "new")
        assert (record.fields["doi"], record.fields["title"]) == ("10.5555/1", "New")
