"""Filling a record's fields from another format: BibTeX's names, one value each, and nothing lost on the way."""

import re
import sys
from collections.abc import Iterable, Mapping

from refsync.formats.bibtex.tokens import MONTHS
from refsync.text.identifiers import isbns
from refsync.text.names import GROUP, is_initials

_MONTH_NAMES = list(MONTHS.values())
_NUMBER = re.compile(r"\d{1,2}")
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])")
_PAGE = r"([^\s\-–—,;:]*\d[^\s\-–—,;:]*)"
RANGE = re.compile(rf"{_PAGE}\s?(?:-{{1,3}}|[–—])\s?{_PAGE}")
"""One range of pages, first and last."""
_SERIAL_KIND = re.compile(r"\s*\((?:ISSN|ISBN)\)")  # what Scopus says behind each number
_SUFFIX = re.compile(r"(?:[js]r|jnr|snr|i{2,3}|iv|[2-4](?:nd|rd|th))\.?", re.IGNORECASE)
_WORDS = re.compile(r"[\s\-/,.]+")


class Draft:
    """Fields to be; what has no name among BibTeX's is kept under `PREFIX-TAG`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.fields: dict[str, str] = {}
        self._kept: dict[str, dict[str, None]] = {}  # values by tag, in order, each once

    def put(self, name: str, value: str, tag: str) -> None:
        """A field, or where it says something else already, one under the tag's own name."""
        if not value or self.fields.setdefault(name, value) == value:
            return
        self.keep(tag, [value])

    def put_each(self, name: str, values: Iterable[str], tag: str) -> None:
        """A field of one value: the first; others are kept under the tag's own name."""
        for value in (rest := filter(None, values)):
            self.put(name, value, tag)
            self.keep(tag, (other for other in rest if other != self.fields[name]))

    def put_all(self, name: str, values: Iterable[str], glue: str, tag: str) -> None:
        """One field of several values, each once."""
        self.put(name, glue.join(dict.fromkeys(filter(None, values))), tag)

    def keep(self, tag: str, values: Iterable[str]) -> None:
        """Values under the tag's own name."""
        self._kept.setdefault(tag, {}).update(dict.fromkeys(filter(None, values)))

    def done(self) -> dict[str, str]:
        """All fields, with those that are kept."""
        kept = {f"{self._prefix}-{tag.lower()}": "; ".join(values) for tag, values in self._kept.items() if values}
        return self.fields | {sys.intern(name): value for name, value in kept.items()}

    def rename(self, names: Mapping[str, str]) -> None:
        """Call fields by other names, where these are free."""
        for old, new in names.items():
            if old in self.fields and new not in self.fields:
                self.fields[new] = self.fields.pop(old)

    def put_date(self, value: str, tag: str) -> None:
        """Year, month and day; a date that they can't hold whole stays under the tag's own name too."""
        year, month, day, rest = date_of(value)
        known = self.fields.get("year", "")
        if not year and not month:
            rest = value
        elif known and year and known != year:
            rest, year, month, day = value, "", "", ""
        for name, part in (("year", year), ("month", month), ("day", day)):
            if part and self.fields.setdefault(name, part) != part:
                rest = value
        if rest:
            self.keep(tag, [value])

    def put_serials(self, values: Iterable[str], tag: str, *, book: bool = False) -> None:
        """ISBNs and ISSNs, which many formats have in one field."""
        found: dict[str, list[str]] = {}
        for value in values:
            is_book = isbns(value) or "(ISBN)" in value or (book and len(value) > 9)
            found.setdefault("isbn" if is_book else "issn", []).append(_SERIAL_KIND.sub("", value))
        for name, numbers in found.items():
            self.put_all(name, numbers, ", ", tag)


def date_of(value: str) -> tuple[str, str, str, str]:
    """Year, the month's full name, day, and what else a date says, in the forms that exporters use.

    >>> date_of("1999/08/12/"), date_of("2020 Jan-Feb"), date_of("AUG 5")
    (('1999', 'August', '12', ''), ('2020', '', '', 'Jan-Feb'), ('', 'August', '5', ''))
    """
    value = value.strip()
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


def month_name(value: str) -> str:
    """The full English name of a month, for which BibTeX has a macro, or an empty string."""
    if _NUMBER.fullmatch(value):
        return _MONTH_NAMES[int(value) - 1] if 1 <= int(value) <= 12 else ""
    name = MONTHS.get(value[:3].lower(), "")
    return name if name.lower().startswith(value.lower().rstrip(".")) or value.lower().rstrip(".") == "sept" else ""


def people(names: Iterable[str]) -> str:
    """Names as one field: joined by ` and `, in braces where they would be taken apart.

    >>> people(["Doe, Jane", "Centres for Kelp and Moss"])
    'Doe, Jane and {Centres for Kelp and Moss}'
    """
    return " and ".join(filter(None, map(person, names)))


def person(name: str) -> str:
    """One name in BibTeX's form: `Family, Suffix, Given` of `Family, Given, Suffix`; a group's in braces."""
    name = " ".join(name.split()).strip(" ;")
    if name.startswith("{") and name.endswith("}"):
        return name
    words = name.lower().split()
    if "and" in words or (GROUP.search(name) and "," not in name and len(words) > 1 and not is_initials(words[-1])):
        return group(name)
    if "," not in name:
        return name
    parts = [part for part in map(str.strip, name.split(",")) if part]
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        parts[1:] = [parts[2], parts[1]]
    return ", ".join(parts)


def group(name: str) -> str:
    """A name that has no parts."""
    bare = name.replace("{", "").replace("}", "").strip()
    return f"{{{bare}}}" if " " in bare or "," in bare else bare


def pages_of(value: str) -> str:
    """A simple range as BibTeX writes it (`134-7` is `134--7`), anything else as it stands."""
    return f"{found[1]}--{found[2]}" if (found := RANGE.fullmatch(value.strip())) else value


def page_range(first: str, last: str) -> str:
    """First and last page as BibTeX writes them."""
    return f"{first}--{last}" if first and last and first != last else first or last


def keyword_list(words: Iterable[str]) -> str:
    """Keywords as one field, parted by semicolons where one of them has a comma or semicolon."""
    listed = list(dict.fromkeys(word for word in (" ".join(word.split()) for word in words) if word))
    return ("; " if any("," in word or ";" in word for word in listed) else ", ").join(listed)
