"""Single characters between LaTeX and Unicode."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.latex import latex_to_text
from refsync.text.latex_characters import (
    characters_to_latex,
    characters_to_unicode,
    escape_specials,
    latex_character,
    opaque_spans,
)
from tests.time_bounds import seconds_at_most


@pytest.mark.parametrize(
    ("character", "latex"),
    [
        ("ü", r"{\"u}"),
        ("ß", r"{\ss}"),
        ("Č", r"{\v{C}}"),
        ("í", r"{\'\i}"),
        ("–", "--"),
        ("“", "``"),
        ("α", r"{$\alpha$}"),
    ],
)
def test_characters(character: str, latex: str) -> None:
    assert latex_character(character) == latex


def test_every_replacement_has_the_same_text() -> None:
    latex = {chr(code): latex_character(chr(code)) for code in range(0xA1, 0x2300)}
    replaced = {character: written for character, written in latex.items() if written}
    assert len(replaced) > 400
    assert [
        character
        for character, written in replaced.items()
        if latex_to_text(written) != unicodedata.normalize("NFC", character)
    ] == []


def test_a_no_break_space_is_a_tie() -> None:
    assert characters_to_latex("Fig.\u00a01") == "Fig.~1"


def test_a_character_without_latex_stays() -> None:
    assert characters_to_latex("中 ſ") == "中 ſ"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller \"{u} \"u", "Müller ü ü"),
        (r"{\ss}a \ss{}b \ss c", "ßa ßb ßc"),
        (r"\'{\i} {\'\i}n \v{c}", "í ín č"),
        (r"{\'{E}}cole", "École"),
        (r"D\'{\i{}}az \'{\o}re", "Díaz ǿre"),
        (r"$\'e$ \url{\'e} \\'e \emph{x}", r"$\'e$ \url{\'e} \\'e \emph{x}"),
    ],
)
def test_latex_as_unicode(latex: str, text: str) -> None:
    assert characters_to_unicode(latex) == text


@pytest.mark.parametrize("kept", ["a––b", "$α$", r"\url{é}", r"\ensuremath{α}"])
def test_what_stays(kept: str) -> None:
    assert characters_to_latex(kept) == kept


def test_a_lone_dollar_keeps_symbols_out_of_math() -> None:
    assert characters_to_latex("costs $5 in α and é") == r"costs $5 in α and {\'e}"


@given(st.text("aeü–“”α$\\{}'`\"&%_( é~\u0301", max_size=30))
def test_twice_is_the_same_as_once(value: str) -> None:
    for change in (escape_specials, characters_to_latex, characters_to_unicode):
        once = change(value)
        assert change(once) == once


@pytest.mark.parametrize("piece", ["$", r"\(", r"\\(", "$$ $ ", r"\url{", r"\(a\[", r"\'  ", r"\cite[", r"{\"u"])
def test_hostile_values_take_linear_time(piece: str) -> None:
    value = piece * 20_000 + "é"
    with seconds_at_most(5):
        escape_specials(value)
        characters_to_latex(value)
        characters_to_unicode(value)
        opaque_spans(value)
