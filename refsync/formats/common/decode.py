"""From a file's bytes to text and back without loss, or an error with the reason.

Only UTF-8 and UTF-16 can be recognised with certainty. Other bytes are read in a way that keeps each of them, whatever
its meaning:

- Mostly stray bytes: a legacy encoding. The file is read as Windows-1252 (as Latin-1 if it has none of the 32 bytes in
  which they differ, so that none of those is added), or as Mac Roman if Windows-1252 would put daggers and capitals
  between small letters. Letters in another encoding (GBK) are decoded wrongly, but written back unchanged.
- Mostly UTF-8 and some stray bytes: the file was edited in two encodings. Windows-1252 would corrupt all other letters
  for matching, so the file is read as UTF-8. Stray bytes are lone surrogates (PEP 383) in the text for editing, and
  their letters in Windows-1252 in the text for matching and display. Each is reported with its line.
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
"""In characters. A longer line is no bibliographic data (perhaps a dump without line ends) and may exhaust memory."""

_PIECE = 1 << 20
_MAX_REPORTED = 20  # lines with stray bytes that each get a message

# Bytes without a letter in Windows-1252 are control characters, as in browsers.
_WINDOWS_1252 = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
C1_LETTERS = dict(enumerate(_WINDOWS_1252[0x80:0xA0], 0x80))
"""Translation from Latin-1 to Windows-1252 where they differ."""
_TO_WINDOWS_1252 = codecs.charmap_build(_WINDOWS_1252)
_STRAY = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_C1 = re.compile(rb"[\x80-\x9f]")
# A stray no-break space is not mapped to a space, so that both texts are scanned into the same blocks.
_LETTERS = {chr(0xDC00 + byte): letter for byte, letter in enumerate(_WINDOWS_1252) if byte > 0x7F and byte != 0xA0}
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEAD = 1024
# Between small letters these bytes are é, ä, ü and similar in Mac Roman, and Š, Ÿ, ‡ and others in Windows-1252.
_MAC_LETTER = re.compile(rb"[a-z][\x81\x83\x87-\x8a\x8c-\x90\x98\x99\x9d\x9f][a-z]")
_WINDOWS_LETTER = re.compile(rb"[a-z][\xe0-\xff][a-z]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file; `decode` and `encode` are inverse to each other.

    Attributes:
        name: for messages.
        codec: Python's name, or `windows-1252` for the codec defined here.
        bom: the byte order mark that the file starts with.
        mixed: whether there are stray bytes in UTF-8.
    """

    name: str
    codec: str
    bom: bytes = b""
    mixed: bool = False

    def decode(self, data: bytes) -> str:
        """The text of the file, with lone surrogates for stray bytes and for what is invalid in UTF-16."""
        data = data.removeprefix(self.bom)
        if self.codec == "windows-1252":
            return codecs.charmap_decode(data, "strict", _WINDOWS_1252)[0]
        return data.decode(self.codec, self._errors)

    def encode(self, text: str) -> bytes:
        """The bytes of a file with this text.

        Raises:
            UnicodeEncodeError: the encoding has no code for a character.
        """
        if self.codec == "windows-1252":
            return codecs.charmap_encode(text, "strict", _TO_WINDOWS_1252)[0]
        return self.bom + text.encode(self.codec, self._errors)

    def can_encode(self, character: str) -> bool:
        """Whether the encoding has a code for a character."""
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
    """A file's text, in two versions with the same offsets.

    Attributes:
        text: for matching and display, without surrogates.
        exact: for editing: `encoding.encode(exact)` is the file.
        encoding: how the bytes are text.
        problems: what is wrong with the bytes.
    """

    text: str
    exact: str
    encoding: Encoding
    problems: tuple[Problem, ...] = ()


def detect_encoding(data: bytes) -> Encoding:
    """The encoding in which these bytes are decoded and encoded without change."""
    return detect_stream_encoding(io.BytesIO(data))


def detect_stream_encoding(stream: BinaryIO) -> Encoding:
    """The encoding of a whole file, which is read piece by piece from its start and is then at its start again."""
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
    """The codec of UTF-16 without byte order mark, in which ASCII characters have a NUL byte; else an empty string."""
    pairs = len(head) // 2
    if pairs < 2:
        return ""
    for codec, side in (("utf-16-le", 1), ("utf-16-be", 0)):
        nuls = head[side::2].count(0)
        if nuls > 0.6 * pairs and not head[1 - side :: 2].count(0):
            return codec
    return ""


def start_in_utf8(head: bytes) -> bytes:
    """The first bytes of a file as UTF-8 without byte order mark, so that formats are recognised in any encoding."""
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
    """The text of an exported or saved file, which must not be empty; otherwise as `decode_file`.

    Raises:
        SourceError: the file is empty or binary, or has a line of more than `MAX_LINE`.
    """
    if not data.strip():
        raise SourceError(source, "the file is empty", hint="check that it was saved or downloaded completely")
    return decode_file(data, source)


def decode_file(data: bytes, source: str) -> DecodedText:
    """The text of a file, with unchanged line ends.

    Raises:
        SourceError: the file is binary, or has a line of more than `MAX_LINE`.
    """
    encoding = detect_encoding(data)
    if encoding.name != "UTF-16" and b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise SourceError(source, "a binary file (it contains NUL bytes)", line=line, hint="pass a text file")
    try:
        exact = encoding.decode(data)
    except UnicodeDecodeError:  # only an odd number of bytes
        raise SourceError(
            source, "UTF-16 that ends inside a character", hint="check that it was saved completely"
        ) from None
    _refuse_long_lines(exact, source)
    text = replace_surrogates(exact) if encoding.mixed or encoding.name == "UTF-16" else exact
    return DecodedText(text, exact, encoding, tuple(_problems(data, text, exact, encoding, source)))


def decode(data: bytes, source: str) -> str:
    """The text of a file for matching and display: see `decode_file`."""
    return decode_file(data, source).text


def encode_like(text: str, original: bytes, source: str = "the file") -> bytes:
    """The text in the encoding of the file that it was decoded from, with its byte order mark and stray bytes.

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
            f"{source}: {encoding.name} has no code for {character!r} (U+{ord(character):04X}), which would be added "
            f"in line {line}, column {column}",
            hint=f"the file was not changed; convert it first: iconv -f {encoding.codec} -t UTF-8 {source}",
        ) from None


def replace_surrogates(exact: str) -> str:
    """The text with letters of Windows-1252 for stray bytes, and U+FFFD for what is invalid in UTF-16."""
    return _SURROGATE.sub(lambda found: _LETTERS.get(found[0], "\ufffd"), exact)


def _problems(data: bytes, text: str, exact: str, encoding: Encoding, source: str) -> list[Problem]:
    if text is exact and not encoding.codec.startswith("utf"):
        first = re.search(r"[^\x00-\x7f]", text)
        assert first is not None
        message = f"not UTF-8; read as {encoding.name} ({text[first.start()]!r} here)"
        return [Problem(source, message, *line_column_lookup(text)(first.start()), kind="note")]
    if encoding.codec == "utf-8" and not encoding.mixed:
        return []
    line_column, reported, rest = line_column_lookup(exact), 0, 0
    problems: list[Problem] = []
    for stray in _SURROGATE.finditer(exact):
        line, column = line_column(stray.start())
        if line == reported:
            continue
        reported = line
        if len(problems) == _MAX_REPORTED:
            rest += 1
            continue
        read_as = text[stray.start()]
        byte = f"the byte 0x{ord(stray[0]) - 0xDC00:02x}" if encoding.mixed else f"U+{ord(stray[0]):04X} alone"
        message = f"{byte} is no {encoding.name}, as the rest of the file is; read as {read_as!r} and left as it is"
        code = f"stray-{ord(stray[0]):04x}"
        problems.append(Problem(source, message, line, column, kind="encoding", code=code))
    if rest:
        message = f"{rest} more lines with bytes that are no {encoding.name}"
        problems.append(Problem(source, message, reported, 1, kind="encoding", code="more-strays"))
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
                hint="check whether the file lost its line ends",
            )
        start = end + 1


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
