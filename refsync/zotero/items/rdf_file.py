"""Zotero RDF, Zotero's own export with notes, attachments and collections: resources that refer to each other.

The resources of an item are put together to Zotero's item JSON, so that it is mapped as items of a library are.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.record_values import markup_to_text
from refsync.formats.registry import Format
from refsync.formats.xml.elements import Element, children, element_text, local_name
from refsync.formats.xml.whole_file import read_root
from refsync.records import Problem, Record, Snapshot, repeated_ids
from refsync.zotero.items.schema import NOT_PAPERS, ItemType, bundled_schema

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_TYPES = {
    "Book": "book", "BookSection": "bookSection", "Article": "journalArticle", "Thesis": "thesis", "Letter": "letter",
    "Manuscript": "manuscript", "Interview": "interview", "MotionPicture": "film", "Illustration": "artwork",
    "Image": "artwork", "Document": "webpage", "Report": "report", "Legislation": "statute", "Patent": "patent",
    "Recording": "audioRecording", "ConferenceProceedings": "presentation", "Data": "computerProgram",
    "Memo": "note", "Attachment": "attachment",
}  # fmt: skip
"""Zotero's types of resources without `z:itemType`."""
_ARTICLES_IN = {"Newspaper": "newspaperArticle", "Periodical": "magazineArticle"}
_CONTAINERS = frozenset("Journal Periodical Newspaper Book Website Blog Forum CourtReporter".split())
_FIELDS = {
    "title": "title", "volume": "volume", "number": "number", "edition": "edition", "pages": "pages", "date": "date",
    "dateSubmitted": "accessDate", "issued": "issueDate", "abstract": "abstractNote", "description": "extra",
    "rights": "rights", "coverage": "archiveLocation", "type": "type", "source": "archive", "medium": "medium",
    "alternative": "journalAbbreviation", "language": "language",
}  # fmt: skip
_SAME = {"number": ("issue", "number"), "edition": ("edition", "versionNumber"), "medium": ("medium",)}
"""Fields that RDF has under one name, whichever of them the type of the item has."""
_PLURAL = re.compile(r"([a-z]\w*?)s")
_NO_FIELDS = frozenset(
    "itemType subject identifier isPartOf publisher presentedAt isReferencedBy link relation authors editors "
    "contributors".split()
)
_SNIFF = re.compile(rb"<(?:\w+:)?RDF[\s>].{0,3000}?(?:zotero\.org/namespaces/export#|purl\.org/net/biblio#)", re.S)
_NOTE_BREAK = re.compile(r"</p>|<br\s*/?>|</li>|</h\d>", re.I)


def sniff(head: bytes) -> float:
    """High for RDF with Zotero's namespace."""
    return 0.98 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The items of an export, each with its notes, files and the names of its collections.

    Raises:
        SourceError: the file is not XML, or has no item.
    """
    problems: list[Problem] = []
    graph = _Graph(read_root(data, source, problems))
    records: list[Record] = []
    for element in graph.items:
        records.append(graph.record(element, source, len(records) + 1))
    if not records:
        raise SourceError(source, "no item of Zotero in it", hint="is it another format? name it with --from")
    if left := sum(1 for element in graph.notes if element not in graph.used):
        message = f"{left} note{'s' * (left > 1)} and files that belong to no item are left out"
        problems.append(Problem(source, message, kind="note"))
    return Snapshot(source, "zoterordf", tuple(records), (*problems, *repeated_ids(records)))


class _Graph:
    """The resources of a file by their addresses, and the relations between them."""

    def __init__(self, root: Element) -> None:
        self._by_address: dict[str, Element] = {}
        self.items: list[Element] = []
        self.notes: list[Element] = []
        self.used: set[Element] = set()
        self._collections: dict[str, list[str]] = {}
        for element in root:
            address = element.get(f"{_RDF}about") or element.get(f"{_RDF}nodeID") or ""
            name = local_name(element)
            if address:
                self._by_address.setdefault(address, element)
            if name == "Collection":
                title = self._text(element, "title")
                for part in children(element, "hasPart"):
                    self._collections.setdefault(part.get(f"{_RDF}resource", ""), []).append(title)
                continue
            kind = self._text(element, "itemType") or _TYPES.get(self._type(element), "")
            if kind in NOT_PAPERS:
                self.notes.append(element)
            elif self._text(element, "itemType") or (kind and self._text(element, "title")):
                self.items.append(element)
        referred = {
            prop.get(f"{_RDF}resource") for element in root for prop in element.iter() if local_name(prop) == "isPartOf"
        }
        self.items = [
            element
            for element in self.items
            if self._text(element, "itemType") or element.get(f"{_RDF}about") not in referred
        ]

    def _type(self, element: Element) -> str:
        """The name of a resource's type, which `rdf:Description` has in a property."""
        name = local_name(element)
        if name != "Description":
            return name
        types = [prop.get(f"{_RDF}resource", "") for prop in children(element, "type")]
        return next((re.split("[#/]", address)[-1] for address in types if address), "")

    def _resources(self, element: Element, name: str) -> Iterator[Element]:
        """The resources that are values of a property."""
        for prop in children(element, name):
            address = prop.get(f"{_RDF}resource") or prop.get(f"{_RDF}nodeID")
            if address in self._by_address:
                yield self._by_address[address]
            yield from (child for child in prop if local_name(child))

    def _text(self, element: Element, *names: str) -> str:
        """The first text that is the value of one of these properties."""
        for name in names:
            for prop in children(element, name):
                if not len(prop) and (text := element_text(prop)):
                    return text
        return ""

    def record(self, element: Element, source: str, index: int) -> Record:
        """The record of an item."""
        from refsync.zotero.items.mapping import to_record

        item, others = self._item(element)
        record = to_record(item, source, index)
        fields = {**record.fields}
        if notes := [text for memo in self._resources(element, "isReferencedBy") if (text := self._note(memo))]:
            fields["annote"] = "\n".join(filter(None, [fields.get("annote", ""), *notes]))
        files = [path for one in self._resources(element, "link") if (path := self._file(one))]
        if files:
            fields.setdefault("file", ";".join(files))
        if groups := self._collections.get(element.get(f"{_RDF}about") or ""):
            fields.setdefault("groups", "; ".join(dict.fromkeys(groups)))
        if related := [self._text(one, "title") for one in self._resources(element, "relation")]:
            others["relation"] = list(filter(None, related))
        for name, values in others.items():
            if values:
                fields.setdefault(f"zoterordf-{name.lower()}", "; ".join(dict.fromkeys(values)))
        return replace(record, fields=fields, line=element.sourceline or 0)

    def _item(self, element: Element) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """Zotero's JSON of an item, and the values that it has no field for."""
        containers, series, sections = self._wholes(element)
        given = self._text(element, "itemType")
        name = given or _TYPES.get(self._type(element), "document")
        if not given and name == "journalArticle":
            in_types = [_ARTICLES_IN[whole] for one in containers if (whole := self._type(one)) in _ARTICLES_IN]
            name = in_types[0] if in_types else name
        kind = bundled_schema().types.get(name) or ItemType(name, (), {}, ("author",))
        others: dict[str, list[str]] = {}
        item: dict[str, Any] = {"itemType": name}

        def put(field: str, value: str, tag: str) -> None:
            if not value:
                return
            own = field if field == "extra" else kind.field(field)
            if own and item.setdefault(own, value) == value:
                return
            others.setdefault(tag, []).append(value)

        for part in (element, *containers):
            in_container = part is not element
            for prop in part:
                tag = local_name(prop)
                if not tag or tag in _NO_FIELDS or len(prop) or not (text := element_text(prop)):
                    continue
                if in_container and tag == "title":
                    own = next((one for one in ("publicationTitle", "reporter", "code") if kind.field(one)), "")
                    put(own, text, "container-title")
                else:
                    names = _SAME.get(tag, (_FIELDS.get(tag, tag),))
                    put(next((one for one in names if kind.field(one)), names[0]), text, tag)
            self._put_identifiers(part, put)
        for part in series:
            put("series", self._text(part, "title"), "series")
            put("seriesTitle", self._text(part, "alternative"), "series-title")
            put("seriesText", self._text(part, "description"), "series-text")
            put("seriesNumber", self._text(part, "identifier"), "series-number")
        for part in sections:
            put("section", self._text(part, "title"), "section")
        self._put_publisher(element, put)
        for meeting in self._resources(element, "presentedAt"):
            put(
                "conferenceName" if kind.field("conferenceName") else "meetingName",
                self._text(meeting, "title"),
                "event",
            )
        item["creators"] = list(self._creators(element))
        item["tags"] = list(self._tags(element, put))
        if key := self._text(element, "citationKey"):
            item["citationKey"] = key
            others.pop("citationKey", None)
        return item, others

    def _wholes(self, element: Element) -> tuple[list[Element], list[Element], list[Element]]:
        """What an item is part of: containers, series and sections, also of each other."""
        found: list[Element] = []
        waiting = [element]
        while waiting and len(found) < 20:
            for whole in self._resources(waiting.pop(), "isPartOf"):
                if whole is not element and whole not in found:
                    found.append(whole)
                    waiting.append(whole)
        types = [self._type(one) for one in found]
        return (
            [one for one, name in zip(found, types, strict=True) if name not in ("Series", "Part")],
            [one for one, name in zip(found, types, strict=True) if name == "Series"],
            [one for one, name in zip(found, types, strict=True) if name == "Part"],
        )

    def _put_identifiers(self, element: Element, put: Any) -> None:
        for prop in children(element, "identifier"):
            for address in children(prop, "URI"):
                put("url", self._text(address, "value"), "url")
            text = "" if len(prop) else element_text(prop)
            kind, _, value = text.partition(" ")
            if kind.upper() in ("ISBN", "ISSN", "DOI"):
                put(kind.upper(), value, kind.lower())
            elif re.match(r"10\.\d{4}", text):
                put("DOI", text, "doi")
            else:
                put("accessionNumber", text, "identifier")

    def _put_publisher(self, element: Element, put: Any) -> None:
        for prop in children(element, "publisher"):
            put("publisher", "" if len(prop) else element_text(prop), "publisher")
        for publisher in self._resources(element, "publisher"):
            put("publisher", self._text(publisher, "name"), "publisher")
            for address in publisher.iter():
                if local_name(address) == "locality":
                    put("place", element_text(address), "place")

    def _creators(self, element: Element) -> Iterator[dict[str, str]]:
        for prop in element:
            found = _PLURAL.fullmatch(local_name(prop))
            people = [one for one in prop.iter() if local_name(one) in ("Person", "Organization")]
            people += [
                self._by_address[address]
                for one in prop.iter()
                if local_name(one) == "li" and (address := one.get(f"{_RDF}resource")) in self._by_address
            ]
            if not found or not people or local_name(prop) == "publisher":
                continue
            for person in people:
                family = self._text(person, "surname", "familyName", "lastName", "name")
                given = self._text(person, "givenName", "givenname", "firstName")
                if given:
                    yield {"creatorType": found[1], "lastName": family, "firstName": given}
                elif family:
                    yield {"creatorType": found[1], "name": family}

    def _tags(self, element: Element, put: Any) -> Iterator[dict[str, Any]]:
        for prop in children(element, "subject"):
            if not len(prop) and (text := element_text(prop)):
                yield {"tag": text}
            for one in prop:
                value = self._text(one, "value")
                if local_name(one) == "AutomaticTag" and value:
                    yield {"tag": value, "type": 1}
                elif local_name(one):
                    put("callNumber", value, "call-number")

    def _note(self, memo: Element) -> str:
        self.used.add(memo)
        text = "".join(prop.text or "" for prop in children(memo, "value"))
        return "\n".join(filter(None, (markup_to_text(part) for part in _NOTE_BREAK.split(text))))

    def _file(self, attachment: Element) -> str:
        self.used.add(attachment)
        paths = [prop.get(f"{_RDF}resource", "") for prop in children(attachment, "resource")]
        addresses = [self._text(one, "value") for one in attachment.iter() if local_name(one) == "URI"]
        return next(filter(None, (*paths, *addresses)), "")


FORMAT = Format(name="zoterordf", suffixes=(".rdf",), sniff=sniff, read=read)
