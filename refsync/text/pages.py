"""Page ranges in the forms that exports give them."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"\s*(?:[-‐‑‒–—−]+|\bto\b)\s*")
_LEAD = re.compile(
    r"^\s*(?:pp?\b\.?|pages?\b|seiten?\b|s\.(?=\s)|art(?:icle)?\b\.?(?:\s*(?:no|id|number)\b\.?)?)[\s:]*", re.IGNORECASE
)
_NONE = re.compile(r"^\W*(?:n\.?\s*pag\.?|n\.?/?a\.?|no pagination|unpaged|np|\?+)?\W*$", re.IGNORECASE)
_DATE = re.compile(
    r"^(?:(\d{1,2})[-\s](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-\s](\d{1,2}))(?:[-\s]\d{2,4})?$",
    re.IGNORECASE,
)
_MONTHS = str.split("jan feb mar apr may jun jul aug sep oct nov dec")
_PAGE = re.compile(r"^([a-z]{0,4}?)[.\s-]*0*(\d+)([a-z]?)$")
_ROMAN = re.compile(r"^[ivxlc]+$")


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page, lower case, without leading zeros; empty where unknown. A letter stays (`s334`, `e1234`)."""

    first: str = ""
    last: str = ""

    @property
    def number(self) -> str:
        """The first page without its letters: `S334` is written `334` too."""
        return re.sub(r"\D", "", self.first) or self.first


def parse_pages(value: str) -> Pages:
    """Reads a page field.

    The end may be shortened (`221-8` is `221-228`); a spreadsheet may have made a date of it (`01-Jun` is `1-6`).

    >>> parse_pages("pp. 221–8")
    Pages(first='221', last='228')
    """
    value = re.split(r"[,;(+]", _LEAD.sub("", value[:200]), maxsplit=1)[0].strip().rstrip(".")
    if _NONE.match(value):
        return Pages()
    if date := _DATE.match(value):
        day, month, month_first, day_last = date.groups()
        if day:
            return Pages(str(int(day)), str(_MONTHS.index(month.lower()[:3]) + 1))
        return Pages(str(_MONTHS.index(month_first.lower()[:3]) + 1), str(int(day_last)))
    parts = [_page(part) for part in _RANGE.split(value) if part.strip()]
    if not parts or not parts[0]:
        return Pages()
    first = parts[0]
    return Pages(first, _end(first, parts[1]) if len(parts) > 1 else "")


def _page(value: str) -> str:
    value = value.strip().lower()
    if match := _PAGE.match(value):
        return "".join(match.groups())
    if _ROMAN.match(value):
        return value
    return re.sub(r"[^a-z0-9]", "", value) if any(char.isdigit() for char in value) else ""


def _end(first: str, last: str) -> str:
    """`221` and `8` end at 228, `s334` and `41` at s341: the end repeats only what differs."""
    head = re.match(r"^([a-z]*)(\d+)$", first)
    tail = re.match(r"^([a-z]*)(\d+)$", last)
    if not head or not tail:
        return last
    prefix, start, end = head[1], head[2], tail[2]
    if len(end) < len(start):
        whole = start[: len(start) - len(end)] + end
        if int(whole) >= int(start):
            end = whole
    return (tail[1] or prefix) + end
