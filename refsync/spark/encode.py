"""Records and profiles as bytes for Spark's columns, and back: JSON, which executes nothing when it is read.

Bytes, because text of Spark must be valid UTF-8, and a record may hold lone surrogates.
"""

import json
from collections.abc import Iterable
from typing import Any

from refsync.dedup.profile import Profile
from refsync.records import Record
from refsync.text.names import Authors
from refsync.text.pages import Pages

_AUTHORS, _PAGES = Profile._fields.index("authors"), Profile._fields.index("pages")


def text_bytes(text: str) -> bytes:
    """A text, which may hold lone surrogates, as bytes whose order is that of the texts."""
    return text.encode("utf-8", "surrogatepass")


def bytes_text(data: bytes) -> str:
    """The text of these bytes."""
    return data.decode("utf-8", "surrogatepass")


def record_bytes(record: Record) -> bytes:
    """A record as bytes."""
    head = (record.source, record.index, record.id, record.type, record.markup, record.line, record.id_is_key)
    return _dumped((*head, dict(record.fields)))


def bytes_record(data: bytes) -> Record:
    """The record of these bytes."""
    source, index, key, kind, markup, line, is_key, values = _loaded(data)
    return Record(
        source=source, index=index, id=key, type=kind, fields=values, markup=markup, line=line, id_is_key=is_key
    )


def profile_bytes(normal: Profile) -> bytes:
    """A profile as bytes."""
    return _dumped(normal)


def bytes_profile(data: bytes) -> Profile:
    """The profile of these bytes."""
    values = _loaded(data)
    values[_AUTHORS] = Authors(*_with_tuples(values[_AUTHORS]))
    values[_PAGES] = Pages(*values[_PAGES])
    return Profile(*_with_tuples(values))


def _with_tuples(values: Iterable[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in values]


def _dumped(values: Any) -> bytes:
    return text_bytes(json.dumps(values, ensure_ascii=False, check_circular=False, separators=(",", ":")))


def _loaded(data: bytes) -> Any:
    return json.loads(bytes_text(data))
