"""Reading the documents of a library; nothing outside of its folder is read, and no file without end."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from refsync.errors import SourceError
from refsync.files import digest
from refsync.formats.yaml.papis import read_document
from refsync.papis.configuration import Library
from refsync.records import Problem, Snapshot
from refsync.write_targets import FOLDER, MARKERS

MOST_BYTES = 10_000_000
"""Of an `info.yaml`; papis writes a few thousand."""


@dataclass(frozen=True, slots=True)
class LibraryContent:
    """The documents of a library, each as a snapshot; what could not be read; and the SHA-256 of each file."""

    snapshots: tuple[Snapshot, ...]
    problems: tuple[Problem, ...]
    digests: dict[str, str]


def read_library(library: Library) -> LibraryContent:
    """The documents of a library, in the order of their folders.

    A document that cannot be read is a fatal problem, and the others are still read.

    Raises:
        SourceError: the folder cannot be read, or has no document.
    """
    snapshots: list[Snapshot] = []
    problems: list[Problem] = []
    digests: dict[str, str] = {}
    found = False
    for path in document_files(library, problems):
        found = True
        source = str(path)
        try:
            data = _content(path, library)
            snapshot = read_document(data, source, path.parent.absolute())
        except SourceError as error:
            problems.append(Problem(source, error.reason, error.line, fatal=True))
            continue
        snapshots.append(snapshot)
        problems += snapshot.problems
        digests[source] = digest(data)
    if not found and not problems:
        hint = "is it the folder of a library?"
        raise SourceError(library.name, f"no document ({library.info_name}) in {library.folder}", hint=hint)
    return LibraryContent(tuple(snapshots), tuple(problems), digests)


def document_files(library: Library, problems: list[Problem]) -> Iterator[Path]:
    """The files of the documents, in the order of their folders; folders that cannot be listed are problems."""

    def report(error: OSError) -> None:
        reason = error.strerror or str(error)
        problems.append(Problem(str(error.filename), f"{reason}; check its permissions", fatal=True))

    for folder, folders, _ in os.walk(library.folder, onerror=report):
        folders[:] = sorted(name for name in folders if name != FOLDER and name not in MARKERS)
        path = Path(folder, library.info_name)
        if os.path.lexists(path):
            yield path


def _content(path: Path, library: Library) -> bytes:
    """The bytes of a document's file.

    Raises:
        SourceError: it is a link, no file, too large, or cannot be read.
    """
    source = str(path)
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            target = path.resolve()
            where = "in the library" if target.is_relative_to(library.folder.resolve()) else "outside the library"
            raise SourceError(source, f"a link to {target}, {where}; not read", hint="put the file itself there")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(source, "not a file", hint="papis writes a file here")
        if status.st_size > MOST_BYTES:
            raise SourceError(source, f"larger than {MOST_BYTES // 1_000_000} MB", hint="it is not read")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(source, error.strerror or str(error), hint="check its permissions") from None
