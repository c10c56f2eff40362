"""Rules about dates: months that are none, `year` beside `date`, dates in other fields."""

import re
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.check.plain_text import plain_text

_DAY = r"[-+]?[\dX]{4}(?:-(?:0[1-9]|1[0-2]|2[1-4]|3\d|4[01]|XX)(?:-(?:0[1-9]|[12]\d|3[01]|XX))?)?(?:T[\d:.+Z-]+)?[?~%]?"
DATE = re.compile(rf"(?:(?:{_DAY}|\.\.)?/(?:{_DAY}|\.\.)?|{_DAY}|[-+]?\d{{1,3}}[?~%]?)")
"""A date as BibLaTeX reads it: ISO 8601-2, levels 0 and 1."""

_OTHER_DATES = ("urldate", "eventdate", "origdate")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
# Beginnings of the names of months and seasons in languages of Europe, and words around them.
_MONTH_WORDS = re.compile(
    r"(?:jan|ene|gen|led|sty|feb|fév|fev|úno|lut|mar|mär|mae|maa|maj|mai|may|maio|mag|mei|bře|mrz|apr|avr|abr|kwi|dub|huh"
    r"|jun|jui|giu|haz|cze|čer|kes|tou|jul|jui|lug|lip|hei|aug|ago|aoû|aou|sie|srp|elo|sep|set|wrz|zář|syy|oct|okt|ott"
    r"|out|paź|říj|lok|nov|lis|mar|dec|dez|déc|dic|gru|pro|jou|"
    r"spr|sum|aut|fall|win|früh|somm|herb|printemps|été|automne|hiver|primavera|verano|otoño|invierno|"
    r"estate|autunno|inverno|michaelmas|hilary|trinity|lent|easter|christmas|quarter|trim|sem|term|week|day|heft|no\b|"
    r"early|mid|late|beginn|end|first|second|third|fourth|q\d|xx)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_MONTH_WORD = re.compile(r"(?:in|to|and|und|et|y|e|bis|ca|or|press|appear|published|forthcoming|online)", re.IGNORECASE)


def months(entry: Entry) -> Iterator[EntryFinding]:
    """RS508: a month that is neither a number up to 12 nor contains the name of a month or season."""
    value = entry.record.fields.get("month", "")
    if not value:
        return
    plain = plain_text(value).strip()
    words = _WORD.findall(plain)
    if not words:
        numbers = [int(number) for number in re.findall(r"\d{1,9}", plain)]
        wrong = bool(numbers) and not any(1 <= number <= 12 for number in numbers)
    else:
        wrong = plain.isascii() and not any(_MONTH_WORDS.match(word) or _MONTH_WORD.fullmatch(word) for word in words)
    if wrong:
        yield EntryFinding("RS508", entry.value_position("month"), f"has an invalid month {value!r}", "month")


def year_beside_date(entry: Entry) -> Iterator[EntryFinding]:
    """RS509: `year` and `date` name different years; BibLaTeX ignores `year` then, BibTeX `date`."""
    fields = entry.record.fields
    if "date" not in fields or "year" not in fields:
        return
    date, year = fields["date"].strip(), fields["year"].strip()
    if not DATE.fullmatch(date) or not re.fullmatch(r"\d{4}", year):
        return
    years = [int(number) for number in _YEAR.findall(date)]
    if years and not min(years) <= int(year) <= max(years):
        message = f"has the year {year} in `year`, but {date} in `date`"
        yield EntryFinding("RS509", entry.value_position("year"), message, "year")


def other_dates(entry: Entry) -> Iterator[EntryFinding]:
    """RS504 in the fields beside `year` and `date`: `urldate`, `eventdate`, `origdate`."""
    for name in _OTHER_DATES:
        value = entry.record.fields.get(name, "").strip()
        if value and not DATE.fullmatch(value):
            message = f"has an invalid date {value!r} in `{name}`; the form is 2024-05-17"
            yield EntryFinding("RS504", entry.value_position(name), message, name)
