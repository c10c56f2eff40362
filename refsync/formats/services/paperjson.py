"""JSON with papers at any depth: data in pages of listing sites, responses of their APIs, and dumps.

An object is a paper if it has a title and an abstract, by any of the usual names, and another member of papers.
"""

from dataclasses import replace
from typing import Any

from refsync.formats.common.field_values import join_names
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import (
    arxiv_date_fields,
    arxiv_fields,
    date_fields,
    make_record,
    markup_to_text,
    styled_title,
)
from refsync.formats.json.json_format import as_list, first_item, json_format, json_start, nested_value
from refsync.records import Name, Record
from refsync.text.identifiers import doi

_TITLE = ("title", "headline", "paper_title")
_ABSTRACT = ("abstract", "summary", "paper_abstract", "abstractText", "description")
_AUTHORS = ("authors_parsed", "authors", "author", "creators", "creator")
_ID = ("arxiv_id", "arxivId", "arxiv", "eprint", "paper_id", "id", "entry_id", "url", "link", "@id", "pdf_url")
_DATE = (
    "publishedAt",
    "published_at",
    "published",
    "publicationDate",
    "publication_date",
    "datePublished",
    "date",
    "year",
)
_VENUE = ("journal", "venue", "journal_ref", "journal-ref", "conference", "isPartOf", "container")
_ARTICLES = ("article", "scholarlyarticle", "medicalscholarlyarticle", "report", "thesis")


def is_paper(item: JsonObject) -> bool:
    """Whether an object is a paper, and not a wrapper with the paper's title around it."""
    inner = item.get("paper")
    if isinstance(inner, dict) and is_paper(inner):
        return False
    if kind := first_item(item.get("@type")):
        return str(kind).lower() in _ARTICLES and bool(_first_text(item, (*_TITLE, "name")))
    if not _first_text(item, _TITLE):
        return False
    if _first_text(item, _ABSTRACT[:-1]):
        return any(item.get(name) for name in (*_AUTHORS, *_ID, *_DATE, "doi"))
    return bool(as_list(_first_value(item, _AUTHORS))) and bool(_first_value(item, _DATE) or item.get("doi"))


def to_record(item: JsonObject, source: str, index: int) -> Record:
    """The record of such an object."""
    venue = _first_value(item, _VENUE)
    addresses = [str(item.get(name) or "") for name in ("url", "link", "pdf_url", "@id")]
    found_doi = doi(str(item.get("doi") or "")) or next(filter(None, map(doi, addresses)), "")
    arxiv = arxiv_fields(
        *(item.get(name) for name in _ID),
        found_doi,
        category=item.get("primary_category") or next(iter(str(first_item(item.get("categories")) or "").split()), ""),
    )
    venue = markup_to_text(venue if isinstance(venue, str) else nested_value(venue, "name"))
    values = {
        "title": styled_title(_first_text(item, (*_TITLE, "name"))),
        "author": _people(_first_value(item, _AUTHORS)),
        "journal": venue,
        **(date_fields(_first_value(item, _DATE)) or arxiv_date_fields(arxiv.get("eprint", ""))),
        **{name: item.get(name) for name in ("volume", "number", "pages", "publisher", "language", "pmid", "isbn")},
        "doi": found_doi,
        "url": next((one for one in addresses if one.startswith("http")), "")
        or (f"https://arxiv.org/abs/{arxiv['eprint']}" if arxiv else ""),
        "abstract": markup_to_text(_first_text(item, _ABSTRACT)),
        "note": item.get("comments") if isinstance(item.get("comments"), str) else "",
        "keywords": [nested_value(word, "name") or word for word in as_list(item.get("keywords") or item.get("tags"))],
        **arxiv,
    }
    return make_record(source, index, "article" if venue else "misc", values)


def _first_value(item: JsonObject, names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := item.get(name))), None)


def _first_text(item: JsonObject, names: tuple[str, ...]) -> str:
    return next((found for name in names if isinstance(found := item.get(name), str) and found.strip()), "")


def _people(found: Any) -> str:
    if isinstance(found, str):
        return found
    return join_names(_person(one) for one in as_list(found))


def _person(one: Any) -> Name | str:
    if isinstance(one, str):
        return one
    if isinstance(one, list):  # arXiv's dump: family name, given names, suffix
        family, given, suffix, *_ = [*map(str, one), "", "", ""]
        return Name(family, given, suffix=suffix)
    family = (
        nested_value(one, "family")
        or nested_value(one, "familyName")
        or nested_value(one, "lastName")
        or nested_value(one, "last_name")
    )
    given = (
        nested_value(one, "given")
        or nested_value(one, "givenName")
        or nested_value(one, "firstName")
        or nested_value(one, "first_name")
    )
    if family:
        return Name(str(family), str(given or ""))
    name = (
        nested_value(one, "name")
        or nested_value(one, "full_name")
        or nested_value(one, "display_name")
        or nested_value(one, "author")
    )
    return name if isinstance(name, str) else ""


def _sniff(head: bytes) -> float:
    """Low for any JSON with titles, so that formats of known services and CSL-JSON take precedence."""
    start = json_start(head)
    if not any(f'"{name}"'.encode() in start for name in _TITLE):
        return 0.0
    return 0.25 if any(f'"{name}"'.encode() in start for name in _ABSTRACT) else 0.15


FORMAT = replace(json_format("paperjson", (), is_paper, to_record), sniff=_sniff)
