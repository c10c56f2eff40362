"""Line and column of positions in a text."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

_PIECE = 1 << 20  # characters
_LINE_END = re.compile(r"\r\n?|\n")


class LineIndex:
    """Converts positions to lines and columns, both counted from 1, columns in characters.

    The line ends are searched for once, when the first position is converted; the text is not kept after that. `lines`
    has other numbers for the lines, of which only the first column is known.
    """

    def __init__(self, text: str, lines: Sequence[int] = ()) -> None:
        self._text = text
        self._lines = lines
        self._starts: array[int] | None = None

    def __call__(self, position: int) -> tuple[int, int]:
        """The line and column of a position (from 0)."""
        if self._starts is None:
            self._starts = array("Q", [0])
            self._starts.extend(_line_ends(self._text))
            self._text = ""
        line = bisect_right(self._starts, position)
        if self._lines:
            return self._lines[line - 1], 1
        return line, position - self._starts[line - 1] + 1


def _line_ends(text: str) -> Iterator[int]:
    """The positions after each line end."""
    if "\r" in text:
        yield from (found.end() for found in _LINE_END.finditer(text))
        return
    start = 0
    while (last := text.rfind("\n", start, start + _PIECE)) >= 0 or (last := text.find("\n", start)) >= 0:
        position = start
        for size in map(len, text[start:last].split("\n")):  # faster than a pattern; in pieces, for memory
            position += size + 1
            yield position
        start = last + 1
