"""Dates: BibLaTeX's `date` (ISO 8601-2, also ranges) or `year`, and Zotero's free text.

A text that names a year but no certain date (`05/06/2019`) becomes the year, and stays whole in `zotero-date`, so that
another library gets it too.
"""

import re
from collections.abc import Mapping
from typing import Literal

from refsync.text.dates import SEASONS, readable_date, to_edtf
from refsync.text.latex import latex_to_text
from refsync.text.months import MONTHS, month_and_day

WHOLE = "zotero-date"
"""The field with a text of which `year` has only the year."""

DATE_FIELDS = ("date", "year", "month", "day", WHOLE)

_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_TWO_YEARS = re.compile(r"(?<!\d)(\d{4})\s?[-–/]\s?(\d{4})(?!\d)")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\b", re.IGNORECASE)
_SEASON = re.compile(rf"\b({'|'.join(SEASONS)})\b", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)")
_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s*", re.IGNORECASE)
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})(?:\s?[-/.月]\s?(\d{1,2})日?|月)(?:[ T]\d\d:\d\d(?::\d\d)?Z?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_LETTER_OR_WORDS = re.compile(r"\d{4}[a-z]|[^\d]*")
_NUMBERS = [*MONTHS]

Precision = Literal["equal", "first", "second", "differ"]


def to_date(fields: Mapping[str, str]) -> str:
    """The date as Zotero shows it: BibLaTeX's `date`, else the `year`."""
    date = fields.get("date", "").strip()
    found = ("" if date == "XXXX" else readable_date(date)) or fields.get("year", "").strip()
    whole = fields.get(WHOLE, "").strip()
    return whole if whole and found in _without_whole(from_date(whole)).values() else found


def from_date(text: str) -> dict[str, str]:
    """The `date` for Zotero's text, the year and the whole text if it is not a date, or the text as `year`.

    >>> from_date("12 June 2017"), from_date("6/2017"), from_date("in press")
    ({'date': '2017-06-12'}, {'date': '2017-06'}, {'year': 'in press'})
    >>> from_date("05/06/2019"), from_date("25/12/2019"), from_date("Mar-Apr 2019")
    ({'year': '2019', 'zotero-date': '05/06/2019'}, {'date': '2019-12-25'}, {'date': '2019-03/2019-04'})
    """
    if _is_iso(text):
        return {"date": text}
    if (
        date := _numeric(text)
        or ("" if _MONTH.search(text) else to_edtf(text))
        or _in_words(text)
        or _in_other_words(text)
    ):
        return {"date": date}
    if (span := _TWO_YEARS.search(text)) and span[1] < span[2]:
        return {"date": f"{span[1]}/{span[2]}", WHOLE: text}
    years = _YEAR.findall(text)
    if _LETTER_OR_WORDS.fullmatch(text) or len(set(years)) != 1 or text == years[0]:
        return {"year": text}
    return {"year": years[0], WHOLE: text}


def compare_dates(one: Mapping[str, str], other: Mapping[str, str]) -> Precision:
    """Which of two dates, as BibLaTeX's fields, says more; `differ` if they contradict each other.

    >>> compare_dates({"date": "2019-03"}, {"date": "2019-03-04"}), compare_dates({"year": "2019"}, {"date": "2020"})
    ('second', 'differ')
    """
    return compare_date_texts(*(latex_to_text(to_date(fields)) for fields in (one, other)))


def compare_date_texts(one: str, other: str) -> Precision:
    """The same for two texts as Zotero has them.

    A text of which only the year is certain says no less than the year and a month, and a range of years no more than
    its first, as exporters write it: neither replaces the other.
    """
    if one == other:
        return "equal"
    first, second = from_date(one), from_date(other)
    a, b = (fields.get("date", fields.get("year", "")).rstrip("~?%") for fields in (first, second))
    if not re.match(r"-?\d{4}", a) or not re.match(r"-?\d{4}", b):
        return "differ"
    is_start = ("/" in a) != ("/" in b) and a.split("/")[0] == b.split("/")[0]
    is_vague = WHOLE in {**first, **second} and (a.startswith(b) or b.startswith(a))
    if a == b or is_start or is_vague:
        return "equal"
    if b.startswith(f"{a}-"):
        return "second"
    return "first" if a.startswith(f"{b}-") else "differ"


def _without_whole(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name != WHOLE}


def _numeric(text: str) -> str:
    """The date of a text of numbers alone, if it is certain which is the month; else an empty text."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3] or 0))
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return _date(int(match[2]), int(match[1]), 0)
    if match := _YEAR_LAST.fullmatch(text):
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or one > 12 or one == other:  # with full stops, the day always comes first
            return _date(year, other, one)
        return _date(year, one, other) if other > 12 else ""
    return ""


def _in_words(text: str) -> str:
    """The date of a text with the name of a month, of two months or of a season, and a year."""
    text = _WEEKDAY.sub("", text).strip(" []()")
    year, months, seasons = set(_YEAR.findall(text)), _MONTH.findall(text), _SEASON.findall(text)
    rest = _SEASON.sub(" ", _MONTH.sub(" ", _YEAR.sub(" ", text)))
    days = _DAY.findall(rest)
    if len(year) != 1 or len(months) + len(seasons) > 2 or _DAY.sub("", rest).strip(" ,.-–/&of"):
        return ""
    (number,) = (int(one) for one in year)
    parts = [_NUMBERS.index(month[:3].lower()) + 1 for month in months] or [SEASONS[one.lower()] for one in seasons]
    if len(parts) == 1 and len(days) <= (1 if months else 0):
        return _date(number, parts[0], int(days[0]) if days else 0)
    if len(parts) == 2 and not days and not (months and seasons) and parts[0] < parts[1]:
        return f"{number}-{parts[0]:02}/{number}-{parts[1]:02}"
    return ""


def _in_other_words(text: str) -> str:
    """The date of a day and month in another language, and a year."""
    years = _YEAR.findall(text)
    rest = re.sub(r"^(?:de|del|du)\b|\b(?:de|del|du)$", "", _YEAR.sub("", text).strip(" ,./-")).strip(" ,./-")
    month, day, whole = month_and_day(rest) if len(years) == 1 and rest else (0, 0, False)
    return _date(int(years[0]), month, day) if whole and month else ""


def _date(year: int, month: int, day: int) -> str:
    if not (1 <= month <= 12 or (21 <= month <= 24 and not day)) or not 0 <= day <= 31:
        return ""
    return f"{year:04}-{month:02}" + (f"-{day:02}" if day else "")


def _is_iso(text: str) -> bool:
    """Whether BibLaTeX reads it as a date or a range of dates."""
    return all(
        re.fullmatch(r"-?[\dX]{4}(?:-[\dX]{2}(?:-[\dX]{2})?)?[~?%]?|\.\.|", part) is not None
        for part in text.split("/", 1)
    )
