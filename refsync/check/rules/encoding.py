"""Rules about encoding: letters that were decoded wrongly before they were saved in the file."""

from collections.abc import Iterator

from refsync.check.findings import EntryFinding
from refsync.text.garbled import garbled_letters


def garbled(text: str, start: int, end: int) -> Iterator[EntryFinding]:
    """RS402: the first letter between two positions that was decoded wrongly, and how many there are."""
    found = [*garbled_letters(text, start, end)]
    if not found:
        return
    match, original = found[0]
    more = f" (and {len(found) - 1} more here)" if len(found) > 1 else ""
    yield EntryFinding("RS402", match.start(), f"contains {match[0]!r}, {original}{more}", "")
