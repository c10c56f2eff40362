"""The encoding that an XML file declares."""

import io
import re
from typing import BinaryIO

from refsync.formats.common.line_reader import LineReader
from refsync.records import Problem

_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']")
_RECOGNISED = ("utf", "iso-8859-1", "latin", "ascii", "us-ascii", "windows-1252", "cp1252")
"""Encodings that `decode` recognises by the bytes of a file."""


def to_utf8(stream: BinaryIO) -> BinaryIO:
    """The file in UTF-8 if it declares an encoding that its bytes don't show; it is then read completely."""
    declared = _DECLARED.match(stream.read(400))
    stream.seek(0)
    if declared and not declared[1].lower().decode().startswith(_RECOGNISED):
        try:
            return io.BytesIO(stream.read().decode(declared[1].decode(), "replace").encode())
        except LookupError:
            stream.seek(0)
    return stream


def encoding_problems(lines: LineReader, head: bytes) -> list[Problem]:
    """The problems of a file's bytes, without the note on its encoding if it declares one other than UTF-8."""
    declared = _DECLARED.match(head)
    expected = declared is not None and not declared[1].lower().startswith(b"utf")
    return [problem for problem in lines.problems if not (expected and problem.kind == "note")]
