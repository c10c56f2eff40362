"""Rules about duplicates: the deduplicator's result as findings."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from refsync.check.rules.identifiers import identifiers
from refsync.dedup.results import Deduplication, Link
from refsync.dedup.vetoes import meaning
from refsync.records import Record

_OTHER_VERSION = "is another version of"
_EITHER = {"edition-of": "is another edition of"}
_EARLIER = {"preprint-of": "is a preprint of", "conference-version-of": "is the conference version of"}
_LATER = {"preprint-of": "is the published form of", "conference-version-of": "is the journal version of"}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record (by its index) that duplicates another one or may do so, with the rule's code and the message."""

    index: int
    code: str
    message: str
    other: int


def duplicates(
    records: Sequence[Record],
    deduplication: Deduplication,
    compared: Callable[[str, str], bool],
    known: int = 0,
    excluded: Collection[int] = (),
) -> Iterator[Duplicate]:
    """RS101 to RS104: each at a record that is not in the library (the first `known` records).

    Clusters, which `dedupe --write` and `run` merge without asking, are errors; the pairs that they ask about are
    notes (RS103).

    Args:
        records: all records.
        deduplication: the result for them.
        compared: whether duplicates are reported between two sources.
        known: how many of the first records are the library's.
        excluded: the records that a comment keeps from being merged.
    """

    @cache
    def identifiers_of(index: int) -> list[str]:
        return identifiers(records[index])

    for cluster in deduplication.clusters:
        members = [i for i in cluster.members if i not in excluded]
        for place, index in enumerate(members):
            mine = [i for i in members[:place] if compared(records[i].source, records[index].source)]
            if not mine or index < known:
                continue
            first = mine[0]
            shared = _shared_identifier(records, index, (first, *members), identifiers_of)
            code, why = ("RS101", shared) if shared else ("RS102", f"p={cluster.probability:.3f}")
            message = f"is the same paper as {_name(records[first], records[index])}: {why}"
            yield Duplicate(index, code, message, first)
    for link in deduplication.review:
        first, second = sorted(link.members)
        if compared(records[first].source, records[second].source):
            yield _possible_duplicate(records, first, second, link)
    for link in deduplication.versions:
        one, other = link.members
        words, index, beside = (_EARLIER, one, other) if one >= known else (_LATER, other, one)
        if compared(records[one].source, records[other].source):
            relation = words.get(link.relation) or _EITHER.get(link.relation, _OTHER_VERSION)
            yield Duplicate(index, "RS104", f"{relation} {_name(records[beside], records[index])}", beside)


def _possible_duplicate(records: Sequence[Record], first: int, second: int, link: Link) -> Duplicate:
    vetoes = link.evidence[0].vetoes if link.evidence else ()
    why = f"; in doubt: {meaning(vetoes[0])}" if vetoes else f": p={link.probability:.2f}"
    message = f"may be the same paper as {_name(records[first], records[second])}{why}"
    return Duplicate(second, "RS103", message, first)


def _shared_identifier(
    records: Sequence[Record], index: int, others: Sequence[int], identifiers_of: Callable[[int], list[str]]
) -> str:
    """`same DOI 10.5555/1`, an identifier that a record shares with another one of its cluster; empty if there is none.

    The other one is named where it is not the first of them, which the message is about.
    """
    own = identifiers_of(index)
    for other in others if own else ():
        if other != index and (shared := [name for name in own if name in identifiers_of(other)]):
            place = "" if other == others[0] else f" as {_name(records[other], records[index])}"
            return f"same {shared[0]}{place}"
    return ""


def _name(record: Record, seen_from: Record) -> str:
    """How to name another record: by key and line, and by its file if that is another one."""
    place = f"line {record.line}" if record.source == seen_from.source else f"{record.source}:{record.line}"
    return f"the entry in {place}" if record.id.startswith("#") else f"{record.id!r} ({place})"
