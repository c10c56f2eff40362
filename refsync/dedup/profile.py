"""A record as deduplication sees it: every field in the one form in which it is compared."""

import hashlib
import re
from functools import lru_cache
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple

from refsync.dedup.field_values import (
    BOUND,
    address_of,
    arxiv_in_venue,
    edition_of,
    extent_of,
    families_of,
    first_number,
    folded_words,
    has_digits,
    is_damaged,
    marker_of,
    month_and_day,
    notice_of,
    of_arxiv,
    report_number,
    unicode_values,
    version_of,
    volume_number,
    whole_title,
    year_of,
)
from refsync.dedup.misplaced import relocated
from refsync.dedup.publication_form import Form, is_forthcoming, publication_form
from refsync.dedup.titles import is_generic
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi, isbns, pmcid, pmid
from refsync.text.names import Authors, parse_authors
from refsync.text.pages import Pages, parse_pages
from refsync.text.titles import fold_title
from refsync.text.venues import fold_venue, is_preprint

_YEARS = re.compile(r"\s*\d{4}\s*(?:-+|–|/)\s*\d{2,4}\s*")
_WHOLE = frozenset({"book", "volume", "thesis", "report"})
_PERIODIC = frozenset({"article", "paper", "chapter"})
_COUNTED = frozenset({"book", "volume", "thesis", "report", "", "draft", "software", "web", "talk"})
_DATES = frozenset({"date", "month"})
_CUT_TITLE = 25  # letters that a title cut by its source (`Rain on the mosses of …`) must have to be compared as such
_KINDS = {
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "dissertation": "thesis",
    "article": "article",
    "inproceedings": "paper",
    "conference": "paper",
    "book": "book",
    "mvbook": "book",
    "proceedings": "volume",
    "mvproceedings": "volume",
    "collection": "volume",
    "incollection": "chapter",
    "inbook": "chapter",
    "techreport": "report",
    "report": "report",
}


class Profile(NamedTuple):
    """The normalised fields of one record; empty (or 0) where the record says nothing.

    It is a named tuple because a library has a million of them.
    """

    authors: Authors = Authors()
    pages: Pages = Pages()
    title: str = ""
    title_key: str = ""
    title_main: str = ""
    title_cut: bool = False
    notice: str = ""
    generic: bool = False
    year: int = 0
    years: bool = False
    venue: str = ""
    preprint: bool = False
    volume: str = ""
    number: str = ""
    doi: str = ""
    arxiv: str = ""
    pmid: str = ""
    pmcid: str = ""
    isbns: tuple[str, ...] = ()
    abstract: str = ""
    kind: str = ""
    edition: str = ""
    form: Form = ""
    forthcoming: bool = False
    announced: str = ""
    damaged: bool = False
    marker: str = ""
    version: str = ""
    chapter: str = ""
    publisher: str = ""
    editors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    month: str = ""
    day: str = ""
    url: str = ""
    series: str = ""
    book: str = ""
    locator: str = ""
    identifier: str = ""
    extent: str = ""
    addition: str = ""
    content: bytes = b""
    """The digest of a profile without its abstract."""

    @property
    def other_words(self) -> frozenset[str]:
        """The words of fields other than the title, which some sources type into the title too."""
        texts = (self.venue, self.publisher, self.series, self.book, self.volume, self.number, self.pages.first,
                 self.pages.last, str(self.year), self.edition, self.marker, self.announced)  # fmt: skip
        return frozenset(" ".join(texts).split()) | {*self.authors.words, *self.authors.families}

    def without_abstract(self, digest: bytes) -> "Profile":
        """The same with a hash for the abstract, which takes a third of the memory; equal abstracts have equal ones."""
        if not self.abstract:
            return self
        values: list[Any] = [*self]
        values[_ABSTRACT], values[_CONTENT] = str(hash(self.abstract)), digest
        return Profile._make(values)

    @property
    def digest(self) -> bytes:
        """A hash of everything above: equal digests mean that no comparison can distinguish the records."""
        if self.content:
            return self.content
        people, pages = self.authors, self.pages
        # letters without spaces (`title_key`) follow from the words; control characters end no folded field
        flags = "%d %d%d%d%d%d%d%d" % (  # noqa: UP031  # half the time of an f-string
            self.year, self.title_cut, self.generic, self.preprint, people.truncated, self.years, self.forthcoming,
            self.damaged,
        )  # fmt: skip
        lists = (self.isbns, self.editors, self.translators, people.families, people.initials, people.words)
        texts = (*_texts_of(self), pages.first, pages.last, flags, *map("\x1e".join, lists))
        return hashlib.blake2b("\x1f".join(texts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


_texts_of = itemgetter(  # by number: half the time of names
    *map(
        Profile._fields.index,
        (
            "title title_main notice venue volume number form announced marker version chapter publisher month day url "
            "series book locator identifier extent doi arxiv pmid pmcid kind edition abstract addition"
        ).split(),
    )
)
_ABSTRACT, _CONTENT = map(Profile._fields.index, ("abstract", "content"))


@lru_cache(maxsize=65536)
def _venue(value: str) -> str:
    return fold_venue(value)


_NOBODY, _NOWHERE = Authors(), Pages()


def profile(record: Record) -> Profile:
    """The normalised fields of a record. Never raises: what can't be understood counts as missing."""
    fields = relocated(record.type, unicode_values(record.fields, latex=record.markup == "latex"))
    value = fields.get
    # most records lack most fields: an absent one costs one look into the mapping
    raw_title, subtitle = value("title", ""), value("subtitle")
    if subtitle:
        raw_title = whole_title(raw_title, subtitle)
    title = fold_title(raw_title)
    has_digit = has_digits(raw_title)
    series, book_title = value("series"), value("booktitle")
    venue = value("journal") or value("journaltitle") or book_title or value("eventtitle") or series or ""
    folded_venue = _venue(venue[:500]) if venue else ""
    if folded_venue and not any(map(str.isalpha, folded_venue)):
        folded_venue = venue = ""
    howpublished = value("howpublished")
    url, note = value("url", ""), value("note") or howpublished or value("extra") or ""
    eprint = value("eprint") or value("arxiv") or value("arxivid")
    found_doi = (doi(fields["doi"]) if "doi" in fields else "") or (doi(url) if url else "")
    found_arxiv = (
        (arxiv(eprint, bare=of_arxiv(value("archiveprefix") or value("eprinttype"))) if eprint else "")
        or arxiv_of_doi(found_doi)
        or (arxiv(url) if url else "")
        or (arxiv_in_venue(venue[:200]) if venue else "")
        or (arxiv(note[:500]) if note else "")
    )
    arxiv_doi = found_doi.startswith("10.48550/arxiv")
    kind = _KINDS.get(record.type, "")
    authors = value("author") or value("authors") or (value("editor") if kind else "") or value("shortauthor")
    identity = found_doi or ("10.48550/" if found_arxiv and not venue else "")
    form = publication_form(record.type.lower(), fields, folded_venue, identity)
    dated = value("year") or value("date") or value("issued") or ""
    locator = value("pages") or value("articleno") or value("eid") or ""
    pages = parse_pages(locator[:200]) if locator else _NOWHERE
    extent = extent_of(value("pagetotal") or locator) if form in _WHOLE and not pages.last else ""
    if (form in _COUNTED or not folded_venue) and not pages.last and "volume" not in fields:
        pages = _NOWHERE  # how many pages there are
    month, day = "", ""
    if not _DATES.isdisjoint(fields):
        month, day = month_and_day(value("date", ""), value("month", ""), value("day", ""))
    address = url or howpublished or (note if form == "report" else "")
    number, volume = value("number"), value("volume")
    issue = number or value("issue")
    publisher = value("publisher") or value("institution") or value("school") or value("organization")
    abstract, main_title = value("abstract"), value("maintitle")
    addition = value("part") or value("titleaddon")
    found_pmid, found_pmcid = value("pmid") or value("pubmed"), value("pmcid") or value("pmc")
    return Profile(
        title=title.text,
        title_key=title.key,
        title_main=title.main,
        title_cut=len(title.key) >= _CUT_TITLE and raw_title.rstrip().endswith(("…", "...")),
        notice=notice_of(raw_title, title.text) if raw_title else "",
        generic=is_generic(title.key),
        authors=parse_authors(authors) if authors else _NOBODY,
        year=year_of(dated) if dated else 0,
        years=bool(form in BOUND and _YEARS.fullmatch(dated)),
        venue=folded_venue,
        # an eprint beside a real venue belongs to the published form
        preprint=form == "preprint"
        or is_preprint(folded_venue)
        or (not folded_venue and (is_preprint("", found_doi) or bool(found_arxiv and (not found_doi or arxiv_doi)))),
        volume=intern(volume_number(volume, form)) if volume else "",
        number=intern((report_number if kind == "report" else first_number)(issue)) if issue else "",
        pages=pages,
        doi="" if arxiv_doi else found_doi,
        arxiv=found_arxiv,
        pmid=(pmid(found_pmid, bare=True) if found_pmid else "")
        or (pmid(url) if url else "")
        or (pmid(note[:500]) if note else ""),
        pmcid=(pmcid(found_pmcid) if found_pmcid else "") or (pmcid(url) if url else ""),
        isbns=isbns(fields["isbn"]) if "isbn" in fields else (),
        abstract=folded_words(abstract) if abstract else "",
        kind=kind,
        edition=edition_of(value("edition", ""), raw_title if has_digit else "")
        if has_digit or "edition" in fields
        else "",
        form=form,
        damaged=is_damaged(raw_title),
        forthcoming=is_forthcoming(fields),
        announced=fold(note[:200]) if form in {"draft", "talk"} and note else "",
        marker=marker_of(raw_title, note) if note or "(" in raw_title or "[" in raw_title else "",
        version=""
        if form in _PERIODIC
        else version_of(value("version", ""), raw_title if has_digit else "", note, form),
        chapter=first_number(fields["chapter"]) if "chapter" in fields else "",
        publisher=fold(publisher[:200]) if publisher else "",
        editors=families_of(fields["editor"]) if "editor" in fields else (),
        translators=families_of(fields["translator"]) if "translator" in fields else (),
        month=month,
        day=day,
        url=address_of(address) if address else "",
        series=fold(series[:200]) if series else "",
        book=fold(book[:300]) if (book := book_title or main_title) else "",
        locator=locator[:40].lower().replace(" ", "").strip("{}") if locator else "",
        identifier=fold(number[:60]) if number and form in {"patent", "report"} else "",
        extent=extent,
        addition=fold(addition[:200]) if addition else "",
    )


def folded_abstract(record: Record) -> str:
    """The abstract of a record as its profile has it."""
    own = {"abstract": record.fields.get("abstract", "")}
    return folded_words(unicode_values(own, latex=record.markup == "latex").get("abstract", ""))


def fingerprint(record: Record) -> str:
    """A hash of what identifies a paper: normalised title, first author, year and identifiers.

    Stable across runs, machines, citation keys, field order and mark-up; remembered decisions are kept by it.
    """
    p = profile(record)
    first = p.authors.families[0] if p.authors.families else ""
    parts = [p.title_key, first, str(p.year or ""), p.doi, p.arxiv, p.pmid, p.pmcid, *sorted(p.isbns)]
    if not any(parts):  # nothing to compare: the raw text, so that two such records do not count as one
        parts = [f"{name}={value}" for name, value in sorted(record.fields.items())]
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
