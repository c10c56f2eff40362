import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.fold import fold, fold_key, strip_markup
from refsync.text.titles import fold_title, title_parts


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
def test_writings_of_one_text_fold_alike(a: str, b: str) -> None:
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


@pytest.mark.parametrize(
    ("written", "trimmed"),
    [
        ("Rain on moss.", "Rain on moss"),
        ("[Rain on moss]. [Swedish]", "Rain on moss"),
        ("[Rain on moss]", "Rain on moss"),
        ("Rain on moss. French", "Rain on moss"),
        ("Rain on moss (in Polish)", "Rain on moss"),
        ("RETRACTED: Rain on moss", "Rain on moss"),
        ("Retracted Article: Rain on moss (Retracted article. See vol. 3, 2031", "Rain on moss"),
        ("Rain on moss.[Erratum appears in J Moss. 2031 Mar;2(3):4]", "Rain on moss"),
        ("Rain on moss (Reprinted from Old Walls, vol 2)", "Rain on moss"),
        ("Rain on moss. [Review] [52 refs]", "Rain on moss"),
        ("Rain on moss (extended abstract)", "Rain on moss"),
        ("Rain on moss (panel session): friend or foe?", "Rain on moss: friend or foe?"),
        ("Rain on moss [1]", "Rain on moss"),
        ("«Rain on moss»", "Rain on moss"),
        ("[Rain on moss] [Article in French]", "Rain on moss"),
        ("Rain on moss (in Japanese with English abstract)", "Rain on moss"),
        ("Rain on moss [see comments]", "Rain on moss"),
        ("Rain on moss [letter; comment]", "Rain on moss"),
        ("Rain on moss [published erratum appears in J Moss 2031;2(3):4]", "Rain on moss"),
        ("Rain on moss (Author reply)", "Rain on moss"),
        ("[Retracted] Rain on moss", "Rain on moss"),
        ("Rain on moss [electronic resource]", "Rain on moss"),
        ("Rain on moss [Preprint].", "Rain on moss"),
    ],
)
def test_what_databases_hang_on_a_title_goes(written: str, trimmed: str) -> None:
    assert fold_title(written).key == fold_title(trimmed).key


@pytest.mark.parametrize(
    ("title", "main"),
    [
        ("Rain on moss: a study", "rainonmoss"),
        ("Rain on moss - a study", "rainonmoss"),
        ("Does rain help? A study", "doesrainhelp"),
        ("Rain-fed moss", "rainfedmoss"),
        ("Does rain help?: a study", "doesrainhelp"),
        ("Regen auf Moos [Rain on the mosses]", "regenaufmoos"),
        ("Regen auf Moos = Rain on moss", "regenaufmoos"),
        ("Rain on moss [15N]", "rainonmoss15n"),
        ("Rain on mosses of > or = 5 years", "rainonmossesofor5years"),
    ],
)
def test_the_main_title_ends_at_the_subtitle(title: str, main: str) -> None:
    assert fold_title(title).main == main


def test_entities_escaped_twice_are_read() -> None:
    assert strip_markup("Moss &amp;amp; fern &lt;b&gt;wall&lt;/b&gt;") == "Moss & fern wall"


def test_a_huge_title_is_cut_not_scanned() -> None:
    assert len(fold_title("moss " * 20_000).key) <= 4000


def test_parts_of_a_title() -> None:
    assert title_parts("Notes on rain. On moss: a study") == [
        "notesonrain",
        "onmossastudy",
        "notesonrainonmoss",
        "astudy",
    ]
    assert title_parts("Rain on moss") == []


@given(st.text(max_size=60))
def test_letters_are_never_lost_altogether(text: str) -> None:
    if any(char.isalpha() and unicodedata.category(char) != "Lm" for char in text) and not set("<&") & set(text):
        assert fold(text) != ""


@given(st.text("αβΩ abßé'ʼ&＆<b>苔हिन्दीา́अ\u3099か", max_size=30))
def test_folding_twice_changes_nothing_in_mixed_scripts(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
