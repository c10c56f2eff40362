"""One pass over a file: the rules for single entries, where each key stands, and what comments switch off."""

import re
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from refsync.check.entries import BibFile, Entry, Library, is_biblatex
from refsync.check.findings import Finding, Spot
from refsync.check.line_index import Places
from refsync.check.rule_selection import Ignore, ignored_codes
from refsync.check.rules import structure
from refsync.check.rules.encoding import garbled
from refsync.formats.bibtex.scan import Block, scan

ENTRY_RULES = {
    "RS203": ("structure", "dangling"),
    "RS302": ("structure", "slips"),
    "RS303": ("structure", "repeated_fields"),
    "RS501": ("values", "dois"),
    "RS502": ("values", "book_numbers"),
    "RS503": ("values", "arxiv_numbers"),
    "RS504": ("values", "years"),
    "RS505": ("values", "pages"),
    "RS601": ("required", "missing_fields"),
    "RS602": ("typeset", "special_characters"),
}
"""Rules that look at one entry at a time: module and function, imported when they are selected."""

_CODES = {"damage": "RS301", "encoding": "RS401"}
_MACRO = re.compile(r"@\s*string\s*[{(]\s*([^\s\"#%'(),={}]+)\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Examined:
    """What one pass found: findings, the comments that switch rules off, and where the keys of the entries stand."""

    file: BibFile
    findings: tuple[Finding, ...]
    ignores: tuple[Ignore, ...]
    key_positions: Sequence[int]
    places: Places

    def about(self, index: int, code: str, message: str, anchor: str, merge: tuple[int, int] | None = None) -> Finding:
        """A finding at the key of the entry with this index (from 0)."""
        record = self.file.records[index]
        line, column = self.places(self.key_positions[index]) if self.key_positions else (record.line or 1, 1)
        key = "" if record.id.startswith("#") else record.id
        return Finding(code, self.file.source, line, column, key, message, anchor, merge=merge)


def macros(files: Sequence[BibFile]) -> dict[str, set[str]]:
    """The macros that are defined, in lower case, with the files that do."""
    found: dict[str, set[str]] = {}
    for file in files:
        for definition in _MACRO.finditer(file.text):
            found.setdefault(definition[1].lower(), set()).add(file.source)
    return found


def examine(file: BibFile, codes: Collection[str], library: Library) -> Examined:
    """Apply the rules for single entries, and those about the file's encoding and damage."""
    places = Places(file.text)
    positions = array("Q")
    ignores: list[Ignore] = []
    findings: list[Finding] = []
    rules: list[Callable[[Entry], Iterator[Spot]]] = [
        getattr(import_module(f"refsync.check.rules.{module}"), name)
        for code, (module, name) in ENTRY_RULES.items()
        if code in codes
    ]
    look_for_garbled = "RS402" in codes and not file.text.isascii()
    biblatex = is_biblatex(file.records)
    defined: set[str] = set()
    told: set[str] = set()
    damaged: dict[tuple[int, int], str] = {}
    before = Block("text", 0, 0)
    for block in scan(file.text):
        spots: list[Spot] = []
        if block.kind == "entry":
            record = file.records[len(positions)]
            entry = Entry(file.text, block, record, library, biblatex)
            positions.append(entry.key_position)
            for rule in rules:
                spots += rule(entry)
            if "RS304" in codes:
                spots += structure.undefined_macros(entry, file.source, defined, told)
        elif block.kind == "string":
            defined.update(field.name.lower() for field in block.fields)
        elif block.kind == "malformed":
            damaged.update((places(fault.position), block.key) for fault in block.faults)
        if look_for_garbled:
            spots += garbled(file.text, block.start, block.end)
        for spot in spots:
            line, column = places(spot.position)
            findings.append(
                Finding(spot.code, file.source, line, column, block.key, spot.message, spot.anchor, spot.edits)
            )
        if before.kind == "text" and block.kind != "text":
            hidden = ignored_codes(file.text, before.start, before.end)
            if hidden is not None:
                ignores.append(Ignore(places(block.start)[0], places(block.end)[0], hidden))
        before = block
    findings += (finding for finding in _problems(file, damaged) if finding.code in codes)
    return Examined(file, tuple(findings), tuple(ignores), positions, places)


def _problems(file: BibFile, damaged: Mapping[tuple[int, int], str]) -> Iterator[Finding]:
    """RS301 and RS401: what the reader could not read, or doubts; `damaged` are the keys of blocks by their faults."""
    starts = {record.line: record.id for record in file.records}
    for item in file.snapshot.problems:
        if code := _CODES.get(item.kind):
            key = damaged.get((item.line, item.column), "") if code == "RS301" else starts.get(item.line, "")
            told = f"is damaged: {item.message}" if key else item.message
            yield Finding(code, item.source, item.line or 1, item.column or 1, key, told, _told(item.message))


def _told(message: str) -> str:
    """A message without the numbers in it, which change when lines move."""
    return re.sub(r"\d+", "", message)
