"""Blocking: which pairs are worth comparing, in near-linear time.

Each record has keys of several kinds; records that share a key are candidates. A block that is too big is split by a
second key (first author, year, place in the journal) and at last cut into windows of neighbours, so that ten thousand
equal titles cost ten thousand times a constant. In a large library most keys are shared by chance: one key in common is
enough if it is a title or an identifier, or if hardly another record has it; other pairs need a second one. See
Papadakis et al., "Blocking and Filtering Techniques for Entity Resolution", ACM Computing Surveys 53(2), 2020, on
cleaning blocks and comparisons.

Keys are held as their 64-bit hashes: a million records have fifteen million keys, and two different keys that collide
cost one comparison.
"""

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from refsync.dedup.blocking_keys import KINDS, SECONDS, enough, refinements
from refsync.dedup.feature_columns import COUNTED, counted_codes
from refsync.dedup.profile import Profile

Pairs = NDArray[np.int64]
"""Two columns: indices of profiles, the smaller first."""

Ints = NDArray[np.int64]

MIXING = np.int64(0x2545F4914F6CDD1D)
"""By which a key is multiplied before another one is mixed in."""

WINDOW = 6
"""How far apart neighbours are candidates in a block that nothing splits, if they have another key in common."""


def candidate_pairs(
    profiles: Sequence[Profile], library: Collection[int] = (), keys: "KeysOfRecords | None" = None
) -> Pairs:
    """The pairs that share enough keys, each once, sorted; none of two members of the `library`.

    Linear in the number of profiles but for sorting keys.

    Args:
        profiles: what to compare.
        library: indices of profiles that are not compared with each other.
        keys: their keys, if they are known.
    """
    n = len(profiles)
    if not n:
        return np.empty((0, 2), np.int64)
    old = np.zeros(n, np.bool_)
    old[list(library)] = True
    if keys is None:
        table = KeyTable.empty()
        table.add(profiles)
        keys = KeysOfRecords(table, np.arange(n))
    found = [pairs for kind in range(len(KINDS)) for pairs in _pairs(keys, old, kind)]
    # a key that is enough counts as two
    packed, times = np.unique(np.concatenate([own for own, sure in found for _ in range(1 + sure)]), return_counts=True)
    packed = packed[times > 1]
    return np.column_stack((packed // n, packed % n))


@dataclass(frozen=True, slots=True)
class Keys:
    """Occurrences of keys: who has one, and its number."""

    owners: Ints
    codes: Ints

    def where(self, mask: NDArray[np.bool_]) -> "Keys":
        return Keys(self.owners[mask], self.codes[mask])


@dataclass(frozen=True, slots=True)
class KeyTable:
    """Hashes of the keys of records, by kind: how many each record has, and all of them one after the other.

    `seconds` are hashes of the second keys, and `counted` of the values that the statistics of a library count: one of
    each kind for each record; 0 where there is none.
    """

    counts: tuple["array[int]", ...]
    codes: tuple["array[int]", ...]
    seconds: tuple["array[int]", ...]
    counted: tuple["array[int]", ...]

    @classmethod
    def empty(cls) -> "KeyTable":
        """The table of no records."""
        kinds = (("I", KINDS), ("q", KINDS), ("q", SECONDS), ("q", COUNTED))
        return cls(*(tuple(array(code) for _ in own) for code, own in kinds))

    def add(self, profiles: Sequence[Profile]) -> None:
        """Adds the keys of more records."""
        for (kind, _), counts, codes in zip(KINDS, self.counts, self.codes, strict=True):
            keys = [kind(profile) for profile in profiles]
            counts.extend(map(len, keys))
            codes.extend(map(hash, chain.from_iterable(keys)))
        for codes, column in zip(self.seconds, zip(*map(refinements, profiles), strict=True), strict=True):
            codes.extend([hash(second) if second else 0 for second in column])
        for codes, values in zip(self.counted, counted_codes(profiles), strict=True):
            codes.extend(values)

    @property
    def _columns(self) -> Iterator["array[int]"]:
        return chain(self.counts, self.codes, self.seconds, self.counted)

    def dumped(self) -> list[bytes]:
        """The content as bytes, for another process of the same hashing."""
        return [column.tobytes() for column in self._columns]

    def extend(self, dumped: Sequence[bytes]) -> None:
        """Adds the records of another table."""
        for column, more in zip(self._columns, dumped, strict=True):
            column.frombytes(more)


@dataclass(frozen=True, slots=True)
class KeysOfRecords:
    """The keys of some of the records of a table, which are numbered in the order given."""

    table: KeyTable
    records: Ints

    def of_kind(self, kind: int) -> Keys:
        """Their keys of the kind of this number."""
        sizes = np.frombuffer(self.table.counts[kind], np.uint32).astype(np.int64)
        starts = (np.cumsum(sizes) - sizes)[self.records]
        own = sizes[self.records]
        at = np.repeat(starts - (np.cumsum(own) - own), own) + np.arange(own.sum())
        codes = np.frombuffer(self.table.codes[kind], np.int64)[at]
        return Keys(np.repeat(np.arange(len(self.records)), own), codes)

    def seconds(self, owners: Ints) -> Iterator[Ints]:
        """The second keys of these, by kind."""
        at = self.records[owners]
        for codes in self.table.seconds:
            yield np.frombuffer(codes, np.int64)[at]

    def counted(self) -> list[Ints]:
        """The hashes of the values that the statistics of a library count, by kind."""
        return [np.frombuffer(codes, np.int64)[self.records] for codes in self.table.counted]


def _pairs(keys: KeysOfRecords, old: NDArray[np.bool_], kind: int) -> Iterator[tuple[Ints, bool]]:
    """The pairs of one kind of key, and whether that is enough for them; some more than once."""
    limit = KINDS[kind][1]
    blocks, oversize = split_blocks(keys.of_kind(kind), limit, old)
    yield from pairs_in_blocks(blocks, limit, old, int(np.count_nonzero(~old)))
    if len(oversize.owners):
        for seconds in keys.seconds(oversize.owners):
            known = seconds != 0
            # the hash of both: products of 64 bits are cut off, as everywhere in hashing
            refined = Keys(oversize.owners[known], (oversize.codes[known] * MIXING) ^ seconds[known])
            small, big = split_blocks(refined, limit, old)
            yield pairs_within(small, limit, old), True  # they have two things in common
            order = np.lexsort((big.owners, big.codes))
            yield pairs_within(Keys(big.owners[order], big.codes[order]), WINDOW, old), False


def pairs_in_blocks(blocks: Keys, limit: int | Ints, old: NDArray[np.bool_], count: int) -> Iterator[tuple[Ints, bool]]:
    """The pairs of blocks, and whether the key is enough for them; packed into one number each.

    Args:
        blocks: occurrences, sorted by key, in blocks up to the limit.
        limit: one for all, or one for each occurrence.
        old: which owners are of the library.
        count: the records that are not; the owners may be a part of them.
    """
    most = int(np.max(limit, initial=0))
    for keys, sure in zip(split_sorted(blocks, enough(limit, count), old), (True, False), strict=True):
        yield pairs_within(keys, most, old), sure


def split_blocks(keys: Keys, limit: int, old: NDArray[np.bool_]) -> tuple[Keys, Keys]:
    """Occurrences in blocks up to the limit, and those in bigger ones, both sorted by key.

    Keys of one record only are dropped, and so are keys that only the library has.
    """
    keys = keys.where(_may_repeat(keys.codes))
    if not len(keys.codes):
        return keys, keys
    order = np.argsort(keys.codes)
    return split_sorted(Keys(keys.owners[order], keys.codes[order]), limit, old)


def split_sorted(keys: Keys, limit: int | Ints, old: NDArray[np.bool_]) -> tuple[Keys, Keys]:
    """What `split_blocks` gives, of occurrences sorted by key; each may have a limit of its own."""
    if not len(keys.codes):
        return keys, keys
    block = np.cumsum(np.diff(keys.codes, prepend=keys.codes[0]) != 0)
    size = np.bincount(block)
    new = np.bincount(block, weights=~old[keys.owners])
    worth = ((size > 1) & (new > 0))[block]
    fits = size[block] <= limit
    return keys.where(worth & fits), keys.where(worth & ~fits)


def _may_repeat(codes: Ints) -> NDArray[np.bool_]:
    """Whether each key may occur more than once, by its last bits: most keys do not, and need not be sorted."""
    size = 1 << (len(codes).bit_length() + 1)
    slots = codes & (size - 1)
    numbers = np.arange(len(codes), dtype=np.int32)
    one = np.zeros(size, np.int32)  # of the keys in each slot
    one[slots] = numbers
    several = np.zeros(size, np.bool_)
    several[slots[one[slots] != numbers]] = True
    repeated: NDArray[np.bool_] = several[slots]
    return repeated


def pairs_within(keys: Keys, window: int, old: NDArray[np.bool_]) -> Ints:
    """Pairs less than `window` apart within blocks, which are sorted by key, packed into one number each.

    A pair is found once for each block.
    """
    found = [np.empty(0, np.int64)]
    owners, codes = keys.owners, keys.codes
    for step in range(1, window):
        together = codes[step:] == codes[:-step]
        if not together.any():
            break
        a, b = owners[:-step][together], owners[step:][together]
        packed = np.minimum(a, b) * len(old) + np.maximum(a, b)
        found.append(packed[(a != b) & ~(old[a] & old[b])])
    return np.concatenate(found)
