"""Findings: what rules report, at places that an editor can jump to."""

from dataclasses import dataclass
from typing import NamedTuple

from refsync.check.rule_table import RULES, Rule
from refsync.formats.bibtex.edit import Edit

Place = tuple[str, int]
"""A source and a line in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation of a rule.

    Attributes:
        code: that of the rule.
        source: the file.
        line: counted from 1.
        column: counted from 1, in characters.
        key: the entry's citation key; empty where it has none.
        message: what is wrong, to be read after the key.
        anchor: what the finding is about (another entry's key, a field's name), stable when lines move, so that a
            baseline recognizes it.
        edits: edits of the file that fix it.
        others: the other entries that it is about; a comment above one of them hides it too.
        merge: the merge that fixes it: the record with the second index into that with the first, of the same file.
    """

    code: str
    source: str
    line: int
    column: int
    key: str
    message: str
    anchor: str = ""
    edits: tuple[Edit, ...] = ()
    merge: tuple[int, int] | None = None
    others: tuple[Place, ...] = ()

    @property
    def rule(self) -> Rule:
        """The rule that reports it."""
        return RULES[self.code]

    @property
    def fixable(self) -> bool:
        """Whether `--fix` can fix it."""
        return bool(self.edits or self.merge)


class EntryFinding(NamedTuple):
    """A finding as a rule for single entries reports it: at a position of the file's text."""

    code: str
    position: int
    message: str
    anchor: str
    edits: tuple[Edit, ...] = ()
