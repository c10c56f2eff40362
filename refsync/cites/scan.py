"""Find the citations in a text of any known syntax, with line and column, and rewrite their keys."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from types import ModuleType

from refsync.cites.token import Token
from refsync.errors import ConfigError
from refsync.formats.common.positions import line_column_lookup


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one kind of document cites; the module with its rules is imported when it is needed."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    finder: str = "find"

    def find(self, text: str) -> Iterator[Token]:
        """The citation keys of a document, in order."""
        found: Iterator[Token] = getattr(self._rules, self.finder)(text)
        return found

    def spelled(self, token: Token, key: str) -> str | None:
        """How to write another key in place of a token; None where the syntax cannot represent it."""
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
    """The name of the syntax for a file's suffix; empty where the suffix is unknown."""
    suffix = PurePath(path).suffix.lower()
    return next((syntax.name for syntax in SYNTAXES.values() if suffix in syntax.suffixes), "")


def scan(text: str, syntax: str) -> list[Cite]:
    """The citations of a text, in order. The key `*` means all entries, as in `\\nocite{*}`.

    >>> [cite.key for cite in scan(r"\\citep[see][p.~3]{doe2020, roe2021}", "tex")]
    ['doe2020', 'roe2021']

    Raises:
        ConfigError: there is no syntax of this name.
    """
    return _citations(text, _syntax(syntax).find(text))


def rewrite(text: str, syntax: str, renamed: Mapping[str, str]) -> tuple[str, list[Cite]]:
    """The text with renamed keys, and the citations that could not be rewritten; every other character stays.

    Citations stay as they are where the syntax cannot represent the new key (a `/` after Typst's `@`). If two keys in
    one list become the same key, it is cited once. The new text is scanned again: unless it cites exactly the wanted
    keys, nothing is rewritten.

    Args:
        text: the document.
        syntax: the name of its syntax.
        renamed: old keys with the new ones.
    """
    form = _syntax(syntax)
    tokens = [*form.find(text)]
    spelled = [form.spelled(token, renamed[token.key]) if token.key in renamed else None for token in tokens]
    pieces, position, wanted = [], 0, []
    listed: dict[str, str] = {}  # the keys in the current list of keys, each with its old key
    for token, new in zip(tokens, spelled, strict=True):
        key = token.key if new is None else renamed[token.key]
        if not (position and _ONE_LIST.fullmatch(text, position, token.start)):
            listed = {}
        if listed.setdefault(key, token.key) == token.key:  # else `\cite{a,b}`, where b was renamed to a
            pieces.append(text[position : token.start] + (text[token.start : token.end] if new is None else new))
            wanted.append(key)
        position = token.end
    after = "".join((*pieces, text[position:]))
    valid = [token.key for token in form.find(after)] == wanted
    not_rewritten = [
        token for token, new in zip(tokens, spelled, strict=True) if token.key in renamed and (new is None or not valid)
    ]
    return (after if valid else text), _citations(text, not_rewritten)


_ONE_LIST = re.compile(r"\s*(?:,|;\s*[@&]?)\s*")
"""What separates two keys of one list, without a note on either; `@a, @b` is prose."""


def _syntax(name: str) -> Syntax:
    try:
        return SYNTAXES[name]
    except KeyError:
        raise ConfigError(f"unknown syntax {name!r}", hint=f"one of: {', '.join(SYNTAXES)}") from None


def _citations(text: str, tokens: Iterable[Token]) -> list[Cite]:
    place = line_column_lookup(text)
    return [Cite(token.key, token.start, token.end, *place(token.start)) for token in tokens]
