"""Lines and columns of positions in a text."""

import re
from collections.abc import Callable

_LINE_END = re.compile(r"\r\n?|\n")


def line_column_lookup(text: str) -> Callable[[int], tuple[int, int]]:
    """Line and column, counted from 1, of positions; quick where they are asked for from first to last."""
    last_position, last_line = 0, 1
    lone_returns = text.count("\r") != text.count("\r\n")

    def place(position: int) -> tuple[int, int]:
        nonlocal last_position, last_line
        if position < last_position:
            last_position, last_line = 0, 1
        if lone_returns:
            last_line += sum(1 for _ in _LINE_END.finditer(text, last_position, position))
        else:
            last_line += text.count("\n", last_position, position)
        last_position = position
        line_start = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position) if lone_returns else -1)
        return last_line, position - line_start

    return place
