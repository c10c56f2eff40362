"""A lossless scanner for BibTeX: blocks that together cover the text, with the spans of keys, names and values.

The grammar is BibTeX's own (Patashnik's bibtex.web) with what biber's parser btparse adds to it:

- `%` begins a comment that runs to the end of its line where a word could begin: in free text, after a block, and
  between the tokens of an entry, but never inside a key or a value (btparse; BibTeX itself has no comments and would
  read an entry that is commented out).
- `@comment{...}` ends at its closing brace, or without one at the end of its line.
- Braces count with or without a backslash before them; quotes end a value only outside braces.

Entries with a fault that does not affect the rest (a missing comma, an empty value, no key) are entries with `faults`,
whether BibTeX repairs or refuses them. A block that can't be read is `malformed`, and scanning continues at the next
line that starts with `@word{`. An `@` in free text that begins no readable block is free text (an e-mail address).

Time is linear in the length of the text: no search starts twice at one position, see `BraceMatcher`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
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

_TYPE = r"""[^\s"#%'(),={}@\\]+"""
# What ends free text: an `@`, unless it is in a comment. A `%` directly after a word is none ("100% @misc{...").
_AT_OR_COMMENT = re.compile(r"@|(?<![^\s})])%[^\r\n]*")
_HEAD = re.compile(rf"@\s*({_TYPE})\s*([{{(])")
_NEXT = re.compile(rf"[\r\n][ \t]*(@[ \t]*{_TYPE}\s*[{{(])")
_TRUNCATED_HEAD = re.compile(rf"@\s*(?:{_TYPE}\s*)?\Z")
_BARE_COMMENT = re.compile(r"@\s*comment(?a:\b)[^\r\n]*", re.IGNORECASE)
_KEY = re.compile(rf"{SPACE}([^\s,{{}})]*)(?![^\s,{{}})]){SPACE}([,}})])")
_KEY_IN_BRACES = re.compile(rf"{SPACE}([^\s,{{}}]*)(?![^\s,{{}}]){SPACE}([,}}])")
_KEY_WITHOUT_COMMA = re.compile(rf"{SPACE}([^\s,{{}}=]+)\s+(?={FIELD_NAME}{SPACE}=)")
_KEY_WITH_SPACES = re.compile(rf"{SPACE}([^,={{}}\r\n]+)(?![^,={{}}\r\n]){SPACE}([,}}])")
_NO_KEY = re.compile(rf"{SPACE}(?={FIELD_NAME}{SPACE}=)")
# One field and what follows it, whose value has no braces if none is found in it afterwards: nearly all fields there
# are. The length is limited, so that braces which are never closed do not cost a search to the end of the text.
_PLAIN_FIELD = re.compile(rf"""\s*({FIELD_NAME})\s*=\s*(\{{[^}}]{{0,4000}}\}}|"[^"]{{0,4000}}"|\d+)\s*([,}})])""")
# The same with a value up to three levels deep, and comments
_FIELD = re.compile(rf"{SPACE}({FIELD_NAME}){SPACE}={SPACE}({SHALLOW_VALUE}){SPACE}([,}})#])")
_FIELD_START = re.compile(rf"{SPACE}({FIELD_NAME}){SPACE}=")
# `Early Access Date = {{MAY 2020}}`, as Web of Science writes it
_SPACED_FIELD_START = re.compile(rf"{SPACE}({FIELD_NAME}(?:[ \t]+{FIELD_NAME}){{1,5}}){SPACE}=")
_WITHOUT_EQUALS = re.compile(rf"{SPACE}([A-Za-z][A-Za-z_-]*)(?![A-Za-z_-])(?:{SPACE}(?=[{{\"])|[ \t]+(?=\d))")
# After an entry that seems complete: its other fields, behind a brace too many
_GOES_ON = re.compile(rf"[ \t]*,\s*(?={FIELD_NAME}\s*=)")
_AFTER_FAULT = re.compile(
    rf"(?:(?<=[\r\n])|(?<=,))[ \t]*({FIELD_NAME})[ \t]*=[ \t]*({SHALLOW_VALUE})[ \t]*(?=,|\}}|\)|\r|\n|\Z)"
)
_FIELD_LINE = re.compile(rf"[\r\n][ \t]*{FIELD_NAME}[ \t]*=[ \t]*[{{\"\d]")
_NO_ENTRIES = ("comment", "string", "preamble")
_MAX_INDENT = 200  # a limit, so that a line of a million `@` is not read backwards a million times


class Field(NamedTuple):
    """The spans of name and value of a field, or of a macro in an `@string`.

    It is a named tuple because a library has half a million of them. `joined` says that the value is a concatenation
    with `#`, which `parts` splits.
    """

    name: str
    name_start: int
    value_start: int
    value_end: int
    joined: bool

    @property
    def name_end(self) -> int:
        """The end of the name."""
        return self.name_start + len(self.name)


class Part(NamedTuple):
    """One part of a value; the span includes delimiters."""

    kind: PartKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, `text[start:end]`.

    An `entry` uses all attributes; a `string` has its macros and a `preamble` its value as `fields`; a `malformed` one
    has what could be read before its first fault and after it. `truncated` means that the text ends inside it.
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
        """The end of the key."""
        return self.key_start + len(self.key)

    @property
    def key_position(self) -> int:
        """Where the key begins; where the block begins if it has none."""
        return self.key_start if self.key else self.start

    @property
    def is_record(self) -> bool:
        """Whether a record is read from this block: from an entry, also a malformed one with some fields."""
        return self.kind == "entry" or (
            self.kind == "malformed" and bool(self.fields) and self.type.lower() not in _NO_ENTRIES
        )


def scan(text: str, start: int = 0) -> Iterator[Block]:
    """The blocks of a text, in order; their spans cover it exactly. It never raises.

    Scanning may start at the end of an earlier block that is no free text.
    """
    braces = BraceMatcher(text)
    free_start = position = start
    while True:
        at = _next_at(text, position)
        if at >= len(text):
            break
        block = _block(braces, at, _begins_a_line(text, at, free_start))
        if isinstance(block, int):
            position = max(block, at + 1)  # it must advance, whatever a pattern matches
            continue
        if at > free_start:
            yield Block("text", free_start, at)
        yield block
        free_start = position = block.end
    if free_start < len(text):
        yield Block("text", free_start, len(text))


def parts(text: str, field: Field) -> Iterator[Part]:
    """The parts of a field's value: one, or those that `#` joins; none if the value is missing."""
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
    """The block at this `@`, or the position to continue at if it is free text."""
    text = braces.text
    head = _HEAD.match(text, at)
    if head is None:
        if line_start and _TRUNCATED_HEAD.match(text, at):
            fault = Fault(at, "truncated", "the file ends inside this entry; it looks truncated")
            return Block("malformed", at, len(text), faults=(fault,), truncated=True)
        comment = _BARE_COMMENT.match(text, at)
        return Block("comment", at, comment.end(), type="comment") if comment else at + 1
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

    def block(kind: Kind, end: int) -> Block:
        return Block(
            kind, at, end, type=type_, key=key, key_start=key_start, fields=tuple(fields), faults=tuple(faults)
        )

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
            while fields and (more := _GOES_ON.match(text, end)):
                message = f"a `{closer}` too many; the fields after it are read"
                faults.append(Fault(end - 1, "closer-superfluous", message))
                end = _fields(braces, more.end(), closer, fields, faults)
    except MalformedBlock as error:
        if not (line_start or fields):
            return max(error.fault.position, at + 1)
        faults.append(error.fault)
        return _malformed(text, block("malformed", at), error)
    if not (line_start or fields or kind != "entry"):
        return end  # an e-mail address followed by words in braces
    return block(kind, end)


def _next_at(text: str, position: int) -> int:
    """The next `@` outside comments; the end of the text if there is none."""
    for found in _AT_OR_COMMENT.finditer(text, position):
        if text[found.start()] == "@":
            return found.start()
    return len(text)


def _begins_a_line(text: str, at: int, free_start: int) -> bool:
    """Whether there is only white space between this `@` and the start of its line or the end of the last block."""
    window = max(free_start, at - _MAX_INDENT)
    before = text[window:at].rstrip(" \t\v\f\xa0")
    return before[-1] in "\r\n" if before else window == free_start


def _comment(braces: BraceMatcher, at: int, opening: int) -> Block:
    text, end = braces.text, -1
    if text[opening] == "{":
        end = braces.closing(opening)
    elif (close := text.find(")", opening)) >= 0:
        end = close + 1
    if end < 0:
        end = _BARE_COMMENT.match(text, at).end()  # type: ignore[union-attr]  # the caller saw `@comment`
    return Block("comment", at, max(end, opening + 1), type="comment")


def _malformed(text: str, block: Block, error: MalformedBlock) -> Block:
    """The block up to the next line that starts with `@word{`, without the white space before it."""
    next_block = _NEXT.search(text, max(error.fault.position - 1, block.start))
    end = next_block.start(1) if next_block else len(text)
    faults = block.faults
    truncated = error.open_end and not next_block
    if truncated:
        faults = (*faults[:-1], Fault(block.start, "truncated", "the file ends inside this entry; it looks truncated"))
    length = len(text[block.start : end].rstrip())
    end = len(text) if truncated else block.start + length
    fields = _with_fields_after(text, block.fields, error, end) if block.kind == "malformed" else block.fields
    return replace(block, end=end, faults=faults, truncated=truncated, fields=fields)


def _with_fields_after(text: str, before: tuple[Field, ...], error: MalformedBlock, end: int) -> tuple[Field, ...]:
    """The fields of a malformed block: those before the fault, the one that has it, and those after it.

    A value with a brace that is never closed, or is closed only by the entry's own, ends where the next line with a
    field begins; one in quotes that has quotes inside ends at the last one.
    """
    start = error.fault.position
    at_fault = [(*error.field, start)] if error.field else []
    if not at_fault and before and text[before[-1].value_start] == "{":
        name, name_start, value_start, *_ = before[-1]
        if _FIELD_LINE.search(text, value_start, before[-1].value_end):
            at_fault, start, before = [(name, name_start, value_start)], value_start, before[:-1]
    after = [
        Field(found[1], found.start(1), found.start(2), found.end(2), False)
        for found in _AFTER_FAULT.finditer(text, start, end)
    ]
    limit = after[0].name_start if after else end
    value_end = start + len(text[start:limit].rstrip().rstrip(",").rstrip())
    if before and text[before[-1].value_start] == '"' and text[value_end - 1 : value_end] == '"':
        before = (*before[:-1], before[-1]._replace(value_end=value_end))
    known = [
        Field(name, name_start, value_start, value_end, False)
        for name, name_start, value_start in at_fault
        if after and value_end > value_start + 1
    ]
    return (*before, *known, *after)


def _key(text: str, position: int, closer: str, faults: list[Fault]) -> tuple[str, int, int, bool]:
    """The key, its start, the start of the fields, and whether the entry ends there."""
    found = (_KEY_IN_BRACES if closer == "}" else _KEY).match(text, position)
    if found and '="' not in found[1]:
        if not found[1] and found[2] == ",":
            faults.append(Fault(found.start(1), "key-missing", "the entry has no key"))
        return found[1], found.start(1), found.end(), found[2] != ","
    if found := _NO_KEY.match(text, position):
        faults.append(Fault(found.end(), "key-missing", "the entry has no key"))
        return "", found.end(), found.end(), False
    if found := _KEY_WITHOUT_COMMA.match(text, position):
        faults.append(Fault(found.end(1), "comma-missing", "a comma is missing after the key"))
        return found[1], found.start(1), found.end(), False
    if found := _KEY_WITH_SPACES.match(text, position):
        key = found[1].rstrip()
        message = f"the key {quoted_word(key)} holds white space, which BibTeX refuses"
        faults.append(Fault(found.start(1), "key-with-space", message))
        return key, found.start(1), found.end(), found[2] != ","
    start = skip_space(text, position)
    raise unexpected_token(text, start, "a citation key and a comma")


def _fields(braces: BraceMatcher, position: int, closer: str, fields: list[Field], faults: list[Fault]) -> int:
    """Append fields to `fields` up to the end of the block, and return that position."""
    text = braces.text
    match_plain, match_field, find = _PLAIN_FIELD.match, _FIELD.match, text.find
    new = tuple.__new__  # half a million times in a library: the constructor of a named tuple takes twice as long
    while True:
        if (found := match_plain(text, position)) and (after := found[3]) in (",", closer):
            start, end = found.span(2)
            if find("{", start + 1, end) < 0 and (text[start] != '"' or find("}", start, end) < 0):
                fields.append(new(Field, (found[1], found.start(1), start, end, False)))
                position = found.end()
                if after == ",":
                    continue
                return position
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
        if head := _FIELD_START.match(text, position):
            value_start = skip_space(text, head.end())
            try:
                value_end, joined = scan_value(braces, value_start, closer, faults)
            except MalformedBlock as error:
                if error.fault.position == value_start:
                    error.field = (head[1], head.start(1))
                raise
            fields.append(Field(head[1], head.start(1), value_start, value_end, joined))
            position = skip_space(text, value_end)
            if text[position : position + 1] == ",":
                position += 1
            elif text[position : position + 1] != closer:
                if not _FIELD_START.match(text, position):
                    raise unexpected_token(text, position, f"`,` or `{closer}` after the value of `{head[1]}`")
                faults.append(Fault(value_end, "comma-missing", f"a comma is missing after the value of `{head[1]}`"))
            continue
        if spaced := _SPACED_FIELD_START.match(text, position):
            name = re.sub(r"\s", "-", spaced[1])
            message = f"the field name {quoted_word(spaced[1])} holds white space"
            faults.append(Fault(spaced.start(1), "field-name-with-space", message))
            value_start = skip_space(text, spaced.end())
            value_end, joined = scan_value(braces, value_start, closer, faults)
            fields.append(Field(name, spaced.start(1), value_start, value_end, joined))
            position = skip_space(text, value_end)
            if text[position : position + 1] == ",":
                position += 1
                continue
        if bare := _WITHOUT_EQUALS.match(text, position):
            message = f"`=` is missing between {quoted_word(bare[1])} and its value"
            faults.append(Fault(bare.start(1), "equals-missing", message))
            value_end, joined = scan_value(braces, bare.end(), closer, faults)
            fields.append(Field(bare[1], bare.start(1), bare.end(), value_end, joined))
            position = skip_space(text, value_end)
            if text[position : position + 1] == ",":
                position += 1
                continue
        position = skip_space(text, position)
        if text[position : position + 1] == closer:
            return position + 1
        if text[position : position + 1] != ",":
            raise unexpected_token(text, position, f"a field name or `{closer}`")
        faults.append(Fault(position, "comma-superfluous", "a comma too many"))
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
