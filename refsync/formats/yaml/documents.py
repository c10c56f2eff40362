"""YAML files as values in which every scalar is text: a year is not a number, and `no` is not `False`.

PyYAML's events are read, not its objects: no tag makes anything, and what comes before a fault is kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

from refsync.errors import SourceError
from refsync.formats.common.line_reader import LineReader
from refsync.records import Problem

_MAX_DEPTH = 60
_MAX_EXPANSION = 1 << 20
"""By how many characters aliases may lengthen a file in addition to ten times its length."""

_MAX_FAULTS = 100
_NOT_YAML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_FRONT = re.compile(rb"(?:\s*(?:%YAML[^\n]*|#[^\n]*|---[ \t]*))*\s*")


class YamlMapping(dict[str, Any]):
    """A mapping with the line where it starts; its values are texts, lists and mappings."""

    line: int = 0


@dataclass(slots=True)
class YamlFile:
    """The documents of a file and the faults in it; `ended`: whether the last line has a line end.

    After a fault, reading continues with the next item: the rest of the file is then another document.
    """

    documents: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ended: bool = True

    def report_end(self, source: str, items: Sequence[YamlMapping]) -> None:
        """Report a file that ends within a line: it may be cut off, and is if no other item ends with the same name."""
        if self.ended or not items:
            return
        usual = {next(reversed(item), "") for item in items[:-1]}
        cut = bool(usual) and next(reversed(items[-1]), "") not in usual
        message = "the file ends within a line; if it was cut off, this item is incomplete"
        message = "the file ends within this item, as no other does; it looks cut off" if cut else message
        kind: Literal["damage", "note"] = "damage" if cut else "note"
        self.problems.append(Problem(source, message, items[-1].line, fatal=cut, kind=kind))

    def values_of(self, name: str) -> Iterator[Any]:
        """The values of a name of the outermost mappings, also where it is given twice; and lists without a name."""
        for document in self.documents:
            if isinstance(document, YamlMapping):
                yield from (value for key, value in document.items() if re.fullmatch(rf"{name}(?:-\d+)?", key))
            else:
                yield document


@dataclass(slots=True)
class _Open:
    """A list or mapping that has not ended."""

    value: list[Any] | YamlMapping
    column: int
    anchor: str | None
    size: int = 0
    key: str | None = None
    in_key: bool = False


def yaml_start(head: bytes) -> bytes:
    """The first bytes of a YAML file after comments and its first `---`."""
    found = _FRONT.match(head)
    return head[found.end() :] if found else head


def read_yaml(data: bytes | BinaryIO, source: str) -> YamlFile:
    """The documents of a file, with every scalar as text and with aliases resolved.

    A key that is given twice is kept as `KEY-2`, and reported.

    Raises:
        SourceError: the file is empty or binary, or nothing in it is YAML.
    """
    lines = LineReader(data, source)
    text = "".join(lines.pieces())
    found = YamlFile(problems=lines.problems, ended=text.endswith("\n"))
    if bad := _NOT_YAML.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        message = f"characters that YAML does not allow ({bad[0]!r}) are left out from here on"
        found.problems.append(Problem(source, message, line))
        text = _NOT_YAML.sub("", text)
    offset = 0  # lines before the part that is read
    limit = 10 * len(text) + _MAX_EXPANSION
    for _ in range(_MAX_FAULTS):
        reader = _Reader(source, offset, limit)
        fault, line = reader.read(text)
        found.documents += reader.documents
        found.problems += reader.problems
        if not fault:
            return found
        rest = reader.next_item(text, line)
        if rest < 0:
            message = f"not YAML from here on ({fault}); only what came before was read"
            found.problems.append(Problem(source, message, offset + line, fatal=True))
            break
        message = f"this item is not YAML ({fault}); it was read up to here, and reading goes on with the next one"
        found.problems.append(Problem(source, message, offset + line, fatal=True))
        offset += text.count("\n", 0, rest)
        text = text[rest:]
    else:
        message = "too much here is not YAML; the rest was not read"
        found.problems.append(Problem(source, message, offset + 1, fatal=True))
    if not any(found.documents):
        first = next(problem for problem in found.problems if problem.fatal)
        raise SourceError(source, first.message, line=first.line, hint="check that it was saved completely")
    return found


class _FaultError(Exception):
    """What is wrong with the YAML, and in which line."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class _Reader:
    """Builds the documents of a text from PyYAML's events; lists and mappings are filled while they are open."""

    def __init__(self, source: str, offset: int, limit: int) -> None:
        self.documents: list[Any] = []
        self.problems: list[Problem] = []
        self._source = source
        self._offset = offset
        self._limit = limit
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._item_column = 0
        self._in_list = False

    def read(self, text: str) -> tuple[str, int]:
        """Read the documents; the fault at which it ended, if any, and its line in this text."""
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        line = 0
        event: Any
        try:
            for event in yaml.parse(text, Loader=loader):
                line = event.start_mark.line + 1
                self._take(event, line)
        except yaml.MarkedYAMLError as error:
            mark: Any = error.problem_mark or error.context_mark
            reason = " ".join(str(error.problem or error.context).split())
            return reason, line if mark is None else mark.line + 1
        except yaml.YAMLError as error:
            return " ".join(str(error).split())[:100], line or 1
        except _FaultError as fault:
            return str(fault), fault.line
        return "", 0

    def next_item(self, text: str, line: int) -> int:
        """Where the next item after a line begins: an item of the list, or a name of the mapping; -1 if nowhere."""
        start = 0
        for _ in range(line):
            start = text.find("\n", start) + 1
            if not start:
                return -1
        sign = rf"(?m)^ {{{self._item_column}}}-[ \n]" if self._in_list else r"(?m)^[^\s#&*{}\[\],'|>%@`-][^\n]*:[ \n]"
        found = re.compile(sign).search(text, start)
        return found.start() if found else -1

    def _take(self, event: Any, line: int) -> None:
        name = type(event).__name__
        if name in ("SequenceStartEvent", "MappingStartEvent"):
            if len(self._open) >= _MAX_DEPTH:
                raise _FaultError("nested too deeply", line)
            value: list[Any] | YamlMapping = [] if name == "SequenceStartEvent" else YamlMapping()
            if isinstance(value, YamlMapping):
                value.line = self._offset + line
            elif len(self._open) < 2 and not event.flow_style:
                self._item_column, self._in_list = event.start_mark.column, True
            is_key = self._add(value, line)
            self._open.append(_Open(value, event.start_mark.column, event.anchor, in_key=is_key))
        elif name in ("SequenceEndEvent", "MappingEndEvent"):
            closed = self._open.pop()
            if isinstance(closed.value, YamlMapping):
                _merge(closed.value)
            if closed.anchor:
                self._anchors[closed.anchor] = closed.value, closed.size
            self._grow(closed.size, line)
        elif name == "ScalarEvent":
            text = "" if event.implicit[0] and event.value in _NULLS else event.value
            self._add(text, line)
            if event.anchor:
                self._anchors[event.anchor] = text, len(text) + 1
            self._grow(len(text) + 1, line)
        elif name == "AliasEvent":
            if event.anchor not in self._anchors:
                raise _FaultError(f"*{event.anchor} is not defined before it", line)
            value, size = self._anchors[event.anchor]
            self._add(value, line)
            self._grow(size + 1, line)
        elif name == "DocumentStartEvent":
            self._anchors.clear()

    def _grow(self, size: int, line: int) -> None:
        if self._open:
            self._open[-1].size += size
            if self._open[-1].size > self._limit:
                raise _FaultError("aliases that make the file more than ten times as long", line)

    def _add(self, value: Any, line: int) -> bool:
        """Add a value to what is open; whether it is the name of another value."""
        if not self._open:
            self.documents.append(value)
            return False
        top = self._open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is None:
            top.key = self._unused(top.value, value if isinstance(value, str) else "?", line)
            top.value[top.key] = ""
            return True
        else:
            top.value[top.key] = value
            top.key = None
        return False

    def _unused(self, mapping: YamlMapping, key: str, line: int) -> str:
        if key not in mapping:
            return key
        number = next(number for number in range(2, len(mapping) + 3) if f"{key}-{number}" not in mapping)
        if len(self.problems) < _MAX_FAULTS:
            message = f"{key!r} is given twice in one mapping; the second value is kept as {key}-{number}"
            self.problems.append(Problem(self._source, message, self._offset + line, kind="note"))
        return f"{key}-{number}"


def _merge(mapping: YamlMapping) -> None:
    """Fill in what YAML's merge key (`<<: *other`) names."""
    merged = mapping.get("<<")
    if merged is None:
        return
    for other in merged if isinstance(merged, list) else [merged]:
        if isinstance(other, YamlMapping):
            for name, value in other.items():
                mapping.setdefault(name, value)
    if all(isinstance(other, YamlMapping) for other in (merged if isinstance(merged, list) else [merged])):
        del mapping["<<"]


def name_lines(text: str) -> dict[str, int]:
    """The line, from 1, of each name of the outermost mapping of a file; of one that is given twice, the first."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lines: dict[str, int] = {}
    depth, is_name = 0, True
    event: Any
    try:
        for event in yaml.parse(text, Loader=loader):
            kind = type(event).__name__
            ended = kind in ("SequenceEndEvent", "MappingEndEvent")
            depth -= ended
            if depth == 1 and (ended or kind in ("ScalarEvent", "AliasEvent")):
                if is_name and kind == "ScalarEvent":
                    lines.setdefault(event.value, event.start_mark.line + 1)
                is_name = not is_name
            depth += kind in ("SequenceStartEvent", "MappingStartEvent")
    except yaml.YAMLError:
        pass  # what came before is enough: the reader reports the rest
    return lines


def iter_mappings(values: Any, source: str, problems: list[Problem]) -> Iterator[YamlMapping]:
    """The mappings of a list; another value is a problem, as its text is lost."""
    for number, value in enumerate(values, 1):
        if isinstance(value, YamlMapping):
            yield value
        elif value:
            message = f"item {number} of the list has no fields: {str(value)[:60]!r}"
            problems.append(Problem(source, message, fatal=True))
