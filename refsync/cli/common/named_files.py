"""The files that the arguments of a command stand for: patterns and folders are expanded."""

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from refsync.cli.common.output import echo
from refsync.cli.common.text import counted
from refsync.errors import ConfigError
from refsync.papis.configuration import is_papis
from refsync.sources import STDIN, is_remote

NOTES = "refsync.notes"
"""Where a context keeps what is to be noted about the inputs, once it is known whether notes are wanted."""

_GENERAL_SUFFIXES = frozenset(
    ".txt .text .md .markdown .mdown .qmd .html .htm .xhtml .json .jsonl .xml .yaml .yml".split()
)
"""Endings that files without papers have too: in a folder they are read only where nothing else is."""

_SKIPPED = frozenset({"node_modules", "_build", "_site", "__pycache__", "venv"})
_SHOWN = 3


def expand_patterns(inputs: Sequence[str]) -> tuple[str, ...]:
    """The inputs with the files that patterns (`*.bib`) match, for shells that do not expand them.

    Raises:
        ConfigError: a pattern matches nothing.
    """
    found: list[str] = []
    for name in inputs:
        if name == STDIN or is_remote(name) or is_papis(name) or not glob.has_magic(name) or os.path.lexists(name):
            found.append(name)
        elif matched := sorted(glob.glob(name, recursive=True)):
            found += matched
        else:
            raise ConfigError(f"{name}: no file matches this pattern")
    return tuple(found)


def files_below(folder: str, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files in and below a folder with one of the endings, except in hidden and generated folders, in order."""
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _SKIPPED)
        paths = (Path(at, name) for name in sorted(names) if name.lower().endswith(suffixes))
        yield from (path for path in paths if path.is_file())  # a pipe would never end


def specific_suffixes() -> tuple[str, ...]:
    """The endings of files that have nothing but references."""
    from refsync.formats.registry import formats

    return tuple(suffix for form in formats().values() for suffix in form.suffixes if suffix not in _GENERAL_SUFFIXES)


def expand_folders(inputs: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The inputs with the files of folders, and notes about files of folders that are left out.

    Of a folder its bibliographies and exports are read; its texts and pages (`.txt`, `.html`, ...) if it has nothing
    else.
    """
    found: list[str] = []
    notes: list[str] = []
    for name in inputs:
        # a Delta table has files of earlier versions too: only Spark knows which count
        if name == STDIN or is_remote(name) or not os.path.isdir(name) or os.path.isdir(Path(name, "_delta_log")):
            found.append(name)
            continue
        general = [str(path) for path in files_below(name, tuple(_GENERAL_SUFFIXES))]
        specific = [str(path) for path in files_below(name, specific_suffixes())]
        found += specific or general or [name]  # which is then an input that cannot be read
        if specific and general:
            named = ", ".join(os.path.relpath(path, name) for path in general[:_SHOWN])
            more = f" and {len(general) - _SHOWN:,} more" if len(general) > _SHOWN else ""
            notes.append(
                f"{name}: {counted(len(general), 'other file')} not read: {named}{more}; name them to read them"
            )
    return tuple(found), notes


def complete_files(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shell completion by file names."""
    return [CompletionItem(incomplete, type="file")]


def expand(context: click.Context, parameter: click.Parameter, inputs: Any) -> tuple[str, ...]:
    """The callback of an argument: patterns and folders are expanded."""
    files, notes = expand_folders(expand_patterns(inputs))
    context.meta.setdefault(NOTES, []).extend(notes)
    return files


def expand_only_patterns(context: click.Context, parameter: click.Parameter, inputs: Any) -> tuple[str, ...]:
    """The callback of an argument whose command gives folders a meaning of its own."""
    return expand_patterns(inputs)


def print_notes() -> None:
    """Print what was noted about the inputs."""
    for note in click.get_current_context().meta.get(NOTES, ()):
        echo(f"refsync: note: {note}", err=True)
