"""Compressed inputs and archives: the same records as unpacked, limits, damage."""

import bz2
import gzip
import io
import lzma
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from refsync.errors import SourceError
from refsync.formats.common import decompress
from refsync.formats.common.decompress import unpack
from refsync.records import Problem
from refsync.sources import Reading, read_again, read_sources

BIB = b"@article{a,\n  title = {Kelp in Noise}\n}\n"
CSV = b"id,title,year\nA,Quiet Kelp,2020\n"


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def zstandard(data: bytes) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd.compress(data)


def unpacked(data: bytes, source: str, problems: list[Problem]) -> list[bytes]:
    return [stream.read() for _, stream in unpack(io.BytesIO(data), source, problems)]


def read(folder: Path, name: str, data: bytes) -> Reading:
    path = folder / name
    path.write_bytes(data)
    return read_sources([str(path)])


def sources(reading: Reading, folder: Path) -> list[tuple[str, str]]:
    return [(r.source.removeprefix(f"{folder}/"), r.get("title")) for r in reading.records]


@pytest.mark.parametrize(
    ("name", "compress"),
    [("a.bib.gz", gzip.compress), ("a.bib.bz2", bz2.compress), ("a.bib.xz", lzma.compress), ("a.bib.zst", zstandard)],
)
def test_a_compressed_file_reads_as_what_is_in_it(
    tmp_path: Path, name: str, compress: Callable[[bytes], bytes]
) -> None:
    reading = read(tmp_path, name, compress(BIB))
    assert sources(reading, tmp_path) == [(name, "Kelp in Noise")]
    assert reading.problems == ()
    assert read_again(reading, str(tmp_path / name)) == BIB


@pytest.mark.parametrize(("name", "pack"), [("refs.zip", zipped), ("refs.tar.gz", tarred)])
def test_the_files_of_an_archive_are_sources(
    tmp_path: Path, name: str, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    files = {
        "a.bib": BIB,
        "in/b.csv.gz": gzip.compress(CSV),
        "__MACOSX/._a.bib": b"x",
        "scan.pdf": b"%PDF-1.7",
        "README.txt": b"my references\n",
        "page.html": b"<html><title>A page</title></html>",
    }
    reading = read(tmp_path, name, pack(files))
    assert sources(reading, tmp_path) == [(f"{name}/a.bib", "Kelp in Noise"), (f"{name}/in/b.csv.gz", "Quiet Kelp")]
    reported = [(Path(problem.source).name, problem.kind) for problem in reading.problems]
    assert reported == [("scan.pdf", "note"), ("README.txt", "note"), ("page.html", "note")]
    assert not reading.failed


def test_packed_standard_input() -> None:
    program = "import sys\nfrom refsync.cli import main\nsys.exit(main(['convert', '-']))"
    done = subprocess.run([sys.executable, "-c", program], input=gzip.compress(BIB), capture_output=True, check=True)
    assert b"Kelp in Noise" in done.stdout


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, partial(lzma.compress, preset=0), zstandard])
def test_a_stream_that_is_cut_off_gives_what_came_before(compress: Callable[[bytes], bytes]) -> None:
    whole = b"".join(b"%d\n" % (n * n) for n in range(250_000))
    packed_whole, problems = compress(whole), list[Problem]()
    (data,) = unpacked(packed_whole[: len(packed_whole) * 9 // 10], "a.gz", problems)
    assert len(whole) // 4 < len(data) < len(whole)
    assert whole.startswith(data)
    (problem,) = problems
    assert problem.fatal
    assert "cut off" in problem.message


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z archive"),
        (b"Rar!\x1a\x07\x01\0", "RAR archive"),
        (gzip.compress(BIB)[:12], "cannot be unpacked|cut off|empty"),
        (zipped({"a.bib": BIB})[:40], "zip archive"),
        (zipped({"a.png": b"\x89PNG\0\0"}), "no|without"),
        (zipped({}), "without a file"),
    ],
    ids=["7z", "rar", "gzip cut off", "zip cut off", "an image", "nothing"],
)
def test_nothing_to_unpack(tmp_path: Path, data: bytes, reason: str) -> None:
    reading = read(tmp_path, "refs.bin", data)
    assert reading.records == ()
    assert reading.failed
    assert any(problem.fatal and re.search(reason, problem.message) for problem in reading.problems)


def test_a_damaged_member_does_not_hide_the_others(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.bib": BIB * 50, "b.bib": BIB}))
    data[60] ^= 0xFF
    reading = read(tmp_path, "refs.zip", bytes(data))
    assert sources(reading, tmp_path)[-1] == ("refs.zip/b.bib", "Kelp in Noise")
    assert [Path(problem.source).name for problem in reading.problems if problem.fatal] == ["a.bib"]


def bombs() -> dict[str, bytes]:
    zeros = b"0" * 3_000_000
    return {
        "gz": gzip.compress(zeros),
        "zst": zstandard(zeros),
        "zip": zipped({"a.bib": zeros}),
        "many": zipped({f"{n}.bib": zeros[:300_000] for n in range(10)}),
        "nested": zipped({"a.zip": zipped({"a.bib": zeros})}),
        "spreadsheet": zipped({"[Content_Types].xml": b"", "xl/sheet.xml": zeros}),
    }


@pytest.mark.parametrize("kind", bombs())
def test_bombs_are_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompress, "ALWAYS_ALLOWED", 1_000_000)
    data = bombs()[kind]
    read_all: Callable[[], object] = partial(unpacked, data, "x", [])
    if kind == "spreadsheet":
        read_all = partial(decompress.check_zip_size, data, "x.xlsx")
    with pytest.raises(SourceError, match="zip bomb"):
        read_all()


def test_many_levels_of_compression_are_refused() -> None:
    data = BIB
    for _ in range(5):
        data = gzip.compress(data)
    with pytest.raises(SourceError, match="levels of compression"):
        unpacked(data, "a.gz", [])


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python has Zstandard")
def test_a_compression_whose_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zstandard(b"@misc{a, title={Kelp}}")
    monkeypatch.setitem(sys.modules, "backports", None)
    with pytest.raises(SourceError, match="refsync.zstd."):
        list(unpack(io.BytesIO(data), "refs.bib.zst", []))
