"""Citations in Org: org-cite's `[cite/t:see @a p. 3; @b]`, org-ref's `cite:a,b` and `[[cite:&a;&b]]`, LaTeX's commands.

Source and example blocks, comments and verbatim text are skipped.
"""

import re
from collections.abc import Iterator

from refsync.cites import tex
from refsync.cites.token import EVERYTHING, Token, blank

_NOT_TEXT = re.compile(
    r"""(?smix)
    ^[ \t]*\#\+begin_(?P<block>src|example|comment|export[ \t]+(?!latex)\w+)\b.*?^[ \t]*\#\+end_\w+
    |^[ \t]*\#(?:[ \t][^\r\n]*)?$
    |^[ \t]*:(?:[ \t][^\r\n]*)?$
    |(?<![^\s({'"-])(?P<mark>[=~])(?=\S)[^\r\n]*?(?<=\S)(?P=mark)(?![^\s)}'".,;:!?-])
    """
)
_CITATION = re.compile(r"(?<!\[)\[cite(?:/[\w/-]+)?:([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]")
_KEY = re.compile(r"@([\w\-.:?!`'/*@+|(){}<>&^$#%~]+)")
_NAME = (
    r"(?:no|short|full|foot|footfull|paren|text|auto|smart|super|[A-Z]?)?[Cc]ite"
    r"(?:s|p|t|alp|alt|num|author|year|yearpar|title|date|url|text)?\*?"
)
_LINK = re.compile(
    rf"\[\[{_NAME}:(?P<bracketed>[^\]\r\n]+)\]|(?<![\w\[/&@]){_NAME}:(?P<plain>[\w&][\w\-:./&;,]*[\w-]|\w)"
)
_AMPERSAND = re.compile(r"&([\w\-.:?!`'/*@+|(){}<>^$#%~]+)")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?(?=[ \t]*[\[{<(])")


def find(text: str) -> Iterator[Token]:
    """The citation keys of an Org document, in order."""
    live = blank(text, _NOT_TEXT)
    keys = (key for citation in _CITATION.finditer(live) for key in _KEY.finditer(live, *citation.span(1)))
    found = [Token(key[1], *key.span(1), "" if key[1] == EVERYTHING else "at") for key in keys]
    rest = blank(live, _CITATION)
    for link in _LINK.finditer(rest):
        found += _linked(rest, *link.span(link.lastgroup or 0))
    for command in _COMMAND.finditer(rest):
        found += tex.keys(rest, command[1], command.end())
    return iter(sorted(found, key=lambda token: token.start))


def spelled(token: Token, key: str) -> str | None:
    """How to write another key in place of a token; None where the syntax cannot represent it."""
    if token.form == "at":
        return key if _KEY.fullmatch(f"@{key}") else None
    if token.form == "link":
        return key if re.fullmatch(r"[\w\-:./]*[\w-]", key) else None
    return tex.spelled(token, key)


def _linked(text: str, start: int, end: int) -> Iterator[Token]:
    """The keys of an org-ref link: `a,b` of version 2, `see &a p. 3;&b` of version 3."""
    keys = [key.span(1) for key in _AMPERSAND.finditer(text, start, end)]
    keys = keys or [key.span() for key in re.compile(r"[^\s,]+").finditer(text, start, end)]
    return (Token(text[slice(*span)], *span, "link") for span in keys)
