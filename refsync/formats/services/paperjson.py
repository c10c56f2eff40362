"""JSON in which papers lie about: what listing sites put into their pages, answer from their APIs, or people dump.

An object is a paper if it has a title and an abstract, by any of the usual names, and something that only papers have.
"""

from dataclasses import replace
from typing import Any

from refsync.formats.common.json_format import Object, first, json_format, json_start, listed, part
from refsync.formats.common.record_values import arxiv_fields, arxiv_month, date_fields, make_record, people, plain
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


def is_paper(item: Object) -> bool:
    """Whether an object is a paper, and not a wrapper with its title around the paper itself."""
    inner = item.get("paper")
    if isinstance(inner, dict) and is_paper(inner):
        return False
    if kind := first(item.get("@type")):
        return str(kind).lower() in _ARTICLES and bool(_said(item, (*_TITLE, "name")))
    if not _said(item, _TITLE):
        return False
    if _said(item, _ABSTRACT[:-1]):
        return any(item.get(name) for name in (*_AUTHORS, *_ID, *_DATE, "doi"))
    return bool(listed(_any(item, _AUTHORS))) and bool(_any(item, _DATE) or item.get("doi"))


def to_record(item: Object, source: str, index: int) -> Record:
    """The record of such an object."""
    venue = _any(item, _VENUE)
    addresses = [str(item.get(name) or "") for name in ("url", "link", "pdf_url", "@id")]
    found_doi = doi(str(item.get("doi") or "")) or next(filter(None, map(doi, addresses)), "")
    arxiv = arxiv_fields(
        *(item.get(name) for name in _ID),
        found_doi,
        category=item.get("primary_category") or next(iter(str(first(item.get("categories")) or "").split()), ""),
    )
    venue = plain(venue if isinstance(venue, str) else part(venue, "name"))
    values = {
        "title": plain(_said(item, (*_TITLE, "name"))),
        "author": _people(_any(item, _AUTHORS)),
        "journal": venue,
        **(date_fields(_any(item, _DATE)) or arxiv_month(arxiv.get("eprint", ""))),
        **{name: item.get(name) for name in ("volume", "number", "pages", "publisher", "language", "pmid", "isbn")},
        "doi": found_doi,
        "url": next((one for one in addresses if one.startswith("http")), "")
        or (f"https://arxiv.org/abs/{arxiv['eprint']}" if arxiv else ""),
        "abstract": plain(_said(item, _ABSTRACT)),
        "note": item.get("comments") if isinstance(item.get("comments"), str) else "",
        "keywords": [part(word, "name") or word for word in listed(item.get("keywords") or item.get("tags"))],
        **arxiv,
    }
    return make_record(source, index, "article" if venue else "misc", values)


def _any(item: Object, names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := item.get(name))), None)


def _said(item: Object, names: tuple[str, ...]) -> str:
    return next((found for name in names if isinstance(found := item.get(name), str) and found.strip()), "")


def _people(found: Any) -> str:
    if isinstance(found, str):
        return found
    return people(_person(one) for one in listed(found))


def _person(one: Any) -> Name | str:
    if isinstance(one, str):
        return one
    if isinstance(one, list):  # arXiv's dump: family name, given names, suffix
        family, given, suffix, *_ = [*map(str, one), "", "", ""]
        return Name(family, given, suffix=suffix)
    family = part(one, "family") or part(one, "familyName") or part(one, "lastName") or part(one, "last_name")
    given = part(one, "given") or part(one, "givenName") or part(one, "firstName") or part(one, "first_name")
    if family:
        return Name(str(family), str(given or ""))
    name = part(one, "name") or part(one, "full_name") or part(one, "display_name") or part(one, "author")
    return name if isinstance(name, str) else ""


def _sniff(head: bytes) -> float:
    """Any JSON that speaks of titles may be one; those of known services, and CSL-JSON, are surer."""
    start = json_start(head)
    if not any(f'"{name}"'.encode() in start for name in _TITLE):
        return 0.0
    return 0.25 if any(f'"{name}"'.encode() in start for name in _ABSTRACT) else 0.15


FORMAT = replace(json_format("paperjson", (), is_paper, to_record), sniff=_sniff)
