"""Where the files of a duplicate go: into the folder of the document that stays, and none over another."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from string import ascii_lowercase

from refsync.errors import RefsyncError
from refsync.papis.configuration import Library
from refsync.write_targets import FOLDER, MARKERS, is_link

_ANY_MAY_WRITE = 0o222


class MoveRefusedError(RefsyncError):
    """The files of a document cannot be moved without damage."""


@dataclass(frozen=True, slots=True)
class FolderMerge:
    """The files that move into the folder of the document that stays.

    Attributes:
        files: each file with its new path.
        emptied: the folders in which nothing is left, the inner ones first.
        names: for each removed document, by the path of its `info.yaml`, the old and new names of its files, relative
            to the folders.
    """

    files: tuple[tuple[Path, Path], ...]
    emptied: tuple[Path, ...]
    names: dict[str, dict[str, str]]


def plan_folder_merge(library: Library, survivor: Path, removed: Sequence[Path]) -> FolderMerge:
    """The moves that merge the folders of documents.

    A file whose name is taken gets a letter, as papis gives it: `paper-a.pdf`. Folders of other documents inside of
    one stay where they are.

    Args:
        library: the library.
        survivor: the `info.yaml` of the document that stays.
        removed: those of the others.

    Raises:
        MoveRefusedError: a folder is the library's own, or has a link that a move would break.
        RefsyncError: a folder is read-only.
    """
    home = survivor.parent
    files: list[tuple[Path, Path]] = []
    emptied: list[Path] = []
    names: dict[str, dict[str, str]] = {}
    taken: set[str] = set()
    for path in removed:
        folder = path.parent
        if library.folder in (folder, home):
            what = f"one is in {library.folder}, the folder of the library itself"
            raise MoveRefusedError(what, hint="move it to a folder of its own")
        _refuse_read_only(folder, *([home] if folder != home else ()))
        own = names.setdefault(str(path), {})
        for file in _files_of(folder, library.info_name, emptied):
            if is_link(file) and not os.path.isabs(os.readlink(file)):
                raise MoveRefusedError(f"{file} is a link that would lead elsewhere from another folder")
            new = _unused(home, file.relative_to(folder), taken)
            files.append((file, new))
            own[file.relative_to(folder).as_posix()] = new.relative_to(home).as_posix()
    return FolderMerge(tuple(files), tuple(emptied), names)


def _files_of(folder: Path, info_name: str, emptied: list[Path]) -> Iterator[Path]:
    """The files of a document, and its folders, the inner ones first."""
    found = []
    for at, folders, names in os.walk(folder):
        here = Path(at)
        found.append(here)
        links = [name for name in folders if is_link(here / name)]
        folders[:] = sorted(
            name
            for name in folders
            if name not in (*links, FOLDER, *MARKERS) and not os.path.lexists(here / name / info_name)
        )
        yield from (here / name for name in sorted([*names, *links]) if here != folder or name != info_name)
    emptied += reversed(found)


def _unused(home: Path, name: Path, taken: set[str]) -> Path:
    """A path in a folder at which nothing is, and at which nothing else was put; it is taken then."""
    if any(os.path.lexists(home / parent) and not (home / parent).is_dir() for parent in name.parents):
        name = Path(name.name)
    for suffix in _suffixes():
        path = (home / name).with_name(f"{name.stem}{suffix}{name.suffix}")
        if str(path).casefold() not in taken and not os.path.lexists(path):
            taken.add(str(path).casefold())
            return path
    raise AssertionError  # there are infinitely many


def _suffixes() -> Iterator[str]:
    yield ""
    for length in count(1):
        yield from (f"-{''.join(letters)}" for letters in product(ascii_lowercase, repeat=length))


def _refuse_read_only(*folders: Path) -> None:
    for folder in folders:
        if not (folder.stat().st_mode & _ANY_MAY_WRITE and os.access(folder, os.W_OK)):
            raise RefsyncError(f"{folder}: the folder is read-only", hint="nothing was changed")
