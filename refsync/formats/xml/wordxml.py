"""Word's bibliography (`Sources.xml`; ECMA-376, Office Open XML part 1, section 22.6).

Fields that Word has no element for are lines of `Comments`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO
from xml.etree.ElementTree import Element as TreeElement
from xml.etree.ElementTree import SubElement, register_namespace, tostring

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_names
from refsync.formats.common.item_types import publisher_field
from refsync.formats.common.text_record import TextRecord, to_text_record
from refsync.formats.common.unmapped import TYPE, split_unmapped, unmapped_lines, with_type
from refsync.formats.common.written_date import take_date
from refsync.formats.registry import Format
from refsync.formats.xml.elements import Element, child_text, children, element_text, local_name
from refsync.formats.xml.flat_records import FlatRecordReader
from refsync.records import Name, Record, Snapshot, repeated_ids
from refsync.text.months import MONTH_NAMES, month_name

_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/bibliography"
_SNIFF = re.compile(rb"<(?:\w+:)?Sources?[\s>].{0,600}?officeDocument/2006/bibliography", re.S)
_TYPES = {
    "JournalArticle": "article", "ArticleInAPeriodical": "article", "Book": "book", "BookSection": "incollection",
    "ConferenceProceedings": "inproceedings", "Report": "techreport", "SoundRecording": "audio",
    "Performance": "performance", "Art": "artwork", "DocumentFromInternetSite": "online", "InternetSite": "online",
    "Film": "movie", "Interview": "misc", "Patent": "patent", "ElectronicSource": "online", "Case": "jurisdiction",
    "Misc": "misc",
}  # fmt: skip
_WORD_TYPES = {
    **{type_: name for name, type_ in reversed(_TYPES.items())}, "misc": "Misc", "phdthesis": "Report",
    "mastersthesis": "Report", "inbook": "BookSection", "inreference": "BookSection", "proceedings": "Book",
    "collection": "Book", "manual": "Book", "booklet": "Book", "reference": "Book", "music": "SoundRecording",
    "video": "Film",
}  # fmt: skip
_NAMES = {
    "Title": "title", "ShortTitle": "shorttitle", "JournalName": "journal", "PeriodicalTitle": "journal",
    "BookTitle": "booktitle", "ConferenceName": "booktitle", "Volume": "volume", "Issue": "number",
    "Edition": "edition", "NumberVolumes": "volumes", "ChapterNumber": "chapter", "City": "address", "URL": "url",
    "DOI": "doi", "Version": "version", "PatentNumber": "number", "CaseNumber": "number", "ThesisType": "type",
    "Institution": "institution", "Medium": "howpublished", "PublicationTitle": "journal",
    "InternetSiteTitle": "journal", "LCID": "language",
}  # fmt: skip
_WRITTEN = (
    "Title", "ShortTitle", "BookTitle", "Volume", "Edition", "NumberVolumes", "ChapterNumber", "City", "URL", "DOI",
    "Version", "Medium",
)  # fmt: skip
_CONTAINERS = {
    "JournalArticle": "JournalName", "ArticleInAPeriodical": "PeriodicalTitle", "InternetSite": "InternetSiteTitle",
    "DocumentFromInternetSite": "InternetSiteTitle", "ElectronicSource": "PublicationTitle", "Art": "PublicationTitle",
    "Misc": "PublicationTitle",
}  # fmt: skip
"""The element with the title of the journal or site, by type of source."""
_PEOPLE = {"Author": "author", "Editor": "editor", "Translator": "translator"}
_FIRST_CREATORS = frozenset({"Inventor", "Artist", "Director", "Performer", "Composer", "Interviewee"})
_NOT_FIELDS = frozenset(
    "Author Tag SourceType Guid RefOrder Comments Year Month Day StandardNumber Pages Publisher".split()
)


def sniff(head: bytes) -> float:
    """High for Word's sources."""
    return 0.97 if head.lstrip().startswith(b"<") and _SNIFF.search(head[:4000]) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The sources of a file.

    Raises:
        SourceError: the file is not XML, or has no source.
    """
    reader = FlatRecordReader(data, source, "Source")
    records: list[Record] = []
    for line, element in reader:
        record = replace(_record(element, source, len(records) + 1), line=line)
        if record.fields or not record.id.startswith("#"):
            records.append(record)
    if not records:
        raise SourceError(source, "no source of Word in it", hint="is it another format? name it with --from")
    return Snapshot(source, "wordxml", tuple(records), (*reader.problems, *repeated_ids(records)))


def _record(element: Element, source: str, index: int) -> Record:
    draft = FieldBuilder("word")
    kind = child_text(element, "SourceType") or "Misc"
    type_ = "phdthesis" if child_text(element, "ThesisType") else _TYPES.get(kind, "misc")
    lines = [line for one in children(element, "Comments") for line in (one.text or "").splitlines()]
    kept, comments = split_unmapped(line.strip() for line in lines)
    type_ = kept.pop(TYPE, type_)
    if _WORD_TYPES.get(type_, "Misc") != kind:
        draft.keep("SourceType", [kind])
    draft.put("annote", "\n".join(comments).strip(), "Comments")
    for group in children(element, "Author"):
        _put_people(group, draft)
    for child in element:
        name, text = local_name(child), element_text(child)
        if name == "Institution":
            draft.put(publisher_field(type_) if publisher_field(type_) != "publisher" else name.lower(), text, name)
        elif name == "Publisher":
            draft.put(publisher_field(type_), text, name)
        elif name == "ConferenceName" and child_text(element, "BookTitle"):
            draft.put("eventtitle", text, name)
        elif name == "Pages":
            draft.put("pages", bibtex_pages(text), name)
        elif name == "StandardNumber":
            _put_number(text, draft, type_)
        elif name in _NAMES:
            draft.put(_NAMES[name], text, name)
        elif name and name not in _NOT_FIELDS and not name.endswith("Accessed"):
            draft.keep(name, [text])
    _put_dates(element, draft)
    key = child_text(element, "Tag") or f"#{index}"
    return Record(source, index, key, type=type_, fields={**kept, **draft.build()}, id_is_key=not key.startswith("#"))


def _put_number(text: str, draft: FieldBuilder, type_: str) -> None:
    if re.match(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4}", text, re.I):
        draft.put("doi", text, "StandardNumber")
    else:
        draft.put_serials(re.split(r"[;,]\s*", text), "StandardNumber", book=type_ in ("book", "incollection"))


def _put_people(group: Element, draft: FieldBuilder) -> None:
    for role in group:
        names: list[Name | str] = [Name(element_text(one)) for one in children(role, "Corporate")]
        for one in children(role, "NameList"):
            for person in children(one, "Person"):
                family, first, middle = (child_text(person, part) for part in ("Last", "First", "Middle"))
                given = " ".join(filter(None, (first, middle)))
                names.append(Name(family or given, given if family else ""))
        name = local_name(role)
        if name in _PEOPLE:
            draft.put(_PEOPLE[name], join_names(names), name)
        elif name in _FIRST_CREATORS and not children(group, "Author") and "author" not in draft.fields:
            draft.put("author", join_names(names), name)
            draft.keep("role", [name])
        elif name:
            draft.keep(name, [join_names(names)])


def _put_dates(element: Element, draft: FieldBuilder) -> None:
    year, month, day = (child_text(element, name) for name in ("Year", "Month", "Day"))
    named = month_name(month)
    for name, value in (("year", year), ("month", named or month), ("day", day)):
        draft.put(name, value, name)
    parts = [child_text(element, f"{name}Accessed") for name in ("Year", "Month", "Day")]
    number = MONTH_NAMES.index(named) + 1 if (named := month_name(parts[1])) else 0
    if re.fullmatch(r"\d{4}", parts[0]) and (number or not parts[1]) and (parts[2].isdecimal() or not parts[2]):
        text = parts[0] + (f"-{number:02}" if number else "") + (f"-{int(parts[2]):02}" if number and parts[2] else "")
        draft.put("urldate", text, "Accessed")
    else:
        draft.put("urldate", " ".join(filter(None, parts)), "Accessed")


def write(records: Sequence[Record]) -> bytes:
    """A file of Word's sources, each with a tag of its own."""
    register_namespace("b", _NAMESPACE)
    root = TreeElement(f"{{{_NAMESPACE}}}Sources", SelectedStyle="", StyleName="")
    used: set[str] = set()
    for number, record in enumerate(map(to_text_record, records), 1):
        tag = record.id or f"item-{number}"
        tag = next(one for n in range(1, len(records) + 2) if (one := f"{tag}-{n}" if n > 1 else tag) not in used)
        used.add(tag)
        root.append(_source(record, tag))
        root[-1].tail = "\n"
    root.text = "\n"
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _source(record: TextRecord, tag: str) -> TreeElement:
    fields, type_ = dict(record.fields), record.type
    given = fields.pop("word-sourcetype", "")
    kind = given if _TYPES.get(given) == type_ else _WORD_TYPES.get(type_, "Misc")
    root = TreeElement(f"{{{_NAMESPACE}}}Source")

    def put(name: str, value: str) -> None:
        if value:
            SubElement(root, f"{{{_NAMESPACE}}}{name}").text = value

    put("Tag", tag)
    put("SourceType", kind)
    _put_creators(root, record)
    for name in _WRITTEN:
        put(name, fields.pop(_NAMES[name], ""))
    if kind in _CONTAINERS:
        put(_CONTAINERS[kind], fields.pop("journal", ""))
    if kind == "ConferenceProceedings" and root.find(f"{{{_NAMESPACE}}}BookTitle") is not None:
        put("ConferenceName", fields.pop("eventtitle", ""))
    put({"Patent": "PatentNumber", "Case": "CaseNumber"}.get(kind, "Issue"), fields.pop("number", ""))
    put("Pages", fields.pop("pages", "").replace("--", "-"))
    publisher = publisher_field(type_)
    put("Institution" if publisher != "publisher" else "Publisher", fields.pop(publisher, ""))
    is_thesis = type_ in ("phdthesis", "mastersthesis")
    if is_thesis:
        put("ThesisType", fields.pop("type", ""))
    _put_written_dates(put, fields)
    numbers = [number for name in ("isbn", "issn") for number in _numbers(fields, name)]
    put("StandardNumber", "; ".join(numbers))
    read_as = "phdthesis" if root.find(f"{{{_NAMESPACE}}}ThesisType") is not None else _TYPES[kind]
    comments = fields.pop("annote", "").splitlines()
    put("Comments", "\n".join([*comments, *unmapped_lines(with_type(fields, type_, read_as))]))
    return root


def _numbers(fields: dict[str, str], name: str) -> Iterator[str]:
    """The numbers of a field, if a reader can recognise which of ISBN and ISSN they are."""
    pattern = r"\d{4}-\d{3}[\dXx]" if name == "issn" else r"97[89][\d-]{10,14}"
    numbers = fields.get(name, "").split(", ")
    if all(re.fullmatch(pattern, number) for number in numbers):
        del fields[name]
        yield from numbers


def _put_creators(root: TreeElement, record: TextRecord) -> None:
    if not any(record.creators.values()):
        return
    group = SubElement(root, f"{{{_NAMESPACE}}}Author")
    for name, field in _PEOPLE.items():
        people = record.creators.get(field, ())
        if not people:
            continue
        role = SubElement(group, f"{{{_NAMESPACE}}}{name}")
        if len(people) == 1 and not people[0].given and not people[0].prefix and not people[0].suffix:
            SubElement(role, f"{{{_NAMESPACE}}}Corporate").text = people[0].family
            continue
        names = SubElement(role, f"{{{_NAMESPACE}}}NameList")
        for one in people:
            person = SubElement(names, f"{{{_NAMESPACE}}}Person")
            family = ", ".join(filter(None, (f"{one.prefix} {one.family}".strip(), one.suffix)))
            for part, value in (("Last", family), ("First", one.given)):
                if value:
                    SubElement(person, f"{{{_NAMESPACE}}}{part}").text = value


def _put_written_dates(put: Callable[[str, str], None], fields: dict[str, str]) -> None:
    year, month, day = take_date(fields)
    put("Year", year)
    put("Month", MONTH_NAMES[month - 1] if month else "")
    put("Day", str(day) if day else "")
    seen = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?", fields.get("urldate", ""))
    if seen:
        put("YearAccessed", seen[1])
        put("MonthAccessed", MONTH_NAMES[int(seen[2]) - 1])
        put("DayAccessed", str(int(seen[3])) if seen[3] else "")
        del fields["urldate"]


FORMAT = Format(name="wordxml", suffixes=(".xml",), sniff=sniff, read=read, write=write, read_stream=read)
