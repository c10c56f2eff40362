"""Letters that were decoded with the wrong encoding before a text was saved: `MÃ¼ller` for `Müller`."""

import re
from collections.abc import Iterator

# A letter's bytes in UTF-8 read as Windows-1252 or Latin-1: `Ã¼`, `â€“`. Combinations that people write are
# left out: guillemets and quotes after a capital letter.
_SECOND = r"\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘‚„†‡•…‰‹›€™"
_GARBLED = re.compile(
    rf"\ufffd|[\x80-\x84\x86-\x9f]|[ÂÃ](?![»«])[{_SECOND}]|[ÄÅ](?![»«‘‚„–—…‹›€™])[{_SECOND}]|â[€‚„†ˆ‰™˜]["
    rf"{_SECOND}“”’]|ï¿½|ï»¿"
)


def garbled_letters(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[re.Match[str], str]]:
    """The letters between two positions that were decoded wrongly, each with what it may have been, in words."""
    for match in _GARBLED.finditer(text, start, len(text) if end is None else end):
        if original := _original(match[0]):
            yield match, original


def is_garbled(text: str) -> bool:
    """Whether a text has a letter that was decoded wrongly.

    >>> is_garbled("MÃ¼ller"), is_garbled("Müller")
    (True, False)
    """
    return not text.isascii() and next(garbled_letters(text), None) is not None


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
