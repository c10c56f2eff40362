import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.classify.terms import (
    FUNCTION_WORDS,
    MAX_CHARACTERS,
    content_words,
    foreign_share,
    paper_terms,
    words,
)

MARKUP = st.lists(
    st.sampled_from(
        [
            "$",
            "\\",
            "{",
            "}",
            "<",
            ">",
            "&",
            "&amp;",
            "\\'",
            "\\alpha",
            "</i>",
            "http://",
            "é",
            "γ",
            "深",
            " ",
            "ab",
            "Q",
        ]
    )
).map("".join)


@given(st.text() | MARKUP)
def test_words_are_lower_case_ascii_and_tokenising_is_idempotent(text: str) -> None:
    found = words(text)
    assert all(re.fullmatch("[a-z0-9]+", word) for word in found)
    assert words(" ".join(found)) == found


@given(st.text() | MARKUP)
def test_function_words_are_no_content_words(text: str) -> None:
    assert content_words(text) == [word for word in words(text) if word not in FUNCTION_WORDS]


@given(st.text())
def test_foreign_share_is_a_share(text: str) -> None:
    assert 0 <= foreign_share(text) <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("A {B}ayesian Approach", "a bayesian approach"),
        (r"Schr\"odinger and Schr\"{o}dinger", "schrodinger and schrodinger"),
        ("Schrödinger, Erdős, Łojasiewicz", "schrodinger erdos lojasiewicz"),
        (r"$\gamma$-ray bursts", "gamma ray bursts"),
        ("γ-ray bursts", "gamma ray bursts"),
        (r"the $p$-adic case", "the p adic case"),
        (r"\emph{Deep} \textbf{networks}", "deep networks"),
        ("H<sub>2</sub>O &amp; ice", "h2o ice"),
        ("code at https://example.org/some/thing here", "code at here"),
        ("3D-printed", "3d printed"),
        ("half–open", "half open"),
        ("ﬁnite ﬂow", "finite flow"),
        ("a < b and c > d", "a b and c d"),
        ("a 100\\% gain", "a 100 gain"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert words(text) == expected.split()


def test_latex_and_unicode_give_equal_terms() -> None:
    assert paper_terms((r"M\"obius strips and $\alpha$ decay", "")) == paper_terms(("Möbius strips and α decay", ""))


def test_title_counts_twice_beside_an_abstract_and_pairs_do_not_cross() -> None:
    assert paper_terms(("graph", "colouring of maps")) == ["graph", "graph", "colouring", "maps", "colouring maps"]


def test_a_huge_text_is_cut_off() -> None:
    assert len(words("word " * 1_000_000)) == MAX_CHARACTERS / 5


@pytest.mark.parametrize(
    "text", ["<" * 100_000, "\\" * 100_000, "&" * 100_000, "<a" * 50_000, "http://" * 20_000, "{$" * 50_000]
)
def test_hostile_text_is_tokenised_quickly(text: str) -> None:
    words(text)  # a quadratic pattern would take minutes
