"""Lines and columns of offsets in a text."""

import re
from collections.abc import Callable

_LINE_END = re.compile(r"\r\n?|\n")


def line_column_lookup(text: str) -> Callable[[int], tuple[int, int]]:
    """A function from an offset to its line and column, counted from 1; fast for ascending offsets."""
    last_offset, last_line = 0, 1
    lone_returns = text.count("\r") != text.count("\r\n")

    def line_column(offset: int) -> tuple[int, int]:
        nonlocal last_offset, last_line
        if offset < last_offset:
            last_offset, last_line = 0, 1
        if lone_returns:
            last_line += sum(1 for _ in _LINE_END.finditer(text, last_offset, offset))
        else:
            last_line += text.count("\n", last_offset, offset)
        last_offset = offset
        line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset) if lone_returns else -1)
        return last_line, offset - line_start

    return line_column
