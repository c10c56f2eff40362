r"""Inline markup of titles and abstracts: HTML, JATS and MathML in text, and commands in LaTeX.

All forms are read into the same: text with a private character at each end of a styled part (`MARKS`). From it come
LaTeX (`\textit{...}`), the tags of CSL and Zotero, and plain text with superscript and subscript characters.
A tag is markup only with its end tag: `p < 0.05 and q > 2` is text.
"""

import html
import re
from collections.abc import Iterator
from functools import partial

STYLES = ("i", "b", "sub", "sup", "sc", "nocase", "math")
_OPEN, _CLOSE = 0xE120, 0xE130
MARKS = re.compile(f"[{chr(_OPEN)}-{chr(_CLOSE + len(STYLES) - 1)}]")

_STYLE_OF = {
    "i": "i", "em": "i", "italic": "i", "b": "b", "strong": "b", "bold": "b", "sub": "sub", "inf": "sub",
    "subscript": "sub", "sup": "sup", "superscript": "sup", "sc": "sc", "scp": "sc", "smallcaps": "sc",
    **dict.fromkeys("u underline span font tt code monospace roman sans-serif style ext-link a small".split(), ""),
    **dict.fromkeys("p sec title div section body html li ul ol".split(), " "),
}  # fmt: skip
"""Names of elements with their style; others are only removed, those of blocks with a space."""
_ATTRIBUTES = r"""(?:\s+[\w:-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))?)*"""
_TAG = re.compile(rf"<(/?)(?:\w+:)?([A-Za-z][\w-]*)({_ATTRIBUTES})\s*(/?)>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_COMMENT = re.compile(r"<!--.{0,500}?-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_SMALL_CAPS = re.compile(r"small-?\s?caps", re.IGNORECASE)
_MATH = re.compile(r"<((?:\w+:)?math)\b[^<>]*>.{0,5000}?</\1>", re.DOTALL)

_LATEX = {"i": r"\textit{", "b": r"\textbf{", "sub": r"\textsubscript{", "sup": r"\textsuperscript{",
          "sc": r"\textsc{", "nocase": "{", "math": "$"}  # fmt: skip
_IN_MATH = _LATEX | {"i": r"\mathit{", "b": r"\mathbf{", "sub": "_{", "sup": "^{", "sc": "{"}
_HTML = {style: (f"<{style}>", f"</{style}>") for style in ("i", "b", "sub", "sup")} | {
    "sc": ('<span style="font-variant:small-caps;">', "</span>"),
    "nocase": ('<span class="nocase">', "</span>"),
    "math": ("", ""),
}
_TOKEN = re.compile(rf"{MARKS.pattern}|\\.|\$", re.DOTALL)

_COMMANDS = {
    "textit": "i", "emph": "i", "textsl": "i", "mkbibemph": "i", "mkbibitalic": "i", "it": "i", "em": "i", "sl": "i",
    "itshape": "i", "textbf": "b", "mkbibbold": "b", "bf": "b", "bfseries": "b", "textsubscript": "sub",
    "textsuperscript": "sup", "mkbibsuperscript": "sup", "mkbibsubscript": "sub", "textsc": "sc", "sc": "sc",
    "scshape": "sc",
}  # fmt: skip
_DECLARATIONS = frozenset({"it", "em", "sl", "itshape", "bf", "bfseries", "sc", "scshape"})
_GROUP = re.compile(
    rf"\\(?P<command>{'|'.join(sorted(_COMMANDS.keys() - _DECLARATIONS, key=len, reverse=True))})\s*\{{"
    rf"|\{{\s*\\(?P<declaration>{'|'.join(sorted(_DECLARATIONS, key=len, reverse=True))})(?![A-Za-z])\s*"
    r"|\\.|[{}]",
    re.DOTALL,
)
_MATH_PART = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.)*)\$", re.DOTALL)
_SCRIPT = re.compile(r"([_^])\s*(?:\{((?:[^{}\\]|\\[A-Za-z]+\s?|\\.)*)\}|(\\[A-Za-z]+|[^\s{}\\$]))")

_LETTERS = "abcdefghijklmnoprstuvwxyz"
_RAISED = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_SCRIPTS = {
    "sup": dict(zip(f"0123456789+-−=(){_LETTERS}", f"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾{_RAISED}", strict=True)),
    "sub": dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)),
}


def has_marks(value: str) -> bool:
    """Whether a text has one of the private characters."""
    return MARKS.search(value) is not None


def mark_html(value: str) -> str:
    """A text with its entities decoded, and marks in place of tags.

    >>> html_markup(mark_html("On <em>Posidonia</em> &amp; CO<inf>2</inf>, where p < 0.05"))
    'On <i>Posidonia</i> & CO<sub>2</sub>, where p < 0.05'
    """
    for _ in range(2):  # `&amp;lt;`: some exports escape twice
        if "&" in value:
            value = _ENTITY.sub(lambda found: html.unescape(found[0]), value)
    if "<" not in value:
        return value
    value = _COMMENT.sub("", value)
    if "math" in value and _MATH.search(value):
        from refsync.text.mathml import linear_formula

        opening, closing = _mark("math", _OPEN), _mark("math", _CLOSE)
        value = _MATH.sub(lambda found: f"{opening}{linear_formula(found[0])}{closing}", value)
    return "".join(_marked(value))


def _marked(value: str) -> Iterator[str]:
    tags = [*_TAG.finditer(value)]
    replacement: dict[int, str] = {}
    opened: list[tuple[int, str, str]] = []  # start, name and style of tags that may still be closed
    names: dict[str, int] = {}
    for tag in tags:
        name = tag[2].lower()
        if name == "br" or (name in _STYLE_OF and tag[4]):
            replacement[tag.start()] = " " if name == "br" else ""
        elif name not in _STYLE_OF:
            continue
        elif not tag[1]:
            opened.append((tag.start(), name, _style(name, tag[3])))
            names[name] = names.get(name, 0) + 1
        elif names.get(name):
            while opened:
                start, other, style = opened.pop()
                names[other] -= 1
                if other == name:
                    replacement[start] = _mark(style, _OPEN)
                    replacement[tag.start()] = _mark(style, _CLOSE)
                    break
        elif _STYLE_OF[name] == " ":  # `</p>` alone
            replacement[tag.start()] = " "
    end = 0
    for tag in tags:
        if tag.start() in replacement:
            yield value[end : tag.start()] + replacement[tag.start()]
            end = tag.end()
    yield value[end:]


def _style(name: str, attributes: str) -> str:
    if name == "span" and _SMALL_CAPS.search(attributes):
        return "sc"
    if name == "span" and "nocase" in attributes:
        return "nocase"
    return _STYLE_OF[name]


def _mark(style: str, first: int) -> str:
    return chr(first + STYLES.index(style)) if style in STYLES else style


def _style_at(mark: str) -> tuple[str, bool]:
    """The style of a mark, and whether it opens."""
    code = ord(mark)
    return (STYLES[code - _OPEN], True) if code < _CLOSE else (STYLES[code - _CLOSE], False)


def latex_markup(value: str) -> str:
    """LaTeX with commands in place of marks."""
    if value.isascii() or not MARKS.search(value):
        return value
    in_math = False

    def replace(found: re.Match[str]) -> str:
        nonlocal in_math
        token = found[0]
        if token == "$":
            in_math = not in_math
        elif MARKS.match(token):
            style, opens = _style_at(token)
            if style == "math":
                in_math = opens
                return "$"
            return (_IN_MATH if in_math else _LATEX)[style] if opens else "}"
        return token

    return _TOKEN.sub(replace, value)


def html_markup(value: str) -> str:
    """Text with the tags of CSL and Zotero in place of marks."""
    if value.isascii():
        return value
    return MARKS.sub(lambda found: _HTML[_style_at(found[0])[0]][not _style_at(found[0])[1]], value)


def plain_markup(value: str) -> str:
    """Plain text: marked characters as superscripts and subscripts of Unicode if all of a part have one."""
    if value.isascii() or not MARKS.search(value):
        return value
    for style, table in _SCRIPTS.items():
        opening, closing = _mark(style, _OPEN), _mark(style, _CLOSE)
        if opening in value:
            scripted = re.compile(f"{opening}([^{opening}{closing}]*){closing}")
            value = scripted.sub(partial(_script, table=table), value)
    return MARKS.sub("", value)


def _script(part: re.Match[str], table: dict[str, str]) -> str:
    plain = MARKS.sub("", part[1])
    return "".join(table[character] for character in plain) if all(map(table.__contains__, plain)) else plain


def mark_latex(value: str) -> str:
    r"""LaTeX with marks in place of commands for styles, and of `_` and `^` in formulas.

    >>> html_markup(mark_latex(r"On \emph{Posidonia} in CO$_2$"))
    'On <i>Posidonia</i> in CO<sub>2</sub>'
    """
    if "$" in value and ("_" in value or "^" in value):
        value = _MATH_PART.sub(lambda part: f"${_SCRIPT.sub(_script_marks, part[1])}$", value)
    if "\\" not in value:
        return value
    pieces: list[str] = []
    closing: list[str] = []
    end = 0
    for found in _GROUP.finditer(value):
        new = token = found[0]
        if name := found["command"] or found["declaration"]:
            new = _mark(_COMMANDS[name], _OPEN)
            closing.append(_mark(_COMMANDS[name], _CLOSE))
        elif token == "{":
            closing.append("}")
        elif token == "}" and closing:
            new = closing.pop()
        pieces += (value[end : found.start()], new)
        end = found.end()
    if any(close != "}" for close in closing):
        return value  # braces that do not balance
    return "".join((*pieces, value[end:]))


def _script_marks(found: re.Match[str]) -> str:
    style = "sub" if found[1] == "_" else "sup"
    inner = found[2] if found[2] is not None else found[3]
    return f"{_mark(style, _OPEN)}{inner}{_mark(style, _CLOSE)}"
