"""Line and column of positions in a text."""

import re
from array import array
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n?|\n")


class LineIndex:
    """Converts positions to lines and columns, both counted from 1, columns in characters.

    The line ends are searched for once, when the first position is converted; the text is not kept after that.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: array[int] | None = None

    def __call__(self, position: int) -> tuple[int, int]:
        """The line and column of a position (from 0)."""
        if self._starts is None:
            self._starts = array("Q", [0])
            self._starts.extend(found.end() for found in _LINE_END.finditer(self._text))
            self._text = ""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1
