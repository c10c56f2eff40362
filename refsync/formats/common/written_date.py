"""The date of a record that is written in a format with dates of numbers."""

import re

from refsync.formats.common.text_record import date_parts


def take_date(fields: dict[str, str]) -> tuple[str, int, int]:
    """Year, month and day of a date whose year has four digits, which leave the fields; 0 for a missing part.

    Without such a year the year is empty, and all fields stay; so do a month and day that say more than numbers.
    """
    year, month, day, whole = date_parts(fields)
    if not re.fullmatch(r"\d{4}", year):
        return "", 0, 0
    for name, used in (("year", year), ("month", whole and month), ("day", whole and day)):
        if used:
            del fields[name]
    return year, month, day


def iso_date(year: str, month: int, day: int) -> str:
    """The date in ISO 8601, as far as its parts are known."""
    return year + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")
