"""Reading the inputs: files, compressed or not, and standard input. The only place where inputs are opened."""

import difflib
import hashlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from refsync.errors import FreeTextError, SourceError, StaleError
from refsync.files import digest
from refsync.formats.bibtex.macros import resolve_macros
from refsync.formats.common.decode import start_in_utf8
from refsync.formats.common.decompress import decompressed_name, unpack
from refsync.formats.common.nearest_format import describe_unknown
from refsync.formats.pages.mixed import read_all_formats
from refsync.formats.registry import HEAD_SIZE, Format, detect, format_named
from refsync.papis.configuration import find_library, is_papis
from refsync.records import Problem, Record, Snapshot

STDIN = "-"
_GUESS = 0.1  # score of a format that takes any text
_SURE = 0.85  # score of a format from which on a file that cannot be read counts as damaged
COMPARED = 4
"""Bytes of memory for each byte of a file whose records are compared; `benchmarks/dedup.py` measures it."""

LARGE = 32 * 1024 * 1024
"""In bytes: larger files are read in pieces, if the reader of their format can."""

LIMIT_VARIABLE = "REFSYNC_MAX_INPUT_MB"
"""The environment variable by which a user raises, or lowers, the size of a file that is read as a whole."""

MOST_MB = 500
"""That size, where the variable is not set: reading takes up to ten times as much memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of the inputs of one run.

    Attributes:
        snapshots: one for each source, in the order given.
        problems: of all sources.
        digests: the SHA-256 of each source's bytes, as hexadecimal digits.
        libraries: how many of the first snapshots are of the library that the others are compared with.
        kept: the bytes of BibTeX that cannot be read again or changed in place: from standard input, a pipe or an
            archive.
    """

    snapshots: tuple[Snapshot, ...]
    problems: tuple[Problem, ...]
    digests: dict[str, str]
    libraries: int = 0
    kept: dict[str, bytes] = field(default_factory=dict)

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record, sources in the order given."""
        return tuple(record for snapshot in self.snapshots for record in snapshot.records)

    @property
    def preambles(self) -> tuple[str, ...]:
        """The preambles of all sources, each once."""
        return tuple(dict.fromkeys(text for snapshot in self.snapshots for text in snapshot.preambles))

    @property
    def inputs(self) -> int:
        """How many sources were read, without those of the library."""
        return len(self.snapshots) - self.libraries

    @property
    def known(self) -> int:
        """How many of the first records are those of a library."""
        return sum(len(snapshot.records) for snapshot in self.snapshots[: self.libraries])

    def then(self, other: "Reading") -> "Reading":
        """This as a library, followed by what else was read."""
        return Reading(
            (*self.snapshots, *other.snapshots),
            (*self.problems, *other.problems),
            {**self.digests, **other.digests},
            libraries=len(self.snapshots),
            kept={**self.kept, **other.kept},
        )

    @property
    def failed(self) -> bool:
        """Whether an input could not be read, or not to its end."""
        return any(problem.fatal for problem in self.problems)

    @property
    def lost(self) -> bool:
        """Whether a record or a value of an input was lost or misread."""
        return any(problem.fatal or problem.kind == "damage" for problem in self.problems)

    @property
    def lost_records(self) -> bool:
        """Whether a record of an input may be lost, not only a part of one that was read."""
        return any(problem.fatal or (problem.kind == "damage" and not problem.partial) for problem in self.problems)


def read_sources(
    paths: Sequence[str],
    from_format: str = "",
    progress: Callable[[str], None] = lambda source: None,
    fetch: Callable[[str], Snapshot] | None = None,
    contents: Mapping[str, bytes] = MappingProxyType({}),
) -> Reading:
    """Read all inputs; one that cannot be read becomes a fatal problem, and the others are still read.

    Args:
        paths: files, or `-` for standard input; libraries of papis (`papis:LIBRARY`), of which each document is a
            source; libraries of Zotero (`zotero:...`) if there is `fetch`.
        from_format: the format of the files; empty to detect it.
        progress: called with each input before it is read.
        fetch: reads a library.
        contents: the bytes of inputs that are no files, by the names that they have among the paths.

    Raises:
        ConfigError: there is no format with the name `from_format`.
    """
    snapshots: list[Snapshot] = []
    problems: list[Problem] = []
    digests: dict[str, str] = {}
    kept: dict[str, bytes] = {}
    named_as: dict[Hashable, str] = {}
    for path in paths:
        progress(path)
        # A file given under two names would be its own duplicate, and a merge in place would delete both entries.
        identity = path if path in contents else _identity(path)
        if identity in named_as:
            problems.append(Problem(path, f"given twice (as {named_as[identity]}); read once", kind="note"))
            continue
        named_as[identity] = path
        already_read = len(snapshots)
        try:
            if fetch and is_remote(path):
                snapshots.append(fetch(path))
                digests[path] = digest(b"")
                continue
            if is_papis(path):
                from refsync.papis.library import read_library  # other inputs need no YAML

                content = read_library(find_library(path))
                own = {_identity(item.source): item for item in content.snapshots}
                snapshots += (item for identity, item in own.items() if identity not in named_as)
                named_as |= dict.fromkeys(own, path)
                problems += content.problems
                digests |= content.digests
                continue
            with io.BytesIO(contents[path]) if path in contents else _opened(path) as stream:
                digests[path] = _digest(stream)
                for source, inner in unpack(stream, path, problems):
                    packed = (
                        inner is not stream or path in contents or not _is_regular(path)
                    )  # there is no file of this name
                    if packed:
                        digests.setdefault(source, _digest(inner))
                    if (snapshot := _read(inner, source, path, from_format, problems)) is None:
                        continue
                    snapshots.append(snapshot)
                    problems.extend(snapshot.problems)
                    if packed and snapshot.format == "bibtex":
                        inner.seek(0)
                        kept[source] = inner.read()
            if len(snapshots) == already_read and not any(
                item.fatal and item.source.startswith(path) for item in problems
            ):
                problems.append(Problem(path, "an archive without a file that refsync can read", fatal=True))
        except SourceError as error:
            problems.append(Problem(path, error.reason, error.line, fatal=True))
    read_alone = {id(problem) for snapshot in snapshots for problem in snapshot.problems}
    snapshots = resolve_macros(snapshots)
    still = {id(problem) for snapshot in snapshots for problem in snapshot.problems}
    problems = [problem for problem in problems if id(problem) in still or id(problem) not in read_alone]
    return Reading(tuple(snapshots), tuple(problems), digests, kept=kept)


def _read(stream: BinaryIO, source: str, path: str, from_format: str, problems: list[Problem]) -> Snapshot | None:
    """The content of a source; None for a member of an archive that has no known format or cannot be read."""
    data = stream.read(LARGE)
    head = data[:HEAD_SIZE]
    try:
        form = format_named(from_format) if from_format else detect(head, decompressed_name(source))
    except SourceError as error:
        if source == path:
            raise
        problems.append(Problem(source, f"{error.reason}; skipped", kind="note"))
        return None
    try:
        if len(data) < LARGE or form.read_stream is None:
            named = bool(from_format) or decompressed_name(source).lower().endswith(format_named("bibtex").suffixes)
            return read_all_formats(form, _whole(data, stream, source, form), source, certain=named)
        del data
        stream.seek(0)
        return form.read_stream(stream, source)
    except FreeTextError as error:
        if decompressed_name(source).lower().endswith(form.suffixes):  # BibTeX takes text between entries for comments
            note = Problem(source, "no entry in the file, only text", kind="note")
            return Snapshot(source, form.name, problems=(note,))
        raise error from None
    except SourceError as error:
        # An archive may contain other texts than references: a README, a snapshot of a page.
        other = source != path and form.sniff(start_in_utf8(head)) < _SURE
        message = f"{error.reason}; skipped" if other else error.reason
        if not from_format and form.sniff(start_in_utf8(head)) < _GUESS:
            looks, nearest = describe_unknown(start_in_utf8(head))
            message += f"; it looks like {looks}; the nearest known format is {nearest}" if nearest else ""
        problems.append(Problem(source, message, error.line, fatal=not other, kind="note" if other else "damage"))
        return None


def _whole(start: bytes, stream: BinaryIO, source: str, form: Format) -> bytes:
    """The rest of a source behind what was read of it, within the limit.

    Raises:
        SourceError: it is longer.
    """
    given = os.environ.get(LIMIT_VARIABLE, "")
    most = int(given) if given.isascii() and given.isdecimal() else MOST_MB
    pieces, left = [start], most * 1_000_000 - len(start)
    while left >= 0 and (piece := stream.read(min(left + 1, LARGE))):
        pieces.append(piece)
        left -= len(piece)
    if left < 0:
        reason = f"larger than {most:,} MB, and a file of the format {form.name} is read as a whole"
        raise SourceError(source, reason, hint=f"split it, or set {LIMIT_VARIABLE} to a higher number")
    return b"".join(pieces)


def read_again(reading: Reading, source: str) -> bytes:
    """The bytes of a source that was read before, unchanged.

    Raises:
        SourceError: it cannot be read any more.
        StaleError: it was changed since.
    """
    if source in reading.kept:
        return reading.kept[source]
    with _opened(source) as stream:
        data = stream.read()
    if digest(data) != reading.digests[source]:
        raise StaleError(f"{source} was changed while refsync was running", hint="run it again")
    return data


def memory_to_compare(paths: Sequence[str]) -> int:
    """About how many bytes of memory it takes to read these files and to compare all their records with each other.

    Compressed files, pipes and libraries count as they are, so that it may be more.
    """
    sizes = [Path(path).stat().st_size for path in paths if not is_remote(path) and _is_regular(path)]
    return sum(sizes) * COMPARED


def same_file(one: str, other: str) -> bool:
    """Whether two names, as the user gave them, are of one source: links and spellings of a path are resolved."""
    return _identity(one) == _identity(other)


def _is_regular(path: str) -> bool:
    """Whether an input is a file that can be read again; a pipe, such as that of `<(command)`, cannot."""
    return path != STDIN and Path(path).is_file()


def is_remote(path: str) -> bool:
    """Whether an input is a Zotero library rather than a file."""
    return path.startswith("zotero:")


def folder_of(name: str) -> Path:
    """The folder that an input is in; of a library of papis its own.

    Raises:
        ConfigError: there is no such library of papis.
    """
    return find_library(name).folder if is_papis(name) else Path(name).parent


def _identity(path: str) -> Hashable:
    if is_papis(path):
        path = str(find_library(path).folder)
    try:
        status = Path(path).stat() if path != STDIN else None
    except OSError:
        status = None
    return (status.st_dev, status.st_ino) if status else path


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    """An input that can be read more than once; a pipe is copied to memory, or to a temporary file if it is long."""
    try:
        with nullcontext(sys.stdin.buffer) if path == STDIN else Path(path).open("rb") as stream:
            if path != STDIN and stream.seekable():
                yield stream
                return
            start = stream.read(LARGE)
            with io.BytesIO(start) if len(start) < LARGE else tempfile.TemporaryFile() as copy:
                if len(start) == LARGE:
                    copy.write(start)
                    del start
                    shutil.copyfileobj(stream, copy)
                    copy.seek(0)
                yield copy
    except FileNotFoundError:
        if Path(path).is_symlink():
            raise SourceError(path, "a link to a file that does not exist", hint=str(Path(path).readlink())) from None
        raise SourceError(path, "no such file", hint=_nearest(path)) from None
    except IsADirectoryError:
        if Path(path, "_delta_log").is_dir():
            raise SourceError(path, "a Delta table", hint="`--engine spark -o DIR` reads it (docs/scale.md)") from None
        raise SourceError(path, "a folder without a file of references", hint="name the files themselves") from None
    except OSError as error:
        raise SourceError(path, error.strerror or str(error), hint="check its permissions") from None


def _digest(stream: BinaryIO) -> str:
    """The SHA-256 of a stream's content; the stream is at its start afterwards."""
    stream.seek(0)
    sha256 = hashlib.sha256()
    while piece := stream.read(1 << 20):
        sha256.update(piece)
    stream.seek(0)
    return sha256.hexdigest()


def _nearest(path: str) -> str:
    folder = Path(path).parent
    if not folder.is_dir():
        return f"there is no folder {folder} either"
    near = difflib.get_close_matches(Path(path).name, [entry.name for entry in folder.iterdir()], 1)
    return f"did you mean {folder / near[0]}?" if near else f"the folder {folder} has no similar file"
