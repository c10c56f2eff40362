"""Profiles as bytes: what a large library keeps of its records, and what processes send each other.

They take some 500 bytes each, and restoring one takes less than 10 µs. A process that was forked copies each page of
memory in which it counts a reference, so many profiles as objects would be copied whole by each that compares some.
"""

import marshal
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import compress
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

    def __init__(self) -> None:
        self._parts: list[bytes] = []  # with many profiles each, one after the other
        self._ends = array("q")  # of the parts, in all together
        self._starts, self._sizes = array("q"), array("q")  # of the profiles
        self._recent: dict[int, Profile] = {}

    def add(self, data: bytes, sizes: NDArray[np.int64]) -> None:
        """Adds packed profiles of these sizes, one after the other in `data`."""
        start = self._ends[-1] if self._parts else 0
        self._parts.append(data)
        self._ends.append(start + len(data))
        self._starts.frombytes((start + np.cumsum(sizes) - sizes).tobytes())
        self._sizes.frombytes(sizes.tobytes())

    def extend(self, profiles: Iterable[Profile]) -> None:
        """Adds profiles."""
        self.add(*joined(profiles))

    def select(self, numbers: NDArray[np.int64]) -> "PackedProfiles":
        """Those of these numbers, in this order."""
        found = PackedProfiles()
        found._parts, found._ends = self._parts, self._ends
        for column, own in ((self._starts, found._starts), (self._sizes, found._sizes)):
            own.frombytes(np.frombuffer(column, np.int64)[numbers].tobytes())
        return found

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> Profile: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Profile]: ...
    def __getitem__(self, at: int | slice) -> Profile | Sequence[Profile]:
        if isinstance(at, slice):
            return self.select(np.arange(len(self))[at])
        found = self._recent.get(at)
        if found is None:
            if len(self._recent) >= _RECENT:
                self._recent.clear()
            found = self._recent[at] = unpack(self._bytes(at))
        return found

    def _bytes(self, at: int) -> bytes:
        start, size = self._starts[at], self._sizes[at]
        part = bisect_right(self._ends, start)
        if part:
            start -= self._ends[part - 1]
        return self._parts[part][start : start + size]


def joined(profiles: Iterable[Profile]) -> tuple[bytes, NDArray[np.int64]]:
    """Profiles packed one after the other, and their sizes."""
    packed = [*map(pack, profiles)]
    return b"".join(packed), np.fromiter(map(len, packed), np.int64, len(packed))
