"""EndNote's tagged export (`%0 Journal Article`), which Google Scholar and many publishers also offer."""

import re
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged.endnote_types import ris_code
from refsync.formats.tagged.enw_write import CITATION_KEY, write
from refsync.formats.tagged.ris_tags import UNMAPPED_FIELD, fields_of
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Snapshot
from refsync.text.citation_keys import is_key_in_label

_TAG = re.compile(r"%([0-9A-Z~@\[\]!#$&*+()<>=?^])(?: +(.*)|\s*$)")
_SNIFF = re.compile(rb"(?:\A|[\r\n])%0 [A-Z][A-Za-z ]+[\r\n]+%[0-9A-Z@] ")
_TAGS = {
    "0": "TY", "A": "AU", "E": "A2", "Y": "A3", "?": "A4", "T": "TI", "B": "T2", "J": "T2", "S": "T3", "O": "J2",
    "D": "PY", "8": "DA", "V": "VL", "N": "IS", "P": "SP", "R": "DO", "U": "UR", "X": "AB", "K": "KW", "@": "SN",
    "M": "AN", "F": "LB", "G": "LA", "I": "PB", "C": "CY", "7": "ET", "6": "NV", "9": "M3", "Z": "N1", "+": "AD",
    "!": "ST", "&": "SE", "(": "OP", ")": "RP", "*": "RI", "1": "C1", "2": "C2", "3": "C3", "4": "C4", "5": "C5",
    "#": "C6", "$": "C7", "]": "C8", "[": "Y2", "~": "DB", "W": "DP", "L": "CN", "H": "TA", "Q": "TT", ">": "L1",
    "<": "RN", "^": "CA",
}  # fmt: skip
"""EndNote's tags and those of RIS in EndNote's export."""


def sniff(head: bytes) -> float:
    """High if there is a line `%0 Type` followed by another tag."""
    return 0.97 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    return read_entries("enw", EntryReader(LineReader(data, source), _line), _record)


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    found = _TAG.match(text)
    if not found:
        return TaggedLine("more", value=text.strip())
    value = (found[2] or "").strip()
    return TaggedLine("start" if found[1] == "0" else "item", found[1], value)


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    tags: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    for tag, found in values.items():
        if tag == "0":
            tags["TY"] = [ris_code(found[0])]
        elif tag == "K":
            tags["KW"] = [word for value in found for word in value.split("\n")]
        elif tag == "<":
            for value in found:
                tags.setdefault("U5" if value.startswith(UNMAPPED_FIELD) else "RN", []).append(value)
        elif tag in _TAGS:
            tags.setdefault(_TAGS[tag], []).extend(found)
        else:
            own[f"enw-{tag}"] = "; ".join(found)
    label = tags.get("LB", [""])[0]
    key = ""
    if f"{UNMAPPED_FIELD}{CITATION_KEY}: {label}" in tags.get("U5", ()) or is_key_in_label(label):
        key = tags["LB"].pop(0)
    type_, _, fields = fields_of(tags)
    if key:
        fields.setdefault(CITATION_KEY, key)  # from which the reader takes it
    return type_, "", fields | own


FORMAT = Format(name="enw", suffixes=(".enw",), sniff=sniff, read=read, write=write, read_stream=read)
