"""Reading a labelled library, for the commands about areas."""

from pathlib import Path

import click

from refsync.cli.common.named_files import complete_files, expand_only_patterns, files_below, specific_suffixes
from refsync.errors import ConfigError
from refsync.sources import STDIN
from refsync.text.control_characters import without_controls

library_argument = click.argument(
    "inputs",
    nargs=-1,
    required=True,
    metavar="LIBRARY...",
    callback=expand_only_patterns,
    shell_complete=complete_files,
)
"""Folders stay as they are named, because they may be labels: see `expand_directories`."""


def expand_directories(inputs: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The input files, those of directories among them, and a label for each file of a directory.

    The label is the folder of the file within the directory, else the file's name without its ending.

    Raises:
        ConfigError: a directory has no file that can be read.
    """
    suffixes = specific_suffixes()
    files: list[str] = []
    labels: dict[str, str] = {}
    for name in inputs:
        root = Path(name)
        if name == STDIN or not root.is_dir():
            files.append(name)
            continue
        paths = [*files_below(name, suffixes)]
        if not paths:
            raise ConfigError(f"{name}: contains no file that can be read", hint=f"looked for {', '.join(suffixes)}")
        for path in paths:
            inside = path.relative_to(root)
            labels[str(path)] = without_controls(inside.parent.as_posix() if len(inside.parts) > 1 else inside.stem)
            files.append(str(path))
    return tuple(files), labels
