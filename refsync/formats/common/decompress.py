"""Compressed inputs and archives, unpacked piece by piece and within limits.

They are recognised by their first bytes, not by their names. The size of the output of one input is limited: a file of
kilobytes that unpacks to gigabytes is a zip bomb, because no bibliography compresses so well.
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from refsync.errors import SourceError
from refsync.records import Problem

if TYPE_CHECKING:
    import zipfile

ALWAYS_ALLOWED = 1024 * 1024
"""Bytes that an input of any size may unpack to."""

LIMIT_VARIABLE = "REFSYNC_MAX_UNPACKED_MB"
"""The environment variable by which a user raises that."""

MAX_RATIO = 100
"""How many times its own size a large input may unpack to. Bibliographies compress to a tenth to a quarter."""

_MAX_MEMBERS = 10_000
_MAX_DEPTH = 3  # a .gz in a .zip in a .zip
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD = 512
_CHUNK = 1 << 18
_TAR = slice(257, 262)  # of `ustar` in the header
_UNSUPPORTED = {
    b"7z\xbc\xaf\x27\x1c": "7z archive",
    b"Rar!\x1a\x07": "RAR archive",
    b"\x1f\x9d": "file of `compress` (.Z)",
    b"\x04\x22\x4d\x18": "LZ4 file",
    b"%PDF-": "PDF file",
}
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


def decompressed_name(source: str) -> str:
    """The name of a file without the suffix of its compression.

    >>> decompressed_name("refs.ris.gz")
    'refs.ris'
    """
    for suffix in _SUFFIXES:
        if source.lower().endswith(suffix):
            return source[: -len(suffix)]
    return source


def unpack(stream: BinaryIO, source: str, problems: list[Problem]) -> Iterator[tuple[str, BinaryIO]]:
    """The files in an archive or compressed input; the input itself if it is neither.

    Members of an archive are named `refs.zip/inner.bib` and are yielded one by one; a compressed file keeps its name.
    Each can be read again from its start, and is then unpacked again, with one piece in memory. What cannot be unpacked
    is reported in `problems`, and the rest is yielded.

    Args:
        stream: the input, at its start; it must be seekable.
        source: its name.
        problems: receives what is wrong, some of it only while the yielded streams are read.

    Raises:
        SourceError: nothing can be unpacked, or (while reading) the input unpacks to more than is allowed.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    yield from _unpack(stream, source, problems, _Budget(size), _MAX_DEPTH)


def check_zip_size(data: bytes, source: str) -> None:
    """Refuse a zip-based document (a spreadsheet) that would unpack to more than is allowed.

    Raises:
        SourceError: it is too large or damaged.
    """
    with _opened(io.BytesIO(data), source) as archive:
        check_unpacked_size(sum(member.file_size for member in archive.infolist()), len(data), source)


def check_unpacked_size(unpacked: int, size: int, source: str) -> None:
    """Refuse a file of `size` bytes that declares an unpacked size above the limit.

    Raises:
        SourceError: the unpacked size is above the limit.
    """
    _Budget(size).take(unpacked, source)


class _Budget:
    """How many more bytes one input may unpack to."""

    def __init__(self, size: int) -> None:
        raised = os.environ.get(LIMIT_VARIABLE, "")
        always = int(raised) * 1_000_000 if raised.isascii() and raised.isdecimal() else ALWAYS_ALLOWED
        self.allowed = max(always, MAX_RATIO * size)
        self.left = self.allowed

    def take(self, size: int, source: str) -> None:
        self.left -= size
        if self.left < 0:
            raise SourceError(
                source,
                f"unpacks to more than {self.allowed / 1e6:,.0f} MB ({MAX_RATIO} times its size, and at least "
                f"{ALWAYS_ALLOWED / 1e6:,.0f} MB); this looks like a zip bomb",
                hint=f"if you trust the file, set {LIMIT_VARIABLE}, or unpack it yourself and pass the unpacked files",
            )


class _Unpacked(io.RawIOBase):
    """The unpacked content of a compressed stream; it ends at damage, which is reported once."""

    def __init__(self, stream: Any, source: str, problems: list[Problem], budget: _Budget | None) -> None:
        self._stream, self._source, self._problems, self._budget = stream, source, problems, budget
        self._at = self._furthest = 0
        self._reported = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            while self.read(_CHUNK):
                pass
        target = offset if whence == io.SEEK_SET else self._at + offset
        if target < self._at:
            self._stream.seek(0)
            self._at = 0
        while self._at < target and self.read(min(_CHUNK, target - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read1(len(buffer))
        except SourceError:  # of the archive around it
            raise
        except Exception as error:  # noqa: BLE001  # each library has its own errors, without a common base
            self._report(error)
            return 0
        buffer[: len(data)] = data
        self._at += len(data)
        if self._at > self._furthest:
            if self._budget:
                self._budget.take(self._at - self._furthest, self._source)
            self._furthest = self._at
        return len(data)

    def _report(self, error: Exception) -> None:
        if isinstance(error, RuntimeError) and "encrypted" in str(error):
            reason = "encrypted; unpack the archive with its password first"
        else:
            reason = "cut off" if isinstance(error, EOFError) else f"damaged ({error})"
        if not self._furthest:
            raise SourceError(
                self._source, f"cannot be unpacked: {reason}", hint="check that it was saved completely"
            ) from None
        if not self._reported:
            message = f"the compressed file is {reason}; only what came before was read; download it again"
            self._problems.append(Problem(self._source, message, fatal=True))
        self._reported = True


def _unpack(
    stream: BinaryIO, source: str, problems: list[Problem], budget: _Budget, depth: int
) -> Iterator[tuple[str, BinaryIO]]:
    head = stream.read(_HEAD)
    stream.seek(0)
    for magic, name in _UNSUPPORTED.items():
        if head.startswith(magic):
            raise SourceError(source, f"a {name}, which refsync cannot read", hint="unpack or convert it first")
    expand = _expander(head, source)
    members = None
    if head.startswith(_ZIP) and not _is_document(stream, source):
        members = _of_zip(stream, source, problems, budget)
    elif head[_TAR] == b"ustar":
        members = _of_tar(stream, source, problems)
    if not (expand or members):
        yield source, stream
    elif depth == 0:
        raise SourceError(source, f"more than {_MAX_DEPTH} levels of compression", hint="unpack it first")
    elif members:
        for name, member in members:
            try:
                yield from _unpack(member, name, problems, budget, depth - 1)
            except SourceError as error:
                if budget.left < 0:
                    raise
                unreadable = "cannot be unpacked" in error.reason
                message = error.reason if unreadable else f"{error.reason}; skipped"
                problems.append(Problem(name, message, fatal=unreadable, kind="damage" if unreadable else "note"))
    elif expand:
        expanded = _buffered(_Unpacked(expand(stream), source, problems, budget))
        yield from _unpack(expanded, source, problems, budget, depth - 1)


def _buffered(stream: _Unpacked) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(stream, _CHUNK))


def _expander(head: bytes, source: str) -> Callable[[BinaryIO], Any] | None:
    """A function that opens a compressed stream with these first bytes; None if it is not compressed.

    Raises:
        SourceError: the package that reads this compression is not installed.
    """
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
            try:
                from backports import zstd
            except ImportError:
                reason = "compressed by Zstandard, which Python reads from 3.14 on"
                raise SourceError(source, reason, hint="pip install 'refsync[zstd]', or unpack it first") from None
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

    holes = _Budget(stream.seek(0, io.SEEK_END))  # a sparse member may declare any size, and holds nothing of it
    stream.seek(0)
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            for number, member in enumerate(archive):
                _refuse_many(number, source)
                if member.isfile() and not _is_clutter(member.name) and (file := archive.extractfile(member)):
                    name = f"{source}/{member.name}"
                    yield name, _buffered(_Unpacked(file, name, problems, holes if member.issparse() else None))
    except tarfile.TarError as error:
        problems.append(Problem(source, f"the archive is damaged or cut off ({error}); download it again", fatal=True))


def _opened(stream: BinaryIO, source: str) -> "zipfile.ZipFile":
    import zipfile

    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(source, f"a damaged or cut-off zip archive ({error})", hint="download it again") from None


def _is_document(stream: BinaryIO, source: str) -> bool:
    """Whether a zip archive is a spreadsheet, which has its own format."""
    with _opened(stream, source) as archive:
        is_document = not {"[Content_Types].xml", "mimetype"}.isdisjoint(archive.namelist())
    stream.seek(0)
    return is_document


def _refuse_many(count: int, source: str) -> None:
    if count > _MAX_MEMBERS:
        raise SourceError(
            source, f"an archive of more than {_MAX_MEMBERS:,} files", hint="pass the files that you need"
        )


def _is_clutter(name: str) -> bool:
    """Whether an operating system added this file to the archive."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] in ("Thumbs.db", "desktop.ini")
