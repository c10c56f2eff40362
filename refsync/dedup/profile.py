"""A record as deduplication sees it: every field in the one form in which it is compared."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple

from refsync.dedup.misplaced import relocated
from refsync.dedup.publication_form import Form, is_forthcoming, publication_form
from refsync.dedup.title_words import FORM_WORDS, SMALL_WORDS
from refsync.dedup.titles import is_generic, notice
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi, isbns, pmcid, pmid
from refsync.text.latex import latex_to_text
from refsync.text.names import Authors, parse_authors
from refsync.text.pages import Pages, parse_pages
from refsync.text.titles import fold_title
from refsync.text.venues import fold_venue, is_preprint

_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_YEAR_NUMBERS = {str(year): year for year in range(1400, 2100)}  # one object for each
_YEARS = re.compile(r"\s*\d{4}\s*(?:-+|–|/)\s*\d{2,4}\s*")
_DIGITS = re.compile(r"\d+")
_EDITION = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:ed\b|edn|edition)|\b(?:ed|edition)\s+(\d{1,2})\b", re.IGNORECASE
)
_EDITION_WORDS = {
    word: str(i)
    for i, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
_MISSING = re.compile(
    r"\s*\{*\s*(?:n\.?/?a\.?|none|null|nan|nil|-+|–|—|\?+|unknown|not available|n\.?d\.?|s\.?n\.?)\s*\}*\s*",
    re.IGNORECASE,
)
_MISSING_STARTS = frozenset("nNuUsSſ")
_NO_LATEX = frozenset({"doi", "url", "file"})
_LONG = 60  # letters; no word for a missing value is so long
_VERSION = re.compile(r"\b(?:version|release|rel\.|v\.?)\s*(\d+(?:\.\d+){0,3})\b", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.])(\d+\.\d+(?:\.\d+)*)(?![\d.])")
_DAMAGED = re.compile("\ufffd|[^\\W\\d_]\\?[^\\W\\d_,:;]|[^\\W\\d_]\\?[,:;]")  # `M?ller`: a letter that was not written
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{3,60})[\])]")
_TRANSLATION = re.compile(
    r"^(?:\w+ )?(?:translation(?! in\b)|translated|ubersetzung|traduction|traduccion|traduzione|traducao|vertaling|"
    r"перевод|译)\b"
)
_NOTICE_ELSEWHERE = re.compile(  # databases add to a paper's title where its erratum is
    r"[\[(]\s*(?:published )?(?:errat(?:um|a)|corrigend(?:um|a)|corrections?|retraction|comments?|republished|reprint)"
    r"(?: (?:appears?|appeared|published|printed))? in\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_TRIMMED = "([<&.…"
_EVENT = frozenset("extended short invited abstract panel tutorial keynote talk session slides video paper".split())
_MONTHS = {name: str(i) for i, names in enumerate(
    ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
     "sep sept september", "oct october", "nov november", "dec december"), 1) for name in names.split()}  # fmt: skip
_DATES = frozenset({"date", "month"})
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_ROOT = re.compile(r"^https?://(?:www\.)?|^\\?\w*url\{|[#}].*$|/+$|\?utm.*$", re.IGNORECASE)
_ROMAN = {
    hundred + ten + one: str(100 * h + 10 * t + i)
    for h, hundred in enumerate(("", "c"))
    for t, ten in enumerate(("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"))
    for i, one in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if hundred + ten + one not in {"", "l", "c"}  # a journal's section more often than a number
}
_BOUND = frozenset({"book", "volume"})
_WHOLE = frozenset({"book", "volume", "thesis", "report"})
_PERIODIC = frozenset({"article", "paper", "chapter"})
_COUNTED = frozenset({"book", "volume", "thesis", "report", "", "draft", "software", "web", "talk"})
_CUT_TITLE = 25  # letters that a title cut by its source (`Rain on the mosses of …`) must have to be compared as such
_ABSTRACT_LIMIT = 700  # letters compared; the rest of longer abstracts says nothing new
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

    def dumped(self) -> tuple[object, ...]:
        """The values as plain tuples, which another process can be sent; see `restored`."""
        return tuple(self.authors), tuple(self.pages), *self[_PLAIN:]

    @classmethod
    def restored(cls, dumped: tuple[Any, ...]) -> "Profile":
        """The profile whose values were dumped."""
        people, pages = dumped[:_PLAIN]
        return cls(
            Authors(*people) if people != _NOBODY else _NOBODY,
            Pages(*pages) if pages != _NOWHERE else _NOWHERE,
            *dumped[_PLAIN:],
        )

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
_PLAIN = 2
"""The number of the first value that is no named tuple."""


def dumped_columns(profiles: Sequence[Profile]) -> list[Any]:
    """The values of many profiles by field, to be sent to another process; None for a field that is empty in all."""
    people, pages, *plain = zip(*profiles, strict=True)
    columns = zip(plain, _EMPTY, strict=True)
    sparse = [None if column.count(empty) == len(column) else column for column, empty in columns]
    return [[*zip(*people, strict=True)], [*zip(*pages, strict=True)], *sparse]


def restored_columns(dumped: Sequence[Any]) -> Iterator[Profile]:
    """The profiles whose values were dumped."""
    people, pages, *plain = dumped
    columns = (repeat(empty) if column is None else column for column, empty in zip(plain, _EMPTY, strict=True))
    authors = [Authors(*own) if own != _NOBODY else _NOBODY for own in zip(*people, strict=True)]
    places = [Pages(*own) if own != _NOWHERE else _NOWHERE for own in zip(*pages, strict=True)]
    return map(Profile._make, zip(authors, places, *columns, strict=False))


_EMPTY = [*Profile._field_defaults.values()][_PLAIN:]


@lru_cache(maxsize=65536)
def _venue(value: str) -> str:
    return fold_venue(value)


_NOBODY, _NOWHERE = Authors(), Pages()


def _report_number(value: str) -> str:
    """All numbers in that of a report, `2003-5` for `IC/2003/05`: the first is often the year."""
    return "-".join(str(int(number)) for number in re.findall(r"[0-9]{1,9}", value[:100]))


def _first_number(value: str) -> str:
    """`60 (1 Supplement 1)` is volume 60; `Suppl 1` of an issue keeps its word."""
    if value.isdecimal():
        return value.lstrip("0") or "0"
    match = _DIGITS.search(value)
    return match[0].lstrip("0") or "0" if match else fold(value[:60])


def _volume(value: str, form: str) -> str:
    """The first number, also a Roman one; of a book all, because `1--4` is a set of which `1` is a part."""
    if value.isdecimal():
        return _first_number(value)
    if form in _BOUND and len(numbers := _DIGITS.findall(value[:60])) > 1:
        return "-".join(number.lstrip("0") for number in numbers)
    return _ROMAN.get(value[:12].strip(" .{}").lower()) or _first_number(value)


def _extent(value: str) -> str:
    """The number of pages of a whole book: 414 of `xviii + 414 pp., 12 figures`."""
    match = _DIGITS.search(value[:60])
    return match[0] if match and len(match[0]) < 5 else ""


def _edition(value: str, title: str) -> str:
    """The number of an edition; `title` is empty where it has no digit, and so below."""
    if value:
        words = fold(value[:60]).split()
        for word in words:
            if word in _EDITION_WORDS:
                return _EDITION_WORDS[word]
        return _first_number(value)
    match = _EDITION.search(title) if title else None
    return (match[1] or match[2]) if match else ""


def _values(fields: Mapping[str, str], *, latex: bool) -> dict[str, str]:
    """The fields as Unicode text: LaTeX is read where the record is LaTeX, and where a text holds some of it."""
    found = {}
    for name, value in fields.items():
        # a letter or digit that begins no word for a missing value: nearly all fields
        if not value or ((value[0] in _MISSING_STARTS or not value[0].isalnum()) and _is_missing(name, value)):
            continue
        found[name] = latex_to_text(value) if (latex or "\\" in value) and name not in _NO_LATEX else value
    return found


def _is_missing(name: str, value: str) -> bool:
    return value.isspace() or (name != "title" and len(value) <= _LONG and bool(_MISSING.fullmatch(value)))


def profile(record: Record) -> Profile:
    """The normalised fields of a record. Never raises: what can't be understood counts as missing."""
    fields = relocated(record.type, _values(record.fields, latex=record.markup == "latex"))
    value = fields.get
    # most records lack most fields: an absent one costs one look into the mapping
    raw_title, subtitle = value("title", ""), value("subtitle")
    if subtitle:
        raw_title = _whole_title(raw_title, subtitle)
    title = fold_title(raw_title)
    has_digit = bool(_DIGITS.search(raw_title))
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
        (arxiv(eprint, bare=_archive(value("archiveprefix") or value("eprinttype"))) if eprint else "")
        or arxiv_of_doi(found_doi)
        or (arxiv(url) if url else "")
        or (_arxiv_in_venue(venue[:200]) if venue else "")
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
    extent = _extent(value("pagetotal") or locator) if form in _WHOLE and not pages.last else ""
    if (form in _COUNTED or not folded_venue) and not pages.last and "volume" not in fields:
        pages = _NOWHERE  # how many pages there are
    month, day = (
        _date(value("date", ""), value("month", ""), value("day", "")) if not _DATES.isdisjoint(fields) else ("", "")
    )
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
        notice=_notice_of(raw_title, title.text) if raw_title else "",
        generic=is_generic(title.key),
        authors=parse_authors(authors) if authors else _NOBODY,
        year=_year(dated) if dated else 0,
        years=bool(form in _BOUND and _YEARS.fullmatch(dated)),
        venue=folded_venue,
        # an eprint beside a real venue belongs to the published form
        preprint=form == "preprint"
        or is_preprint(folded_venue)
        or (not folded_venue and (is_preprint("", found_doi) or bool(found_arxiv and (not found_doi or arxiv_doi)))),
        volume=intern(_volume(volume, form)) if volume else "",
        number=intern((_report_number if kind == "report" else _first_number)(issue)) if issue else "",
        pages=pages,
        doi="" if arxiv_doi else found_doi,
        arxiv=found_arxiv,
        pmid=(pmid(found_pmid, bare=True) if found_pmid else "")
        or (pmid(url) if url else "")
        or (pmid(note[:500]) if note else ""),
        pmcid=(pmcid(found_pmcid) if found_pmcid else "") or (pmcid(url) if url else ""),
        isbns=isbns(fields["isbn"]) if "isbn" in fields else (),
        abstract=_abstract(abstract) if abstract else "",
        kind=kind,
        edition=_edition(value("edition", ""), raw_title if has_digit else "")
        if has_digit or "edition" in fields
        else "",
        form=form,
        damaged=("?" in raw_title or "\ufffd" in raw_title) and bool(_DAMAGED.search(raw_title)),
        forthcoming=is_forthcoming(fields),
        announced=fold(note[:200]) if form in {"draft", "talk"} and note else "",
        marker=_marker(raw_title, note) if note or "(" in raw_title or "[" in raw_title else "",
        version=""
        if form in _PERIODIC
        else _version_of(value("version", ""), raw_title if has_digit else "", note, form),
        chapter=_first_number(fields["chapter"]) if "chapter" in fields else "",
        publisher=fold(publisher[:200]) if publisher else "",
        editors=_families(fields["editor"]) if "editor" in fields else (),
        translators=_families(fields["translator"]) if "translator" in fields else (),
        month=month,
        day=day,
        url=_address(address) if address else "",
        series=fold(series[:200]) if series else "",
        book=fold(book[:300]) if (book := book_title or main_title) else "",
        locator=locator[:40].lower().replace(" ", "").strip("{}") if locator else "",
        identifier=fold(number[:60]) if number and form in {"patent", "report"} else "",
        extent=extent,
        addition=fold(addition[:200]) if addition else "",
    )


def _archive(named: str | None) -> bool:
    """Whether an `eprint` is of arXiv, as far as its record says."""
    return not named or fold(named) in {"", "arxiv"}


def _year(dated: str) -> int:
    if year := _YEAR_NUMBERS.get(dated):
        return year
    match = _YEAR.search(dated)
    return int(match[1]) if match else 0


@lru_cache(maxsize=65536)
def _arxiv_in_venue(venue: str) -> str:
    return arxiv(venue)


def _notice_of(title: str, folded: str) -> str:
    """The notice that a title announces; `folded` is the title as compared, without what databases add."""
    if title[-1].isalnum() and title[0].isalnum() and title[0] not in "rRwW":
        for sign in _TRIMMED:
            if sign in title:
                break
        else:  # nothing was trimmed: no bracket, full stop or tag, no `Retracted` or `Withdrawn`
            return notice(folded)
    return notice(fold(_NOTICE_ELSEWHERE.sub("", title[:4000])))


def _whole_title(title: str, subtitle: str) -> str:
    if subtitle and fold(subtitle) not in fold(title):
        return f"{title.rstrip(' .:')}: {subtitle}"
    return title


def _marker(title: str, note: str) -> str:
    """What brackets in a title, or a note, say of the form: `extended version` of `On moss (extended version)`."""
    found = ["translation"] if note and _TRANSLATION.search(fold(note[:200])) else []
    for match in _BRACKETED.finditer(title[:600]) if "(" in title or "[" in title else ():
        words = fold(match[1]).split()
        words = [word for word in words if word not in SMALL_WORDS]
        named = words and FORM_WORDS.issuperset(words)
        # `(ed.)` is an editor; how a paper was presented only one source may say
        if named and words != ["ed"] and not _EVENT.issuperset(words):
            found.append(" ".join(words))
    return " ".join(found)


def _version_of(field: str, title: str, note: str, form: str) -> str:
    if field:
        match = _DOTTED.search(field) or _DIGITS.search(field)
        return match[0] if match else fold(field[:30])
    match = (_VERSION.search(title) if title else None) or (_VERSION.search(note[:200]) if note else None)
    if match:
        return match[1]
    if title and form in {"software", "dataset"} and (match := _DOTTED.search(title)):
        return match[1]
    return ""


def _date(date: str, month: str, day: str) -> tuple[str, str]:
    if match := _ISO_DATE.match(date):
        return str(int(match[2])), str(int(match[3])) if match[3] else ""
    word = fold(month[:30]).split() if month else []
    if not word:
        return "", ""
    number = _MONTHS.get(word[0], str(int(word[0])) if word[0].isdigit() else "")
    days = _DIGITS.search(day)
    return number, str(int(days[0])) if days else ""


def _families(names: str) -> tuple[str, ...]:
    return tuple(sorted(parse_authors(names).families))


def _address(value: str) -> str:
    """A URL without what makes no difference; empty where there is none."""
    if "/" not in value and "www" not in value:
        return ""
    match = re.search(r"(?:https?://|www\.)[^\s{}<>\\]+", value)
    if not match:
        return ""
    address = re.sub(r"^https?://(?:www\.)?|^www\.", "", match[0].lower())
    return re.sub(r"[#].*$|/+$|/index\.html?$", "", address)


_HEADING = re.compile(
    r"^(?:abstract|background|objectives?|purpose|aims?|introduction|summary|context|importance|"
    r"source citation)\s+(?:and\s+\w+\s+)?"
)


def _abstract(value: str) -> str:
    """The folded words of an abstract without the heading that some databases add; too short a text is none."""
    if len(value) < 40:
        return ""
    text = fold(value[: _ABSTRACT_LIMIT + 300])
    text = _HEADING.sub("", text)
    return text[:_ABSTRACT_LIMIT] if len(text) >= 30 else ""


def folded_abstract(record: Record) -> str:
    """The abstract of a record as its profile has it."""
    own = {"abstract": record.fields.get("abstract", "")}
    return _abstract(_values(own, latex=record.markup == "latex").get("abstract", ""))


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
