"""Macros: expanded with their white space, within bounds, from the files named before."""

import pickle
from pathlib import Path

import pytest

from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.macros import MAX_VALUE, MacroExpression
from refsync.formats.bibtex.write import dump
from refsync.sources import read_sources


def fields(text: str) -> dict[str, str]:
    return dict(read(text.encode(), "a.bib").records[-1].fields)


@pytest.mark.parametrize(
    ("definitions", "value", "expected"),
    [
        ('@string{and = " and "} @string{r = "Roe, Ann"}', 'r # and # "Poe, Ed"', "Roe, Ann and Poe, Ed"),
        ('@string{sp = " "}', '"Kelp" # sp # "moss"', "Kelp moss"),
        ('@string{sp = " "}', "sp # {Kelp} # sp", "Kelp"),
        ("@string{a = {\n  of\n}} @string{b = {sea } # a}", "b # {kelp}", "sea of kelp"),
        ('@string{c = "; "} @STRING(D = {x} # c)', "d # D", "x; x;"),
    ],
)
def test_white_space_at_the_ends_of_macros_is_kept_in_concatenations(
    definitions: str, value: str, expected: str
) -> None:
    assert fields(f"{definitions}\n@misc{{k, f = {value}}}") == {"f": expected}


def bomb(depth: int) -> str:
    steps = (f"@string{{s{i} = s{i - 1} # s{i - 1}}}\n" for i in range(1, depth + 1))
    return f'@string{{s0 = "ab"}}\n{"".join(steps)}@misc{{k, title = s{depth}, note = s3}}\n'


def test_macros_that_double_each_time_are_expanded_within_bounds_and_reported_with_their_line() -> None:
    snapshot = read(bomb(5000).encode(), "a.bib")
    (record,) = snapshot.records
    assert record.fields == {"title": "s5000", "note": "ab" * 8}
    first, last = snapshot.problems
    assert first.fatal
    assert (first.line, last.line) == (16, 5002)
    assert "`s14` is not expanded" in first.message


def test_a_macro_of_any_length_within_the_bounds_is_expanded() -> None:
    assert fields(f"@string{{s = {{{'x' * 9000}}}}} @misc{{k, f = s # s # {{{'y' * MAX_VALUE}}}}}")["f"].startswith(
        "xxx"
    )


def test_all_expansions_of_a_file_together_are_bounded() -> None:
    entries = "".join(f"@misc{{k{i}, f = s # {{{i}}}}}\n" for i in range(1000))
    snapshot = read(f"@string{{s = {{{'x' * 60000}}}}}\n{entries}".encode(), "a.bib")
    assert len(snapshot.records) == 1000
    assert sum(len(record.get("f")) for record in snapshot.records) < 1 << 25
    (problem,) = snapshot.problems
    assert problem.fatal


def test_an_undefined_macro_is_written_as_it_was_read() -> None:
    written = dump(read(b"@misc{k, journal = acm_x, note = pre # { x} # acm_x, title = {acm_x}}", "a.bib").records)
    assert "journal = acm_x," in written
    assert "note = pre # { x} # acm_x" in written
    assert "title = {acm_x}" in written
    assert dump(read(written.encode(), "b.bib").records) == written


def test_an_undefined_macro_inside_a_macro_stays_bare() -> None:
    (record,) = read(b"@string{a = b # { x}} @misc{k, f = a # { y}}", "a.bib").records
    value = record.fields["f"]
    assert value == "b x y"
    assert isinstance(value, MacroExpression)
    copied = pickle.loads(pickle.dumps(value))
    assert isinstance(copied, MacroExpression)
    assert copied.parts == value.parts


def test_macros_of_files_named_before_are_used(tmp_path: Path) -> None:
    names = tmp_path / "names.bib"
    names.write_text('@string{J_KELP = "{J}ournal of Kelp"} @string{and = " and "}', encoding="utf-8")
    refs = tmp_path / "refs.bib"
    refs.write_text("@article{k, journal = j_kelp, author = {Roe, A} # and # {Poe, E}, note = other}", encoding="utf-8")
    reading = read_sources([str(names), str(refs)])
    assert reading.records[0].fields == {
        "journal": "{J}ournal of Kelp", "author": "Roe, A and Poe, E", "note": "other",
    }  # fmt: skip
    assert ["`other`" in problem.message for problem in reading.problems] == [True]
    other_order = read_sources([str(refs), str(names)])
    assert other_order.records[0].get("journal") == "j_kelp"
    assert sum("is not defined" in problem.message for problem in other_order.problems) == 3
