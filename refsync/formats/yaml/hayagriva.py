"""Hayagriva's YAML, the bibliography format of Typst (typst/hayagriva, docs/file-format.md).

The work that contains another is its `parent`. Fields without a place in the format are written into `serial-number`,
which may have any names, and so are values that Typst would refuse (a language by its name, a date in words).
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_names
from refsync.formats.common.item_types import PART_TYPES
from refsync.formats.common.text_record import TextRecord, to_text_record
from refsync.formats.common.unmapped import TYPE, with_type
from refsync.formats.common.written_date import iso_date, take_date
from refsync.formats.registry import Format
from refsync.formats.yaml.documents import YamlMapping, read_yaml, yaml_start
from refsync.formats.yaml.dump import dump_yaml
from refsync.records import Name, Problem, Record, Snapshot
from refsync.text.identifiers import arxiv

_TYPES = {
    "article": "article", "chapter": "inbook", "entry": "inreference", "anthos": "incollection", "report": "techreport",
    "thesis": "phdthesis", "web": "online", "artwork": "artwork", "patent": "patent", "case": "jurisdiction",
    "legislation": "legislation", "manuscript": "unpublished", "misc": "misc", "periodical": "periodical",
    "proceedings": "proceedings", "book": "book", "reference": "reference", "anthology": "collection",
    "repository": "software", "video": "video", "audio": "audio", "newspaper": "periodical", "blog": "online",
    "tweet": "online", "thread": "online", "post": "online", "conference": "proceedings", "scene": "video",
    "exhibition": "misc", "performance": "performance", "original": "misc", "letter": "letter",
}  # fmt: skip
_NAMES_OF_TYPES = {"inproceedings": "article", "mastersthesis": "thesis", "manual": "reference", "movie": "video"}
for _name, _type in _TYPES.items():
    _NAMES_OF_TYPES.setdefault(_type, _name)
_NAMES_OF_TYPES["letter"] = "misc"  # which Typst of 2024 does not know
_NAMES_OF_TYPES["performance"] = "misc"
_PARENTS = {
    "article": "periodical", "inproceedings": "proceedings", "incollection": "anthology", "inbook": "book",
    "inreference": "reference",
}  # fmt: skip
_PAPER_PARENTS = frozenset({"proceedings", "conference"})
_ORGANIZATIONS = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_PLAIN = {
    "volume": "volume", "issue": "number", "edition": "edition", "page-total": "pagetotal", "volume-total": "volumes",
    "location": "address", "archive": "archive", "archive-location": "archive-location", "note": "note",
    "abstract": "abstract", "genre": "type", "language": "language", "call-number": "callnumber", "chapter": "chapter",
}  # fmt: skip
_SERIALS = {"doi": "doi", "isbn": "isbn", "issn": "issn", "pmid": "pmid", "pmcid": "pmcid"}
_FORMATTED = frozenset("location archive archive-location note abstract genre".split())
_IN_PARENT = ("volume", "issue")
_ALLOWED = {
    "page-total": re.compile(r"\d{1,9}"), "volume-total": re.compile(r"\d{1,9}"),
    "language": re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?"),
}  # fmt: skip
"""What values Typst accepts; it refuses the whole file for another one."""
_URL = re.compile(r"https?://[\w-]+(?:\.[\w-]+)*(?::\d{1,4})?(?:[/?#][^\s<>\"{}|\\^`]*)?")
_CONTROL = re.compile(r"([\\{}$])")
_CHUNK = re.compile(r"\\([\\{}$])|[{}]")
_SNIFF = re.compile(
    rb"(?mi)^(?![ \t#-])[^\n:]+:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]+[^\n]*\n){0,20}?"
    rb"[ \t]+type:[ \t]*['\"]?(?:%s)['\"]?[ \t]*\r?$" % "|".join(_TYPES).encode()
)


def sniff(head: bytes) -> float:
    """High for a mapping of names to mappings with a type of the format."""
    start = yaml_start(head)
    if b"cff-version:" in start or start.startswith((b"references:", b"-", b"{", b"[", b"<", b"@")):
        return 0.0
    return 0.93 if _SNIFF.search(start) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The entries of a file.

    Raises:
        SourceError: the file is not YAML, or has no entry.
    """
    file = read_yaml(data, source)
    records: list[Record] = []
    problems = file.problems
    for document in file.documents:
        if not isinstance(document, YamlMapping):
            problems.append(Problem(source, "not a mapping of keys to entries; left out", fatal=bool(document)))
            continue
        for key, entry in document.items():
            if isinstance(entry, YamlMapping):
                records.append(_record(entry, source, len(records) + 1, key))
            elif entry:
                problems.append(Problem(source, f"{key!r} is not an entry with fields; left out", fatal=True))
    entries = [entry for document in file.documents if isinstance(document, YamlMapping) for entry in document.values()]
    file.report_end(source, [entry for entry in entries if isinstance(entry, YamlMapping)])
    if not any(record.fields for record in records):
        raise SourceError(source, "no entry of hayagriva in it", hint="is it another format? name it with --from")
    return Snapshot(source, "hayagriva", tuple(records), tuple(sorted(problems, key=lambda problem: problem.line)))


def _record(entry: YamlMapping, source: str, index: int, key: str) -> Record:
    draft = FieldBuilder("hayagriva")
    line, entry = entry.line, YamlMapping(entry)  # which an alias may name again
    kind = _text(entry.pop("type", "")).lower() or "misc"
    type_ = _TYPES.get(kind, "misc")
    parents = entry.pop("parent", [])
    parent, *others = (parents if isinstance(parents, list) else [parents]) or [""]
    if not isinstance(parent, YamlMapping):
        parent, others = YamlMapping(), [parent, *others]
    parent = YamlMapping(parent)
    parent_kind = _text(parent.pop("type", "")).lower()
    if type_ == "article" and parent_kind in _PAPER_PARENTS:
        type_ = "inproceedings"
    elif type_ == "article" and parent_kind in ("anthology", "book"):
        type_ = "incollection"
    elif parent_kind and parent_kind != _PARENTS.get(type_, ""):
        draft.keep("parent-type", [parent_kind])
    if _NAMES_OF_TYPES.get(type_) != kind:
        draft.keep("type", [kind])
    own = _serials(entry.pop("serial-number", ""), draft, type_)
    type_ = own.pop(TYPE, type_)
    _put_entry(entry, draft, type_)
    title = parent.pop("title", "")
    container = _container_field(type_, parent_kind)
    draft.put(container, _text(title), "parent-title")
    number = arxiv(draft.fields.get("eid", ""), bare=True) if _text(title).lower() == "arxiv" else ""
    if number and draft.fields.setdefault("eprint", number) == number:
        del draft.fields["eid"]
        draft.fields["archiveprefix"] = "arXiv"
    _put_series(parent, draft)
    if isinstance(title, dict) and container == "journal":
        draft.put("shortjournal", _text(title.get("short", title.get("shorthand", ""))), "parent-title")
    _put_parent_serials(parent.pop("serial-number", ""), draft)
    for name in ("url", "doi", "title-short"):  # of the work that contains this one
        if value := parent.pop(name, ""):
            draft.keep(f"parent-{name}", [_text(value)])
    if type_ != "inbook" or "author" in draft.fields:
        draft.put("bookauthor", _people(parent.pop("author", ""), draft), "parent-author")
    _put_entry(parent, draft, type_, "parent-")
    draft.keep("parent", (json.dumps(one, ensure_ascii=False) for one in others if one))
    fields = {**own, **draft.build()}
    return Record(source, index, key, type=type_, fields=fields, line=line, id_is_key=bool(key))


def _serials(value: Any, draft: FieldBuilder, type_: str) -> dict[str, str]:
    """Put the identifiers of an entry; the other values that `serial-number` has, by their names."""
    names = value if isinstance(value, dict) else {"serial": value}
    others: dict[str, str] = {}
    for name, one in names.items():
        text = _text(one)
        if name in _SERIALS:
            draft.put(_SERIALS[name], text, name)
        elif name == "arxiv" and text:
            draft.put("eprint", text, name)
            draft.put("archiveprefix", "arXiv", name)
        elif name == "serial":
            draft.put("eid" if type_ == "article" else "number", text, "serial-number")
        elif text:
            others[name] = text
    return others


def _container_field(type_: str, parent_kind: str) -> str:
    if type_ in {*PART_TYPES, "inbook"}:
        return "booktitle"
    if type_ in ("book", "collection", "reference", "proceedings"):
        return "maintitle" if parent_kind == "book" else "series"
    return "series" if type_ in _ORGANIZATIONS else "journal"


def _put_series(parent: YamlMapping, draft: FieldBuilder) -> None:
    """Put the title of the series that the containing work belongs to, if only its title is given."""
    series = parent.get("parent")
    if isinstance(series, dict) and "title" in series and set(series) <= {"type", "title"}:
        draft.put("series", _text(series["title"]), "parent-parent")
        del parent["parent"]


def _put_parent_serials(value: Any, draft: FieldBuilder) -> None:
    """Put ISBN and ISSN of the work that contains this one; its other numbers are not those of this one."""
    names = value if isinstance(value, dict) else {"serial": value}
    for name, one in names.items():
        if name in ("isbn", "issn"):
            draft.put(name, _text(one), f"parent-{name}")
        else:
            draft.keep(f"parent-{name}", [_text(one)])


def _put_entry(entry: YamlMapping, draft: FieldBuilder, type_: str, prefix: str = "") -> None:
    """Put the fields of an entry or, with a prefix for those that it has twice, of its parent."""
    for name, value in entry.items():
        tag = f"{prefix}{name}"
        if name == "title":
            draft.put("title", _text(value), tag)
            if isinstance(value, dict):
                draft.put("shorttitle", _text(value.get("short", value.get("shorthand", ""))), "title-short")
                draft.put("translatedtitle", _text(value.get("translation", "")), "title-translation")
        elif name in ("author", "editor"):
            draft.put(name, _people(value, draft), tag)
        elif name == "affiliated":
            _put_affiliated(value, draft)
        elif name == "date":
            text = _text(value)
            if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", text):
                draft.put_date(text, tag)
            else:
                draft.put("date", f"{text[1:]}~" if text.startswith("~") else text, tag)
        elif name == "url":
            draft.put("url", _text(value), tag)
            draft.put("urldate", _text(value.get("date", "")) if isinstance(value, dict) else "", "url-date")
        elif name == "publisher":
            place = value.get("location", "") if isinstance(value, dict) else ""
            draft.put("publisher", _text(value), tag)
            draft.put("address", _text(place), "publisher-location")
        elif name == "organization":
            draft.put(_ORGANIZATIONS.get(type_, "organization"), _text(value), tag)
        elif name == "page-range":
            draft.put("pages", bibtex_pages(_text(value)), tag)
        elif name in ("doi", "isbn", "issn"):  # of older versions
            draft.put(name, _text(value), tag)
        elif name in _PLAIN:
            draft.put(_PLAIN[name], _text(value), tag)
        elif isinstance(value, str):
            draft.keep(tag, [value])
        else:
            draft.keep(tag, [json.dumps(value, ensure_ascii=False)])


def _put_affiliated(value: Any, draft: FieldBuilder) -> None:
    for group in value if isinstance(value, list) else [value]:
        if isinstance(group, dict):
            role, people = _text(group.get("role", "")).lower(), _people(group.get("names", []), draft)
            if role == "translator":
                draft.put("translator", people, role)
            else:
                draft.keep(role or "affiliated", [people])
        else:
            draft.keep("affiliated", [_text(group)])


def _people(value: Any, draft: FieldBuilder) -> str:
    names: list[Name | str] = []
    for person in value if isinstance(value, list) else [value]:
        if isinstance(person, dict):
            family, given = _text(person.get("name", "")), _text(person.get("given-name", ""))
            names.append(Name(family, given, _text(person.get("prefix", "")), _text(person.get("suffix", ""))))
            draft.keep("alias", [_text(person.get("alias", ""))])
        elif text := _text(person):
            names.append(text if "," in text else Name(text))
    return join_names(names)


def _text(value: Any) -> str:
    """The text of a value: without the braces that keep capitals, and of a mapping its main value."""
    if isinstance(value, dict):
        return _text(value.get("value", value.get("name", "")))
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    text = str(value)
    return _CHUNK.sub(lambda found: found[1] or "", text) if "{" in text or "}" in text or "\\" in text else text


def write(records: Sequence[Record]) -> bytes:
    """A file of these records for Typst; a key that two of them have gets a number."""
    entries: dict[str, Any] = {}
    for number, record in enumerate(map(to_text_record, records), 1):
        key = record.id or f"item-{number}"
        if key in entries:
            key = next(name for n in range(2, len(records) + 3) if (name := f"{key}-{n}") not in entries)
        entries[key] = _entry(record)
    return dump_yaml(entries)


def _entry(record: TextRecord) -> dict[str, Any]:
    fields, type_ = dict(record.fields), record.type
    kept = fields.pop("hayagriva-type", "")
    kind = kept if _TYPES.get(kept) == type_ else _NAMES_OF_TYPES.get(type_, "misc")
    entry: dict[str, Any] = {"type": kind}
    parent: dict[str, Any] = {"type": _PARENTS[type_]} if type_ in _PARENTS else {}
    _put_title(entry, fields, "title", "shorttitle", "short")
    for name, people in record.creators.items():
        if name == "translator":
            entry["affiliated"] = [{"role": name, "names": _persons(people)}]
        elif name == "editor" and type_ in {*PART_TYPES, "inbook"}:
            parent[name] = _persons(people)
        else:
            entry[name] = _persons(people)
    if date := iso_date(*take_date(fields)):
        entry["date"] = date
    if (pages := fields.get("pages", "")) and not _CONTROL.search(pages):
        entry["page-range"] = fields.pop("pages").replace("--", "-")
    if _URL.fullmatch(fields.get("url", "")):
        url, seen = fields.pop("url"), fields.get("urldate", "")
        dated = re.fullmatch(r"\d{4}-\d\d-\d\d", seen) is not None
        entry["url"] = {"value": url, "date": fields.pop("urldate")} if dated else url
    if parent:
        container = "booktitle" if type_ != "article" else "journal"
        _put_title(parent, fields, container, "shortjournal" if type_ == "article" else "", "short")
        if series := fields.pop("series", ""):
            parent["parent"] = {"type": "anthology", "title": _escaped(series)}
    if value := fields.pop(_ORGANIZATIONS.get(type_, "organization"), ""):
        entry["organization"] = _escaped(value)
    if publisher := fields.pop("publisher", ""):
        place = fields.pop("address", "")
        named = {"name": _escaped(publisher), "location": _escaped(place)} if place else _escaped(publisher)
        (parent or entry)["publisher"] = named
    serials = {}
    for name, field in _PLAIN.items():
        if field == "number" and not parent:
            if value := fields.pop(field, ""):
                serials["serial"] = value
        elif (value := fields.get(field, "")) and (name not in _ALLOWED or _ALLOWED[name].fullmatch(value)):
            if name not in _FORMATTED and _CONTROL.search(value):
                continue
            del fields[field]
            place_of = parent if parent and name in _IN_PARENT else entry
            place_of[name] = _escaped(value) if name in _FORMATTED else value
    serials |= {name: fields.pop(field) for name, field in _SERIALS.items() if field in fields}
    if fields.get("archiveprefix") == "arXiv" and fields.get("eprint"):
        serials["arxiv"] = fields.pop("eprint")
        del fields["archiveprefix"]
    if type_ == "article" and "eid" in fields:
        serials["serial"] = fields.pop("eid")
    read_as = "inproceedings" if type_ == "inproceedings" else _TYPES[kind]
    if extra := serials | with_type(fields, type_, read_as):
        entry["serial-number"] = {name: _escaped(value) for name, value in extra.items()}
    if len(parent) > 1 or type_ == "inproceedings":
        entry["parent"] = parent
    return entry


def _put_title(entry: dict[str, Any], fields: dict[str, str], name: str, short: str, part: str) -> None:
    if title := fields.pop(name, ""):
        entry["title"] = _escaped(title)
        if short and (value := fields.pop(short, "")):
            entry["title"] = {"value": _escaped(title), part: _escaped(value)}


def _persons(people: Iterable[Name]) -> list[Any]:
    persons: list[Any] = []
    for name in people:
        plain = not name.prefix and not name.suffix and "," not in name.family + name.given
        if plain and name.family and not _CONTROL.search(name.family + name.given):
            persons.append(f"{name.family}, {name.given}" if name.given else name.family)
        else:
            parts = {"name": name.family or name.given, "given-name": name.given if name.family else ""}
            parts |= {"prefix": name.prefix, "suffix": name.suffix}
            persons.append({part: _escaped(value) for part, value in parts.items() if value or part == "name"})
    return persons


def _escaped(text: str) -> str:
    return _CONTROL.sub(r"\\\1", text)


FORMAT = Format(name="hayagriva", suffixes=(".yml", ".yaml"), sniff=sniff, read=read, write=write)
