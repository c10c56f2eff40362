"""Saved web pages (HTML): listing pages with embedded data, arXiv's lists and searches, and pages of single papers.

Machine-readable data take precedence over displayed text: JSON in scripts and attributes, then the lists of arXiv, then
the `citation_` tags for Google Scholar, and last the displayed text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.field_values import join_names, page_range
from refsync.formats.common.json_stream import find_objects
from refsync.formats.common.record_values import (
    arxiv_date_fields,
    arxiv_fields,
    date_fields,
    make_record,
    markup_to_text,
)
from refsync.formats.pages import listing
from refsync.formats.pages.mixed import read_all_formats, with_bibtex_in
from refsync.formats.registry import Format
from refsync.formats.services.paperjson import is_paper, to_record
from refsync.records import Problem, Record, Snapshot

Element = Any

_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|main|meta|title|link|script|style|div|section|article|table|ul|ol|dl|h\d|p)\b",
    re.I | re.S,
)
_CLOSING = "'\"></script>"  # closes an attribute or script in which the page was cut off
_START = re.compile(r"[\[{]")
_MIN_JSON = 40  # characters of the shortest JSON of a paper
_BLOCKS = frozenset(
    str.split("p div h1 h2 h3 h4 h5 h6 li dt dd tr article section header footer br td main blockquote ul ol")
)
_LABELS = ("Title:", "Authors:", "Comments:", "Subjects:", "Journal-ref:", "DOI:", "Related DOI:", "Abstract:")
_WITH_LINES = ("pre", "textarea")
_NOT_DISPLAYED = frozenset(str.split("script style noscript template svg head nav button"))


def read(data: bytes, source: str) -> Snapshot:
    """The papers of a saved web page.

    Raises:
        SourceError: the file cannot be decoded, or has no paper.
    """
    from lxml import etree

    decoded = decode_export(data, source)
    problems: list[Problem] = list(decoded.problems)
    text = decoded.text
    if b"<html" in data[:4096].lower() and b"</html" not in data[-4096:].lower():
        message = "the page ends without its `</html>`; it looks cut off: save it again"
        problems.append(Problem(source, message, data.count(b"\n") + 1, fatal=True))
        text += _CLOSING
    root = etree.HTML(text.encode(), etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    if root is None:
        raise SourceError(source, "an empty web page", hint="save the complete page again")
    for find in (_embedded, _arxiv_list, _arxiv_results, _citation_tags):
        if records := _unique(find(root, source)):
            records, notes = with_bibtex_in(_displayed_text(root), records, source)
            break
    else:
        records, notes = _displayed(root, source)
    problems += notes
    return Snapshot(source, "webpage", tuple(records), tuple(problems))


def _unique(records: Iterator[Record]) -> list[Record]:
    """The records, each once and numbered, because pages often have their data twice."""
    seen: dict[Any, Record] = {}
    for record in records:
        seen.setdefault((record.get("title"), record.get("eprint", "doi", "url")), record)
    return [
        Record(record.source, index, f"#{index}", type=record.type, fields=record.fields, line=record.line)
        for index, record in enumerate(seen.values(), 1)
    ]


def _embedded(root: Element, source: str) -> Iterator[Record]:
    """Papers in JSON, in the order of the page: in attributes (`data-props`) and scripts."""
    for element in root.iter("*"):
        texts = [text for text in element.attrib.values() if len(text) > _MIN_JSON and text.lstrip()[:1] in "[{"]
        if element.tag == "script" and element.text:
            texts.append(element.text)
        for text in texts:
            for value in _values(text):
                for item in find_objects(value, is_paper):
                    record = to_record(item, source, 1)
                    yield Record(source, 1, "", type=record.type, fields=record.fields, line=element.sourceline or 0)


def _values(text: str) -> Iterator[Any]:
    """The JSON values in a script: the whole text, or values assigned in it."""
    decoder, position = json.JSONDecoder(), 0
    tries = 0
    while (found := _START.search(text, position)) and tries < 50:
        try:
            value, position = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):  # also a number of thousands of digits
            position = found.start() + 1
            tries += 1
            continue
        if value:
            yield value


def _arxiv_list(root: Element, source: str) -> Iterator[Record]:
    """The papers of a list of arXiv: `dt` has the identifier, `dd` the other fields."""
    for term in root.iter("dt"):
        entry = term.getnext()
        title = _by_class(entry, "list-title") if entry is not None and entry.tag == "dd" else ""
        if not title:
            continue
        address = next((link.get("href") for link in term.iter("a") if "/abs/" in (link.get("href") or "")), "")
        subject = _by_class(entry, "primary-subject") or _by_class(entry, "list-subjects")
        values = {
            "title": title,
            "author": join_names(" ".join(link.itertext()) for link in _with_class(entry, "list-authors", "a")),
            "journal": _by_class(entry, "list-journal-ref"),
            "doi": _by_class(entry, "list-doi"),
            "note": _by_class(entry, "list-comments"),
            "abstract": " ".join(" ".join("".join(text.itertext()).split()) for text in entry.iter("p")),
        }
        yield _arxiv_record(values, address, subject, source, term)


def _arxiv_results(root: Element, source: str) -> Iterator[Record]:
    """The papers of a search at arXiv."""
    for entry in root.iter("li"):
        if "arxiv-result" not in (entry.get("class") or "").split():
            continue
        address = next((link.get("href") for link in entry.iter("a") if "/abs/" in (link.get("href") or "")), "")
        abstract = _by_class(entry, "abstract-full") or _by_class(entry, "abstract-short")
        values = {
            "title": _by_class(entry, "title"),
            "author": join_names(" ".join(link.itertext()) for link in _with_class(entry, "authors", "a")),
            "note": _by_class(entry, "comments"),
            "abstract": abstract.removesuffix("△ Less").strip(),
        }
        yield _arxiv_record(values, address, _by_class(entry, "tag"), source, entry)


def _arxiv_record(values: dict[str, str], address: str, subject: str, source: str, element: Element) -> Record:
    if address.startswith("/"):
        address = f"https://arxiv.org{address}"
    category = subject.partition(";")[0].rpartition("(")[2].rstrip(") ")
    arxiv = arxiv_fields(address, category=category)
    fields = {**values, **arxiv_date_fields(arxiv.get("eprint", "")), "url": address, **arxiv}
    return make_record(source, 1, "article" if values.get("journal") else "misc", fields, line=element.sourceline or 0)


def _with_class(element: Element, name: str, tag: str) -> Iterator[Element]:
    for found in element.iter("*"):
        if name in (found.get("class") or "").split():
            yield from found.iter(tag)
            return


def _by_class(element: Element, name: str) -> str:
    """The text of the first element of this class, without its label."""
    for found in element.iter("*"):
        if name in (found.get("class") or "").split():
            text = " ".join("".join(found.itertext()).split())
            return next((text[len(label) :].strip() for label in _LABELS if text.startswith(label)), text)
    return ""


def _citation_tags(root: Element, source: str) -> Iterator[Record]:
    """The paper of this page, from its tags for Google Scholar (Highwire Press tags)."""
    tags: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").lower()
        if name.startswith("citation_") and (content := (tag.get("content") or "").strip()):
            tags.setdefault(name.removeprefix("citation_"), []).append(content)
    if "title" not in tags:
        return

    def one(*names: str) -> str:
        return next((tags[name][0] for name in names if name in tags), "")

    authors = tags.get("author") or [name for names in tags.get("authors", []) for name in names.split(";")]
    conference = one("conference_title", "conference")
    fields = {
        "title": markup_to_text(one("title")),
        "author": join_names(authors),
        "booktitle" if conference else "journal": conference or one("journal_title"),
        **date_fields(one("publication_date", "date", "cover_date", "online_date").replace("/", "-")),
        "volume": one("volume"),
        "number": one("issue"),
        "pages": page_range(one("firstpage"), one("lastpage")),
        "publisher": one("publisher"),
        "doi": one("doi"),
        "issn": one("issn"),
        "isbn": one("isbn"),
        "pmid": one("pmid"),
        "url": one("abstract_html_url", "public_url", "pdf_url"),
        "keywords": tags.get("keywords"),
        "abstract": markup_to_text(one("abstract")),
        **arxiv_fields(one("arxiv_id")),
    }
    yield make_record(
        source, 1, "inproceedings" if conference else "article" if one("journal_title") else "misc", fields
    )


def _displayed_text(root: Element) -> str:
    """The displayed text: an empty line above and below each block, lines as written only in `pre`."""
    parts: list[str] = []

    def walk(element: Element, *, as_written: bool = False) -> None:
        if not isinstance(element.tag, str) or element.tag in _NOT_DISPLAYED:
            return
        edge = "\n\n" if element.tag in _BLOCKS or element.tag in _WITH_LINES else ""
        as_written = as_written or element.tag in _WITH_LINES
        parts.append(edge + (element.text or " " if as_written else " ".join((element.text or " ").split("\n"))))
        for child in element:
            walk(child, as_written=as_written)
            tail = child.tail or ""
            parts.append(tail if as_written else " ".join(tail.split("\n")))
        parts.append(edge)

    walk(root)
    return "".join(parts)


def _displayed(root: Element, source: str) -> tuple[list[Record], tuple[Problem, ...]]:
    """The papers in the displayed text, read as a saved listing.

    Raises:
        SourceError: the page has no paper.
    """
    try:
        snapshot = read_all_formats(listing.FORMAT, _displayed_text(root).encode(), source)
    except SourceError:
        title = " ".join("".join(root.find(".//title").itertext()).split()) if root.find(".//title") is not None else ""
        about = f" (its title is {title[:80]!r})" if title else ""
        raise SourceError(
            source, f"a web page without papers in it{about}", hint="open it: is it an error page?"
        ) from None
    records = [replace(record, line=0) for record in snapshot.records]
    return records, tuple(_without_line(problem) for problem in snapshot.problems)


def _without_line(problem: Problem) -> Problem:
    """Lines of the displayed text are none of the file; what a page has besides papers is no damage."""
    lost = problem.fatal or bool(problem.code)
    return replace(problem, line=0, column=0, kind=problem.kind if lost else "note")


def sniff(head: bytes) -> float:
    """High if the file starts as HTML."""
    return 0.8 if _HTML.match(head.lstrip()) else 0.0


FORMAT = Format(name="webpage", suffixes=(".html", ".htm", ".xhtml"), sniff=sniff, read=read)
