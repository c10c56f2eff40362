"""Profiles as bytes: what a large library keeps of its records, and what processes send each other.

They take a third of the memory, and restoring one costs less than 10 µs. A process that was forked copies each page of
memory in which it counts a reference, so many profiles as objects would be copied whole by each that compares some.
"""

import marshal
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, compress
from operator import ne
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from refsync.dedup.profile import Profile
from refsync.text.names import Authors
from refsync.text.pages import Pages

_RECENT = 50_000  # profiles that are kept as objects
_EMPTY = [*Profile._field_defaults.values()]
_NUMBERS = range(len(_EMPTY))
_AUTHORS, _PAGES, _KEY, _MAIN = map(Profile._fields.index, ("authors", "pages", "title_key", "title_main"))
_VERSION = 2  # of the format: references to equal objects, of later versions, take twice as long to read


def pack(profile: Profile) -> bytes:
    """A profile as bytes, for `unpack` by the same version of Python."""
    values: list[Any] = [*profile]
    values[_AUTHORS], values[_PAGES] = tuple(profile.authors), tuple(profile.pages)
    if profile.title_main == profile.title_key:
        values[_MAIN] = None
    present = bytes(compress(_NUMBERS, map(ne, profile, _EMPTY)))
    return marshal.dumps((present, [values[i] for i in present]), _VERSION)


def unpack(data: bytes) -> Profile:
    """The profile of these bytes."""
    present, given = marshal.loads(data)
    values = _EMPTY.copy()
    for i, value in zip(present, given, strict=True):
        values[i] = value
    values[_AUTHORS], values[_PAGES] = Authors._make(values[_AUTHORS]), Pages._make(values[_PAGES])
    if values[_MAIN] is None:
        values[_MAIN] = values[_KEY]
    return Profile._make(values)


class PackedProfiles(Sequence[Profile]):
    """Packed profiles, of which the last ones that were read are kept as objects."""

    def __init__(self, parts: Sequence[bytes], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> None:
        """Takes parts, in which packed profiles follow each other; where each starts in all parts together; sizes."""
        self._parts, self._starts, self._sizes = parts, starts, sizes
        self._begins = [0, *accumulate(map(len, parts))]
        self._recent: dict[int, Profile] = {}

    @classmethod
    def joined(cls, parts: Sequence[bytes], sizes: Sequence[NDArray[np.int64]]) -> "PackedProfiles":
        """All profiles of some parts, each with the sizes of its own."""
        every = np.concatenate([np.empty(0, np.int64), *sizes])
        return cls(parts, np.cumsum(every) - every, every)

    def select(self, numbers: NDArray[np.int64]) -> "PackedProfiles":
        """Those of these numbers, in this order."""
        return PackedProfiles(self._parts, self._starts[numbers], self._sizes[numbers])

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> Profile: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Profile]: ...
    def __getitem__(self, at: int | slice) -> Profile | Sequence[Profile]:
        if isinstance(at, slice):
            return PackedProfiles(self._parts, self._starts[at], self._sizes[at])
        found = self._recent.get(at)
        if found is None:
            if len(self._recent) >= _RECENT:
                self._recent.clear()
            found = self._recent[at] = unpack(self._bytes(at))
        return found

    def _bytes(self, at: int) -> bytes:
        start, size = int(self._starts[at]), int(self._sizes[at])
        part = bisect_right(self._begins, start) - 1
        start -= self._begins[part]
        return self._parts[part][start : start + size]
