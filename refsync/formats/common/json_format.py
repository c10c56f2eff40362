"""JSON files of records, and what services do with lists and missing values."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.json_stream import JsonObject, JsonObjectReader
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot


def read_objects(
    data: bytes | BinaryIO,
    source: str,
    name: str,
    wanted: Callable[[JsonObject], bool],
    to_record: Callable[[JsonObject, str, int], Record],
) -> Snapshot:
    """The records of a JSON file of which each is an object, read one by one.

    An object that is not built as expected is a problem and the others are read.

    Raises:
        SourceError: the file is not JSON, or no such object is in it.
    """
    found = JsonObjectReader(data, source, wanted)
    records: list[Record] = []
    odd: list[Problem] = []
    for line, item in found:
        try:
            records.append(replace(to_record(item, source, len(records) + 1), line=line))
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            number = len(records) + len(odd) + 1
            message = f"record {number} is not built as {name} builds them ({error!r:.100})"
            odd.append(Problem(source, message, line))
    problems = sorted((*found.problems, *odd), key=lambda problem: problem.line)
    if not records:
        said = found.said or next((problem.message for problem in problems), "")
        raise SourceError(
            source,
            f"no record of {name} in it{'; it says: ' * bool(found.said) or '; ' * bool(said)}{said:.200}",
            line=next((problem.line for problem in problems), 0),
            hint="is it another format? name it with --from",
        )
    return Snapshot(source, name, tuple(records), tuple(problems))


def as_list(value: Any) -> list[Any]:
    """A list, whatever stands where one is expected: services leave the list out around one thing, or give null."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def first_item(value: Any) -> Any:
    """The first of a list, or the thing itself."""
    return next(iter(as_list(value)), None)


def nested_value(value: Any, *names: str) -> Any:
    """What stands under these names, one within the other; None where a step is missing.

    >>> nested_value({"source": {"name": "Moss"}}, "source", "name"), nested_value({"source": None}, "source", "name")
    ('Moss', None)
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def json_start(head: bytes) -> bytes:
    """The first bytes of a JSON file, in UTF-8; none where it is no JSON."""
    start = head.lstrip()
    return start if start.startswith((b"{", b"[")) else b""


def json_format(
    name: str,
    signs: tuple[bytes, ...],
    wanted: Callable[[JsonObject], bool],
    to_record: Callable[[JsonObject, str, int], Record],
) -> Format:
    """A format of JSON files with such objects; its first bytes hold one of the signs, with or without spaces."""

    def sniff(head: bytes) -> float:
        dense = json_start(head).replace(b'": ', b'":')
        return 0.9 if any(sign in dense for sign in signs) else 0.0

    def read(data: bytes | BinaryIO, source: str) -> Snapshot:
        return read_objects(data, source, name, wanted, to_record)

    return Format(name=name, suffixes=(".json", ".jsonl"), sniff=sniff, read=read, read_stream=read)
