"""Data of dblp: results of its search in JSON and XML, and its records in XML (https://dblp.org/faq)."""

import io
import re
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_values import join_names
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import arxiv_fields, make_record, styled_title
from refsync.formats.json.json_format import as_list, first_item, json_format, nested_value, read_objects
from refsync.formats.registry import Format
from refsync.formats.xml.elements import Element, child_texts, children, iter_elements, local_name, texts_by_name
from refsync.records import Problem, Record, Snapshot
from refsync.text.identifiers import doi

_RECORDS = tuple(str.split("article inproceedings proceedings book incollection phdthesis mastersthesis www data"))
_TYPES = {
    "Journal Articles": "article",
    "Conference and Workshop Papers": "inproceedings",
    "Informal and Other Publications": "misc",
    "Informal Publications": "misc",
    "Books and Theses": "book",
    "Parts in Books or Collections": "incollection",
    "Editorship": "proceedings",
    "Reference Works": "incollection",
    "Data and Artifacts": "dataset",
}
_HOMONYM = re.compile(r"\s\d{4}$")
_KNOWN = frozenset(
    "author editor title year month volume number pages journal booktitle publisher school series isbn ee url doi "
    "crossref note".split()
)
_HEAD = 4096
_XML_SIGNS = (b"<dblp", b"dblp.org/", b"dblp.uni-trier.de/")


def _is_hit(item: JsonObject) -> bool:
    return "key" in item and "title" in item and ("type" in item or "venue" in item)


def _record(item: JsonObject, source: str, index: int) -> Record:
    names = [
        one if isinstance(one, str) else nested_value(one, "text")
        for one in as_list(nested_value(item, "authors", "author"))
    ]
    return _hit_record(item, [name or "" for name in names], source, index)


def _hit_record(item: JsonObject, names: list[str], source: str, index: int, line: int = 0) -> Record:
    """The record of a hit of the search, with its authors given separately."""
    type_ = _TYPES.get(item.get("type") or "", "misc")
    venue, *series = as_list(item.get("venue")) or [""]
    corr = str(item.get("volume") or "") if venue == "CoRR" else ""
    links = as_list(item.get("ee"))
    values = {
        "title": styled_title(item.get("title")).removesuffix("."),
        "author": _names(names),
        "journal" if type_ in ("article", "misc") else "booktitle": venue,
        "series": first_item(series),
        **{name: item.get(name) for name in ("year", "volume", "number", "pages", "publisher")},
        "doi": item.get("doi") or next(filter(None, map(doi, map(str, links))), ""),
        "url": first_item(links) or item.get("url"),
        **arxiv_fields(corr.removeprefix("abs/"), *links),
    }
    return make_record(source, index, type_, values, f"DBLP:{item['key']}" if item.get("key") else "", line)


def _names(found: list[str]) -> str:
    return join_names(_HOMONYM.sub("", name) for name in found)


_JSON = json_format("dblp", (b"dblp.org/rec/", b'"@pid":'), _is_hit, _record)


def _from_xml(stream: BinaryIO, source: str) -> Snapshot:
    problems: list[Problem] = []
    records: list[Record] = []
    persons = 0
    for element in iter_elements(stream, source, ("info", *_RECORDS), problems):
        if element.get("key", "").startswith("homepages/"):
            persons += 1
            continue
        make = _hit if local_name(element) == "info" else _entry
        records.append(make(element, source, len(records) + 1))
    if not records:
        raise SourceError(source, "no record of dblp in it", hint="is it another format? name it with --from")
    if persons:
        problems.append(Problem(source, f"{persons:,} entries are persons, not papers, and were left out", kind="note"))
    return Snapshot(source, "dblp", tuple(records), tuple(problems))


def _hit(element: Element, source: str, index: int) -> Record:
    names = [name for authors in children(element, "authors") for name in child_texts(authors, "author")]
    found = texts_by_name(element)
    values: dict[str, Any] = {name: texts[0] for name, texts in found.items() if name not in ("authors", "venue", "ee")}
    values |= {"venue": found.get("venue", []), "ee": found.get("ee", [])}
    return _hit_record(values, names, source, index, element.sourceline or 0)


def _entry(element: Element, source: str, index: int) -> Record:
    """A record in dblp's own XML, with BibTeX's field names."""
    found = texts_by_name(element)

    def one(name: str) -> str:
        return found[name][0] if name in found else ""

    links = found.pop("ee", [])
    corr = one("volume") if one("journal") == "CoRR" else ""
    values: dict[str, Any] = {name: texts for name, texts in found.items() if name in _KNOWN}
    values |= {
        "author": _names(found.get("author", [])),
        "editor": _names(found.get("editor", [])),
        "title": one("title").removesuffix("."),
        "doi": next(filter(None, map(doi, links)), ""),
        "url": next(iter(links), one("url")),
        "crossref": f"DBLP:{one('crossref')}" if "crossref" in found else "",
        **arxiv_fields(corr.removeprefix("abs/"), *links),
    }
    type_ = {"www": "misc", "data": "dataset"}.get(local_name(element), local_name(element))
    key = element.get("key")
    return make_record(source, index, type_, values, f"DBLP:{key}" if key else "", element.sourceline or 0)


def _sniff(head: bytes) -> float:
    start = head.lstrip()
    if not start.startswith(b"<"):
        return _JSON.sniff(head)
    if b"<dblp" in start[:2000]:  # `<dblp>`, `<dblpperson>`
        return 0.95
    return 0.9 if b"<hits" in start and any(sign in start for sign in _XML_SIGNS) else 0.0


def _read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a file of dblp, in JSON or XML.

    Raises:
        SourceError: the file is neither, or has no record.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    start = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    stream.seek(0)
    if start.startswith(b"<"):
        return _from_xml(stream, source)
    return read_objects(stream, source, "dblp", _is_hit, _record)


FORMAT = Format(name="dblp", suffixes=(".json", ".xml"), sniff=_sniff, read=_read, read_stream=_read)
