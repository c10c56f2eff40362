"""Citations in Typst: `@key`, `@key[p. 7]`, `#cite(<key>)` and `#ref(<key>)`; the document's own labels are not cited.

A document is mark-up with code in it (`#let`, `#f(...)`), which has mark-up in it again (`[...]`). In code, quotes
delimit strings, so an e-mail address in one is no citation; in mark-up they are text.
"""

import re
from collections.abc import Iterator

from refsync.cites.token import EVERYTHING, Token, blank

_LABEL = r"[\w.:-]+"
_NOT_TEXT = re.compile(
    r"""(?sx)
    (?P<keep>"(?:[^"\\\r\n]|\\.)*")  # `_references` decides whether it is a string; a comment does not begin in it
    |\\(?:u\{[0-9a-fA-F]+\}|.)
    |(?<!`)(?P<ticks>`{3,}(?!`)).*?(?P=ticks)
    |`[^`]*`
    |https?://[^\s\[\]()"]+
    |//[^\r\n]*
    |/\*.*?(?:\*/|\Z)
    |\$(?:[^$\\]|\\.)*\$  # brackets in mathematics need not match
    """
)
_STEP = re.compile(
    rf"""(?P<code>\#(?=[\w({{\[])(?P<statement>(?:let|set|show|import|include|if|for|while|return|context)\b)?)
    |@(?P<at>[\w](?:[\w.:-]*[\w-])?)
    |(?P<cite>\b(?:cite|ref)\s*\()
    |(?P<full>\bfull\s*:\s*true\b)
    |<(?P<label>{_LABEL})>
    |(?P<string>"(?:[^"\\\r\n]|\\.)*")
    |(?P<open>[(\[{{])|(?P<close>[)\]}}])
    |(?P<end>\r\n?|\n|;)
    |(?P<word>\w+)""",
    re.VERBOSE,
)
_IN_CALL = re.compile(r"[(,]\s*\Z")
_STRING_LABEL = re.compile(r"label\s*\(\s*\Z")


def find(text: str) -> Iterator[Token]:
    """The citation keys of a Typst document, in order."""
    found = [*_references(text)]
    defined = labels(text)
    return (token for token in found if token.key not in defined)


def labels(text: str) -> frozenset[str]:
    """The labels that a document defines: each `<x>` that is no argument of a call."""
    live = blank(text, _NOT_TEXT)
    found = re.finditer(rf"<({_LABEL})>", live)
    return frozenset(
        label[1] for label in found if not _IN_CALL.search(live, max(0, label.start() - 40), label.start())
    )


def spelled(token: Token, key: str) -> str | None:
    """How to write another key in place of a token; None where the syntax cannot represent it."""
    if token.form == "string":
        return None if re.search(r'["\\\r\n]', key) else key
    if token.form == "at":
        return key if re.fullmatch(r"\w(?:[\w.:-]*[\w-])?", key) else None
    return key if re.fullmatch(_LABEL, key) else None


def _references(text: str) -> Iterator[Token]:
    live = blank(text, _NOT_TEXT)
    # What is open: "[" mark-up, "(" and "{" code, "c(" the arguments of `cite` and `ref`, "b(" those of `bibliography`,
    # ";" a statement that ends with its line.
    modes = ["["]
    position = 0
    while step := _STEP.search(live, position):
        position = step.end()
        kind = step.lastgroup
        mark = step[0]
        code = modes[-1] != "["
        if kind == "at" and not code:
            yield Token(step["at"], *step.span("at"), "at")
        elif kind in ("code", "statement") and not code:
            if step["statement"]:
                modes.append(";")
            elif called := re.compile(r"[\w.-]+").match(live, position):
                position = called.end()
                if live[position : position + 1] == "(":
                    modes.append("c(" if called[0] in ("cite", "ref") else "b(" if called[0] == "bibliography" else "(")
                    position += 1
        elif kind == "cite" and code:
            modes.append("c(")
        elif kind == "label" and "c(" in modes:
            yield Token(step["label"], *step.span("label"), "label")
        elif kind == "full" and modes[-1] == "b(":
            yield Token(EVERYTHING, *step.span("full"))
        elif kind == "string":
            if not code:  # quotes in mark-up are text, and what is between them is mark-up
                position = step.start() + 1
            elif "c(" in modes and _STRING_LABEL.search(live, max(0, step.start() - 40), step.start()):
                yield Token(mark[1:-1], step.start() + 1, step.end() - 1, "string")
        elif kind == "open" and (code or mark == "["):
            modes.append(mark)
        elif kind == "close" and (code or mark == "]"):
            while len(modes) > 1 and modes[-1] == ";":
                modes.pop()
            if len(modes) > 1 and modes[-1][-1] + mark in ("()", "[]", "{}"):
                modes.pop()
        elif kind == "end" and modes[-1] == ";":
            modes.pop()
