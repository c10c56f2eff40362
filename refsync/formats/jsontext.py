"""JSON files of records, whatever is wrapped around these; where a file is cut off, what is whole in it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from refsync.errors import SourceError
from refsync.formats.decode import decode_file
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot

Object = dict[str, Any]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL)
_MAX_DEPTH = 60  # results of services are less than ten deep


def whole_pairs(text: str) -> str:
    r"""JSON in which half a surrogate pair (`\ud800` alone), which no text can hold, is the replacement character."""
    if "\\ud" not in text.lower():
        return text
    return _ESCAPE.sub(lambda found: r"\ufffd" if found["half"] else found[0], text)


def load_json(data: bytes, source: str) -> tuple[Any, list[Problem]]:
    """The value that a JSON file holds (a list of them for JSON Lines), and what is wrong with it.

    Raises:
        SourceError: it is not JSON.
    """
    decoded = decode_file(data, source)
    text, problems = whole_pairs(decoded.text), list(decoded.problems)
    if text.lstrip().startswith("<"):
        raise SourceError(
            source,
            "not JSON, but a web page or XML",
            line=1,
            hint="was it an error page? look at it and fetch it again",
        )
    try:
        return json.loads(text), problems
    except RecursionError:
        raise SourceError(source, "JSON that is nested too deeply", hint="this is no list of references") from None
    except json.JSONDecodeError as error:
        wrong = error
    if wrong.msg == "Extra data" and (lines := _json_lines(text, source, problems)):
        return lines, problems
    mended, line = _whole_part(text) if wrong.pos >= len(text.rstrip()) - 1 or "Unterminated" in wrong.msg else ("", 0)
    if not mended:
        raise SourceError(
            source, f"not JSON: {wrong.msg}, column {wrong.colno}", line=wrong.lineno, hint="was it saved whole?"
        )
    message = "the file ends inside a record; read is what came before that: fetch it again"
    problems.append(Problem(source, message, line, fatal=True))
    return json.loads(mended), problems


def _json_lines(text: str, source: str, problems: list[Problem]) -> list[Any]:
    values = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            if not values:
                return []
            fatal = not text[text.find(line) :].removeprefix(line).strip()  # the last one: cut off
            problems.append(Problem(source, f"this line is not JSON: {error}", number, fatal=fatal))
    return values


def _whole_part(text: str) -> tuple[str, int]:
    """A file that is cut off, up to its last whole record, with what was opened closed again; the line of the cut.

    A record is an object right in the outermost list that was open at the end.
    """
    opened: list[str] = []
    ends: list[int] = []  # for each open bracket, where its last whole object ended
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            opened.append(sign)
            ends.append(0)
        elif sign in "]}":
            if not opened:
                return "", 0
            opened.pop()
            ends.pop()
            if ends and sign == "}":
                ends[-1] = token.end()
    depth = next((i for i, sign in enumerate(opened) if sign == "[" and ends[i]), -1)
    if depth < 0:
        return "", 0
    closing = "".join("]" if sign == "[" else "}" for sign in reversed(opened[: depth + 1]))
    return text[: ends[depth]] + closing, text.count("\n", 0, ends[depth]) + 1


def objects(value: Any, wanted: Callable[[Object], bool], depth: int = 0) -> Iterator[Object]:
    """The outermost objects that are wanted, in order."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        if wanted(value):
            yield value
            return
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from objects(inner, wanted, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, (dict, list)):
                yield from objects(inner, wanted, depth + 1)


def read_objects(
    data: bytes,
    source: str,
    name: str,
    wanted: Callable[[Object], bool],
    to_record: Callable[[Object, str, int], Record],
) -> Snapshot:
    """The records of a JSON file of which each is an object.

    An object that is not built as expected is a problem and the others are read.

    Raises:
        SourceError: the file is not JSON, or no such object is in it.
    """
    value, problems = load_json(data, source)
    records: list[Record] = []
    for number, item in enumerate(objects(value, wanted), 1):
        try:
            records.append(to_record(item, source, len(records) + 1))
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            problems.append(Problem(source, f"record {number} is not built as {name} builds them ({error!r:.100})"))
    if not records:
        said = value.get("message") or value.get("error") if isinstance(value, dict) else ""
        said = f"; it says: {said:.200}" if isinstance(said, str) and said else ""
        raise SourceError(source, f"no record of {name} in it{said}", hint="is it another format? name it with --from")
    return Snapshot(source, name, tuple(records), tuple(problems))


def listed(value: Any) -> list[Any]:
    """A list, whatever stands where one is expected: services leave the list out around one thing, or give null."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def first(value: Any) -> Any:
    """The first of a list, or the thing itself."""
    return next(iter(listed(value)), None)


def part(value: Any, *names: str) -> Any:
    """What stands under these names, one within the other; None where a step is missing.

    >>> part({"source": {"name": "Moss"}}, "source", "name"), part({"source": None}, "source", "name")
    ('Moss', None)
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def json_start(head: bytes) -> bytes:
    """The first bytes of a JSON file, in UTF-8; none where it is no JSON."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start if start.startswith((b"{", b"[")) else b""


def json_format(
    name: str,
    signs: tuple[bytes, ...],
    wanted: Callable[[Object], bool],
    to_record: Callable[[Object, str, int], Record],
) -> Format:
    """A format of JSON files with such objects; its first bytes hold one of the signs, with or without spaces."""

    def sniff(head: bytes) -> float:
        dense = json_start(head).replace(b'": ', b'":')
        return 0.9 if any(sign in dense for sign in signs) else 0.0

    def read(data: bytes, source: str) -> Snapshot:
        return read_objects(data, source, name, wanted, to_record)

    return Format(name=name, suffixes=(".json", ".jsonl"), sniff=sniff, read=read)
