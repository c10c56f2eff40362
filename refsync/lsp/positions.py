"""Positions of the Language Server Protocol: lines, and columns in units of UTF-16 or another encoding. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal, NamedTuple

Unit = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n?|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Place(NamedTuple):
    """A position: line and column, both counted from 0, the column in units of the encoding agreed upon."""

    line: int
    column: int


class Change(NamedTuple):
    """The span `text[start:end]` is replaced by `new`."""

    start: int
    end: int
    new: str


class Lines:
    """Converts between offsets in a text and positions, whichever of LF, CRLF and CR end its lines."""

    def __init__(self, text: str, unit: Unit = "utf-16") -> None:
        self.text, self.unit = text, unit
        self.starts = [0, *_line_starts(text)]

    def changed(self, change: Change) -> "Lines":
        """The lines of the text after a change; only the lines around it are searched for line ends again."""
        start, end, new = change
        after = Lines.__new__(Lines)
        after.unit = self.unit
        after.text = text = f"{self.text[:start]}{new}{self.text[end:]}"
        # one character more on each side: a change may split a CRLF, or complete one
        first, shift = max(start - 1, 0), len(new) - (end - start)
        low = bisect_right(self.starts, first)
        high = bisect_right(self.starts, end + 1)
        stop = end + 1 + shift
        between = [at + first for at in _line_starts(text[first : stop + 1]) if at + first <= stop]
        rest = self.starts[high:]
        after.starts = [*self.starts[:low], *between, *([at + shift for at in rest] if shift else rest)]
        return after

    def offset(self, place: Place) -> int:
        """The offset of a position; one beyond the end of its line means that end, one beyond the text the text's."""
        if place.line >= len(self.starts):
            return len(self.text)
        start = self.starts[max(place.line, 0)]
        line = self.line_text(max(place.line, 0))
        if self.unit == "utf-32" or line.isascii():
            return start + min(max(place.column, 0), len(line))
        units = 0
        for index, character in enumerate(line):
            if units >= place.column:
                return start + index
            units += self._units(character)
        return start + len(line)

    def place(self, offset: int) -> Place:
        """The position of an offset."""
        line = bisect_right(self.starts, offset) - 1
        before = self.text[self.starts[line] : offset]
        if self.unit == "utf-32" or before.isascii():
            return Place(line, len(before))
        return Place(line, sum(map(self._units, before)))

    def offset_of_line(self, line: int, column: int) -> int:
        """The offset of a line and column as findings have them: from 1, in characters."""
        if line > len(self.starts):
            return len(self.text)
        return min(self.starts[max(line, 1) - 1] + max(column, 1) - 1, len(self.text))

    def line_text(self, line: int) -> str:
        """A line, counted from 0, without its line end."""
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        written = self.text[self.starts[line] : end]
        return written.rstrip("\r\n") if line + 1 < len(self.starts) else written

    def line_end(self, offset: int) -> int:
        """The end of the line that an offset is in."""
        line = bisect_right(self.starts, offset) - 1
        return self.starts[line] + len(self.line_text(line))

    def _units(self, character: str) -> int:
        if self.unit == "utf-16":
            return 2 if ord(character) > 0xFFFF else 1
        return len(character.encode("utf-8", "surrogatepass"))


def analysable(text: str) -> str:
    """The text as files can hold it, with the same offsets: no byte order mark and no halves of surrogate pairs."""
    if text.isascii():
        return text
    text = f" {text[1:]}" if text.startswith("\ufeff") else text
    return _SURROGATE.sub("\ufffd", text)


def _line_starts(text: str) -> Iterable[int]:
    return (found.end() for found in _LINE_END.finditer(text))
