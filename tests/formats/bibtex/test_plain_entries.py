"""Plain entries: a text that was read is scanned again with the same result."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.bibtex import scan as scanner
from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.plain_entries import PlainEntry, scan_again
from refsync.formats.bibtex.scan import Block, scan

PLAIN = '@misc{k, a = {x}, b = "y", c = 2020, month = jan}'
PIECES = st.sampled_from(
    [
        PLAIN,
        "@misc(k, a = {x})",
        "@article{l, title = {A {B} C}, year = 1999,}",
        "@misc{m, a = {x}, a = {x}}",
        "@misc{n, a = {x}, a = {y}}",
        "@misc{o, a = {x} b = {y}}",
        "@misc{p, a = x # {y}}",
        "@misc{q, a = }",
        "@misc{}",
        "@misc{,a={x}}",
        "@misc{r, a = {x}}, b = {y}}",
        "@misc{unclosed, a = {x",
        "@string{s = {S}}",
        "@comment{@misc{inside, a = {x}}}",
        "% a comment\n",
        "text ",
        "\n",
        "\u00a0",
        " \u2003\n",
        '"',
        "}",
        "\ufeff",
        "é",
    ]
)


def outline(text: str, blocks: Iterable[Block | PlainEntry]) -> list[tuple[object, ...]]:
    """What the rules use of each block that is not white space."""
    return [
        (block.kind, block.start, block.end, block.key_position, block.key, block.fields, block.faults)
        for block in blocks
        if not text[block.start : block.end].isspace()
    ]


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_text_is_scanned_again_with_the_same_blocks(rest: str) -> None:
    text = f"@misc{{first, z = {{1}}}}\n{rest}"
    places = read(text.encode(), "refs.bib").plain_entries
    assert outline(text, scan_again(text, places)) == outline(text, scan(text))


@pytest.mark.parametrize(
    ("entry", "plain"),
    [
        (PLAIN, True),
        ("@misc{k, a = {x}, a = {x}}", False),
        ("@misc{k, a = {x}, a = {other}}", False),
        ("@misc{k, a = macro}", False),
        ("@misc{k, a = {x} # {y}}", False),
        ("@misc{k, a = {x} b = {y}}", False),
    ],
)
def test_entries_with_something_unusual_are_scanned_at_once(entry: str, plain: bool) -> None:
    snapshot = read(entry.encode(), "refs.bib")
    assert [isinstance(block, PlainEntry) for block in scan_again(entry, snapshot.plain_entries)] == [plain]


def test_places_of_another_text_are_not_used() -> None:
    places = read(PLAIN.encode(), "refs.bib").plain_entries
    assert [*scan_again(f"\n{PLAIN}", places)] == [*scan(f"\n{PLAIN}")]


FIELD_SOUP = st.lists(st.sampled_from([*'{}",#= a\\', "a = {x},", 'b = "y",', "c=1,", "%\n", "{z}", "d={e}"]))


@given(FIELD_SOUP.map("".join))
def test_the_pattern_for_plain_fields_changes_no_result(fields: str) -> None:
    text = f"@misc{{k,{fields}}}\n@misc{{l, a={{x}}}}"
    fast = [*scan(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "_PLAIN_FIELD", scanner.re.compile(r"(?!)"))
        assert [*scan(text)] == fast
