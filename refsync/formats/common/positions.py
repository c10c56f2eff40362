"""Lines and columns of offsets in a text."""

import re
from collections.abc import Callable

_LINE_END = re.compile(r"\r\n?|\n")


def line_column_lookup(text: str) -> Callable[[int], tuple[int, int]]:
    """A function from an offset to its line and column, counted from 1; fast for ascending offsets."""
    last_offset, last_line, last_start = 0, 1, 0
    lone_returns = text.count("\r") != text.count("\r\n")

    def line_column(offset: int) -> tuple[int, int]:
        nonlocal last_offset, last_line, last_start
        if offset < last_offset:
            last_offset, last_line, last_start = 0, 1, 0
        if lone_returns:
            last_line += sum(1 for _ in _LINE_END.finditer(text, last_offset, offset))
        else:
            last_line += text.count("\n", last_offset, offset)
        for line_end in "\n\r" if lone_returns else "\n":  # not further back: an old line end may be far away
            last_start = max(last_start, text.rfind(line_end, last_start, offset) + 1)
        last_offset = offset
        return last_line, offset - last_start + 1

    return line_column
