"""ReDIF, in which archives of RePEc describe working papers and articles in economics (openlib.org/acmes/root/docu).

Each record is a template of lines `Name: value`; a value continues in lines that begin with no name.
"""

import re
from dataclasses import replace
from typing import BinaryIO

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.line_reader import LineReader
from refsync.formats.common.text_record import split_keywords
from refsync.formats.registry import Format
from refsync.formats.tagged.tagged_reader import EntryReader, TaggedEntry, TaggedLine, read_entries
from refsync.records import Name, Problem, Snapshot

_LINE = re.compile(r"([A-Za-z]+(?:-[A-Za-z0-9]+)*)[ \t]*:[ \t]*(.*)")
_SNIFF = re.compile(rb"(?:\A|[\r\n])template-type[ \t]*:[ \t]*redif-(?:paper|article|book|chapter|software)", re.I)
_TYPES = {
    "paper": "techreport",
    "article": "article",
    "book": "book",
    "chapter": "incollection",
    "software": "software",
}
_FIELDS = {
    "title": "title", "abstract": "abstract", "journal": "journal", "volume": "volume", "issue": "number",
    "number": "number", "year": "year", "doi": "doi", "x-doi": "doi", "isbn": "isbn", "edition": "edition",
    "language": "language", "note": "note", "series": "series", "book-title": "booktitle", "chapter": "chapter",
    "publisher-name": "publisher", "provider-name": "institution", "file-url": "url", "publication-date": "date",
    "programming-language": "redif-programming-language",
}  # fmt: skip
_WORDS = frozenset(
    "template-type handle author-name title abstract keywords journal volume issue number year month pages length doi "
    "isbn issn edition language note series chapter size price order restriction contact".split()
)
"""Names without a hyphen; prose may begin a line with any other word and a colon."""


def sniff(head: bytes) -> float:
    """High if there is a template of a work."""
    return 0.97 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The works of a file; templates of archives, series and persons are left out and reported.

    Raises:
        SourceError: the file is empty or binary, or has no work.
    """
    others: list[int] = []

    def check(entry: TaggedEntry) -> None:
        if not _kind(entry.values()):
            others.append(entry.line)

    snapshot = read_entries("redif", EntryReader(LineReader(data, source), _line), _record, check)
    if not others:
        return snapshot
    records = [record for record in snapshot.records if record.line not in set(others)]
    renumbered = (replace(record, index=n, id=f"#{n}") for n, record in enumerate(records, 1))
    message = f"{len(others)} templates of archives, series or persons are left out"
    problems = (*snapshot.problems, Problem(source, message, others[0], kind="note"))
    return replace(snapshot, records=tuple(renumbered), problems=problems)


def _kind(values: dict[str, list[str]]) -> str:
    found = re.match(r"redif-(\w+)", values.get("template-type", [""])[0], re.I)
    return _TYPES.get(found[1].lower(), "") if found else ""


def _line(text: str, entry: TaggedEntry | None) -> TaggedLine:
    if entry is None and text.startswith("#"):
        return TaggedLine("skip")
    found = None if text[0].isspace() else _LINE.match(text)
    if not found or not ("-" in found[1] or found[1].lower() in _WORDS):
        return TaggedLine("more", value=text.strip(), separator=" ")
    name = found[1].lower()
    return TaggedLine("start" if name == "template-type" else "item", name, found[2].strip())


def _record(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    draft = FieldBuilder("redif")
    type_ = _kind(values) or "misc"
    values.pop("template-type", None)
    for role in ("author", "editor"):
        whole, firsts, lasts = (values.pop(f"{role}-name{part}", []) for part in ("", "-first", "-last"))
        if len(whole) == len(firsts) == len(lasts):
            names: list[Name | str] = [Name(last, first) for first, last in zip(firsts, lasts, strict=True)]
        else:
            names = list(whole)
            draft.keep(f"{role}-name-last", lasts)
            draft.keep(f"{role}-name-first", firsts)
        draft.put(role, join_names(names), role)
    for name in ("publication-date", "creation-date"):
        for value in values.pop(name, ()):
            draft.put_date(value, name)
    for value in values.pop("month", ()):
        draft.put("month", value.capitalize() if value.isalpha() else value, "month")
    for name, field in _FIELDS.items():
        draft.put_each(field, values.pop(name, ()), name)
    draft.put_each("pages", (bibtex_pages(value) for value in values.pop("pages", ())), "pages")
    for value in values.pop("length", ()):
        total = re.fullmatch(r"(\d+)\s*(?:pages|pp?\.?)?", value)
        draft.put("pagetotal", total[1] if total else "", "length")
        draft.keep("length", [] if total else [value])
    words = [word for value in values.pop("keywords", ()) for word in split_keywords(value)]
    draft.put("keywords", join_keywords(words), "keywords")
    draft.put_all("affiliation", values.pop("author-workplace-name", ()), "; ", "author-workplace-name")
    for name, kept in values.items():
        draft.keep(name, kept)
    return type_, "", draft.build()


FORMAT = Format(name="redif", suffixes=(".rdf", ".redif"), sniff=sniff, read=read, read_stream=read)
