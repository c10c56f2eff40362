"""Months and days in the forms of bibliographies."""

import pytest

from refsync.text.months import month_and_day


@pytest.mark.parametrize(
    ("value", "day", "expected"),
    [
        ("oct", "", (10, 0, True)), ("October", "4", (10, 4, True)), ("{Oct.}", "", (10, 0, True)),
        ("10", "", (10, 0, True)), ("October~4", "", (10, 4, True)), ("4 October", "", (10, 4, True)),
        ("4th of May", "", (5, 4, True)), ("Sept", "", (9, 0, True)), ("Oktober", "", (10, 0, True)),
        ("janvier", "", (1, 0, True)), ("Oct.--Nov.", "", (10, 0, False)), ("oct/nov", "", (10, 0, False)),
        ("October 4--6", "", (10, 0, False)), ("Spring", "", (0, 0, False)), ("13", "", (0, 0, False)),
        ("May", "4--6", (5, 0, False)), ("May", "32", (5, 0, False)), ("", "", (0, 0, False)),
        ("to be", "", (0, 0, False)),
    ],
)  # fmt: skip
def test_months(value: str, day: str, expected: tuple[int, int, bool]) -> None:
    assert month_and_day(value, day) == expected
