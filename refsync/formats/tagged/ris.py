"""RIS, which all databases and reference managers export, each in its own form.

Tags and their meaning by type follow the specification of 2011 and the exports of Zotero, EndNote, Scopus, Web of
Science, Ovid, Cochrane and Mendeley. `docs/formats.md` lists the fields.
"""

import re
from collections.abc import Sequence
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged import ris_tags
from refsync.formats.tagged.ris_write import dump
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Record, Snapshot

_START = re.compile(r"\s*TY {0,2}- {0,2}\s?([A-Za-z]{2,8})\s*$")
_STRICT = re.compile(r"([A-Z][A-Z0-9]|DOI)  -(?: |\t|$)?")
_LOOSE = re.compile(r"\s*([A-Z][A-Z0-9])[ \t]{0,2}-(?:\s|$)")
_INSIDE = re.compile(r"TY  - [A-Z]{3,6}\b")
_HEADER = re.compile(
    r"(?:Record #?\d+ of \d+|<?\d+\.\s?>?|(?:Provider|Database|Content|Search Name|Date Run|Comment)\s*:.*)$", re.I
)
"""Lines above records in the exports of some databases."""
_SNIFF = re.compile(rb"(?:\A|[\r\n])[ \t]*TY {0,2}- {0,2}[A-Za-z]{2,8}[ \t]*(?:[\r\n]|\Z)")
_SNIFF_TAG = re.compile(rb"[\r\n][ \t]*[A-Z][A-Z0-9] {1,2}-(?: |[\r\n]|\Z)")


def sniff(head: bytes) -> float:
    """High if there is a line `TY  - CODE` followed by other tags."""
    found = _SNIFF.search(head)
    if found:
        return 0.97 if _SNIFF_TAG.search(head, found.end() - 1) else 0.6
    return 0.35 if len(_SNIFF_TAG.findall(head)) > 3 and re.search(rb"[\r\n]ER  -", head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a RIS file, read line by line.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    grammar = Grammar()
    reader = EntryReader(LineReader(data, source), grammar, end_tag="ER")

    def check(entry: TaggedEntry) -> None:
        for message in grammar.suspects:
            reader.report("inside", message, entry.line)
        grammar.suspects.clear()

    return read_entries("ris", reader, ris_tags.fields_of, check)


class Grammar:
    """Classifies lines of RIS. The first line of a record decides how strictly its tags are recognised.

    A file may write `TY  - `, as in the specification, or `TY - ` with spaces before it. Lines such as
    `T2 - weighted images` in an abstract are tags only if the record uses that form.
    """

    def __init__(self) -> None:
        self._strict = True
        self.suspects: list[str] = []

    def __call__(self, text: str, entry: TaggedEntry | None) -> TaggedLine:
        found = _STRICT.match(text)
        if not found and (loose := _LOOSE.match(text)) and self._is_tag(loose, text, entry):
            found = loose
        if not found:
            if entry is None and _HEADER.match(text.strip()):
                return TaggedLine("skip")
            self._check_for_record(text)
            last = entry.items[-1][0] if entry else ""
            own_line = last in ris_tags.PROSE_TAGS or (last in ris_tags.LIST_TAGS and not text[0].isspace())
            return TaggedLine("more", value=text.strip(), separator="\n" if own_line else " ")
        tag, value = found[1], text[found.end() :].strip()
        if tag == "TY":
            self._strict = _STRICT.match(text) is not None
            if entry and not entry.started and "TI" not in (known := entry.values()) and "T1" not in known:
                return TaggedLine("item", tag, value)  # its tags are before its type
            return TaggedLine("start", tag, value)
        if tag == "ER" and not value:
            return TaggedLine("end", tag)
        self._check_for_record(value)
        if tag == "A1":  # keeps its place among the authors
            return TaggedLine("item", "AU", f"{ris_tags.PRIMARY}{value}" if value else value)
        return TaggedLine("item", tag, value)

    def _is_tag(self, loose: re.Match[str], text: str, entry: TaggedEntry | None) -> bool:
        tag = loose[1]
        if tag == "TY":
            return _START.match(text) is not None
        if tag == "ER":
            return not text[loose.end() :].strip()
        in_prose = entry is not None and entry.items[-1][0] in ris_tags.PROSE_TAGS
        return (
            (tag in ris_tags.KNOWN_TAGS or not in_prose)
            if not self._strict
            else (tag in ris_tags.KNOWN_TAGS and not in_prose)
        )

    def _check_for_record(self, text: str) -> None:
        if "TY  - " in text and (found := _INSIDE.search(text)):
            self.suspects.append(f"another record seems to begin inside a line: {text[found.start() :][:40]!r}")


def write(records: Sequence[Record]) -> bytes:
    """A RIS file of these records, in UTF-8: see `ris_write.dump`."""
    return dump(records).encode()


FORMAT = Format(name="ris", suffixes=(".ris",), sniff=sniff, read=read, write=write, read_stream=read)
