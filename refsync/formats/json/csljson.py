"""CSL-JSON, the data format of citation processors (schema: citation-style-language/schema, csl-data.json).

Variables without a BibTeX field are kept as `csl-NAME`; fields without a CSL variable are written into `custom`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, group_name
from refsync.formats.common.item_types import ARTICLE_TYPES, BOOK_TYPES, PART_TYPES, publisher_field
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.kinds import KIND_OF_CSL, KINDS, kind_of
from refsync.formats.common.text_record import TextRecord, to_text_record
from refsync.formats.json.csl_dates import other_dates, read_date, read_issued, take_issued
from refsync.formats.json.csl_language import drop_stated_language, language_tag
from refsync.formats.json.csl_publisher import drop_joined_publisher, take_publisher
from refsync.formats.json.json_format import as_list, read_objects
from refsync.formats.registry import Format
from refsync.records import Name, Record, Snapshot, repeated_ids
from refsync.text.citation_keys import can_be_citation_key
from refsync.text.names import is_particle

_TYPES = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "review": "article",
    "review-book": "article", "article": "misc", "book": "book", "chapter": "incollection", "entry": "inreference",
    "entry-encyclopedia": "inreference", "entry-dictionary": "inreference", "paper-conference": "inproceedings",
    "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished", "speech": "unpublished",
    "webpage": "online", "post": "online", "post-weblog": "online", "dataset": "dataset", "software": "software",
    "patent": "patent", "standard": "standard", "legal_case": "jurisdiction", "legislation": "legislation",
    "bill": "legislation", "regulation": "legislation", "treaty": "legal", "hearing": "legal",
    "personal_communication": "letter", "motion_picture": "movie", "broadcast": "video", "song": "music",
    "musical_score": "music", "graphic": "artwork", "figure": "image", "map": "image", "performance": "performance",
    "periodical": "periodical", "collection": "collection", "pamphlet": "booklet", "classic": "book",
    "interview": "misc", "document": "misc",
}  # fmt: skip
_CSL_TYPES = {
    "misc": "document", "mastersthesis": "thesis", "thesis": "thesis", "report": "report", "inbook": "chapter",
    "manual": "book", "proceedings": "book", "conference": "paper-conference", "mvbook": "book", "audio": "song",
    "reference": "book", "electronic": "webpage", "www": "webpage", "booklet": "pamphlet",
}  # fmt: skip
for _csl, _type in _TYPES.items():
    _CSL_TYPES.setdefault(_type, _csl)

_NAMES = {
    "title": "title", "title-short": "shorttitle", "volume": "volume", "issue": "number", "page": "pages",
    "number-of-volumes": "volumes", "number-of-pages": "pagetotal", "chapter-number": "chapter",
    "container-title-short": "shortjournal", "collection-title": "series", "publisher-place": "address",
    "edition": "edition", "event-title": "eventtitle", "event-place": "venue", "DOI": "doi", "ISBN": "isbn",
    "ISSN": "issn", "URL": "url", "PMID": "pmid", "PMCID": "pmcid", "abstract": "abstract", "note": "note",
    "annote": "annote", "keyword": "keywords", "language": "language", "genre": "type", "version": "version",
    "call-number": "callnumber", "source": "database", "original-title": "origtitle",
    "translated-title": "translatedtitle", "original-publisher": "origpublisher",
    "original-publisher-place": "origlocation", "status": "pubstate",
}  # fmt: skip
_OLD_NAMES = {"journalAbbreviation": "container-title-short", "shortTitle": "title-short", "event": "event-title"}
_PEOPLE = {"author": "author", "editor": "editor", "translator": "translator", "container-author": "bookauthor"}
_DATES = {"accessed": "urldate", "original-date": "origdate", "event-date": "eventdate"}
_ROLES = frozenset(
    "chair collection-editor compiler composer contributor curator director editorial-director "
    "executive-producer guest host illustrator interviewer narrator organizer original-author performer producer "
    "recipient reviewed-author script-writer series-creator".split()
)
_VARIABLES_OF_PEOPLE = {field: name for name, field in _PEOPLE.items()} | {f"csl-{role}": role for role in _ROLES}
_CREATORS = tuple(_VARIABLES_OF_PEOPLE)
_OTHER_VARIABLES = frozenset(
    "archive archive-place archive_collection archive_location authority citation-label dimensions division "
    "jurisdiction medium part-number part-title printing-number references reviewed-genre reviewed-title scale section "
    "supplement-number volume-title volume-title-short".split()
)
"""Variables of text without a BibTeX field, which are written as they were read."""
_DEFAULT_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
_MASTER = re.compile(r"master|m\.?\s?sc|diplom", re.IGNORECASE)
_PARTS = PART_TYPES | {"inbook"}
_IN_SERIES = _PARTS | BOOK_TYPES | {"proceedings"}
_USUAL_PARTS = {"family", "given"}
_DATE_FIELDS = ("date", "year", "month", "day")
_HANDLED = frozenset("id type citation-key custom issued container-title number collection-number".split())
_CSL_TYPE_NAME = re.compile(
    rb'"type"\s*:\s*"(?:article-|paper-conference|chapter|entry|post|review|motion_picture|legal_|personal_|musical_)'
)
_ANY_TYPE = re.compile(rb'"type"\s*:\s*"(?:%s)"' % "|".join(_TYPES).encode())
_DATE_OR_NAME = re.compile(
    rb'"(?:issued|accessed)"\s*:\s*\{\s*"(?:date-parts|raw|literal)"|"title-short"|"publisher-place"'
)


_encoded = json.JSONEncoder(ensure_ascii=False).encode


def sniff(head: bytes) -> float:
    """High for JSON whose objects have types of CSL, or an id and dates in the form of CSL."""
    start = head.lstrip()
    if not start.startswith((b"[", b"{")) or b'"message-version"' in start or b'"is-referenced-by-count"' in start:
        return 0.0
    if _CSL_TYPE_NAME.search(start):
        return 0.95
    if b'"id"' not in start:
        return 0.0
    return 0.91 if _DATE_OR_NAME.search(start) else 0.6 if _ANY_TYPE.search(start) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The items of a file.

    Raises:
        SourceError: the file is not JSON, or has no item.
    """
    snapshot = read_objects(data, source, "csljson", lambda item: "type" in item and len(item) > 1, record_of_item)
    return replace(snapshot, problems=(*snapshot.problems, *repeated_ids(snapshot.records)))


def record_of_item(item: JsonObject, source: str, index: int) -> Record:
    """The record of an item."""
    draft = FieldBuilder("csl")
    csl_type = str(item["type"])
    type_ = _TYPES.get(csl_type, "misc")
    custom = item.get("custom")
    kept = {name: value for name, value in custom.items() if isinstance(value, str)} if isinstance(custom, dict) else {}
    type_ = kept.pop("entrytype", type_)
    if csl_type in KIND_OF_CSL:
        draft.put("entrysubtype", KIND_OF_CSL[csl_type], "type")
    elif type_ == "phdthesis" and _MASTER.search(_text(item.get("genre"))):
        type_ = "mastersthesis"
    elif _CSL_TYPES.get(type_, "document") != csl_type:
        draft.keep("type", [csl_type])
    for variable, value in item.items():
        name = _OLD_NAMES.get(variable, variable)
        if name in _PEOPLE or name in _ROLES:
            people = " and ".join(filter(None, map(_name, as_list(value))))
            if name in _PEOPLE:
                draft.put(_PEOPLE[name], people, name)
            else:
                draft.keep(name, [people])
        elif name in _NAMES:
            text = _text(value)
            if name == "genre" and text in _DEFAULT_GENRES.values():
                continue
            draft.put(_NAMES[name], bibtex_pages(text) if name == "page" else text, name)
        elif name in _DATES:
            draft.put(_DATES[name], read_date(value), name)
        elif name == "publisher":
            draft.put(publisher_field(type_), _text(value), name)
        elif name not in _HANDLED:
            draft.keep(name, [_text(value)])
    container = "booktitle" if type_ in _PARTS else "series" if type_ == "book" else "journal"
    draft.put(container, _text(item.get("container-title")), "container-title")
    draft.put("number", _text(item.get("number")), "number")
    if type_ in _IN_SERIES:
        draft.put("number", _text(item.get("collection-number")), "collection-number")
    else:
        draft.keep("collection-number", [_text(item.get("collection-number"))])
    for name, value in read_issued(item.get("issued")).items():
        draft.put(name, value, "issued")
    if isinstance(custom, dict) and (
        rest := {name: value for name, value in custom.items() if not isinstance(value, str)}
    ):
        draft.keep("custom", [json.dumps(rest, ensure_ascii=False)])
    read = draft.build()
    drop_joined_publisher(read, publisher_field(type_), kept)
    drop_stated_language(read, kept.get("langid", "") or kept.get("hyphenation", ""))
    fields = kept | read
    if not kept.keys().isdisjoint(_DATE_FIELDS):  # they say more than `issued`
        fields = {name: value for name, value in fields.items() if name not in _DATE_FIELDS or name in kept} | {
            name: kept[name] for name in _DATE_FIELDS if name in kept
        }
        if not {"year", "date"} & kept.keys() and "year" in draft.fields:
            fields["year"] = draft.fields["year"]
    named = _text(item.get("citation-key"))
    key = named or _text(item.get("id")) or f"#{index}"
    return Record(source, index, key, type=type_, fields=fields, id_is_key=bool(named) or can_be_citation_key(key))


def _text(value: Any) -> str:
    if isinstance(value, str):  # nearly always
        return value.strip()
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, (dict, list)):
        return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)
    return str(value).strip()


def _name(person: Mapping[str, Any]) -> str:
    if person.keys() == _USUAL_PARTS and isinstance(person["family"], str) and isinstance(person["given"], str):
        family, given = person["family"].strip(), person["given"].strip()
        if family and given:
            return f"{family}, {given}"
    if literal := _text(person.get("literal")):
        return group_name(literal)
    family = f"{_text(person.get('non-dropping-particle'))} {_text(person.get('family'))}".strip()
    given, dropping = _text(person.get("given")), _text(person.get("dropping-particle"))
    if dropping and not given:
        family = f"{dropping} {family}".strip()
    elif dropping:  # `Humboldt, Alexander von`: BibTeX sorts by what is before the comma
        given = f"{given} {dropping}"
    parts = [family, _text(person.get("suffix")), given]
    return ", ".join(filter(None, parts)) if parts[2] else group_name(family)


def write(records: Sequence[Record]) -> bytes:
    """A CSL-JSON file of these records, in which every item has an id."""
    items = csl_items(records)
    return ("[\n" + ",\n".join(map(_written, items)) + "\n]\n").encode() if items else b"[]\n"


def _written(item: JsonObject) -> str:
    """An item with one line for each variable; the encoder takes four times as long with an indent."""
    lines = [f"  {_encoded(name)}: {_encoded(value)}" for name, value in item.items()]
    return " {\n" + ",\n".join(lines) + "\n }"


def csl_items(records: Sequence[Record], *, tags: bool = True) -> list[JsonObject]:
    """The items of these records; with `tags`, styled parts have the tags of CSL."""
    return [_item(to_text_record(record, _CREATORS, tags=tags), number) for number, record in enumerate(records, 1)]


def _item(record: TextRecord, number: int) -> JsonObject:
    fields = dict(record.fields)
    type_ = record.type
    csl_type = fields.pop("csl-type", "")
    if kind := kind_of(type_, fields):
        csl_type = KINDS[kind].csl
        del fields["entrysubtype"]
    elif _TYPES.get(csl_type, "misc") != type_ or not csl_type:
        csl_type = _CSL_TYPES.get(type_, "document")
    item: JsonObject = {"id": record.id or f"item-{number}", "type": csl_type}
    if record.says_key:
        item["citation-key"] = record.id
    custom: dict[str, str] = {}
    if _TYPES.get(csl_type) != type_:
        custom["entrytype"] = type_
    for name, people in record.creators.items():
        item[_VARIABLES_OF_PEOPLE[name]] = [_person(person) for person in people]
    for variable, name in _NAMES.items():
        if name == "number" and type_ not in ARTICLE_TYPES | PART_TYPES:
            variable = "number"  # noqa: PLW2901
        if value := fields.pop(name, ""):
            item[variable] = value.replace("--", "-") if name == "pages" else value
    if type_ in _IN_SERIES and "collection-title" in item:
        for variable in ("issue", "number"):
            if variable in item:  # of the series
                item.setdefault("collection-number", item.pop(variable))
    if type_ in _DEFAULT_GENRES:
        item.setdefault("genre", _DEFAULT_GENRES[type_])
    container = "booktitle" if type_ in _PARTS else "journal"
    if value := fields.pop(container, ""):
        item["container-title"] = value
    if value := take_publisher(fields, publisher_field(type_)):
        item["publisher"] = value
    if tag := language_tag(fields.get("langid", "") or fields.get("hyphenation", "")):
        item.setdefault("language", tag)
    if issued := take_issued(fields):
        item["issued"] = issued
    for variable, date in other_dates(fields, _DATES).items():
        item[variable] = date
        del fields[_DATES[variable]]
    for name in list(fields):
        variable = name.removeprefix("csl-")
        if variable in _OTHER_VARIABLES and variable != name:
            item[variable] = fields.pop(name)
    if "entrytype" in fields:  # which holds the type
        fields["entrytype-field"] = fields.pop("entrytype")
    if custom | fields:
        item["custom"] = custom | fields
    return item


def _person(name: Name) -> dict[str, str]:
    if not name.given and not name.prefix and not name.suffix:
        return {"literal" if " " in name.family else "family": name.family}
    words = name.given.split()
    first = len(words)
    while first > 1 and is_particle(words[first - 1]):
        first -= 1
    parts = {
        "family": name.family, "given": " ".join(words[:first]) if first < len(words) else name.given,
        "dropping-particle": " ".join(words[first:]), "non-dropping-particle": name.prefix, "suffix": name.suffix,
    }  # fmt: skip
    return {part: value for part, value in parts.items() if value}


FORMAT = Format(name="csljson", suffixes=(".json", ".csljson"), sniff=sniff, read=read, write=write, read_stream=read)
