"""Zotero's items in a JSON file: a response of its Web API (`format=json`), or Better BibTeX's JSON export."""

import re
from typing import Any, BinaryIO

from refsync.formats.common.json_format import read_objects
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.registry import Format
from refsync.records import Record, Snapshot

_SNIFF = re.compile(rb'"itemType"\s*:\s*"[a-z]+[A-Za-z]*"')
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

    known: dict[str, Any] = {name: value for name, value in item.items() if value not in (None, [], {})}
    known["tags"] = [tag if isinstance(tag, dict) else {"tag": str(tag)} for tag in item.get("tags") or ()]
    if item.get("citekey") and "citationKey" not in known:  # Better BibTeX
        known["citationKey"] = item["citekey"]
    return to_record(known, source, index)


FORMAT = Format(name="zoterojson", suffixes=(".json",), sniff=sniff, read=read, read_stream=read)
