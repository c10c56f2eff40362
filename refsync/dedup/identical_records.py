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
    each record; `library` are the nodes of records that their owner has deduplicated already, one record each.
    """

    profiles: list[Profile]
    members: list[tuple[int, ...]]
    of: list[int]
    library: frozenset[int]


def _sources_without_issues(records: Sequence[Record]) -> Set[str]:
    """The sources whose `number` never repeats: a count of records or an accession number, no issue."""
    seen: dict[str, list[str]] = {}
    for record in records:
        if "number" in record.fields and record.type == "article":
            seen.setdefault(record.source, []).append(record.fields["number"])
    return {source for source, values in seen.items() if no_number_repeats(len(values), len({*values}))}


def no_number_repeats(count: int, distinct: int) -> bool:
    """Whether the numbers of the articles of a source, so many and so many different, are no issues."""
    return count >= _ENOUGH and distinct > 0.95 * count


def node_name(normal: Profile, record: Record, *, alone: bool) -> bytes:
    """The name of the node of a record: equal for equal content, but of its own for a record that stands alone."""
    name = normal.digest
    return name + f" {record.source} {record.index}".encode("utf-8", "surrogatepass") if alone else name


def normalised(record: Record, unnumbered: Set[str]) -> Profile:
    """The profile of a record, without its issue if the numbers of its source (one of `unnumbered`) are none."""
    normal = profile(record)
    return replace(normal, number="") if normal.number and record.source in unnumbered else normal


def collapse(records: Sequence[Record], known: int, alone: Set[int], report: Progress) -> Nodes:
    """The nodes of records, of which the first `known` are a library; those in `alone` share a node with none."""
    profiles: dict[bytes, Profile] = {}
    names: list[bytes] = []
    unnumbered = _sources_without_issues(records)
    for i, record in enumerate(with_inherited(records)):
        if i % _REPORT == 0:
            report("normalise", i, len(records))
        normal = normalised(record, unnumbered)
        name = node_name(normal, record, alone=i < known or i in alone)
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
