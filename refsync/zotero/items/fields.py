"""Tables of BibLaTeX's types and fields with Zotero's, and the field names of one item type.

The names are BibLaTeX's (its manual, section 2.2); `formats.common.dialect` converts between them and BibTeX's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from refsync.formats.common.dialect import to_dialect
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
"""BibLaTeX's types with Zotero's; all others become `document`."""

OTHER_TYPE = "document"

_BIBLATEX_TYPES: Mapping[str, str] = {
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
"""The values of `entrysubtype` that BibLaTeX's manual proposes for an article."""

_ALSO = {"presentation": "unpublished"}
"""BibLaTeX's other types for some of Zotero's."""

_IN_JOURNALS = frozenset({"journalArticle", "magazineArticle", "newspaperArticle"})
_IN_BOOKS = frozenset({"bookSection", "conferencePaper", "encyclopediaArticle", "dictionaryEntry"})
_BY_INSTITUTIONS = frozenset({"thesis", "report", "manuscript"})

# BibLaTeX's fields (an item's field becomes the first) and Zotero's, of which the first that a type has is used
_FIELD_TABLE: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
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
_SPECIAL_FIELDS = frozenset({"date", "accessDate", "archiveID", "citationKey", "extra"})
"""Zotero's fields whose values need more than another name."""

_ROLES = {"editor": "editor", "translator": "translator", "bookauthor": "bookAuthor"}


_MASTERS = re.compile(
    r"master|mast[eè]re|\bm\.?\s?(?:sc|a|eng|phil|res)\b\.?|\bmagister|\bdiplom|\blicen[cs]", re.IGNORECASE
)
_DOCTORS = re.compile(r"ph\.?\s?d|doctor|doktor|dissertation\s+for", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The field names of one item type.

    Attributes:
        to_zotero: for each BibLaTeX field that the type has a field for, that field.
        from_zotero: for each field of the item type, the BibLaTeX field that it becomes.
        roles: for each BibLaTeX field with names, the role of the creators.
        date: the field with the date; empty if the type has none.
    """

    to_zotero: Mapping[str, str]
    from_zotero: Mapping[str, str]
    roles: Mapping[str, str]
    date: str


@lru_cache(maxsize=256)
def _names(
    name: str, fields: tuple[str, ...], base: tuple[tuple[str, str], ...], creators: tuple[str, ...]
) -> FieldNames:
    by_base = {**{general: field for field, general in base}, **{field: field for field in fields}}
    kind = ItemType(name=name, fields=fields, base=dict(base), creators=creators, by_base=by_base)
    to_zotero: dict[str, str] = {}
    from_zotero: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for names, zotero in (*_container(kind), *_FIELD_TABLE):
        field = next((own for general in zotero if (own := kind.field(general)) not in ("", "archiveID")), "")
        if not field or field in from_zotero:
            continue
        biblatex = names
        if "institution" in biblatex and name in _BY_INSTITUTIONS:
            biblatex = ("institution", *(other for other in biblatex if other != "institution"))
        from_zotero[field] = biblatex[0]
        to_zotero.setdefault(biblatex[0], field)
        others += ((other, field) for other in biblatex[1:])
    date = kind.field("date")
    for field in fields:
        if field not in from_zotero and field not in _SPECIAL_FIELDS and field != date:
            own = field.lower() if field.lower() not in to_zotero else f"zotero-{field.lower()}"
            from_zotero[field], to_zotero[own] = own, field
    for other, field in others:
        to_zotero.setdefault(other, field)
    roles = {"author": creators[0]} if creators else {}
    roles |= {field: role for field, role in _ROLES.items() if role in creators}
    roles |= {role.lower(): role for role in creators if role not in roles.values()}
    return FieldNames(to_zotero, from_zotero, roles, date)


def field_names_of(kind: ItemType) -> FieldNames:
    """The field names of an item type."""
    return _names(kind.name, kind.fields, tuple(kind.base.items()), kind.creators)


def item_type(type_: str, subtype: str, schema: Schema) -> str:
    """The item type for a BibLaTeX type and its `entrysubtype`, which may name one of Zotero's."""
    named = _SUBTYPES.get(subtype, subtype)
    if named in schema.types and type_ in (_BIBLATEX_TYPES.get(named, "misc"), _ALSO.get(named)):
        return named
    usual = ENTRY_TYPES.get(type_, OTHER_TYPE)
    return usual if usual in schema.types else OTHER_TYPE


def named_type(type_: str, subtype: str, schema: Schema) -> str:
    """The BibLaTeX type of a record: that of the item type in `entrysubtype`, if `type_` is what became of it."""
    if subtype not in schema.types:
        return type_
    usual = _BIBLATEX_TYPES.get(subtype, "misc")
    others = (_in_bibtex(usual), "online" if usual == "misc" else usual)  # BibLaTeX's for a `misc` with a URL
    return usual if type_ in others else type_


@lru_cache(maxsize=64)
def _in_bibtex(type_: str) -> str:
    return to_dialect(Record("", 0, "", type_), "bibtex").type


def entry_type(kind: str) -> tuple[str, str]:
    """The BibLaTeX type for an item type, and the `entrysubtype` that distinguishes it from others of that type."""
    type_ = _BIBLATEX_TYPES.get(kind, "misc")
    if ENTRY_TYPES[type_] == kind or kind == "preprint":
        return type_, ""
    return type_, next((subtype for subtype, named in _SUBTYPES.items() if named == kind), kind)


def is_masters_thesis(type_: str, fields: Mapping[str, str]) -> bool:
    """Whether the label of a thesis, in words of its own, means a master's thesis.

    >>> is_masters_thesis("thesis", {"type": "Master thesis"}), is_masters_thesis("thesis", {"type": "mathesis"})
    (True, False)
    """
    label = fields.get("type", "")
    return type_ == "thesis" and label != "mathesis" and bool(_MASTERS.search(label)) and not _DOCTORS.search(label)


def _container(kind: ItemType) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    if kind.name in _IN_JOURNALS:
        return ((("journaltitle",), ("publicationTitle",)),)
    return ((("booktitle",), ("publicationTitle",)),) if kind.name in _IN_BOOKS else ()
