"""PubMed's tagged export (`.nbib`, the MEDLINE format), also as Ovid and Europe PMC write it."""

import re
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged.nbib_tags import GROUP, fields_of
from refsync.formats.tagged.nbib_write import write
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Snapshot

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
_SNIFF = re.compile(rb"(?:\A|[\r\n])PMID ?- ?\d{0,8}[ \t]*[\r\n]+[A-Z]{2,4} {0,2}- ")


def sniff(head: bytes) -> float:
    """High if there is a line `PMID- 123` followed by another tag."""
    return 0.98 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    return read_entries("nbib", EntryReader(LineReader(data, source), _line, last_tag="SO"), fields_of)


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    found = None if text.startswith("      ") else _TAG.match(text)
    if not found:
        return TaggedLine("more", value=text.strip(), separator=" ")
    if found[1] == "CN":  # keeps its place among the authors
        return TaggedLine("item", "FAU", f"{GROUP}{found[2].strip()}")
    return TaggedLine("start" if found[1] == "PMID" else "item", found[1], found[2].strip())


FORMAT = Format(name="nbib", suffixes=(".nbib", ".medline"), sniff=sniff, read=read, write=write, read_stream=read)
