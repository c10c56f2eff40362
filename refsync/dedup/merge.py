"""Merging: one record out of several of one paper, field by field, and nothing lost."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from refsync.records import Markup, Record
from refsync.text.fold import fold
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi
from refsync.text.latex import from_text, to_text
from refsync.text.names import split_names
from refsync.text.pages import parse_pages
from refsync.text.venues import fold_venue, is_preprint


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging gave.

    `origin` names, per field (and `type`), the source and index of the record whose value was taken. `not_chosen` are
    the values that differ from the one taken: (field, value as it stood, source, index).
    """

    record: Record
    origin: Mapping[str, tuple[str, int]]
    not_chosen: tuple[tuple[str, str, str, int], ...]


VERBATIM = frozenset(
    {"url", "doi", "file", "eprint", "isbn", "issn", "pmid", "pmcid", "crossref", "ids", "eprinttype", "archiveprefix",
     "primaryclass", "verba", "verbb", "pdf", "localfile"}
)  # fmt: skip
_UNION = {"keywords": ", ", "groups": ", ", "tags": ", "}
_GENERAL_TYPES = ("", "misc", "unpublished", "online", "electronic", "www", "other", "preprint", "manual")
_CONTAINERS = (
    ({"article"}, ("journal", "journaltitle"), ("booktitle",)),
    ({"inproceedings", "conference", "incollection", "inbook"}, ("booktitle",), ("journal", "journaltitle")),
)
_PLACE = ("journal", "journaltitle", "booktitle", "year", "date", "volume", "number", "pages", "doi", "publisher")


def _plain(record: Record, name: str) -> str:
    value = record.fields.get(name, "")
    return to_text(value) if record.markup == "latex" and name not in VERBATIM else value


def _content(record: Record) -> tuple[object, ...]:
    """Orders records by what they say, then by where they are from: never by the order they came in."""
    return (record.type, sorted(record.fields.items()), record.markup, record.id, record.source, record.index)


def _is_preprint(record: Record) -> bool:
    venue = fold_venue(_plain(record, "journal") or _plain(record, "journaltitle") or _plain(record, "booktitle"))
    if venue:
        return is_preprint(venue)
    return is_preprint("", doi(record.get("doi"))) or bool(record.get("eprint") and not record.get("doi"))


def _arxiv(record: Record) -> str:
    return arxiv_of_doi(doi(record.get("doi"))) or next(
        (
            found
            for name in ("url", "journal", "journaltitle", "note", "howpublished")
            if (found := arxiv(record.get(name)))
        ),
        "",
    )


def survivor(members: Sequence[Record]) -> Record:
    """The most complete record: the published form first, then by the fields that place it, then by all it says.

    Ties go by content, at last by source and index; never by the order of the members.
    """

    def completeness(record: Record) -> tuple[int, ...]:
        filled = [name for name, value in record.fields.items() if value.strip()]
        return (
            not _is_preprint(record),
            record.type.lower() not in _GENERAL_TYPES,
            sum(name in filled for name in _PLACE),
            len(filled),
            sum(len(record.fields[name]) for name in filled),
        )

    best = max(map(completeness, members))
    return min((record for record in members if completeness(record) == best), key=_content)


Rank = Callable[[Record, str], tuple[float, ...]]
"""How good a record's value of a field is; the survivor's wins a tie."""


def _authors(record: Record, name: str) -> tuple[float, ...]:
    """The list with most names, then with most letters spelt out: `Doe, Jane` says more than `Doe, J.`."""
    names, truncated = split_names(_plain(record, name))
    return (len(names) - 0.5 * truncated, sum(char.isalpha() for entry in names for char in entry))


def _longest(record: Record, name: str) -> tuple[float, ...]:
    return (len(fold(_plain(record, name))),)


def _pages(record: Record, name: str) -> tuple[float, ...]:
    pages = parse_pages(_plain(record, name))
    return (bool(pages.first) + bool(pages.last),)


def _title(record: Record, name: str) -> tuple[float, ...]:
    """A title all in capitals has lost its case."""
    letters = [char for char in _plain(record, name) if char.isalpha()]
    return (not (letters and all(char.isupper() for char in letters if char.upper() != char.lower())),)


def _bare_doi(record: Record, name: str) -> tuple[float, ...]:
    value = record.fields.get(name, "").strip().lower()
    return (bool(doi(value)) + (doi(value) == value),)


_POLICIES: Mapping[str, Rank] = {
    "author": _authors,
    "editor": _authors,
    "abstract": _longest,
    "pages": _pages,
    "title": _title,
    "doi": _bare_doi,
}


def merge_cluster(members: Sequence[Record]) -> Merged:
    """Merges records of one paper into one; the result does not depend on their order.

    The survivor's values are kept and what it lacks is filled from the others (the most complete first); authors are
    the most complete list, the abstract the longest, keywords the union, a general type gives way to a specific one;
    a published form that takes in its arXiv preprint gets the number as `eprint`.
    A record of several mark-ups is LaTeX. Identity (`source`, `index`, `id`, `line`) is the survivor's.

    Raises:
        ValueError: there are no members.
    """
    if not members:
        raise ValueError("there is nothing to merge")
    first = survivor(members)
    rest = sorted((record for record in members if record is not first), key=_content)
    ordered: list[Record] = [first]
    while rest:  # the next most complete first
        following = survivor(rest)
        ordered.append(following)
        rest = [record for record in rest if record is not following]
    markup: Markup = "latex" if any(record.markup == "latex" for record in members) else "text"

    def written(record: Record, name: str) -> str:
        value = record.fields[name]
        return from_text(value) if markup == "latex" and record.markup == "text" and name not in VERBATIM else value

    fields: dict[str, str] = {}
    origin: dict[str, tuple[str, int]] = {}
    dropped: list[tuple[str, str, str, int]] = []
    kind = next((r for r in ordered if r.type.lower() not in _GENERAL_TYPES), first)
    origin["type"] = (kind.source, kind.index)
    dropped.extend(("type", r.type, r.source, r.index) for r in ordered if r.type != kind.type)
    for name in dict.fromkeys(name for record in ordered for name in record.fields):
        having = [record for record in ordered if record.fields.get(name, "").strip()]
        if not having:
            continue
        chosen = _choose(name, having)
        value = _union(name, having, written) if name in _UNION else written(chosen, name)
        fields[name] = value
        origin[name] = (chosen.source, chosen.index)
        dropped.extend(
            (name, record.fields[name], record.source, record.index)
            for record in having
            if name not in _UNION and written(record, name) != value
        )
    for name in _misplaced(kind.type, fields):
        del fields[name], origin[name]
        dropped = [entry for entry in dropped if entry[0] != name]
        dropped.extend((name, r.fields[name], r.source, r.index) for r in ordered if r.fields.get(name, "").strip())
    if "eprint" not in fields and not _is_preprint(first):
        # the published form survives and remembers its preprint
        for preprint in filter(_is_preprint, ordered):
            if number := _arxiv(preprint):
                fields |= {"eprint": number, "eprinttype": "arxiv"}
                origin["eprint"] = origin["eprinttype"] = (preprint.source, preprint.index)
                break
    record = Record(first.source, first.index, first.id, kind.type, fields, markup, first.line)
    return Merged(record, origin, tuple(sorted(set(dropped))))


def _choose(name: str, having: Sequence[Record]) -> Record:
    """The record whose value is best; `having` is sorted by completeness, and the first of the best is taken."""
    rank = _POLICIES.get(name)
    return max(having, key=lambda record: rank(record, name)) if rank else having[0]


def _union(name: str, having: Sequence[Record], written: Callable[[Record, str], str]) -> str:
    """Every word once, in the order of the records; separated as in the first."""
    found: dict[str, str] = {}
    separator = "; " if ";" in having[0].fields[name] else _UNION[name]
    for record in having:
        value = written(record, name)
        for word in re.split(r";" if ";" in value else r",", value):
            if word.strip():
                found.setdefault(fold(word) or word.strip(), word.strip())
    return separator.join(found.values())


def _misplaced(kind: str, fields: Mapping[str, str]) -> list[str]:
    """Containers that the merged type does not have: an article is not in a `booktitle` beside its journal."""
    for kinds, own, other in _CONTAINERS:
        if kind.lower() in kinds and any(name in fields for name in own):
            return [name for name in other if name in fields]
    return []
