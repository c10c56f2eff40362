"""The entries of a text as records, for citation keys and for sorting."""

from collections.abc import Mapping, Sequence

from refsync.formats.bibtex.scan import Block
from refsync.formatting.values import decoded
from refsync.records import Record
from refsync.text.months import MONTHS
from refsync.text.whitespace import collapse_whitespace


def macros_of(text: str, blocks: Sequence[Block]) -> dict[str, str]:
    """The macros that a file defines, by their names in lower case, with their values."""
    macros: dict[str, str] = {}
    known: dict[str, str] = dict(MONTHS)
    for block in blocks:
        if block.kind == "string":
            for field in block.fields:
                macros[field.name.lower()] = known[field.name.lower()] = decoded(text, field, known)
    return macros


def records_of(text: str, blocks: Sequence[Block], macros: Mapping[str, str], source: str = "") -> list[Record]:
    """The entries as records; the first of two fields with one name counts."""
    known = {**MONTHS, **macros}
    records: list[Record] = []
    for block in blocks:
        if block.kind != "entry":
            continue
        fields: dict[str, str] = {}
        for field in block.fields:
            name = field.name.lower()
            if name not in fields:
                fields[name] = collapse_whitespace(decoded(text, field, known))
        index = len(records) + 1
        key = block.key or f"#{index}"
        records.append(Record(source, index, key, type=block.type.lower(), fields=fields, markup="latex"))
    return records
