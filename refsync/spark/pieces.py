"""Large files in pieces between lines, of which each is read in a task of its own as if the others were before it.

Where a record begins is guessed from some bytes, then each piece is read once to see whether it ends with a record and
to count what it has. The first piece begins with the file: so if it ends with a record, the second begins with one.
"""

import os
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from refsync.errors import RefsyncError, SourceError
from refsync.formats.common.decompress import unpack
from refsync.formats.common.pieces import WHOLE, Place
from refsync.formats.registry import HEAD_SIZE, detect, format_named
from refsync.records import Snapshot

_HEAD = 1 << 20
_WINDOW = 1 << 18  # bytes in which the begin of a record is looked for
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file, from `start` to `end` in bytes; an `end` of 0 is that of a whole file, in any format."""

    path: str
    start: int = 0
    end: int = 0
    form: str = ""
    place: Place = WHOLE


Measure = Callable[[Sequence[Piece]], Sequence[Place | None]]
"""What each of some pieces has: `measured`, wherever that is done."""


def divide(paths: Sequence[str], from_format: str, measure: Measure, size: int) -> dict[str, list[Piece]]:
    """The pieces of files, of about `size` bytes; one for a file that is small or cannot be divided."""
    cuts = {path: _cuts(path, from_format, size) for path in paths}
    found: dict[Piece, Place | None] = {}
    for _ in range(_ATTEMPTS):
        new = [piece for path in paths for piece in _pieces(path, *cuts[path]) if piece not in found]
        found.update(zip(new, measure(new), strict=True))
        for path, (form, places) in cuts.items():
            unfit = [piece for piece in _pieces(path, form, places) if not found[piece]]
            wrong = {piece.start if piece.place.last else piece.end for piece in unfit}
            cuts[path] = form, [at for at in places if at not in wrong]
    return {path: _placed(_pieces(path, *cuts[path]), found) or [Piece(path)] for path in paths}


def _pieces(path: str, form: str, cuts: Sequence[int]) -> list[Piece]:
    """The pieces between these cuts; none for a single one."""
    if len(cuts) < 3:
        return []
    return [Piece(path, start, end, form=form, place=Place(last=end == cuts[-1])) for start, end in pairwise(cuts)]


def _placed(pieces: Sequence[Piece], found: Mapping[Piece, Place | None]) -> list[Piece]:
    """Pieces with what is before each; none if one is not fit to be read apart."""
    placed = []
    lines = records = spoilt = 0
    for piece in pieces:
        if not (own := found.get(piece)):
            return []
        placed.append(replace(piece, place=Place(lines, records, spoilt, last=piece.place.last)))
        lines, records, spoilt = lines + own.lines, records + own.records, spoilt + own.spoilt
    return placed


def _cuts(path: str, from_format: str, size: int) -> tuple[str, list[int]]:
    """The format of a file, and its start, where to cut it, and its end; nothing if it is not read in pieces."""
    cuts = [0]
    try:
        with Path(path).open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            if end <= size or next(unpack(stream, path, []))[1] is not stream:  # small, or compressed
                return "", []
            stream.seek(0)
            head = _head(stream.read(_HEAD))
            form = format_named(from_format) if from_format else detect(head[:HEAD_SIZE], path)
            for at in range(max(size, len(head)), end, size):
                stream.seek(at)
                begin = form.pieces.begins(stream.read(_WINDOW), head) if form.pieces else -1
                if begin >= 0 and cuts[-1] < at + begin < end:
                    cuts.append(at + begin)
    except (OSError, RefsyncError):  # the task that reads the file will report it
        return "", []
    return form.name, [*cuts, end]


def _head(start: bytes) -> bytes:
    """The whole lines at the start of a file."""
    return start[: start.rfind(b"\n") + 1]


def measured(piece: Piece) -> Place | None:
    """How many lines and records a piece has, if it is read apart from the others as it is in the whole file."""
    try:
        snapshot, behind = read_piece(piece)
    except SourceError:
        return None
    related = any("crossref" in record.fields or "xdata" in record.fields for record in snapshot.records)
    damaged = not piece.place.last and any(problem.fatal for problem in snapshot.problems)
    return None if related or damaged else behind


def read_piece(piece: Piece) -> tuple[Snapshot, Place]:
    """The content of a piece of a file, and the place of the next one.

    Raises:
        SourceError: it is not read as in the whole file.
    """
    pieces = format_named(piece.form).pieces
    assert pieces is not None
    with Path(piece.path).open("rb") as stream:
        head = _head(stream.read(_HEAD)) if piece.start else b""
        stream.seek(piece.start)
        data = stream.read(piece.end - piece.start)
    if not _is_plain(data, piece.start):
        raise SourceError(piece.path, "not in UTF-8 throughout")
    return pieces.read(data, piece.path, replace(piece.place, head=head))


def _is_plain(data: bytes, start: int) -> bool:
    """Whether bytes are UTF-8 without anything that decides how other lines of the file are read."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data and not (start and data.startswith(BOM_UTF8))
