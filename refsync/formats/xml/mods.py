"""MODS, the Library of Congress's Metadata Object Description Schema (version 3.8; loc.gov/standards/mods).

The work that contains another is its `relatedItem` of the type `host`. Fields for which MODS has no element are written
into `extension`, which may contain any elements.
"""

import re
from dataclasses import replace
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names, page_range
from refsync.formats.common.item_types import PART_TYPES, publisher_field
from refsync.formats.common.unmapped import TYPE
from refsync.formats.registry import Format
from refsync.formats.xml.elements import (
    Element,
    child_text,
    child_texts,
    children,
    element_text,
    local_name,
)
from refsync.formats.xml.flat_records import FlatRecordReader
from refsync.formats.xml.mods_write import GENRES, write
from refsync.records import Name, Record, Snapshot, repeated_ids

_SNIFF = re.compile(rb"<(?:\w+:)?(?:modsCollection|mods)[\s>]")
_OTHER_GENRES = {
    "article": "article", "academic journal": "article", "journal": "article", "newspaper": "article",
    "magazine": "article", "review": "article", "conference paper": "inproceedings", "book chapter": "incollection",
    "chapter": "incollection", "book section": "incollection", "theses": "phdthesis", "dissertation": "phdthesis",
    "ph.d. thesis": "phdthesis", "doctoral thesis": "phdthesis", "masters thesis": "mastersthesis",
    "master's thesis": "mastersthesis", "technical report": "techreport", "working paper": "techreport",
    "website": "online", "web page": "online", "computer program": "software", "data set": "dataset",
    "monograph": "book", "encyclopedia": "reference", "preprint": "misc",
}  # fmt: skip
_TYPE_OF_GENRE = {**_OTHER_GENRES, **{genre: type_ for type_, genre in GENRES.items()}}
_ROLES = {
    "aut": "author", "author": "author", "cre": "author", "creator": "author", "edt": "editor", "editor": "editor",
    "trl": "translator", "translator": "translator",
}  # fmt: skip
_IDENTIFIERS = {
    "doi": "doi", "isbn": "isbn", "issn": "issn", "issn electronic": "issn", "uri": "url", "url": "url", "pmid": "pmid",
    "pubmed": "pmid", "pmc": "pmcid", "pmcid": "pmcid",
}  # fmt: skip
_SERIALS = frozenset({"isbn", "issn", "issn electronic"})
_TITLES = {"abbreviated": "shorttitle", "translated": "translatedtitle"}
_RESOURCES = {
    "cartographic": "image", "notated music": "music", "sound recording": "audio",
    "sound recording-nonmusical": "audio",
    "sound recording-musical": "music", "still image": "image", "moving image": "video",
    "software, multimedia": "software",
}  # fmt: skip
"""Types of works whose genre is not named, by `typeOfResource`."""


def sniff(head: bytes) -> float:
    """High for an element of MODS, unless it is in another format's envelope."""
    return 0.96 if head.lstrip().startswith(b"<") and _SNIFF.search(head) and b"OAI-PMH" not in head[:2000] else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a file.

    Raises:
        SourceError: the file is not XML, or has no record.
    """
    reader = FlatRecordReader(data, source, "mods")
    records: list[Record] = []
    for line, element in reader:
        record = replace(_Reader(element).record(source, len(records) + 1), line=line)
        if record.fields or len(element):
            records.append(record)
    if not records:
        raise SourceError(source, "no record of MODS in it", hint="is it another format? name it with --from")
    return Snapshot(source, "mods", tuple(records), (*reader.problems, *repeated_ids(records)))


class _Reader:
    """Reads one element `mods`."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self._draft = FieldBuilder("mods")
        self._hosts = [one for one in children(element, "relatedItem") if one.get("type") == "host"]
        self._people: dict[str, list[Name | str]] = {}
        self._citekey = ""
        self._own: dict[str, str] = {}

    def record(self, source: str, index: int) -> Record:
        draft, element = self._draft, self._element
        for extension in children(element, "extension"):
            self._put_extension(extension)
        type_ = self._own.pop(TYPE, "") or self._type()
        self._put_common(element, "", type_)
        for host in self._hosts[:1]:
            container = "journal" if type_ not in PART_TYPES | {"inbook"} else "booktitle"
            self._put_titles(host, container, "shortjournal" if container == "journal" else "host-short", "host-")
            self._put_common(host, "host-", type_)
        for host in self._hosts[1:]:
            draft.keep("host", [_whole_text(host)])
        for field, people in self._people.items():
            if field in ("author", "editor", "translator", "bookauthor"):
                draft.put(field, join_names(people), field)
            else:
                draft.keep(field, [join_names(people)])
        fields = {**self._own, **draft.build()}
        key = self._citekey or element.get("ID") or f"#{index}"
        return Record(source, index, key, type=type_, fields=fields, id_is_key=bool(self._citekey))

    def _put_extension(self, extension: Element) -> None:
        for one in extension:
            if one.get("name") and local_name(one) == "field":
                self._own[one.get("name")] = element_text(one)
            elif local_name(one):
                self._draft.keep(f"extension-{local_name(one)}", [element_text(one)])
        if not len(extension):
            self._draft.keep("extension", [element_text(extension)])

    def _type(self) -> str:
        genres = [text.lower() for text in child_texts(self._element, "genre")]
        host_genres = {text.lower() for host in self._hosts for text in child_texts(host, "genre")}
        types = [_TYPE_OF_GENRE[genre] for genre in genres if genre in _TYPE_OF_GENRE]
        known = next((type_ for type_ in types if type_ == "mastersthesis"), "") or next(iter(types), "")
        for genre in genres:
            if _TYPE_OF_GENRE.get(genre) != (known or "misc") and genre not in ("thesis", "theses"):
                self._draft.keep("genre", [genre])
        if known in ("", "book", "proceedings", "article") and self._hosts:
            if known == "proceedings" or "conference publication" in host_genres:
                return "inproceedings"
            issuances = {
                child_text(origin, "issuance") for host in self._hosts for origin in children(host, "originInfo")
            }
            if host_genres & {"periodical", "academic journal", "journal", "newspaper", "magazine"}:
                return "article"
            if "book" in host_genres or known == "book" or "monographic" in issuances:
                return "incollection"
            return "article"
        if not known:
            resources = [text.lower() for text in child_texts(self._element, "typeOfResource")]
            self._draft.keep("typeofresource", (one for one in resources if one != "text" and one not in _RESOURCES))
            if known := next((_RESOURCES[one] for one in resources if one in _RESOURCES), ""):
                return known
            monographic = any(
                child_text(one, "issuance") == "monographic" for one in children(self._element, "originInfo")
            )
            return "book" if monographic else "misc"
        return known

    def _put_titles(self, element: Element, field: str, short: str, prefix: str) -> None:
        for info in children(element, "titleInfo"):
            kind = info.get("type", "")
            title = " ".join(filter(None, (child_text(info, "nonSort"), child_text(info, "title"))))
            subtitle = child_text(info, "subTitle")
            text = ": ".join(filter(None, (title, subtitle)))
            parts = [child_text(info, "partNumber"), child_text(info, "partName")]
            text = ". ".join(filter(None, (text, ", ".join(filter(None, parts)))))
            name = field if not kind else short if kind == "abbreviated" else "" if prefix else _TITLES.get(kind, "")
            if name:
                self._draft.put(name, text, f"{prefix}title{f'-{kind}' if kind else ''}")
            else:
                self._draft.keep(f"{prefix}title-{kind}", [text])

    def _put_common(self, element: Element, prefix: str, type_: str) -> None:
        """Put what a work and the one that contains it have alike."""
        draft = self._draft
        if not prefix:
            self._put_titles(element, "title", "shorttitle", prefix)
        notes: list[str] = []
        for child in element:
            name = local_name(child)
            if name == "name":
                self._put_name(child, prefix)
            elif name == "originInfo":
                self._put_origin(child, prefix, type_)
            elif name == "part":
                self._put_part(child, prefix)
            elif name == "identifier":
                self._put_identifier(child, prefix)
            elif name == "location":
                self._put_location(child, prefix)
            elif name == "language":
                terms = {term.get("type", "text"): element_text(term) for term in children(child, "languageTerm")}
                draft.put("language", terms.get("text") or terms.get("code", ""), f"{prefix}language")
            elif name == "abstract":
                draft.put("abstract", element_text(child), f"{prefix}abstract")
            elif name == "note":
                if kind := child.get("type", ""):
                    draft.keep(f"{prefix}note-{kind.replace(' ', '-')}", [element_text(child)])
                else:
                    notes.append(element_text(child))
            elif name == "relatedItem":
                self._put_related(child, prefix)
            elif name == "recordInfo":
                draft.keep(f"{prefix}recordidentifier", child_texts(child, "recordIdentifier"))
            elif name == "physicalDescription":
                extents = child_texts(child, "extent")
                total = re.fullmatch(r"(\d+)\s*(?:p|pp|pages|S|s)?\.?", extents[0]) if extents else None
                draft.put("pagetotal", total[1] if total else "", f"{prefix}extent")
                draft.keep(f"{prefix}extent", extents[1:] if total else extents)
                for part in child:
                    if local_name(part) not in ("", "extent"):
                        draft.keep(f"{prefix}{local_name(part)}", [element_text(part)])
            elif name and name not in ("titleInfo", "genre", "subject", "extension") and name != "typeOfResource":
                draft.keep(f"{prefix}{name}", [element_text(child)])
        draft.put("note", "; ".join(notes), f"{prefix}note")
        subjects = [" -- ".join(filter(None, map(_whole_text, subject))) for subject in children(element, "subject")]
        draft.put("keywords", join_keywords(subjects), f"{prefix}subject")

    def _put_name(self, element: Element, prefix: str) -> None:
        terms = [
            element_text(term).lower() for role in children(element, "role") for term in children(role, "roleTerm")
        ]
        parts: dict[str, list[str]] = {}
        for part in children(element, "namePart"):
            parts.setdefault(part.get("type", ""), []).append(element_text(part))
        family, given, plain = (" ".join(parts.pop(kind, [])) for kind in ("family", "given", ""))
        suffix = " ".join((*parts.pop("termsOfAddress", ()), *parts.pop("suffix", ())))
        name: Name | str
        if family or given:
            name = Name(family or given, given if family else "", suffix=suffix)
        elif element.get("type") in ("corporate", "conference"):
            name = Name(plain)
        else:
            name = plain
        field = next((_ROLES[term] for term in terms if term in _ROLES), "")
        if not field:
            field = f"{prefix}{terms[-1].replace(' ', '-')}" if terms else f"{prefix}author"
        elif prefix and field == "author":
            field = "bookauthor"
        self._people.setdefault("bookauthor" if field == "host-author" else field, []).append(name)
        for part, values in parts.items():
            self._draft.keep(f"name-{part}", [f"{family or plain}: {' '.join(values)}"])
        for affiliation in child_texts(element, "affiliation"):
            self._draft.keep("affiliation", [f"{family or plain}: {affiliation}"])

    def _put_origin(self, element: Element, prefix: str, type_: str) -> None:
        draft = self._draft
        for place in children(element, "place"):
            terms = [term for term in children(place, "placeTerm") if term.get("type") != "code"]
            draft.put_each("address", map(element_text, terms), f"{prefix}place")
        draft.put_each(publisher_field(type_), child_texts(element, "publisher"), f"{prefix}publisher")
        draft.put("edition", child_text(element, "edition"), f"{prefix}edition")
        for name in ("dateIssued", "copyrightDate", "dateCreated", "dateOther", "dateCaptured", "dateValid"):
            for date in children(element, name):
                kind = date.get("point", "")
                if name in ("dateIssued", "copyrightDate", "dateCreated") and kind in ("", "start"):
                    draft.put_date(element_text(date), f"{prefix}{name}")
                else:
                    draft.keep(f"{prefix}{name}{f'-{kind}' if kind else ''}", [element_text(date)])

    def _put_part(self, element: Element, prefix: str) -> None:
        draft = self._draft
        for detail in children(element, "detail"):
            kind = detail.get("type", "").lower()
            text = child_text(detail, "number", "caption", "title") or element_text(detail)
            field = {"volume": "volume", "issue": "number", "number": "number", "chapter": "chapter"}.get(kind, "")
            if field:
                draft.put(field, text, f"{prefix}part-{kind}")
            else:
                draft.keep(f"{prefix}part-{kind}", [text])
        for extent in children(element, "extent"):
            pages = page_range(child_text(extent, "start"), child_text(extent, "end"))
            draft.put("pages", pages or bibtex_pages(child_text(extent, "list")), f"{prefix}pages")
            draft.put("pagetotal", child_text(extent, "total"), f"{prefix}pages-total")
        for date in children(element, "date"):
            draft.put_date(element_text(date), f"{prefix}part-date")
        for name in ("text",):
            draft.keep(f"{prefix}part", child_texts(element, name))

    def _put_identifier(self, element: Element, prefix: str) -> None:
        kind, text = element.get("type", "").lower(), element_text(element)
        if prefix and kind not in _SERIALS:  # the DOI of a book is not that of its chapter
            self._draft.keep(f"{prefix}identifier{f'-{kind}' if kind else ''}", [text])
        elif kind == "citekey":
            self._citekey = self._citekey or text
        elif kind in ("arxiv", "eprint") and text:
            self._draft.put("eprint", text.removeprefix("arXiv:"), f"{prefix}identifier-{kind}")
            self._draft.put("archiveprefix", "arXiv", f"{prefix}identifier-{kind}")
        elif kind in _IDENTIFIERS:
            self._draft.put(_IDENTIFIERS[kind], text, f"{prefix}identifier-{kind}")
        else:
            self._draft.keep(f"{prefix}identifier{f'-{kind}' if kind else ''}", [text])

    def _put_location(self, element: Element, prefix: str) -> None:
        draft = self._draft
        for url in children(element, "url"):
            if prefix:
                draft.keep(f"{prefix}url", [element_text(url)])
                continue
            draft.put("url", element_text(url), f"{prefix}url")
            draft.put("urldate", url.get("dateLastAccessed", ""), f"{prefix}url-date")
        draft.put_each("callnumber", child_texts(element, "shelfLocator"), f"{prefix}shelflocator")
        draft.keep(f"{prefix}physicallocation", child_texts(element, "physicalLocation"))

    def _put_related(self, element: Element, prefix: str) -> None:
        kind = element.get("type", "")
        if kind == "host" and not prefix:
            return
        titles = [": ".join(child_texts(info, "title", "subTitle")) for info in children(element, "titleInfo")]
        if kind == "series":
            self._draft.put_each("series", titles, f"{prefix}series")
            rest = [_whole_text(child) for child in element if local_name(child) not in ("", "titleInfo")]
            self._draft.keep(f"{prefix}series-part", rest)
        else:
            self._draft.keep(f"{prefix}related{f'-{kind}' if kind else ''}", [_whole_text(element)])


def _whole_text(element: Element) -> str:
    """The texts of an element's parts, with a blank between each two."""
    return " ".join(" ".join(element.itertext()).split()) if local_name(element) else ""


FORMAT = Format(name="mods", suffixes=(".mods", ".xml"), sniff=sniff, read=read, write=write, read_stream=read)
