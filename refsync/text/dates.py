"""Dates in the forms of bibliographies, and in that of ISO 8601-2 (EDTF), which BibLaTeX uses."""

import re

from refsync.text.months import MONTH_NAMES, month_and_day, month_name

SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
"""Seasons and their numbers in ISO 8601-2."""
SEASON_NAMES = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}

DATE_FIELDS = frozenset({"date", "urldate", "origdate", "eventdate"})
"""BibLaTeX's fields with dates in this form."""

_ONE = r"-?\d{4}(?:-\d\d(?:-\d\d)?)?[~?%]?"
_EDTF = re.compile(rf"{_ONE}(?:/(?:{_ONE}|\.\.)?)?|(?:\.\.)?/{_ONE}")
_PARTS = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)")
_CIRCA = re.compile(r"(?:circa|ca\.?|c\.|c(?=\s)|approx\.?|about|um)\s*(?=\d)", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})\s?(?:-{1,3}|–|—|/)\s?(\d{4})")
_BEFORE_CHRIST = re.compile(r"(\d{1,4})\s*(?:b\.?\s?c\.?(?:\s?e\.?)?)", re.IGNORECASE)
_YEAR_WITH_LETTER = re.compile(r"\d{4}[a-z]")
_MONTH = r"[A-Za-z]{3,9}\.?"
_MONTHS_AFTER_YEAR = re.compile(
    rf"(?P<begin>\d{{4}})[ /,-]+(?P<first>{_MONTH}) ?(?:-{{1,2}}|–|/) ?(?:(?P<end>\d{{4}})[ /]+)?(?P<last>{_MONTH})"
)
_MONTHS_BEFORE_YEAR = re.compile(
    rf"(?P<first>{_MONTH})(?:,? (?P<begin>\d{{4}}))? ?(?:-{{1,2}}|–|/) ?(?P<last>{_MONTH}),? (?P<end>\d{{4}})"
)
_SEASON = re.compile(r"([A-Za-z]{3,9})\.?,?\s+(?:of\s+)?(\d{4})|(\d{4})[\s/]+([A-Za-z]{3,9})\.?/?")


def is_edtf(value: str) -> bool:
    """Whether a value is a date or a range in ISO 8601-2, with months and days that exist.

    >>> is_edtf("2019-22"), is_edtf("1850~"), is_edtf("2019/.."), is_edtf("2019-13")
    (True, True, True, False)
    """
    if not _EDTF.fullmatch(value):
        return False
    for _, month, day, _ in _PARTS.findall(value):
        number = int(month) if month else 1
        if not (1 <= number <= 12 or (21 <= number <= 24 and not day)) or not 1 <= int(day or 1) <= 31:
            return False
    return True


def to_edtf(value: str) -> str:
    """A date in ISO 8601-2; empty if the value is not certainly one.

    >>> to_edtf("Summer 2011"), to_edtf("c. 1850"), to_edtf("1999--2001"), to_edtf("in press"), to_edtf("44 BC")
    ('2011-22', '1850~', '1999/2001', '', '-0043')
    """
    value = " ".join(value.split())
    if is_edtf(value):
        return value
    value = value.strip(".,; ")
    if circa := _CIRCA.match(value):
        date = to_edtf(value[circa.end() :])
        return f"{date}~" if date and date[-1].isdigit() and "/" not in date else ""
    if _YEAR_WITH_LETTER.fullmatch(value):
        return ""
    if (years := _YEARS.fullmatch(value)) and int(years[1]) < int(years[2]):
        return f"{years[1]}/{years[2]}"
    if before := _BEFORE_CHRIST.fullmatch(value):
        return f"-{int(before[1]) - 1:04}" if int(before[1]) > 1 else "0000"
    if found := _SEASON.fullmatch(value):
        year, word = found[2] or found[3], (found[1] or found[4]).lower()
        if word in SEASONS:
            return f"{year}-{SEASONS[word]}"
        return f"{year}-{MONTH_NAMES.index(month) + 1:02}" if (month := month_name(word)) else ""
    return ""


def months_range(value: str) -> str:
    """A range of months in ISO 8601-2; empty if the value is none.

    >>> months_range("2020 Oct-Nov"), months_range("Dec 2019 - Jan 2020"), months_range("2020 Nov-Oct")
    ('2020-10/2020-11', '2019-12/2020-01', '')
    """
    value = " ".join(value.split()).strip("./ ")
    found = _MONTHS_AFTER_YEAR.fullmatch(value) or _MONTHS_BEFORE_YEAR.fullmatch(value)
    if not found:
        return ""
    first, last = (month_name(found[name].lower()) for name in ("first", "last"))
    years = found["begin"] or found["end"], found["end"] or found["begin"]
    if not first or not last:
        return ""
    dates = [f"{year}-{MONTH_NAMES.index(month) + 1:02}" for year, month in zip(years, (first, last), strict=True)]
    return "/".join(dates) if dates[0] < dates[1] else ""


def date_of(year: str, month: str = "", day: str = "") -> str:
    """The date of BibTeX's fields in ISO 8601-2; empty if it would say less than they do.

    >>> date_of("2020", "Oct", "4"), date_of("2011", "Summer"), date_of("c. 1850"), date_of("2020", "Oct.--Nov.")
    ('2020-10-04', '2011-22', '1850~', '')
    """
    start = "" if _SEASON.fullmatch(year) else to_edtf(year)
    if not month and not day:
        return start
    if not re.fullmatch(r"-?\d{4}", start):
        return ""
    if (season := SEASONS.get(month.strip("{}. ").lower())) and not day:
        return f"{start}-{season}"
    number, number_of_day, whole = month_and_day(month, day)
    return f"{start}-{number:02}" + (f"-{number_of_day:02}" if number_of_day else "") if whole else ""


def year_month_day(date: str) -> tuple[str, str, str]:
    """BibTeX's `year`, `month` and `day` for a single date in ISO 8601-2; empty where they would say less.

    >>> year_month_day("2011-22"), year_month_day("2020-10-04"), year_month_day("1850~"), year_month_day("2019/2020")
    (('2011', 'Summer', ''), ('2020', 'October', '4'), ('c. 1850', '', ''), ('', '', ''))
    """
    found = _PARTS.fullmatch(date)
    if not found or not is_edtf(date) or found[4] in ("?", "%"):
        return "", "", ""
    if found[4]:
        return ("", "", "") if found[2] else (f"c. {found[1]}", "", "")
    number = int(found[2] or 0)
    month = SEASON_NAMES.get(number, "") or (MONTH_NAMES[number - 1] if number else "")
    return found[1], month, str(int(found[3])) if found[3] else ""


def readable_date(date: str) -> str:
    """A season or an approximate year in words, for programs that do not know ISO 8601-2; else the value itself.

    >>> readable_date("2011-22"), readable_date("1850~"), readable_date("2020-10")
    ('Summer 2011', 'c. 1850', '2020-10')
    """
    year, month, _ = year_month_day(date)
    if month in SEASON_NAMES.values():
        return f"{month} {year}"
    return year if year.startswith("c. ") else date
