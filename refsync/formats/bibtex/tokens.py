"""Tokens of a BibTeX block: names, white space, and values with their braces and quotes."""

import re
from array import array
from bisect import bisect_left
from typing import Literal, NamedTuple

FIELD_NAME = r"""[^\s"#%'(),={}]+"""
"""An identifier of BibTeX (here it may begin with a digit, which BibTeX refuses)."""

SPACE = r"\s*(?:%[^\r\n]*(?:[\r\n]\s*|\Z))*(?![\s%])"
"""White space and comments between tokens, all of it.

No pattern of the package is possessive or atomic: Python before 3.11.5 matches some of those wrongly (gh-106052). Where
it matters that nothing is given back, a lookahead says what must not follow.
"""

_FLAT = r"[^{}]*"
_IN2 = rf"{_FLAT}(?:\{{{_FLAT}\}}{_FLAT})*"
_IN1 = rf"{_FLAT}(?:\{{{_IN2}\}}{_FLAT})*"
_QUOTED = rf"""[^"{{}}]*(?:\{{{_IN2}\}}[^"{{}}]*)*"""
SHALLOW_VALUE = rf"""\{{{_IN1}\}}|"{_QUOTED}"|{FIELD_NAME}"""
"""One value without concatenation, with at most three levels of braces."""

_WORD = re.compile(FIELD_NAME)
_SPACE = re.compile(SPACE)
_BRACES = re.compile(r"\{+|\}+")
_TO_QUOTE = re.compile(r'[^"{}]*')
_TRUNCATED_WORD = re.compile(r"[^\s,{}()=@]{0,200}\s*\Z")
_FIRST_WORD = re.compile(r"\S+")


FaultCode = Literal[
    "comma-missing",
    "comma-superfluous",
    "closer-superfluous",
    "equals-missing",
    "field-name-with-space",
    "key-missing",
    "key-with-space",
    "value-missing",
    "brace-unclosed",
    "brace-in-quotes",
    "quote-unclosed",
    "unexpected-token",
    "truncated",
]
"""The kinds of syntax faults; the names are part of fingerprints in baselines of `refsync check`, and stable."""


class Fault(NamedTuple):
    """A syntax fault at a position of the text: its kind, and the message about it."""

    position: int
    code: FaultCode
    message: str


class MalformedBlock(Exception):  # noqa: N818  # never leaves this package
    """A block can't be read beyond a position; `open_end` if the end of the text may be the cause."""

    def __init__(self, position: int, code: FaultCode, message: str, *, open_end: bool = False) -> None:
        super().__init__(message)
        self.fault = Fault(position, code, message)
        self.open_end = open_end
        self.field: tuple[str, int] | None = None  # name and its position, of a field whose value is at fault


class BraceMatcher:
    """Finds closing braces in time that is linear over all calls.

    The text that a successful search covers is not searched again. The first search that reaches the end of the text
    without success records all braces that are never closed, so that there is no second one (a million `@a{` would
    otherwise cost a million such searches).
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._unclosed: array[int] | None = None

    def closing(self, opening: int) -> int:
        """The end of the group that opens here, or -1 if it is never closed."""
        if self._unclosed is not None:
            index = bisect_left(self._unclosed, opening)
            if index < len(self._unclosed) and self._unclosed[index] == opening:
                return -1
        depth = 0
        for run in _BRACES.finditer(self.text, opening):
            start, end = run.span()
            if self.text[start] == "{":
                depth += end - start
            elif depth > end - start:
                depth -= end - start
            else:
                return start + depth
        self._unclosed = self._find_unclosed(opening)
        return -1

    def _find_unclosed(self, opening: int) -> "array[int]":
        stack = array("Q")
        for run in _BRACES.finditer(self.text, opening):
            start, end = run.span()
            if self.text[start] == "{":
                stack.extend(range(start, end))
            else:
                del stack[max(0, len(stack) - (end - start)) :]
        return stack


def scan_value(braces: BraceMatcher, position: int, closer: str, faults: list[Fault]) -> tuple[int, bool]:
    """The end of a value, and whether it is a concatenation."""
    text = braces.text
    if text[position : position + 1] in (",", closer):
        faults.append(Fault(position, "value-missing", "a field without a value"))
        return position, False
    joined = False
    while True:
        end = scan_value_part(braces, position)
        next_token = skip_space(text, end)
        if text[next_token : next_token + 1] != "#":
            return end, joined
        joined = True
        position = skip_space(text, next_token + 1)


def scan_value_part(braces: BraceMatcher, position: int) -> int:
    """The end of one part of a value."""
    text = braces.text
    match text[position : position + 1]:
        case "{":
            if (end := braces.closing(position)) >= 0:
                return end
            raise MalformedBlock(position, "brace-unclosed", "the brace that opens here is never closed", open_end=True)
        case '"':
            return _quote_end(braces, position)
    if word := _WORD.match(text, position):
        return word.end()
    raise unexpected_token(text, position, "a value")


def _quote_end(braces: BraceMatcher, opening: int) -> int:
    text = braces.text
    position = opening + 1
    while True:
        position = _TO_QUOTE.match(text, position).end()  # type: ignore[union-attr]  # matches the empty string
        match text[position : position + 1]:
            case '"':
                return position + 1
            case "{":
                if (end := braces.closing(position)) < 0:
                    raise MalformedBlock(
                        position, "brace-unclosed", "the brace that opens here is never closed", open_end=True
                    )
                position = end
            case "}":
                raise MalformedBlock(position, "brace-in-quotes", "a closing brace too many inside a value in quotes")
            case _:
                raise MalformedBlock(position, "quote-unclosed", "the quote is never closed", open_end=True)


def skip_space(text: str, position: int) -> int:
    """The next position that is not in white space or a comment."""
    return _SPACE.match(text, position).end()  # type: ignore[union-attr]  # matches the empty string


def unexpected_token(text: str, position: int, expected: str) -> MalformedBlock:
    """An exception that says what was expected at this position and what is there."""
    open_end = _TRUNCATED_WORD.match(text, position) is not None
    message = f"expected {expected}, found {_here(text, position)}"
    return MalformedBlock(position, "unexpected-token", message, open_end=open_end)


def _here(text: str, position: int) -> str:
    word = _FIRST_WORD.match(text[position : position + 40])
    return quoted_word(word[0]) if word else "the end of the file"


def quoted_word(word: str) -> str:
    """A word, quoted for messages and shortened."""
    return f"`{word[:30]}...`" if len(word) > 30 else f"`{word}`"
