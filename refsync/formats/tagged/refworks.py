"""RefWorks' tagged format (`RT Journal Article`, one tag of two characters and a value per line)."""

import re
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.formats.registry import Format
from refsync.formats.tagged.ris_tags import fields_of
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Snapshot

_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)")
_SNIFF = re.compile(
    rb"(?:\A|[\r\n])RT [A-Z][A-Za-z,/ ]{2,40}[ \t]*[\r\n]+(?:[A-Z][A-Z0-9] [^\r\n]*[\r\n]+)?(?:[A-Z][A-Z0-9] |\Z)"
)
_TAGS = {
    "A1": "AU", "A2": "A2", "A3": "A3", "A4": "A4", "T1": "TI", "T2": "T2", "T3": "T3", "JF": "JF", "JO": "JA",
    "YR": "PY", "FD": "DA", "VO": "VL", "IS": "IS", "SP": "SP", "OP": "EP", "K1": "KW", "AB": "AB", "NO": "N1",
    "ED": "ET", "PB": "PB", "PP": "CY", "SN": "SN", "AD": "AD", "AN": "AN", "LA": "LA", "DO": "DO", "CN": "CN",
    "DB": "DB", "DS": "DP", "ST": "ST", "UL": "UR", "AV": "AV", "CL": "M3", "RD": "Y2",
}  # fmt: skip
"""RefWorks' tags and those of RIS."""
_OTHERS = frozenset("RT SR ID A5 A6 SF OT LK IP WT WV WP OL PM CR LL SL OD TA SO U1 U2 U3 U4 U5 U6 U7 U8 U9".split())
_CODES = {
    "abstract": "ABST", "artwork": "ART", "bills/resolutions": "BILL", "bills": "BILL", "book, section": "CHAP",
    "book, edited": "EDBOOK", "book, whole": "BOOK", "case/court decisions": "CASE", "case": "CASE",
    "computer program": "COMP", "conference proceedings": "CPAPER", "dissertation/thesis": "THES",
    "dissertation/thesis, unpublished": "THES", "dissertation": "THES", "thesis": "THES", "generic": "GEN",
    "grant": "GRNT", "hearing": "HEAR", "journal": "JOUR", "journal article": "JOUR", "journal, electronic": "EJOUR",
    "laws/statutes": "STAT", "laws": "STAT", "statutes": "STAT", "magazine article": "MGZN", "map": "MAP",
    "monograph": "BOOK", "motion picture": "MPCT", "music score": "MUSIC", "newspaper article": "NEWS",
    "online discussion forum/blogs": "BLOG", "online discussion forum": "BLOG", "patent": "PAT",
    "personal communication": "PCOMM", "report": "RPRT", "resolutions": "BILL", "sound recording": "SOUND",
    "thesis, unpublished": "THES", "unpublished material": "UNPB", "video/dvd": "VIDEO", "video": "VIDEO",
    "dvd": "VIDEO", "web page": "ELEC",
}  # fmt: skip


def sniff(head: bytes) -> float:
    """High if there is a line `RT Type` followed by another tag."""
    return 0.96 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    return read_entries("refworks", EntryReader(LineReader(data, source), _line), _record)


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    found = _TAG.match(text)
    if not found or not (found[1] in _TAGS or found[1] in _OTHERS):  # prose may begin with `UV light`
        if entry is None and text.startswith(("<", "#")):
            return TaggedLine("skip")
        return TaggedLine("more", value=text.strip(), separator="\n")
    return TaggedLine("start" if found[1] == "RT" else "item", found[1], (found[2] or "").strip())


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    tags: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    name = " ".join(values.pop("RT", ["Generic"])[0].lower().split())
    code = _CODES.get(name, "GEN")
    tags["TY"] = [code]
    if code == "GEN" and name != "generic":
        own["refworks-rt"] = name
    for tag, found in values.items():
        if tag == "FD":
            tags["DA"] = [_date(value, values.get("YR", [""])[0]) for value in found]
        elif tag in _TAGS:
            tags.setdefault(_TAGS[tag], []).extend(found)
        else:
            own[f"refworks-{tag.lower()}"] = "; ".join(found)
    type_, _, fields = fields_of(tags)
    return type_, "", {**fields, **own}


def _date(value: str, year: str) -> str:
    """A date with its year: RefWorks writes `Mar 5` beside the year."""
    return f"{value}" if re.search(r"\d{4}", value) or not re.fullmatch(r"\d{4}", year) else f"{year} {value}"


FORMAT = Format(name="refworks", suffixes=(".txt",), sniff=sniff, read=read, read_stream=read)
