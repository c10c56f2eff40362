"""Phrases that may name a subject, through `find_phrases` and `as_written`."""

import string

from hypothesis import given
from hypothesis import strategies as st

from refsync.classify.phrases import as_written, find_phrases, stem

MOSSES = [
    ("Growth of peat mosses", "We grow peat mosses on wet ground. The wet plots dry; peat mosses remain."),
    ("Peat mosses and their roots", "Roots of peat mosses are wet and short."),
    ("A wet summer", "Wet ground, wet plots, and peat mosses."),
    ("Ferns of the coast", "Ferns grow on rocks."),
    ("Rocks", "On the age of rocks."),
    ("Sand dunes", "Dunes move."),
]


def names(papers: list[tuple[str, str]], min_papers: int = 2) -> list[str]:
    return [phrase.text for phrase in find_phrases(papers, min_papers, 0.9)]


def test_the_longer_phrase_stands_for_the_word_that_is_only_in_it() -> None:
    found = names(MOSSES)
    assert found[0] == "peat mosses"
    assert not {"peat", "mosses"} & {*found}


def test_a_phrase_does_not_span_marks_and_function_words() -> None:
    papers = [("Moss, fern", "Moss; fern."), ("Moss and fern", "Moss (fern)")] * 2
    assert not [name for name in names(papers) if " " in name]


def test_a_phrase_is_in_a_title_and_ends_as_a_noun_may() -> None:
    papers = [("Visual moss", "A visual fern. " * 3), ("Visual fern", "The visual moss grows, a visual moss. " * 3)] * 4
    assert "visual" not in names(papers)
    assert not names([("", "peat mosses grow"), ("", "peat mosses rest")])


def test_general_words_of_papers_are_no_names() -> None:
    assert names([("A novel approach", "We propose a method."), ("A novel method", "An approach.")] * 3) == []


def test_a_phrase_is_written_as_papers_write_it() -> None:
    assert as_written("image text", [("Image-Text models", ""), ("image-text", "Image text")]) == "image-text"
    assert as_written("lidar", [("LiDAR maps", "LiDAR"), ("Lidar", "")]) == "LiDAR"
    assert as_written("moss", [("Ferns", "")]) == "moss"


def test_plurals_have_one_stem() -> None:
    assert stem("policies") == stem("policy")
    assert stem("boxes") == stem("box")
    assert stem("analysis") == "analysis"
    assert stem("virus") == "virus"


@given(st.lists(st.tuples(st.text(string.printable, max_size=60), st.text(string.printable, max_size=200)), max_size=8))
def test_any_text_gives_phrases_of_its_own_papers(papers: list[tuple[str, str]]) -> None:
    for phrase in find_phrases(papers, 2, 1.0):
        assert all(0 <= index < len(papers) and 0 < weight <= 1 for index, weight in phrase.papers.items())
        assert len(phrase.papers) >= 2
        assert as_written(phrase.text, papers)
