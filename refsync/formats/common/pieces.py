"""A large file in pieces that are read apart from each other, with the records that reading it as a whole gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refsync.records import Snapshot


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece is in its file.

    Attributes:
        lines, records, spoilt: how many are before it; `spoilt` counts the notes of `spoilt_cells`.
        head: the first lines of the file; empty if the piece begins with them.
        last: whether the file ends with it.
    """

    lines: int = 0
    records: int = 0
    spoilt: int = 0
    head: bytes = b""
    last: bool = True


WHOLE = Place()


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a format is read in pieces.

    Attributes:
        begins: where a record seems to begin in bytes from the middle of a file (-1 for nowhere), given also its head.
        read: the content of a piece (the bytes, the source, the place) and the place of the next one. A fatal problem,
            or a `SourceError`, says that it did not begin or end with a record, or is not to be read apart.
    """

    begins: Callable[[bytes, bytes], int]
    read: "Callable[[bytes, str, Place], tuple[Snapshot, Place]]"


def next_line(data: bytes, head: bytes) -> int:
    """Where a line begins, for formats with a record in each line."""
    return data.find(b"\n") + 1 or -1
