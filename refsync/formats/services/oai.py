"""OAI-PMH harvests: arXiv's own two formats and Dublin Core (http://www.openarchives.org/OAI/openarchivesprotocol.html)."""

import re
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_values import join_names
from refsync.formats.common.record_values import arxiv_fields, date_fields, make_record, markup_to_text, styled_title
from refsync.formats.registry import Format
from refsync.formats.xml.elements import (
    Element,
    child_text,
    child_texts,
    children,
    element_text,
    iter_elements,
    local_name,
    texts_by_name,
)
from refsync.records import Name, Problem, Record, Snapshot
from refsync.text.identifiers import doi

_SNIFF = re.compile(rb"<(?:\w+:)?OAI-PMH[\s>]")


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a harvest, without those marked as deleted, which are empty.

    Raises:
        SourceError: the file is not XML, or has no record.
    """
    problems: list[Problem] = []
    records: list[Record] = []
    error = ""
    for element in iter_elements(data, source, ("record", "error"), problems):
        if local_name(element) == "error":
            error = element_text(element)
        for metadata in children(element, "metadata"):
            records.extend(_record(child, element, source, len(records) + 1) for child in metadata if local_name(child))
    if not records:
        message = f"; it says: {error:.200}" if error else ""
        raise SourceError(source, f"a harvest without records{message}", hint="check the query")
    return Snapshot(source, "oai", tuple(records), tuple(problems))


def _record(item: Element, record: Element, source: str, index: int) -> Record:
    found = texts_by_name(item)

    def one(*names: str) -> str:
        return next((found[name][0] for name in names if name in found), "")

    identifiers = found.get("identifier", [])
    header = next((child_text(head, "identifier") for head in children(record, "header")), "")
    is_arxiv = header.startswith("oai:arXiv.org:")
    categories = one("categories").split()
    venue = markup_to_text(one("journal-ref", "source" if not is_arxiv else ""))
    values: dict[str, Any] = {
        "title": styled_title(one("title")),
        "author": _people(item),
        "journal": venue,
        **date_fields(one("created", "date")),
        "doi": one("doi") or next(filter(None, map(doi, identifiers)), ""),
        "url": next((link for link in identifiers if link.startswith("http")), ""),
        "note": one("comments"),
        "publisher": one("publisher"),
        "language": one("language"),
        "keywords": categories or found.get("subject"),
        "abstract": markup_to_text(one("abstract", "description")),
        **(arxiv_fields(f"arXiv:{header[14:]}", category=next(iter(categories), None)) if is_arxiv else {}),
    }
    return make_record(source, index, "article" if venue else "misc", values, line=record.sourceline or 0)


def _people(item: Element) -> str:
    """Authors in elements with parts of names (`arXiv`) or full names (`oai_dc`), or all in one text (`arXivRaw`)."""
    for authors in children(item, "authors"):
        if not len(authors):
            return join_names(
                re.split(r",\s+(?:and\s+)?|\s+and\s+", re.sub(r"\s*\([^()]*\)", "", element_text(authors)))
            )
        return join_names(
            Name(child_text(author, "keyname"), child_text(author, "forenames"), suffix=child_text(author, "suffix"))
            for author in children(authors, "author")
        )
    return join_names(child_texts(item, "creator"))


def sniff(head: bytes) -> float:
    """High if the root element is that of the protocol."""
    start = head.lstrip()[:4000]
    return 0.95 if start.startswith(b"<") and _SNIFF.search(start) else 0.0


FORMAT = Format(name="oai", suffixes=(".xml",), sniff=sniff, read=read, read_stream=read)
