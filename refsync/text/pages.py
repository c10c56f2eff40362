"""Page ranges in the forms that exports use."""

import re
import unicodedata
from sys import intern
from typing import NamedTuple

_SIMPLE = re.compile(r"0*([0-9]+)(?:(?:-{1,3}|–)0*([0-9]+))?")
_RANGE = re.compile(r"\s*(?:[-‐‑‒–—−~]+|\bto\b|(?<=\d)/(?=\d))\s*")
_LEAD = re.compile(
    r"^(?:(?:pp?|p[áa]gs?|стр|с)\b\.?|pages?\b|páginas?\b|seiten?\b|s\.(?=\s)|nos?\.\s|"
    r"suppl(?:ement)?\b\.?(?=\s)|art(?:icle)?\b\.?(?:\s*(?:no|id|number)\b\.?)?)[\s:#]*",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"(?<=\d)(?:\s*(?:pp?|pages?|seiten?|ff?)|\ss)\b\.?$", re.IGNORECASE)
_COUNT = re.compile(r"\d+(?:\s*(?:pp?|pages?|seiten?)|\ss)\.?", re.IGNORECASE)  # `12 p.`: a number of pages
_NONE = re.compile(r"^\W*(?:n\.?\s*pag\.?|n\.?/?a\.?|no pagination|unpaged|n\.?p\.?|\?+)?\W*$", re.IGNORECASE)
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(rf"^(?:(\d{{1,2}})[-\s]{_MONTH}|{_MONTH}[-\s](\d{{1,2}}))(?:[-\s]\d{{2,4}})?$", re.IGNORECASE)
_NUMBER_DATE = re.compile(
    r"^(?:(?:19|20)\d\d-(0\d|1[0-2])-(\d\d)(?:[ T][\d:.]+)?|(\d{1,2})/(\d{1,2})/(?:(?:19|20)\d\d))$"
)
_MONTHS = str.split("jan feb mar apr may jun jul aug sep oct nov dec")
_THOUSANDS = re.compile(r"^(\d{1,3}),(\d{3})\s*([-–])\s*(\d{1,3}),(\d{3})$")
_VOLUME = re.compile(r"^\d+:(?=\d+(?:\D|$))(?![^:]*:)")  # `12:5-9`
_LETTER = re.compile(r"^([a-z])\s*-\s*(?=\d)", re.IGNORECASE)  # `e-123`
_PAGE = re.compile(r"^([a-z]{0,4}?)[.\s-]*0*(\d+)([a-z]?)$")
_ROMAN = re.compile(r"^[ivxlc]+$")
_LETTERS_AND_DIGITS = re.compile(r"^([a-z]*)(\d+)$")


class Pages(NamedTuple):
    """First and last page in lower case without leading zeros, empty if unknown. Letters stay (`s334`, `e1234`)."""

    first: str = ""
    last: str = ""

    @property
    def number(self) -> str:
        """The first page without its letters, because `S334` is also written `334`."""
        return self.first if self.first.isdecimal() else re.sub(r"\D", "", self.first) or self.first


def parse_pages(value: str) -> Pages:
    """The pages of a page field.

    The last page may be shortened (`221-8` is `221-228`); a spreadsheet may have made a date of it (`01-Jun` is `1-6`).

    >>> parse_pages("pp. 221–8")
    Pages(first='221', last='228')
    """
    if simple := _SIMPLE.fullmatch(value):
        first, last = simple[1], simple[2] or ""
        if last and len(last) < len(first) and int(whole := first[: -len(last)] + last) >= int(first):
            last = whole
        return Pages(intern(first), intern(last))  # a million records have few different numbers
    value = value[:200]
    if not value.isascii():
        value = "".join(str(unicodedata.decimal(char, char)) for char in value)
    value = _THOUSANDS.sub(r"\1\2\3\4\5", value.strip())
    if _COUNT.fullmatch(value):
        return Pages()
    value = re.split(r"[,;(+&]", _LEAD.sub("", value.lstrip(" ([#")), maxsplit=1)[0].strip().rstrip(".)]")
    value = _LETTER.sub(r"\1", _VOLUME.sub("", _TRAIL.sub("", value)))
    if _NONE.match(value):
        return Pages()
    if date := _DATE.match(value):
        day, month, other_month, other_day = date.groups()
        return _rising(int(day or other_day), _MONTHS.index((month or other_month).lower()[:3]) + 1)
    if date := _NUMBER_DATE.match(value):
        a, b = (int(part) for part in date.groups() if part)
        return _rising(a, b)
    parts = [_page(part) for part in _RANGE.split(value) if part.strip()]
    if not parts or not parts[0]:
        return Pages()
    first = parts[0]
    return Pages(first, _last_page(first, parts[1]) if len(parts) > 1 else "")


def _rising(a: int, b: int) -> Pages:
    """The range that a spreadsheet turned into a date: 12 March or 3 December for `3-12`."""
    return Pages(str(min(a, b)), str(max(a, b)))


def _page(value: str) -> str:
    value = value.strip().lower()
    if match := _PAGE.match(value):
        return "".join(match.groups())
    if _ROMAN.match(value):
        return value
    return re.sub(r"[^a-z0-9]", "", value) if any(char.isdigit() for char in value) else ""


def _last_page(first: str, last: str) -> str:
    """The last page in full: `221` and `8` end at 228, `s334` and `41` at s341."""
    head, tail = _LETTERS_AND_DIGITS.match(first), _LETTERS_AND_DIGITS.match(last)
    if not head or not tail:
        return last
    prefix, start, end = head[1], head[2], tail[2]
    if len(end) < len(start):
        whole = start[: len(start) - len(end)] + end
        if int(whole) >= int(start):
            end = whole
    return (tail[1] or prefix) + end
