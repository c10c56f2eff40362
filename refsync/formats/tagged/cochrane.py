"""The Cochrane Library's plain text export of reviews and CENTRAL's trials (`Record #1 of 20`, then `AU: Doe J`)."""

import re
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged.ris_tags import fields_of
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Problem, Snapshot

_START = re.compile(r"Record #(\d+) of (\d+)\s*$")
_TAG = re.compile(r"([A-Z]{2,4}): ?(.*)")
_SNIFF = re.compile(rb"(?:\A|[\r\n])Record #\d+ of \d+\s*[\r\n]+(?:ID|AU|TI): ")
_TAGS = {
    "AU": "AU", "TI": "TI", "SO": "T2", "YR": "PY", "VL": "VL", "NO": "IS", "PG": "SP", "DOI": "DO", "AB": "AB",
    "US": "UR", "ID": "AN", "PB": "PB", "SN": "SN", "CY": "CY", "LA": "LA",
}  # fmt: skip
"""Cochrane's tags and those of RIS."""
_TYPES = (("conference", "CONF"), ("trial registry", "GEN"), ("book", "BOOK"), ("thesis", "THES"), ("", "JOUR"))
_PMID = re.compile(r"(?:PUBMED|MEDLINE)\s+(\d{1,8})\b", re.IGNORECASE)


def sniff(head: bytes) -> float:
    """High if there is a line `Record #1 of 20` followed by one of its tags."""
    return 0.97 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export; a header that announces more records than there are is a problem.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    reader = EntryReader(LineReader(data, source), _line, blank_ends=False)
    announced = 0

    def check(entry: TaggedEntry) -> None:
        nonlocal announced
        announced = int(entry.items[0][1]) if entry.started else 0

    snapshot = read_entries("cochrane", reader, _record, check)
    if announced <= len(snapshot.records):
        return snapshot
    message = f"the file announces {announced:,} records, and has {len(snapshot.records):,}; it looks cut off"
    truncation = Problem(source, message, snapshot.records[-1].line, fatal=True)
    return Snapshot(source, "cochrane", snapshot.records, (*snapshot.problems, truncation))


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    if start := _START.match(text):
        return TaggedLine("start", "#", start[2])
    if found := _TAG.match(text):
        return TaggedLine("item", found[1], found[2].strip())
    return TaggedLine("more", value=text.strip(), separator="\n" if entry and entry.items[-1][0] == "AB" else " ")


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    values.pop("#", None)
    kinds = " ".join(values.get("PT", ())).lower()
    tags: dict[str, list[str]] = {"TY": [next(code for word, code in _TYPES if word in kinds)]}
    own: dict[str, str] = {}
    for tag, found in values.items():
        if tag == "KY":
            tags["KW"] = [word.strip() for value in found for word in value.split(";")]
        elif tag == "PM" and (pmid := _PMID.match(found[0])):
            own["pmid"] = pmid[1]
        elif tag in _TAGS:
            tags[_TAGS[tag]] = [name.strip() for value in found for name in value.split(";")] if tag == "AU" else found
        else:
            own[f"cochrane-{tag.lower()}"] = "; ".join(found)
    type_, key, fields = fields_of(tags)
    return type_, key, fields | own


FORMAT = Format(name="cochrane", suffixes=(".txt",), sniff=sniff, read=read, read_stream=read)
