"""A text file line by line or piece by piece, with constant memory."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.decode import C1_LETTERS, MAX_LINE, detect_stream_encoding, replace_surrogates
from refsync.records import Problem

_HEAD = 1 << 16
_PIECE = 1 << 20
_NUL_SHARE = 0.05  # of the first bytes; damaged text has fewer, a program or UTF-16 without byte order mark more
_MAX_REPORTED = 20


class LineReader:
    """The lines of a file with their numbers, without line ends (CR LF, LF or CR, mixed as they come).

    `problems` reports invalid bytes in the lines read so far, with their lines: stray bytes are read as Windows-1252,
    and NUL bytes left out.

    Args:
        data: the file, or a piece of it.
        source: its name.
        above: the number of lines above the piece.

    Raises:
        SourceError: the file is empty or binary, or (while iterating) has a line of more than `MAX_LINE` characters.
    """

    def __init__(self, data: bytes | BinaryIO, source: str, above: int = 0) -> None:
        stream = io.BytesIO(data) if isinstance(data, bytes) else data
        self.source = source
        self.number = above  # of the last line that was read
        self.ended = True  # whether the last line had a line end
        self.encoding = detect_stream_encoding(stream)
        head = stream.read(_HEAD)
        stream.seek(0)
        if not head.strip(b"\r\n\t \xef\xbb\xbf"):
            if len(head) < _HEAD:
                raise SourceError(source, "the file is empty", hint="check that it was saved or downloaded completely")
        elif self.encoding.name != "UTF-16" and head.count(0) > _NUL_SHARE * len(head):
            raise SourceError(source, "a binary file (it contains many NUL bytes)", hint="pass a text file")
        stream.seek(len(self.encoding.bom))
        codec, errors = self.encoding.codec, "surrogateescape"
        if codec == "windows-1252":
            codec = "latin-1"  # `_clean` translates the rest
        elif codec.startswith("utf-16"):
            errors = "replace"
        self._text = io.TextIOWrapper(stream, codec, errors, newline=None)
        self._invalid_lines = 0  # with stray or NUL bytes
        self._encoding_noted = False
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for line in iter(lambda: self._text.readline(MAX_LINE), ""):
            self.number = number = self.number + 1
            self.ended = line.endswith("\n")
            if len(line) == MAX_LINE:
                message = f"a line of more than {MAX_LINE / 1e6:.0f} million characters"
                raise SourceError(self.source, message, line=number, hint="check whether the file lost its line ends")
            yield number, self._clean(number, line.removesuffix("\n"))
        self._close(self.number)

    def pieces(self) -> Iterator[str]:
        """The text in pieces of any length, with `\\n` at line ends, for formats not based on lines."""
        number = 1
        while piece := self._text.read(_PIECE):
            to_report = self.encoding.mixed or not (self._encoding_noted or self.encoding.codec.startswith("utf"))
            if "\0" in piece or (to_report and not piece.isascii()):
                piece = "\n".join(self._clean(line, text) for line, text in enumerate(piece.split("\n"), number))
            else:
                piece = self._clean(number, piece)
            number += piece.count("\n")
            yield piece
        self._close(number)

    def _close(self, number: int) -> None:
        self._text.detach()
        if self._invalid_lines > _MAX_REPORTED:
            self._report(f"{self._invalid_lines - _MAX_REPORTED} more lines with invalid bytes", number, "encoding")

    def _clean(self, number: int, line: str) -> str:
        if "\0" in line:
            line = self._without_nul(number, line)
        if line.isascii() or (self.encoding.codec == "utf-8" and not self.encoding.mixed):
            return line
        if self.encoding.codec.startswith("utf"):
            if (text := replace_surrogates(line)) != line:
                self._report_line(
                    number, f"bytes in this line are not valid {self.encoding.name}, unlike the rest of the file"
                )
            return text
        if not self._encoding_noted:
            self._encoding_noted = True
            self._report(f"not UTF-8; read as {self.encoding.name}", number, "note")
        return line.translate(C1_LETTERS) if self.encoding.codec == "windows-1252" else line

    def _without_nul(self, number: int, line: str) -> str:
        self._report_line(number, "NUL bytes in this line were left out")
        return line.replace("\0", "")

    def _report_line(self, number: int, message: str) -> None:
        self._invalid_lines += 1
        if self._invalid_lines <= _MAX_REPORTED:
            self._report(message, number, "damage" if "NUL" in message else "encoding")

    def _report(self, message: str, number: int, kind: str) -> None:
        self.problems.append(Problem(self.source, message, number, kind=kind))  # type: ignore[arg-type]
