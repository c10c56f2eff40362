"""PNG files made smaller: the same pixels, compressed as well as the format allows."""

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def recompressed(png: bytes) -> bytes:
    """The same image with its pixel data in one chunk, compressed at the highest level."""
    chunks = list(_chunks(png))
    pixels = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    first = next(number for number, (kind, _) in enumerate(chunks) if kind == b"IDAT")
    others = [(kind, data) for kind, data in chunks if kind != b"IDAT"]
    return _SIGNATURE + b"".join(map(_chunk, [*others[:first], (b"IDAT", pixels), *others[first:]]))


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(_SIGNATURE)
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        found.append((kind, png[at + 8 : at + 8 + size]))
        at += size + 12
    return found


def _chunk(item: tuple[bytes, bytes]) -> bytes:
    kind, data = item
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
