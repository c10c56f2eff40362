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


_FOREIGN = {
    word: number
    for words in (
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
    for number, word in enumerate(words.split(), 1)
}
_NAME_OR_NUMBER = r"([^\W\d_]{3,12}\.?|\d{1,2})"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH_DAY = re.compile(rf"([^\W\d_]{{3,12}}\.?),? {_DAY}")
_DAY_MONTH = re.compile(rf"{_DAY},? (?:de |of )?([^\W\d_]{{3,12}}\.?)")
_RANGE = re.compile(rf"{_NAME_OR_NUMBER}(?: \d{{1,2}})? ?(?:-{{1,3}}|–|—|/|&|and|to|bis|et) ?.{{1,20}}")
_DAYS = re.compile(rf"([^\W\d_]{{3,12}}\.?) {_DAY} ?(?:-{{1,3}}|–|—|/) ?\d{{1,2}}")


def month_and_day(value: str, day: str = "") -> tuple[int, int, bool]:
    """Month and day of the values of BibTeX's `month` and `day`, 0 where unknown, and whether they say nothing more.

    >>> month_and_day("Oct"), month_and_day("10", "4"), month_and_day("October~4"), month_and_day("Oct.--Nov.")
    ((10, 0, True), (10, 4, True), (10, 4, True), (10, 0, False))
    """
    plain = " ".join(value.replace("~", " ").replace("{", "").replace("}", "").replace("\\", "").split())
    number = _number(plain)
    given = int(day) if day.isdecimal() and 1 <= int(day) <= 31 else 0
    if number:
        return number, given, not day or bool(given)
    found = _MONTH_DAY.fullmatch(plain)
    name, number_of_day = (found[1], found[2]) if found else ("", "")
    if not found and (found := _DAY_MONTH.fullmatch(plain)):
        number_of_day, name = found[1], found[2]
    if (number := _number(name)) and 1 <= int(number_of_day) <= 31:
        return number, int(number_of_day), not day
    if (found := _DAYS.fullmatch(plain) or _RANGE.fullmatch(plain)) and (number := _number(found[1])):
        return number, 0, False
    return 0, 0, False


def _number(value: str) -> int:
    """The number of a month that is given as a name or number; 0 for any other value."""
    name = month_name(value) if value else ""
    if name:
        return MONTH_NAMES.index(name) + 1
    return _FOREIGN.get(value.casefold().rstrip("."), 0)
