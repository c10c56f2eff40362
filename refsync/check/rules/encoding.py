"""Rules about encoding: letters that were decoded wrongly before they were saved, accents apart from their letters."""

import re
import unicodedata
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.edit import Edit
from refsync.text.garbled import garbled_letters
from refsync.text.verbatim_fields import VERBATIM_FIELDS

_APART = re.compile(r"[^\W\d_][\u0300-\u036f]+")


def garbled(text: str, start: int, end: int) -> Iterator[EntryFinding]:
    """RS402: the first letter between two positions that was decoded wrongly, and how many there are."""
    found = [*garbled_letters(text, start, end)]
    if not found:
        return
    match, original = found[0]
    more = f" (and {len(found) - 1} more here)" if len(found) > 1 else ""
    yield EntryFinding("RS402", match.start(), f"contains {match[0]!r}, {original}{more}", "")


def decomposed_letters(entry: Entry) -> Iterator[EntryFinding]:
    """RS403: letters followed by an accent that is a character of its own, where one character has both."""
    if entry.text.isascii() or not _APART.search(entry.text, entry.block.start, entry.block.end):
        return
    for field in entry.block.fields:
        name = field.name.lower()
        if name in VERBATIM_FIELDS:
            continue
        found = [
            Edit(match.start(), match.end(), composed)
            for match in _APART.finditer(entry.text, field.value_start, field.value_end)
            if len(composed := unicodedata.normalize("NFC", match[0])) < len(match[0])
        ]
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            letter = entry.text[found[0].start]
            message = f"has an accent apart from its letter {letter!r} in `{name}`{more}; write {found[0].new!r}"
            yield EntryFinding("RS403", found[0].start, message, name, edits=tuple(found))
