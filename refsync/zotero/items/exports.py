"""Values of an entry and an item that mean the same in different forms, as after an export by Zotero or Better BibTeX.

Exporters put several of Zotero's fields into one of BibTeX's, write Extra as a note, join tags and change the case of
titles. Such an entry differs from its item, but neither has anything that the other lacks. Pure.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from refsync.formats.common.dialect import to_dialect
from refsync.formats.json.csl_language import language_tag
from refsync.records import Record
from refsync.text.identifiers import doi
from refsync.text.latex import latex_to_text
from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.extra import parse_extra
from refsync.zotero.items.fields import field_names_of
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.items.schema import ItemType
from refsync.zotero.items.value_comparison import RANGES, range_key

Data = Mapping[str, Any]

TYPE = "entrytype"

_CONTAINER = ("publicationTitle", "conferenceName", "meetingName")
_PUBLISHER = ("publisher", "publicationTitle")
_NUMBERS = ("issue", "number", "seriesNumber", "archiveID", "callNumber")
_EXPORTED: Mapping[str, tuple[str, ...]] = {
    "journaltitle": ("publicationTitle", "journalAbbreviation"),
    "shortjournal": ("journalAbbreviation", "publicationTitle"),
    "booktitle": _CONTAINER,
    "maintitle": _CONTAINER,
    "titleaddon": _CONTAINER,
    "eventtitle": ("conferenceName", "meetingName"),
    "publisher": _PUBLISHER,
    "institution": _PUBLISHER,
    "school": _PUBLISHER,
    "organization": _PUBLISHER,
    "assignee": ("assignee",),
    "howpublished": ("url", "publisher", "publicationTitle", "type", "medium"),
    "location": ("place", "eventPlace", "country"),
    "venue": ("eventPlace", "place"),
    "number": _NUMBERS,
    "issue": _NUMBERS,
    "series": ("series", "seriesTitle"),
    "volume": ("volume",),
    "chapter": ("section",),
    "pages": ("pages", "numPages"),
    "pagetotal": ("numPages",),
    "volumes": ("numberOfVolumes",),
    "edition": ("edition",),
    "version": ("versionNumber", "version"),
    "type": ("type",),
    "title": ("title",),
    "shorttitle": ("shortTitle",),
    "abstract": ("abstractNote",),
    "copyright": ("rights",),
    "rights": ("rights",),
    "language": ("language",),
    "langid": ("language",),
    "nationality": ("country", "place"),
    "isbn": ("ISBN",),
    "issn": ("ISSN",),
    "doi": ("DOI",),
    "url": ("url",),
    "urldate": ("accessDate",),
    "eprint": ("archiveID",),
    "lccn": ("callNumber",),
}
"""The fields of Zotero that an exporter writes into a field of BibLaTeX (also into BibTeX's name for it)."""

_TYPES: Mapping[str, frozenset[str]] = {
    "article": frozenset({"journalArticle", "magazineArticle", "newspaperArticle", "preprint"}),
    "artwork": frozenset({"artwork"}),
    "audio": frozenset({"audioRecording", "podcast", "radioBroadcast"}),
    "book": frozenset({"book"}),
    "collection": frozenset({"book"}),
    "dataset": frozenset({"dataset"}),
    "inbook": frozenset({"bookSection"}),
    "incollection": frozenset({"bookSection", "encyclopediaArticle", "dictionaryEntry"}),
    "inproceedings": frozenset({"conferencePaper"}),
    "inreference": frozenset({"encyclopediaArticle", "dictionaryEntry"}),
    "jurisdiction": frozenset({"case", "hearing"}),
    "legislation": frozenset({"bill", "statute"}),
    "letter": frozenset({"letter", "email"}),
    "manual": frozenset({"book", "computerProgram"}),
    "movie": frozenset({"film"}),
    "mvbook": frozenset({"book"}),
    "online": frozenset({"webpage", "blogPost", "forumPost", "preprint", "document"}),
    "patent": frozenset({"patent"}),
    "proceedings": frozenset({"book"}),
    "report": frozenset({"report"}),
    "software": frozenset({"computerProgram"}),
    "standard": frozenset({"standard"}),
    "thesis": frozenset({"thesis"}),
    "unpublished": frozenset({"manuscript", "presentation", "preprint"}),
    "video": frozenset({"videoRecording", "tvBroadcast"}),
}
_AS_MISC = frozenset(
    "artwork audioRecording bill blogPost case computerProgram dataset dictionaryEntry document email "
    "encyclopediaArticle film forumPost hearing instantMessage interview letter map patent podcast preprint "
    "presentation radioBroadcast standard statute tvBroadcast videoRecording webpage".split()
)
_ROLES = frozenset("author editor translator bookauthor collaborator director commentator holder".split())
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)\b[^>]*>|[{}]")
_SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "\u200b": ""})
_WORD = re.compile(r"\w+")
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7"}
_FILE = re.compile(r"[^:;\\]*(?:\\.[^:;\\]*)*")


def said_alike(entry: Record, item: Data, files: Sequence[str], settings: MappingSettings) -> frozenset[str]:
    """The BibLaTeX fields in which an entry and its item mean the same, of the entry and of the item's record.

    Args:
        entry: the entry, in any dialect.
        item: the item's `data`.
        files: the titles and names of its attachments.
        settings: the item types.
    """
    kind = settings.schema.types.get(item["itemType"])
    if kind is None:
        return frozenset()
    converted = to_dialect(entry, "biblatex")
    alike: set[str] = set()
    for name, value in converted.fields.items():
        if value.strip():
            alike |= set(_alike(name, value, item, kind, files))
    if item["itemType"] in _TYPES.get(converted.type, ()) or (
        entry.type in ("misc", "online") and item["itemType"] in _AS_MISC
    ):
        alike.add(TYPE)
    return frozenset(alike)


def without_said(record: Record, alike: frozenset[str]) -> Record:
    """A record, in BibLaTeX, without the fields that its item has in another form."""
    converted = to_dialect(record, "biblatex")
    left_out = alike | ({"entrysubtype"} if TYPE in alike else set())
    if not left_out & converted.fields.keys():
        return record
    return replace(converted, fields={name: value for name, value in converted.fields.items() if name not in left_out})


def attachment_names(items: Iterable[Data]) -> dict[str, list[str]]:
    """The titles and file names of the attachments of each item, by the item's key."""
    names: dict[str, list[str]] = {}
    for item in items:
        if item["itemType"] == "attachment" and item.get("parentItem"):
            own = (item.get("title"), item.get("filename"), str(item.get("path") or "").rpartition("/")[2])
            names.setdefault(item["parentItem"], []).extend(filter(None, own))
    return names


def _alike(name: str, value: str, item: Data, kind: ItemType, files: Sequence[str]) -> Iterator[str]:
    """The name of a field if the item has its value, with the names of the fields in which the item has it."""
    names = field_names_of(kind)
    if name == "keywords":
        tags = (str(tag["tag"]) for tag in item.get("tags") or ())
        if _words_of(value) == _words_of(",".join(tags)):
            yield name
    elif name in ("note", "addendum", "annotation"):
        if _key(name, value) and f" {_key(name, value)} " in f" {_key(name, str(item.get('extra') or ''))} ":
            yield name
    elif name == "file":
        known = {_key(name, one) for one in files}
        if known and all(known & {_key(name, part) for part in parts} for parts in _files_in(value)):
            yield name
    elif name == "pubstate":
        if kind.name == "preprint" and value.strip().lower() in ("prepublished", "preprint"):
            yield name
    elif name in _ROLES or name in names.roles:
        yield from _alike_names(name, value, item, names.roles)
    else:
        for general in _EXPORTED.get(name, ()):
            field = kind.field(general) or (general if general in kind.fields else "")
            text = str(item.get(field) or "") if field else ""
            if text and _key(name, text) == _key(name, value):
                yield name
                yield names.from_zotero.get(field, "eprint" if field == "archiveID" else name)
                if name == "eprint" and "arxiv" in text.lower():
                    yield from ("eprinttype", "eprintclass")
        line = parse_extra(str(item.get("extra") or "")).labels.get("arXiv", "")
        if name == "eprint" and line and _key(name, line.split()[0]) == _key(name, value):
            yield from (name, "eprinttype", "eprintclass")


def _alike_names(name: str, value: str, item: Data, roles: Mapping[str, str]) -> Iterator[str]:
    """The name of a field with names, if they are those of one role or of several, with the fields of the roles."""
    wanted = [_name_key(creator) for creator in to_creators(value, "author", "latex")]
    creators = item.get("creators") or ()
    field_of = {role: field for field, role in roles.items()}
    own = roles.get(name, name)
    rest = {creator["creatorType"] for creator in creators} - {roles.get("author"), "editor", "translator"}
    for group in ({own}, {own, "seriesEditor"}, {"seriesEditor"}, rest):
        of_group = [creator for creator in creators if creator["creatorType"] in group]
        if wanted and [_name_key(creator) for creator in of_group] == wanted:
            yield name
            yield from (field_of.get(creator["creatorType"], creator["creatorType"].lower()) for creator in of_group)
            return


def _name_key(creator: Data) -> tuple[str, ...]:
    text = " ".join(str(creator.get(part) or "") for part in ("firstName", "lastName", "name"))
    return tuple(sorted(_WORD.findall(_folded(text))))


def _key(name: str, value: str) -> str:
    """A value without what exporters change in it."""
    text = _folded(latex_to_text(value) if "\\" in value or "{" in value or "$" in value else value)
    if name in RANGES:
        return range_key(text).removeprefix("arxiv:")
    if name == "edition":
        return re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\bed(?:ition|\.)?$", "", _ORDINALS.get(text, text)).strip(" .")
    if name in ("language", "langid"):
        return (language_tag(text) or text).lower().split("-")[0].split("_")[0]
    if name == "doi":
        return doi(text) or text
    if name == "urldate":
        return text[:10]
    if name in ("isbn", "issn"):
        return re.sub(r"[^0-9x]", "", text)
    return text.removeprefix("arxiv:").strip() if name in ("eprint", "number") else text.rstrip(".")


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", _MARKUP.sub("", text.replace("--", "-")).translate(_SIGNS))
    return " ".join(text.casefold().split())


def _words_of(keywords: str) -> Counter[str]:
    return Counter(word for part in re.split(r"[,;]", keywords) if (word := _key("keywords", part.strip("{} "))))


def _files_in(value: str) -> list[list[str]]:
    """The parts of each file in a `file` field (`title:path:type;...`): its title, and the last part of its path."""
    files = []
    for one in re.split(r"(?<!\\);", value):
        parts = [re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\):", one)]
        files.append([piece for part in parts if (piece := re.split(r"[/\\]", part)[-1].strip())])
    return [parts for parts in files if parts]
