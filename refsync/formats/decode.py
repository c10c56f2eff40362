"""From a file's bytes to text, or a clear reason why not."""

import codecs

from refsync.errors import SourceError

LONGEST_LINE = 32 * 1024 * 1024
"""In characters. A line beyond it is no bibliography (a dump without line ends, say), and would swamp what follows."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, source: str) -> str:
    """The text of a file in UTF-8 (with or without a byte order mark) or UTF-16 with one; line ends as they are.

    Raises:
        SourceError: the file is empty, binary, in another encoding, or has a line of more than `LONGEST_LINE`.
    """
    if not data.strip():
        raise SourceError(source, "the file is empty", hint="was it saved, or its download finished?")
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise SourceError(source, "a binary file (it holds NUL bytes)", line=line, hint="give a text file")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            source,
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            line=_line_of(data, error.start),
            hint=f"convert it: iconv -f WINDOWS-1252 -t UTF-8 {source} > utf8-copy",
        ) from None
    _refuse_long_lines(text, source)
    return text


def encode_like(text: str, original: bytes) -> bytes:
    """Text as bytes in the encoding of the file that it was decoded from, byte order mark included."""
    if original.startswith(codecs.BOM_UTF16_LE):
        return codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    if original.startswith(codecs.BOM_UTF16_BE):
        return codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return (codecs.BOM_UTF8 if original.startswith(codecs.BOM_UTF8) else b"") + text.encode()


def _refuse_long_lines(text: str, source: str) -> None:
    if len(text) <= LONGEST_LINE:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            raise SourceError(
                source,
                f"a line of {len(line) / 1e6:.0f} million characters",
                line=number,
                hint="this is no bibliography; is it a dump that lost its line ends?",
            )


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
