"""Which BibLaTeX field and type stands for which of Zotero's: tables, and what they give for one item type.

BibLaTeX's names (its manual, section 2.2) are the middle: `formats.bibtex_dialect` leads from there to BibTeX's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from refsync.formats.bibtex.dialect import to_dialect
from refsync.records import Record
from refsync.zotero.items.schema import ItemType, Schema

ENTRY_TYPES: Mapping[str, str] = {
    "article": "journalArticle",
    "artwork": "artwork",
    "audio": "audioRecording",
    "book": "book",
    "bookinbook": "bookSection",
    "booklet": "book",
    "collection": "book",
    "conference": "conferencePaper",
    "dataset": "dataset",
    "image": "artwork",
    "inbook": "bookSection",
    "incollection": "bookSection",
    "inproceedings": "conferencePaper",
    "inreference": "encyclopediaArticle",
    "jurisdiction": "case",
    "legislation": "statute",
    "letter": "letter",
    "manual": "book",
    "misc": "document",
    "movie": "film",
    "music": "audioRecording",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "online": "webpage",
    "patent": "patent",
    "periodical": "book",
    "preprint": "preprint",
    "proceedings": "book",
    "reference": "book",
    "report": "report",
    "review": "journalArticle",
    "software": "computerProgram",
    "standard": "standard",
    "suppbook": "bookSection",
    "suppcollection": "bookSection",
    "suppperiodical": "journalArticle",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "video": "videoRecording",
}
"""BibLaTeX's types with Zotero's; `document` stands for all others."""

OTHER_TYPE = "document"

_BACK: Mapping[str, str] = {
    "artwork": "artwork",
    "audioRecording": "audio",
    "bill": "legislation",
    "blogPost": "online",
    "book": "book",
    "bookSection": "incollection",
    "case": "jurisdiction",
    "computerProgram": "software",
    "conferencePaper": "inproceedings",
    "dataset": "dataset",
    "dictionaryEntry": "inreference",
    "email": "letter",
    "encyclopediaArticle": "inreference",
    "film": "movie",
    "forumPost": "online",
    "instantMessage": "letter",
    "journalArticle": "article",
    "letter": "letter",
    "magazineArticle": "article",
    "manuscript": "unpublished",
    "newspaperArticle": "article",
    "patent": "patent",
    "podcast": "audio",
    "radioBroadcast": "audio",
    "report": "report",
    "standard": "standard",
    "statute": "legislation",
    "thesis": "thesis",
    "tvBroadcast": "video",
    "videoRecording": "video",
    "webpage": "online",
}
"""Zotero's types with the BibLaTeX type that a new entry gets; `misc` for all others."""

_SUBTYPES = {"magazine": "magazineArticle", "newspaper": "newspaperArticle"}
"""What BibLaTeX's manual proposes for `entrysubtype` of an article."""

_IN_JOURNALS = frozenset({"journalArticle", "magazineArticle", "newspaperArticle"})
_IN_BOOKS = frozenset({"bookSection", "conferencePaper", "encyclopediaArticle", "dictionaryEntry"})
_BY_INSTITUTIONS = frozenset({"thesis", "report", "manuscript"})

# BibLaTeX fields (the first is what an item's field becomes) and the fields of Zotero, of which a type's first is meant
_SLOTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("title",), ("title",)),
    (("shorttitle",), ("shortTitle",)),
    (("shortjournal",), ("journalAbbreviation",)),
    (("volume",), ("volume",)),
    (("volumes",), ("numberOfVolumes",)),
    (("number", "issue"), ("issue", "number", "seriesNumber")),
    (("series",), ("series", "seriesTitle")),
    (("edition",), ("edition",)),
    (("pages", "eid"), ("pages",)),
    (("pagetotal", "pages"), ("numPages",)),
    (("publisher", "institution", "school", "organization"), ("publisher",)),
    (("location", "address"), ("place",)),
    (("venue",), ("eventPlace",)),
    (("eventtitle",), ("conferenceName", "meetingName")),
    (("type",), ("type",)),
    (("version",), ("versionNumber",)),
    (("abstract",), ("abstractNote",)),
    (("origdate",), ("originalDate",)),
    (("origpublisher",), ("originalPublisher",)),
    (("origlocation",), ("originalPlace",)),
)
_OF_THEIR_OWN = frozenset({"date", "accessDate", "archiveID", "citationKey", "extra"})
"""Fields of Zotero whose values are no field of BibLaTeX as they are."""

_ROLES = {"editor": "editor", "translator": "translator", "bookauthor": "bookAuthor"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one item type.

    Attributes:
        to_zotero: each BibLaTeX field that has a place, with the field of the item.
        from_zotero: each field of the item with the BibLaTeX field that it becomes.
        roles: each BibLaTeX field of names with the role of its creators.
        date: the field of the item that holds the date; empty where it has none.
    """

    to_zotero: Mapping[str, str]
    from_zotero: Mapping[str, str]
    roles: Mapping[str, str]
    date: str


@lru_cache(maxsize=256)
def _names(name: str, fields: tuple[str, ...], base: tuple[tuple[str, str], ...], creators: tuple[str, ...]) -> Names:
    kind = ItemType(name, fields, dict(base), creators, {**{b: f for f, b in base}, **{f: f for f in fields}})
    to_zotero: dict[str, str] = {}
    from_zotero: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for wanted_names, zotero in (*_container(kind), *_SLOTS):
        field = next((found for wanted in zotero if (found := kind.field(wanted)) not in ("", "archiveID")), "")
        if not field or field in from_zotero:
            continue
        biblatex = wanted_names
        if "institution" in biblatex and name in _BY_INSTITUTIONS:
            biblatex = ("institution", *(other for other in biblatex if other != "institution"))
        from_zotero[field] = biblatex[0]
        to_zotero.setdefault(biblatex[0], field)
        others += ((other, field) for other in biblatex[1:])
    date = kind.field("date")
    for field in fields:
        if field not in from_zotero and field not in _OF_THEIR_OWN and field != date:
            own = field.lower() if field.lower() not in to_zotero else f"zotero-{field.lower()}"
            from_zotero[field], to_zotero[own] = own, field
    for other, field in others:
        to_zotero.setdefault(other, field)
    roles = {"author": creators[0]} if creators else {}
    roles |= {field: role for field, role in _ROLES.items() if role in creators}
    roles |= {role.lower(): role for role in creators if role not in roles.values()}
    return Names(to_zotero, from_zotero, roles, date)


def names_of(kind: ItemType) -> Names:
    """The names of an item type."""
    return _names(kind.name, kind.fields, tuple(kind.base.items()), kind.creators)


def item_type(type_: str, subtype: str, schema: Schema) -> str:
    """The item type for a BibLaTeX type and its `entrysubtype`, which may name one of Zotero's."""
    named = _SUBTYPES.get(subtype, subtype)
    if named in schema.types and _BACK.get(named, "misc") == type_:
        return named
    found = ENTRY_TYPES.get(type_, OTHER_TYPE)
    return found if found in schema.types else OTHER_TYPE


def named_type(type_: str, subtype: str, schema: Schema) -> str:
    """The BibLaTeX type of a record; that of the item type in `entrysubtype`, if its dialect has no other for that."""
    if subtype not in schema.types:
        return type_
    usual = _BACK.get(subtype, "misc")
    others = (_in_bibtex(usual), "online" if usual == "misc" else usual)  # BibLaTeX's for a `misc` with an address
    return usual if type_ in others else type_


@lru_cache(maxsize=64)
def _in_bibtex(type_: str) -> str:
    return to_dialect(Record("", 0, "", type_), "bibtex").type


def entry_type(kind: str) -> tuple[str, str]:
    """The BibLaTeX type for an item type, and the `entrysubtype` that tells it from others of that type."""
    type_ = _BACK.get(kind, "misc")
    if ENTRY_TYPES[type_] == kind or kind == "preprint":
        return type_, ""
    return type_, next((subtype for subtype, named in _SUBTYPES.items() if named == kind), kind)


def _container(kind: ItemType) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    if kind.name in _IN_JOURNALS:
        return ((("journaltitle",), ("publicationTitle",)),)
    return ((("booktitle",), ("publicationTitle",)),) if kind.name in _IN_BOOKS else ()
