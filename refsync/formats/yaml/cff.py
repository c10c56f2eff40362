"""The Citation File Format, `CITATION.cff` (citation-file-format 1.2.0, schema-guide.md).

Read are the software or data set itself, its `preferred-citation` and its `references`. Records are written as
`references`, since only those may be of any type; fields that the schema lacks are in their `notes`.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names, page_range
from refsync.formats.common.item_types import ARTICLE_TYPES, publisher_field
from refsync.formats.common.text_record import TextRecord, first_and_last_page, split_keywords, to_text_record
from refsync.formats.common.unmapped import TYPE, split_unmapped, unmapped_lines, with_type
from refsync.formats.common.written_date import iso_date, take_date
from refsync.formats.registry import Format
from refsync.formats.yaml.documents import YamlMapping, iter_mappings, read_yaml, yaml_start
from refsync.formats.yaml.dump import dump_yaml
from refsync.records import Name, Record, Snapshot, repeated_ids

_TYPES = {
    "article": "article", "art": "artwork", "audiovisual": "video", "bill": "legislation", "blog": "online",
    "book": "book", "conference-paper": "inproceedings", "conference": "proceedings", "data": "dataset",
    "database": "dataset", "dataset": "dataset", "dictionary": "reference", "edited-work": "collection",
    "encyclopedia": "reference", "film-broadcast": "movie", "generic": "misc", "government-document": "techreport",
    "hearing": "legal", "historical-work": "book", "legal-case": "jurisdiction", "legal-rule": "legal",
    "magazine-article": "article", "manual": "manual", "map": "image", "music": "music", "newspaper-article": "article",
    "pamphlet": "booklet", "patent": "patent", "personal-communication": "letter", "proceedings": "proceedings",
    "report": "techreport", "serial": "periodical", "software": "software", "software-code": "software",
    "software-container": "software", "software-executable": "software", "software-virtual-machine": "software",
    "sound-recording": "audio", "standard": "standard", "statute": "legislation", "thesis": "phdthesis",
    "unpublished": "unpublished", "video": "video", "website": "online",
}  # fmt: skip
_CFF_TYPES = {
    "mastersthesis": "thesis",
    "proceedings": "proceedings",
    "legislation": "statute",
    "audio": "sound-recording",
}
for _cff, _type in _TYPES.items():
    _CFF_TYPES.setdefault(_type, _cff)
_CFF_TYPES |= {"video": "video", "incollection": "generic"}
_NAMES = {
    "title": "title", "abbreviation": "shorttitle", "abstract": "abstract", "collection-title": "booktitle",
    "journal": "journal", "volume": "volume", "edition": "edition", "version": "version", "doi": "doi", "isbn": "isbn",
    "issn": "issn", "url": "url", "pmcid": "pmcid", "database": "database", "number-volumes": "volumes",
    "section": "chapter", "pages": "pagetotal", "thesis-type": "type", "date-accessed": "urldate", "status": "pubstate",
    "license": "license", "filename": "file", "year-original": "origdate",
}  # fmt: skip
_ANY_URI = re.compile(r"(?:https?|ftp|sftp)://[\w.-]+(?::\d+)?(?:[/?#][\w./?#~:@!$&'*(),+;=%-]*)?", re.ASCII)
_ALLOWED = {
    "doi": re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+"), "isbn": re.compile(r"[0-9\- ]{10,17}X?"),
    "issn": re.compile(r"\d{4}-\d{3}[\dxX]"), "url": _ANY_URI, "pmcid": re.compile(r"PMC\d{7}"),
    "date-accessed": re.compile(r"\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])"), "license": re.compile(r"(?!)"),
    "status": re.compile(r"abstract|advance-online|in-preparation|in-press|preprint|submitted"),
}  # fmt: skip
"""What the schema accepts; other values are written into the notes."""
_PEOPLE = {"authors": "author", "editors": "editor", "translators": "translator"}
_ENTITIES = {"publisher": "publisher", "institution": "institution", "location": "address"}
_MESSAGE = "These are the references of a bibliography, not of one work."
_NOBODY = "anonymous"
_UNTITLED = "[untitled]"
_LISTS = re.compile(r"(?:preferred-citation|references)(?:-\d+)?")
_SNIFF = re.compile(rb"(?m)^cff-version[ \t]*:")


def sniff(head: bytes) -> float:
    """High for a YAML file with a version of the format."""
    return 0.98 if _SNIFF.search(yaml_start(head)) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The work that a file is about, what it wants to be cited, and its references.

    Raises:
        SourceError: the file is not YAML, or has no work.
    """
    file = read_yaml(data, source)
    problems = file.problems
    works: list[YamlMapping] = []
    for document in file.documents:
        if isinstance(document, YamlMapping):
            own = YamlMapping({name: value for name, value in document.items() if not _LISTS.fullmatch(name)})
            own.line = document.line
            if own.get("message") != _MESSAGE and own.get("title"):
                works.append(own)
            preferred = document.get("preferred-citation")
            works += iter_mappings([preferred] if preferred else [], source, problems)
    for references in file.values_of("references"):
        works += iter_mappings(references if isinstance(references, list) else [references], source, problems)
    file.report_end(source, works)
    if not works:
        raise SourceError(source, "no work of a CITATION.cff in it", hint="is it another format? name it with --from")
    records = tuple(_record(work, source, index) for index, work in enumerate(works, 1))
    found = sorted(problems, key=lambda problem: problem.line)
    return Snapshot(source, "cff", records, (*found, *repeated_ids(records)))


def _record(work: YamlMapping, source: str, index: int) -> Record:
    draft = FieldBuilder("cff")
    is_own = "cff-version" in work
    kind = _text(work.get("type", "software" if is_own else "generic"))
    type_ = _TYPES.get(kind, "misc")
    if kind == "generic" and work.get("collection-title"):
        type_ = "incollection"
    notes, others = split_unmapped(_text(work.get("notes", "")).splitlines())
    type_ = notes.pop(TYPE, type_)
    if _CFF_TYPES.get(type_) != kind:
        draft.keep("type", [kind])
    draft.put("note", "\n".join(others).strip(), "notes")
    for name, value in work.items():
        if name in _PEOPLE:
            draft.put(_PEOPLE[name], _people(value, draft), name)
        elif name in _ENTITIES:
            _put_entity(draft, publisher_field(type_) if name == "institution" else name, value)
        elif name == "conference":
            draft.put("eventtitle", _text(value), name)
            if isinstance(value, dict):
                draft.put("venue", _text(value.get("location", value.get("city", ""))), "conference-location")
        elif name in ("issue", "number"):
            draft.put("number", _text(value), name)
        elif name == "start":
            draft.put("pages", page_range(_text(value), _text(work.get("end", ""))), name)
        elif name == "end":
            draft.put("pages", "" if work.get("start") else bibtex_pages(_text(value)), name)
        elif name == "keywords":
            draft.put(name, join_keywords(map(_text, value if isinstance(value, list) else [value])), name)
        elif name == "languages":
            draft.put("language", _text(value), name)
        elif name == "identifiers":
            _put_identifiers(draft, value)
        elif name in _NAMES:
            draft.put(_NAMES[name], "" if value == _UNTITLED else _text(value), name)
        elif name not in ("year", "month", "date-published", "date-released", "type", "notes", "cff-version"):
            draft.keep(name, [_text(value)])
    for name in ("year", "date-published", "date-released"):
        month = _text(work.get("month", "")) if name == "year" else ""
        if value := _text(work.get(name, "")):
            draft.put_date(f"{value}-{month}" if month else value, name)
    key = notes.pop("citation-key", "") or f"#{index}"
    fields = {**notes, **draft.build()}
    return Record(source, index, key, type=type_, fields=fields, line=work.line, id_is_key=not key.startswith("#"))


def _put_entity(draft: FieldBuilder, name: str, value: Any) -> None:
    field = _ENTITIES.get(name, name)
    draft.put(field, _text(value), name)
    if isinstance(value, dict):
        place = ", ".join(filter(None, (_text(value.get(part, "")) for part in ("city", "region", "country"))))
        draft.put("address", place, f"{name}-place")
        for part, detail in value.items():
            if part not in ("name", "city", "region", "country"):
                draft.keep(f"{name}-{part}", [_text(detail)])


def _people(value: Any, draft: FieldBuilder) -> str:
    names: list[Name | str] = []
    for person in value if isinstance(value, list) else [value]:
        if not isinstance(person, dict):
            names.append(_text(person))
            continue
        parts = [
            _text(person.get(part, "")) for part in ("family-names", "given-names", "name-particle", "name-suffix")
        ]
        whole = _text(person.get("name", ""))
        if parts[0] or parts[1]:
            names.append(Name(parts[0] or parts[1], parts[1] if parts[0] else "", parts[2], parts[3]))
        elif whole:
            names.append(Name(whole))
        elif (alias := _text(person.get("alias", ""))) and alias != _NOBODY:
            names.append(Name(alias))
        who = whole or parts[0]
        for part in ("affiliation", "orcid", "email"):
            if detail := _text(person.get(part, "")):
                draft.keep(part, [f"{who}: {detail}"])
    return join_names(names)


def _put_identifiers(draft: FieldBuilder, value: Any) -> None:
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            draft.keep("identifiers", [_text(one)])
            continue
        kind, text = _text(one.get("type", "")), _text(one.get("value", ""))
        if kind in ("doi", "url"):
            draft.put(kind, text, f"identifiers-{kind}")
        elif text.startswith("arXiv:"):
            draft.put("eprint", text.removeprefix("arXiv:"), "identifiers")
            draft.put("archiveprefix", "arXiv", "identifiers")
        else:
            draft.keep("identifiers", [text])


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return _text(value["name"]) if "name" in value else json.dumps(value, ensure_ascii=False)
    return ", ".join(map(_text, value)) if isinstance(value, list) else str(value)


def write(records: Sequence[Record]) -> bytes:
    """A valid file with these records as its references."""
    references = [_reference(to_text_record(record)) for record in records]
    head = {"cff-version": "1.2.0", "message": _MESSAGE, "title": "References", "authors": [{"alias": _NOBODY}]}
    return dump_yaml(head | ({"references": references} if references else {}))


def _reference(record: TextRecord) -> dict[str, Any]:
    fields, type_ = dict(record.fields), record.type
    kept = fields.pop("cff-type", "")
    kind = kept if _TYPES.get(kept) == type_ and kept != "dataset" else _CFF_TYPES.get(type_, "generic")
    reference: dict[str, Any] = {"type": kind, "title": fields.pop("title", "") or _UNTITLED}
    people = {field: name for name, field in _PEOPLE.items()}
    reference["authors"] = [{"alias": _NOBODY}]
    for field, names in record.creators.items():
        reference[people[field]] = [_person(name) for name in names] or reference["authors"]
    for name, field in _NAMES.items():
        value = fields.get(field, "")
        if value and name not in reference and (name not in _ALLOWED or _ALLOWED[name].fullmatch(value)):
            reference[name] = fields.pop(field)
    if number := fields.pop("number", ""):
        reference["issue" if type_ in ARTICLE_TYPES else "number"] = number
    for name, field in (("publisher", "publisher"), ("institution", publisher_field(type_)), ("location", "address")):
        if field in fields:
            reference[name] = {"name": fields.pop(field)}
    if value := fields.pop("eventtitle", ""):
        place = {"location": fields.pop("venue")} if "venue" in fields else {}
        reference["conference"] = {"name": value, **place}
    first, last = first_and_last_page(fields.get("pages", ""))
    if first and last and first != last:
        reference |= {"start": first, "end": last}
        del fields["pages"]
    elif first and not last:
        reference["start"] = fields.pop("pages")
    _put_date(reference, fields)
    if words := split_keywords(fields.get("keywords", "")):
        reference["keywords"] = words
        del fields["keywords"]
    if re.fullmatch("[a-z]{2,3}", fields.get("language", "")):
        reference["languages"] = [fields.pop("language")]
    if fields.get("archiveprefix") == "arXiv" and fields.get("eprint"):
        reference["identifiers"] = [{"type": "other", "value": f"arXiv:{fields.pop('eprint')}"}]
        del fields["archiveprefix"]
    note = fields.pop("note", "")
    read_as = "incollection" if kind == "generic" and "collection-title" in reference else _TYPES[kind]
    keyed = {"citation-key": record.id} if record.id else {}
    if "citation-key" in fields:
        fields["citation-key-field"] = fields.pop("citation-key")
    lines = [note] if note else []
    lines += unmapped_lines({**keyed, **with_type(fields, type_, read_as)})
    return reference | ({"notes": "\n".join(lines)} if lines else {})


def _put_date(reference: dict[str, Any], fields: dict[str, str]) -> None:
    year, month, day = take_date(fields)
    if year:
        reference["year"] = int(year)
    if month:
        reference["month"] = month
    if day and _ALLOWED["date-accessed"].fullmatch(iso_date(year, month, day)):
        reference["date-published"] = iso_date(year, month, day)
    elif day:
        fields["day"] = str(day)


def _person(name: Name) -> dict[str, str]:
    if not name.given and not name.prefix and not name.suffix:
        return {"name": name.family}
    parts = {
        "family-names": name.family, "given-names": name.given, "name-particle": name.prefix,
        "name-suffix": name.suffix,
    }  # fmt: skip
    return {part: value for part, value in parts.items() if value}


FORMAT = Format(name="cff", suffixes=(".cff",), sniff=sniff, read=read, write=write)
