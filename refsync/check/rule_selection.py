"""Which rules are checked, and which of them the comment above an entry switches off."""

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


def selected_codes(select: Sequence[str], extend_select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The codes to check: those selected (else the default ones) and additional ones, without those ignored.

    Raises:
        ConfigError: an item is neither a code nor the beginning of one.

    >>> sorted(selected_codes(["RS10"], ["RS201"], ["RS104"]))
    ['RS101', 'RS102', 'RS103', 'RS201']
    """
    chosen = _codes_matching(select) if select else {code for code, rule in RULES.items() if rule.default}
    return frozenset((chosen | _codes_matching(extend_select)) - _codes_matching(ignore))


def _codes_matching(prefixes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for prefix in (part.strip().upper() for item in prefixes for part in item.split(",")):
        if not prefix:
            continue
        codes = {code for code in RULES if prefix == ALL or code.startswith(prefix)}
        if not codes:
            raise ConfigError(f"no rule {prefix}", hint="`refsync rules` lists them; RS2 or ALL selects several")
        found |= codes
    return found


class Ignore(NamedTuple):
    """The lines of an entry with an `ignore` comment above it, and the codes in it; no code means all."""

    first: int
    last: int
    codes: tuple[str, ...]

    def hides(self, finding: Finding) -> bool:
        """Whether the comment hides a finding of the same file."""
        inside = self.first <= finding.line <= self.last
        return inside and (not self.codes or finding.code.startswith(self.codes))


def ignored_codes(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The codes that the comment lines at the end of free text (`text[start:end]`) switch off for the next entry.

    `% refsync: ignore[RS103, RS104]` names codes or their beginnings; a bare `% refsync: ignore` switches off all rules
    and gives an empty tuple. None where there is no such comment.
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
    return tuple(_listed_codes(item[1] for item in found))


def entries_ignored(text: str, codes: Collection[str]) -> set[int]:
    """The entries of a file, counted from 1, for which an `ignore` comment switches one of these rules off."""
    found: set[int] = set()
    if "refsync" not in text.lower():
        return found
    previous, index = Block("text", 0, 0), 0
    for block in scan(text):
        if block.kind == "entry":
            index += 1
            ignored = ignored_codes(text, previous.start, previous.end) if previous.kind == "text" else None
            if ignored is not None and (not ignored or any(code.startswith(ignored) for code in codes)):
                found.add(index)
        previous = block
    return found


def _listed_codes(lists: Iterator[str]) -> Iterator[str]:
    for item in lists:
        for code in item.split(","):
            if code.strip():
                yield "" if code.strip().upper() == ALL else code.strip().upper()
