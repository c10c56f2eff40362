"""Citavi's project as XML (`CitaviExchangeData`, Citavi 5 to 7): references, and apart from them what they refer to.

Persons, periodicals, publishers, keywords, groups and quotations have ids; lists of ids link them to references.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.item_types import PART_TYPES, publisher_field
from refsync.formats.registry import Format
from refsync.formats.xml.elements import Element, child_text, element_text, local_name
from refsync.formats.xml.whole_file import read_root
from refsync.records import Name, Problem, Record, Snapshot, repeated_ids

_SNIFF = re.compile(rb"<CitaviExchangeData[\s>]")
_TYPES = {
    "JournalArticle": "article", "NewspaperArticle": "article", "NewsAgencyReport": "article", "Book": "book",
    "BookEdited": "collection", "CollectedWorks": "book", "AudioBook": "audio", "ConferenceProceedings": "proceedings",
    "Contribution": "incollection", "ContributionInLegalCommentary": "incollection", "LegalCommentary": "book",
    "SpecialIssue": "periodical", "Thesis": "phdthesis", "UnpublishedWork": "techreport", "PressRelease": "misc",
    "InternetDocument": "online", "ComputerProgram": "software", "Patent": "patent", "Standard": "standard",
    "CourtDecision": "jurisdiction", "StatuteOrRegulation": "legislation", "Manuscript": "unpublished",
    "ArchiveMaterial": "unpublished", "File": "unpublished", "PersonalCommunication": "letter", "Map": "image",
    "Movie": "movie", "Broadcast": "video", "AudioOrVideoDocument": "video", "MusicAlbum": "music",
    "MusicTrack": "music", "RadioPlay": "audio", "Lecture": "unpublished", "InterviewMaterial": "misc",
}  # fmt: skip
_PLAIN_TYPES = frozenset(
    "JournalArticle Book BookEdited ConferenceProceedings Contribution Thesis UnpublishedWork InternetDocument "
    "ComputerProgram Patent Standard CourtDecision StatuteOrRegulation Manuscript PersonalCommunication Movie".split()
)
"""Types that a BibTeX type says; of others the name is kept."""
_FIELDS = {
    "ShortTitle": "shorttitle", "Volume": "volume", "Number": "number", "Edition": "edition", "DOI": "doi",
    "Doi": "doi",
    "ISBN": "isbn", "Isbn": "isbn", "ISSN": "issn", "PlaceOfPublication": "address", "NumberOfVolumes": "volumes",
    "PubMedID": "pmid", "OnlineAddress": "url", "AccessDate": "urldate", "Abstract": "abstract", "Language": "language",
    "Notes": "note", "TitleInOtherLanguages": "translatedtitle", "CallNumber": "callnumber",
}  # fmt: skip
_PEOPLE = {"ReferenceAuthors": "author", "ReferenceEditors": "editor", "ReferenceCollaborators": "collaborator",
           "ReferenceOrganizations": "organization", "ReferenceOthersInvolved": "others"}  # fmt: skip
_HANDLED = frozenset(
    "ReferenceType Title Subtitle PageRange PageCount Date Date2 DateForSorting Year PeriodicalID SeriesTitleID "
    "BibTeXKey CitationKey ShortTitleUpdateType CreatedBy CreatedBySid CreatedOn ModifiedBy ModifiedBySid ModifiedOn "
    "StaticIDs StaticID AbstractComplexity AbstractSourceTextFormat CitationKeyUpdateType CoverPath DefaultLocationID "
    "TableOfContentsComplexity TableOfContentsSourceTextFormat EvaluationComplexity EvaluationSourceTextFormat "
    "PageRangeNumber PageRangeNumberingType PageRangeNumeralSystem PageCountNumeralSystem HasLabel1 HasLabel2 Rating "
    "SequenceNumber BibTeXKeyUpdateType ParallelTitleUpdateType Checked".split()
)
_NUMBERS = re.compile(r"<n>(\d+)</n>|<os>([^<]*)</os>")
_SPECIAL = re.compile(r"<[^<>]{1,40}>")


def sniff(head: bytes) -> float:
    """High for Citavi's root element."""
    return 0.98 if _SNIFF.search(head[:4000]) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The references of a project.

    Raises:
        SourceError: the file is not XML, or has no reference.
    """
    problems: list[Problem] = []
    project = _Project(read_root(data, source, problems))
    records = [project.record(one, source, index) for index, one in enumerate(project.references.values(), 1)]
    if not any(record.fields for record in records):
        raise SourceError(source, "no reference of Citavi in it", hint="is it another format? name it with --from")
    return Snapshot(source, "citavi", tuple(records), (*problems, *repeated_ids(records)))


class _Project:
    """The things of a project by their ids, and the lists that link them with references."""

    def __init__(self, root: Element) -> None:
        self._things: dict[str, Element] = {}
        self.references: dict[str, Element] = {}
        self._links: dict[str, dict[str, list[str]]] = {}
        self._quotations: dict[str, list[Element]] = {}
        self._locations: dict[str, list[Element]] = {}
        self._wholes: dict[str, str] = {}
        for group in root:
            name = local_name(group)
            for one in group:
                identifier = one.get("id", "")
                if local_name(one) == "OnetoN":
                    ids = [part.strip() for part in (one.text or "").split(";")]
                    self._links.setdefault(name, {})[ids[0]] = ids[1:]
                    if name == "ReferenceReferences":
                        self._wholes |= dict.fromkeys(ids[1:], ids[0])
                elif local_name(one) == "Reference" and name == "References":
                    self.references[identifier or f"#{len(self.references)}"] = one
                elif local_name(one) in ("KnowledgeItem", "Location"):
                    owners = self._quotations if local_name(one) == "KnowledgeItem" else self._locations
                    owners.setdefault(child_text(one, "ReferenceID"), []).append(one)
                elif identifier:
                    self._things[identifier] = one

    def record(self, element: Element, source: str, index: int) -> Record:
        """The record of a reference."""
        draft = FieldBuilder("citavi")
        kind = child_text(element, "ReferenceType") or "Unknown"
        type_ = _TYPES.get(kind, "misc")
        identifier = element.get("id", "")
        whole = self.references.get(self._wholes.get(identifier, ""))
        if (
            type_ == "incollection"
            and whole is not None
            and child_text(whole, "ReferenceType") == "ConferenceProceedings"
        ):
            type_ = "inproceedings"
        if kind not in _PLAIN_TYPES:
            draft.keep("type", [kind])
        draft.put("title", _title(element), "Title")
        self._put_people(identifier, draft, type_)
        self._put_own(element, draft, type_)
        self._put_names(identifier, draft, type_)
        if whole is not None and whole is not element:
            self._put_whole(whole, draft, type_)
        self._put_texts(identifier, draft)
        key = child_text(element, "BibTeXKey", "CitationKey") or f"#{index}"
        stated = not key.startswith("#")
        line = element.sourceline or 0
        return Record(source, index, key, type=type_, fields=draft.build(), line=line, id_is_key=stated)

    def _linked(self, list_name: str, identifier: str) -> Iterator[Element]:
        for one in self._links.get(list_name, {}).get(identifier, ()):
            if one in self._things:
                yield self._things[one]

    def _names(self, list_name: str, identifier: str) -> list[str]:
        return [name for one in self._linked(list_name, identifier) if (name := child_text(one, "Name", "FullName"))]

    def _people(self, list_name: str, identifier: str) -> str:
        names: list[Name] = []
        for one in self._linked(list_name, identifier):
            family, first, middle = (child_text(one, part) for part in ("LastName", "FirstName", "MiddleName"))
            given = " ".join(filter(None, (first, middle)))
            names.append(Name(family, given, child_text(one, "Prefix"), child_text(one, "Suffix")))
        return join_names(names)

    def _put_people(self, identifier: str, draft: FieldBuilder, type_: str) -> None:
        for list_name, role in _PEOPLE.items():
            people = self._people(list_name, identifier)
            if role in ("author", "editor"):
                draft.put(role, people, role)
            elif role == "organization":
                school = publisher_field(type_) != "publisher"
                draft.put(publisher_field(type_) if school else role, people.replace("{", "").replace("}", ""), role)
            else:
                draft.keep(role, [people])

    def _put_own(self, element: Element, draft: FieldBuilder, type_: str) -> None:
        for child in element:
            name, text = local_name(child), element_text(child)
            if name in _FIELDS:
                draft.put("number" if name == "Number" else _FIELDS[name], text, name)
            elif name and name not in _HANDLED and text not in ("", "false", "true", "0"):
                draft.keep(name, [text])
        draft.put("pages", _pages(child_text(element, "PageRange")), "PageRange")
        draft.put("pagetotal", _pages(child_text(element, "PageCount")), "PageCount")
        year, date = child_text(element, "Year"), child_text(element, "Date", "DateForSorting")
        draft.put_date(year, "Year")
        draft.put_date(date, "Date")
        draft.keep("Date2", [child_text(element, "Date2")])
        periodical = self._things.get(child_text(element, "PeriodicalID"))
        if periodical is not None:
            draft.put("journal", child_text(periodical, "Name"), "Periodical")
            abbreviations = ("StandardAbbreviation", "UserAbbreviation1", "UserAbbreviation2")
            draft.put("shortjournal", child_text(periodical, *abbreviations), "Periodical")
            draft.put("issn", child_text(periodical, "ISSN", "Issn"), "Periodical-ISSN")
        series = self._things.get(child_text(element, "SeriesTitleID"))
        draft.put("series", child_text(series, "Name") if series is not None else "", "SeriesTitle")

    def _put_names(self, identifier: str, draft: FieldBuilder, type_: str) -> None:
        publishers = self._names("ReferencePublishers", identifier)
        draft.put("publisher", "; ".join(publishers), "Publishers")
        draft.put("keywords", join_keywords(self._names("ReferenceKeywords", identifier)), "Keywords")
        groups = [*self._names("ReferenceGroups", identifier), *self._names("ReferenceCategories", identifier)]
        draft.put("groups", "; ".join(groups), "Groups")

    def _put_whole(self, whole: Element, draft: FieldBuilder, type_: str) -> None:
        """Put what a contribution takes from the book that it is in."""
        identifier = whole.get("id", "")
        draft.put("booktitle" if type_ in PART_TYPES else "series", _title(whole), "in-title")
        draft.put("editor", self._people("ReferenceEditors", identifier), "in-editor")
        draft.put("bookauthor", self._people("ReferenceAuthors", identifier), "in-author")
        for name in ("PlaceOfPublication", "ISBN", "Isbn", "Volume", "Edition"):
            value = child_text(whole, name)
            if _FIELDS[name] not in draft.fields:
                draft.put(_FIELDS[name], value, f"in-{name}")
        if "publisher" not in draft.fields:
            draft.put("publisher", "; ".join(self._names("ReferencePublishers", identifier)), "in-publisher")
        series = self._things.get(child_text(whole, "SeriesTitleID"))
        if series is not None and "series" not in draft.fields:
            draft.put("series", child_text(series, "Name"), "in-series")
        if "year" not in draft.fields:
            draft.put_date(child_text(whole, "Year"), "in-year")

    def _put_texts(self, identifier: str, draft: FieldBuilder) -> None:
        """Put quotations and comments as annotations; files, addresses and call numbers."""
        notes = []
        for one in self._quotations.get(identifier, ()):
            parts = [child_text(one, "CoreStatement"), child_text(one, "Text")]
            pages = _pages(child_text(one, "PageRange"))
            if text := "\n".join(dict.fromkeys(filter(None, parts))):
                notes.append(f"{text} (p. {pages})" if pages else text)
        draft.put_all("annote", notes, "\n", "KnowledgeItems")
        files = []
        for one in self._locations.get(identifier, ()):
            address, kind = child_text(one, "Address"), child_text(one, "MirrorsReferencePropertyId")
            field = {"Doi": "doi", "PubMedId": "pmid", "PmcId": "pmcid", "ArxivId": "eprint"}.get(kind, "")
            if field:
                draft.put(field, address, kind)
            elif address.startswith("http"):
                draft.put("url", address, "Location")
            elif address and not address.startswith("{"):
                files.append(address)
            draft.put("callnumber", child_text(one, "CallNumber"), "CallNumber")
            library = self._things.get(child_text(one, "LibraryID"))
            draft.keep("Library", [child_text(library, "Name")] if library is not None else [])
        draft.put("file", ";".join(files), "Location")


def _title(element: Element) -> str:
    return ": ".join(filter(None, (child_text(element, "Title"), child_text(element, "Subtitle"))))


def _pages(text: str) -> str:
    """Pages as shown, of Citavi's `<n>11</n>...<os>11-19</os>`."""
    if "<" not in text:
        return bibtex_pages(text.replace("–", "-"))
    found = _NUMBERS.findall(text)
    shown = [one for _, one in found if one]
    numbers = [one for one, _ in found if one]
    return bibtex_pages((shown or ["-".join(dict.fromkeys(numbers))])[0].replace("–", "-")) or _SPECIAL.sub("", text)


FORMAT = Format(name="citavi", suffixes=(".ctv5", ".ctv6", ".xml"), sniff=sniff, read=read)
