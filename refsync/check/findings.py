"""Findings: what rules report, at places that an editor can jump to."""

from dataclasses import dataclass
from typing import NamedTuple

from refsync.check.rule_table import RULES, Rule
from refsync.formats.bibtex.edit import Edit


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    `line` and `column` count from 1, columns in characters. `anchor` is what the finding is about in words that stay
    when lines move (another entry's key, a field's name), so that it is known again. What mends it are `edits` of the
    file, or a `merge`: the record with the second index into that with the first, of the same file.
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

    @property
    def rule(self) -> Rule:
        """The rule that reports it."""
        return RULES[self.code]

    @property
    def fixable(self) -> bool:
        """Whether `--fix` mends it."""
        return bool(self.edits or self.merge)


class Spot(NamedTuple):
    """A finding as an entry's rules give it: at a position of the text."""

    code: str
    position: int
    message: str
    anchor: str
    edits: tuple[Edit, ...] = ()
