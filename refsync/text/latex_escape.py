r"""From text to LaTeX that compiles and that BibTeX can read; what is escaped already is not escaped again.

Text from the web and from tables contains some LaTeX: arXiv abstracts have math, accents and `\emph{...}`; prices have
a `$` too. What is certainly LaTeX is kept; all else is text.
"""

import re
import unicodedata

from refsync.text.latex_commands import KNOWN_COMMANDS, MATH_COMMANDS
from refsync.text.latex_safety import is_safe, is_safe_command

_LONGEST_MATH = 2000

_TOKEN = re.compile(
    r"""
      (?P<url>https?://[^\s{}$\\]+)
    | \\(?P<word>[A-Za-z]+)
    | \\(?P<sign>[^A-Za-z])
    | (?P<slash>\\)
    | (?P<dollar>\$\$?)
    | (?P<special>[&%\#_^~])
    """,
    re.VERBOSE | re.DOTALL,
)
_MATH_TOKEN = re.compile(r"\\.|[%#]|\\", re.DOTALL)
_STRONG = re.compile(r"\\[A-Za-z,;:!|]|[\^_=<>+]")
_AMOUNT = re.compile(r"\s*\d[\d.,]*\s+(?!\\)[A-Za-z]{2,}")  # $5 and x_1 costs $
_SENTENCE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}\s+[A-Za-z]{2,}\s+[A-Za-z]{2,}")
_TEXT_IN_MATH = re.compile(r"\\(?:text|mathrm|mbox|hbox|operatorname|rm)")
_COMMAND = re.compile(r"\\[A-Za-z]")
_ENDS_IN_MATH = re.compile(r"(?<!\\)\$\Z")
_WITH_ADDRESS = frozenset({"url", "href", "path", "nolinkurl", "cite", "citep", "citet", "ref", "label"})
_ADDRESS = re.compile(r"\{[^{}$\\]*\}")
_PROSE = re.compile(r"\s[A-Za-z]{2,}|[A-Za-z]{2,}\s")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TO_ESCAPE = re.compile(r"[\\$&%#_^~{}\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
_BACKSLASH = r"\textbackslash{}"
_LEFT, _RIGHT = r"\textbraceleft{}", r"\textbraceright{}"
_KEPT_SIGNS = frozenset("&%$#_{},;!/\\-")
_ACCENTS = frozenset("`'^\"~=.")


def text_to_latex(value: str) -> str:
    r"""LaTeX for a text that may contain LaTeX already; its braces balance as BibTeX counts them, and so do its `$`.

    The function is idempotent. `$...$` is math unless it can be prices: see `_is_math`.

    >>> text_to_latex(r"~10% of R&D costs $5, with $O(n^2)$ and \emph{snake_case}")
    '\\textasciitilde{}10\\% of R\\&D costs \\$5, with $O(n^2)$ and \\emph{snake\\_case}'
    """
    if not _TO_ESCAPE.search(value):
        return value
    return balance_braces(_escaped(balance_braces(_CONTROL.sub(_replace_control, value))))


def has_balanced_braces(value: str) -> bool:
    """Whether the braces of a value match as BibTeX counts them, with or without a backslash before them."""
    depth = 0
    for run in re.finditer(r"\{+|\}+", value):
        depth += len(run[0]) if run[0][0] == "{" else -len(run[0])
        if depth < 0:
            return False
    return depth == 0


def balance_braces(value: str) -> str:
    r"""The value with each unmatched brace replaced by `\textbraceleft{}` or `\textbraceright{}`.

    `\{` does not match `}`: they are a pair for BibTeX, but not for LaTeX.
    """
    if "\\{" not in value and "\\}" not in value and has_balanced_braces(value):
        return value
    unclosed: list[tuple[int, int]] = []
    unmatched: list[tuple[int, int]] = []
    for found in _BRACE.finditer(value):
        span = found.span()
        token = found[0]
        if token[-1] == "{":
            unclosed.append(span)
        elif token[-1] == "}":
            if not unclosed:
                unmatched.append(span)
            elif unclosed[-1][1] - unclosed[-1][0] == span[1] - span[0]:
                unclosed.pop()
            else:
                unmatched += (unclosed.pop(), span)
    unmatched += unclosed
    if not unmatched:
        return value
    unmatched.sort()
    pieces: list[str] = []
    end = 0
    for start, after in unmatched:
        pieces += (value[end:start], _LEFT if value[after - 1] == "{" else _RIGHT)
        end = after
    return "".join((*pieces, value[end:]))


def _replace_control(found: re.Match[str]) -> str:
    character = found[0]
    if unicodedata.category(character) == "Cs":
        return "\ufffd"
    return " " if character in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85" else ""


def _escaped(value: str) -> str:
    pieces: list[str] = []
    end = 0
    while found := _TOKEN.search(value, end):
        start = found.start()
        pieces.append(value[end:start])
        end = found.end()
        if url := found["url"]:
            pieces.append("".join(_ESCAPED.get(character, character) for character in url))
        elif word := found["word"]:
            pieces.append(_command(value, end, word))
            if word in _WITH_ADDRESS and (argument := _ADDRESS.match(value, end)):
                pieces.append(argument[0])
                end = argument.end()
        elif sign := found["sign"]:
            closing = _math_in_brackets(value, end, sign) if sign in "([" else 0
            if closing:
                pieces.append(f"\\{sign}{_math(value[end:closing])}")
                end = closing
            elif _is_escape(value, start, end, sign):
                pieces.append(found[0])
            else:
                pieces.append(_BACKSLASH)
                end = start + 1
        elif found["slash"]:
            pieces.append(_BACKSLASH)
        elif dollar := found["dollar"]:
            closing = _closing_dollar(value, end, dollar)
            if closing:
                pieces.append(f"{dollar}{_math(value[end:closing])}{dollar}")
                end = closing + len(dollar)
            else:
                pieces.append(r"\$" * len(dollar))
        else:
            special = found["special"]
            after_math = not pieces[-1] and len(pieces) > 1 and _ENDS_IN_MATH.search(pieces[-2]) is not None
            tie = special == "~" and _is_tie(value, start, after_math=after_math)
            pieces.append("~" if tie else _ESCAPED[special])
    pieces.append(value[end:])
    return "".join(pieces)


def _command(value: str, end: int, word: str) -> str:
    r"""A `\word`: LaTeX if it is an allowed command, else text (`C:\Users`, `\input{x}`)."""
    if word in MATH_COMMANDS:
        return f"$\\{word}$"  # `0.80 \pm 0.05`, as abstracts write it, doesn't compile
    has_argument = value[end : end + 1] == "{" or value[end : end + 2] == "*{"
    if (word in KNOWN_COMMANDS or has_argument) and is_safe_command(value, word, end):
        return f"\\{word}"
    return f"{_BACKSLASH}{word}"


def _is_escape(value: str, start: int, end: int, sign: str) -> bool:
    if sign in _KEPT_SIGNS:
        return True
    following = value[end : end + 1]
    if sign in _ACCENTS:
        return following.isalpha() or following == "{" or (following == "\\" and value[end + 1 : end + 2] in ("i", "j"))
    return sign == " " and value[start - 1 : start] == "."  # et al.\ and so on


def _is_tie(value: str, at: int, *, after_math: bool) -> bool:
    """Whether this `~` is a no-break space between two words (`Fig.~1`) and not `about` (`~10`)."""
    before, after = value[at - 1 : at] if at else "", value[at + 1 : at + 2]
    tied = after_math or before.isalnum() or before in (".", ")", ",", "]")
    return tied and (after.isalnum() or after in ("(", "\\", "[", "$"))


def _closing_dollar(value: str, start: int, dollar: str) -> int:
    """The position where math that opens before `start` closes, or 0 if it is not math."""
    position = start
    limit = min(len(value), start + _LONGEST_MATH)
    while True:
        position = value.find("$", position, limit)
        if position < 0:
            return 0
        backslashes = len(value[start:position]) - len(value[start:position].rstrip("\\"))
        if backslashes % 2 == 0:
            break
        position += 1
    content = value[start:position]
    if not value.startswith(dollar, position) or not _is_math(content) or not is_safe(content):
        return 0
    following = value[position + len(dollar) : position + len(dollar) + 1]
    starts_as_price = content.lstrip()[:1].isdigit()
    if following.isdigit() and starts_as_price:
        return 0  # $5-$10
    if content[-1].isspace() and (following.isalpha() or (starts_as_price and not _COMMAND.search(content))):
        return 0  # $10, or $x$: the second `$` looks like an opening one
    return position


def _is_math(content: str) -> bool:
    r"""Whether the text between two `$` is math, and not words between two prices.

    Symbols of math (a command, `^`, `_`, a relation) make it math, unless it starts like an amount or has a sentence;
    without them it must have no words, and white space at both ends or at neither (or be one word): `$n$` and
    `$3, 5$`, but not `$5 and $`.
    """
    if not content.strip() or not has_balanced_braces(_braces_as_commands(content)):
        return False
    if _AMOUNT.match(content) or (_SENTENCE.search(content) and not _TEXT_IN_MATH.search(content)):
        return False
    if _STRONG.search(content):
        return True
    if content[0].isspace() != content[-1].isspace() and (len(content.split()) > 1 or content.strip()[0].isdigit()):
        return False
    return not _PROSE.search(content)


def _math_in_brackets(value: str, start: int, sign: str) -> int:
    closing = value.find("\\)" if sign == "(" else "\\]", start, start + _LONGEST_MATH)
    if closing < 0:
        return 0
    content = value[start:closing]
    plain = content.strip() and "$" not in content and "\\(" not in content and "\\[" not in content
    plain = plain and is_safe(content)
    return (
        closing + 2 if plain and not content.endswith("\\") and has_balanced_braces(_braces_as_commands(content)) else 0
    )


def _math(content: str) -> str:
    content = content.replace(_LEFT, r"\lbrace{}").replace(_RIGHT, r"\rbrace{}")
    return _MATH_TOKEN.sub(_in_math, content if has_balanced_braces(content) else _braces_as_commands(content))


def _in_math(found: re.Match[str]) -> str:
    token = found[0]
    return f"\\{token}" if token in ("%", "#") else token


def _braces_as_commands(content: str) -> str:
    r"""Math with `\{` and `\}` as commands without a brace: `\left\{ x \right.` must not unbalance a value."""
    return _BRACE.sub(_brace_as_command, content)


def _brace_as_command(found: re.Match[str]) -> str:
    return {"\\{": r"\lbrace{}", "\\}": r"\rbrace{}"}.get(found[0], found[0])
