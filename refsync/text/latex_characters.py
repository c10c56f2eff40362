r"""Single characters between LaTeX and Unicode: `{\"u}` and `ü`. The plain text of a value stays the same."""

import re
import unicodedata
from functools import lru_cache

from refsync.text.latex import latex_to_text
from refsync.text.latex_commands import COMBINING, LETTER_COMMANDS, MATH_COMMANDS, SIGN_COMMANDS

# With the letter before a combining mark; a dash or quote only where it does not run into another.
_BEYOND_ASCII = re.compile(
    r"(?<!\\)(?<!\\[`'^\"~=.])(?:(?<!\\[A-Za-z])[A-Za-z][\u0300-\u036f](?![\u0300-\u036f])"
    r"|(?<![-–—])[–—](?![-–—])|(?<![`“])“(?![`“])|(?<!['”])”(?!['”])|[^\x00-\x7f–—“”])"
)
_ACCENT_OF = {mark: command for command, mark in COMBINING.items()}
_LETTER_OF = {letter: command for command, letter in LETTER_COMMANDS.items()}
_DASHES = {"–": "--", "—": "---", "“": "``", "”": "''"}
_PREFERRED = (
    "textquoteleft textquoteright quotedblbase quotesinglbase guillemotleft guillemotright textsection P dag ddag "
    "textcopyright textregistered texttrademark textdegree ldots textbullet pounds euro textyen textexclamdown "
    "textquestiondown textperiodcentered textonehalf textordmasculine textordfeminine textcelsius"
).split()
_SIGN_OF = {SIGN_COMMANDS[command]: command for command in _PREFERRED}
_MATH_OF: dict[str, str] = {}
for _command, _character in MATH_COMMANDS.items():
    if len(_character) == 1 and not _character.isascii():
        _MATH_OF.setdefault(_character, _command)

# Parts of a value that are no text: escapes, math, and the arguments of commands that take addresses or keys.
_OPAQUE = re.compile(
    r"""
      \\\\
    | \\(?:url|path|nolinkurl|cite[a-zA-Z]*|href|ref|label|input|include|includegraphics)\*?\s*
      (?:\[[^][{}]*\]\s*)?\{[^{}]*\}
    | \$\$(?:[^$\\]|\\.|\$(?!\$))*\$\$
    | \$(?:[^$\\]|\\.)*\$
    | \\\((?:[^\\]|\\[^()])*\\\)
    | \\ensuremath\s*\{[^{}]*\}
    """,
    re.VERBOSE | re.DOTALL,
)
_SKIPPED = re.compile(rf"(?P<opaque>{_OPAQUE.pattern})|(?P<escape>\\.)|(?P<special>[&%\#_])", re.VERBOSE | re.DOTALL)
_LETTERS = "|".join(sorted(LETTER_COMMANDS, key=len, reverse=True))
_DECODED_SIGNS = {command: SIGN_COMMANDS[command] for command in (*_PREFERRED, "textendash", "textemdash")}
_SIGNS = "|".join(sorted(_DECODED_SIGNS, key=len, reverse=True))
_LETTER = rf"(?:[A-Za-z]|\\(?:{_LETTERS})(?![A-Za-z])\s*(?:\{{\}})?)"
_ACCENT = (
    r"""\\(?:[`'^"~=.]|[uvHGdcbrkt](?![A-Za-z]))\s*"""
    rf"(?:\{{\s*{_LETTER}\s*\}}|[A-Za-z]|\\(?:{_LETTERS})(?![A-Za-z])(?:\{{\}}|[ ])?)"
)
_CHARACTER = rf"(?:{_ACCENT}|\\(?:{_LETTERS}|{_SIGNS})(?![A-Za-z])(?:\{{\}})?)"
_TO_UNICODE = re.compile(
    rf"(?P<opaque>{_OPAQUE.pattern})|\{{(?P<group>{_CHARACTER})\s*\}}|(?P<bare>{_CHARACTER})(?P<space>[ ]*)|\\.",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE_OR_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)
_KNOWN = re.compile(r"[\\$]")


@lru_cache(maxsize=4096)
def latex_character(character: str) -> str:
    r"""LaTeX in braces for a character beyond ASCII (`{\"u}`), or an empty string if there is none of the same text.

    >>> latex_character("ü"), latex_character("α"), latex_character("ſ")
    ('{\\"u}', '{$\\alpha$}', '')
    """
    if character == "\u00a0":
        return "~"
    character = unicodedata.normalize("NFC", character)
    return next((item for item in _candidates(character) if latex_to_text(item) == character), "")


def _candidates(character: str) -> list[str]:
    found = []
    if character in _DASHES:
        found.append(_DASHES[character])
    if character in _LETTER_OF:
        found.append(f"{{\\{_LETTER_OF[character]}}}")
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[1] in _ACCENT_OF and parts[0].isascii() and parts[0].isalpha():
        accent = _ACCENT_OF[parts[1]]
        letter = f"\\{parts[0]}" if parts[0] in "ij" and accent not in "cdbk." else parts[0]
        if accent.isalpha():
            found.append(f"{{\\{accent}{{{letter}}}}}")
        else:
            found.append(f"{{\\{accent}{letter}}}")
    if character in _SIGN_OF:
        found.append(f"{{\\{_SIGN_OF[character]}}}")
    if character in _MATH_OF:
        found.append(f"{{$\\{_MATH_OF[character]}$}}")
    return found


def characters_to_latex(value: str) -> str:
    """The LaTeX value with commands for characters beyond ASCII, except in math; unknown characters stay."""
    if value.isascii():
        return value
    math_is_safe = _unescaped_dollars(value) % 2 == 0

    def latex(found: re.Match[str]) -> str:
        candidate = latex_character(found[0])
        return candidate if candidate and (math_is_safe or "$" not in candidate) else found[0]

    pieces: list[str] = []
    end = 0
    for opaque in _OPAQUE.finditer(value):
        pieces += (_BEYOND_ASCII.sub(latex, value[end : opaque.start()]), opaque[0])
        end = opaque.end()
    return "".join((*pieces, _BEYOND_ASCII.sub(latex, value[end:])))


def characters_to_unicode(value: str) -> str:
    r"""The LaTeX value with Unicode for accented letters, other letters and some signs, except in math.

    `{\"u}`, `\"{u}` and `\"u` become `ü`; white space after `\ss` and its like is dropped, as TeX does.
    """
    if "\\" not in value:
        return value

    def character(found: re.Match[str]) -> str:
        written = found["group"] or found["bare"]
        if not written:
            return found[0]
        plain = latex_to_text(written)
        if len(plain) != 1 or plain.isascii():
            return found[0]
        space = found["space"] or ""
        ends_in_letter = bool(space) and written[-1].isalpha() and _is_word(written)
        return plain + ("" if ends_in_letter else space)

    return _TO_UNICODE.sub(character, value)


def escape_specials(value: str) -> str:
    r"""The LaTeX value with a backslash before each `&`, `%`, `#` and `_` that lacks it, except in math and addresses.

    >>> escape_specials(r"R&D \& 5% of $a_b$, \url{x_y}, a_b")
    'R\\&D \\& 5\\% of $a_b$, \\url{x_y}, a\\_b'
    """
    return _SKIPPED.sub(lambda found: f"\\{found[0]}" if found["special"] else found[0], value)


def opaque_spans(value: str) -> list[tuple[int, int]]:
    """The spans of a LaTeX value that are no text: math, and the arguments of commands for addresses and keys."""
    return [found.span() for found in _OPAQUE.finditer(value)] if _KNOWN.search(value) else []


def _is_word(command: str) -> bool:
    r"""Whether it is a command made of letters, such as `\ss`, which ends at white space."""
    return re.fullmatch(r"\\[A-Za-z]+", command) is not None


def _unescaped_dollars(value: str) -> int:
    return sum(dollar == "$" for dollar in _ESCAPE_OR_DOLLAR.findall(value)) if "$" in value else 0
