"""English names of months and the macros that BibTeX has for them."""

import re

MONTHS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
"""The macros that every BibTeX style defines, and what they expand to."""

MONTH_NAMES = tuple(MONTHS.values())

_NUMBER = re.compile(r"\d{1,2}")


def month_name(value: str) -> str:
    """The full English name of a month that is given as a number, a name or an abbreviation; else an empty string.

    >>> month_name("8"), month_name("Sept."), month_name("spring")
    ('August', 'September', '')
    """
    if _NUMBER.fullmatch(value):
        return MONTH_NAMES[int(value) - 1] if 1 <= int(value) <= 12 else ""
    name = MONTHS.get(value[:3].lower(), "")
    return name if name.lower().startswith(value.lower().rstrip(".")) or value.lower().rstrip(".") == "sept" else ""
