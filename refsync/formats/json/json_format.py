"""JSON files whose records are objects, and access to lists and values that may be missing."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.json_misfits import FAULTS, Budget, field_name, fitting_record
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
    """The records of a JSON file in which each is an object, read one by one.

    A member of another type than expected is reported and kept as text under its name; an object without the expected
    structure is lost, which is reported as fatal, and the others are read.

    Raises:
        SourceError: the file is not JSON, or has no such object.
    """
    reader = JsonObjectReader(data, source, wanted)
    records: list[Record] = []
    lost: list[Problem] = []
    misread: list[Problem] = []
    budget = Budget()
    for line, item in reader:
        index = len(records) + 1
        try:
            records.append(replace(to_record(item, source, index), line=line))
            continue
        except FAULTS as error:
            fault = error
        number = len(records) + len(lost) + 1
        found = fitting_record(item, lambda part, at=index: to_record(part, source, at), budget)  # type: ignore[misc]
        if found is None:
            message = f"record {number} does not have the structure of {name}, and is not read ({fault!r:.100})"
            lost.append(Problem(source, message, line, fatal=True))
            continue
        record, misfits = found
        message = (
            f"in record {number}, {', '.join(f'`{one}`' for one in misfits)} {'does' if len(misfits) == 1 else 'do'}"
        )
        misread.append(Problem(source, f"{message} not have the structure of {name}; kept as text", line))
        fields = dict(record.fields)
        for path, value in misfits.items():
            fields.setdefault(f"{name}-{field_name(path)}", value)
        records.append(replace(record, fields=fields, line=line))
    problems = sorted((*reader.problems, *lost, *misread), key=lambda problem: problem.line)
    if not records:
        message = reader.message or next((problem.message for problem in problems), "")
        raise SourceError(
            source,
            f"no record of {name} in it{'; it says: ' * bool(reader.message) or '; ' * bool(message)}{message:.200}",
            line=next((problem.line for problem in problems), 0),
            hint="is it another format? name it with --from",
        )
    return Snapshot(source, name, tuple(records), tuple(problems))


def as_list(value: Any) -> list[Any]:
    """The value as a list: services may write one item without a list, or null for none."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def first_item(value: Any) -> Any:
    """The first item of a list, or the value itself; None if there is none."""
    return next(iter(as_list(value)), None)


def nested_value(value: Any, *names: str) -> Any:
    """The value at a path of names in nested objects; None if a name is missing.

    >>> nested_value({"source": {"name": "Moss"}}, "source", "name"), nested_value({"source": None}, "source", "name")
    ('Moss', None)
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


_STARTS = re.compile(rb"\{|\[\s*(?:[\[{\"\]]|\Z)")  # text may begin with `[1] ` or `[Kelp](https://...)`


def json_start(head: bytes) -> bytes:
    """The first bytes of a JSON file, in UTF-8; empty if it is not JSON."""
    start = head.lstrip()
    return start if _STARTS.match(start) else b""


def json_format(
    name: str,
    signs: tuple[bytes, ...],
    wanted: Callable[[JsonObject], bool],
    to_record: Callable[[JsonObject, str, int], Record],
    certainty: float = 0.9,
) -> Format:
    """A format of JSON files in which each record is an object.

    Args:
        name: the format's name.
        signs: byte strings, without a space after the colon, one of which is in the first bytes of each file.
        wanted: whether an object is a record.
        to_record: the record of an object, given the name of its source and its index.
        certainty: how certain a sign is; more than usual if other formats have the same names.
    """

    def sniff(head: bytes) -> float:
        dense = json_start(head).replace(b'": ', b'":')
        return certainty if any(sign in dense for sign in signs) else 0.0

    def read(data: bytes | BinaryIO, source: str) -> Snapshot:
        return read_objects(data, source, name, wanted, to_record)

    return Format(name=name, suffixes=(".json", ".jsonl"), sniff=sniff, read=read, read_stream=read)
