"""Values of BibTeX fields from the forms that other formats use: dates, names, pages, keywords."""

import re
from collections.abc import Iterable

from refsync.formats.common.database_names import bibtex_name, group_name, single_names
from refsync.records import Name
from refsync.text.lists import join_words
from refsync.text.months import MONTH_NAMES, month_name

__all__ = [
    "PAGE_RANGE",
    "bibtex_name",
    "bibtex_pages",
    "group_name",
    "join_keywords",
    "join_names",
    "page_range",
    "split_date",
]

_NUMBER = re.compile(r"\d{1,2}")
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])")
_PAGE = r"([^\s\-–—,;:]*\d[^\s\-–—,;:]*)"
PAGE_RANGE = re.compile(rf"{_PAGE}\s?(?:-{{1,3}}|[–—])\s?{_PAGE}")
"""One range of pages, first and last."""

_WORDS = re.compile(r"[\s\-/,.]+")


_SHORT_RANGE = re.compile(r"([A-Za-z]{0,2})(\d{1,7})[-–](\d{1,6})")


_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")


def _of_numbers(numbers: re.Match[str], value: str) -> tuple[str, str, str, str]:
    """The parts of `15/03/2020` or `03/15/2020`; of `05/06/2020`, which may be of May or of June, only the year."""
    first, second = int(numbers[1]), int(numbers[3])
    for day, month in ((first, second), (second, first)):
        certain = numbers[2] == "." or month == day or not 1 <= day <= 12
        if certain and 1 <= month <= 12 and 1 <= day <= 31:
            return numbers[4], MONTH_NAMES[month - 1], str(day), ""
        if numbers[2] == ".":  # always day, month, year
            break
    return numbers[4], "", "", value


def split_date(value: str) -> tuple[str, str, str, str]:
    """Year, full name of the month, day and the rest of a date in the forms that exporters use.

    >>> split_date("1999/08/12/"), split_date("2020 Jan-Feb"), split_date("AUG 5")
    (('1999', 'August', '12', ''), ('2020', '', '', 'Jan-Feb'), ('', 'August', '5', ''))
    """
    value = value.strip()
    if numeric := _DAY_MONTH_YEAR.fullmatch(value):
        return _of_numbers(numeric, value)
    year = re.match(r"(?:^|(?<=\s))\d{4}(?!\d)", value)
    rest = value[year.end() :] if year else value
    words = [word for word in _WORDS.split(rest.replace("undefined", "")) if word]
    if not year and words and re.fullmatch(r"\d{4}", words[-1]):
        year_text, words = words[-1], words[:-1]
    else:
        year_text = year[0] if year else ""
    if words and _DAY.fullmatch(words[0]) and len(words) > 1 and not _NUMBER.fullmatch(words[1]):
        words[:2] = [words[1], words[0]]  # 12 August
    month = month_name(words[0]) if words and (year_text or not _NUMBER.fullmatch(words[0])) else ""
    if not month:
        return year_text, "", "", " ".join(words) and rest.strip(" /-,.")
    if len(words) == 1:
        return year_text, month, "", ""
    if len(words) == 2 and _DAY.fullmatch(words[1]):
        return year_text, month, str(int(words[1])), ""
    return year_text, "", "", rest.strip(" /-,.")


def join_names(names: Iterable[Name | str]) -> str:
    """Names as one field: joined by ` and `, in braces where BibTeX would split them.

    A name that is one text keeps the order of its parts.

    >>> join_names(["Jane Doe", Name("Roe", "Ann", prefix="van"), "Centres for Kelp and Moss"])
    'Jane Doe and van Roe, Ann and {Centres for Kelp and Moss}'
    """
    listed = [one for name in names for one in (single_names(name) if isinstance(name, str) else [name])]
    return " and ".join(filter(None, map(_bibtex_name, listed)))


def _bibtex_name(name: Name | str) -> str:
    if isinstance(name, str):
        return bibtex_name(name)
    family = f"{name.prefix} {name.family}".strip()
    return ", ".join(filter(None, (family, name.suffix, name.given))) if name.given else group_name(family)


def bibtex_pages(value: str) -> str:
    """A simple range as BibTeX writes it (`134--7` for `134-7`); any other value is unchanged."""
    return f"{found[1]}--{found[2]}" if (found := PAGE_RANGE.fullmatch(value.strip())) else value


def medline_pages(value: str) -> str:
    """A range as MEDLINE shortens it, in full: it leaves out the digits of the last page that the first has too.

    >>> medline_pages("6913-7"), medline_pages("e101-15"), medline_pages("S12-S19"), medline_pages("5-3")
    ('6913--6917', 'e101--e115', 'S12--S19', '5--3')
    """
    found = _SHORT_RANGE.fullmatch(value.strip())
    if found and len(found[3]) < len(found[2]):
        last = found[2][: -len(found[3])] + found[3]
        if int(last) > int(found[2]):
            return f"{found[1]}{found[2]}--{found[1]}{last}"
    return bibtex_pages(value)


def page_range(first: str, last: str) -> str:
    """A range of pages as BibTeX writes it, or the one page that is given."""
    return f"{first}--{last}" if first and last and first != last else first or last


def join_keywords(words: Iterable[str]) -> str:
    """Keywords as one field: see `join_words`."""
    return join_words(words)
