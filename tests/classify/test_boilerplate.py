"""Buttons, counters and copyright lines of publishers' pages are removed; the text of a paper stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.classify.boilerplate import strip_boilerplate
from tests.time_bounds import seconds_at_most

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
    "page",
    [
        "Cite this: J. Willow Res. 2010, 3, 4, 12–15 Article Views 120 Altmetric - Citations 3 Export RIS",
        "Cite this: Willow Lett. 2001, 5, 100. Article Views 7 Request reuse permissions © 2001 Willow Society.",
        "Download PDF Export Citation Article Views 12 Get e-Alerts Copyright © 2010 Reed Ltd. All rights reserved.",
    ],
)
def test_a_page_without_an_abstract_is_none(page: str) -> None:
    assert strip_boilerplate(page) == ""
    assert strip_boilerplate(f"{page} {SENTENCE}").removeprefix("-").strip(" .") == SENTENCE.strip(".")


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


@pytest.mark.parametrize(
    "part", ["(c) ", "© a", "copyright ", "Copyright ©  ", "Article Views ", "2001 all rights ", "Cite this: A "]
)
def test_hostile_text_takes_linear_time(part: str) -> None:
    with seconds_at_most(1):
        strip_boilerplate(part * 200_000)
