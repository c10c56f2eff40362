"""Dates: BibLaTeX's `date` (ISO 8601-2, also ranges) or `year`, and Zotero's free text."""

import re
from collections.abc import Mapping

from refsync.text.dates import readable_date, to_edtf
from refsync.text.months import MONTHS

_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\b", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})")
_NUMBERS = [*MONTHS]


def to_date(fields: Mapping[str, str]) -> str:
    """The date as Zotero shows it: BibLaTeX's `date`, else the `year`."""
    date = fields.get("date", "").strip()
    return ("" if date == "XXXX" else readable_date(date)) or fields.get("year", "").strip()


def from_date(text: str) -> dict[str, str]:
    """The `date` for Zotero's text, or the text as `year` if it is not a date.

    >>> from_date("12 June 2017"), from_date("6/2017"), from_date("in press")
    ({'date': '2017-06-12'}, {'date': '2017-06'}, {'year': 'in press'})
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+Z", text):
        return {"date": text[:10]}
    if _is_iso(text):
        return {"date": text}
    if not _MONTH.search(text) and (date := to_edtf(text)):
        return {"date": date}
    if (match := _MONTH_AND_YEAR.fullmatch(text)) and 1 <= int(match[1]) <= 12:
        return {"date": f"{match[2]}-{int(match[1]):02}"}
    year, month = _YEAR.findall(text), _MONTH.findall(text)
    rest = _MONTH.sub(" ", _YEAR.sub(" ", text))
    days = _DAY.findall(rest)
    if len(year) == 1 and len(month) == 1 and len(days) <= 1 and not _DAY.sub("", rest).strip(" ,.-"):
        date = f"{year[0]}-{_NUMBERS.index(month[0][:3].lower()) + 1:02}"
        return {"date": f"{date}-{int(days[0]):02}" if days and 1 <= int(days[0]) <= 31 else date}
    return {"year": text}


def _is_iso(text: str) -> bool:
    """Whether BibLaTeX reads it as a date or a range of dates."""
    return all(
        re.fullmatch(r"-?[\dX]{4}(?:-[\dX]{2}(?:-[\dX]{2})?)?[~?%]?|\.\.|", part) is not None
        for part in text.split("/", 1)
    )
