"""Identical records: those that agree in every compared field are one node, so that copies cost no comparisons."""

import marshal
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

import numpy as np

from refsync.dedup.blocking import KeysOfRecords, KeyTable
from refsync.dedup.feature_columns import SharedValues, shared_values
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.packed_profiles import PackedProfiles, joined
from refsync.dedup.profile import Profile, folded_abstract, profile
from refsync.processes import map_in_processes, split_range, useful_jobs
from refsync.records import Record

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how much of it is done, and of how much."""

_ENOUGH = 25  # issue numbers from which it is no chance that none repeats
_REPORT = 2000  # records between two reports of progress
_WORTH = 4000  # records from which other processes are worth starting
_CHUNK = 5_000  # records that a process normalises at a time: bounds its memory
_MANY = 20_000  # records from which profiles are packed


@dataclass(frozen=True, slots=True)
class Nodes:
    """Profiles numbered by the rank of their content, never by the order in which the records came.

    `members` are the records of each node, the same one first in whatever order they are given; `of` is the node of
    each record; `library` are the nodes of records that their owner has deduplicated already, one record each;
    `excluded` are those that are compared with none; `keys` are the blocking keys of the nodes, if known;
    `abstracts` gives the abstract of a node whose profile is without.
    """

    profiles: Sequence[Profile]
    members: list[tuple[int, ...]]
    of: list[int]
    library: frozenset[int]
    excluded: frozenset[int] = frozenset()
    keys: KeysOfRecords | None = None
    abstracts: Callable[[int], str] | None = None

    @property
    def shared(self) -> SharedValues:
        """The values that unlike titles share, and titles that recur."""
        return shared_values(self.profiles, self.keys.counted() if self.keys else ())

    def whole_profile(self, node: int) -> Profile:
        """The profile of a node, with its abstract."""
        own = self.profiles[node]
        return own._replace(abstract=self.abstracts(node), content=b"") if own.content and self.abstracts else own


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


def node_name(digest: bytes, record: Record, *, alone: bool) -> bytes:
    """The name of the node of a record: equal for equal content, but of its own for a record that stands alone."""
    return digest + f" {record.source} {record.index}".encode("utf-8", "surrogatepass") if alone else digest


def normalised(record: Record, unnumbered: Set[str]) -> Profile:
    """The profile of a record, without its issue if the numbers of its source (one of `unnumbered`) are none."""
    normal = profile(record)
    return normal._replace(number="") if normal.number and record.source in unnumbered else normal


def collapse(records: Sequence[Record], known: int, alone: Set[int], report: Progress) -> Nodes:
    """The nodes of records, of which the first `known` are a library; those in `alone` share a node with none."""
    first: list[int] = []  # the record of each node
    numbers: dict[bytes, int] = {}  # of the nodes, by their names
    found = np.empty(len(records), np.int64)  # the number of each record's node
    complete = with_inherited(records)
    report("normalise", 0, len(records))
    profiles, digests, keys = _normalised(complete, report)
    report("normalise", len(records), len(records))
    for i, digest in enumerate(digests):
        name = node_name(digest, records[i], alone=i < known or i in alone)
        found[i] = number = numbers.setdefault(name, len(first))
        if number == len(first):
            first.append(i)
    del digests
    ranked = np.fromiter(map(numbers.__getitem__, sorted(numbers)), np.int64, len(numbers))
    del numbers
    rank = np.empty_like(ranked)
    rank[ranked] = np.arange(len(ranked))
    of = rank[found].tolist()
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
    origin = np.array(first, np.int64)[ranked]
    return Nodes(
        profiles=profiles.select(origin)
        if isinstance(profiles, PackedProfiles)
        else [profiles[i] for i in origin.tolist()],
        members=members,
        of=of,
        library=frozenset(of[:known]),
        keys=KeysOfRecords(keys, origin),
        abstracts=lambda node: folded_abstract(complete[origin[node]]),
    )


def _normalised(
    records: Sequence[Record], report: Progress
) -> tuple[list[Profile] | PackedProfiles, list[bytes], KeyTable]:
    """The profiles of records, without their abstracts; their digests, and their keys. Many profiles are packed."""
    unnumbered = _sources_without_issues(records)
    jobs = useful_jobs() if len(records) >= _WORTH else 1
    keys = KeyTable.empty()
    digests: list[bytes] = []

    def profiles_of(part: range, own: KeyTable) -> tuple[list[Profile], list[bytes]]:
        found = [normalised(records[i], unnumbered) for i in part]
        own.add(found)
        names = [one.digest for one in found]
        return [*map(Profile.without_abstract, found, names)], names

    def dumped(part: range) -> bytes:
        own = KeyTable.empty()
        found, names = profiles_of(part, own)
        data, sizes = joined(found)
        return marshal.dumps((data, sizes.tobytes(), names, own.dumped()))

    if jobs > 1:
        packed = PackedProfiles()
        tasks = split_range(len(records), jobs, _CHUNK)
        for part, result in zip(tasks, map_in_processes(dumped, tasks, jobs), strict=True):
            report("normalise", part.start, len(records))
            data, sizes, names, own = marshal.loads(result)
            packed.add(data, np.frombuffer(sizes, np.int64))
            keys.extend(own)
            digests += names
        return packed, digests, keys
    profiles: list[Profile] | PackedProfiles = PackedProfiles() if len(records) >= _MANY else []
    for start in range(0, len(records), _REPORT):
        report("normalise", start, len(records))
        found, names = profiles_of(range(start, min(start + _REPORT, len(records))), keys)
        profiles.extend(found)
        digests += names
    return profiles, digests, keys
