"""Where a write ends up: a project must not lead it elsewhere by symbolic links.

Whoever made a project can commit any link, `library.bib -> ../../.bashrc`. So a link is followed only if it leads to a
visible file or folder of the same project, and none is followed below `.refsync`.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from refsync.errors import RefsyncError
from refsync.operating_system import reserved_reason

FOLDER = ".refsync"
"""The folder with the journal of a library's runs, beside the library."""

MARKERS = (".git", ".hg", ".svn", ".jj")
"""What the root of a repository contains."""

_NAME_IT = "nothing was changed there; name the file itself if it is meant"


def write_target(path: Path) -> Path:
    """The file that a write of `path` replaces, without links.

    Raises:
        RefsyncError: a link on the way leads out of the project, or to a hidden file of it; or the system cannot store
            a file of this name.
    """
    if reason := reserved_reason(path.name):
        raise RefsyncError(f"{path}: {reason}", hint="nothing was changed there; choose another name")
    named = Path(os.path.abspath(path))
    root = _project_of(named)
    home = root.resolve()
    for part in _parts_below(root, named):
        if not is_link(part):
            continue
        target = part.resolve()
        inside = target.is_relative_to(home)
        if FOLDER in part.relative_to(root).parts:
            raise RefsyncError(f"{part} is a symbolic link", hint=f"nothing is written through links in {FOLDER}")
        if not inside or any(name.startswith(".") for name in target.relative_to(home).parts):
            where = "a hidden file or folder" if inside else "outside the project"
            raise RefsyncError(f"{path}: the symbolic link {part} leads to {target}, {where}", hint=_NAME_IT)
    return named.resolve()


def own_folder(base: Path, *names: str) -> Path:
    """The folder `.refsync/NAMES` of a library's folder, created with a `.gitignore` that excludes it.

    Raises:
        RefsyncError: a part of it is a symbolic link.
        OSError: it cannot be created.
    """
    folder = base / FOLDER
    for name in ("", *names):
        folder = folder / name
        write_target(folder)  # refuses links
        folder.mkdir(parents=folder.name == FOLDER, exist_ok=True)
    ignore = base / FOLDER / ".gitignore"
    if not os.path.lexists(ignore):
        handle = os.open(ignore, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o666)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write("*\n")
    return folder


def is_link(path: Path) -> bool:
    """Whether a path is a symbolic link, or on Windows a junction."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    reparse = getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return stat.S_ISLNK(status.st_mode) or reparse


NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
"""The flag of `os.open` that refuses a link; 0 where the system has none, so that `is_link` decides alone."""


def _project_of(path: Path) -> Path:
    """The outermost folder that may come from others: a repository, the working directory; else the file's own."""
    home = Path(os.path.expanduser("~"))
    own = {home, *home.parents}  # such as a repository of the user's settings
    candidates = [
        folder for folder in path.parents if folder not in own and any((folder / name).exists() for name in MARKERS)
    ]
    here = Path.cwd()
    if path.is_relative_to(here) and path != here and here not in own:
        candidates.append(here)
    parent = path.parent
    while FOLDER in parent.parts:
        parent = parent.parent
    return min(candidates, key=lambda folder: len(folder.parts), default=parent)


def _parts_below(root: Path, path: Path) -> Iterator[Path]:
    """The paths from below a folder down to a path."""
    for name in path.relative_to(root).parts:
        root = root / name
        yield root
