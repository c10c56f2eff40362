import csv
from pathlib import Path

import pytest

from refsync.text.fold import fold_title
from refsync.text.pages import Pages, parse_pages
from refsync.text.venues import fold_venue, is_preprint, venue_similarity

SHARED = Path(__file__).parents[2] / "shared" / "data" / "dedup" / "field_pairs.csv"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("221-8", Pages("221", "228")),
        ("221--228", Pages("221", "228")),
        ("pp. 221–228", Pages("221", "228")),
        ("S334-41", Pages("s334", "s341")),
        ("e1234", Pages("e1234")),
        ("S334", Pages("s334")),
        ("01-Jun", Pages("1", "6")),
        ("Jun-12", Pages("6", "12")),
        ("xii–xv", Pages("xii", "xv")),
        ("0012-0018", Pages("12", "18")),
        ("12, 14-16", Pages("12")),
        ("N.PAG", Pages()),
        ("n/a", Pages()),
        ("", Pages()),
    ],
)
def test_pages(value: str, expected: Pages) -> None:
    assert parse_pages(value) == expected


def test_a_letter_before_the_page_may_be_missing() -> None:
    assert parse_pages("S334").number == parse_pages("334").number


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("J. Moss Res.", "Journal of Moss Research"),
        ("Ann Moss Fern Biol", "Annals of Moss and Fern Biology"),
        ("Archives of Rain & Stone", "Archives of rain and stone"),
        (
            "Proc. 12th Int. Conf. on Very Old Walls, 2031",
            "Proceedings of the International Conference on Very Old Walls",
        ),
        ("VOW", "Very Old Walls"),
        ("The Wall Journal (Online)", "Wall Journal"),
        ("Moss Biology. 12 (3) (pp 4-5), 2031. Date of Publication: 2031.", "Moss Biology"),
    ],
)
def test_names_of_one_venue(a: str, b: str) -> None:
    assert venue_similarity(fold_venue(a), fold_venue(b)) >= 0.7


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Moss Research", "Cloud Physics"),
        ("Diabetes", "Diabetologia"),
        ("", "Moss Research"),
        ("Journal of Moss", "Journal of Rain"),
    ],
)
def test_names_of_different_venues(a: str, b: str) -> None:
    assert venue_similarity(fold_venue(a), fold_venue(b)) < 0.6


def test_preprint_servers() -> None:
    assert is_preprint(fold_venue("arXiv preprint arXiv:2101.00001"))
    assert is_preprint("", "10.1101/2031.01.01.1234")
    assert not is_preprint(fold_venue("Journal of Moss"), "10.5555/moss.1")


@pytest.mark.skipif(not SHARED.exists(), reason="the labelled field pairs are not here")
@pytest.mark.parametrize(("field", "least"), [("title", 0.75), ("journal", 0.65)])
def test_hard_field_pairs(field: str, least: float) -> None:
    """Labels of these pairs are what one tool answers, and partly contradict each other: a floor, not a goal."""
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["field"] == field]
    from rapidfuzz import fuzz

    def alike(a: str, b: str) -> bool:
        if field == "journal":
            return venue_similarity(fold_venue(a), fold_venue(b)) >= 0.55
        x, y = fold_title(a), fold_title(b)
        return x.main == y.main or fuzz.ratio(x.key, y.key) > 82 or fuzz.token_set_ratio(x.text, y.text) > 95

    right = sum(alike(row["a"], row["b"]) == (row["label"] == "pos") for row in rows)
    assert right / len(rows) >= least
