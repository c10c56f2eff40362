"""Rules about names: types and fields that no program knows and that are near a known one."""

from collections.abc import Collection, Iterator
from functools import lru_cache

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.known_names import ENTRY_TYPES, FIELDS, MEANT_FIELDS, MEANT_TYPES

_SAME = {"journal": ("journaltitle",), "year": ("date",), "institution": ("school",), "address": ("location",)}
"""Fields that an entry can have instead of the one that a misspelt name is meant for."""


def misspelt_type(entry: Entry) -> Iterator[EntryFinding]:
    """RS603: a type that no program knows, near one that all know."""
    kind = entry.record.type
    if kind not in ENTRY_TYPES and (meant := _nearest(kind, MEANT_TYPES)):
        message = f"is of the unknown type `@{kind}`; did you mean `@{meant}`?"
        yield EntryFinding("RS603", entry.block.start, message, kind)


def misspelt_fields(entry: Entry) -> Iterator[EntryFinding]:
    """RS604: a field that no program knows, near one that the entry lacks."""
    present = entry.record.fields
    if FIELDS.issuperset(present):
        return
    for field in entry.block.fields:
        name = field.name.lower()
        if name in FIELDS or not present.get(name) or not name.isalpha():
            continue
        meant = _nearest(name, MEANT_FIELDS)
        if name[1:] == meant:
            continue  # `xurl`: a letter before the name disables a field
        if meant and not any(present.get(other) for other in (meant, *_SAME.get(meant, ()))):
            message = f"has the unknown field `{name}` and no `{meant}`; did you mean that?"
            yield EntryFinding("RS604", field.name_start, message, name)


@lru_cache(maxsize=4096)
def _nearest_among(name: str, known: frozenset[str]) -> str:
    from rapidfuzz.distance import OSA

    def allowed(other: str) -> int:
        return 2 if len(name) >= 9 and other[0] == name[0] else 1  # the first letter is seldom wrong

    near = [(OSA.distance(name, other), other) for other in sorted(known) if abs(len(other) - len(name)) < 3]
    return min(((distance, other) for distance, other in near if distance <= allowed(other)), default=(0, ""))[1]


def _nearest(name: str, known: Collection[str]) -> str:
    """The known name that a misspelt one is near; empty where there is none, or the name is too short to tell."""
    return _nearest_among(name, frozenset(known)) if 3 <= len(name) <= 30 else ""
