"""The tagged format of the Astrophysics Data System (`%R` with the bibcode first; the ADS's `Field (ADS tagged)`)."""

import re
from typing import BinaryIO

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names, page_range
from refsync.formats.common.line_reader import LineReader
from refsync.formats.common.text_record import split_keywords
from refsync.formats.registry import Format
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Snapshot
from refsync.text.identifiers import arxiv

_TAG = re.compile(r"%([A-Z])(?: (.*)|\s*$)")
_SNIFF = re.compile(rb"(?:\A|[\r\n])%R \d{4}[A-Za-z0-9&.:]{14,16}\s")
_SIMPLE = {"T": "title", "V": "volume", "B": "abstract", "U": "url", "C": "copyright", "H": "publisher", "X": "note"}
_JOURNAL = re.compile(r"^(?P<name>.*?)(?:,\s*(?=(?:vol(?:ume)?|issue|no|id|pp?|article)\b\.?|\d)|\s*\(\d{4}\)|$)", re.I)
_ISSUE = re.compile(r"\b(?:issue|no\.?)\s*([\w-]+)", re.I)
_EID = re.compile(r"\b(?:id\.?|article id)\s*:?\s*([\w.-]*\d[\w-]*)", re.I)
_RANGE = re.compile(r"\bpp?\.\s*([A-Z]?\d+\s*-\s*[A-Z]?\d+)")
_IDENTIFIER = re.compile(r"\s*(DOI|eprintid)\s*:\s*(\S+?)\s*(?:;|$)", re.I)


def sniff(head: bytes) -> float:
    """High if there is a line with `%R` and a bibcode."""
    return 0.97 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of an export.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    return read_entries("ads", EntryReader(LineReader(data, source), _line), _record)


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    found = _TAG.match(text)
    if not found:
        if entry is None:  # the head of the export
            return TaggedLine("skip")
        return TaggedLine("more", value=text.strip(), separator=" ")
    return TaggedLine("start" if found[1] == "R" else "item", found[1], (found[2] or "").strip())


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    draft = FieldBuilder("ads")
    bibcode = values.pop("R", [""])[0]
    draft.put("bibcode", bibcode, "R")
    for tag, name in (("A", "author"), ("E", "editor")):
        names = [one for value in values.pop(tag, ()) for one in value.split(";")]
        draft.put(name, join_names(filter(None, map(str.strip, names))), tag)
    for tag, name in _SIMPLE.items():
        draft.put_each(name, values.pop(tag, ()), tag)
    for value in values.pop("D", ()):
        month, slash, year = value.partition("/")
        draft.put_date(f"{year}/{month}" if slash and month.strip("0") else year or value, "D")
    is_preprint = bibcode[4:9] == "arXiv"
    for value in values.pop("J", ()):
        _put_journal(value, draft, is_preprint=is_preprint)
    first, last = (next(iter(values.pop(tag, ())), "") for tag in ("P", "L"))
    if first != draft.fields.get("eid", "") or last:
        draft.put("pages", page_range(first, last), "P")
    words = [word for value in values.pop("K", ()) for word in split_keywords(value)]
    draft.put("keywords", join_keywords(words), "K")
    for value in values.pop("Y", ()):
        for kind, identifier in _IDENTIFIER.findall(value):
            if kind.lower() == "doi":
                draft.put("doi", identifier, "Y")
            else:
                draft.put("eprint", arxiv(identifier) or identifier, "Y")
                draft.put("archiveprefix", "arXiv", "Y")
        if rest := _IDENTIFIER.sub("", value).strip():
            draft.keep("Y", [rest])
    draft.put_all("affiliation", values.pop("F", ()), "; ", "F")
    draft.put_all("language", values.pop("M", ()), ", ", "M")
    for tag, kept in values.items():
        draft.keep(tag, kept)
    return "article" if "journal" in draft.fields else "misc", "", draft.build()


def _put_journal(value: str, draft: FieldBuilder, *, is_preprint: bool) -> None:
    """Put the parts of `Journal of Moss, Volume 7, Issue 3, p. 11-19 (2020)`, and keep the whole."""
    found = _JOURNAL.match(value)
    name = found["name"].strip() if found else value
    if not is_preprint:
        draft.put("journal", name, "J")
    for pattern, field in ((_ISSUE, "number"), (_EID, "eid"), (_RANGE, "pages")):
        part = pattern.search(value)
        if part and not is_preprint:
            draft.put(field, bibtex_pages(part[1]) if field == "pages" else part[1], "J")
    if name != value or is_preprint:
        draft.keep("J", [value])


FORMAT = Format(name="ads", suffixes=(".txt", ".ads"), sniff=sniff, read=read, read_stream=read)
