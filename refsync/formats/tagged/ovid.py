"""Ovid's text exports of MEDLINE, Embase, PsycINFO and others, with tags (`TI  - `) or full names of fields.

Records begin with `<1>` or `<1. >`. A full name is on a line of its own, its value indented on the next lines.
"""

import re
from collections.abc import Iterable
from typing import BinaryIO

from refsync.formats.common.database_names import without_degrees
from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged.ris_tags import fields_of
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Snapshot

_START = re.compile(r"<\s*(\d+)\s*\.?\s*>\s*$")
_TAG = re.compile(r"([A-Z][A-Z0-9]) {0,2}- ?(.*)")
_NAME = re.compile(r"[A-Z][A-Za-z/&().,' -]{1,48}$")
_SNIFF = re.compile(
    rb"(?:\A|[\r\n])<\s*\d+\s*\.?\s*>\s*[\r\n]+(?:VN  ?- Ovid|[A-Z][A-Z0-9]  - |[A-Z][A-Za-z /]+[\r\n]+[ \t]+\S)"
    rb"|\AVN  - Ovid Technologies"
)
_NAMES = {
    "unique identifier": "UI", "accession number": "UI", "title": "TI", "original title": "OT", "source": "SO",
    "authors": "AU", "author": "AU", "authors full name": "FA", "abstract": "AB", "publication type": "PT",
    "document type": "DT", "language": "LG", "issn print": "IS", "issn electronic": "ES", "issn": "IS", "isbn": "IB",
    "digital object identifier": "DO", "publisher": "PB", "keyword heading": "KW", "keywords": "KW",
    "key concepts": "KW", "mesh subject headings": "MH", "subject headings": "MH", "emtree heading": "MH",
    "year of publication": "YR", "publication year": "YR", "date of publication": "DP", "institution": "IN",
    "abbreviated source": "AS", "journal name": "JN", "nlm journal name": "NJ", "volume": "VO", "issue/part": "IP",
    "page": "PG", "database": "DB", "book title": "BT", "book editors": "ED", "country of publication": "CP",
}  # fmt: skip
"""Full names of fields and their tags."""
_TAGS = {
    "TI": "TI", "AB": "AB", "PB": "PB", "YR": "PY", "IS": "SN", "ES": "SN", "IB": "SN", "VO": "VL", "VI": "VL",
    "IP": "IS", "PG": "SP", "JN": "T2", "JT": "T2", "NJ": "JF", "AS": "J2", "TA": "J2", "BT": "T2", "DB": "DB",
    "UI": "AN", "AN": "AN", "PL": "CY", "OT": "TT", "EN": "ET", "UR": "UR", "PM": "AN",
}  # fmt: skip
"""Ovid's tags and those of RIS. Its databases use different tags, but no tag with two meanings."""
_ONE_EACH = frozenset("AU FA ED MH KW KF".split())
_TYPES = (
    ("dissertation", "THES"), ("thesis", "THES"), ("chapter", "CHAP"), ("book", "BOOK"), ("report", "RPRT"),
    ("patent", "PAT"), ("", "JOUR"),
)  # fmt: skip
_ROLES = re.compile(r"\s*\[[^\]]*\]|\s*[+*\d,]+$")  # after names of authors: `[Inventor]`, `1,2`
_FULL_STOP = re.compile(r"(?<=[a-z]{2})\.$")
_NAME_SEPARATOR = re.compile(r"\s{2,}|;\s*")
_JOURNAL_ENDS = re.compile(r"\.\s+Conference:|[.;,]\s*(?:vol\.?\s*)?(?=\d)")
_VOLUME = re.compile(
    r"(?:^|[.;,]|vol\.?)\s*(?P<VL>\d+)(?:\s*\((?P<IS>[^()]+)\))?(?:\s*\(pp?\.?\s*(?P<pp>[\w-]+)\)|\s*:\s*(?P<SP>\w*\d[\w-]*)|,|\s|$)"
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def sniff(head: bytes) -> float:
    """High if there is a line `<1>` or `<1. >` followed by a field."""
    return 0.97 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    return read_entries("ovid", EntryReader(LineReader(data, source), _Grammar(), blank_ends=False), _record)


class _Grammar:
    """Classifies lines; the first field of a record decides whether its fields have tags or full names."""

    def __init__(self) -> None:
        self._named: bool | None = None

    def __call__(self, text: str, entry: TaggedEntry | None) -> TaggedLine:
        if _START.match(text):
            self._named = None
            return TaggedLine("start", "#")
        last = entry.items[-1][0] if entry else ""
        if not self._named and (found := _TAG.match(text)):
            begins = found[1] == "VN" and self._named is not None  # for records without number
            self._named = False
            return TaggedLine("start" if begins else "item", found[1], found[2].strip())
        if self._named is not False and entry and _NAME.match(text):
            self._named = True
            return TaggedLine("item", _NAMES.get(text.strip().lower(), text.strip()))
        if last in _ONE_EACH or last == "IN":
            return TaggedLine("item", last, text.strip())
        return TaggedLine("more", value=text.strip(), separator=" " if self._named or last != "AB" else "\n")


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    kinds = [value for tag in ("PT", "ST", "DT") for value in values.get(tag, ())]
    kind = " ".join(kinds).lower()
    tags: dict[str, list[str]] = {"TY": [next(code for word, code in _TYPES if word in kind)]}
    own: dict[str, str] = {}
    authors = values.pop("FA", [])
    authors = authors if len(authors) >= len(values.get("AU", ())) else values.get("AU", [])
    tags["AU"] = _names(authors)
    tags["A2"] = _names(values.get("ED", ()))
    words = [value for tag in ("KW", "KF", "MH") for value in values.get(tag, ())]
    tags["KW"] = [word.strip() for value in words for word in value.split(";")]
    tags["AD"] = values.get("IN", [])
    for tag, found in values.items():
        if tag == "DO":
            tags["DO"] = [value.removesuffix("[doi]").strip() for value in found]
        elif tag == "LG":
            tags["LA"] = found
        elif tag in _TAGS:
            tags.setdefault(_TAGS[tag], []).extend(found)
        elif tag not in ("AU", "FA", "ED", "KW", "KF", "MH", "IN", "#", "VN"):
            own[f"ovid-{re.sub(r'[^a-z0-9]+', '-', tag.lower()).strip('-')}"] = "; ".join(found)
    _put_source(tags, values.get("SO", [""])[0])
    type_, _, fields = fields_of(tags)
    return type_, "", fields | own


def _names(values: Iterable[str]) -> list[str]:
    """Single names; with full names of fields, all are in one line, separated by two spaces."""
    parts = [_ROLES.sub("", part).strip() for value in values for part in _NAME_SEPARATOR.split(value)]
    return [_FULL_STOP.sub("", name) for part in parts if (name := without_degrees(part))]


def _put_source(tags: dict[str, list[str]], source: str) -> None:
    """Set journal, volume, issue, pages and year from one line (`Journal of Moss. 7(2):101-15, 2020 Mar.`)."""
    end = _JOURNAL_ENDS.search(source)
    found = _VOLUME.search(source, end.start()) if end else None
    if end:
        tags.setdefault("T2", [source[: end.start()].strip()])
    if found:
        for tag, value in (("VL", found["VL"]), ("IS", found["IS"]), ("SP", found["pp"] or found["SP"])):
            if value:
                tags.setdefault(tag, [value])
    if "PY" not in tags and (years := _YEAR.findall(source)):
        tags["PY"] = [years[-1]]


FORMAT = Format(name="ovid", suffixes=(".ovd", ".cgi", ".txt"), sniff=sniff, read=read, read_stream=read)
