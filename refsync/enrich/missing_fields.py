"""What a record lacks, and what it can be looked up by. Pure."""

import re
from collections.abc import Sequence

from refsync.dedup.profile import Profile
from refsync.enrich.services import Sought
from refsync.enrich.settings import Wanted
from refsync.formats.bibtex.dialect import Dialect
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.text.names import parse_name, split_names

_SAID_BY: dict[Wanted, tuple[str, ...]] = {
    "author": ("author", "authors"),
    "year": ("year", "date", "issued"),
    "venue": ("journal", "journaltitle", "booktitle", "maintitle"),
    "number": ("number", "issue"),
    "pages": ("pages", "eid", "articleno"),
    "eprint": ("eprint", "arxiv", "arxivid"),
}
"""The fields that say it already, where that is not only the one of its name."""

_EDITED = frozenset("book proceedings collection mvbook mvproceedings mvcollection periodical".split())
_WITHOUT_PLACE = frozenset("book proceedings phdthesis mastersthesis thesis techreport report dataset software".split())
"""Types of works that stand in no journal and no book, and have no pages there."""

_OF_THE_WHOLE = frozenset({"venue", "year", "volume", "number", "publisher", "editor", "isbn", "issn"})
"""What an entry may have from the one that it refers to by `crossref` or `xdata`."""

_BIBLATEX = {"journal": "journaltitle", "year": "date", "archiveprefix": "eprinttype", "primaryclass": "eprintclass"}
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_LONGEST_QUERY = 300  # characters; and no more words than this
_MOST_WORDS = 30


def lacking(record: Record, profile: Profile, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those of the wanted fields that a record lacks, and that a work of its kind has."""
    type_ = record.type.lower()
    skipped: set[str] = set()
    if record.get("crossref", "xdata"):
        skipped |= _OF_THE_WHOLE
    if type_ in _EDITED and record.get("editor", "author"):
        skipped |= {"author", "editor"}
    if type_ in _WITHOUT_PLACE:
        skipped |= {"venue", "number", "pages"}
    if profile.doi or record.get("doi"):
        skipped.add("doi")
    if profile.arxiv:
        skipped.add("eprint")
    if profile.preprint:  # its published form has these
        skipped |= {"venue", "volume", "number", "pages"}
    return [
        name
        for name in wanted
        if name not in skipped and not any(record.get(field).strip() for field in _SAID_BY.get(name, (name,)))
    ]


def sought(record: Record, profile: Profile) -> Sought:
    """What a record can be looked up by."""
    title = _plain(record, record.get("title"))
    people = _plain(record, record.get("author", "authors"))
    names = split_names(people)[0] if people else []
    family = _plain(record, parse_name(names[0]).family) if names else ""
    year = str(profile.year or "")
    return Sought(profile.doi, profile.arxiv, title[:_LONGEST_QUERY], search_words(title), family, year)


def search_words(title: str) -> str:
    """The words of a title as they can stand in any service's query: without signs, and without what these part.

    >>> search_words("Two's complement: kelp-forests & the α of L'Hôpital")
    'complement kelp forests the α of Hôpital'
    """
    words: list[str] = []
    for found in _WORD.findall(title):
        parts = re.split(r"['’]", found)
        # a service may keep an apostrophe in its word or part the word there: only a long part is the same in both
        words += parts if len(parts) == 1 else [part for part in parts if len(part) > 3]
    return " ".join(words[:_MOST_WORDS])[:_LONGEST_QUERY].strip()


def found_values(found: Record, name: Wanted, record: Record) -> dict[str, str]:
    """The fields (in BibTeX's words), with their values, that a found record has for what is lacking.

    A journal is for articles and works of no certain kind, a book for what stands in books.
    """
    names: tuple[str, ...] = (name,)
    if name == "venue":
        type_ = record.type.lower()
        in_book = type_ in ("inproceedings", "conference", "incollection", "inbook")
        field = "journal" if found.get("journal") and not in_book else "booktitle"
        names = (field,) if field == "journal" or type_ != "article" else ()
    elif name == "pages":
        names = ("pages",) if found.get("pages") else ("eid",)
    elif name == "eprint":
        names = ("eprint", "archiveprefix", "primaryclass")
    return {field: value for field in names if (value := found.get(field))}


def in_dialect(field: str, dialect: Dialect | None) -> str:
    """A field's name in the words of a library."""
    return _BIBLATEX.get(field, field) if dialect == "biblatex" else field


def is_untyped(record: Record) -> bool:
    """Whether a record's type says nothing: lists, listings and tables without one give `misc`."""
    return record.type == "misc" and record.markup == "text"


def _plain(record: Record, value: str) -> str:
    return to_text(value) if record.markup == "latex" or "\\" in value else value
