"""Builds the fields of a record in another format: BibTeX's names, one value each, and nothing is lost."""

import re
import sys
from collections.abc import Iterable, Mapping

from refsync.formats.common.field_values import join_names, split_date
from refsync.records import Name
from refsync.text.dates import months_range, to_edtf, year_month_day
from refsync.text.identifiers import isbns
from refsync.text.months import month_name

_YEAR_WITH_LETTER = re.compile(r"\d{4}[a-z]")
_COMPACT = re.compile(r"((?:1[5-9]|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_YEARS = re.compile(r"(\d{4})\s?[/–-]\s?(\d{4})")
_IN_WORDS = re.compile(r"[A-Za-z][A-Za-z .-]{3,30}")
_SERIAL_KIND = re.compile(r"\s*\((?:ISSN|ISBN)\)")  # Scopus adds it to each number


class FieldBuilder:
    """Collects fields; values of tags without a BibTeX field are kept as `PREFIX-TAG`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.fields: dict[str, str] = {}
        self._kept: dict[str, dict[str, None]] = {}  # values by tag, in order, each once

    def put(self, name: str, value: str, tag: str) -> None:
        """Set a field; if it has another value already, keep this one under the tag's name."""
        if not value or self.fields.setdefault(name, value) == value:
            return
        self.keep(tag, [value])

    def put_each(self, name: str, values: Iterable[str], tag: str) -> None:
        """Set a field to the first value; keep the others under the tag's name."""
        for value in (rest := filter(None, values)):
            self.put(name, value, tag)
            self.keep(tag, (other for other in rest if other != self.fields[name]))

    def put_all(self, name: str, values: Iterable[str], separator: str, tag: str) -> None:
        """Set a field to several values, each once."""
        self.put(name, separator.join(dict.fromkeys(filter(None, values))), tag)

    def put_people(self, people: Mapping[str, Iterable[Name | str]], fields: Mapping[str, str]) -> None:
        """Set the fields of people by their roles; keep those whose role has no field under its name."""
        for role, names in people.items():
            if role in fields:
                self.put(fields[role], join_names(names), role)
            else:
                self.keep(role, [join_names(names)])

    def keep(self, tag: str, values: Iterable[str]) -> None:
        """Keep values under the tag's name."""
        self._kept.setdefault(tag, {}).update(dict.fromkeys(filter(None, values)))

    def build(self) -> dict[str, str]:
        """All fields, including those under the names of tags."""
        kept = {f"{self._prefix}-{tag.lower()}": "; ".join(values) for tag, values in self._kept.items() if values}
        return self.fields | {sys.intern(name): value for name, value in kept.items()}

    def rename(self, names: Mapping[str, str]) -> None:
        """Rename fields to names that are not used yet."""
        for old, new in names.items():
            if old in self.fields and new not in self.fields:
                self.fields[new] = self.fields.pop(old)

    def put_date(self, value: str, tag: str) -> None:
        """Set year, month and day; keep a date with more information under the tag's name too."""
        if compact := _COMPACT.fullmatch(value.strip()):
            value = "-".join(compact.groups())
        year, month, day, rest = split_date(value)
        if rest or not year:
            year, month, day, rest = _date_in_words(value, (year, month, day, rest))
        known = self.fields.get("year", "")
        years = _YEARS.fullmatch(value.strip()) if rest and not known and "date" not in self.fields else None
        if years and int(years[1]) < int(years[2]):
            self.fields["date"], year, rest = f"{years[1]}/{years[2]}", years[1], ""
        elif rest and "date" not in self.fields and known in ("", year) and (months := months_range(value)):
            self.fields["date"], rest = months, ""
            year, month, day = year_month_day(months.partition("/")[0])
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
        """Set ISBN and ISSN from values of a tag for both; `book` if long numbers are ISBNs."""
        numbers_of: dict[str, list[str]] = {}
        for value in values:
            is_book = isbns(value) or "(ISBN)" in value or (book and len(value) > 9)
            numbers_of.setdefault("isbn" if is_book else "issn", []).append(_SERIAL_KIND.sub("", value))
        for name, numbers in numbers_of.items():
            self.put_all(name, numbers, ", ", tag)


def _date_in_words(value: str, split: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """Year, month, day and rest of a date that is not only numbers and months: `Summer 2011`, `c. 1850`, `in press`."""
    plain = " ".join(re.sub(r"[/\s]+", " ", value).split())
    if _YEAR_WITH_LETTER.fullmatch(plain):
        return plain, "", "", ""
    year, month, day = year_month_day(to_edtf(plain))
    if year and not (month and year.startswith("c. ")):
        return year, month, day, ""
    if not any(split[:3]) and _IN_WORDS.fullmatch(plain) and not month_name(plain.split()[0]):
        return plain, "", "", ""
    return split
