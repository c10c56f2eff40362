"""Files in pieces have the records and the problems of whole files, wherever they are cut."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

from refsync.formats.common.pieces import Place
from refsync.formats.registry import format_named
from refsync.records import Problem, Record, Snapshot
from refsync.spark import pieces as dividing
from refsync.spark.pieces import Piece, divide, measured, read_piece

HEADER = "id,title,pages\n" + "".join(f"k{i},Moss {i},1-2\n" for i in range(25))


@pytest.fixture(autouse=True, scope="module")
def short_head() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dividing, "_HEAD", len(HEADER))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def measure(pieces: Sequence[Piece]) -> list[Place | None]:
    return [measured(piece) for piece in pieces]


def divided(path: Path, size: int) -> list[Piece]:
    """The pieces of a file, whose content together is that of the whole."""
    pieces = divide([str(path)], "", measure, size)[str(path)]
    if len(pieces) > 1:
        assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]
        assert pieces[-1].end == path.stat().st_size
        form = format_named(pieces[0].form)
        assert form.read_stream
        with path.open("rb") as stream:
            whole = content([form.read_stream(stream, str(path))])
        assert content([read_piece(piece)[0] for piece in pieces]) == whole
    return pieces


def content(snapshots: Sequence[Snapshot]) -> tuple[list[Record], list[Problem]]:
    """All records, and all problems but repeated ids, which concern the whole file."""
    problems = [one for snapshot in snapshots for one in snapshot.problems if one.kind != "repeated-id"]
    return [one for snapshot in snapshots for one in snapshot.records], sorted(problems, key=str)


CELLS = st.sampled_from(
    [
        "moss",
        "Moss, walls",
        "tides\nand kelp",
        "a\n\n1,2,3\nb",
        '"winter"',
        "",
        " ",
        "#3",
        "5-Jan",
        "苔",
        "a\r\nb",
        "\x85",
    ]
)
ODD = ["", "x\n", 'moss,"an open quote\n', "a,b\n", "a,b,c,d,e\n", " \n\n", '"a"b,c,d\n', "a\0,b,c\n", "a,b\r,c\n"]


@settings(max_examples=100)
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=8, max_size=40),
    odd=st.sampled_from(ODD),
    end=st.sampled_from(["", "a,b", '"a', "  ", ",,"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.integers(40, 300),
)
def test_tables(folder: Path, rows: list[list[str]], odd: str, end: str, line_end: str, size: int) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + line_end for cells in rows]
    middle = len(lines) // 2
    path = folder / "a.csv"
    path.write_bytes("".join([HEADER, *lines[:middle], odd, *lines[middle:], end]).encode())
    divided(path, size)


LINES = st.sampled_from(
    [
        *('{"id": "moss", "fields": {}}', '{"fields": {"title": "苔"}, "more": 1}', '{"id": "#3", "fields": {}}'),
        *('{"fields": {"crossref": "moss"}}', '{"cut', "", "  ", "\ufeff", '{"fields": {"title": "\\ud800"}}', "7"),
    ]
)


@settings(max_examples=100)
@given(
    st.lists(LINES, min_size=2, max_size=30), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.integers(20, 200)
)
def test_lines(folder: Path, lines: list[str], line_end: str, ended: bool, size: int) -> None:
    path = folder / "a.jsonl"
    path.write_bytes((line_end.join(['{"fields": {"title": "Moss"}}', *lines]) + line_end * ended).encode())
    divided(path, size)


def test_a_table_with_line_ends_in_cells(folder: Path) -> None:
    """Each text of a cell looks like a row; and more values are spoilt than are listed."""
    path = folder / "b.csv"
    rows = (f'k{i},"Moss\nk{i}, on walls, 3\n",{"5-Jan" if i % 3 else "1-2"}\n' for i in range(300))
    path.write_text(HEADER + "".join(rows), newline="")
    assert len(divided(path, 500)) > 5


def test_lines_of_which_some_are_no_records(folder: Path) -> None:
    path = folder / "b.jsonl"
    lines = (json.dumps({"id": f"k{i % 40}", "fields": {"title": f"Moss {i}"}}) for i in range(300))
    path.write_text("".join(f"{line}\n" + "oops\n\n" * random.Random(1).randint(0, 2) for line in lines))
    assert len(divided(path, 500)) > 20


@pytest.mark.parametrize(
    "data",
    [
        '{"fields": {"title": "Moss"}}\n'.encode("utf-16"),
        b'{"fields": {"title": "Moss"}}\n' * 9 + b'{"fields": {"title": "M\xe4rz"}}\n',
        gzip.compress(b"".join(b'{"fields": {"title": "Moss %d"}}\n' % (i**9) for i in range(99))),
        b'{"fields": {"title": "Moss"}}\n' * 9 + b'{"fields": {"crossref": "k1"}}\n',
        b"",
    ],
)
def test_files_that_are_read_whole(folder: Path, data: bytes) -> None:
    path = folder / "c.jsonl"
    path.write_bytes(data)
    paths = [str(path), str(folder / "missing.csv")]
    assert divide(paths, "", measure, 100) == {name: [Piece(name)] for name in paths}
