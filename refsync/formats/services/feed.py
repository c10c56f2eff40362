"""Feeds: responses of arXiv's API (Atom), and the RSS and Atom feeds of arXiv and of journals.

Names of elements are those of RFC 4287, RSS 1.0 and 2.0, Dublin Core, PRISM, and arXiv's own.
"""

import io
import re
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.decode import start_in_utf8
from refsync.formats.common.field_values import join_names, page_range
from refsync.formats.common.record_values import (
    arxiv_date_fields,
    arxiv_fields,
    date_fields,
    make_record,
    markup_to_text,
)
from refsync.formats.registry import Format
from refsync.formats.xml.elements import Element, child_text, child_texts, children, iter_elements
from refsync.records import Problem, Record, Snapshot
from refsync.text.identifiers import arxiv, doi

_FEED = re.compile(
    rb"<(?:\w+:)?(?:feed\b[^>]*?w3\.org/2005/Atom|rss\b[^>]*?(?:version\s*=|purl\.org/rss)|RDF\b[^>]*?purl\.org/rss/1\.0/[\"'])",
    re.S,
)
"""The root elements of Atom, RSS, and RSS 1.0, which is RDF whose own namespace is that of RSS."""
_ANNOUNCED = re.compile(r"arXiv:\S+\s+Announce Type:\s*\S+\s+(?:Abstract:\s*)?", re.IGNORECASE)
_IN_TITLE = re.compile(r"\.?\s*\((arXiv:[^\s()]+)(?:\s*\[([\w.-]+)\])?(?:\s+\w+)?\)\s*$")
_AFFILIATION = re.compile(r"\s*\([^()]*\)")
_API_ERROR = re.compile(r"arxiv\.org/api/(?:errors|query)", re.IGNORECASE)


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The entries of a feed, one record each.

    Raises:
        SourceError: the file is not XML, no feed, or a feed without entries.
    """
    problems: list[Problem] = []
    records: list[Record] = []
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    is_feed = sniff(start_in_utf8(stream.read(4000))) > 0
    stream.seek(0)
    for element in iter_elements(stream, source, ("entry", "item"), problems):
        if _API_ERROR.search(child_text(element, "id")):
            raise SourceError(
                source, f"arXiv answered with an error: {child_text(element, 'summary')}", hint="correct the query"
            )
        records.append(_record(element, source, len(records) + 1))
    if not records and not is_feed:
        raise SourceError(source, "no entry of a feed in it", hint="is it another format? name it with --from")
    if not records:
        raise SourceError(
            source, "a feed without entries", hint="arXiv's feeds are empty on weekends; otherwise check the query"
        )
    return Snapshot(source, "feed", tuple(records), tuple(problems))


def _record(element: Element, source: str, index: int) -> Record:
    title = markup_to_text(child_text(element, "title"))
    in_title = _IN_TITLE.search(title)
    links = [link.get("href") or (link.text or "").strip() for link in children(element, "link")]
    identifiers = [
        child_text(element, name).replace("oai:arXiv.org:", "arXiv:") for name in ("id", "guid", "identifier")
    ]
    about = [value for name, value in element.attrib.items() if name.endswith("}about")]
    arxiv_id = next(filter(None, map(arxiv, [*identifiers, *links, *about, in_title[1] if in_title else ""])), "")
    categories = [one.get("term") or (one.text or "").strip() for one in children(element, "category")]
    primary = [one.get("term") for one in children(element, "primary_category")]
    if in_title and arxiv_id:
        title = title[: in_title.start()]
        primary = primary or [in_title[2]]
    venue = markup_to_text(child_text(element, "journal_ref", "journal_reference", "publicationName"))
    values: dict[str, Any] = {
        "title": title,
        "author": _authors(element),
        "journal": venue,
        **_date(element, arxiv_id),
        "volume": child_text(element, "volume"),
        "number": child_text(element, "number"),
        "pages": page_range(child_text(element, "startingPage"), child_text(element, "endingPage")),
        "issn": child_text(element, "issn"),
        "publisher": child_text(element, "publisher"),
        "doi": next(filter(None, map(doi, [child_text(element, "doi", "DOI"), *identifiers, *links])), ""),
        "url": next((link for link in links if link.startswith("http")), ""),
        "note": child_text(element, "comment"),
        "keywords": categories,
        "abstract": _abstract(element),
        **arxiv_fields(arxiv_id, category=next(iter(primary), None) or next(iter(categories), None)),
    }
    return make_record(source, index, "article" if venue else "misc", values, line=element.sourceline or 0)


def _authors(element: Element) -> str:
    """Authors in separate elements (Atom), or all in one (RSS), separated by commas or as links."""
    atom = [child_text(author, "name") for author in children(element, "author") if len(author)]
    if atom:
        return join_names(atom)
    names = [markup_to_text(one) for one in child_texts(element, "creator", "author")]
    if len(names) == 1:
        names = _AFFILIATION.sub("", " ".join(names[0].split())).split(", ")
    return join_names(names)


def _date(element: Element, arxiv_id: str) -> dict[str, str]:
    """The date of publication; arXiv's feeds give only the date of announcement, also for old papers."""
    announced = bool(child_text(element, "announce_type"))
    if not announced and (date := date_fields(child_text(element, "published", "publicationDate", "coverDate"))):
        return date
    if date := arxiv_date_fields(arxiv_id):
        return date
    text = child_text(element, "date", "pubDate", "updated")
    if date := date_fields(text):
        return date
    try:
        return date_fields(parsedate_to_datetime(text).date().isoformat())
    except ValueError:
        return {}


def _abstract(element: Element) -> str:
    text = child_text(element, "summary", "encoded", "description", "content")
    return _ANNOUNCED.sub("", markup_to_text(text), count=1)


def sniff(head: bytes) -> float:
    """High if the root element is that of a feed."""
    start = head.lstrip()[:4000]
    return 0.9 if start.startswith(b"<") and _FEED.search(start) else 0.0


FORMAT = Format(name="feed", suffixes=(".atom", ".rss", ".xml"), sniff=sniff, read=read, read_stream=read)
