"""The entries of a text that are written plainly: known from reading it, so that it is not scanned a second time.

A plain entry has no fault, no field twice, and no value other than text in braces or quotes, a number or a month.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Literal

from refsync.formats.bibtex.scan import Block, Field, scan
from refsync.formats.bibtex.tokens import Fault
from refsync.text.months import MONTHS


class PlainEntry:
    """The block of a plain entry. Its key and fields are scanned when they are asked for, which few rules do."""

    __slots__ = ("_block", "end", "key_position", "start", "text")
    kind: Literal["entry"] = "entry"
    faults: tuple[Fault, ...] = ()

    def __init__(self, text: str, start: int, key_position: int, end: int) -> None:
        self.text, self.start, self.key_position, self.end = text, start, key_position, end
        self._block: Block | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The spans of its fields."""
        return self._scanned().fields

    @property
    def key(self) -> str:
        """Its citation key."""
        return self._scanned().key

    def _scanned(self) -> Block:
        self._block = self._block or next(scan(self.text, self.start))
        return self._block


class PlainEntries:
    """Collects the places of plain entries while a text is read: its length, then three numbers for each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = array("Q", [len(text)])

    def add(self, block: Block) -> None:
        """Add a block without repeated fields, if it is a plain entry."""
        if block.kind == "entry" and not block.faults and all(map(self._is_plain, block.fields)):
            self.places.extend((block.start, block.key_position, block.end))

    def _is_plain(self, field: Field) -> bool:
        _, _, start, end, joined = field
        if joined:
            return False
        return self.text[start] in '{"' or (word := self.text[start:end]).isdecimal() or word.lower() in MONTHS


def scan_again(text: str, places: Sequence[int]) -> Iterator[Block | PlainEntry]:
    """The blocks of a text that was read before, in order, except white space between plain entries.

    Args:
        text: the text.
        places: of its plain entries, as `PlainEntries` collects them. Those of a text of another length are not used.
    """
    position = 0
    if places and places[0] == len(text):
        numbers = iter(places[1:])
        for start, key_position, end in zip(numbers, numbers, numbers, strict=True):
            if not text[position:start].isspace():
                yield from _blocks_before(text, position, start)
            yield PlainEntry(text, start, key_position, end)
            position = end
    yield from scan(text, position)


def _blocks_before(text: str, position: int, end: int) -> Iterator[Block]:
    for block in scan(text, position) if position < end else ():
        if block.start >= end:
            return
        yield block
