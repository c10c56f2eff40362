"""Identical records: those that agree in every compared field are one node, so that copies cost no comparisons."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

from refsync.dedup.inheritance import with_inherited
from refsync.dedup.profile import Profile, profile
from refsync.records import Record

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and of how much."""

_ENOUGH = 25  # issue numbers from which it is no chance that none repeats
_REPORT = 2000  # records between two reports of progress


@dataclass(frozen=True, slots=True)
class Nodes:
    """Profiles numbered by the rank of their content, never by the order in which the records came.

    `members` are the records of each node, the same one first in whatever order they are given; `of` is the node of
    each record; `library` are the nodes of records that their owner has deduplicated already, one record each;
    `excluded` are those that are compared with none.
    """

    profiles: list[Profile]
    members: list[tuple[int, ...]]
    of: list[int]
    library: frozenset[int]
    excluded: frozenset[int] = frozenset()


def _sources_without_issues(records: Sequence[Record]) -> Set[str]:
    """The sources whose `number` never repeats: a count of records or an accession number, no issue."""
    seen: dict[str, list[str]] = {}
    for record in records:
        if "number" in record.fields and record.type == "article":
            seen.setdefault(record.source, []).append(record.fields["number"])
    return {source for source, values in seen.items() if len(values) >= _ENOUGH and len({*values}) > 0.95 * len(values)}


def collapse(records: Sequence[Record], known: int, alone: Set[int], report: Progress) -> Nodes:
    """The nodes of records, of which the first `known` are a library; those in `alone` share a node with none."""
    profiles: dict[bytes, Profile] = {}
    names: list[bytes] = []
    unnumbered = _sources_without_issues(records)
    for i, record in enumerate(with_inherited(records)):
        if i % _REPORT == 0:
            report("normalise", i, len(records))
        normal = profile(record)
        if normal.number and record.source in unnumbered:
            normal = replace(normal, number="")
        name = normal.digest
        if i < known or i in alone:
            name += f" {record.source} {record.index}".encode("utf-8", "surrogatepass")
        profiles.setdefault(name, normal)
        names.append(name)
    report("normalise", len(records), len(records))
    ranked = sorted(profiles)
    rank = {name: i for i, name in enumerate(ranked)}
    of = [rank[name] for name in names]
    members: list[tuple[int, ...]] = [()] * len(ranked)
    copies: dict[int, list[int]] = {}
    for i, node in enumerate(of):
        if node in copies:
            copies[node].append(i)
        elif members[node]:
            copies[node] = [*members[node], i]
        else:
            members[node] = (i,)
    for node, own in copies.items():
        members[node] = tuple(sorted(own, key=lambda i: (records[i].source, records[i].index, i)))
    return Nodes(
        profiles=[profiles[name] for name in ranked],
        members=members,
        of=of,
        library=frozenset(of[:known]),
    )
