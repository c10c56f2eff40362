"""Compressed inputs and archives, unpacked piece by piece and within bounds.

Known by their first bytes, not by their names. What comes out of one input is bounded by `allowance`: a file of some
kilobytes that unpacks to gigabytes is made to do harm, and no bibliography shrinks so well.
"""

import io
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from refsync.errors import SourceError
from refsync.records import Problem

if TYPE_CHECKING:
    import zipfile

ALWAYS_ALLOWED = 256 * 1024 * 1024
"""Bytes that any input may unpack to, however small it is."""

MAX_RATIO = 100
"""How many times its own size a large input may unpack to. References as text shrink to a tenth to a quarter."""

_MOST_MEMBERS = 10_000
_DEEPEST = 3  # a .gz in a .zip in a .zip
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD = 512
_CHUNK = 1 << 18
_TAR = slice(257, 262)  # where it says `ustar`
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z archive",
    b"Rar!\x1a\x07": "RAR archive",
    b"\x1f\x9d": "file of `compress` (.Z)",
    b"\x04\x22\x4d\x18": "LZ4 file",
    b"%PDF-": "PDF file",
}
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


def decompressed_name(source: str) -> str:
    """The name that a compressed file has when it is unpacked.

    >>> decompressed_name("refs.ris.gz")
    'refs.ris'
    """
    for suffix in _SUFFIXES:
        if source.lower().endswith(suffix):
            return source[: -len(suffix)]
    return source


def unpack(stream: BinaryIO, source: str, problems: list[Problem]) -> Iterator[tuple[str, BinaryIO]]:
    """What is packed in an input, or the input itself where it is not packed.

    Members of an archive are named `refs.zip/inner.bib`, and come one at a time; a compressed file keeps its name. What
    comes can be read more than once, from its start, and is unpacked each time anew: a piece of it is in memory. What
    cannot be unpacked is told in `problems`, and the rest is given all the same.

    Args:
        stream: the input, at its start; it can be read from there again.
        source: its name.
        problems: takes what is wrong, some of it only while what comes is read.

    Raises:
        SourceError: nothing can be unpacked, or (while it is read) more than is allowed comes out of it.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    yield from _unpack(stream, source, problems, _Budget(size), _DEEPEST)


def check_zip_size(data: bytes, source: str) -> None:
    """Refuse a zip-based document (a spreadsheet) that would unpack to more than is allowed.

    Raises:
        SourceError: it would, or is damaged.
    """
    with _opened(io.BytesIO(data), source) as archive:
        check_unpacked_size(sum(member.file_size for member in archive.infolist()), len(data), source)


def check_unpacked_size(unpacked: int, size: int, source: str) -> None:
    """Refuse a file of this size that says it would unpack to more than is allowed.

    Raises:
        SourceError: it would.
    """
    _Budget(size).take(unpacked, source)


class _Budget:
    """How much more may come out of one input."""

    def __init__(self, size: int) -> None:
        self.allowed = max(ALWAYS_ALLOWED, MAX_RATIO * size)
        self.left = self.allowed

    def take(self, size: int, source: str) -> None:
        self.left -= size
        if self.left < 0:
            raise SourceError(
                source,
                f"unpacks to more than {self.allowed / 1e6:,.0f} MB ({MAX_RATIO} times its size, and at least "
                f"{ALWAYS_ALLOWED / 1e6:,.0f} MB); this looks like a zip bomb",
                hint="if it is what you want, unpack it yourself and give the files",
            )


class _Unpacked(io.RawIOBase):
    """What a compressed stream gives; where it is cut off or damaged it ends, which is told once."""

    def __init__(self, stream: Any, source: str, problems: list[Problem], budget: _Budget | None) -> None:
        self._stream, self._source, self._problems, self._budget = stream, source, problems, budget
        self._at = self._furthest = 0
        self._told = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            while self.read(_CHUNK):
                pass
        place = offset if whence == io.SEEK_SET else self._at + offset
        if place < self._at:
            self._stream.seek(0)
            self._at = 0
        while self._at < place and self.read(min(_CHUNK, place - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read1(len(buffer))
        except SourceError:  # of what it is packed in
            raise
        except Exception as error:  # noqa: BLE001  # each library has its own errors, without a common base
            self._tell(error)
            return 0
        buffer[: len(data)] = data
        self._at += len(data)
        if self._at > self._furthest:
            if self._budget:
                self._budget.take(self._at - self._furthest, self._source)
            self._furthest = self._at
        return len(data)

    def _tell(self, error: Exception) -> None:
        if isinstance(error, RuntimeError) and "encrypted" in str(error):
            reason = "encrypted; unpack the archive with its password first"
        else:
            reason = "cut off" if isinstance(error, EOFError) else f"damaged ({error})"
        if not self._furthest:
            raise SourceError(self._source, f"cannot be unpacked: {reason}", hint="was it saved whole?") from None
        if not self._told:
            message = f"the compressed file is {reason}; read is what came before that: get it again"
            self._problems.append(Problem(self._source, message, fatal=True))
        self._told = True


def _unpack(
    stream: BinaryIO, source: str, problems: list[Problem], budget: _Budget, depth: int
) -> Iterator[tuple[str, BinaryIO]]:
    head = stream.read(_HEAD)
    stream.seek(0)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise SourceError(source, f"a {name}, which refsync cannot read", hint="unpack or convert it first")
    expand = _expander(head)
    members = None
    if head.startswith(_ZIP) and not _is_document(stream, source):
        members = _of_zip(stream, source, problems, budget)
    elif head[_TAR] == b"ustar":
        members = _of_tar(stream, source, problems)
    if not (expand or members):
        yield source, stream
    elif depth == 0:
        raise SourceError(source, f"packed more than {_DEEPEST} times over", hint="unpack it first")
    elif members:
        for name, member in members:
            try:
                yield from _unpack(member, name, problems, budget, depth - 1)
            except SourceError as error:
                if budget.left < 0:
                    raise
                unreadable = "cannot be unpacked" in error.reason
                said = error.reason if unreadable else f"{error.reason}; skipped"
                problems.append(Problem(name, said, fatal=unreadable, kind="damage" if unreadable else "note"))
    elif expand:
        expanded = _buffered(_Unpacked(expand(stream), source, problems, budget))
        yield from _unpack(expanded, source, problems, budget, depth - 1)


def _buffered(stream: _Unpacked) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(stream, _CHUNK))


def _expander(head: bytes) -> Callable[[BinaryIO], Any] | None:
    """What makes a file object over what is compressed in a stream that starts so; None where it is not compressed."""
    if head.startswith(b"\x1f\x8b"):
        import gzip

        return lambda stream: gzip.GzipFile(fileobj=stream)
    if head.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File
    if head.startswith(b"\xfd7zXZ\0"):
        import lzma

        return lzma.LZMAFile
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        return zstd.ZstdFile
    return None


def _of_zip(stream: BinaryIO, source: str, problems: list[Problem], budget: _Budget) -> Iterator[tuple[str, BinaryIO]]:
    with _opened(stream, source) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_clutter(member.filename)]
        _refuse_many(len(members), source)
        for member in members:
            name = f"{source}/{member.filename}"
            try:
                opened = archive.open(member)
            except Exception as error:  # noqa: BLE001  # encryption is a RuntimeError, damage all sorts
                encrypted = member.flag_bits & 1
                reason = "encrypted; unpack the archive with its password first" if encrypted else f"damaged ({error})"
                problems.append(Problem(name, f"cannot be unpacked: {reason}", fatal=True))
                continue
            with opened:
                yield name, _buffered(_Unpacked(opened, name, problems, budget))


def _of_tar(stream: BinaryIO, source: str, problems: list[Problem]) -> Iterator[tuple[str, BinaryIO]]:
    import tarfile

    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for number, member in enumerate(archive):
                _refuse_many(number, source)
                if member.isfile() and not _is_clutter(member.name) and (file := archive.extractfile(member)):
                    name = f"{source}/{member.name}"
                    yield name, _buffered(_Unpacked(file, name, problems, None))
    except tarfile.TarError as error:
        problems.append(Problem(source, f"the archive is damaged or cut off ({error}); get it again", fatal=True))


def _opened(stream: BinaryIO, source: str) -> "zipfile.ZipFile":
    import zipfile

    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(source, f"a damaged or cut-off zip archive ({error})", hint="get it again") from None


def _is_document(stream: BinaryIO, source: str) -> bool:
    """A spreadsheet is a zip archive too, and a format of its own."""
    with _opened(stream, source) as archive:
        found = not {"[Content_Types].xml", "mimetype"}.isdisjoint(archive.namelist())
    stream.seek(0)
    return found


def _refuse_many(count: int, source: str) -> None:
    if count > _MOST_MEMBERS:
        raise SourceError(source, f"an archive of more than {_MOST_MEMBERS:,} files", hint="give the ones that count")


def _is_clutter(name: str) -> bool:
    """What operating systems put into archives beside what was meant."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] in ("Thumbs.db", "desktop.ini")
