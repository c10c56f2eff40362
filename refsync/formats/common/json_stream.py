"""JSON files taken apart into the objects in their lists, one at a time, so that no more than one is in memory.

What is around the lists is gone through and not kept: a response of a service, an array, a value on each line. Each
object is decoded alone, so that a damaged one costs no other and has its line, and a file that is cut off gives what
is whole in it.
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

_LARGEST = 4 << 20
"""In characters. What is longer and in no list is no record, and what is in it is looked at piece by piece."""

_LARGEST_ITEM = MAX_LINE
"""The same for what is in a list."""

_LONGEST_NUMBER = 64
_DEEPEST = 60  # results of services are less than ten deep
_TOO_DEEP = "nested too deeply"
_MOST_FAULTS = 1000  # this is no JSON then
_MOST_TOLD = 20
_BLANK = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_SCALAR = re.compile(r'[^\s,\[\]{}"]+')
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*+"|[\[\]{}]')
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>u[dD][89a-fA-F]\w\w)|.)", re.DOTALL)


def replace_lone_surrogates(text: str) -> str:
    r"""JSON in which half a surrogate pair (`\ud800` alone), which no text can hold, is the replacement character."""
    if "\\ud" not in text.lower():
        return text
    return _ESCAPE.sub(lambda found: r"\ufffd" if found["half"] else found[0], text)


def find_objects(value: Any, wanted: Callable[[JsonObject], bool], depth: int = 0) -> Iterator[JsonObject]:
    """The outermost objects that are wanted, in order."""
    if depth > _DEEPEST:
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


class JsonObjectReader:
    """The outermost objects of a file that are wanted, in order, each with its line.

    `problems` tells what was wrong up to there, and `said` what the file says instead of records.

    Args:
        data: the file.
        source: its name.
        wanted: whether an object is a record.

    Raises:
        SourceError: the file is empty or binary, or (while iterating) is no JSON from its start on.
    """

    def __init__(self, data: bytes | BinaryIO, source: str, wanted: Callable[[JsonObject], bool]) -> None:
        self.said = ""
        self._lines = LineReader(data, source)
        self._source = source
        self._wanted = wanted
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, strict=False)
        self._pieces = self._lines.pieces()
        self._buffer, self._at, self._rest = "", 0, ""
        self._line, self._counted = 1, 0  # the line at `_counted`, a place in the buffer
        self._whole = False  # whether the buffer holds the rest of the file
        self._opened: list[str] = []
        self._values = 0  # at the outermost level
        self._twice: list[str] = []
        self._found: list[Problem] = []
        self._faults = 0

    @property
    def problems(self) -> list[Problem]:
        """What was odd, in the order of lines."""
        return sorted((*self._lines.problems, *self._found), key=lambda problem: problem.line)

    def __iter__(self) -> Iterator[tuple[int, JsonObject]]:
        while self._more():
            sign = self._buffer[self._at]
            if sign in "]}":
                self._close(sign)
            elif (not self._opened or self._opened[-1] == "[" or self._named()) and self._more():
                yield from self._value(self._buffer[self._at])
        if self._opened:
            message = "the file ends inside a record; read is what came before that: fetch it again"
            self._tell(message, fatal=True)

    def _value(self, sign: str) -> Iterator[tuple[int, JsonObject]]:
        """The records in the value that begins here; it is passed, or, where it is no record itself, entered."""
        if not self._opened and not self._values and sign not in "[{":
            is_page = self._buffer.startswith("<", self._at)
            reason = "not JSON, but a web page or XML" if is_page else "not JSON"
            hint = "was it an error page? look at it and fetch it again" if is_page else "was it saved whole?"
            raise SourceError(self._source, reason, line=self._here(), hint=hint)
        is_item = "[" in self._opened or (self._values > 0 and not self._opened)  # of a list, or a line of JSON Lines
        self._values += not self._opened
        line = self._here()
        if sign == "[" and len(self._opened) < _DEEPEST:
            self._enter(sign)
            return
        value, end, fault = self._decoded(_LARGEST_ITEM if is_item else _LARGEST)
        if not fault:
            for name in self._twice:
                self._tell(f"{name} stands twice in one object; the last one counts")
            if not isinstance(value, dict) or is_item:
                self._at = end
                yield from ((line, item) for item in find_objects(value, self._wanted))
                return
            if self._wanted(value):
                self._at = end
                yield line, value
                return
            said = value.get("message") or value.get("error")
            self.said = self.said or (said if isinstance(said, str) else "")
        elif not self._opened and is_item:
            self._lose(fault if fault != "long" else "the file ends inside a record")
            return
        elif sign == "{" and is_item and (fault != "long" or self._whole):
            self._pass_over(fault, line)
            return
        if sign == "{" and len(self._opened) < _DEEPEST and fault != _TOO_DEEP:
            self._enter(sign)
        else:
            self._pass_over(fault or _TOO_DEEP, line)

    def _decoded(self, largest: int) -> tuple[Any, int, str]:
        """The value that begins here, where it ends, and what is wrong with it (`long`: it may be whole)."""
        while True:
            self._twice.clear()
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
                if self._whole or end + _LONGEST_NUMBER < len(self._buffer) or not isinstance(value, (int, float)):
                    return value, end, ""
                self._fill(2 * _LONGEST_NUMBER)  # more digits may follow
            except RecursionError:
                return None, 0, _TOO_DEEP
            except json.JSONDecodeError as error:
                held = len(self._buffer) - self._at
                if not self._whole and held < largest:
                    self._fill(2 * held)
                    continue
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._buffer.rstrip()) - 1
                if cut:
                    return None, 0, "long"
                line = self._here() + self._buffer.count("\n", self._at, error.pos)
                column = error.pos - self._buffer.rfind("\n", 0, error.pos)
                return None, 0, f"{error.msg}, line {line} column {column}"

    def _object(self, pairs: list[tuple[str, Any]]) -> JsonObject:
        found = dict(pairs)
        if len(found) < len(pairs):
            for name, value in pairs:
                if found[name] != value:
                    self._twice.append(f"{name!r} ({str(value)[:60]!r})")
        return found

    def _named(self) -> bool:
        """Whether a name and a colon stand here, which are passed then."""
        if self._buffer[self._at] == '"':
            _, end, fault = self._decoded(_LARGEST)
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
        self._lose("a name and a colon are missing")
        return False

    def _enter(self, sign: str) -> None:
        self._opened.append(sign)
        self._at += 1

    def _close(self, sign: str) -> None:
        if not self._opened or (self._opened[-1] == "[") != (sign == "]"):
            self._lose(f"a {sign} that closes nothing")
            return
        self._opened.pop()
        self._at += 1

    def _pass_over(self, fault: str, start: int) -> None:
        """Leave out a value that cannot be read, up to the bracket that closes it."""
        if not self._goes_on():
            return
        if found := _SCALAR.match(self._buffer, self._at):
            self._tell(f"this cannot be read: {fault}", start)
            self._at = found.end()
            return
        depth, place = 0, self._at
        while True:
            for token in _TOKEN.finditer(self._buffer, place):
                place = token.end()
                depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
                if depth <= 0:
                    self._tell(f"this record cannot be read: {fault}", start)
                    self._at = place
                    return
            if self._whole:
                break
            place -= self._at
            self._fill(_LARGEST)
            place += self._at
        told = "" if fault == "long" else f" (or it is damaged: {fault})"
        message = f"the file ends inside a record{told}; read is what came before that: fetch it again"
        self._tell(message, start, fatal=True)
        self._at = len(self._buffer)
        self._opened.clear()

    def _lose(self, fault: str) -> None:
        """Go on with the next line, as if the file began there."""
        if not self._goes_on():
            return
        line = self._here()
        while (end := self._buffer.find("\n", self._at)) < 0 and not self._whole:
            self._at = len(self._buffer)
            self._fill(1)
        self._tell(f"no JSON from here to the end of the line: {fault}", line, fatal=end < 0)
        self._at = end + 1 if end >= 0 else len(self._buffer)
        self._opened.clear()

    def _goes_on(self) -> bool:
        """Whether there is still sense in reading, at one fault more."""
        self._faults += 1
        if self._faults == _MOST_FAULTS:
            self._tell("too much here is not JSON; the rest was not read", fatal=True)
            self._buffer, self._at, self._counted, self._whole = "", 0, 0, True
            self._opened.clear()
        return self._faults < _MOST_FAULTS

    def _more(self) -> bool:
        """Whether there is anything but white space and commas, which are passed."""
        while True:
            blank = _BLANK.match(self._buffer, self._at)
            assert blank is not None
            self._at = blank.end()
            if self._at < len(self._buffer):
                return True
            if self._whole:
                return False
            self._fill(1)

    def _fill(self, size: int) -> None:
        """Have so many more characters in the buffer, or the rest of the file; what was passed is let go."""
        self._here()
        parts, held = [self._buffer[self._at :]], 0
        self._counted -= self._at
        self._at = 0
        while held < size and not self._whole:
            piece = next(self._pieces, None)
            self._whole = piece is None
            text = self._rest + (piece or "")
            # A pair of escapes is not to be parted; none holds one of these signs.
            cut = max(map(text.rfind, ", \n:")) + 1 or len(text)
            self._rest = "" if self._whole else text[cut:]
            parts.append(replace_lone_surrogates(text if self._whole else text[:cut]))
            held += len(parts[-1])
        self._buffer = "".join(parts)

    def _here(self) -> int:
        """The line that is being read."""
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _tell(self, message: str, line: int = 0, *, fatal: bool = False) -> None:
        if fatal or len(self._found) < _MOST_TOLD:
            self._found.append(Problem(self._source, message, line or self._here(), fatal=fatal))
