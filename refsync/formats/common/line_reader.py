"""A text file line by line or piece by piece, in memory that does not grow with it."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.decode import C1_LETTERS, MAX_LINE, detect_stream_encoding, replace_surrogates
from refsync.records import Problem

_HEAD = 1 << 16
_PIECE = 1 << 20
_NUL_SHARE = 0.05  # of the first bytes; a text that was damaged has fewer, a program or UTF-16 without its mark more
_MOST_TOLD = 20


class LineReader:
    """The lines of a file with their numbers, without line ends (CR LF, LF or CR, mixed as they come).

    What is odd about the bytes of the lines read so far is in `problems`: stray bytes are read as Windows-1252, and
    NUL bytes left out, each told with its line.

    Raises:
        SourceError: the file is empty or binary, or (while iterating) has a line of more than `MAX_LINE`.
    """

    def __init__(self, data: bytes | BinaryIO, source: str) -> None:
        stream = io.BytesIO(data) if isinstance(data, bytes) else data
        self.source = source
        self.ended = True  # whether the last line had its line end
        self.encoding = detect_stream_encoding(stream)
        head = stream.read(_HEAD)
        stream.seek(0)
        if not head.strip(b"\r\n\t \xef\xbb\xbf"):
            if len(head) < _HEAD:
                raise SourceError(source, "the file is empty", hint="was it saved, or its download finished?")
        elif self.encoding.name != "UTF-16" and head.count(0) > _NUL_SHARE * len(head):
            raise SourceError(source, "a binary file (it holds many NUL bytes)", hint="give a text file")
        stream.seek(len(self.encoding.bom))
        codec, errors = self.encoding.codec, "surrogateescape"
        if codec == "windows-1252":
            codec = "latin-1"  # `_readable` does the rest
        elif codec.startswith("utf-16"):
            errors = "replace"
        self._text = io.TextIOWrapper(stream, codec, errors, newline=None)
        self._told = 0  # lines with stray or NUL bytes
        self._noted = False  # what encoding it is
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[tuple[int, str]]:
        number = 0
        for line in iter(lambda: self._text.readline(MAX_LINE), ""):
            number += 1
            self.ended = line.endswith("\n")
            if len(line) == MAX_LINE:
                message = f"a line of more than {MAX_LINE / 1e6:.0f} million characters"
                raise SourceError(self.source, message, line=number, hint="is it a dump that lost its line ends?")
            yield number, self._readable(number, line.removesuffix("\n"))
        self._close(number)

    def pieces(self) -> Iterator[str]:
        """The text in pieces of any length, with `\\n` at the end of lines, for formats that lines don't matter to."""
        number = 1
        while piece := self._text.read(_PIECE):
            to_tell = self.encoding.mixed or not (self._noted or self.encoding.codec.startswith("utf"))
            if "\0" in piece or (to_tell and not piece.isascii()):
                piece = "\n".join(self._readable(line, text) for line, text in enumerate(piece.split("\n"), number))
            else:
                piece = self._readable(number, piece)
            number += piece.count("\n")
            yield piece
        self._close(number)

    def _close(self, number: int) -> None:
        self._text.detach()
        if self._told > _MOST_TOLD:
            self._tell(f"{self._told - _MOST_TOLD} more lines with bytes that are no text", number, "encoding")

    def _readable(self, number: int, line: str) -> str:
        if "\0" in line:
            line = self._without_nul(number, line)
        if line.isascii() or (self.encoding.codec == "utf-8" and not self.encoding.mixed):
            return line
        if self.encoding.codec.startswith("utf"):
            if (text := replace_surrogates(line)) != line:
                self._stray(number, f"bytes in this line are no {self.encoding.name}, as the rest of the file is")
            return text
        if not self._noted:
            self._noted = True
            self._tell(f"not UTF-8; read as {self.encoding.name}", number, "note")
        return line.translate(C1_LETTERS) if self.encoding.codec == "windows-1252" else line

    def _without_nul(self, number: int, line: str) -> str:
        self._stray(number, "NUL bytes in this line; they are left out")
        return line.replace("\0", "")

    def _stray(self, number: int, message: str) -> None:
        self._told += 1
        if self._told <= _MOST_TOLD:
            self._tell(message, number, "damage" if "NUL" in message else "encoding")

    def _tell(self, message: str, number: int, kind: str) -> None:
        self.problems.append(Problem(self.source, message, number, kind=kind))  # type: ignore[arg-type]
