"""Web of Science's plain text export (`FN Clarivate Analytics Web of Science`, one tag of two letters per line)."""

import re
from dataclasses import replace
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged.ris_tags import fields_of
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Problem, Snapshot

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)")
_SNIFF = re.compile(rb"\s*FN [^\r\n]+[\r\n]+VR [\d.]+|\s*PT [JBSPC][\r\n]+AU ")
_TYPES = {"J": "JOUR", "B": "BOOK", "S": "SER", "P": "PAT", "C": "CONF"}
_ONE_A_LINE = frozenset("AU AF BA BE BF CA CR C1 C3 FU".split())
_TAGS = {
    "SO": "T2", "SE": "T3", "DT": "M3", "C1": "AD", "PU": "PB", "PI": "CY", "EI": "SN", "BN": "SN", "PD": "DA",
    "BP": "SP", "AR": "C7", "DI": "DO", "D2": "DO", "UT": "AN",
}  # fmt: skip
"""Web of Science's tags and those of RIS; tags in `_SAME` have the same meaning in both."""
_SAME = frozenset("TI LA AB SN PY VL IS EP JI J9".split())


def sniff(head: bytes) -> float:
    """High if the file starts with its two header lines or a record."""
    return 0.97 if _SNIFF.match(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    file_tags: list[str] = []  # outside records

    def grammar(text: str, entry: TaggedEntry | None) -> TaggedLine:
        line = _line(text, entry)
        if line.kind == "skip":
            file_tags.append(text[:2])
        return line

    snapshot = read_entries(
        "wos", EntryReader(LineReader(data, source), grammar, end_tag="ER", end_required=True), _record
    )
    if not file_tags or file_tags[-1] == "EF" or any(problem.fatal for problem in snapshot.problems):
        return snapshot
    message = "no EF at the end of the file; if it was cut off, records after this one are missing"
    return replace(
        snapshot, problems=(*snapshot.problems, Problem(source, message, snapshot.records[-1].line, kind="note"))
    )


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    found = _TAG.match(text)
    if not found:
        one_each = entry is not None and entry.items[-1][0] in _ONE_A_LINE
        if one_each and entry and text.startswith("   "):
            return TaggedLine("item", entry.items[-1][0], text.strip())
        return TaggedLine("more", value=text.strip(), separator=" ")
    tag, value = found[1], (found[2] or "").strip()
    if tag in ("FN", "VR", "EF") and (entry is None or tag == "EF"):
        return TaggedLine("skip")
    return TaggedLine("start" if tag == "PT" else "end" if tag == "ER" else "item", tag, value)


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    tags: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    letter = values.pop("PT", [""])[0]
    in_proceedings = "Proceedings Paper" in " ".join(values.get("DT", ())) and letter != "J"
    in_book = letter in ("B", "S") and "SO" in values
    tags["TY"] = ["CONF" if in_proceedings else "CHAP" if in_book else _TYPES.get(letter, "GEN")]
    tags["AU"] = [*(values.pop("AF", ()) or values.get("AU", ())), *values.pop("CA", ())]
    values.pop("AU", None)
    for tag, found in values.items():
        if tag in ("DE", "ID"):
            tags.setdefault("KW", []).extend(word for value in found for word in value.split("; "))
        elif tag == "BE":
            tags["A2"] = [name for value in found for name in value.split("; ")]
        elif tag == "PM":
            own["pmid"] = found[0]
        elif tag == "CT":
            own["eventtitle"] = found[0]
        elif tag in _SAME or tag in _TAGS:
            tags.setdefault(_TAGS.get(tag, tag), []).extend(found)
        else:
            own[f"wos-{tag.lower()}"] = "; ".join(found)
    type_, _, fields = fields_of(tags)
    fields.pop("ris-ty", "")
    return type_, "", {**fields, **own}


FORMAT = Format(name="wos", suffixes=(".ciw",), sniff=sniff, read=read, read_stream=read)
