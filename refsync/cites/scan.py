"""Citations in a text of any syntax that we know, with line and column, and the same text with other keys."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from types import ModuleType

from refsync.cites.token import Token
from refsync.errors import ConfigError
from refsync.formats.common.positions import places


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one kind of document cites; the module of its rules is loaded when it is needed."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    finder: str = "find"

    def find(self, text: str) -> Iterator[Token]:
        """The citation keys of a document, in order."""
        found: Iterator[Token] = getattr(self._rules, self.finder)(text)
        return found

    def spelled(self, token: Token, key: str) -> str | None:
        """How to write another key in the place of a token; None where it cannot be written."""
        written: str | None = self._rules.spelled(token, key)
        return written

    @property
    def _rules(self) -> ModuleType:
        return import_module(f"refsync.cites.{self.module}")


SYNTAXES = {
    syntax.name: syntax
    for syntax in (
        Syntax("tex", (".tex", ".ltx", ".latex", ".rnw"), "tex"),
        Syntax("markdown", (".md", ".markdown", ".rmd"), "pandoc"),
        Syntax("quarto", (".qmd",), "pandoc", "find_quarto"),
        Syntax("typst", (".typ",), "typst"),
        Syntax("rst", (".rst",), "rst"),
        Syntax("org", (".org",), "org"),
    )
}
SUFFIXES = tuple(suffix for syntax in SYNTAXES.values() for suffix in syntax.suffixes)


@dataclass(frozen=True, slots=True)
class Cite:
    """One citation of one key, `text[start:end]`; line and column (in characters) count from 1."""

    key: str
    start: int
    end: int
    line: int
    column: int


def syntax_of(path: str) -> str:
    """The name of the syntax that a file's ending tells; empty where it tells none."""
    suffix = PurePath(path).suffix.lower()
    return next((syntax.name for syntax in SYNTAXES.values() if suffix in syntax.suffixes), "")


def scan(text: str, syntax: str) -> list[Cite]:
    """The citations of a text, in order. The key `*` stands for all entries, as in `\\nocite{*}`.

    >>> [cite.key for cite in scan(r"\\citep[see][p.~3]{doe2020, roe2021}", "tex")]
    ['doe2020', 'roe2021']

    Raises:
        ConfigError: there is no syntax of this name.
    """
    return _placed(text, _named(syntax).find(text))


def rewrite(text: str, syntax: str, renamed: Mapping[str, str]) -> tuple[str, list[Cite]]:
    """The text citing by other keys, and the citations that could not be rewritten; every other character stays.

    A key that a syntax cannot write (a `/` behind Typst's `@`) leaves its citations as they are. Two keys of one list
    that become one are cited once. The new text is scanned again: it cites what it is to cite, or nothing in it is
    rewritten.

    Args:
        text: the document.
        syntax: the name of its syntax.
        renamed: old keys with the new ones.
    """
    form = _named(syntax)
    tokens = [*form.find(text)]
    spelled = [form.spelled(token, renamed[token.key]) if token.key in renamed else None for token in tokens]
    pieces, position, wanted = [], 0, []
    listed: dict[str, str] = {}  # the keys of the list of keys that we are in, and what they were
    for token, new in zip(tokens, spelled, strict=True):
        key = token.key if new is None else renamed[token.key]
        if not (position and _ONE_LIST.fullmatch(text, position, token.start)):
            listed = {}
        if listed.setdefault(key, token.key) == token.key:  # else `\cite{a,b}`, and b is a now
            pieces.append(text[position : token.start] + (text[token.start : token.end] if new is None else new))
            wanted.append(key)
        position = token.end
    after = "".join((*pieces, text[position:]))
    whole = [token.key for token in form.find(after)] == wanted
    left = [
        token for token, new in zip(tokens, spelled, strict=True) if token.key in renamed and (new is None or not whole)
    ]
    return (after if whole else text), _placed(text, left)


_ONE_LIST = re.compile(r"\s*(?:,|;\s*[@&]?)\s*")
"""What stands between two keys of one list that has nothing to say of either; `@a, @b` is prose."""


def _named(syntax: str) -> Syntax:
    try:
        return SYNTAXES[syntax]
    except KeyError:
        raise ConfigError(f"unknown syntax {syntax!r}", hint=f"one of: {', '.join(SYNTAXES)}") from None


def _placed(text: str, tokens: Iterable[Token]) -> list[Cite]:
    place = places(text)
    return [Cite(token.key, token.start, token.end, *place(token.start)) for token in tokens]
