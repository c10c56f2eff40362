"""Changing a papis library: which one, and what is printed about it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from refsync.cli.common.output import echo
from refsync.errors import ConfigError
from refsync.operating_system import quoted
from refsync.papis.configuration import Library, find_library, is_papis


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


def shown_path(path: str | Path, library: Library) -> str:
    """A path of a library, from its folder."""
    return Path(path).relative_to(library.folder).as_posix()


def print_cache_note(library: Library, quiet: bool) -> None:
    """Print how papis, which keeps a copy of its libraries, learns what was changed; papis itself needs no hint."""
    name = library.name.partition(":")[2]
    chosen = f" --lib {quoted(name)}" if name else ""
    if not quiet and "papis.config" not in sys.modules:
        echo(f"refsync: note: papis shows the changes after `papis{chosen} cache reset`", err=True)
