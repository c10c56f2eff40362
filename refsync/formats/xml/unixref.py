"""Crossref's XML: answers in the formats UNIXREF and UNIXSD, and deposits (crossref.org/schema, versions 4 and 5)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import page_range
from refsync.formats.common.item_types import publisher_field
from refsync.formats.common.record_values import date_part_fields
from refsync.formats.registry import Format
from refsync.formats.xml.elements import (
    Element,
    child_text,
    child_texts,
    child_title,
    children,
    element_text,
    local_name,
)
from refsync.formats.xml.flat_records import FlatRecordReader
from refsync.records import Name, Problem, Record, Snapshot

_SNIFF = re.compile(
    rb"<(?:\w+:)?(?:doi_records|doi_record|crossref_result|doi_batch|crossref)[\s>]|crossref\.org/(?:xschema|schema|qrschema)"
)
_PART_TYPES = {
    "journal_article": "article", "conference_paper": "inproceedings", "content_item": "incollection",
    "dataset": "dataset",
}  # fmt: skip
_WHOLE_TYPES = {
    "journal": "periodical", "book": "book", "conference": "proceedings", "dissertation": "phdthesis",
    "report-paper": "techreport", "standard": "standard", "database": "dataset", "posted_content": "misc",
    "peer_review": "misc",
}  # fmt: skip
_METADATA = re.compile(
    r"(?:journal|book|book_series|book_set|series|set|proceedings|proceedings_series|report-paper|report-paper_series"
    r"|standard|database|event)_metadata|journal_issue|journal_volume"
)
_TITLES_OF_WHOLES = ("full_title", "proceedings_title", "titles")
_ROLES = {"author": "author", "editor": "editor", "translator": "translator", "chair": "editor"}
_NOT_READ = frozenset(
    "titles contributors person_name publication_date pages doi_data abstract publisher publisher_item full_title "
    "abbrev_title issn isbn noisbn journal_volume volume issue edition_number component_number citation_list program "
    "posted_date approval_date acceptance_date institution degree proceedings_title conference_name group_title "
    "conference_location conference_date archive_locations crossmark component_list item_number scn_policies "
    "original_language_title creation_date database_date".split()
)


def sniff(head: bytes) -> float:
    """High for an element or a schema of Crossref."""
    start = head.lstrip()
    return 0.95 if start.startswith(b"<") and _SNIFF.search(start) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The works of a file; of a journal, a book or proceedings with parts, the parts.

    Raises:
        SourceError: the file is not XML, or has no work; Crossref's message then.
    """
    problems: list[Problem] = []
    records: list[Record] = []
    error = ""
    tags = (*_WHOLE_TYPES, "error", "msg")
    reader = FlatRecordReader(data, source, *tags)
    for line, element in reader:
        name = local_name(element)
        if name in ("error", "msg"):
            error = error or element_text(element)
            continue
        parts = [one for one in element.iter() if local_name(one) in _PART_TYPES and local_name(one) != name]
        for part in parts or [element]:
            record = replace(_record(element, part, source, len(records) + 1), line=line)
            if record.fields:
                records.append(record)
    if not records:
        message = f"; it says: {error:.200}" if error else ""
        raise SourceError(
            source, f"no work of Crossref in it{message}", hint="check the query, or name the format with --from"
        )
    if error:
        problems.append(Problem(source, f"Crossref answered for a work: {error:.200}"))
    return Snapshot(source, "unixref", tuple(records), (*reader.problems, *problems))


def _record(whole: Element, part: Element, source: str, index: int) -> Record:
    draft = FieldBuilder("crossref")
    is_part = part is not whole
    type_ = _PART_TYPES[local_name(part)] if is_part else _WHOLE_TYPES[local_name(whole)]
    if type_ == "phdthesis" and re.search(r"\bM\.?\s?(?:Sc|A|S|Phil)\b|master", child_text(part, "degree"), re.I):
        type_ = "mastersthesis"
    metadata = [one for one in whole.iter() if _METADATA.fullmatch(local_name(one))]
    own = [part] if is_part else [part, *metadata]
    for element in own:
        _put_own(element, draft, type_)
    for element in metadata if is_part else []:
        _put_whole(element, draft, type_)
    everything = (*own, *(metadata if is_part else []))
    _put_dates(everything, draft)
    for element in everything:
        _put_shared(element, draft, type_)
    kind = part.get("type") or part.get("component_type") or part.get("publication_type") or ""
    if kind and kind not in ("full_text", "chapter", "record"):
        draft.keep("type", [kind])
    return Record(source, index, f"#{index}", type=type_, fields=draft.build())


def _put_own(element: Element, draft: FieldBuilder, type_: str) -> None:
    """Put the values of the work itself that the one that contains it does not have too."""
    for titles in children(element, "titles"):
        title = ": ".join(filter(None, (child_title(titles, "title"), child_title(titles, "subtitle"))))
        draft.put("title", title, "title")
        draft.keep("original-title", child_texts(titles, "original_language_title"))
    if type_ in ("periodical", "proceedings"):
        draft.put_each("title", child_texts(element, "full_title", "proceedings_title"), "title")
    _put_people(element, draft)
    for pages in children(element, "pages"):
        draft.put("pages", page_range(child_text(pages, "first_page"), child_text(pages, "last_page")), "pages")
        draft.keep("other-pages", child_texts(pages, "other_pages"))
    for item in children(element, "publisher_item"):
        for number in children(item, "item_number"):
            is_number = number.get("item_number_type", "").lower().replace("-", "_") in ("article_number", "artnum", "")
            draft.put("eid" if is_number else "crossref-item-number", element_text(number), "item-number")
        draft.keep("identifier", child_texts(item, "identifier"))
    for data in children(element, "doi_data"):
        draft.put("doi", child_text(data, "doi"), "doi")
        draft.put("url", child_text(data, "resource"), "resource")
    for abstract in children(element, "abstract"):
        parts = [element_text(one) for one in abstract if local_name(one) not in ("", "title")]
        draft.put("abstract", "\n".join(filter(None, parts)) or element_text(abstract), "abstract")
    draft.put("type", child_text(element, "degree"), "degree")
    draft.put("language", element.get("language", ""), "language")
    draft.put_each("chapter", child_texts(element, "component_number"), "component-number")
    draft.keep("group", child_texts(element, "group_title"))
    for child in element:
        name = local_name(child)
        if name and name not in _NOT_READ and name not in _PART_TYPES and not _METADATA.fullmatch(name):
            draft.keep(name.replace("_", "-"), [element_text(child)])


def _put_whole(element: Element, draft: FieldBuilder, type_: str) -> None:
    """Put the title and the editors of the work that contains this one, and of its series."""
    name = local_name(element)
    in_series = name in ("book_series_metadata", "series_metadata", "proceedings_series_metadata", "set_metadata")
    field = "journal" if type_ == "article" else "booktitle"
    for child in element:
        if local_name(child) in _TITLES_OF_WHOLES and local_name(child) != "titles":
            draft.put(field, element_text(child), "container-title")
        elif local_name(child) == "titles":
            title = ": ".join(filter(None, (child_text(child, "title"), child_text(child, "subtitle"))))
            draft.put("series" if in_series and name != "book_series_metadata" else field, title, "container-title")
    draft.put_each("shortjournal", child_texts(element, "abbrev_title"), "abbrev-title")
    _put_people(element, draft, as_author="bookauthor")
    if "doi" in draft.fields:
        for data in children(element, "doi_data"):
            draft.keep("container-doi", child_texts(data, "doi"))


def _put_shared(element: Element, draft: FieldBuilder, type_: str) -> None:
    """Put what either the work or the one that contains it has: numbers, publisher, event."""
    draft.put_each("volume", child_texts(element, "volume"), "volume")
    draft.put_each("number", child_texts(element, "issue"), "issue")
    draft.put_each("edition", child_texts(element, "edition_number"), "edition")
    draft.put_all("issn", child_texts(element, "issn"), ", ", "issn")
    draft.put_all("isbn", child_texts(element, "isbn"), ", ", "isbn")
    for publisher in children(element, "publisher"):
        draft.put_each(publisher_field(type_), child_texts(publisher, "publisher_name"), "publisher")
        draft.put_each("address", child_texts(publisher, "publisher_place"), "publisher-place")
    for institution in children(element, "institution"):
        name = publisher_field(type_) if publisher_field(type_) != "publisher" else "institution"
        draft.put_each(name, child_texts(institution, "institution_name"), "institution")
        draft.put_each("address", child_texts(institution, "institution_place"), "institution-place")
    draft.put_each("eventtitle", child_texts(element, "conference_name"), "conference-name")
    draft.put_each("venue", child_texts(element, "conference_location"), "conference-location")
    for date in children(element, "conference_date"):
        text = element_text(date) or " ".join(f"{name}={value}" for name, value in sorted(date.attrib.items()))
        draft.keep("conference-date", [text])


def _put_dates(elements: Iterable[Element], draft: FieldBuilder) -> None:
    """Put the date of the print version, which is cited, or else the first; others are kept."""
    dates = [
        one
        for element in elements
        for name in ("publication_date", "approval_date", "posted_date", "creation_date")
        for holder in (element, *children(element, "database_date"))
        for one in children(holder, name)
    ]
    for date in sorted(dates, key=lambda one: one.get("media_type", "print") != "print"):
        parts = [child_text(date, name).lstrip("0") for name in ("year", "month", "day")]
        known = parts[:1] if not parts[1].isdecimal() else parts if parts[2].isdecimal() else parts[:2]
        fields = date_part_fields([int(part) for part in known]) if parts[0].isdecimal() else {}
        if fields and "year" not in draft.fields:
            draft.fields |= fields
            if parts[1] and "month" not in fields:  # a season, as a number above 20
                draft.keep("season", [parts[1]])
        elif fields != {name: draft.fields.get(name) for name in fields}:
            draft.keep(f"date-{date.get('media_type', 'print')}", ["-".join(filter(None, parts))])


def _put_people(element: Element, draft: FieldBuilder, as_author: str = "author") -> None:
    people: dict[str, list[Name | str]] = {}
    direct = children(element, "person_name")
    for contributors in (*children(element, "contributors"), direct):
        for person in contributors:
            role = person.get("contributor_role", "author")
            if name := _name(person):
                people.setdefault(role, []).append(name)
                family = name.family if isinstance(name, Name) else name
                draft.keep("orcid", (f"{family}: {orcid}" for orcid in child_texts(person, "ORCID")))
                draft.put_all("affiliation", _affiliations(person), "; ", "affiliation")
    draft.put_people(people, _ROLES | {"author": as_author})


def _affiliations(person: Element) -> Iterator[str]:
    for one in (person, *children(person, "affiliations")):
        yield from child_texts(one, "affiliation", "institution")


def _name(person: Element) -> Name | None:
    if local_name(person) == "organization":
        return Name(element_text(person))
    family, given, suffix = (child_text(person, tag) for tag in ("surname", "given_name", "suffix"))
    return Name(family or given, given if family else "", suffix=suffix) if family or given else None


FORMAT = Format(name="unixref", suffixes=(".xml",), sniff=sniff, read=read, read_stream=read)
