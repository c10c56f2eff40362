"""Which of several values of one field a merged record takes."""

from collections.abc import Callable, Mapping

from refsync.dedup.settings import Policy
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi
from refsync.text.latex import VERBATIM_FIELDS, latex_to_text
from refsync.text.names import split_names
from refsync.text.pages import parse_pages
from refsync.text.venues import fold_venue, is_preprint

Rank = Callable[[Record, str], tuple[float, ...]]
"""How good a record's value of a field is. Equals go to the record that is more complete."""

DEFAULTS: Mapping[str, Policy] = {
    "author": "most-complete",
    "editor": "most-complete",
    "title": "most-complete",
    "journal": "most-complete",
    "journaltitle": "most-complete",
    "booktitle": "most-complete",
    "pages": "most-complete",
    "doi": "most-complete",
    "abstract": "longest",
    "keywords": "union",
    "groups": "union",
    "ids": "union",
    "tags": "union",
}
"""The policy of each field that the settings do not name; `first` for all others."""

GENERAL_TYPES = ("", "misc", "unpublished", "online", "electronic", "www", "other", "preprint", "manual")
_PLACE = ("journal", "journaltitle", "booktitle", "year", "date", "volume", "number", "pages", "doi", "publisher")


def plain(record: Record, name: str) -> str:
    """A record's value of a field as plain text."""
    value = record.fields.get(name, "")
    return latex_to_text(value) if record.markup == "latex" and name not in VERBATIM_FIELDS else value


def completeness(record: Record) -> tuple[float, ...]:
    """How much a record says: a specific type, then the fields that place it, then all it has."""
    filled = [name for name, value in record.fields.items() if value.strip()]
    return (
        record.type.lower() not in GENERAL_TYPES,
        sum(name in filled for name in _PLACE),
        len(filled),
        sum(len(record.fields[name]) for name in filled),
    )


def is_preprint_record(record: Record) -> bool:
    """Whether the record is the preprint form of a paper, by its venue, DOI or eprint number."""
    venue = fold_venue(plain(record, "journal") or plain(record, "journaltitle") or plain(record, "booktitle"))
    if venue:
        return is_preprint(venue)
    return is_preprint("", doi(record.get("doi"))) or bool(record.get("eprint") and not record.get("doi"))


def arxiv_number(record: Record) -> str:
    """The arXiv number that a record carries in its DOI, address, venue or notes, or an empty string."""
    places = ("url", "journal", "journaltitle", "note", "howpublished")
    found = (arxiv(record.get(name)) for name in places)
    return arxiv_of_doi(doi(record.get("doi"))) or next(filter(None, found), "")


def rank_by(policy: Policy, name: str) -> Rank:
    """The ranking of a policy for a field. `first`, `ask` and `union` leave the order as it is."""
    match policy:
        case "longest":
            return _longest
        case "newest":
            return _newest
        case "most-complete":
            return _COMPLETE.get(name, _longest)
    return _equal


def _equal(record: Record, name: str) -> tuple[float, ...]:
    return ()


def _longest(record: Record, name: str) -> tuple[float, ...]:
    return (len(fold(plain(record, name))),)


def _newest(record: Record, name: str) -> tuple[float, ...]:
    digits = "".join(char if char.isdigit() else " " for char in record.get("date", "year")).split()
    return tuple(map(float, digits[:3]))


def _names(record: Record, name: str) -> tuple[float, ...]:
    """The list with most names, then with most letters spelt out: `Doe, Jane` says more than `Doe, J.`."""
    names, truncated = split_names(plain(record, name))
    return (len(names) - 0.5 * truncated, sum(char.isalpha() for entry in names for char in entry))


def _pages(record: Record, name: str) -> tuple[float, ...]:
    pages = parse_pages(plain(record, name))
    return (bool(pages.first) + bool(pages.last),)


def _title(record: Record, name: str) -> tuple[float, ...]:
    """A title all in capitals has lost its case."""
    letters = [char for char in plain(record, name) if char.upper() != char.lower()]
    return (not letters or not all(char.isupper() for char in letters),)


def _venue(record: Record, name: str) -> tuple[float, ...]:
    """A name written out says more than an abbreviated one (`Proc. Natl. Acad. Sci.`), and one in capitals least."""
    abbreviated = sum(word.endswith(".") for word in plain(record, name).split())
    return (*_title(record, name), -abbreviated)


def _doi(record: Record, name: str) -> tuple[float, ...]:
    """A bare DOI before an address that holds one, and both before what is none."""
    value = record.fields.get(name, "").strip().lower()
    return (bool(doi(value)) + (doi(value) == value),)


_COMPLETE: Mapping[str, Rank] = {
    "author": _names,
    "editor": _names,
    "title": _title,
    "journal": _venue,
    "journaltitle": _venue,
    "booktitle": _venue,
    "pages": _pages,
    "doi": _doi,
}
