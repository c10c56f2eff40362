"""Reading a labelled library, for the commands about areas."""

import os
from pathlib import Path

from refsync.errors import ConfigError
from refsync.formats.registry import formats
from refsync.sources import STDIN
from refsync.text.control_characters import without_controls

_GENERAL_SUFFIXES = frozenset(".txt .md .markdown .qmd .html .htm .json .jsonl .xml .yaml .yml".split())
"""Endings that files without papers have too: in a directory they are not read."""


def expand_directories(inputs: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The input files, those of directories among them, and a label for each file of a directory.

    The label is the folder of the file within the directory, else the file's name without its ending.

    Raises:
        ConfigError: a directory has no file that can be read.
    """
    suffixes = tuple(
        suffix for form in formats().values() for suffix in form.suffixes if suffix not in _GENERAL_SUFFIXES
    )
    files: list[str] = []
    labels: dict[str, str] = {}
    for name in inputs:
        root = Path(name)
        if name == STDIN or not root.is_dir():
            files.append(name)
            continue
        paths = []
        for folder, subfolders, names in os.walk(root):
            subfolders[:] = sorted(subfolder for subfolder in subfolders if not subfolder.startswith("."))
            paths += [Path(folder, file) for file in sorted(names) if file.lower().endswith(suffixes)]
        if not paths:
            raise ConfigError(f"{name}: contains no file that can be read", hint=f"looked for {', '.join(suffixes)}")
        for path in paths:
            inside = path.relative_to(root)
            labels[str(path)] = without_controls(inside.parent.as_posix() if len(inside.parts) > 1 else inside.stem)
            files.append(str(path))
    return tuple(files), labels
