"""Which rules are looked for, and which an entry's own comment switches off."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from refsync.check.findings import Finding
from refsync.check.rule_table import RULES
from refsync.errors import ConfigError
from refsync.formats.bibtex.scan import Block, scan

ALL = "ALL"
_IGNORE = re.compile(r"[\s%]*refsync:\s*ignore(?:\s*\[([^\]]*)\]|(?![\w\[-]))", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


def selected(select: Sequence[str], extend_select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The codes to look for: those selected (else the default ones) and more, without those ignored.

    Raises:
        ConfigError: no rule has a code that begins so.

    >>> sorted(selected(["RS10"], ["RS201"], ["RS104"]))
    ['RS101', 'RS102', 'RS103', 'RS201']
    """
    chosen = _matching(select) if select else {code for code, rule in RULES.items() if rule.default}
    return frozenset((chosen | _matching(extend_select)) - _matching(ignore))


def _matching(wanted: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for word in (part.strip().upper() for item in wanted for part in item.split(",")):
        if not word:
            continue
        codes = {code for code in RULES if word == ALL or code.startswith(word)}
        if not codes:
            raise ConfigError(f"no rule {word}", hint="`refsync rules` lists them; a beginning (RS2) or ALL will do")
        found |= codes
    return found


class Ignore(NamedTuple):
    """The lines of an entry above which a comment switches rules off; no code means all."""

    first: int
    last: int
    codes: tuple[str, ...]

    def hides(self, finding: Finding) -> bool:
        """Whether a finding of the same file is switched off."""
        inside = self.first <= finding.line <= self.last
        return inside and (not self.codes or finding.code.startswith(self.codes))


def ignored_codes(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The codes that the comment lines at the end of free text (`text[start:end]`) switch off for what follows.

    `% refsync: ignore[RS103, RS104]` names codes or their beginnings; a bare `% refsync: ignore` switches off all, so
    that nothing is named. None where there is no such comment.
    """
    if "refsync" not in text[start:end].lower():
        return None
    *lines, indent = _LINE_END.split(text[start:end])
    comments = takewhile(lambda line: line.lstrip().startswith("%"), reversed(lines))
    found = [match for line in comments if (match := _IGNORE.match(line))]
    if indent.strip() or not found:
        return None
    if any(item[1] is None for item in found):
        return ()
    return tuple(_codes(item[1] for item in found))


def entries_ignored(text: str, codes: Collection[str]) -> set[int]:
    """The entries of a file, counted from 1, above which a comment switches one of these rules off."""
    found: set[int] = set()
    if "refsync" not in text.lower():
        return found
    before, index = Block("text", 0, 0), 0
    for block in scan(text):
        if block.kind == "entry":
            index += 1
            hidden = ignored_codes(text, before.start, before.end) if before.kind == "text" else None
            if hidden is not None and (not hidden or any(code.startswith(hidden) for code in codes)):
                found.add(index)
        before = block
    return found


def _codes(lists: Iterator[str]) -> Iterator[str]:
    for item in lists:
        for code in item.split(","):
            if code.strip():
                yield "" if code.strip().upper() == ALL else code.strip().upper()
