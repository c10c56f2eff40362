"""The folders that an assistant may use: each name that it gives must lead to a file in one of them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from refsync.errors import ConfigError, RefsyncError
from refsync.formats.registry import formats
from refsync.write_targets import write_target

MOST_BYTES = 100_000_000  # of a file that is read
_MOST_LISTED = 20_000  # entries of folders that are looked at
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", "_build", "_site"})


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders without links in their paths; relative names start from the first one, the working directory."""

    roots: tuple[Path, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Folders":
        """The folders that the user named; the working directory where there is none.

        Raises:
            ConfigError: one is no folder.
        """
        for name in names:
            if not Path(name).is_dir():
                raise ConfigError(f"{name} is not a folder", hint="name the folders with your bibliographies")
        return cls(tuple(dict.fromkeys(Path(name).resolve() for name in (names or ["."]))))

    def hold(self, path: Path) -> bool:
        """Whether a path without links is in one of the folders."""
        return any(path.is_relative_to(root) for root in self.roots)

    def inputs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Files to read, each as it is named in results.

        Raises:
            RefsyncError: there is none, or one is not in the folders, hidden, too large, or not a file.
        """
        if not names:
            raise RefsyncError("no file is named", hint="the tool `files` lists those that there are")
        return tuple(dict.fromkeys(map(self._input, names)))

    def _input(self, name: str) -> str:
        path = self._resolved(name)
        try:
            if not path.is_file():  # a pipe or a device would be read for ever
                raise RefsyncError(f"{name}: no such file", hint="the tool `files` lists those that there are")
            if (size := path.stat().st_size) > MOST_BYTES:
                raise RefsyncError(f"{name}: {size:,} bytes are too many", hint=f"this server reads {MOST_BYTES:,}")
        except OSError as error:
            raise RefsyncError(f"{name}: {error.strerror}") from None
        return _shown(path)

    def output(self, name: str) -> str:
        """A file to write.

        Raises:
            RefsyncError: it is not in the folders, is hidden, or its folder does not exist.
        """
        path = self._resolved(name)
        if path.is_dir() or not path.parent.is_dir():
            raise RefsyncError(f"{name}: not a file in a folder that exists")
        write_target(path)
        return _shown(path)

    def _resolved(self, name: str) -> Path:
        """The path without links.

        Raises:
            RefsyncError: it is not in the folders, or hidden.
        """
        try:
            path = Path(os.path.realpath(name))
        except (OSError, ValueError):  # a NUL, a circle of links
            raise RefsyncError(f"{name!r} is not the name of a file") from None
        root = next((root for root in self.roots if path.is_relative_to(root)), None)
        if not name or root is None:
            raise RefsyncError(f"{name}: not in the folders that this server may use", hint="`files` lists them")
        if any(part.startswith(".") for part in path.relative_to(root).parts):
            raise RefsyncError(f"{name}: hidden files are not read or written")
        return path

    def bibliographies(self) -> Iterator[tuple[str, int]]:
        """The files in the folders that look like bibliographies by their names, with their sizes in bytes."""
        suffixes = tuple(
            {suffix for form in formats().values() for suffix in form.suffixes} - {".txt", ".html", ".htm"}
        )
        seen = 0
        for root in self.roots:
            for folder, folders, names in os.walk(root):
                folders[:] = sorted(name for name in folders if name[0] != "." and name not in _SKIPPED)
                for name in sorted(names):
                    if (seen := seen + 1) > _MOST_LISTED:
                        return
                    path = Path(folder, name)
                    if name[0] != "." and name.lower().endswith(suffixes) and not path.is_symlink():
                        yield _shown(path), path.stat().st_size


def _shown(path: Path) -> str:
    """A path relative to the working directory if it is in it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
