"""Folding of texts in all scripts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.fold import fold, fold_key, strip_markup


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Moss‐Growth — on “Old” Walls", 'moss-growth - on "old" walls'),
        ("Mosses &amp; Ferns", "Mosses and ferns"),
        ("R<sub>2</sub>D signalling", "R2D signalling"),
        ("<jats:p>Rain on <jats:italic>stone</jats:italic></jats:p>", "rain on stone"),
        ("ﬁeld of ｗｉｄｅ letters", "field of wide letters"),
        ("Über Größe", "uber grosse"),
        ("Małe Ærø øde", "male aero ode"),
        ("α-Moss", "alpha moss"),
        ("NFκB in moss", "NF kappa B in moss"),
        ("¹⁸F-tracer", "18F tracer"),
        ("О МХАХ И ДОЖДЕ", "о мхах и дожде"),
        ("O’Moss's rain", "OMoss’s rain"),
        ("苔蘚　研究", "苔蘚 研究"),
        ("ｺｹ の ガーデン", "コケの ｶﾞーデン"),
        ("Ёлка и мох", "елка и мох"),
        ("ΟΔΟΣ ΒΡΥΩΝ", "οδός βρύων"),
        ("İSTANBUL", "istanbul"),
        ("הַאֲזוֹב", "האזוב"),
        ("الطَّحَالِب", "الطحالب"),
        ("أشنــة إلى", "اشنه الي"),
        ("گیاه یک", "گياه يك"),
        ("काई ١٢ १२", "काई 12 12"),
        ("हिंदी काई", "हिन्दी काई"),
        ("เเดง", "แดง"),
        ("moss\u00adfern", "moss\u200bfern"),
        ("O`Moss", "O´Moss"),
        ("ʿAbd al-Moss", "Abd al-Moss"),
        ("Moss™ walls", "Moss walls"),
        ("ß-blockers in moss", "β-blockers in moss"),
        ("Moss ＆ fern", "Moss and fern"),
        ("<![CDATA[Moss]]> <mml:math><mml:mi>x</mml:mi></mml:math>", "moss x"),
        ("H₂O, ½ litre", "H<sub>2</sub>O, 1/2 litre"),
        ("cafe\u0301", "café"),
    ],
)
def test_spellings_of_one_text_fold_alike(a: str, b: str) -> None:
    assert fold_key(a) == fold_key(b) != ""


@pytest.mark.parametrize("text", ["苔蘚研究", "دراسة الطحالب", "О мхах", "हिन्दी काई", "이끼 연구", "Περί βρύων"])
def test_every_script_keeps_its_letters(text: str) -> None:
    assert fold(text)
    assert not fold(text).isascii()


@pytest.mark.parametrize(
    ("a", "b"),
    [("हिन्दी", "हन्द"), ("мхи", "мох"), ("苔", "蘚"), ("type 1", "type 2"), ("ハード", "ハート"), ("كتب", "كلب")],
)
def test_different_texts_stay_different(a: str, b: str) -> None:
    assert fold(a) != fold(b)


@pytest.mark.parametrize("text", ["", "   ", "— … ?", "<p></p>", "***"])
def test_nothing_to_compare_is_empty(text: str) -> None:
    assert fold(text) == ""


def test_entities_escaped_twice_are_read() -> None:
    assert strip_markup("Moss &amp;amp; fern &lt;b&gt;wall&lt;/b&gt;") == "Moss & fern wall"


@given(st.text(max_size=60))
def test_some_letters_always_remain(text: str) -> None:
    if any(char.isalpha() and unicodedata.category(char) != "Lm" for char in text) and not set("<&") & set(text):
        assert fold(text) != ""


@given(st.text("αβΩ abßé'ʼ&＆<b>苔हिन्दीา́अ\u3099か", max_size=30))
def test_folding_is_idempotent_in_mixed_scripts(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(max_size=60))
def test_folding_is_idempotent(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
