"""Records as MODS: see `mods`."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from refsync.formats.common.item_types import PART_TYPES, publisher_field
from refsync.formats.common.text_record import TextRecord, first_and_last_page, split_keywords, to_text_record
from refsync.formats.common.unmapped import with_type
from refsync.formats.common.written_date import iso_date, take_date
from refsync.records import Name, Record

_NAMESPACE = "http://www.loc.gov/mods/v3"
FIELDS_NAMESPACE = "urn:refsync:fields"
"""The namespace of the elements with fields that MODS has no element for."""
GENRES = {
    "article": "journal article", "book": "book", "inproceedings": "conference publication", "phdthesis": "thesis",
    "techreport": "report", "online": "web site", "patent": "patent", "software": "software", "dataset": "dataset",
    "movie": "motion picture", "letter": "letter", "manual": "instruction", "unpublished": "unpublished",
    "periodical": "periodical", "image": "picture", "artwork": "art original", "audio": "sound",
    "video": "videorecording", "legislation": "legislation",
    "jurisdiction": "law report or digest", "standard": "standard or specification",
}  # fmt: skip
"""Genres by type, most of them of the MARC genre term list."""
_CODES = {"author": "aut", "editor": "edt", "translator": "trl"}
_IDENTIFIERS = {"doi": "doi", "isbn": "isbn", "issn": "issn", "pmid": "pmid", "pmcid": "pmc"}


def write(records: Sequence[Record]) -> bytes:
    """A MODS collection of these records."""
    written = [tostring(_mods(to_text_record(record)), encoding="unicode") for record in records]
    body = "\n".join(written)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<modsCollection xmlns="{_NAMESPACE}">\n{body}\n</modsCollection>\n'
    ).encode()


def _mods(record: TextRecord) -> Element:
    fields, type_ = dict(record.fields), record.type
    root = Element("mods", version="3.8")
    in_part = type_ in PART_TYPES
    container = "booktitle" if in_part or type_ == "inbook" else "journal"
    _put_title(root, fields.pop("title", ""))
    _put_title(root, fields.pop("shorttitle", ""), "abbreviated")
    _put_title(root, fields.pop("translatedtitle", ""), "translated")
    host = Element("relatedItem", type="host")
    for name, people in record.creators.items():
        for person in people:
            _put_name(host if name == "editor" and in_part else root, person, _CODES[name])
    if genre := GENRES.get(type_, ""):
        SubElement(root, "genre").text = genre
    _put_origin(root, fields, type_)
    _put(root, "language/languageTerm", fields.pop("language", ""), type="text")
    _put(root, "abstract", fields.pop("abstract", ""))
    _put(root, "note", fields.pop("note", ""))
    for word in split_keywords(fields.pop("keywords", "")):
        SubElement(SubElement(root, "subject"), "topic").text = word
    if title := fields.pop(container, ""):
        _put_title(host, title)
        _put_title(host, fields.pop("shortjournal", "") if container == "journal" else "", "abbreviated")
    part = Element("part")
    for name, kind in (("volume", "volume"), ("number", "issue"), ("chapter", "chapter")):
        if value := fields.pop(name, ""):
            SubElement(SubElement(part, "detail", type=kind), "number").text = value
    _put_pages(part, fields)
    if len(host):
        _put(host, "originInfo/issuance", "continuing" if container == "journal" else "monographic")
        kinds = {"article": "periodical", "inproceedings": "conference publication", "incollection": "book"}
        _put(host, "genre", kinds.get(type_, ""))
        if len(part):
            host.append(part)
        root.append(host)
    elif len(part):
        root.append(part)
    if series := fields.pop("series", ""):
        _put_title(SubElement(root, "relatedItem", type="series"), series)
    for name, kind in _IDENTIFIERS.items():
        _put_identifier(root, kind, fields.pop(name, ""))
    if fields.get("archiveprefix") == "arXiv" and fields.get("eprint"):
        _put_identifier(root, "arxiv", fields.pop("eprint"))
        del fields["archiveprefix"]
    _put_identifier(root, "citekey", record.id)
    if url := fields.pop("url", ""):
        seen = fields.pop("urldate", "")
        location = SubElement(root, "location")
        SubElement(location, "url", {"dateLastAccessed": seen} if seen else {}).text = url
    extension = Element("extension")
    for name, value in with_type(fields, type_, _read_as(type_, bool(len(host)))).items():
        SubElement(extension, f"{{{FIELDS_NAMESPACE}}}field", name=name).text = value
    if len(extension):
        root.append(extension)
    if not len(root):
        _put_title(root, "-")
        root[0][0].text = None  # a record has at least one element
    return root


def _read_as(type_: str, has_host: bool) -> str:
    """The type that a reader gives by genre and host; empty where it is not certain."""
    if type_ == "incollection" and has_host:
        return type_
    if type_ in GENRES and not (has_host and type_ == "book"):
        return type_
    return "" if has_host else "misc"


def _put(root: Element, path: str, value: str, **attributes: str) -> None:
    if value:
        for name in path.split("/"):
            root = SubElement(root, name)
        root.attrib.update(attributes)
        root.text = value


def _put_title(root: Element, title: str, kind: str = "") -> None:
    if title:
        SubElement(SubElement(root, "titleInfo", {"type": kind} if kind else {}), "title").text = title


def _put_name(root: Element, name: Name, code: str) -> None:
    is_group = not name.given and not name.prefix and not name.suffix
    element = SubElement(root, "name", type="corporate" if is_group else "personal")
    if is_group:
        SubElement(element, "namePart").text = name.family
    else:
        family = f"{name.prefix} {name.family}".strip()
        for kind, value in (("family", family), ("given", name.given), ("termsOfAddress", name.suffix)):
            if value:
                SubElement(element, "namePart", type=kind).text = value
    role = SubElement(element, "role")
    SubElement(role, "roleTerm", authority="marcrelator", type="code").text = code


def _put_origin(root: Element, fields: dict[str, str], type_: str) -> None:
    origin = Element("originInfo")
    _put(origin, "place/placeTerm", fields.pop("address", ""), type="text")
    _put(origin, "publisher", fields.pop(publisher_field(type_), ""))
    _put(origin, "dateIssued", iso_date(*take_date(fields)), encoding="w3cdtf")
    _put(origin, "edition", fields.pop("edition", ""))
    if len(origin):
        root.append(origin)


def _put_pages(part: Element, fields: dict[str, str]) -> None:
    pages = fields.pop("pages", "")
    first, last = first_and_last_page(pages)
    if not pages:
        return
    extent = SubElement(part, "extent", unit="pages")
    if first and last and first != last:
        SubElement(extent, "start").text = first
        SubElement(extent, "end").text = last
    else:
        SubElement(extent, "list").text = pages


def _put_identifier(root: Element, kind: str, value: str) -> None:
    if value:
        SubElement(root, "identifier", type=kind).text = value
