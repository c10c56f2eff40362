"""The encoding that an XML file declares, and that in which it is."""

import io
import re
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.records import Problem

_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_KNOWN = ("utf", "iso-8859-1", "latin", "ascii", "us-ascii", "windows-1252", "cp1252")
"""Encodings that the bytes of a file tell by themselves."""


def to_utf8(stream: BinaryIO) -> BinaryIO:
    """The file in UTF-8 where it declares an encoding that its bytes don't tell (read whole then)."""
    declared = _DECLARED.match(stream.read(400))
    stream.seek(0)
    if declared and not declared[1].lower().decode().startswith(_KNOWN):
        try:
            return io.BytesIO(stream.read().decode(declared[1].decode(), "replace").encode())
        except LookupError:
            stream.seek(0)
    return stream


def encoding_problems(lines: LineReader, head: bytes) -> list[Problem]:
    """What is odd about a file's bytes; that it is not UTF-8 is not, where it declares so."""
    declared = _DECLARED.match(head)
    expected = declared is not None and not declared[1].lower().startswith(b"utf")
    return [problem for problem in lines.problems if not (expected and problem.kind == "note")]
