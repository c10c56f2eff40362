"""Markdown reading lists: items, paragraphs and table rows with links to papers; headings become `groups`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.record_values import make_record
from refsync.formats.pages import markdown_read_back
from refsync.formats.pages.navigation import is_about_the_site, is_navigation
from refsync.formats.pages.plain_list import fields_in_text
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot

Token = Any
"""A token of markdown-it."""

_LINK = re.compile(rb"\[[^\]\n]{1,400}\]\(<?https?://")
_LINES = re.compile(rb"(?m)^\s{0,8}(?:[-*+]|\d{1,4}[.)]|#{1,6}|\|)\s")
_LABELS = frozenset(
    str.split(
        "paper pdf arxiv doi link code project page website html abs abstract url here github data demo video slides "
        "poster blog openreview official preprint arxiv.org bib bibtex"
    )
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MENU = re.compile(
    r"skip to .{1,40}|terms of (?:use|service)|privacy policy.{0,3}|cookie (?:policy|settings)|code of conduct"
    r"|frequently asked questions|go to .{1,60} homepage|all rights reserved.{0,40}",
    re.IGNORECASE,
)
_FEW_BUTTONS = 2
_EDGES = " \t,;:.|–—-()[]*"


@dataclass(slots=True)
class _Item:
    """A list item, paragraph or table row: its links, and its text outside them."""

    line: int
    links: list[tuple[str, str]] = field(default_factory=list)  # text and address
    texts: list[str] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)
    children: list[Token] = field(default_factory=list)


def read(data: bytes, source: str) -> Snapshot:
    """The papers to which a reading list links.

    Raises:
        SourceError: the file cannot be decoded, or has no link to a paper.
    """
    from markdown_it import MarkdownIt

    decoded = decode_export(data, source)
    tokens = MarkdownIt("commonmark").enable("table").parse(decoded.text)
    records: list[Record] = []
    problems: list[Problem] = list(decoded.problems)
    read_back = decoded.text.lstrip().startswith(markdown_read_back.LIST_MARK)
    for item, heading in _items(tokens):
        for values in [markdown_read_back.item_fields(item.children)] if read_back else _papers(item):
            values["groups"] = heading
            type_ = "article" if values.get("journal") else "misc"
            records.append(make_record(source, len(records) + 1, type_, values, line=item.line))
    buttons = sum(map(_is_of_a_page, records))
    if buttons >= _FEW_BUTTONS and not read_back:
        message = f"a web page ({buttons} of its links are menus and buttons) rather than a reading list"
        raise SourceError(source, message, hint="save the page as HTML or as text")
    if not records:
        raise SourceError(source, "no link to a paper in it", hint="if it is another format, name it with --from")
    return Snapshot(source, "markdown", tuple(records), tuple(problems))


def _is_of_a_page(record: Record) -> bool:
    title = str(record.get("title"))
    return bool(title) and (is_navigation(title) or is_about_the_site(title) or _MENU.fullmatch(title) is not None)


def _items(tokens: Sequence[Token]) -> Iterator[tuple[_Item, str]]:
    """Items that may be papers, each with the heading above it."""
    heading, row = "", None
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            row = _Item(token.map[0] + 1 if token.map else 0)
        elif token.type == "tr_close" and row:
            yield row, heading
            row = None
        elif token.type == "inline":
            if tokens[index - 1].type == "heading_open":
                item = _Item(token.map[0] + 1)
                _fill(item, token.children)
                heading = " ".join("".join([*item.texts, *(text for text, _ in item.links)]).split())
            elif row:
                _fill(row, token.children)
                row.texts.append(" | ")
            else:
                item = _Item(token.map[0] + 1 if token.map else 0)
                _fill(item, token.children)
                yield item, heading


def _fill(item: _Item, children: Sequence[Token]) -> None:
    item.children += children
    address: str | None = None
    inside: list[str] = []
    strong = False
    for child in children:
        if child.type == "link_open":
            address, inside = child.attrs["href"], []
        elif child.type == "link_close" and address is not None:
            item.links.append((" ".join("".join(inside).split()), address))
            address = None
        elif child.type in ("strong_open", "strong_close"):
            strong = child.type == "strong_open"
        elif child.type in ("text", "code_inline", "softbreak", "hardbreak", "math_inline"):
            text = child.content or " "
            (inside if address is not None else item.texts).append(text)
            if strong:
                item.strong.append(text)


def _papers(item: _Item) -> Iterator[dict[str, Any]]:
    """The papers of an item: one, or each of several whose titles are links."""
    titled = [(name, address) for name, address in item.links if _is_title(name) and address.startswith("http")]
    if len({address for _, address in titled}) > 1:
        yield from ({"title": name, "url": address, **_identifiers(address)} for name, address in titled)
    elif values := _values(item):
        yield values


def _values(item: _Item) -> dict[str, Any]:
    """The fields of a paper; empty if the item is not a paper."""
    links = [(text, address) for text, address in item.links if address.startswith(("http://", "https://", "doi:"))]
    text = " ".join("".join(item.texts).split()).strip(_EDGES)
    known = [(name, address, found) for name, address in links if (found := _identifiers(address))]
    named = next(((name, address) for name, address in links if _is_title(name)), None)
    if not (known or named) and not (links and _is_title(_title_in(item))):
        fields = fields_in_text(text)
        return fields if "doi" in fields or "eprint" in fields else {}
    values: dict[str, Any] = {}
    for _, _, identifiers in reversed(known):
        values |= identifiers
    values["title"] = named[0] if named else _title_in(item)
    values["url"] = known[0][1] if known else named[1] if named else links[0][1]
    if year := _YEAR.search(text):
        values.setdefault("year", year[0])
    rest = text.replace(values["title"], "").strip(_EDGES)
    if any(char.isalnum() for char in rest):
        values["note"] = rest
    return values


def _identifiers(address: str) -> dict[str, Any]:
    """The identifiers in a URL."""
    fields = fields_in_text(address)
    return {
        name: fields[name]
        for name in ("doi", "archiveprefix", "eprint", "year", "month", "pmid", "pmcid")
        if name in fields
    }


def _is_title(text: str) -> bool:
    words = text.split()
    return len(words) >= 3 and not all(word.lower().strip(_EDGES) in _LABELS for word in words)


def _title_in(item: _Item) -> str:
    """The title of an item with links such as `pdf` and `code`: bold text, else the first text."""
    if _is_title(strong := " ".join("".join(item.strong).split()).strip(_EDGES)):
        return strong
    cells = [cell.strip(_EDGES) for cell in "".join(item.texts).split(" | ")]
    text = next(filter(_is_title, cells), "")
    return " ".join(text.split())


def sniff(head: bytes) -> float:
    """Medium for links of Markdown, with its lists, headings or tables."""
    if head.startswith(markdown_read_back.LIST_MARK.encode()):
        return 0.95
    links = len(_LINK.findall(head))
    if not links or head.lstrip()[:1] in (b"<", b"{", b"@"):
        return 0.0
    return 0.5 if _LINES.search(head) else 0.2


def write(records: Sequence[Record]) -> bytes:
    """A Markdown list of these records: see `markdown_write`."""
    from refsync.formats.pages.markdown_write import dump

    return dump(records)


FORMAT = Format(name="markdown", suffixes=(".md", ".markdown", ".qmd", ".mdown"), sniff=sniff, read=read, write=write)
