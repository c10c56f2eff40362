"""The scanner: blocks, keys, fields, faults, linear time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.formats.bibtex.scan import Block, parts, scan
from tests.sweeps import examples
from tests.time_bounds import seconds_at_most


def blocks(text: str) -> list[Block]:
    found = list(scan(text))
    position = 0
    for block in found:
        assert block.start == position < block.end
        position = block.end
    assert position == len(text)
    return found


def shape(text: str) -> list[tuple[str, ...]]:
    """Kind, key and fields of each block that is no free text."""
    return [(b.kind, b.key, *(f"{f.name}={text[f.value_start : f.value_end]}" for f in b.fields))
            for b in blocks(text) if b.kind != "text"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("@misc{k, a = {x}, b = 3}", [("entry", "k", "a={x}", "b=3")]),
        ('@MISC(k, a = "x (y)", b = jan,)', [("entry", "k", 'a="x (y)"', "b=jan")]),
        ("@ article\n{ k ,\r\n a={x}}", [("entry", "k", "a={x}")]),
        ("@misc{k}@misc{l} @misc{m,}", [("entry", "k"), ("entry", "l"), ("entry", "m")]),
        ("@www-page{k, ti+tle={x}, x-y_z:1={y}}", [("entry", "k", "ti+tle={x}", "x-y_z:1={y}")]),
        ("@misc{müller:2001/a+b, a={x}}", [("entry", "müller:2001/a+b", "a={x}")]),
        ("@misc{10.5555/(A)1<2::B>3, a={x}}", [("entry", "10.5555/(A)1<2::B>3", "a={x}")]),
        ("@misc{k, a = {x {y {z {deep} z} y} x}}", [("entry", "k", "a={x {y {z {deep} z} y} x}")]),
        ('@misc{k, a = "x {"}y{"} z"}', [("entry", "k", 'a="x {"}y{"} z"')]),
        ("@misc{k, a = x # { and } # \"y\" , b=1}", [("entry", "k", 'a=x # { and } # "y"', "b=1")]),
        ("@misc{k, a = {C:\\\\}, b = {\\{ }}}", [("entry", "k", "a={C:\\\\}", "b={\\{ }}")]),
        ('@string{a = "A"} @string(b = {B})', [("string", "", 'a="A"'), ("string", "", "b={B}")]),
        ('@preamble{"x" # a}', [("preamble", "", '="x" # a')]),
        ("@comment{ @misc{k, a={x}} } @misc{l}", [("comment", ""), ("entry", "l")]),
        ("@comment no braces @misc{k}\n@misc{l}", [("comment", ""), ("entry", "l")]),
        ("@commentary{k, a={x}}", [("entry", "k", "a={x}")]),
        # A percent sign begins a comment where a word could begin, as in biber.
        ("% @misc{k, a={x}}\n@misc{l, a={x}}", [("entry", "l", "a={x}")]),
        ("100% @misc{l, a={x}}", [("entry", "l", "a={x}")]),
        ("@misc{k, % note, b={y},\n a={5% of x}}", [("entry", "k", "a={5% of x}")]),
        # An `@` in running text.
        ("mail me@home.example (or you@x.example {now})\n@misc{k, a={x}}", [("entry", "k", "a={x}")]),
        # A line in a value that looks like an entry.
        ("@misc{k,\n a = {see\n@foo{bar} baz},\n b=1}", [("entry", "k", "a={see\n@foo{bar} baz}", "b=1")]),
    ],
)  # fmt: skip
def test_blocks_and_fields(text: str, expected: list[tuple[str, ...]]) -> None:
    assert shape(text) == expected
    assert shape(text.replace("\n", "\r\n")) == [tuple(p.replace("\n", "\r\n") for p in b) for b in expected]


@pytest.mark.parametrize(
    ("text", "expected", "fault"),
    [
        ("@misc{k a={x}}", ("entry", "k", "a={x}"), "a comma is missing after the key"),
        ("@misc{k, a={x}\n b=1}", ("entry", "k", "a={x}", "b=1"), "a comma is missing after the value of `a`"),
        ("@misc{k, a={x},, b=1}", ("entry", "k", "a={x}", "b=1"), "a comma too many"),
        ("@misc{k, a=, b=1}", ("entry", "k", "a=", "b=1"), "a field without a value"),
        ("@misc{, a={x}}", ("entry", "", "a={x}"), "the entry has no key"),
        ("@misc{a={x}}", ("entry", "", "a={x}"), "the entry has no key"),
        ('@misc{a="x", b=1}', ("entry", "", 'a="x"', "b=1"), "the entry has no key"),
        (
            "@misc{my key, a={x}}",
            ("entry", "my key", "a={x}"),
            "the key `my key` holds white space, which BibTeX refuses",
        ),
    ],
)
def test_unambiguous_faults_are_repaired(text: str, expected: tuple[str, ...], fault: str) -> None:
    (block,) = blocks(text)
    assert shape(text) == [expected]
    assert [f.message for f in block.faults] == [fault]


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        (
            "@misc{k,\n a = {T {x},\n}\n@misc{ok, a={x}}",
            "expected `,` or `}` after the value of `a`, found `@misc{ok,`",
            24,
        ),
        ("@misc{k,\n a = {{{x}\n\n@misc{ok, a={x}}", "the brace that opens here is never closed", 14),
        ('@misc{k,\n a = "x}\n@misc{ok, a={x}}', "a closing brace too many inside a value in quotes", 16),
        ("@misc{k, a <x>}\n@misc{ok, a={x}}", "expected a field name or `}`, found `a`", 9),
    ],
)
def test_a_malformed_block_ends_before_the_next_entry(text: str, message: str, position: int) -> None:
    found = [block for block in blocks(text) if block.kind != "text"]
    assert [block.kind for block in found] == ["malformed", "entry"]
    assert (found[0].faults[-1].message, found[0].faults[-1].position) == (message, position)
    assert found[1].key == "ok"
    assert not found[0].truncated


@pytest.mark.parametrize("tail", ["@mis", "@misc{", "@misc{k", "@misc{k,", "@misc{k, a", "@misc{k, a = ",
                                  '@misc{k, a="x', "@misc{k, a={x", "@misc{k, a={x},", "@misc{k, a={x}"])  # fmt: skip
def test_a_text_that_ends_inside_an_entry_is_truncated(tail: str) -> None:
    *_, last = blocks("@misc{ok, a={x}}\n\n" + tail)
    assert last.kind == "malformed"
    assert last.truncated
    assert last.faults[-1] == (18, "truncated", "the file ends inside this entry; it looks truncated")


def test_parts_of_a_value() -> None:
    text = '@misc{k, a = acm # { and } %c\n # "x{"}" # 12, b={y}}'
    (block,) = blocks(text)
    assert [(part.kind, text[part.start : part.end]) for part in parts(text, block.fields[0])] == [
        ("macro", "acm"),
        ("braced", "{ and }"),
        ("quoted", '"x{"}"'),
        ("number", "12"),
    ]
    assert [part.kind for part in parts(text, block.fields[1])] == ["braced"]


def test_spans_of_names_and_keys() -> None:
    text = "x @Misc{ Key , Name = {v}}"
    block = blocks(text)[1]
    assert text[block.key_start : block.key_end] == "Key"
    assert text[block.fields[0].name_start : block.fields[0].name_end] == "Name"


_SOUP = st.lists(
    st.sampled_from([*'@{}()",=#%\\ \n\ra1é', "@misc{", "\n@misc{k,", "a={x},", 'b="y"', "@comment", "@string{",
                     "@preamble{", "\r\n", "{x}", "jan"]), max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=examples(700))
@given(st.one_of(_SOUP, st.text(max_size=60)))
def test_any_text_tiles(text: str) -> None:
    for block in blocks(text):
        for field in block.fields:
            list(parts(text, field))


@pytest.mark.parametrize(
    "text",
    [
        "@a{b, c = " + "{" * 50_000 + "}" * 50_000 + "}",
        "@a{b, c = " + "{" * 50_000,
        "{" * 1_000_000,
        "@a{b,c={\n" * 10_000,
        "@a(b,c={\n" * 10_000,
        '@a(b,c="{\n' * 10_000 + "}" * 10_000,
        "@a{b,c={\n" * 10_000 + "}" * 10_000,
        "@a{b,c={x\n" * 10_000,
        '@a{b,c="x\n' * 10_000,
        "@a{b, c={" + "x" * 2_000_000 + "}, d={" + "x" * 2_000_000,
        "@a{%" * 50_000,
        "@%" * 50_000,
        "@ " * 50_000,
        "@comment{\n" * 20_000,
        "@a{b, c={" + "x {y} " * 500_000 + "}}",
        "@a{b" + ",\n c={x}" * 50_000 + "}",
        "@a{b, c=" + "x # " * 50_000 + "x}",
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    with seconds_at_most(3):  # quadratic ones would take minutes
        blocks(text)
