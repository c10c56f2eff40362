"""Page ranges."""

import pytest

from refsync.text.pages import Pages, parse_pages


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
        ("12-Mar", Pages("3", "12")),
        ("2031-06-01 00:00:00", Pages("1", "6")),
        ("01/06/2031", Pages("1", "6")),
        ("1,234-1,240", Pages("1234", "1240")),
        ("221/228", Pages("221", "228")),
        ("221~228", Pages("221", "228")),
        ("221−8", Pages("221", "228")),
        ("e1234-40", Pages("e1234", "e1240")),
        ("e-1234", Pages("e1234")),
        ("334-S341", Pages("334", "s341")),
        ("12:5-9", Pages("5", "9")),
        ("5ff.", Pages("5")),
        ("5-9 pp.", Pages("5", "9")),
        ("(5-9)", Pages("5", "9")),
        ("Suppl 5-9", Pages("5", "9")),
        ("pág. 5-9", Pages("5", "9")),
        ("с. 5-9", Pages("5", "9")),
        ("Article no. 5", Pages("5")),
        ("٥-٩", Pages("5", "9")),
        ("５-９", Pages("5", "9")),
        ("5-9; discussion 10", Pages("5", "9")),
        ("0", Pages("0")),
        ("193S", Pages("193s")),
        ("14S-19S", Pages("14s", "19s")),
        ("12 p.", Pages()),
        ("12 S.", Pages()),
        ("xii, 5 pages", Pages("xii")),
        ("N.PAG", Pages()),
        ("n.p.", Pages()),
        ("n/a", Pages()),
        ("", Pages()),
    ],
)
def test_pages(value: str, expected: Pages) -> None:
    assert parse_pages(value) == expected


def test_a_letter_before_the_page_may_be_missing() -> None:
    assert parse_pages("S334").number == parse_pages("334").number
