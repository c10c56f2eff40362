"""Rules about encoding: letters that were decoded wrongly before they were saved in the file."""

import re
from collections.abc import Iterator

from refsync.check.findings import EntryFinding

# A letter's bytes in UTF-8 read as Windows-1252 or Latin-1: `Ã¼`, `â€“`. Combinations that people write are
# left out: guillemets and quotes after a capital letter.
_SECOND = r"\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘‚„†‡•…‰‹›€™"
_GARBLED = re.compile(
    rf"\ufffd|[\x80-\x84\x86-\x9f]|[ÂÃ](?![»«])[{_SECOND}]|[ÄÅ](?![»«‘‚„–—…‹›€™])[{_SECOND}]|â[€‚„†ˆ‰™˜]["
    rf"{_SECOND}“”’]|ï¿½|ï»¿"
)


def garbled(text: str, start: int, end: int) -> Iterator[EntryFinding]:
    """RS402: the first letter between two positions that was decoded wrongly, and how many there are."""
    found = [(match, original) for match in _GARBLED.finditer(text, start, end) if (original := _original(match[0]))]
    if not found:
        return
    match, original = found[0]
    more = f" (and {len(found) - 1} more here)" if len(found) > 1 else ""
    yield EntryFinding("RS402", match.start(), f"contains {match[0]!r}, {original}{more}", "")


def _original(seen: str) -> str:
    """What the garbled text may have been, in words; empty if the text may be as its author wrote it."""
    if seen in ("\ufffd", "ï¿½"):
        return "where a letter was lost"
    try:
        written = b"".join(bytes([ord(char)]) if ord(char) < 256 else char.encode("cp1252") for char in seen)
        letter = written.decode("cp1252" if len(written) == 1 else "utf-8")
    except UnicodeError:
        return ""
    return f"probably for {letter!r}" if letter.isprintable() or letter.isspace() or letter == "\ufeff" else ""
