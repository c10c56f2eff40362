"""What the other .bib files in a folder define: a bibliography is often several files, of which one is checked.

A key or macro that one of them has is no certain error, even where the configuration does not name that file.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from refsync.check.findings import Finding
from refsync.sources import STDIN

NEEDS_NEIGHBOURS = frozenset({"RS203", "RS304"})
"""Dangling references and undefined macros."""

MOST = 50_000_000  # bytes of neighbours that are read; beyond, nobody keeps one bibliography in a folder

_NAMED = re.compile(rb"@\s*\w[\w-]*\s*[{(]\s*([^\s,={}()\"]+)\s*[,=]")


def without_neighbours(findings: Iterable[Finding], checked: Sequence[str]) -> list[Finding]:
    """The findings without those about keys and macros that another .bib file of the folder has."""
    given = {Path(name).resolve() for name in checked if name != STDIN}

    @cache
    def named_beside(folder: Path) -> frozenset[str]:
        names: set[str] = set()
        read = 0
        for path in sorted(folder.glob("*.bib")):
            try:
                if path.resolve() in given or (read := read + path.stat().st_size) > MOST:
                    continue
                data = path.read_bytes()
            except OSError:
                continue
            names.update(found[1].decode("utf-8", "replace").casefold() for found in _NAMED.finditer(data))
        return frozenset(names)

    def elsewhere(item: Finding) -> bool:
        name = item.anchor.rpartition("=")[2].casefold()
        return item.code in NEEDS_NEIGHBOURS and item.source != STDIN and name in named_beside(Path(item.source).parent)

    return [item for item in findings if not elsewhere(item)]
