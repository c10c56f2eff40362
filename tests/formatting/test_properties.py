"""Whatever the file and the settings: twice is the same as once, and values stay unless a setting changes them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import RefsyncError
from refsync.formats.bibtex.format import read
from refsync.formats.common.decode import decode_file
from refsync.formatting.format_text import format_text
from refsync.formatting.journal_table import JournalTable, parse_journal_table
from refsync.formatting.settings import FormatSettings
from refsync.records import Record
from refsync.text.latex import latex_to_text
from tests.paths import SHARED
from tests.sweeps import parts

LAYOUT = (
    "indent align trailing_commas blank_lines type_case field_case entry_braces wrap tidy_comments delimiters numerals "
    "sort_fields"
).split()
NUMBERS = {
    "indent": (0, 1, 4),
    "align": (0, 3, 14),
    "blank_lines": (0, 1, 2),
    "wrap": (0, 20, 80),
    "max_authors": (0, 1, 2),
}
NAMES = {
    "sort": ("key", "-key", "author", "-year", "type", "title", "month", "note"),
    "default": ("title", "author", "note", "year", "month", "pages", "journal", "default", "url"),
}
JOURNALS = parse_journal_table("Moss & Kelp;M. & K.\nKelp = K.\nK.;Z\n", "table")


def _values(name: str, hint: Any) -> st.SearchStrategy[Any]:
    kinds = [*get_args(hint)] if get_origin(hint) in (Union, UnionType) else [hint]
    found: list[st.SearchStrategy[Any]] = []
    for kind in kinds:
        if get_origin(kind) is Literal:
            found.append(st.sampled_from(get_args(kind)))
        elif get_origin(kind) is tuple:
            found.append(
                st.lists(st.sampled_from(NAMES.get(name, NAMES["default"])), max_size=3, unique=True).map(tuple)
            )
        elif kind is bool:
            found.append(st.booleans())
        elif kind is int:
            found.append(st.sampled_from(NUMBERS[name]))
    return st.one_of(found)


HINTS = get_type_hints(FormatSettings)
STRATEGIES = {
    field.name: _values(field.name, HINTS[field.name])
    for field in fields(FormatSettings)
    if field.name not in ("keys", "journal_table")
}
KEYS = st.sampled_from(["", "", "{auth}{year}", "{title:2-}", "x"[:0] + "{auth:3}_{yy}"])


def settings_of(names: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[FormatSettings]:
    return st.fixed_dictionaries({}, optional=dict(names)).map(lambda chosen: FormatSettings(**chosen))


ANY_SETTINGS = st.builds(
    lambda chosen, keys: FormatSettings(**chosen, keys=keys), st.fixed_dictionaries({}, optional=STRATEGIES), KEYS
)
LAYOUT_SETTINGS = settings_of({name: STRATEGIES[name] for name in (*LAYOUT, "sort")})

# fmt: off
PIECES = st.sampled_from([
    "Kelp", "MOSS", "the", "of", "{GAN}", "{\\\"u}", "\\'e", "ü", "é", "–", "“", "”", "α", "$x_1$", "$", "&", "\\&",
    "%", "_", "A", "GPT-4", "and", "1999", "12-34", "10.5555/a", "https://doi.org/", "\\url{a_b}", "{{B}}", "\\o ",
    "\\o{}", "'", "`", "-", "~", ",", ":", "\n", "\n\n", "\t", "  ", " ", "\\ ", "{", "}", "\\", "January",
    "7", "#", "@", "\\(", "\\)", "http://x.org/", "\\emph{x Y}", "e\u0301", "\\\\",
])
# fmt: on


def _balanced(text: str) -> str:
    depth, kept = 0, []
    for sign in text:
        if sign == "}" and not depth:
            continue
        depth += (sign == "{") - (sign == "}")
        kept.append(sign)
    return "".join(kept) + "}" * depth


CONTENT = st.lists(PIECES, max_size=8).map("".join).map(_balanced)
QUOTED = CONTENT.map(lambda text: f'"{text}"')
VALUES = st.one_of(
    CONTENT.map(lambda text: f"{{{text}}}"),
    QUOTED,
    st.sampled_from(["1999", "07", "jan", "mac", '"a" # mac', "mac # { b}", "{}", "{7}", "{May}"]),
    st.builds("{} # {}".format, QUOTED, st.sampled_from(["mac", "{x é}"])),
)
GAPS = st.sampled_from(["", " ", "\n  ", "\n\t", " % why\n ", "\n % a, b\n", "\r\n"])
NAMED = st.sampled_from(
    [
        "title",
        "Title",
        "author",
        "AUTHOR",
        "year",
        "month",
        "pages",
        "journal",
        "note",
        "url",
        "doi",
        "abstract",
        "crossref",
    ]
)


@st.composite
def entries(draw: st.DrawFn) -> str:
    opening, closing = draw(st.sampled_from(["{}", "{}", "()"]))
    key = draw(st.sampled_from(["a", "b", "B", "doe2020", "Long:Key-1"]))
    pieces = [draw(st.sampled_from(["@misc", "@ARTICLE ", "@Book"])), opening, key]
    for _ in range(draw(st.integers(0, 4))):
        value = draw(VALUES)
        pieces += (",", draw(GAPS), draw(NAMED), draw(st.sampled_from(["=", " = ", "  =\t"])), value, draw(GAPS))
    pieces += (draw(st.sampled_from(["", ","])), draw(GAPS), closing)
    return "".join(pieces)


BETWEEN = st.sampled_from(
    ["\n", "\n\n", "", " % beside\n", "\n% above\n", "\n\n% header\n\n", "\n@comment{c}\n", "\nfree text\n", "\r\n",
    " x\n",      '\n@string{mac = "M"}\n', "\n@STRING(b = {x})\n", '\n@preamble{"p"}\n', "\n@comment{jabref-meta: x}\n"]
)  # fmt: skip
FILES = st.lists(st.one_of(entries(), BETWEEN), max_size=8).map("".join)


def content_of(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """The entries, in the order of their text, with their values as plain text."""
    found = [(record.id, record.type, values_of(record)) for record in read(text.encode(), "x").records]
    return sorted(found, key=repr)


def values_of(record: Record) -> dict[str, str]:
    plain = {name: latex_to_text(value) for name, value in sorted(record.fields.items())}
    return {name: " ".join(unicodedata.normalize("NFC", value).split()) for name, value in plain.items()}


@given(FILES, ANY_SETTINGS)
def test_twice_is_the_same_as_once(text: str, settings: FormatSettings) -> None:
    once = format_text("x.bib", text, settings, JOURNALS)
    twice = format_text("x.bib", once.after, settings, JOURNALS)
    assert twice.after == once.after
    assert once.entries == twice.entries


@given(FILES, LAYOUT_SETTINGS)
def test_the_layout_changes_no_value(text: str, settings: FormatSettings) -> None:
    after = format_text("x.bib", f"@misc{{z}}{text}", settings).after
    before = f"@misc{{z}}{text}"
    if not settings.sort:  # else entries may come to know a macro that was defined after them
        assert content_of(after) == content_of(before)
    assert sorted(key for key, _, _ in content_of(after)) == sorted(key for key, _, _ in content_of(before))


@given(FILES, st.sampled_from([{"characters": "latex"}, {"characters": "unicode"}, {"escape": True}]))
def test_characters_are_written_differently_with_the_same_text(text: str, chosen: dict[str, Any]) -> None:
    before = f"@misc{{z}}{text}"
    assert content_of(format_text("x.bib", before, FormatSettings(**chosen)).after) == content_of(before)


@given(FILES)
def test_without_settings_every_byte_stays(text: str) -> None:
    assert format_text("x.bib", text, FormatSettings()).after == text


@given(st.text())
def test_any_text_is_formatted_or_left_as_it_is(text: str) -> None:
    settings = FormatSettings(preset="bibtex-tidy", sort=("key",))
    once = format_text("x.bib", text, settings).after
    assert format_text("x.bib", once, settings).after == once


def shared_files() -> list[Path]:
    return sorted(path for folder in ("bib", "wild") for path in (SHARED / "data" / folder).rglob("*.bib"))


@pytest.mark.skipif(not shared_files(), reason="needs the shared data beside the project")
@pytest.mark.parametrize("part", parts(8))
def test_files_of_others_stay_the_same_the_second_time(part: int) -> None:
    settings = FormatSettings(
        preset="bibtex-tidy", sort=("author", "-year"), wrap=80, delimiters="braces", months="macros"
    )
    checked = 0
    for path in shared_files()[part :: 8 * 5]:
        if path.stat().st_size > 200_000:
            continue
        try:
            text = decode_file(path.read_bytes(), path.name).exact
        except RefsyncError:
            continue
        once = format_text(path.name, text, settings, JournalTable())
        assert format_text(path.name, once.after, settings).after == once.after, path
        checked += 1
    assert checked
