"""A .bib file as named segments: its entries, macros and comments, each with the text above it. Pure.

The segments of a text, one after the other, are the text.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from refsync.formats.bibtex.scan import Block, Field, scan
from refsync.text.whitespace import collapse_whitespace

Name = tuple[str, str, int]
"""The kind of a segment, its key in lower case, and how many of that name are before it."""

_PROGRAM_DATA = re.compile(r"@\s*comment\s*\{\s*(jabref-meta:\s*[\w-]+|jabref-[\w-]+|bibdesk[\w ]*)", re.IGNORECASE)
_REST_OF_LINE = re.compile(r"[^\r\n]*")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Segment:
    """One block of a file.

    Attributes:
        name: what identifies it among versions of the file.
        above: the text between the block before and this one: white space and comments.
        body: the block, and the text beside its end.
    """

    name: Name
    above: str
    body: str

    @property
    def text(self) -> str:
        return self.above + self.body

    @cached_property
    def block(self) -> Block | None:
        """The entry, with spans in `body`; None for other segments, and for entries with faults."""
        if self.name[0] != "entry":
            return None
        block = next(scan(self.body))
        names = [field.name.lower() for field in block.fields]
        return None if block.faults or len({*names}) < len(names) else block

    @cached_property
    def values(self) -> dict[str, str]:
        """The values of an entry as written, with white space collapsed, by the name of the field in lower case."""
        return {name: collapse_whitespace(self.source(name)) for name in self.fields}

    @cached_property
    def fields(self) -> dict[str, Field]:
        return {field.name.lower(): field for field in self.block.fields} if self.block else {}

    def source(self, name: str) -> str:
        """The value of a field as written, with its delimiters."""
        field = self.fields[name]
        return self.body[field.value_start : field.value_end]

    @cached_property
    def content(self) -> object:
        """The content of the segment, whatever its layout."""
        if self.block:
            return self.block.type.lower(), self.block.key, self.values, self.comments
        return collapse_whitespace(self.body)

    @cached_property
    def comments(self) -> str:
        """What is between the fields of an entry besides commas and white space."""
        if not self.block:
            return ""
        pieces, position = [], self.block.key_end
        for field in self.block.fields:
            pieces.append(self.body[position : field.name_start])
            position = field.value_end
        pieces.append(self.body[position : self.block.end - 1] + self.body[self.block.end :])
        return collapse_whitespace(" ".join(pieces).replace(",", " "))


def segments(text: str) -> list[Segment]:
    """The segments of a text with line ends of one character.

    What is above the first block up to its last blank line is a segment `header`; the text after the last block, if it
    has any words, is one named `tail`.
    """
    return [*_named(_pieces(text))]


def _pieces(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Each segment's kind, key, text above and body."""
    above_start = end = 0
    first = True
    for block in scan(text):
        kind, key = _identify(text, block)
        if not kind or block.start < end:
            continue
        above = text[above_start : block.start]
        rest = _REST_OF_LINE.match(text, block.end)[0]  # type: ignore[index]  # matches the empty string
        end = block.end + (len(rest.rstrip()) if rest.strip() and "@" not in rest else 0)
        if first and above.strip() and (blanks := [*_BLANK_LINE.finditer(above)]):
            cut = blanks[-1].start() if above[: blanks[-1].start()].strip() else 0
            if cut:
                yield "header", "", "", above[:cut]
                above = above[cut:]
        first = False
        yield kind, key, above, text[block.start : end]
        above_start = end
    if text[above_start:]:
        yield "tail", "", "", text[above_start:]


def _identify(text: str, block: Block) -> tuple[str, str]:
    """The kind and the key of a block; an empty kind for text."""
    written = text[block.start : block.end]
    match block.kind:
        case "entry":
            return "entry", block.key.casefold()
        case "string":
            return "string", " ".join(field.name.casefold() for field in block.fields)
        case "comment":
            program = _PROGRAM_DATA.match(written)
            return ("comment", collapse_whitespace(program[1].casefold())) if program else ("", "")
        case "malformed":
            return "malformed", block.key.casefold() or collapse_whitespace(written)
        case "preamble":
            return "preamble", collapse_whitespace(written)
    return "", ""


def _named(pieces: Iterator[tuple[str, str, str, str]]) -> Iterator[Segment]:
    seen: Counter[tuple[str, str]] = Counter()
    for kind, key, above, body in pieces:
        yield Segment((kind, key, seen[kind, key]), above, body)
        seen[kind, key] += 1
