"""A .bib file while it is edited: its findings after each change, before the library was checked again. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from refsync.check.entries import BibFile, Library
from refsync.check.examine_file import ENTRY_RULES, examine
from refsync.check.findings import Finding
from refsync.check.ignore_comments import ignore_comments
from refsync.check.run_rules import ACROSS_FILES, DUPLICATES
from refsync.errors import SourceError
from refsync.formats.bibtex.edit import Edit
from refsync.formats.bibtex.format import read
from refsync.lsp.entry_spans import Spans, changed_stretch
from refsync.lsp.positions import Change, Lines

_LONGEST = 200_000  # of a changed stretch that is examined at once; an open brace may change a whole file
_WORD = re.compile(r"@?[^\s,{}()\"#%=@]+|[^\s]")
_BETWEEN_ENTRIES = ACROSS_FILES - ENTRY_RULES.keys() - {"RS304"}


@dataclass(frozen=True, slots=True)
class Located:
    """A finding at `text[start:end]`."""

    start: int
    end: int
    finding: Finding

    def shifted(self, by: int) -> "Located":
        """The same after a change before it."""
        if not by:
            return self
        finding = self.finding
        if finding.edits:
            edits = tuple(Edit(edit.start + by, edit.end + by, edit.new) for edit in finding.edits)
            finding = replace(finding, edits=edits)
        return Located(self.start + by, self.end + by, finding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What examining a stretch of one file needs to know of the last check."""

    codes: frozenset[str]
    library: Library
    biblatex: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFile:
    """A text with its findings; `merges_valid` is whether a check found the duplicates of exactly this text."""

    source: str
    lines: Lines
    spans: Spans
    located: tuple[Located, ...] = ()
    rules: Rules | None = None
    merges_valid: bool = False

    @classmethod
    def of(cls, source: str, lines: Lines) -> "LiveFile":
        """A text that was just opened."""
        return cls(source=source, lines=lines, spans=Spans.of(lines.text))

    @property
    def text(self) -> str:
        """The text."""
        return self.lines.text

    def checked(self, findings: Iterable[Finding], rules: Rules, *, complete: bool) -> "LiveFile":
        """The file with the findings of a check of this text; until it is complete, duplicates stay as they were."""
        found = [locate(item, self.lines) for item in findings if item.source == self.source]
        if not complete:
            found += [item for item in self.located if item.finding.code in DUPLICATES]
        return replace(self, located=tuple(found), rules=rules, merges_valid=complete)

    def changed(self, change: Change) -> "LiveFile":
        """The file after a change: the entries around it are examined again, the other findings move with the text."""
        lines = self.lines.changed(change)
        spans = self.spans.changed(len(self.text), lines.text, change)
        start, end = changed_stretch(spans, len(lines.text))
        shift = len(lines.text) - len(self.text)
        old_end = end - shift
        before = [item for item in self.located if item.start < start]
        after = [item.shifted(shift) for item in self.located if item.start >= old_end]
        within = [item for item in self.located if start <= item.start < old_end]
        after_change = replace(self, lines=lines, spans=spans, merges_valid=False)
        if self.rules and end - start <= _LONGEST:
            fresh, positions = _examine_stretch(after_change, start, end, self.rules)
            kept = _at_keys(within, positions)
        else:
            fresh = [item for item in within if item.end <= change.start]
            kept = [item.shifted(shift) for item in within if item.start >= change.end]
        return replace(after_change, located=(*before, *sorted([*fresh, *kept], key=_order), *after))


def locate(finding: Finding, lines: Lines) -> Located:
    """Where a finding is: at a key, else at the word that begins at its position."""
    start = lines.offset_of_line(finding.line, finding.column)
    if finding.key and lines.text.startswith(finding.key, start):
        return Located(start, start + len(finding.key), finding)
    word = _WORD.match(lines.text, start)
    return Located(start, word.end() if word else min(start + 1, len(lines.text)), finding)


def _order(item: Located) -> tuple[int, str]:
    return (item.start, item.finding.code)


def _examine_stretch(file: LiveFile, start: int, end: int, rules: Rules) -> tuple[list[Located], dict[str, int]]:
    """The findings in single entries of a stretch, and where the keys of its entries are."""
    text = file.text
    # a macro has the value of the definitions above
    definitions = "".join(
        f"{text[span.start : span.end]}\n" for span in file.spans.all if span.kind == "string" and span.end <= start
    )
    part = definitions + text[start:end]
    shift = start - len(definitions)
    try:
        snapshot = read(part.encode(), file.source)
    except SourceError:  # nothing in it is an entry yet
        return [], {}
    examined = examine(BibFile(snapshot, part), rules.codes, rules.library, rules.biblatex)
    lines = Lines(part)
    hiding = [item for item in ignore_comments(part) if item.start >= 0]
    found = []
    for finding in examined.findings:
        item = locate(finding, lines)
        hidden = any(one.hides(finding.code) and one.start <= item.start < one.end for one in hiding)
        if item.start >= len(definitions) and not hidden:
            found.append(item.shifted(shift))
    positions: dict[str, int] = {}
    for record, position in zip(snapshot.records, examined.key_positions, strict=True):
        positions.setdefault(record.id, position + shift)
    return found, positions


def _at_keys(findings: Sequence[Located], positions: dict[str, int]) -> list[Located]:
    """The findings about several entries, where their entries are now; of an entry without its key there are none."""
    moved = []
    for item in findings:
        key = item.finding.key
        if item.finding.code in _BETWEEN_ENTRIES and key in positions:
            start = positions[key]
            moved.append(Located(start, start + len(key), item.finding))
    return moved
