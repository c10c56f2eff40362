"""Rules about duplicates: the deduplicator's result as findings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from refsync.dedup.results import Deduplication, Link
from refsync.dedup.vetoes import meaning
from refsync.records import Record
from refsync.text.identifiers import arxiv, arxiv_of_doi, doi, isbns, pmcid, pmid

_OTHER_VERSION = "is another version of"
_EARLIER = {"preprint-of": "is a preprint of", "conference-version-of": "is the conference version of"}
_LATER = {"preprint-of": "is the published form of", "conference-version-of": "is the journal version of"}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record (by its index) that duplicates another one or may do so, with the rule's code and the message."""

    index: int
    code: str
    message: str
    other: int


def within_files(records: Sequence[Record], deduplication: Deduplication) -> Deduplication:
    """The same result for each file by itself: no cluster and no link spans two files."""
    clusters = []
    for cluster in deduplication.clusters:
        by_source: dict[str, list[int]] = {}
        for member in cluster.members:
            by_source.setdefault(records[member].source, []).append(member)
        clusters += [replace(cluster, members=tuple(group)) for group in by_source.values() if len(group) > 1]

    def inside(link: Link) -> bool:
        one, other = link.members
        return records[one].source == records[other].source

    return Deduplication(
        clusters=tuple(clusters),
        versions=tuple(filter(inside, deduplication.versions)),
        review=tuple(filter(inside, deduplication.review)),
    )


def duplicates(records: Sequence[Record], deduplication: Deduplication, known: int = 0) -> Iterator[Duplicate]:
    """RS101 to RS104: each at a record that is not in the library (the first `known` records).

    Clusters, which `dedupe --write` and `run` merge without asking, are errors; the pairs that they ask about are
    notes (RS103).
    """
    for cluster in deduplication.clusters:
        first, *others = cluster.members
        for index in others:
            shared = _shared_identifier(records, index, cluster.members)
            code, why = ("RS101", shared) if shared else ("RS102", f"p={cluster.probability:.3f}")
            message = f"is the same paper as {_name(records[first], records[index])}: {why}"
            yield Duplicate(index, code, message, first)
    for link in deduplication.review:
        first, second = sorted(link.members)
        yield _possible_duplicate(records, first, second, link)
    for link in deduplication.versions:
        one, other = link.members
        words, index, beside = (_EARLIER, one, other) if one >= known else (_LATER, other, one)
        relation = words.get(link.relation, _OTHER_VERSION)
        yield Duplicate(index, "RS104", f"{relation} {_name(records[beside], records[index])}", beside)


def _possible_duplicate(records: Sequence[Record], first: int, second: int, link: Link) -> Duplicate:
    vetoes = link.evidence[0].vetoes if link.evidence else ()
    why = f"; in doubt: {meaning(vetoes[0])}" if vetoes else f": p={link.probability:.2f}"
    message = f"may be the same paper as {_name(records[first], records[second])}{why}"
    return Duplicate(second, "RS103", message, first)


def _shared_identifier(records: Sequence[Record], index: int, members: Sequence[int]) -> str:
    """`same DOI 10.5555/1`, an identifier that a record shares with another one of its cluster; empty if there is none.

    The other one is named where it is not the first of the cluster, which the message is about.
    """
    own = _identifiers(records[index])
    for other in members if own else ():
        if other != index and (shared := [name for name in own if name in _identifiers(records[other])]):
            place = "" if other == members[0] else f" as {_name(records[other], records[index])}"
            return f"same {shared[0]}{place}"
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
    """How to name another record: by key and line, and by its file if that is another one."""
    place = f"line {record.line}" if record.source == seen_from.source else f"{record.source}:{record.line}"
    return f"the entry in {place}" if record.id.startswith("#") else f"{record.id!r} ({place})"
