"""The objects in the lists of a JSON file, one at a time, so that only one is in memory.

The structure around the lists is not kept: a response of a service, an array, a value on each line. Each object is
decoded alone, so that damage is limited to one object and has its line, and a file that is cut off gives all objects
before the end.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.decode import MAX_LINE
from refsync.formats.common.line_reader import LineReader
from refsync.records import Problem

JsonObject = dict[str, Any]

_MAX_VALUE = 4 << 20
"""In characters. A longer value outside lists is not a record, and its content is read piece by piece."""

_MAX_ITEM = MAX_LINE
"""The same for an item of a list."""

_MAX_NUMBER = 64
_MAX_DEPTH = 60  # results of services have fewer than ten levels
_TOO_DEEP = "nested too deeply"
_MAX_FAULTS = 1000  # with more faults it is not JSON
_MAX_REPORTED = 20
_BLANK = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_SCALAR = re.compile(r'[^\s,\[\]{}"]+')
_TOKEN = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[\[\]{}]')
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL)


def replace_lone_surrogates(text: str) -> str:
    r"""The JSON with U+FFFD for each half of a surrogate pair (`\ud800` alone), which is not a valid character."""
    if "\\ud" not in text.lower():
        return text
    return _ESCAPE.sub(lambda found: r"\ufffd" if found["half"] else found[0], text)


def find_objects(value: Any, wanted: Callable[[JsonObject], bool], depth: int = 0) -> Iterator[JsonObject]:
    """The outermost objects for which `wanted` is true, in order."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        if wanted(value):
            yield value
            return
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from find_objects(inner, wanted, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, (dict, list)):
                yield from find_objects(inner, wanted, depth + 1)


def _integer(digits: str) -> int | str:
    """A number; one of more digits than Python converts stays text."""
    return int(digits) if len(digits) <= 1000 else digits


class JsonObjectReader:
    """The outermost objects of a file for which `wanted` is true, in order, each with its line.

    `problems` lists what was wrong so far, and `message` is the message that the file has instead of records.

    Args:
        data: the file.
        source: its name.
        wanted: whether an object is a record.

    Raises:
        SourceError: the file is empty or binary, or (while iterating) does not start as JSON.
    """

    def __init__(self, data: bytes | BinaryIO, source: str, wanted: Callable[[JsonObject], bool]) -> None:
        self.message = ""
        self._lines = LineReader(data, source)
        self._source = source
        self._wanted = wanted
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_int=_integer, strict=False)
        self._pieces = self._lines.pieces()
        self._buffer, self._at, self._rest = "", 0, ""
        self._line, self._counted = 1, 0  # the line at the position `_counted` of the buffer
        self._at_end = False  # whether the buffer has the rest of the file
        self._opened: list[str] = []
        self._values = 0  # at the outermost level
        self._repeated: list[str] = []
        self._problems: list[Problem] = []
        self._faults = 0

    @property
    def problems(self) -> list[Problem]:
        """What was wrong so far, by line."""
        return sorted((*self._lines.problems, *self._problems), key=lambda problem: problem.line)

    def __iter__(self) -> Iterator[tuple[int, JsonObject]]:
        while self._more():
            sign = self._buffer[self._at]
            if sign in "]}":
                self._close(sign)
            elif (not self._opened or self._opened[-1] == "[" or self._skip_name()) and self._more():
                yield from self._value(self._buffer[self._at])
        if self._opened:
            message = "the file ends inside a record; only what came before was read; fetch it again"
            self._report(message, fatal=True)

    def _value(self, sign: str) -> Iterator[tuple[int, JsonObject]]:
        """The records in the value at the current position, which is then skipped, or entered if it is no record."""
        if not self._opened and not self._values and sign not in "[{":
            is_page = self._buffer.startswith("<", self._at)
            reason = "not JSON, but a web page or XML" if is_page else "not JSON"
            hint = "open it: is it an error page? fetch it again" if is_page else "check that it was saved completely"
            raise SourceError(self._source, reason, line=self._current_line(), hint=hint)
        is_item = "[" in self._opened or (self._values > 0 and not self._opened)  # of a list, or a line of JSON Lines
        self._values += not self._opened
        line = self._current_line()
        if sign == "[" and len(self._opened) < _MAX_DEPTH:
            self._enter(sign)
            return
        value, end, fault = self._decoded(_MAX_ITEM if is_item else _MAX_VALUE)
        if not fault:
            for name in self._repeated:
                self._report(f"{name} is given twice in one object; the last one is used")
            if not isinstance(value, dict) or is_item:
                self._at = end
                yield from ((line, item) for item in find_objects(value, self._wanted))
                return
            if self._wanted(value):
                self._at = end
                yield line, value
                return
            message = value.get("message") or value.get("error")
            self.message = self.message or (message if isinstance(message, str) else "")
        elif not self._opened and is_item:
            self._skip_line(fault if fault != "long" else "the file ends inside a record")
            return
        elif sign == "{" and is_item and (fault != "long" or self._at_end):
            self._skip_value(fault, line)
            return
        if sign == "{" and len(self._opened) < _MAX_DEPTH and fault != _TOO_DEEP:
            self._enter(sign)
        else:
            self._skip_value(fault or _TOO_DEEP, line)

    def _decoded(self, largest: int) -> tuple[Any, int, str]:
        """The value at the current position, its end and its fault (`long`: it may go on beyond the buffer)."""
        while True:
            self._repeated.clear()
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
                if self._at_end or end + _MAX_NUMBER < len(self._buffer) or not isinstance(value, (int, float)):
                    return value, end, ""
                self._fill(2 * _MAX_NUMBER)  # more digits may follow
            except RecursionError:
                return None, 0, _TOO_DEEP
            except json.JSONDecodeError as error:
                available = len(self._buffer) - self._at
                if not self._at_end and available < largest:
                    self._fill(2 * available)
                    continue
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._buffer.rstrip()) - 1
                if cut:
                    return None, 0, "long"
                line = self._current_line() + self._buffer.count("\n", self._at, error.pos)
                column = error.pos - self._buffer.rfind("\n", 0, error.pos)
                return None, 0, f"{error.msg}, line {line} column {column}"

    def _object(self, pairs: list[tuple[str, Any]]) -> JsonObject:
        found = dict(pairs)
        if len(found) < len(pairs):
            for name, value in pairs:
                if found[name] != value:
                    self._repeated.append(f"{name!r} ({str(value)[:60]!r})")
        return found

    def _skip_name(self) -> bool:
        """Whether a name and a colon follow; they are skipped."""
        if self._buffer[self._at] == '"':
            _, end, fault = self._decoded(_MAX_VALUE)
            if not fault:
                if end + 80 > len(self._buffer):
                    kept = end - self._at
                    self._fill(80)
                    end = self._at + kept
                if colon := _COLON.match(self._buffer, end):
                    self._at = colon.end()
                    return True
            elif fault == "long":
                self._at = len(self._buffer)
                return False
        self._skip_line("a name and a colon were expected")
        return False

    def _enter(self, sign: str) -> None:
        self._opened.append(sign)
        self._at += 1

    def _close(self, sign: str) -> None:
        if not self._opened or (self._opened[-1] == "[") != (sign == "]"):
            self._skip_line(f"an unmatched {sign}")
            return
        self._opened.pop()
        self._at += 1

    def _skip_value(self, fault: str, start: int) -> None:
        """Skip a value that cannot be read, up to its closing bracket."""
        if not self._may_continue():
            return
        if found := _SCALAR.match(self._buffer, self._at):
            self._report(f"this cannot be read: {fault}", start)
            self._at = found.end()
            return
        depth, end = 0, self._at
        while True:
            for token in _TOKEN.finditer(self._buffer, end):
                end = token.end()
                depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
                if depth <= 0:
                    self._report(f"this record cannot be read: {fault}", start)
                    self._at = end
                    return
            if self._at_end:
                break
            end -= self._at
            self._fill(_MAX_VALUE)
            end += self._at
        reason = "" if fault == "long" else f" (or it is damaged: {fault})"
        message = f"the file ends inside a record{reason}; only what came before was read; fetch it again"
        self._report(message, start, fatal=True)
        self._at = len(self._buffer)
        self._opened.clear()

    def _skip_line(self, fault: str) -> None:
        """Continue with the next line, as if the file started there."""
        if not self._may_continue():
            return
        line = self._current_line()
        while (end := self._buffer.find("\n", self._at)) < 0 and not self._at_end:
            self._at = len(self._buffer)
            self._fill(1)
        self._report(f"not JSON from here to the end of the line: {fault}", line, fatal=end < 0)
        self._at = end + 1 if end >= 0 else len(self._buffer)
        self._opened.clear()

    def _may_continue(self) -> bool:
        """Count a fault; whether the file has few enough to continue."""
        self._faults += 1
        if self._faults == _MAX_FAULTS:
            self._report("too much here is not JSON; the rest was not read", fatal=True)
            self._buffer, self._at, self._counted, self._at_end = "", 0, 0, True
            self._opened.clear()
        return self._faults < _MAX_FAULTS

    def _more(self) -> bool:
        """Skip white space and commas; whether anything follows."""
        while True:
            blank = _BLANK.match(self._buffer, self._at)
            assert blank is not None
            self._at = blank.end()
            if self._at < len(self._buffer):
                return True
            if self._at_end:
                return False
            self._fill(1)

    def _fill(self, size: int) -> None:
        """Add that many characters, or the rest of the file, to the buffer, and drop what was read."""
        self._current_line()
        parts, held = [self._buffer[self._at :]], 0
        self._counted -= self._at
        self._at = 0
        while held < size and not self._at_end:
            piece = next(self._pieces, None)
            self._at_end = piece is None
            text = self._rest + (piece or "")
            # A pair of escapes must not be split; none contains one of these characters.
            cut = max(map(text.rfind, ", \n:")) + 1 or len(text)
            self._rest = "" if self._at_end else text[cut:]
            parts.append(replace_lone_surrogates(text if self._at_end else text[:cut]))
            held += len(parts[-1])
        self._buffer = "".join(parts)

    def _current_line(self) -> int:
        """The number of the line at the current position."""
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _report(self, message: str, line: int = 0, *, fatal: bool = False) -> None:
        if fatal or len(self._problems) < _MAX_REPORTED:
            self._problems.append(Problem(self._source, message, line or self._current_line(), fatal=fatal))
