"""Changing a papis library: which one, and what is printed about it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from refsync.cli.common.output import echo
from refsync.cli.common.text import counted
from refsync.errors import ConfigError, RefsyncError
from refsync.operating_system import quoted
from refsync.papis.configuration import Library, find_library, is_papis
from refsync.sources import Reading, read_again


def only_library(inputs: Sequence[str]) -> Library | None:
    """The papis library that is the only input; None if there is none among the inputs.

    Raises:
        ConfigError: there are other inputs too, or there is no such library.
    """
    if not any(map(is_papis, inputs)):
        return None
    if len(inputs) > 1:
        raise ConfigError("--write changes one papis library, and takes no other input beside it")
    return find_library(inputs[0])


def texts_of_library(reading: Reading, library: Library) -> dict[str, str]:
    """The text of each document.

    Raises:
        RefsyncError: a document cannot be read, so that it is unknown what the library has.
        StaleError: a file was changed since it was read.
    """
    if failed := [problem for problem in reading.problems if problem.fatal]:
        what = f"{library.name}: {counted(len(failed), 'document')} cannot be read"
        raise RefsyncError(what, hint="nothing was changed; correct what is listed above first")
    return {item.source: read_again(reading, item.source).decode("utf-8") for item in reading.snapshots}


def shown_path(path: str | Path, library: Library) -> str:
    """A path of a library, from its folder."""
    return Path(path).relative_to(library.folder).as_posix()


def print_cache_note(library: Library, quiet: bool) -> None:
    """Print how papis, which keeps a copy of its libraries, learns what was changed; papis itself needs no hint."""
    name = library.name.partition(":")[2]
    chosen = f" --lib {quoted(name)}" if name else ""
    if not quiet and "papis.config" not in sys.modules:
        echo(f"refsync: note: papis shows the changes after `papis{chosen} cache reset`", err=True)
