"""Identical records: those that agree in every compared field are one node, so that copies cost no comparisons."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from refsync.dedup.profile import Profile, profile
from refsync.records import Record

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and of how much."""

_REPORT = 2000  # records between two reports of progress


@dataclass(frozen=True, slots=True)
class Nodes:
    """Profiles numbered by the rank of their content, never by the order in which the records came.

    `members` are the records of each node, the same one first in whatever order they are given; `of` is the node of
    each record; `library` are the nodes of records that their owner has deduplicated already, one record each;
    `sources` names the source of each record.
    """

    profiles: list[Profile]
    members: list[tuple[int, ...]]
    of: list[int]
    library: frozenset[int]
    sources: list[str]


def collapse(records: Sequence[Record], known: int, alone: Set[int], report: Progress) -> Nodes:
    """The nodes of records, of which the first `known` are a library; those in `alone` share a node with none."""
    profiles: dict[bytes, Profile] = {}
    names: list[bytes] = []
    for i, record in enumerate(records):
        if i % _REPORT == 0:
            report("normalise", i, len(records))
        normal = profile(record)
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
        [profiles[name] for name in ranked], members, of, frozenset(of[:known]), [record.source for record in records]
    )
