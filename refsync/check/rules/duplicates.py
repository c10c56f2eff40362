"""Rules about duplicates: what the deduplicator's verdicts mean for a bibliography."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from refsync.dedup.results import Deduplication, Link
from refsync.records import Record
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi, isbns, pmcid, pmid

_ANOTHER = "is another version of"
_IS = {"preprint-of": "is a preprint of", "conference-version-of": "is the conference version of"}
_HAS = {"preprint-of": "is the published form of", "conference-version-of": "is the journal version of"}


@dataclass(frozen=True, slots=True)
class Repeat:
    """What is found about the record with this index, seen beside another."""

    index: int
    code: str
    message: str
    other: int


def within_files(records: Sequence[Record], found: Deduplication) -> Deduplication:
    """The same verdicts for each file by itself: no cluster, link or question spans two."""
    clusters = []
    for cluster in found.clusters:
        by_source: dict[str, list[int]] = {}
        for member in cluster.members:
            by_source.setdefault(records[member].source, []).append(member)
        clusters += [replace(cluster, members=tuple(group)) for group in by_source.values() if len(group) > 1]

    def inside(link: Link) -> bool:
        one, other = link.members
        return records[one].source == records[other].source

    return Deduplication(tuple(clusters), tuple(filter(inside, found.versions)), tuple(filter(inside, found.review)))


def repeats(records: Sequence[Record], found: Deduplication, certain: float, known: int = 0) -> Iterator[Repeat]:
    """RS101 to RS104: each at a record that is not of the library (the first `known` records).

    Clusters less probable than `certain` are told as RS103: a paper and the report that it came from may be meant.
    """
    for cluster in found.clusters:
        first, *others = cluster.members
        for index in others:
            if cluster.probability < certain:
                yield _perhaps(records, first, index, cluster.probability)
                continue
            shared = _shared(records, index, cluster.members)
            code, why = ("RS101", f"same {shared}") if shared else ("RS102", f"p={cluster.probability:.3f}")
            told = f"is the same paper as {_name(records[first], records[index])}: {why}"
            yield Repeat(index, code, told, first)
    for link in found.review:
        first, second = sorted(link.members)
        yield _perhaps(records, first, second, link.probability)
    for link in found.versions:
        one, other = link.members
        words, at, beside = (_IS, one, other) if one >= known else (_HAS, other, one)
        relation = words.get(link.relation, _ANOTHER)
        yield Repeat(at, "RS104", f"{relation} {_name(records[beside], records[at])}", beside)


def _perhaps(records: Sequence[Record], first: int, second: int, probability: float) -> Repeat:
    told = f"may be the same paper as {_name(records[first], records[second])}: p={probability:.2f}"
    return Repeat(second, "RS103", told, first)


def _shared(records: Sequence[Record], index: int, members: Sequence[int]) -> str:
    """An identifier that a record shares with another one of its cluster, with its kind."""
    own = _identifiers(records[index])
    for other in members:
        if other != index and (shared := [name for name in own if name in _identifiers(records[other])]):
            return shared[0]
    return ""


def _identifiers(record: Record) -> list[str]:
    number = doi(record.get("doi")) or doi(record.get("url"))
    preprint = (
        arxiv(record.get("eprint"), bare=True)
        or arxiv_of_doi(number)
        or arxiv(record.get("url"))
        or arxiv(record.get("journal", "note"))
    )
    book = isbns(record.get("isbn")) if record.type in ("book", "mvbook", "collection", "proceedings") else ()
    found = {
        "DOI": number,
        "arXiv number": preprint,
        "PubMed number": pmid(record.get("pmid"), bare=True),
        "PubMed Central number": pmcid(record.get("pmcid")),
        "ISBN": next(iter(book), ""),
    }
    return [f"{kind} {value}" for kind, value in found.items() if value]


def _name(record: Record, seen_from: Record) -> str:
    """How to name another record: by key and line, and by its file where it is in another one."""
    place = f"line {record.line}" if record.source == seen_from.source else f"{record.source}:{record.line}"
    return f"the entry in {place}" if record.id.startswith("#") else f"{record.id!r} ({place})"
