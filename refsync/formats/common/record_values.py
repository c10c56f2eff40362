"""Records made of values of any type, as services, feeds and web pages have them."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from refsync.records import Record
from refsync.text.identifiers import arxiv, arxiv_of_doi
from refsync.text.inline_markup import html_markup, mark_html
from refsync.text.months import MONTH_NAMES

_TAG = re.compile(
    r"</|/>|<(?:jats:|mml:)?(?:p|i|b|em|sub|sup|title|sec|br|italic|bold|math|span|div|strong)\b[^<>]*>", re.I
)
_BLOCKS = frozenset("p title sec br div li".split())
_HEADING = re.compile(r"^(?:Abstract|Summary)[.:]?\s+(?=[A-Z])")
_ARXIV_MONTH = re.compile(r"(?:^|/)(\d\d)(0[1-9]|1[0-2])\.?\d{3}")
_DATE = re.compile(r"\s*(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?(?!\d)")


def make_record(source: str, index: int, type_: str, values: Mapping[str, Any], key: str = "", line: int = 0) -> Record:
    """A record of these values: numbers and lists as text, white space collapsed, empty values left out."""
    fields = {name: text for name, value in values.items() if (text := _text(value))}
    return Record(source, index, key or f"#{index}", type=type_, fields=fields, line=line)


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(dict.fromkeys(text for item in value if (text := _text(item))))
    if isinstance(value, dict):
        return ""
    return " ".join(str(value).split())


def markup_to_text(markup: Any) -> str:
    """The text of a value with HTML, JATS or MathML markup.

    >>> markup_to_text("<jats:title>Abstract</jats:title><jats:p>Where p &lt; 0.05, H<sub>2</sub>O.</jats:p>")
    'Where p < 0.05, H2O.'
    """
    value = _text(markup)
    if not _TAG.search(value):
        return _text(html.unescape(value)) if "&" in value else value
    from lxml import etree

    root = etree.HTML(value)
    if root is None:
        return ""
    for element in root.iter(etree.Element):
        name = element.tag.removeprefix("jats:")
        if name in _BLOCKS:
            element.tail = f" {element.tail or ''}"
        if name == "title":
            element.text = f"{element.text or ''} "
        if name in ("script", "style"):
            element.text = ""
    return _HEADING.sub("", _text("".join(root.itertext())))


def styled_title(markup: Any) -> str:
    """A title of HTML, JATS or MathML with the tags of styles that the writers know; other tags are left out.

    >>> styled_title("<p>On <jats:italic>Kelp</jats:italic> in H<inf>2</inf>O &amp; sand</p>")
    'On <i>Kelp</i> in H<sub>2</sub>O & sand'
    """
    value = _text(markup)
    return _text(html_markup(mark_html(value))) if "<" in value or "&" in value else value


def date_fields(value: Any) -> dict[str, str]:
    """Year, month and day of an ISO date, as far as given.

    >>> date_fields("2024-03-09T08:00:00Z"), date_fields("2024-03")
    ({'year': '2024', 'month': 'March', 'day': '9'}, {'year': '2024', 'month': 'March'})
    """
    found = _DATE.match(str(value or ""))
    if not found:
        return {}
    return date_part_fields([int(part) for part in found.groups() if part])


def date_part_fields(parts: Sequence[Any]) -> dict[str, str]:
    """Year, month and day from a list of numbers, of which the later ones may be missing."""
    given = dict(zip(("year", "month", "day"), parts, strict=False))
    fields = {"year": str(given["year"])} if given.get("year") else {}
    if (month := given.get("month")) and 1 <= int(month) <= 12:
        fields["month"] = MONTH_NAMES[int(month) - 1]
        if (day := given.get("day")) and 1 <= int(day) <= 31:
            fields["day"] = str(int(day))
    return fields


def arxiv_fields(*values: Any, category: Any = None) -> dict[str, str]:
    """`eprint` and its archive from the first arXiv identifier, URL or DOI among these values; else nothing."""
    for value in map(_text, values):
        if found := arxiv_of_doi(value.lower()) or arxiv(value, bare=True):
            return {"archiveprefix": "arXiv", "eprint": found, "primaryclass": _text(category)}
    return {}


def arxiv_date_fields(identifier: str) -> dict[str, str]:
    """Year and month of the first submission, with which an arXiv identifier begins.

    >>> arxiv_date_fields("2403.01234"), arxiv_date_fields("hep-th/9901001")
    ({'year': '2024', 'month': 'March'}, {'year': '1999', 'month': 'January'})
    """
    found = _ARXIV_MONTH.search(identifier)
    if not found:
        return {}
    year = int(found[1])
    return date_part_fields([year + (1900 if year > 90 else 2000), int(found[2])])
