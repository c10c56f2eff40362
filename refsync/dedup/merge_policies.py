"""Which of several values of one field a merged record takes."""

import re
from collections.abc import Callable, Mapping, Sequence

from refsync.dedup.publication_block import BLOCK
from refsync.dedup.record_values import plain
from refsync.dedup.settings import Policy
from refsync.dedup.united_values import LISTS, is_united
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.garbled import is_garbled
from refsync.text.identifiers import doi
from refsync.text.names import is_initials, parse_name, split_names
from refsync.text.pages import parse_pages
from refsync.text.similarity import author_similarity

Rank = Callable[[Record, str], tuple[float, ...]]
"""How good a record's value of a field is. Equals go to the record that is cited, then to the more complete one."""

_DEFAULTS: Mapping[str, Policy] = {
    **dict.fromkeys(
        ("author", "editor", "title", "journal", "journaltitle", "booktitle", "pages", "doi"), "most-complete"
    ),
    "abstract": "longest",
    **dict.fromkeys(LISTS, "union"),
}


_LONGEST_TITLE = 1000
_SAME_PEOPLE = 0.6


def default_policy(name: str) -> Policy:
    """The policy of a field that the settings do not name."""
    return _DEFAULTS.get(name) or ("join" if name not in BLOCK and is_united(name) else "first")


def best_of(having: Sequence[Record], name: str, policy: Policy) -> Record:
    """The record whose value of a field is taken: of equals the first, and one with garbled letters last.

    Of names those of other people than the first record's are not taken.
    """
    rank = _rank_by(policy, name)
    if rank is _names:
        own = next((text for one in having if not is_garbled(text := plain(one, name))), "")
        having = [one for one in having if author_similarity(own, plain(one, name)) >= _SAME_PEOPLE] or having
    return max(having, key=lambda record: (not is_garbled(record.fields[name]), rank(record, name)))


def best_title(having: Sequence[Record], policy: Policy) -> Record:
    """The record whose title and subtitle are taken: of equals the first, or one that continues it."""
    best = best_of(having, "title", policy)
    if policy != "most-complete":
        return best
    rank, start = _title(best, "title"), fold(_full_title(best))
    for record in having:
        longer = fold(_full_title(record))
        if (
            longer != start
            and longer.startswith(f"{start} ")
            and _continues(record, start)
            and (_title(record, "title") >= rank)
        ):
            best, start = record, longer
    return best


def _full_title(record: Record) -> str:
    return " : ".join(filter(None, (plain(record, "title"), plain(record, "subtitle"))))


def _continues(record: Record, start: str) -> bool:
    """Whether a title goes on after a folded one with a subtitle: behind a colon or dash, or in a field of its own."""
    text = _full_title(record)[:_LONGEST_TITLE]
    return any(fold(text[:at]) == start for at, char in enumerate(text) if char in ":?!–—")


def _rank_by(policy: Policy, name: str) -> Rank:
    """The ranking of a policy for a field. `first`, `ask`, `join` and `union` leave the order as it is."""
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
    """The list with most names, then with most given names spelt out, accents, and letters.

    `Doe, Jane` says more than `Doe, J.`, and `Müller, Jörg` than `Mueller, Joerg`, which has more letters.
    """
    text = plain(record, name)
    names, truncated = split_names(text)
    given = [parse_name(one).given for one in names]
    spelt = sum(bool(one) and not is_initials(one) for one in given)
    accents = sum(char.isalpha() and not char.isascii() for char in text)
    return (len(names) - 0.5 * truncated, spelt, _has_case(text), accents, sum(map(str.isalpha, "".join(names))))


def _pages(record: Record, name: str) -> tuple[float, ...]:
    pages = parse_pages(plain(record, name))
    return (bool(pages.first) + bool(pages.last),)


def _title(record: Record, name: str) -> tuple[float, ...]:
    """A title that is cut off says less than a whole one, and one all in capitals has lost its case."""
    text = plain(record, name).rstrip(" .}")
    cut_off = text.endswith("…") or plain(record, name).rstrip(" }").endswith("...")
    return (not cut_off, _has_case(text))


def _has_case(text: str) -> bool:
    """Whether not all letters of a text are capitals."""
    letters = [char for char in text if char.upper() != char.lower()]
    return not letters or not all(char.isupper() for char in letters)


def _venue(record: Record, name: str) -> tuple[float, ...]:
    """A name written out says more than an abbreviated one (`Proc. Natl. Acad. Sci.`), and one in capitals least."""
    text = plain(record, name)
    return (_has_case(text), -len(_ABBREVIATED.findall(text)))


_ABBREVIATED = re.compile(r"^\w\.|\w\w\.(?=\s|$)")
"""Not initials of a person in a title: `In honour of Jane A. Doe`."""


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
