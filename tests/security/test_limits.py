"""Small files do not cost much: what they unpack to is limited, and the work is linear in what they hold."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.common.decompress import ALWAYS_ALLOWED, LIMIT_VARIABLE
from tests.time_bounds import seconds_at_most

MANY = b"@misc{a,}\n" * 400_000  # 8 KB as .gz


def packed(kind: str) -> bytes:
    file = io.BytesIO()
    if kind == "gz":
        return gzip.compress(MANY)
    if kind == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.bib", MANY)
        data = file.getvalue()
        size = len(MANY).to_bytes(4, "little")
        return data.replace(size, (100).to_bytes(4, "little"))  # the member declares little
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        member = tarfile.TarInfo("a.bib")
        member.size = len(MANY)
        archive.addfile(member, io.BytesIO(MANY))
    return file.getvalue()


@pytest.mark.parametrize("kind", ["gz", "zip", "tar.gz"])
def test_a_file_of_kilobytes_does_not_unpack_to_megabytes(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(f"a.bib.{kind}").write_bytes(packed(kind))
    assert Path(f"a.bib.{kind}").stat().st_size < 20_000
    with seconds_at_most(10):
        assert main(["convert", f"a.bib.{kind}", "-o", "out.bib"]) == 2
    error = capsys.readouterr().err
    assert "this looks like a zip bomb" in error or kind == "zip"


def test_a_sparse_member_of_a_tar_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    head = tarfile.TarInfo("a.bib")
    head.type, head.size = tarfile.GNUTYPE_SPARSE, 512
    block = bytearray(head.tobuf(tarfile.GNU_FORMAT))
    block[386:398] = b"%011o\0" % 900_000_000  # where the only piece is
    block[398:410] = b"%011o\0" % 512
    block[483:495] = b"%011o\0" % 900_000_512  # the size that it declares
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 8 * 32)
    Path("a.tar").write_bytes(bytes(block) + b"@misc{a}" + b" " * 504 + bytes(1024))
    with tarfile.open("a.tar") as archive:
        assert [(member.name, member.size, member.issparse()) for member in archive] == [("a.bib", 900_000_512, True)]
    assert main(["convert", "a.tar", "-o", "out.bib"]) == 2
    assert "this looks like a zip bomb" in capsys.readouterr().err


def test_a_user_may_raise_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.bib.gz").write_bytes(gzip.compress(b"@misc{a, note = {" + b" " * 3_000_000 + b"}}\n"))
    assert main(["convert", "a.bib.gz", "-o", "out.bib"]) == 2
    monkeypatch.setenv(LIMIT_VARIABLE, "10")
    assert main(["convert", "a.bib.gz", "-o", "out.bib"]) == 0


def test_a_library_of_usual_size_is_unpacked() -> None:
    abstracts = (" ".join(str(i * n) for n in range(7919, 7999)) for i in range(1, 3_001))  # compresses as texts do
    entries = "".join(
        f"@misc{{k{i}, title = {{Paper {i}}}, abstract = {{{text}}}}}\n" for i, text in enumerate(abstracts)
    )
    assert len(entries) > ALWAYS_ALLOWED
    Path("a.bib.gz").write_bytes(gzip.compress(entries.encode()))
    assert main(["convert", "a.bib.gz", "-o", "out.bib", "-q"]) == 0


def test_many_citations_take_linear_time(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text("@misc{a, title = {x}}\n", encoding="utf-8")
    Path("a.tex").write_text("".join(f"\\cite{{gone{i}}}\n" for i in range(20_000)), encoding="utf-8")
    with seconds_at_most(8):  # compared with every citation, each key took minutes
        assert main(["check", "a.bib", "--cites", "a.tex", "--select", "RS204"]) == 1
    assert capsys.readouterr().out.count("RS204") == 20_000
