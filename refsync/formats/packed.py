"""Compressed inputs and archives, unpacked in memory and within bounds.

Known by their first bytes, not by their names. What comes out of one input is bounded by `allowance`: a file of some
kilobytes that unpacks to gigabytes is made to do harm, and no bibliography shrinks so well.
"""

import io
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from refsync.errors import SourceError
from refsync.records import Problem

if TYPE_CHECKING:
    import zipfile

ALWAYS_ALLOWED = 256 * 1024 * 1024
"""Bytes that any input may unpack to, however small it is."""

MOST_RATIO = 100
"""How many times its own size a large input may unpack to. References as text shrink to a tenth to a quarter."""

_MOST_MEMBERS = 10_000
_DEEPEST = 3  # a .gz in a .zip in a .zip
_CHUNK = 1 << 16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR = slice(257, 262)  # where it says `ustar`
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z archive",
    b"Rar!\x1a\x07": "RAR archive",
    b"\x1f\x9d": "file of `compress` (.Z)",
    b"\x04\x22\x4d\x18": "LZ4 file",
    b"%PDF-": "PDF file",
}
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


def inner_name(source: str) -> str:
    """The name that a compressed file has when it is unpacked.

    >>> inner_name("refs.ris.gz")
    'refs.ris'
    """
    for suffix in _SUFFIXES:
        if source.lower().endswith(suffix):
            return source[: -len(suffix)]
    return source


def unpack(data: bytes, source: str, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    """What is packed in an input, or the input itself where it is not packed.

    Members of an archive are named `refs.zip/inner.bib`, and come one at a time so that only one is in memory; a
    compressed file keeps its name. What cannot be unpacked is told in `problems`, and the rest is given all the same.

    Args:
        data: the bytes of the input.
        source: its name.
        problems: takes what is wrong.

    Raises:
        SourceError: nothing can be unpacked, or more than is allowed would come out of it.
    """
    yield from _unpack(data, source, problems, _Budget(len(data)), _DEEPEST)


def check_size(data: bytes, source: str) -> None:
    """Refuse a zip-based document (a spreadsheet) that would unpack to more than is allowed.

    Raises:
        SourceError: it would, or is damaged.
    """
    with _opened(data, source) as archive:
        check_unpacked(sum(member.file_size for member in archive.infolist()), len(data), source)


def check_unpacked(unpacked: int, size: int, source: str) -> None:
    """Refuse a file of this size that says it would unpack to more than is allowed.

    Raises:
        SourceError: it would.
    """
    _Budget(size).take(unpacked, source)


class _Budget:
    """How much more may come out of one input."""

    def __init__(self, size: int) -> None:
        self.allowed = max(ALWAYS_ALLOWED, MOST_RATIO * size)
        self.left = self.allowed

    def take(self, size: int, source: str) -> None:
        self.left -= size
        if self.left < 0:
            raise SourceError(
                source,
                f"unpacks to more than {self.allowed / 1e6:,.0f} MB ({MOST_RATIO} times its size, and at least "
                f"{ALWAYS_ALLOWED / 1e6:,.0f} MB); this looks like a zip bomb",
                hint="if it is what you want, unpack it yourself and give the files",
            )


def _unpack(
    data: bytes, source: str, problems: list[Problem], budget: _Budget, depth: int
) -> Iterator[tuple[str, bytes]]:
    for magic, name in _OTHERS.items():
        if data.startswith(magic):
            raise SourceError(source, f"a {name}, which refsync cannot read", hint="unpack or convert it first")
    stream = _stream(data)
    members = None
    if data.startswith(_ZIP) and not _is_document(data, source):
        members = _of_zip(data, source, problems, budget)
    elif data[_TAR] == b"ustar":
        members = _of_tar(data, source, problems, budget)
    if not (stream or members):
        yield source, data
    elif depth == 0:
        raise SourceError(source, f"packed more than {_DEEPEST} times over", hint="unpack it first")
    elif members:
        for name, inner in members:
            try:
                yield from _unpack(inner, name, problems, budget, depth - 1)
            except SourceError as error:
                if budget.left < 0:
                    raise
                problems.append(Problem(name, f"{error.reason}; skipped", kind="note"))
    else:
        yield from _unpack(_expanded(stream, source, problems, budget), source, problems, budget, depth - 1)


def _stream(data: bytes) -> Any:
    """A file object over what is compressed in these bytes, or None where they are not compressed."""
    if data.startswith(b"\x1f\x8b"):
        import gzip

        return gzip.GzipFile(fileobj=io.BytesIO(data))
    if data.startswith(b"BZh"):
        import bz2

        return bz2.BZ2File(io.BytesIO(data))
    if data.startswith(b"\xfd7zXZ\0"):
        import lzma

        return lzma.LZMAFile(io.BytesIO(data))
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        return zstd.ZstdFile(io.BytesIO(data))
    return None


def _expanded(stream: Any, source: str, problems: list[Problem], budget: _Budget) -> bytes:
    """All that a compressed stream gives; where it is cut off or damaged, what came before that."""
    parts: list[bytes] = []
    try:
        while part := stream.read1(_CHUNK):
            budget.take(len(part), source)
            parts.append(part)
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001  # each library has its own errors, without a common base
        if not parts:
            raise SourceError(source, f"cannot be unpacked ({error})", hint="was it saved whole?") from None
        reason = "cut off" if isinstance(error, EOFError) else f"damaged ({error})"
        message = f"the compressed file is {reason}; read is what came before that: get it again"
        problems.append(Problem(source, message, fatal=True))
    return b"".join(parts)


def _of_zip(data: bytes, source: str, problems: list[Problem], budget: _Budget) -> Iterator[tuple[str, bytes]]:
    with _opened(data, source) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_clutter(member.filename)]
        _refuse_many(len(members), source)
        for member in members:
            name = f"{source}/{member.filename}"
            budget.take(member.file_size, source)
            try:
                yield name, archive.read(member)
            except Exception as error:  # noqa: BLE001  # as above; encryption is a RuntimeError
                encrypted = member.flag_bits & 1
                reason = "encrypted; unpack the archive with its password first" if encrypted else f"damaged ({error})"
                problems.append(Problem(name, f"cannot be unpacked: {reason}", fatal=True))


def _of_tar(data: bytes, source: str, problems: list[Problem], budget: _Budget) -> Iterator[tuple[str, bytes]]:
    import tarfile

    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for number, member in enumerate(archive):
                _refuse_many(number, source)
                if member.isfile() and not _is_clutter(member.name):
                    budget.take(member.size, source)
                    file = archive.extractfile(member)
                    yield f"{source}/{member.name}", file.read() if file else b""
    except tarfile.TarError as error:
        problems.append(Problem(source, f"the archive is damaged or cut off ({error}); get it again", fatal=True))


def _opened(data: bytes, source: str) -> "zipfile.ZipFile":
    import zipfile

    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(source, f"a damaged or cut-off zip archive ({error})", hint="get it again") from None


def _is_document(data: bytes, source: str) -> bool:
    """A spreadsheet is a zip archive too, and a format of its own."""
    with _opened(data, source) as archive:
        return not {"[Content_Types].xml", "mimetype"}.isdisjoint(archive.namelist())


def _refuse_many(count: int, source: str) -> None:
    if count > _MOST_MEMBERS:
        raise SourceError(source, f"an archive of more than {_MOST_MEMBERS:,} files", hint="give the ones that count")


def _is_clutter(name: str) -> bool:
    """What operating systems put into archives beside what was meant."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] in ("Thumbs.db", "desktop.ini")
