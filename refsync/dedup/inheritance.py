"""What an entry inherits from others: `crossref` and `xdata` (the biblatex manual, appendix B and section 3.13.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from refsync.records import Record, keys_in

_RENAMED = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_OWN = frozenset(
    {"ids", "crossref", "xref", "xdata", "entryset", "related", "relatedtype", "doi", "url", "urldate", "pages",
     "pagetotal", "abstract", "keywords", "note", "file", "groups", "label", "shorthand", "options", "pmid", "eprint"}
)  # fmt: skip
"""Fields that stay with the parent."""

_PERIODICALS = {"periodical", "mvperiodical"}
_DEPTH = 3  # parents of parents


def with_inherited(records: Sequence[Record]) -> Sequence[Record]:
    """The same records with the values that they inherit from entries of their own source; keys ignore case."""
    if not any("crossref" in record.fields or "xdata" in record.fields for record in records):
        return records
    by_key: dict[tuple[str, str], Record] = {}
    for record in records:
        by_key.setdefault((record.source, record.id.casefold()), record)
    return [_inherited(record, by_key, _DEPTH) for record in records]


def _inherited(record: Record, by_key: Mapping[tuple[str, str], Record], depth: int) -> Record:
    if not depth or not ("crossref" in record.fields or "xdata" in record.fields):
        return record
    fields = dict(record.fields)
    for key in keys_in(record.fields.get("xdata", "")):
        parent = by_key.get((record.source, key.casefold()))
        if parent and parent is not record:
            for name, value in _inherited(parent, by_key, depth - 1).fields.items():
                fields.setdefault(name, value)
    parent = by_key.get((record.source, record.fields.get("crossref", "").strip().casefold()))
    if parent and parent is not record:
        above = _inherited(parent, by_key, depth - 1)
        for name, value in above.fields.items():
            if name in _OWN:
                continue
            target = _RENAMED.get(name, name)
            if name == "title" and above.type in _PERIODICALS:
                target = "journal"
            if target == "author" and above.type not in {"book", "mvbook"}:
                continue
            fields.setdefault(target, value)
        if "booktitle" in above.fields:
            fields["booktitle"] = record.fields.get("booktitle", above.fields["booktitle"])
    return replace(record, fields=fields)
