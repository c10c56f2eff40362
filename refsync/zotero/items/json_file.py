"""Zotero's items in a JSON file: a response of its Web API (`format=json`), or Better BibTeX's JSON export."""

import json
import re
from typing import Any, BinaryIO

from refsync.formats.common.json_stream import JsonObject
from refsync.formats.json.json_format import read_objects
from refsync.formats.registry import Format
from refsync.records import Record, Snapshot

_SNIFF = re.compile(rb'"itemType"\s*:\s*"[a-z]+[A-Za-z]*"')
_TEXTS = frozenset(
    "title date extra DOI ISBN ISSN url volume issue pages publisher place abstractNote language".split()
)
_NO_PAPERS = ("attachment", "note", "annotation")


def sniff(head: bytes) -> float:
    """JSON with an `itemType`."""
    start = head.lstrip()
    return 0.97 if start.startswith((b"[", b"{")) and _SNIFF.search(start) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The papers of the file, without attachments, notes and annotations.

    Raises:
        SourceError: the file is not JSON, or there is no paper in it.
    """
    return read_objects(data, source, "zoterojson", _is_paper, _record)


def _is_paper(item: JsonObject) -> bool:
    return isinstance(item.get("itemType"), str) and item["itemType"] not in _NO_PAPERS


def _record(item: JsonObject, source: str, index: int) -> Record:
    from refsync.zotero.items.mapping import to_record

    known = {
        name: fitting for name, value in item.items() if (fitting := _fitting(name, value)) not in (None, [], {}, "")
    }
    known["tags"] = _fitting("tags", item.get("tags"))
    if item.get("citekey") and "citationKey" not in known:  # Better BibTeX
        known["citationKey"] = item["citekey"]
    return to_record(known, source, index)


def _fitting(name: str, value: Any) -> Any:
    """The value of a property in the type that Zotero's items have; what cannot be one stays as its JSON text."""
    if name == "tags":
        tags = value if isinstance(value, list) else [value] if isinstance(value, str) else []
        named = [tag if isinstance(tag, dict) else {"tag": tag} for tag in tags]
        return [{**tag, "tag": str(tag["tag"])} for tag in named if tag.get("tag")]
    if name == "creators":
        people = value if isinstance(value, list) else [value]
        return [
            {"creatorType": "author", "name": person}
            if isinstance(person, str)
            else {"creatorType": "author"} | {part: str(text) for part, text in person.items() if text is not None}
            for person in people
            if person and isinstance(person, (str, dict))
        ]
    if name in ("relations", "collections") or value is None or isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False) if name in _TEXTS else value
    return str(value)


FORMAT = Format(name="zoterojson", suffixes=(".json",), sniff=sniff, read=read, read_stream=read)
