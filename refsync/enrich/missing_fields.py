"""The fields that a record lacks, and what it can be looked up by. Pure."""

import re
from collections.abc import Sequence

from refsync.dedup.profile import Profile
from refsync.enrich.services import LookupKeys
from refsync.enrich.settings import Wanted
from refsync.formats.common.dialect import Dialect
from refsync.records import Record
from refsync.text.latex import latex_to_text
from refsync.text.names import parse_name, split_names

_EQUIVALENT_FIELDS: dict[Wanted, tuple[str, ...]] = {
    "author": ("author", "authors"),
    "year": ("year", "date", "issued"),
    "venue": ("journal", "journaltitle", "booktitle", "maintitle"),
    "number": ("number", "issue"),
    "pages": ("pages", "eid", "articleno"),
    "eprint": ("eprint", "arxiv", "arxivid"),
}
"""The fields that count as one of these, where there is more than the field of that name."""

_EDITED_TYPES = frozenset("book proceedings collection mvbook mvproceedings mvcollection periodical".split())
_STANDALONE_TYPES = frozenset(
    "book proceedings phdthesis mastersthesis thesis techreport report dataset software".split()
)
"""Types of works that are in no journal or book, and have no pages there."""

_INHERITED_FIELDS = frozenset({"venue", "year", "volume", "number", "publisher", "editor", "isbn", "issn"})
"""Fields that an entry may inherit from the one that it names in `crossref` or `xdata`."""

_BIBLATEX = {"journal": "journaltitle", "year": "date", "archiveprefix": "eprinttype", "primaryclass": "eprintclass"}
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_MAX_QUERY_CHARACTERS = 300
_MAX_QUERY_WORDS = 30


def missing_fields(record: Record, profile: Profile, wanted: Sequence[Wanted]) -> list[Wanted]:
    """The wanted fields that a record lacks and that a work of its type has."""
    type_ = record.type.lower()
    skipped: set[str] = set()
    if record.get("crossref", "xdata"):
        skipped |= _INHERITED_FIELDS
    if type_ in _EDITED_TYPES and record.get("editor", "author"):
        skipped |= {"author", "editor"}
    if type_ in _STANDALONE_TYPES:
        skipped |= {"venue", "number", "pages"}
    if profile.doi or record.get("doi"):
        skipped.add("doi")
    if profile.arxiv:
        skipped.add("eprint")
    if profile.preprint:  # only the published version has these
        skipped |= {"venue", "volume", "number", "pages"}
    return [
        name
        for name in wanted
        if name not in skipped and not any(record.get(field).strip() for field in _EQUIVALENT_FIELDS.get(name, (name,)))
    ]


def lookup_keys(record: Record, profile: Profile) -> LookupKeys:
    """What a record can be looked up by."""
    title = _plain(record, record.get("title"))
    authors = _plain(record, record.get("author", "authors"))
    names = split_names(authors)[0] if authors else []
    family = _plain(record, parse_name(names[0]).family) if names else ""
    return LookupKeys(
        doi=profile.doi,
        arxiv=profile.arxiv,
        title=title[:_MAX_QUERY_CHARACTERS],
        words=search_words(title),
        family=family,
        year=str(profile.year or ""),
    )


def search_words(title: str) -> str:
    """The words of a title for the query of any service: without punctuation, and without short parts at apostrophes.

    >>> search_words("Two's complement: kelp-forests & the α of L'Hôpital")
    'complement kelp forests the α of Hôpital'
    """
    words: list[str] = []
    for word in _WORD.findall(title):
        parts = re.split(r"['’]", word)
        # services keep an apostrophe in a word or split the word there; only a long part matches in both cases
        words += parts if len(parts) == 1 else [part for part in parts if len(part) > 3]
    return " ".join(words[:_MAX_QUERY_WORDS])[:_MAX_QUERY_CHARACTERS].strip()


def found_values(found: Record, name: Wanted, record: Record) -> dict[str, str]:
    """The fields and values (with BibTeX names) of a found record for one missing field.

    A journal is used for articles and works of unknown type, a book for works in books.
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


def field_in_dialect(field: str, dialect: Dialect | None) -> str:
    """The name of a field in the dialect of a library."""
    return _BIBLATEX.get(field, field) if dialect == "biblatex" else field


def is_untyped(record: Record) -> bool:
    """Whether the type of a record is unknown: readers of lists and tables without types give `misc`."""
    return record.type == "misc" and record.markup == "text"


def _plain(record: Record, value: str) -> str:
    return latex_to_text(value) if record.markup == "latex" or "\\" in value else value
