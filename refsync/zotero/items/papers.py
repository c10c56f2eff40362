"""The papers among a library's items, and their records."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.records import Record
from refsync.zotero.items.mapping import MappingSettings, to_record
from refsync.zotero.items.schema import NOT_PAPERS

Data = Mapping[str, Any]


def papers(items: Mapping[str, Data]) -> list[Data]:
    """The items that are papers: top-level, of a regular type, not in the trash."""
    return [
        item
        for item in items.values()
        if item["itemType"] not in NOT_PAPERS and not item.get("deleted") and not item.get("parentItem")
    ]


def library_records(library: str, items: Sequence[Data], settings: MappingSettings) -> list[Record]:
    """The record of each paper, numbered from 1; `library` is the source that they name (`zotero:user/1`)."""
    return [to_record(item, library, index, settings) for index, item in enumerate(items, 1)]
