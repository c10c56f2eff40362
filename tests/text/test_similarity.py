"""Similarities of single fields."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.text import similarity as rules
from tests.sweeps import examples

COMPARISONS = [
    rules.title_similarity,
    rules.author_similarity,
    rules.journal_similarity,
    rules.page_similarity,
    rules.abstract_similarity,
]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Rain on R<inf>2</inf> moss", "Rain on R2 moss"),
        ("β-Moss of walls", "beta moss of walls"),
        ("[Rain on the mosses of Turku]", "Rain on the mosses of Turku. [Finnish]"),
        ("Rain on the old mosses?: a wall study", "Rain on the old mosses?"),
        ("Notes on rain. Growth of the wall mosses", "GROWTH OF THE WALL MOSSES"),
        ('"Rain on moss.[Erratum appears in J Moss. 2031;2(3):4 Note: Doe [corrected to Roe]]"', "Rain on moss"),
        ("Phase II of rain on moss and walls", "Phase I/II of rain on moss and walls"),
        ("Y-90 in mosses after rain", "(90)Y in mosses after rain"),
        ("Growth in F-18-FDG mosses", "Growth in ¹⁸F-FDG mosses"),
        ("苔蘚研究", "苔蘚 研究"),
    ],
)
def test_titles_of_one_work(a: str, b: str) -> None:
    assert rules.title_similarity(a, b) >= rules.TITLE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Five years of rain on the mosses of Turku", "Six years of rain on the mosses of Turku"),
        ("Rain on moss: part 1, the walls of Turku", "Rain on moss: part 2, the walls of Turku"),
        ("Rain on moss", "Snow on walls"),
        ("Retraction notice to: Rain on moss [J. Moss 12 (2031) 114-119]", "Rain on moss"),
        ("", ""),
        ("苔蘚研究", "地衣調査"),
    ],
)
def test_titles_of_different_works(a: str, b: str) -> None:
    assert rules.title_similarity(a, b) < rules.TITLE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Doe, Jane A.; Roe, Mia", "JA Doe, M Roe"),
        ("Jane, Doe; Mia, Roe", "Doe, J.; Roe, M."),
        ("Mia Ann, Roe", "Roe, M. A."),
        ("Moss Fern, J. M.; Doe, A.", "Fern, J. M. M.; Doe, A."),
        ("DIROE, J; POE, A", "Di Roe, J; Poe, A"),
        ("Roe, J. V. D.", "Van den Roe, J."),
        ("Doe, J.; Roe, M.; Poe, A.; Moe, B.", "Doe, J.; Roe, M.; et al."),
        ("Doe, J.", "Doe, J.; Roe, M.; Poe, A."),
        ("Doe, J.; Roe, M.; Moss Study, Group", "Doe, J.; Roe, M."),
        ("Doe J, Roe M. Poe A. B. Moss-Fern E.", "Doe, J.; Roe, M.; Poe, A. B.; Moss-Fern, E."),
        ("Mossmann, J.; Roe, M.", "Mosmann, J.; Roe, M."),
        ("王, 苔; 李, 蘚", "王苔; 李蘚"),
    ],
)
def test_author_lists_of_one_work(a: str, b: str) -> None:
    assert rules.author_similarity(a, b) >= rules.AUTHORS


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Doe, J.; Roe, M.", "Poe, A.; Moe, B."),
        ("Doe, J.", "Doe, M."),
        ("Li, W.", "Wang, L."),
        ("", ""),
        ("Doe, A.; Roe, B.; Poe, C.; Moe, D.; Loe, E.; Noe, F.", "Doe, A.; Foe, G.; Goe, H.; Hoe, I.; Noe, F."),
    ],
)
def test_author_lists_of_different_works(a: str, b: str) -> None:
    assert rules.author_similarity(a, b) < rules.AUTHORS


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("221-8", "221--228", True),
        ("S221", "221", True),
        ("221-8", "221-30", True),
        ("e1234", "1234", True),
        ("01-Jun", "1-6", True),
        ("221", "222", False),
        ("", "", False),
        ("N.PAG", "221", False),
    ],
)
def test_pages(a: str, b: str, same: bool) -> None:
    assert (rules.page_similarity(a, b) >= rules.PAGES) is same


def test_abstracts() -> None:
    rain = "Rain fell on the moss of the old walls for nine days and nights. "
    assert rules.abstract_similarity(rain * 5, f"<b>{rain.upper()}</b>{rain * 2}") >= rules.ABSTRACT
    assert (
        rules.abstract_similarity(rain, "Snow on ferns and what became of it in the gardens of Turku.") < rules.ABSTRACT
    )
    assert rules.abstract_similarity("Rain", rain) < rules.ABSTRACT


@pytest.mark.parametrize("compare", COMPARISONS)
@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=examples(60))
def test_comparisons_are_symmetric_and_in_bounds(compare: Callable[[str, str], float], a: str, b: str) -> None:
    assert 0 <= compare(a, b) == compare(b, a) <= 1


@pytest.mark.parametrize("compare", COMPARISONS)
@given(st.text("ab Äéмх苔א, .-&<", max_size=40))
@settings(max_examples=examples(60))
def test_a_value_is_similar_to_itself_or_empty(compare: Callable[[str, str], float], text: str) -> None:
    assert compare(text, text) in {0.0, 1.0}
