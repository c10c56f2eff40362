"""The entries of a library by name and by place, with the entries that they are compared with. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from refsync.check.rules.citation_keys import citable_keys
from refsync.lsp.library import CheckedLibrary
from refsync.records import Record
from refsync.text.latex import latex_to_text
from refsync.text.printable import printable


@dataclass(frozen=True, slots=True)
class Mate:
    """Another entry that is the same paper, a version of it, or one of the two."""

    index: int
    kind: Literal["same", "version", "maybe"]
    probability: float
    relation: str = ""


def mates(library: CheckedLibrary, index: int) -> Iterator[Mate]:
    """The entries that a record was found to belong with."""
    found = library.deduplication
    for cluster in found.clusters:
        if index in cluster.members:
            yield from (Mate(i, "same", cluster.probability) for i in cluster.members if i != index)
    for link in (*found.versions, *found.review):
        if index in link.members:
            (other,) = [i for i in link.members if i != index] or [index]
            if other != index:
                yield Mate(other, "version" if link.relation else "maybe", link.probability, link.relation)


def record_at(library: CheckedLibrary, source: str, line: int) -> int | None:
    """The record whose entry begins in a line, counted from 1."""
    return next((i for i, one in enumerate(library.records) if one.source == source and one.line == line), None)


def record_named(library: CheckedLibrary, key: str, source: str = "") -> int | None:
    """The first record with a key or an alias, of a file if one is named."""
    found = [i for i, one in enumerate(library.records) if not source or one.source == source]
    exact = next((i for i in found if library.records[i].id == key), None)
    return exact if exact is not None else next((i for i in found if key in citable_keys(library.records[i])), None)


def is_editable(library: CheckedLibrary, index: int) -> bool:
    """Whether an entry may be changed: it is in a .bib file that was read without fault, not in the library beside."""
    record = library.records[index]
    return index >= library.reading.known and record.source in editable_sources(library)


def editable_sources(library: CheckedLibrary) -> list[str]:
    """The files that may be changed."""
    faulty = {item.source for item in library.reading.problems if item.fatal or item.code == "conflict-marker"}
    own = library.reading.snapshots[library.reading.libraries :]
    return [item.source for item in own if item.format == "bibtex" and item.source not in faulty]


def plain(record: Record, *names: str) -> str:
    """The value of a field as one line of plain text that an editor can show."""
    value = record.get(*names)
    return " ".join(printable(latex_to_text(value) if record.markup == "latex" else value).split())


def reference(record: Record) -> str:
    """A record as a reference on one line: names, year, title, venue."""
    names = plain(record, "author", "editor")
    year = plain(record, "year", "date")[:10]
    venue = plain(record, "journal", "journaltitle", "booktitle", "publisher", "school", "institution", "howpublished")
    volume, number, pages = (plain(record, name) for name in ("volume", "number", "pages"))
    where = ", ".join(part for part in (venue, volume + (f"({number})" if number else ""), pages) if part)
    parts = [_shortened_names(names), f"({year})" if year else "", plain(record, "title"), where]
    text = ". ".join(part for part in (" ".join(filter(None, parts[:2])), *parts[2:]) if part)
    doi = plain(record, "doi")
    return f"{text}." + (f" doi:{doi}" if doi else "")


def _shortened_names(names: str) -> str:
    one_by_one = names.split(" and ")
    return "; ".join(one_by_one[:3]) + (" et al." if len(one_by_one) > 3 else "")


def shown_key(record: Record, others: Sequence[Record] = ()) -> str:
    """How to name a record: by its key, or its line where it has none, and its file where others are elsewhere."""
    name = f"line {record.line}" if record.id.startswith("#") else record.id
    elsewhere = any(other.source != record.source for other in others)
    return printable(f"{name} ({record.source})" if elsewhere else name)
