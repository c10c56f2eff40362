r"""Citations in LaTeX: `\cite` and its family with options and several keys, natbib, biblatex, csquotes, `\nocite`.

Any command whose name contains `cite` cites, except those that configure something; so user-defined commands
(`\mycite`) are found too. Comments, verbatim text, `\iffalse` and text after `\end{document}` are skipped.
"""

import re
from collections.abc import Iterator
from itertools import islice

from refsync.cites.token import Token

_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?|.)|%[^\r\n]*", re.DOTALL)
_CITES = re.compile(r"cite|cquote$|^bibentry$|^addtocategory$", re.IGNORECASE)
_CONFIGURES = re.compile(
    r"^if|^new|^renew|^provide|^Declare|^At(?:Every|Next)|^mkbib|^setcite|^bibcite$|^citetext$|"
    r"^cite(?:index|tracker|form|left|right|mid|numfont|punct|dash|sep|delim)|(?:style|reset|counter|true|false)$"
)
_DEFINES = re.compile(
    r"(?:(?:re)?new|provide|Declare(?:Robust)?|Declare(?:Multi)?Cite|(?:New|Renew|Provide|Declare)Document)command|"
    r"def|gdef|edef|xdef|let|Declare(?:Multi)?CiteCommand|newrobustcmd|renewrobustcmd|DeclareCiteAlias",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"\s*\*?\s*\{?\s*\\[A-Za-z@]+")
_VERBATIM = frozenset(
    "verbatim Verbatim BVerbatim LVerbatim SaveVerbatim VerbatimOut lstlisting minted comment filecontents".split()
)
_BEGIN = re.compile(r"\s*\{([^{}]*)\}")
_OPTION, _GROUP, _BETWEEN = r"\s*(?:\[[^\]\r\n]*\])?", r"\s*\{[^{}\r\n]*\}", r"([^\s\w])[^\r\n]*?\1"
_INLINE = {
    "verb": re.compile(_BETWEEN),
    "lstinline": re.compile(rf"{_OPTION}(?:{_GROUP}|{_BETWEEN})"),
    "mintinline": re.compile(rf"{_OPTION}{_GROUP}(?:{_GROUP}|{_BETWEEN})"),
    **dict.fromkeys(("url", "path", "nolinkurl", "href"), re.compile(rf"{_OPTION}(?:{_GROUP}|{_BETWEEN})")),
}
_GAP = re.compile(r"[ \t]*(?:%[^\r\n]*)?(?:\r\n?|\n)?[ \t]*(?:%[^\r\n]*(?:\r\n?|\n)[ \t]*)*")
_KEYS = re.compile(r"\{([^{}\\]*)\}")
_KEY = re.compile(r"%[^\r\n]*|[^\s,%]+(?:[ \t]+[^\s,%]+)*")
_NO_KEY = re.compile(r"[#~\"'=\s]")
_CONDITIONAL = re.compile(r"\\(if(?![ft]rue)[A-Za-z]*|fi)(?![A-Za-z])")
_LONGEST_OPTION, _MOST_MARKS = 4000, 64  # bounds: unclosed brackets must not each search the whole text


def find(text: str) -> Iterator[Token]:
    """The citation keys of a LaTeX document, in order."""
    position = 0
    closed = True  # whether every `\iffalse` so far has its `\fi`; after one without, searching for others is useless
    while command := _COMMAND.search(text, position):
        position = command.end()
        name = command[1]
        if not name:
            continue
        if name == "begin" and (group := _BEGIN.match(text, position)):
            environment = group[1].strip().rstrip("*")
            if environment in _VERBATIM:
                end = text.find(f"\\end{{{group[1]}}}", position)
                position = end if end >= 0 else len(text)
        elif name == "end" and (group := _BEGIN.match(text, position)) and group[1] == "document":
            return
        elif name in _INLINE and (span := _INLINE[name].match(text, position)):
            position = span.end()
        elif name == "iffalse" and closed:
            end = _end_of_conditional(text, position)
            position, closed = (end or position), bool(end)
        elif _DEFINES.fullmatch(name) and (span := _DEFINED.match(text, position)):
            position = span.end()
        else:
            yield from keys(text, name, position)


def keys(text: str, name: str, position: int) -> Iterator[Token]:
    """The keys that a command cites; none if it does not cite.

    Args:
        text: the document.
        name: the command's name, without backslash and star.
        position: where its arguments begin.
    """
    if not _CITES.search(name) or (_CONFIGURES.search(name) and name != "defcitealias"):
        return
    several = name.lower().endswith("cites")
    volume = "volcite" in name.lower()
    before = 1 if re.match("foreign|hyphen", name) or name == "addtocategory" else 0
    first = True
    while first or several:
        if first:
            position = _past_options(text, position, "<([" if several else "<[")
            for _ in range(before):
                group = _KEYS.match(text, position)
                if not group:
                    return
                position = _past_options(text, group.end(), "[")
        else:
            position = _past_options(text, position, "[")
        if volume:
            if not (end := _closing(text, position, "{", "}")):
                return
            position = _past_options(text, end, "[")
        group = _KEYS.match(text, position)
        if not group:
            return
        found = [key for key in _KEY.finditer(text, group.start(1), group.end(1)) if not key[0].startswith("%")]
        if not found or any(_NO_KEY.search(key[0]) for key in found):
            return
        yield from (Token(key[0], key.start(), key.end()) for key in found)
        position = group.end()
        first = False


def spelled(token: Token, key: str) -> str | None:
    """How to write another key in place of a token; None where the syntax cannot represent it."""
    return None if re.search(r"[\s,{}%\\#~\"'=]", key) else key


def _past_options(text: str, position: int, openers: str) -> int:
    """Where the options `[...]`, `<...>` or `(...)` and the white space after them end."""
    closers = {"[": "]", "<": ">", "(": ")"}
    while True:
        position = _GAP.match(text, position).end()  # type: ignore[union-attr]  # matches the empty string
        opener = text[position : position + 1]
        if not opener or opener not in openers:
            return position
        end = _closing(text, position, opener, closers[opener])
        if not end:
            return position
        position = end


_BRACKETS = re.compile(r"\\.|%[^\r\n]*|[][<>(){}]|(?:\r\n?|\n)[ \t]*(?:\r\n?|\n)", re.DOTALL)


def _closing(text: str, position: int, opener: str, closer: str) -> int:
    """The position after the bracket that closes the one here; 0 where the paragraph ends first."""
    if text[position : position + 1] != opener:
        return 0
    depth = 0  # of braces, which hide brackets
    marks = _BRACKETS.finditer(text, position + (opener != "{"), position + _LONGEST_OPTION)
    for found in islice(marks, _MOST_MARKS):
        mark = found[0]
        if mark == closer and depth == (closer == "}"):
            return found.end()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth < 0:
                return 0
        elif mark[0] in "\r\n":
            return 0
    return 0


def _end_of_conditional(text: str, position: int) -> int:
    r"""The position after the `\fi` that ends a conditional; 0 where there is none."""
    depth = 1
    for found in _CONDITIONAL.finditer(text, position):
        if found[1] == "fi":
            depth -= 1
        elif found[1] not in ("iff", "ifthenelse"):
            depth += 1
        if not depth:
            return found.end()
    return 0
