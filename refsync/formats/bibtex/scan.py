"""A lossless scanner for BibTeX: blocks whose spans cover a text exactly, with the spans of keys, names and values.

The grammar is BibTeX's own (Patashnik's bibtex.web) with what biber's parser btparse adds to it:

- `%` begins a comment that runs to the end of its line where a word could begin: in free text, after a block, and
  between the tokens of an entry, but never inside a key or a value (btparse; BibTeX itself knows no comments, so that
  it takes a commented-out entry for an entry, which nobody who wrote the `%` meant).
- `@comment{...}` holds everything up to its closing brace; without one it is the rest of its line.
- Braces count whether or not a backslash stands before them; quotes end a value only outside braces.

Entries that BibTeX mends or refuses for a slip that leaves no doubt about the rest (a missing comma, an empty value, no
key) are entries with `faults`. A block that can't be read is `malformed`, and scanning goes on at the next line that
starts with `@word{`. An `@` amid free text that begins nothing readable is free text (an e-mail address).

Time is linear in the text: no position is the start of a search more than once, see `BraceMatcher`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from refsync.formats.bibtex.tokens import (
    FIELD_NAME,
    SHALLOW_VALUE,
    SPACE,
    BraceMatcher,
    Fault,
    MalformedBlock,
    quoted_word,
    scan_value,
    scan_value_part,
    skip_space,
    unexpected_token,
)

Kind = Literal["entry", "string", "preamble", "comment", "text", "malformed"]
PartKind = Literal["braced", "quoted", "number", "macro"]

_TYPE = r"""[^\s"#%'(),={}@\\]++"""
# Free text up to an `@`. A `%` directly after a word is no comment ("100% @misc{...").
_FREE = re.compile(r"(?:[^@%]++|(?<=[^\s})])%|%[^\r\n]*+)*+")
_HEAD = re.compile(rf"@\s*+({_TYPE})\s*+([{{(])")
_NEXT = re.compile(rf"[\r\n][ \t]*+(@[ \t]*+{_TYPE}\s*+[{{(])")
_CUT_HEAD = re.compile(rf"@\s*+(?:{_TYPE})?+\s*+\Z")
_BARE_COMMENT = re.compile(r"@\s*+comment(?a:\b)[^\r\n]*+", re.IGNORECASE)
_KEY = re.compile(rf"{SPACE}([^\s,{{}})]*+){SPACE}([,}})])")
_KEY_IN_BRACES = re.compile(rf"{SPACE}([^\s,{{}}]*+){SPACE}([,}}])")
_KEY_WITHOUT_COMMA = re.compile(rf"{SPACE}([^\s,{{}}=]++)\s++(?={FIELD_NAME}{SPACE}=)")
_KEY_WITH_SPACES = re.compile(rf"{SPACE}([^,={{}}\r\n]++){SPACE}([,}}])")
_NO_KEY = re.compile(rf"{SPACE}(?={FIELD_NAME}{SPACE}=)")
# One field with a simple value, up to three levels deep, and what follows it: nearly all fields of nearly all files.
_FIELD = re.compile(rf"{SPACE}({FIELD_NAME}){SPACE}={SPACE}({SHALLOW_VALUE}){SPACE}([,}})#])")
_FIELD_START = re.compile(rf"{SPACE}({FIELD_NAME}){SPACE}=")
_DEEPEST_INDENT = 200  # a bound, so that a line of a million `@` costs no million looks back to its start


class Field(NamedTuple):
    """A field, or a macro in an `@string`: spans of its name and value.

    A named tuple, since a library has half a million of them. `joined` says that the value is a concatenation with `#`;
    `parts` gives its parts.
    """

    name: str
    name_start: int
    value_start: int
    value_end: int
    joined: bool

    @property
    def name_end(self) -> int:
        """Where the name ends."""
        return self.name_start + len(self.name)


class Part(NamedTuple):
    """One part of a value, delimiters included in the span."""

    kind: PartKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, `text[start:end]`.

    An `entry` has all that follows; a `string` its macros and a `preamble` its nameless value as `fields`; a
    `malformed` block what could be read before its first fault. `truncated` means that the text ends inside it.
    """

    kind: Kind
    start: int
    end: int
    type: str = ""
    key: str = ""
    key_start: int = 0
    fields: tuple[Field, ...] = ()
    faults: tuple[Fault, ...] = ()
    truncated: bool = False

    @property
    def key_end(self) -> int:
        """Where the key ends."""
        return self.key_start + len(self.key)


def scan(text: str) -> Iterator[Block]:
    """The blocks of a text, in order; their spans cover it exactly. Never raises on any text."""
    braces = BraceMatcher(text)
    free_from = position = 0
    while True:
        at = _FREE.match(text, position).end()  # type: ignore[union-attr]  # matches the empty string
        if at >= len(text):
            break
        block = _block(braces, at, _begins_a_line(text, at, free_from))
        if isinstance(block, int):
            position = block
            continue
        if at > free_from:
            yield Block("text", free_from, at)
        yield block
        free_from = position = block.end
    if free_from < len(text):
        yield Block("text", free_from, len(text))


def parts(text: str, field: Field) -> Iterator[Part]:
    """The parts of a field's value: one, or those that `#` joins; none where the value is missing."""
    position = field.value_start
    braces = BraceMatcher(text)
    while position < field.value_end:
        end = scan_value_part(braces, position) if field.joined else field.value_end
        yield Part(_part_kind(text, position, end), position, end)
        position = skip_space(text, end)
        if text[position : position + 1] == "#":
            position = skip_space(text, position + 1)


def _part_kind(text: str, start: int, end: int) -> PartKind:
    match text[start]:
        case "{":
            return "braced"
        case '"':
            return "quoted"
    return "number" if text[start:end].isdecimal() else "macro"


def _block(braces: BraceMatcher, at: int, line_start: bool) -> Block | int:
    """The block at this `@`, or where to look on when it is free text."""
    text = braces.text
    head = _HEAD.match(text, at)
    if head is None:
        if line_start and _CUT_HEAD.match(text, at):
            fault = Fault(at, "the file ends inside this entry; it looks truncated")
            return Block("malformed", at, len(text), faults=(fault,), truncated=True)
        comment = _BARE_COMMENT.match(text, at)
        return Block("comment", at, comment.end(), "comment") if comment else at + 1
    type_, opening = head[1], head[2]
    position = head.end()
    lowered = type_.lower()
    if lowered == "comment":
        return _comment(braces, at, position - 1)
    fields: list[Field] = []
    faults: list[Fault] = []
    key, key_start = "", position
    kind: Kind = "entry"
    closer = "}" if opening == "{" else ")"
    try:
        if lowered == "preamble":
            kind = "preamble"
            end = _preamble(braces, position, closer, fields)
        elif lowered == "string":
            kind = "string"
            end = _fields(braces, position, closer, fields, faults)
        else:
            key, key_start, position, closed = _key(text, position, closer, faults)
            end = position if closed else _fields(braces, position, closer, fields, faults)
    except MalformedBlock as error:
        if not (line_start or fields):
            return max(error.fault.position, at + 1)
        faults.append(error.fault)
        return _malformed(text, Block("malformed", at, at, type_, key, key_start, tuple(fields), tuple(faults)), error)
    if not (line_start or fields or kind != "entry"):
        return end  # a mail address followed by words in braces
    return Block(kind, at, end, type_, key, key_start, tuple(fields), tuple(faults))


def _begins_a_line(text: str, at: int, free_from: int) -> bool:
    """Whether only white space stands between this `@` and the start of its line or the end of the last block."""
    window = max(free_from, at - _DEEPEST_INDENT)
    before = text[window:at].rstrip(" \t\v\f\xa0")
    return before[-1] in "\r\n" if before else window == free_from


def _comment(braces: BraceMatcher, at: int, opening: int) -> Block:
    text, end = braces.text, -1
    if text[opening] == "{":
        end = braces.closing(opening)
    elif (close := text.find(")", opening)) >= 0:
        end = close + 1
    if end < 0:
        end = _BARE_COMMENT.match(text, at).end()  # type: ignore[union-attr]  # the caller saw `@comment`
    return Block("comment", at, max(end, opening + 1), "comment")


def _malformed(text: str, block: Block, error: MalformedBlock) -> Block:
    """The block up to the next line that starts with `@word{`, without the white space before it."""
    following = _NEXT.search(text, max(error.fault.position - 1, block.start))
    end = following.start(1) if following else len(text)
    faults = block.faults
    truncated = error.open_end and not following
    if truncated:
        faults = (*faults[:-1], Fault(block.start, "the file ends inside this entry; it looks truncated"))
    length = len(text[block.start : end].rstrip())
    return Block(
        "malformed",
        block.start,
        len(text) if truncated else block.start + length,
        block.type,
        block.key,
        block.key_start,
        block.fields,
        faults,
        truncated,
    )


def _key(text: str, position: int, closer: str, faults: list[Fault]) -> tuple[str, int, int, bool]:
    """The key, where it starts, where the fields start, and whether the entry ends there."""
    found = (_KEY_IN_BRACES if closer == "}" else _KEY).match(text, position)
    if found and '="' not in found[1]:
        if not found[1] and found[2] == ",":
            faults.append(Fault(found.start(1), "the entry has no key"))
        return found[1], found.start(1), found.end(), found[2] != ","
    if found := _NO_KEY.match(text, position):
        faults.append(Fault(found.end(), "the entry has no key"))
        return "", found.end(), found.end(), False
    if found := _KEY_WITHOUT_COMMA.match(text, position):
        faults.append(Fault(found.end(1), "a comma is missing after the key"))
        return found[1], found.start(1), found.end(), False
    if found := _KEY_WITH_SPACES.match(text, position):
        key = found[1].rstrip()
        faults.append(Fault(found.start(1), f"the key {quoted_word(key)} holds white space, which BibTeX refuses"))
        return key, found.start(1), found.end(), found[2] != ","
    start = skip_space(text, position)
    raise unexpected_token(text, start, "a citation key and a comma")


def _fields(braces: BraceMatcher, position: int, closer: str, fields: list[Field], faults: list[Fault]) -> int:
    """Read fields into `fields` up to the end of the block, and return it."""
    text = braces.text
    match_field = _FIELD.match
    while True:
        if found := match_field(text, position):
            name, after = found[1], found[3]
            position = found.end()
            if after == ",":
                fields.append(Field(name, found.start(1), found.start(2), found.end(2), False))
                continue
            if after == closer:
                fields.append(Field(name, found.start(1), found.start(2), found.end(2), False))
                return position
            position = found.start()
        if start := _FIELD_START.match(text, position):
            value_start = skip_space(text, start.end())
            value_end, joined = scan_value(braces, value_start, closer, faults)
            fields.append(Field(start[1], start.start(1), value_start, value_end, joined))
            position = skip_space(text, value_end)
            if text[position : position + 1] == ",":
                position += 1
            elif text[position : position + 1] != closer:
                if not _FIELD_START.match(text, position):
                    raise unexpected_token(text, position, f"`,` or `{closer}` after the value of `{start[1]}`")
                faults.append(Fault(value_end, f"a comma is missing after the value of `{start[1]}`"))
            continue
        position = skip_space(text, position)
        if text[position : position + 1] == closer:
            return position + 1
        if text[position : position + 1] != ",":
            raise unexpected_token(text, position, f"a field name or `{closer}`")
        faults.append(Fault(position, "a comma too many"))
        position += 1


def _preamble(braces: BraceMatcher, position: int, closer: str, fields: list[Field]) -> int:
    text = braces.text
    start = skip_space(text, position)
    end, joined = scan_value(braces, start, closer, [])
    position = skip_space(text, end)
    if text[position : position + 1] != closer:
        raise unexpected_token(text, position, f"`{closer}` at the end of the preamble")
    fields.append(Field("", start, start, end, joined))
    return position + 1
