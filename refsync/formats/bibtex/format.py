"""The format of BibTeX and BibLaTeX databases (`.bib`).

Reading follows BibTeX: macros are case-insensitive and known from their definition on, the first of two fields with one
name counts, white space in values is collapsed. See `scan` for the grammar.
"""

import itertools
import re
import sys
from collections.abc import Sequence

from refsync.errors import FreeTextError, SourceError
from refsync.formats.bibtex.conflict_markers import conflict_markers
from refsync.formats.bibtex.macros import MacroExpression, Macros, ValuePart, too_long_macro, undefined_macro
from refsync.formats.bibtex.plain_entries import PlainEntries
from refsync.formats.bibtex.scan import Block, Field, Part, parts, scan
from refsync.formats.bibtex.tokens import skip_space
from refsync.formats.common.decode import DecodedText, decode_file, replace_surrogates
from refsync.formats.common.positions import line_column_lookup
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot
from refsync.text.latex_escape import has_balanced_braces
from refsync.text.whitespace import collapse_whitespace

_LOOKS_LIKE_ENTRY = re.compile(r"@[ \t]*[^\W\d][\w-]*[ \t]*[{(][ \t]*(?:[^\s,={}()]+[ \t]*)?,\s*[\w-]+\s*=")
# In free text at the start of a line: an entry that lacks its type or the brace after it.
_LACKS_A_BRACE = re.compile(
    r"(?<![^\r\n])[ \t]*"
    r"(@[ \t]*(?:([^\W\d][\w-]*)(?![\w-])|(?![^\W\d]))[ \t]*(?:[{(\[<][ \t]*)?[^\s,={}()\[\]<>]+[ \t]*,\s*[\w-]+\s*=)"
)
_NO_BRACES = str.maketrans("", "", "{}")
_SNIFF = re.compile(rb"(?:\A|[\r\n])[ \t]*@[ \t]*([A-Za-z][\w-]*)\s*[{(]([^,={}]{0,200},)?", re.ASCII)
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_IN_A_PAGE = 0.7  # less than a web page has, whose reader reads its entries too
_NO_ENTRY_TYPES = (b"comment", b"string", b"preamble")


def sniff(head: bytes) -> float:
    """How certain it is that the file is BibTeX: high if a line starts with `@word{key,`."""
    if _WEB_PAGE.match(head):
        return _IN_A_PAGE if _SNIFF.search(head) else 0.0
    score = 0.0
    for found in _SNIFF.finditer(head):
        if found[1].lower() in _NO_ENTRY_TYPES:
            score = max(score, 0.7)
        elif found[2]:
            return 0.95
        else:
            score = max(score, 0.4)
    return score


def read(data: bytes, source: str) -> Snapshot:
    """The records of a BibTeX file, with problems for what could not be read with certainty.

    Values are LaTeX as in the file, without their outer delimiters, with macros expanded. A value with a macro that
    is not defined is a `MacroExpression`.

    Raises:
        SourceError: the file cannot be decoded (see `decode_file`), or has no entry; `FreeTextError` if nothing in it
            is meant to be one.
    """
    decoded = decode_file(data, source)
    reader = _Reader(decoded, source)
    for block in scan(decoded.exact):  # edits scan the same text, and must find the same entries
        reader.take(block)
    return reader.snapshot()


def write(records: Sequence[Record]) -> bytes:
    """A BibTeX file of these records, in UTF-8: see `write.dump`."""
    from refsync.formats.bibtex.write import dump

    return dump(records).encode()


FORMAT = Format(name="bibtex", suffixes=(".bib", ".bibtex"), sniff=sniff, read=read, write=write)


class _Reader:
    """Collects records and problems from the blocks of one text."""

    def __init__(self, decoded: DecodedText, source: str) -> None:
        self.text = decoded.text
        self.decoded = decoded
        self.readable = (
            replace_surrogates if decoded.encoding.mixed else str
        )  # for names and messages from the exact text
        self.source = source
        self.line_column = line_column_lookup(self.text)
        self.macros = Macros(len(self.text))
        self.too_long: dict[str, Problem] = {}
        self.undefined: dict[str, tuple[int, int, int]] = {}
        self.names: dict[str, str] = {}  # of fields in lower case, by how they are written
        self.records: list[Record] = []
        self.plain = PlainEntries(self.text)
        self.problems: list[Problem] = []
        self.preambles: list[str] = []
        self.first_lines: dict[str, int] = {}
        self.spans_read: list[tuple[int, int]] = []  # in which text that looks like an entry is expected
        self.foreign = False  # whether there is text other than BibTeX's blocks and comments
        self.known = False  # whether some block is BibTeX

    def take(self, block: Block) -> None:
        if block.is_record:
            self._entry(block)
        match block.kind:
            case "string":
                self.known = True
                for field in block.fields:
                    self._define(field)
            case "preamble":
                self.known = True
                self.preambles += [value for field in block.fields if (value := self._value(field))]
            case "comment":
                self.known = True
            case "text":
                if skip_space(self.text, block.start) < block.end:
                    self.foreign = True
                    self._report_braceless(block)
        for fault in block.faults:
            self._report(fault.position, fault.message, fault.code, block)
        if block.kind in ("entry", "comment", "malformed"):
            self.spans_read.append((block.start, block.end if block.kind == "comment" else block.start + 1))

    def snapshot(self) -> Snapshot:
        if not (self.records or self.known) and (self.problems or self.foreign):
            raise self._nothing_read()
        for name, (line, column, count) in self.undefined.items():
            self.problems.append(Problem(self.source, undefined_macro(name, count), line, column, kind="note"))
        self.problems += self.too_long.values()
        self._report_enclosed_entries()
        for position in conflict_markers(self.text):
            self._report(position, "a conflict of a merge begins here and is not resolved", "conflict-marker")
        self.problems += self.decoded.problems
        if not self.text.strip():
            self.problems.append(Problem(self.source, "the file is an empty bibliography", kind="note"))
        self.problems.sort(key=lambda problem: (problem.line, problem.column))
        return Snapshot(
            self.source,
            "bibtex",
            tuple(self.records),
            tuple(self.problems),
            preambles=tuple(self.preambles),
            macros=self.macros.defined,
            plain_entries=self.plain.places,
        )

    def _entry(self, block: Block) -> None:
        line, column = self.line_column(block.start)
        key = self.readable(block.key)
        if key in self.first_lines:
            message = f"the key `{key}` is already used by the entry in line {self.first_lines[key]}"
            self.problems.append(Problem(self.source, message, line, column, kind="repeated-id"))
        elif key:
            self.first_lines[key] = line
        fields: dict[str, str] = {}
        text, names, repeated = self.text, self.names, False
        for field in block.fields:
            written, _, start, end, joined = field
            name = names.get(written) or self._name(written)
            if joined or end <= start or text[start] not in '{"':
                value = self._value(field)
            else:  # nearly all, without a call
                value = collapse_whitespace(text[start + 1 : end - 1])
            if block.kind == "malformed" and not has_balanced_braces(value):
                value = value.translate(_NO_BRACES).strip()
            if name in fields:
                repeated = True
                message = f"a second `{name}`, which BibTeX ignores: {_shortened(value)}"
                self._report(field.name_start, message, "field-repeated", block)
                if value and value != fields[name]:
                    number = next(n for n in itertools.count(2) if fields.get(f"{name}-{n}", value) == value)
                    fields.setdefault(f"{name}-{number}", value)
            else:
                fields[name] = value
        if not repeated:
            self.plain.add(block)
        index = len(self.records) + 1
        type_ = sys.intern(self.readable(block.type).lower())
        self.records.append(
            Record(self.source, index, key or f"#{index}", type=type_, fields=fields, markup="latex", line=line)
        )

    def _name(self, written: str) -> str:
        name = self.names[written] = sys.intern(self.readable(written).lower())
        return name

    def _define(self, field: Field) -> None:
        """Define a macro; white space at the ends of its value stays, as in BibTeX."""
        values = self.macros.values
        value, too_long = self._expanded(field)
        self._report_too_long([name for name in too_long if values[name.lower()] is not None], field)
        values[self.readable(field.name).lower()] = None if too_long else value

    def _value(self, field: Field) -> str:
        start, end = field.value_start, field.value_end
        if not field.joined and end > start and self.text[start] in '{"':
            return collapse_whitespace(self.text[start + 1 : end - 1])
        value, too_long = self._expanded(field)
        self._report_too_long(too_long, field)
        return value if isinstance(value, MacroExpression) else collapse_whitespace(value)

    def _expanded(self, field: Field) -> tuple[str, list[str]]:
        """The value with its white space, and the macros that are not expanded because they give too much."""
        text, start, end = self.text, field.value_start, field.value_end
        if start == end:
            return "", []
        if not field.joined and (text[start] in '{"' or text[start:end].isdecimal()):
            return text[start + 1 : end - 1] if text[start] in '{"' else text[start:end], []
        value, undefined, too_long = self.macros.expand([self._part(part) for part in parts(text, field)])
        for name in undefined:
            line, column, count = self.undefined.get(name) or (*self.line_column(start), 0)
            self.undefined[name] = (line, column, count + 1)
        return value, too_long

    def _part(self, part: Part) -> ValuePart:
        written = self.text[part.start : part.end]
        return ValuePart(written if part.kind in ("macro", "number") else written[1:-1], macro=part.kind == "macro")

    def _report_too_long(self, names: Sequence[str], field: Field) -> None:
        for name in names:
            if name not in self.too_long:
                self.too_long[name] = too_long_macro(self.source, name, *self.line_column(field.value_start))

    def _report(self, position: int, message: str, code: str, block: Block | None = None) -> None:
        """Report a problem, or a note if the block was read completely."""
        line, column = self.line_column(position)
        complete = block is not None and block.kind == "entry"
        self.problems.append(
            Problem(
                self.source,
                self.readable(message),
                line,
                column,
                fatal=block is not None and block.truncated,
                kind="note" if complete else "damage",
                code=code,
                partial=block is not None and block.is_record,
            )
        )

    def _nothing_read(self) -> SourceError:
        first = next(iter(self.problems), None)
        hint = first.message if first else "is it another format? name it with --from"
        error = SourceError if first else FreeTextError
        return error(self.source, "no BibTeX entry in it", line=first.line if first else 0, hint=hint)

    def _report_braceless(self, block: Block) -> None:
        for found in _LACKS_A_BRACE.finditer(self.text, block.start, block.end):
            lacks = f"no `{{` follows `@{found[2]}`" if found[2] else "it has no type"
            self._report(found.start(1), f"this looks like an entry, but {lacks}", "entry-unreadable")

    def _begins_a_line(self, at: int) -> bool:
        """Whether there is nothing but spaces and tabs before a position in its line."""
        while at > 0 and self.text[at - 1] in " \t":
            at -= 1
        return at == 0 or self.text[at - 1] in "\r\n"

    def _report_enclosed_entries(self) -> None:
        """Report text that looks like an entry but was not read as one, as after an unclosed brace."""
        spans = iter(self.spans_read)
        start, end = next(spans, (len(self.text), len(self.text)))
        previous_end = -1
        # a pattern that begins with `@` is searched for many times faster than one that begins with white space
        for found in _LOOKS_LIKE_ENTRY.finditer(self.text):
            at = found.start()
            if not self._begins_a_line(at):
                continue
            while end <= at:
                previous_end = end
                start, end = next(spans, (len(self.text), len(self.text) + 1))
            if at < start and at >= previous_end:
                message = "this looks like an entry, but stands inside another; is a brace above it not closed?"
                self._report(at, message, "entry-enclosed")


def _shortened(value: str) -> str:
    return f"{value[:200]}..." if len(value) > 200 else value
