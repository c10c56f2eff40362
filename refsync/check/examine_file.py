"""One pass over a file: the rules for single entries, and the position of each key."""

import re
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from refsync.check.entries import BibFile, Entry, Library
from refsync.check.findings import EntryFinding, Finding, Place
from refsync.check.line_index import LineIndex
from refsync.check.rules import structure
from refsync.check.rules.commands import commands
from refsync.check.rules.encoding import garbled
from refsync.formats.bibtex.plain_entries import scan_again
from refsync.formats.common.dialect import dialect_of

ENTRY_RULES = {
    "RS203": ("structure", "dangling"),
    "RS207": ("structure", "references_in_other_case"),
    "RS302": ("structure", "slips"),
    "RS303": ("structure", "repeated_fields"),
    "RS403": ("encoding", "decomposed_letters"),
    "RS501": ("values", "dois"),
    "RS502": ("values", "book_numbers"),
    "RS503": ("values", "arxiv_numbers"),
    "RS504": ("values", "years"),
    "RS505": ("values", "pages"),
    "RS506": ("name_lists", "name_lists"),
    "RS507": ("name_lists", "name_lists"),
    "RS508": ("dates", "months"),
    "RS509": ("dates", "year_beside_date"),
    "RS510": ("addresses", "addresses"),
    "RS511": ("values", "editions"),
    "RS601": ("required", "missing_fields"),
    "RS602": ("typeset", "special_characters"),
    "RS603": ("misspellings", "misspelt_type"),
    "RS604": ("misspellings", "misspelt_fields"),
    "RS605": ("markup", "html_markup"),
    "RS606": ("markup", "titles_in_capitals"),
    "RS607": ("addresses", "missing_files"),
}
"""Rules that check one entry at a time: module and function, imported when they are selected.

A function may check several rules.
"""

_READER_CODES = {"damage": "RS301", "encoding": "RS401"}
_CONFLICT = "conflict-marker"
_MACRO = re.compile(r"@\s*string\s*[{(]\s*([^\s\"#%'(),={}]+)\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminedFile:
    """A file after one pass: its findings, and the positions of its entries' keys. The text is not kept.

    `editable` is whether findings can be fixed: the file is BibTeX without an unresolved conflict.
    """

    file: BibFile
    findings: tuple[Finding, ...]
    key_positions: Sequence[int]
    line_index: LineIndex
    editable: bool

    def finding_at(
        self,
        index: int,
        code: str,
        message: str,
        anchor: str,
        merge: tuple[int, int] | None = None,
        others: tuple[Place, ...] = (),
    ) -> Finding:
        """A finding at the key of the entry with this index (from 0), about other entries too."""
        record = self.file.records[index]
        line, column = self.line_index(self.key_positions[index]) if self.key_positions else (record.line or 1, 1)
        key = "" if record.id.startswith("#") else record.id
        return Finding(
            code=code,
            source=self.file.source,
            line=line,
            column=column,
            key=key,
            message=message,
            anchor=anchor,
            merge=merge,
            others=others,
        )


def macros(files: Sequence[BibFile]) -> dict[str, set[str]]:
    """The macros that the files define, in lower case, each with the files that define it."""
    found: dict[str, set[str]] = {}
    for file in files:
        for definition in _MACRO.finditer(file.text):
            found.setdefault(definition[1].lower(), set()).add(file.source)
    return found


def examine(file: BibFile, codes: Collection[str], library: Library, biblatex: bool | None = None) -> ExaminedFile:
    """The file after applying the rules for single entries, and those about the file's encoding and damage.

    `biblatex` is whether the entries are written for BibLaTeX; None where they themselves decide.
    """
    line_index = LineIndex(file.text, file.lines)
    positions = array("Q")
    findings: list[Finding] = []
    selected = dict.fromkeys(ENTRY_RULES[code] for code in ENTRY_RULES if code in codes)
    rules: list[Callable[[Entry], Iterator[EntryFinding]]] = [
        getattr(import_module(f"refsync.check.rules.{module}"), name) for module, name in selected
    ]
    check_garbled = "RS402" in codes and not file.text.isascii()
    biblatex = dialect_of(file.records) == "biblatex" if biblatex is None else biblatex
    defined: set[str] = set()
    reported_macros: set[str] = set()
    damaged: dict[tuple[int, int], str] = {}
    for block in scan_again(file.text, file.snapshot.plain_entries):
        in_block: list[EntryFinding] = []
        if block.kind == "entry":
            record = file.records[len(positions)]
            entry = Entry(text=file.text, block=block, record=record, library=library, biblatex=biblatex)
            positions.append(entry.key_position)
            for rule in rules:
                in_block += rule(entry)
            if "RS304" in codes:
                in_block += structure.undefined_macros(entry, file.source, defined, reported_macros)
        elif block.kind == "string":
            defined.update(field.name.lower() for field in block.fields)
        elif block.kind == "malformed":
            if block.is_record:
                positions.append(block.start)
            damaged.update((line_index(fault.position), block.key) for fault in block.faults)
        if check_garbled:
            in_block += garbled(file.text, block.start, block.end)
        if "RS608" in codes or "RS609" in codes:
            in_block += commands(file.text, block)
        for item in in_block:
            if item.code not in codes:
                continue
            line, column = line_index(item.position)
            findings.append(
                Finding(
                    code=item.code,
                    source=file.source,
                    line=line,
                    column=column,
                    key=block.key,
                    message=item.message,
                    anchor=item.anchor,
                    edits=item.edits,
                )
            )
    findings += (finding for finding in _reader_findings(file, damaged) if finding.code in codes)
    editable = bool(file.text) and not file.lines and all(item.code != _CONFLICT for item in file.snapshot.problems)
    line_index(0)  # so that it needs the text no more
    return ExaminedFile(
        file=BibFile(file.snapshot),
        findings=tuple(finding if editable else replace(finding, edits=()) for finding in findings),
        key_positions=positions,
        line_index=line_index,
        editable=editable,
    )


def _reader_findings(file: BibFile, damaged: Mapping[tuple[int, int], str]) -> Iterator[Finding]:
    """RS301, RS305 and RS401: problems of the reader; `damaged` has the keys of malformed blocks by line and column."""
    starts = {record.line: record.id for record in file.records}
    for item in file.snapshot.problems:
        if code := "RS305" if item.code == _CONFLICT else _READER_CODES.get(item.kind):
            key = damaged.get((item.line, item.column), "") if code == "RS301" else starts.get(item.line, "")
            yield Finding(
                code=code,
                source=item.source,
                line=item.line or 1,
                column=item.column or 1,
                key=key,
                message=f"is damaged: {item.message}" if key else item.message,
                anchor=item.code,
            )
