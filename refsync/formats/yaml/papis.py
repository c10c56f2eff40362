"""Papis's `info.yaml`, the file of one document, and its export of many (papis.readthedocs.io, info file).

Names are BibTeX's where papis has no own ones; cited works are not read.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.json_others import texts_of
from refsync.formats.common.text_record import split_keywords
from refsync.formats.registry import Format
from refsync.formats.yaml.documents import YamlMapping, read_yaml, yaml_start
from refsync.records import Name, Problem, Record, Snapshot, repeated_ids

_OWN = re.compile(rb"(?m)^(?:papis_id|author_list):")
_REF = re.compile(rb"(?m)^ref:")
_IN_BRACKETS = re.compile(r"(?<=\().*(?=\))")
_FIELD = re.compile(r"[a-z][a-z0-9_-]*")
_FIELDS = {"issue": "number", "issn": "issn", "notes": "note", "time-added": "papis-time-added"}
_PEOPLE = {"author_list": "author", "editor_list": "editor", "translator_list": "translator"}
_NOT_READ = frozenset("ref type citations files tags keywords month year pages author editor translator".split())


def sniff(head: bytes) -> float:
    """High for names that only papis has, or its `ref` beside a title."""
    start = yaml_start(head)
    if b"\ntitle:" not in b"\n" + start or b"cff-version:" in start:
        return 0.0
    return 0.94 if _OWN.search(start) else 0.8 if _REF.search(start) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The documents of a file.

    Raises:
        SourceError: the file is not YAML, or has no document.
    """
    file = read_yaml(data, source)
    records: list[Record] = []
    for document in file.documents:
        if isinstance(document, YamlMapping) and document.get("title"):
            records.append(_record(document, source, len(records) + 1))
        elif document:
            file.problems.append(Problem(source, "a document without a title; left out", fatal=True))
    file.report_end(source, [document for document in file.documents if isinstance(document, YamlMapping)])
    if not records:
        raise SourceError(source, "no document of papis in it", hint="is it another format? name it with --from")
    problems = sorted(file.problems, key=lambda problem: problem.line)
    return Snapshot(source, "papis", tuple(records), (*problems, *repeated_ids(records)))


def read_document(data: bytes, source: str, folder: Path) -> Snapshot:
    """The document of one `info.yaml` of a library; without a title too, as papis allows that.

    The file must be what papis itself reads: one mapping, in UTF-8. `folder` is where its own files are, which get
    their whole paths.

    Raises:
        SourceError: it is not.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(source, "not in UTF-8, which papis needs", line=line, hint="save it in UTF-8") from None
    file = read_yaml(data, source)
    fault = next((problem for problem in file.problems if problem.fatal), None)
    if fault:
        reason = found[0] if (found := _IN_BRACKETS.search(fault.message)) else fault.message
        hint = "correct the file; papis cannot read it either"
        raise SourceError(source, f"not YAML: {reason}", line=fault.line, hint=hint)
    if len(file.documents) != 1 or not isinstance(file.documents[0], YamlMapping):
        hint = "a document of papis is one mapping of names to values"
        raise SourceError(source, "not one mapping", line=1, hint=hint)
    document = file.documents[0]
    notes = document.pop("notes", "")  # the name of a file, not a note
    files = [str(folder / name) for name in texts_of(document.pop("files", ""))]
    record = _record(document, source, 1)
    more = {"file": ";".join(files), "papis-notes": _text(notes)}
    fields = {**record.fields, **{name: value for name, value in more.items() if value}}
    return Snapshot(source, "papis", (replace(record, fields=fields),), tuple(file.problems))


def names_of(field: str) -> tuple[str, ...]:
    """The names in `info.yaml` that a field is read from, the one to write first."""
    if field in _PEOPLE.values():
        return (field, f"{field}_list")
    own = next((name for name, other in _FIELDS.items() if other == field and name != "notes"), field)
    return (own, field) if own != field else (field,)


def _record(document: YamlMapping, source: str, index: int) -> Record:
    draft = FieldBuilder("papis")
    for listed, field in _PEOPLE.items():
        people = document.get(listed)
        names = join_names(_names(people)) if isinstance(people, list) else ""
        draft.put(field, names or _text(document.get(field, "")), field)
    for name in ("year", "month", "pages"):
        text = _text(document.get(name, ""))
        if name == "month" and text:
            draft.put_date(f"{draft.fields.get('year', '')}-{text}" if text.isdecimal() else text, "month")
        else:
            draft.put(name, bibtex_pages(text) if name == "pages" else text, name)
    for name in ("keywords", "tags"):
        value = document.get(name, "")
        words = list(texts_of(value)) if isinstance(value, list) else split_keywords(_text(value))
        draft.put("keywords", join_keywords(words), name)
    draft.put("file", ";".join(texts_of(document.get("files", ""))), "files")
    for name, value in document.items():
        if name in _NOT_READ or name in _PEOPLE:
            continue
        if isinstance(value, str) and _FIELD.fullmatch(name) and not name.startswith("papis"):
            draft.put(_FIELDS.get(name, name), value, name)
        else:
            draft.keep(name.removeprefix("papis_"), texts_of(value))
    type_ = _text(document.get("type", "")).lower() or ("article" if document.get("journal") else "misc")
    key = _text(document.get("ref", "")) or f"#{index}"
    stated = not key.startswith("#")
    return Record(source, index, key, type=type_, fields=draft.build(), line=document.line, id_is_key=stated)


def _names(people: list[Any]) -> list[Name | str]:
    names: list[Name | str] = []
    for person in people:
        if isinstance(person, dict):
            family, given = _text(person.get("family", "")), _text(person.get("given", ""))
            names.append(Name(family or given, given if family else ""))
        else:
            names.append(_text(person))
    return names


def _text(value: Any) -> str:
    return ", ".join(texts_of(value))


FORMAT = Format(name="papis", suffixes=(".yaml", ".yml"), sniff=sniff, read=read)
