"""Dates in exporters' forms: what is certain is read, what is not stays as it is written."""

import pytest

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import split_date


def fields_of(value: str) -> dict[str, str]:
    draft = FieldBuilder("nbib")
    draft.put_date(value, "DP")
    return draft.build()


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("15/03/2020", ("2020", "March", "15", "")),
        ("03/15/2020", ("2020", "March", "15", "")),
        ("15-3-2020", ("2020", "March", "15", "")),
        ("5.6.2020", ("2020", "June", "5", "")),  # with full stops always the day first
        ("05/05/2020", ("2020", "May", "5", "")),
        ("05/06/2020", ("2020", "", "", "05/06/2020")),  # May or June
        ("15/13/2020", ("2020", "", "", "15/13/2020")),
        ("6.15.2020", ("2020", "", "", "6.15.2020")),
        ("00/03/2020", ("2020", "", "", "00/03/2020")),
        ("2020/03/15", ("2020", "March", "15", "")),
    ],
)
def test_dates_of_numbers(value: str, parts: tuple[str, str, str, str]) -> None:
    assert split_date(value) == parts


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2020 Oct-Nov", "2020-10/2020-11"),
        ("2020 Oct/Nov", "2020-10/2020-11"),
        ("2019 Dec-2020 Jan", "2019-12/2020-01"),
        ("October - November 2020", "2020-10/2020-11"),
        ("Dec 2019 - Jan 2020", "2019-12/2020-01"),
    ],
)
def test_ranges_of_months(value: str, date: str) -> None:
    fields = fields_of(value)
    assert fields["date"] == date
    assert fields["year"] == date[:4]
    assert "nbib-dp" not in fields


@pytest.mark.parametrize("value", ["2020 Nov-Oct", "2020 Oct-Oct", "2020 Foo-Nov", "2020 Oct-Nov 3"])
def test_what_is_no_range_of_months_is_kept_as_written(value: str) -> None:
    fields = fields_of(value)
    assert "date" not in fields
    assert fields["nbib-dp"] == value
