"""Buttons, counters and copyright lines of publishers' pages are removed; the text of a paper stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.classify.boilerplate import strip_boilerplate

SENTENCE = "Dwarf willows shelter beetles on alpine slopes."


@pytest.mark.parametrize(
    "around",
    [
        "{} © 2011 Alpine Press Ltd. All rights reserved.",
        "{} Copyright © 2004 John Reed & Sons, Ltd.",
        "{} (C) 1999 Reed B.V. All rights reserved.",
        "{} Copyright 2015 by the Willow Society.",
        "Article Views 1,204 Altmetric - Citations 12 Export RIS Citation {}",
        "RETURN TO ISSUE PREV Article NEXT Cite this: Article Views 7 {}",
        "{} Article Views are the COUNTER-compliant sum of downloads. Get e-Alerts Export RIS",
    ],
)
def test_the_page_around_an_abstract_goes(around: str) -> None:
    rest = strip_boilerplate(around.format(SENTENCE)).replace(SENTENCE, "")
    assert SENTENCE in strip_boilerplate(around.format(SENTENCE))
    assert len(rest.split()) <= 3, rest


@pytest.mark.parametrize(
    "abstract",
    [
        SENTENCE,
        "Altmetric scores of papers on willows grow faster than citations; we export RIS files and cite this effect.",
        "We view copyright as a limit on reuse. In case (c) the court agreed; copyright exceptions help libraries.",
        "Article views and downloads of journals are counted; the usage metrics agree.",
        "(a) Beetles feed; (b) willows grow; (c) snow melts.",
    ],
)
def test_what_a_paper_says_about_such_things_stays(abstract: str) -> None:
    assert strip_boilerplate(abstract) == abstract


@given(st.text(max_size=300))
def test_nothing_is_added(text: str) -> None:
    assert len(strip_boilerplate(text)) <= len(text)


@pytest.mark.parametrize("part", ["(c) ", "© a", "copyright ", "Copyright ©  ", "Article Views ", "2001 all rights "])
def test_hostile_text_takes_linear_time(part: str) -> None:
    start = time.process_time()
    strip_boilerplate(part * 200_000)
    assert time.process_time() - start < 1
