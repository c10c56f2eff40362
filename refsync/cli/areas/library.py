"""What the commands for own areas have in common: reading a labelled library."""

import os
from collections.abc import Mapping
from pathlib import Path

from refsync.classify.settings import AreaAnswer
from refsync.cli.common.options import Common
from refsync.cli.common.stages import decisions_file
from refsync.decisions import read_area_answers
from refsync.errors import ConfigError
from refsync.formats.registry import formats
from refsync.records import Problem
from refsync.sources import STDIN

_OF_ANYTHING = frozenset(
    {".txt", ".md", ".markdown", ".qmd", ".html", ".htm", ".json", ".jsonl", ".xml"}
)  # not only papers


def expanded(inputs: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The files in the directories among the inputs, and the label of each: its folder there, else its own name.

    Raises:
        ConfigError: a directory has no file that can be read.
    """
    suffixes = tuple(suffix for form in formats().values() for suffix in form.suffixes if suffix not in _OF_ANYTHING)
    files: list[str] = []
    folders: dict[str, str] = {}
    for name in inputs:
        root = Path(name)
        if name == STDIN or not root.is_dir():
            files.append(name)
            continue
        found = []
        for folder, below, here in os.walk(root):
            below[:] = sorted(one for one in below if not one.startswith("."))
            found += [Path(folder, one) for one in sorted(here) if one.lower().endswith(suffixes)]
        if not found:
            raise ConfigError(f"{name}: no file in it that can be read", hint=f"looked for {', '.join(suffixes)}")
        for path in found:
            inside = path.relative_to(root)
            folders[str(path)] = inside.parent.as_posix() if len(inside.parts) > 1 else inside.stem
            files.append(str(path))
    return tuple(files), folders


def area_answers(
    inputs: tuple[str, ...], output: str, common: Common
) -> tuple[Mapping[str, AreaAnswer], list[Problem]]:
    """What people said of areas: in the configured file of decisions, or the one beside the library."""
    path = decisions_file(inputs, output, common)
    return read_area_answers(path) if path else ({}, [])
