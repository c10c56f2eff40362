"""The three-way merge: what each side changed is in the result, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.bibtex.conflict_markers import has_conflict_markers
from refsync.formats.bibtex.scan import scan
from refsync.git.entry_merge import ConflictStyle
from refsync.git.segments import segments
from refsync.git.three_way import merge
from tests.git.histories import Library, histories, libraries, text_of

BASE = """% A library

@string{jmr = {Journal of Moss}}

@article{a,
  title = {The patience of kelp},
  year = {2020},
  keywords = {sea, cold},
}

% about b
@book{b,
  title = {Moss},
}
"""
NEW = "\n@misc{%s,\n  title = {Something %s},\n}\n"


def entries(text: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The entries by key: their type and their fields, with white space collapsed."""
    return {
        block.key: (
            block.type.lower(),
            {one.name.lower(): " ".join(text[one.value_start : one.value_end].split()) for one in block.fields},
        )
        for block in scan(text)
        if block.kind == "entry"
    }


def replaced(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ((("{2020}", "{2021}"),), (("patience", "growth"),), (("{2020}", "{2021}"), ("patience", "growth"))),
        ((("{2020}", "{2021}"),), (("@book", "@misc"),), (("{2020}", "{2021}"), ("@book", "@misc"))),
        ((("sea, cold", "sea, cold, deep"),), (("sea, cold", "cold, salt"),), (("sea, cold", "cold, deep, salt"),)),
        (
            (("  year = {2020},\n", ""),),
            (("{Moss}", "{Mosses}"),),
            (("  year = {2020},\n", ""), ("{Moss}", "{Mosses}")),
        ),
        ((("{2020}", "{2021}"),), (("{2020}", "{2021}"),), (("{2020}", "{2021}"),)),
        ((("about b", "see b"),), (("{2020}", "{2021}"),), (("about b", "see b"), ("{2020}", "{2021}"))),
        ((("Journal of Moss", "Moss"),), (), (("Journal of Moss", "Moss"),)),
        (
            (("@article{a", "@article{A"),),
            (("{2020}", "{2021}"),),
            (("@article{a", "@article{A"), ("{2020}", "{2021}")),
        ),
    ],
)
def test_changes_of_both_sides(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    merged = merge(BASE, replaced(*ours), replaced(*theirs))
    assert (merged.text, merged.conflicts) == (replaced(*expected), ())


def test_a_side_that_lays_an_entry_out_anew() -> None:
    laid_out = replaced(
        ("  title = {The patience of kelp},\n  year =", "\ttitle={The patience\n\t\tof kelp},\n\tyear=")
    )
    changed = replaced(("{2020}", "{2021}"))
    for merged in (merge(BASE, laid_out, changed), merge(BASE, changed, laid_out)):
        assert merged.conflicts == ()
        assert merged.text == laid_out.replace("{2020}", "{2021}")


def test_entries_that_both_added_at_one_place_are_no_conflict() -> None:
    merged = merge(BASE, BASE + NEW % ("m", "m"), BASE + NEW % ("n", "n"))
    assert merged.text == BASE + NEW % ("m", "m") + NEW % ("n", "n")
    assert (merged.conflicts, merged.added_by_us, merged.added_by_them) == ((), ("m",), ("n",))
    start = BASE.index("@article")
    merged = merge(
        BASE,
        BASE[:start] + NEW[1:] % ("m", "m") + "\n" + BASE[start:],
        BASE[:start] + NEW[1:] % ("n", "n") + "\n" + BASE[start:],
    )
    assert merged.text.count("% A library") == 1
    assert [*entries(merged.text)] == ["m", "n", "a", "b"]


def test_the_new_order_of_one_side_with_the_change_of_the_other() -> None:
    a, b = BASE.index("@article"), BASE.index("% about b")
    moved = BASE[:a] + BASE[b:] + "\n" + BASE[a:b].rstrip() + "\n"
    changed = replaced(("{2020}", "{2021}"))
    for merged in (merge(BASE, moved, changed), merge(BASE, changed, moved)):
        assert [*entries(merged.text)] == ["b", "a"]
        assert entries(merged.text)["a"][1]["year"] == "{2021}"


@pytest.mark.parametrize(("prefer", "kept"), [("ours", "2021"), ("theirs", "2022")])
def test_a_field_in_conflict(prefer: str, kept: str) -> None:
    ours, theirs = replaced(("2020", "2021")), replaced(("2020", "2022"))
    merged = merge(BASE, ours, theirs)
    assert [str(conflict) for conflict in merged.conflicts] == ["a: year"]
    marked = "<<<<<<< ours\n  year = {2021},\n=======\n  year = {2022},\n>>>>>>> theirs\n"
    assert merged.text == replaced(("  year = {2020},\n", marked))
    style = ConflictStyle(prefer="ours" if prefer == "ours" else "theirs")
    settled = merge(BASE, ours, theirs, style)
    assert (settled.text, settled.conflicts) == (replaced(("2020", kept)), ())


def test_conflicts_of_whole_entries() -> None:
    without = replaced((BASE[BASE.index("@article") : BASE.index("% about b")], ""))
    changed = replaced(("{2020}", "{2021}"))
    for ours, theirs in ((changed, without), (without, changed)):
        merged = merge(BASE, ours, theirs)
        assert [str(conflict) for conflict in merged.conflicts] == ["a"]
        assert has_conflict_markers(merged.text)
        assert "year = {2021}" in merged.text
    assert merge(BASE, without, BASE).text == without


def test_another_work_under_the_key_is_not_mixed_with_changes_of_the_old_one() -> None:
    other = replaced(("The patience of kelp", "Sorting shells by colour"), ("{2020}", "{1999}"))
    changed = replaced(("year = {2020},", "year = {2020},\n  pages = {1--9},"))
    merged = merge(BASE, other, changed)
    assert [str(conflict) for conflict in merged.conflicts] == ["a"]
    merged = merge("", NEW % ("n", "one"), NEW % ("n", "two"))
    assert [str(conflict) for conflict in merged.conflicts] == ["n"], "two papers added under one key"
    same = NEW % ("n", "one")
    assert merge("", same, same.replace("},\n}", "},\n  year = {2020},\n}")).conflicts == ()


def test_blocks_that_cannot_be_read_are_kept() -> None:
    broken = BASE + "\n@article{broken, title = {no end\n"
    merged = merge(
        broken,
        broken.replace("{2020}", "{2021}"),
        broken.replace("{Moss},", "{Mosses},"),
    )
    assert "@article{broken, title = {no end\n" in merged.text


@given(st.text(alphabet=' \n\t%@{}(),="ab#', max_size=80))
def test_segments_are_the_text(text: str) -> None:
    assert "".join(segment.text for segment in segments(text)) == text


@given(histories())
def test_one_side_alone(history: tuple[Library, Library, Library]) -> None:
    base, ours, _ = map(text_of, history)
    assert merge(base, base, ours).text == merge(base, ours, base).text == merge(base, ours, ours).text == ours


@given(histories())
def test_both_sides(history: tuple[Library, Library, Library]) -> None:
    base, ours, theirs = map(text_of, history)
    merged, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)
    assert {*merged.conflicts} == {*mirrored.conflicts}
    assert has_conflict_markers(merged.text) == bool(merged.conflicts)
    if merged.conflicts:
        return
    result = entries(merged.text)
    assert result == entries(mirrored.text) or _lists_sorted(result) == _lists_sorted(entries(mirrored.text))
    before, one, other = (entries(text) for text in (base, ours, theirs))
    for key in {*before, *one, *other}:
        versions = [side.get(key) for side in (before, one, other)]
        if versions[1] == versions[0]:
            assert result.get(key) == versions[2], "what one side left alone is the other's"
        elif versions[2] == versions[0]:
            assert result.get(key) == versions[1]
    assert all(block.kind in ("entry", "text") for block in scan(merged.text))


@given(histories())
def test_no_byte_of_an_untouched_entry_changes(history: tuple[Library, Library, Library]) -> None:
    base, ours, theirs = map(text_of, history)
    merged = merge(base, ours, theirs).text
    untouched = {*history[0]} & {*history[1]} & {*history[2]}
    for entry in untouched:
        assert entry.text() in merged


@given(libraries(), st.data())
def test_a_preferred_side_leaves_no_conflict(library: Library, data: st.DataObject) -> None:
    from tests.git.histories import edited

    base, ours, theirs = map(text_of, (library, data.draw(edited(library)), data.draw(edited(library))))
    for prefer in ("ours", "theirs"):
        merged = merge(base, ours, theirs, ConflictStyle(prefer="ours" if prefer == "ours" else "theirs"))
        assert merged.conflicts == ()
        assert not has_conflict_markers(merged.text)
        assert not {*(block.kind for block in scan(merged.text))} - {"entry", "text"}


def _lists_sorted(
    found: dict[str, tuple[str, dict[str, str]]],
) -> dict[str, tuple[str, dict[str, list[str]]]]:
    """Lists of words are united in the order of the sides."""
    return {
        key: (kind, {name: sorted(value.strip("{}").split(", ")) for name, value in fields.items()})
        for key, (kind, fields) in found.items()
    }
