"""Keys and macros of the other .bib files in a folder: a bibliography often has several files, of which one is checked.

A reference to a key or macro that one of them defines may be right, even if the configuration does not name that file.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from refsync.check.findings import Finding
from refsync.sources import STDIN

NEEDS_NEIGHBOURS = frozenset({"RS203", "RS304"})
"""Dangling references and undefined macros."""

MAX_BYTES = 50_000_000  # of neighbouring files; a folder with more is not one bibliography

_DEFINITION = re.compile(rb"@\s*\w[\w-]*\s*[{(]\s*([^\s,={}()\"]+)\s*[,=]")


def whole_files(checked: Sequence[str]) -> list[str]:
    """The files whose neighbours are all checked too: every other .bib file in their folder."""
    passed = {Path(name).resolve() for name in checked if name != STDIN}

    @cache
    def is_whole(folder: Path) -> bool:
        try:
            return all(path.resolve() in passed for path in folder.glob("*.bib") if path.is_file())
        except OSError:
            return False

    return [name for name in checked if name != STDIN and is_whole(Path(name).parent)]


def without_neighbours(findings: Iterable[Finding], checked: Sequence[str]) -> list[Finding]:
    """The findings without those about keys and macros that another .bib file in the folder defines."""
    passed = {Path(name).resolve() for name in checked if name != STDIN}

    @cache
    def defined_in(folder: Path) -> frozenset[str]:
        names: set[str] = set()
        read = 0
        for path in sorted(folder.glob("*.bib")):
            try:
                if not path.is_file() or path.resolve() in passed or (read := read + path.stat().st_size) > MAX_BYTES:
                    continue
                data = path.read_bytes()
            except OSError:
                continue
            names.update(found[1].decode("utf-8", "replace").casefold() for found in _DEFINITION.finditer(data))
        return frozenset(names)

    def defined_by_neighbour(item: Finding) -> bool:
        name = item.anchor.rpartition("=")[2].casefold()
        return item.code in NEEDS_NEIGHBOURS and item.source != STDIN and name in defined_in(Path(item.source).parent)

    return [item for item in findings if not defined_by_neighbour(item)]
