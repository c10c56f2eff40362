"""From a file's bytes to text and back, so that no byte is lost or changed, or a clear reason why not.

No encoding but UTF-8 and UTF-16 can be known for sure from the bytes. So what is in neither is read in a way that gives
each byte back, whatever it meant:

- Mostly stray bytes: a legacy encoding, read as Windows-1252 throughout (Latin-1 where none of the 32 bytes stands in
  which they differ, so that none of those is added), or as Mac Roman where that would put daggers and capitals amid
  small letters. In another encoding (GBK) letters are read wrongly, and stay whole.
- Mostly UTF-8 and some stray bytes: two people's editors. Reading it as Windows-1252 would spoil every other letter for
  matching, so it is UTF-8, and the strays are lone surrogates (PEP 383) in the text that edits are made in and their
  letters of Windows-1252 in the text that is matched and shown. Each is told with its line.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from refsync.errors import RefsyncError, SourceError
from refsync.formats.common.positions import line_column_lookup
from refsync.records import Problem

MAX_LINE = 32 * 1024 * 1024
"""In characters. A line beyond it is no bibliography (a dump without line ends, say), and would swamp what follows."""

_PIECE = 1 << 20
_MOST_TOLD = 20  # lines with stray bytes that get a message of their own

# Bytes without a letter in Windows-1252 stand for themselves, as in browsers.
_WINDOWS_1252 = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
C1_LETTERS = dict(enumerate(_WINDOWS_1252[0x80:0xA0], 0x80))
"""Latin-1 to Windows-1252: where they differ."""
_TO_WINDOWS_1252 = codecs.charmap_build(_WINDOWS_1252)
_STRAY = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_C1 = re.compile(rb"[\x80-\x9f]")
# A stray no-break space is no space here, so that both texts are scanned into the same blocks.
_LETTERS = {chr(0xDC00 + byte): letter for byte, letter in enumerate(_WINDOWS_1252) if byte > 0x7F and byte != 0xA0}
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEAD = 1024
# Amid small letters these are é, ä, ü and their like in Mac Roman, and Š, Ÿ, ‡ and no letters in Windows-1252.
_MAC_LETTER = re.compile(rb"[a-z][\x81\x83\x87-\x8a\x8c-\x90\x98\x99\x9d\x9f][a-z]")
_WINDOWS_LETTER = re.compile(rb"[a-z][\xe0-\xff][a-z]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file are text; `decode` and `encode` are each other's inverse.

    Attributes:
        name: as people call it.
        codec: as Python calls it, or `windows-1252` for the one above.
        bom: the byte order mark that the file starts with.
        mixed: stray bytes stand amid UTF-8.
    """

    name: str
    codec: str
    bom: bytes = b""
    mixed: bool = False

    def decode(self, data: bytes) -> str:
        """The text of the file. Stray bytes and what is broken in UTF-16 are lone surrogates."""
        data = data.removeprefix(self.bom)
        if self.codec == "windows-1252":
            return codecs.charmap_decode(data, "strict", _WINDOWS_1252)[0]
        return data.decode(self.codec, self._errors)

    def encode(self, text: str) -> bytes:
        """The bytes of a file that holds this text.

        Raises:
            UnicodeEncodeError: the encoding has no code for a character.
        """
        if self.codec == "windows-1252":
            return codecs.charmap_encode(text, "strict", _TO_WINDOWS_1252)[0]
        return self.bom + text.encode(self.codec, self._errors)

    def can_encode(self, character: str) -> bool:
        """Whether the encoding has a code for it."""
        try:
            self.encode(character)
        except UnicodeEncodeError:
            return False
        return True

    @property
    def _errors(self) -> str:
        return "surrogateescape" if self.mixed else "surrogatepass" if self.codec.startswith("utf-16") else "strict"


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text. Positions in `text` and `exact` are the same.

    Attributes:
        text: for matching and showing, without surrogates.
        exact: for editing: `encoding.encode(exact)` is the file.
        encoding: how the bytes are text.
        problems: what is odd about that.
    """

    text: str
    exact: str
    encoding: Encoding
    problems: tuple[Problem, ...] = ()


def detect_encoding(data: bytes) -> Encoding:
    """The encoding by which these bytes are text and come back unchanged."""
    return detect_stream_encoding(io.BytesIO(data))


def detect_stream_encoding(stream: BinaryIO) -> Encoding:
    """The encoding of a whole file, read piece by piece from its start; it stands at its start again afterwards."""
    head = stream.read(_HEAD)
    stream.seek(0)
    for mark, codec in _UTF16.items():
        if head.startswith(mark):
            return Encoding("UTF-16", codec, mark)
    if codec := _unmarked_utf16(head):
        return Encoding("UTF-16", codec)
    bom = codecs.BOM_UTF8 if head.startswith(codecs.BOM_UTF8) else b""
    try:
        for _ in _pieces(stream, "strict"):
            pass
    except UnicodeDecodeError:
        stream.seek(0)
    else:
        return Encoding("UTF-8", "utf-8", bom)
    letters = strays = mac = windows = 0
    in_windows = False
    for data, text in _pieces(stream, "surrogateescape"):
        letters += len(_BEYOND_ASCII.findall(text))
        strays += len(_STRAY.findall(text))
        in_windows = in_windows or _C1.search(data) is not None
        mac += len(_MAC_LETTER.findall(data))
        windows += len(_WINDOWS_LETTER.findall(data))
    if bom or letters >= strays:
        return Encoding("UTF-8", "utf-8", bom, mixed=True)
    if mac > windows:
        return Encoding("Mac Roman", "mac-roman")
    return Encoding("Windows-1252", "windows-1252") if in_windows else Encoding("Latin-1", "latin-1")


def _unmarked_utf16(head: bytes) -> str:
    """The codec of UTF-16 without its mark, in which all that is ASCII (tags, braces) has a NUL at one side."""
    pairs = len(head) // 2
    if pairs < 2:
        return ""
    for codec, side in (("utf-16-le", 1), ("utf-16-be", 0)):
        nuls = head[side::2].count(0)
        if nuls > 0.6 * pairs and not head[1 - side :: 2].count(0):
            return codec
    return ""


def start_in_utf8(head: bytes) -> bytes:
    """The first bytes of a file as UTF-8, without a byte order mark, so that they can be recognised in any encoding."""
    for mark, codec in _UTF16.items():
        if head.startswith(mark):
            return head.removeprefix(mark).decode(codec, "ignore").encode()
    if codec := _unmarked_utf16(head[:_HEAD]):
        return head.decode(codec, "ignore").encode()
    return head.removeprefix(codecs.BOM_UTF8)


def _pieces(stream: BinaryIO, errors: str) -> Iterator[tuple[bytes, str]]:
    decoder = codecs.getincrementaldecoder("utf-8")(errors)
    while data := stream.read(_PIECE):
        yield data, decoder.decode(data)
    yield b"", decoder.decode(b"", True)
    stream.seek(0)


def decode_export(data: bytes, source: str) -> DecodedText:
    """The text of a file that somebody exported or saved, so that it has to hold something: else as `decode_file`.

    Raises:
        SourceError: the file is empty or binary, or has a line of more than `MAX_LINE`.
    """
    if not data.strip():
        raise SourceError(source, "the file is empty", hint="was it saved, or its download finished?")
    return decode_file(data, source)


def decode_file(data: bytes, source: str) -> DecodedText:
    """The text of a file, with line ends as they are.

    Raises:
        SourceError: the file is binary, or has a line of more than `MAX_LINE`.
    """
    encoding = detect_encoding(data)
    if encoding.name != "UTF-16" and b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise SourceError(source, "a binary file (it holds NUL bytes)", line=line, hint="give a text file")
    try:
        exact = encoding.decode(data)
    except UnicodeDecodeError:  # only an odd number of bytes
        raise SourceError(source, "UTF-16 that ends inside a character", hint="was it saved whole?") from None
    _refuse_long_lines(exact, source)
    text = replace_surrogates(exact) if encoding.mixed or encoding.name == "UTF-16" else exact
    return DecodedText(text, exact, encoding, tuple(_problems(data, text, exact, encoding, source)))


def decode(data: bytes, source: str) -> str:
    """The text of a file for matching and showing: see `decode_file`."""
    return decode_file(data, source).text


def encode_like(text: str, original: bytes, source: str = "the file") -> bytes:
    """Text as bytes in the encoding of the file that it was decoded from, byte order mark and stray bytes included.

    Raises:
        RefsyncError: that encoding has no code for a character of the text.
    """
    encoding = detect_encoding(original)
    try:
        return encoding.encode(text)
    except UnicodeEncodeError as error:
        line, column = line_column_lookup(text)(error.start)
        character = text[error.start]
        raise RefsyncError(
            f"{source}: {encoding.name} has no code for {character!r} (U+{ord(character):04X}), which was to be added "
            f"in line {line}, column {column}",
            hint=f"nothing was changed; convert the file first: iconv -f {encoding.codec} -t UTF-8 {source}",
        ) from None


def replace_surrogates(exact: str) -> str:
    """The same with stray bytes as their letters in Windows-1252; what is broken in UTF-16 as U+FFFD."""
    return _SURROGATE.sub(lambda found: _LETTERS.get(found[0], "\ufffd"), exact)


def _problems(data: bytes, text: str, exact: str, encoding: Encoding, source: str) -> list[Problem]:
    if text is exact and not encoding.codec.startswith("utf"):
        first = re.search(r"[^\x00-\x7f]", text)
        assert first is not None
        message = f"not UTF-8; read as {encoding.name} ({text[first.start()]!r} here)"
        return [Problem(source, message, *line_column_lookup(text)(first.start()), kind="note")]
    place, told, rest = line_column_lookup(exact), 0, 0
    problems: list[Problem] = []
    for stray in _SURROGATE.finditer(exact):
        line, column = place(stray.start())
        if line == told:
            continue
        told = line
        if len(problems) == _MOST_TOLD:
            rest += 1
            continue
        read_as = text[stray.start()]
        byte = f"the byte 0x{ord(stray[0]) - 0xDC00:02x}" if encoding.mixed else f"U+{ord(stray[0]):04X} alone"
        message = f"{byte} is no {encoding.name}, as the rest of the file is; read as {read_as!r} and left as it is"
        problems.append(Problem(source, message, line, column, kind="encoding"))
    if rest:
        message = f"{rest} more lines with bytes that are no {encoding.name}"
        problems.append(Problem(source, message, told, 1, kind="encoding"))
    return problems


def _refuse_long_lines(text: str, source: str) -> None:
    start = 0
    while len(text) - start > MAX_LINE:
        end = text.rfind("\n", start, start + MAX_LINE + 1)
        if end < 0:
            length = len(text[start:].split("\n", 1)[0])
            raise SourceError(
                source,
                f"a line of {length / 1e6:.0f} million characters",
                line=text.count("\n", 0, start) + 1,
                hint="this is no bibliography; is it a dump that lost its line ends?",
            )
        start = end + 1


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
