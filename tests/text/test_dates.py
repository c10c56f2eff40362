"""Dates of bibliographies and those of ISO 8601-2."""

import pytest

from refsync.text.dates import date_of, is_edtf, readable_date, to_edtf, year_month_day


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2019", "2019"), ("2019-05-03", "2019-05-03"), ("2019-22", "2019-22"), ("1850~", "1850~"), ("1850?", "1850?"),
        ("2019/2020", "2019/2020"), ("2019/..", "2019/.."), ("-0044", "-0044"), ("Summer 2011", "2011-22"),
        ("2011 Fall", "2011-23"), ("c. 1850", "1850~"), ("ca. 1850", "1850~"), ("circa 1850", "1850~"),
        ("1999–2001", "1999/2001"), ("44 BC", "-0043"), ("May 2020", "2020-05"),
        ("in press", ""), ("1999a", ""), ("c1999", ""), ("2019-13", ""), ("2019-02-32", ""), ("n.d.", ""), ("", ""),
        ("2001-1999", ""), ("XXXX", ""), ("Volume 2011", ""),
    ],
)  # fmt: skip
def test_dates_in_words(value: str, expected: str) -> None:
    assert to_edtf(value) == expected
    assert not expected or is_edtf(expected)


FIELDS = [("2020", "", ""), ("2020", "October", "4"), ("2011", "Summer", ""), ("c. 1850", "", "")]


@pytest.mark.parametrize("fields", FIELDS)
def test_fields_of_bibtex_come_back(fields: tuple[str, str, str]) -> None:
    assert year_month_day(date_of(*fields)) == fields


def test_what_would_say_less_is_not_converted() -> None:
    assert date_of("2020", "Oct.--Nov.") == date_of("2020", "", "4") == date_of("in press", "May") == ""
    assert year_month_day("1850?") == year_month_day("2019/2020") == ("", "", "")
    assert readable_date("2019/2020") == "2019/2020"
