"""Rules about citation keys: used twice, aliases of other entries, cited but missing, never cited."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from refsync.check.findings import Finding
from refsync.records import REFERRING_FIELDS, Record, keys_in

if TYPE_CHECKING:
    from refsync.cites import Cites

_VARIANT = re.compile(r"[a-z]?|-\d+")

Together = Callable[[str, str], bool]
"""Whether two sources are compiled together."""


@dataclass(frozen=True, slots=True)
class KeyConflict:
    """An entry whose key or alias another entry has: its index (from 0), the rule's code, the message, the other one.

    `alias` is the alias in question; empty for the key.
    """

    index: int
    code: str
    message: str
    other: Record
    alias: str = ""


def duplicate_keys(records: Sequence[Record], together: Together, known: int = 0) -> Iterator[KeyConflict]:
    """RS201, RS202 and RS206, within a file and across the files that are compiled together.

    Args:
        records: the records of all files, in order.
        together: which sources are compiled together.
        known: how many of the first records are in files that are not reported on.
    """
    owners: dict[str, list[Record]] = {}  # the first entry with a key in each file
    for index, record in enumerate(records):
        if record.id.startswith("#"):
            continue
        earlier = owners.setdefault(record.id.casefold(), [])
        if not earlier:
            earlier.append(record)
            continue
        other = next((item for item in reversed(earlier) if together(item.source, record.source)), None)
        if not any(item.source == record.source for item in earlier):
            earlier.append(record)
        if other is None or index < known:
            continue
        if other.id == record.id:
            message = f"is already the key of the entry in {_place(other, record)}"
            yield KeyConflict(index, "RS201", message, other)
        else:
            message = f"differs only in case from {other.id!r} in {_place(other, record)}"
            yield KeyConflict(index, "RS202", message, other)
    yield from _aliases(records, owners, together, known)


def _aliases(
    records: Sequence[Record], owners: dict[str, list[Record]], together: Together, known: int
) -> Iterator[KeyConflict]:
    """RS206: an alias that is the key of another entry, or an alias of an earlier one."""
    aliases: dict[str, list[Record]] = {}
    for index, record in enumerate(records):
        for alias in dict.fromkeys(keys_in(record.fields["ids"])) if "ids" in record.fields else ():
            if alias.casefold() == record.id.casefold():
                continue
            owner = next(
                (
                    item
                    for item in (*owners.get(alias.casefold(), ()), *aliases.get(alias.casefold(), ()))
                    if item is not record and together(item.source, record.source)
                ),
                None,
            )
            aliases.setdefault(alias.casefold(), []).append(record)
            if owner and index >= known:
                how = "the key" if owner.id.casefold() == alias.casefold() else "an alias"
                message = f"has the alias {alias!r} in `ids`, which is {how} of the entry in {_place(owner, record)}"
                yield KeyConflict(index=index, code="RS206", message=message, other=owner, alias=alias)


def _place(record: Record, seen_from: Record) -> str:
    return f"line {record.line}" if record.source == seen_from.source else f"{record.source}:{record.line}"


def cited_but_missing(cites: "Cites", records: Sequence[Record]) -> Iterator[Finding]:
    """RS204: one finding for each key that is cited but that no entry has, at its first citation."""
    keys = {key for record in records for key in citable_keys(record)}
    folded = {key.casefold(): key for key in keys}
    places = cites.first_places()
    for key in sorted((cites.keys - keys) & places.keys()):
        source, cite = places[key]
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


def follows(key: str, expected: str) -> bool:
    """Whether a key is the expected one, or that with a letter or number that makes it unique."""
    return key.startswith(expected) and _VARIANT.fullmatch(key, len(expected)) is not None


def citable_keys(record: Record) -> list[str]:
    """The keys by which an entry can be cited: its own, and those in `ids`."""
    return [record.id, *keys_in(record.get("ids"))]
