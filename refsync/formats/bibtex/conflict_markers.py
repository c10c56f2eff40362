"""Markers that a version control system leaves in a file whose merge was not finished (`git help merge`)."""

import re
from collections.abc import Iterator

_MARKER = re.compile(r"^(?:(<{7}|>{7}|\|{7})(?=[ \t\r\n]|\Z)|(={7})[ \t]*(?=[\r\n]|\Z))", re.MULTILINE)
_MARKER_AFTER_CR = re.compile(_MARKER.pattern.replace("^", r"(?<![^\r\n])"))
_CERTAIN = ("<<<<<<<", ">>>>>>>", "|||||||")


def conflict_markers(text: str) -> Iterator[int]:
    """The positions of unresolved conflicts: the first marker of each that is left.

    A line of seven `=` counts only before a `>>>>>>>`: alone it is a decoration.
    """
    if not any(marker in text for marker in _CERTAIN):
        return
    found = [*(_MARKER_AFTER_CR if "\r" in text else _MARKER).finditer(text)]
    if not any(marker[1] for marker in found):
        return
    inside = False
    separator = -1
    for marker in found:
        match marker[0][0]:
            case "<" | "|" if marker[0][0] == "<" or not inside:
                yield marker.start()
                inside = True
            case "=" if not inside and separator < 0:
                separator = marker.start()
            case ">":
                if not inside:
                    yield separator if separator >= 0 else marker.start()
                inside, separator = False, -1


def has_conflict_markers(text: str) -> bool:
    """Whether a text has an unresolved conflict."""
    return next(conflict_markers(text), -1) >= 0
