"""Records in EndNote's tagged format: see `enw`."""

import re
from collections.abc import Iterator, Sequence

from refsync.formats.common.text_record import to_text_record
from refsync.formats.tagged.endnote_types import endnote_type, ris_code
from refsync.formats.tagged.ris_tags import SINGLE_FIELD_TAGS, TYPE_OF_CODE, UNMAPPED_FIELD, UNMAPPED_TYPE
from refsync.formats.tagged.ris_write import tagged_values
from refsync.records import Record

CITATION_KEY = "citation-key"
"""The name under which research notes have the citation key."""

_TAGS = {
    "AU": "A", "A2": "E", "A3": "Y", "A4": "?", "TI": "T", "T3": "S", "J2": "O", "PY": "D", "DA": "8", "VL": "V",
    "IS": "N", "SP": "P", "DO": "R", "UR": "U", "AB": "X", "KW": "K", "SN": "@", "AN": "M", "LA": "G", "PB": "I",
    "CY": "C", "ET": "7", "NV": "6", "M3": "9", "N1": "Z", "AD": "+", "ST": "!", "SE": "&", "C3": "3", "C7": "$",
    "Y2": "[", "DB": "~", "CN": "L", "TT": "Q", "L1": ">",
}  # fmt: skip
_JOURNALS = frozenset("JOUR EJOUR MGZN NEWS INPR ABST".split())
_OWN = re.compile(r"%. ?")


def write(records: Sequence[Record]) -> bytes:
    """A file of these records. Fields without a tag go into the research notes (`%<`) with their names."""
    return "\n".join("".join(f"%{tag} {value}\n" for tag, value in _lines(record)) for record in records).encode()


def _lines(record: Record) -> Iterator[tuple[str, str]]:
    """The tags and values of a record, without empty lines and lines that look like tags."""
    for tag, value in _values(record):
        lines = [text for line in re.split(r"\r\n?|\n", value) if (text := line.strip())]
        folded: list[str] = []
        for line in lines:
            if folded and (tag not in "XZ+" or _OWN.match(line)):
                folded[-1] = f"{folded[-1]} {line}"
            else:
                folded.append(line)
        if folded:
            yield tag, "\n".join(folded)


def _values(record: Record) -> Iterator[tuple[str, str]]:
    text_record = to_text_record(record)
    values = list(tagged_values(text_record))
    code = values[0][1]
    name, _ = endnote_type(code)
    yield "0", name
    says_type = any(value.startswith(UNMAPPED_TYPE) for tag, value in values if tag == "U5")
    kept: list[str] = []
    if not says_type and TYPE_OF_CODE.get(ris_code(name), "misc") != text_record.type:
        kept.append(f"{UNMAPPED_TYPE}{text_record.type}")
    first = ""
    for tag, value in values[1:]:
        if tag == "ID":
            yield "F", value
            kept.append(f"{UNMAPPED_FIELD}{CITATION_KEY}: {value}")
        elif tag == "SP":
            first = value
        elif tag == "T2":
            yield "J" if code in _JOURNALS else "B", value
        elif tag == "U5":
            kept.append(value)
        elif tag == "EP":
            first = f"{first}-{value}"
        elif tag in _TAGS:
            yield _TAGS[tag], value
        else:
            name = SINGLE_FIELD_TAGS.get(tag, f"ris-{tag.lower()}")
            kept.append(f"{UNMAPPED_FIELD}{name}: {value}")
    if first:
        yield "P", first
    for value in kept:
        yield "<", value
