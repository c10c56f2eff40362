"""JSON Lines: one complete record per line, so that other programs can read it and nothing is lost.

{"id": "moss20", "type": "article", "markup": "latex", "fields": {"title": "..."}}
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.json_stream import replace_lone_surrogates
from refsync.formats.common.line_reader import LineReader
from refsync.formats.common.pieces import WHOLE, Pieces, Place, next_line
from refsync.formats.registry import Format
from refsync.records import Markup, Problem, Record, Snapshot, repeated_ids

_SNIFF = re.compile(rb'\s*\{[^\r\n]{0,400}?"fields"\s*:\s*\{')


def sniff(head: bytes) -> float:
    """High if the first line is an object with `fields`."""
    return 0.96 if _SNIFF.match(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The records of a file; other members of its objects are left out and reported.

    Raises:
        SourceError: the file is empty or binary, or no record is in it.
    """
    return _read_piece(data, source, WHOLE)[0]


def _read_piece(data: bytes | BinaryIO, source: str, place: Place) -> tuple[Snapshot, Place]:
    lines = LineReader(data, source, place.lines)
    records: list[Record] = []
    problems: list[Problem] = []
    for number, line in lines:
        if not line.strip():
            continue
        try:
            item = json.loads(replace_lone_surrogates(line), object_pairs_hook=_unique_names)
            records.append(_record(item, source, place.records + len(records) + 1, number))
        except (ValueError, RecursionError, TypeError, AttributeError, KeyError) as error:
            cut_off = not lines.ended
            problems.append(Problem(source, f"this line is not a JSON record: {error!s:.200}", number, fatal=cut_off))
            continue
        if others := sorted(item.keys() - {"id", "type", "markup", "fields", "id-is-key"}):
            problems.append(Problem(source, f"left out of this record: {', '.join(others)[:200]}", number))
    if not records:
        raise SourceError(
            source, "no record in JSON LineReader in it", hint="is it another format? name it with --from"
        )
    found_problems = sorted((*lines.problems, *problems), key=lambda problem: problem.line)
    snapshot = Snapshot(source, "jsonl", tuple(records), (*found_problems, *repeated_ids(records)))
    return snapshot, replace(place, lines=lines.number, records=place.records + len(records))


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; JSON allows a name twice, but Python would drop the first value."""
    if len(item := dict(pairs)) < len(pairs):
        raise ValueError("a name is given twice in one object")
    return item


def _record(item: Any, source: str, index: int, line: int) -> Record:
    fields = {
        str(name): value if isinstance(value, str) else json.dumps(value) for name, value in item["fields"].items()
    }
    markup: Markup = "latex" if item.get("markup") == "latex" else "text"
    key = str(item.get("id") or f"#{index}")
    type_ = str(item.get("type") or "misc")
    stated = item.get("id-is-key") is True
    return Record(source, index, key, type=type_, fields=fields, markup=markup, line=line, id_is_key=stated)


def write(records: Sequence[Record]) -> bytes:
    """A file of these records, each in one line; values are unchanged, including LaTeX."""
    return "".join(
        json.dumps(_item(record), ensure_ascii=False).encode("utf-8", "replace").decode() + "\n" for record in records
    ).encode()


def _item(record: Record) -> dict[str, Any]:
    item = {"id": record.id, "type": record.type, "markup": record.markup, "fields": dict(record.fields)}
    return item | {"id-is-key": True} if record.id_is_key else item


FORMAT = Format(
    name="jsonl",
    suffixes=(".jsonl", ".ndjson"),
    sniff=sniff,
    read=read,
    write=write,
    read_stream=read,
    pieces=Pieces(next_line, _read_piece),
)
