"""Rules about citation keys: used twice, cited but missing, never cited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.check.findings import Finding
from refsync.records import REFERRING_FIELDS, Record, keys_in

if TYPE_CHECKING:
    from refsync.cites import Cites


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """An entry whose key an earlier entry of the file has: its index (from 0), the rule's code and the message."""

    index: int
    code: str
    message: str


def duplicate_keys(records: Sequence[Record]) -> Iterator[DuplicateKey]:
    """RS201 and RS202, for the entries of one file."""
    first: dict[str, Record] = {}
    for index, record in enumerate(records):
        earlier = first.setdefault(record.id.casefold(), record)
        if earlier is record or record.id.startswith("#"):
            continue
        if earlier.id == record.id:
            yield DuplicateKey(index, "RS201", f"is already the key of the entry in line {earlier.line}")
        else:
            yield DuplicateKey(index, "RS202", f"differs only in case from {earlier.id!r} in line {earlier.line}")


def cited_but_missing(cites: "Cites", records: Sequence[Record]) -> Iterator[Finding]:
    """RS204: one finding for each key that is cited but that no entry has, at its first citation."""
    keys = {key for record in records for key in citable_keys(record)}
    folded = {key.casefold(): key for key in keys}
    for key in sorted(cites.keys - keys):
        source, cite = next(cites.places(key))
        near = f"; there is {folded[key.casefold()]!r}" if key.casefold() in folded else ""
        more = f" (cited {cites.counts[key]} times)" if cites.counts[key] > 1 else ""
        message = f"is cited, but no entry has this key{near}{more}"
        yield Finding(code="RS204", source=source, line=cite.line, column=cite.column, key=key, message=message)


def never_cited(cites: "Cites", records: Sequence[Record]) -> Iterator[int]:
    """RS205: the indices (from 0) of entries that no document cites and no entry refers to."""
    if cites.everything:
        return
    referenced = {key.casefold() for key in cites.keys}
    for record in records:
        for name in REFERRING_FIELDS:
            referenced.update(key.casefold() for key in keys_in(record.fields.get(name, "")))
    for index, record in enumerate(records):
        if not record.id.startswith("#") and referenced.isdisjoint(key.casefold() for key in citable_keys(record)):
            yield index


def citable_keys(record: Record) -> list[str]:
    """The keys by which an entry can be cited: its own, and those in `ids`."""
    return [record.id, *keys_in(record.get("ids"))]
