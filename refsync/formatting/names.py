"""Lists of names: shortening."""

import re

_AND = re.compile(r"\sand(?=\s)", re.IGNORECASE)
_BRACE = re.compile(r"\{+|\}+")


def shorten_names(value: str, most: int) -> str:
    """The list of names with `and others` after the first `most`; braces hide an `and`.

    >>> shorten_names("Doe, J. and {Barnes and Noble} and Roe, R.", 2)
    'Doe, J. and {Barnes and Noble} and others'
    """
    ends = [found.start() for found in _AND.finditer(value)]
    depth = 0
    outside = []
    braces = [*_BRACE.finditer(value)]
    number = 0
    for end in ends:
        while number < len(braces) and braces[number].start() < end:
            depth += len(braces[number][0]) if braces[number][0][0] == "{" else -len(braces[number][0])
            number += 1
        if depth == 0:
            outside.append(end)
    if most < 1 or len(outside) < most or value[outside[most - 1] :].split()[1:] == ["others"]:
        return value
    return f"{value[: outside[most - 1]].rstrip()} and others"
