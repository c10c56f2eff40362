"""From LaTeX to plain text and back, for values of bibliographies. No string raises an error."""

import re
import unicodedata
from functools import lru_cache

from refsync.text.inline_markup import latex_markup, mark_html
from refsync.text.latex_case import protect_capitals
from refsync.text.latex_commands import (
    COMBINING,
    FORMATTING_COMMANDS,
    LETTER_COMMANDS,
    LOGOS,
    MATH_COMMANDS,
    SIGN_COMMANDS,
    WITH_HIDDEN_ARGUMENT,
)
from refsync.text.latex_escape import balance_braces, has_balanced_braces, text_to_latex
from refsync.text.verbatim_fields import VERBATIM_FIELDS

__all__ = [
    "VERBATIM_FIELDS",
    "balance_braces",
    "field_to_latex",
    "has_balanced_braces",
    "latex_to_text",
    "protect_capitals",
    "text_to_latex",
]

TITLE_FIELDS = frozenset({"title", "booktitle"})
"""Fields in which BibTeX's styles change the case of letters."""

_LETTERS = "|".join(sorted(LETTER_COMMANDS, key=len, reverse=True))
_COMMAND = re.compile(
    rf"""\\(?:
      (?P<accent>[`'^"~=.]|[uvHGdcbrkt](?![A-Za-z]))\s*
        (?:\{{\s*(?:\\(?P<letter>{_LETTERS})(?![A-Za-z])\s*(?:\{{\}})?|\\?(?P<in>[^\W\d_]))(?P<rest>[^{{}}\\]*)\}}
          |\\(?P<command>{_LETTERS})(?![A-Za-z])\ ?|(?P<bare>[^\W\d_]))
    | (?P<name>[A-Za-z]+)\*?(?P<gap>\{{\}}|\s+)?
    | (?P<sign>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_NESTED_ACCENT = re.compile(
    r"""\\(?P<outer>[`'^"~=.]|[uvHGdcbrkt](?![A-Za-z]))\s*(?P<group>\{\s*)?
      \\(?P<inner>[`'^"~=.]|[uvHGdcbrkt](?![A-Za-z]))\s*
      (?:\{\s*\\?(?P<in>[^\W\d_])\s*\}|\\(?P<dotless>[ij])(?![A-Za-z])\ ?|(?P<bare>[^\W\d_]))
      (?(group)\s*\})""",
    re.VERBOSE,
)
_LOGO = re.compile(rf"\\({'|'.join(sorted(LOGOS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s+)?")
_ADDRESS = re.compile(r"\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}")
_EITHER = re.compile(
    r"\\ifmmode[^\n]{0,80}?\\else\s*([^\n]{0,80}?)\\fi(?![a-z])"
)  # \ifmmode\check{c}\else\v{c}\fi, of the APS
_HIDDEN = re.compile(rf"\\(?:{'|'.join(sorted(WITH_HIDDEN_ARGUMENT))})\*?\s*\{{[^{{}}]*\}}")
_TABLE = {**MATH_COMMANDS, **SIGN_COMMANDS, **LETTER_COMMANDS, **dict.fromkeys(FORMATTING_COMMANDS, "")}
# Characters that a command stands for are replaced for a while, so that later steps don't read them as markup.
_SET_ASIDE = str.maketrans("\\{}$~`'-", "\ue010\ue011\ue012\ue013\ue014\ue015\ue016\ue017")
_RESTORE = str.maketrans("\ue010\ue011\ue012\ue013\ue014\ue015\ue016\ue017", "\\{}$~`'-")
_SPACING = {",": " ", ";": " ", ":": " ", "!": "", " ": " ", "-": "", "/": "", "\\": " ", "\n": " ", "\t": " "}
_SPACING |= dict.fromkeys("@()[]", "")
_SPACES = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")
_MAX_LENGTH = 20_000
"""In characters; longer values are not passed to pylatexenc, which is slow. No title is as long."""


def field_to_latex(name: str, value: str) -> str:
    """A field's value in LaTeX: escaped once, with commands for tags, and capitals of titles protected.

    URLs and keys are unchanged.
    """
    if name in VERBATIM_FIELDS:
        return value
    value = latex_markup(text_to_latex(mark_html(value)))
    return protect_capitals(value) if name in TITLE_FIELDS else value


def latex_to_text(value: str) -> str:
    r"""The plain text of a LaTeX value, for matching, tagging and display: accents, symbols, dashes, no braces.

    Commands that the tables lack are left to pylatexenc; if it fails, they are removed.

    >>> latex_to_text(r"M{\"u}ller \& S{\o}n: the $\alpha$--$\beta$ case")
    'Müller & Søn: the α–β case'
    """
    # searches for single characters are many times faster than a pattern
    if "\\" in value or "`" in value:
        return _decoded(value)
    dash, quote = "-" in value, "'" in value
    if "{" in value or "}" in value or "$" in value or "~" in value:
        return _without_markup(value)
    if (dash and "--" in value) or (quote and "''" in value):
        return _without_markup(value)
    return _decoded(value) if dash and quote and ("'-" in value or "-'" in value) else value


@lru_cache(maxsize=8192)  # the same few hundred journals and authors repeat
def _decoded(value: str) -> str:
    if "\\" not in value:
        return _without_markup(value)
    unknown = False

    def replace(found: re.Match[str]) -> str:
        nonlocal unknown
        if accent := found["accent"]:
            command = found["letter"] or found["command"]
            letter = _dotted(LETTER_COMMANDS[command] if command else found["in"] or found["bare"])
            return unicodedata.normalize("NFC", letter + COMBINING[accent]) + (found["rest"] or "")
        if name := found["name"]:
            plain = _TABLE.get(name)
            if plain is None:
                unknown = True
                return ""
            space = " " if name in MATH_COMMANDS and found["gap"] not in (None, "{}") else ""  # TeX drops it elsewhere
            return plain.translate(_SET_ASIDE) + space
        sign = found["sign"]
        if sign in "`'^\"~=.":
            return sign.translate(_SET_ASIDE) if sign in "~^" else ""  # an accent without a letter: the sign itself
        return _SPACING.get(sign, sign).translate(_SET_ASIDE)

    if "TeX" in value or "\\AmS" in value:
        value = _LOGO.sub(lambda found: LOGOS[found[1]], value)
    while (nested := _NESTED_ACCENT.sub(_nested_accent, value)) != value:
        value = nested
    text = _EITHER.sub(r"\1", value) if "\\ifmmode" in value else value
    text = _ADDRESS.sub(lambda found: found[1].translate(_SET_ASIDE), text)
    text = _COMMAND.sub(replace, _HIDDEN.sub("", text))
    if unknown and len(value) <= _MAX_LENGTH and (read := _by_pylatexenc(value)) is not None:
        return read
    return _without_markup(text)


def _dotted(letter: str) -> str:
    """The letter that Unicode composes with an accent: `i` where LaTeX has the one without a dot."""
    return {"ı": "i", "ȷ": "j"}.get(letter, letter)


def _nested_accent(found: re.Match[str]) -> str:
    letter = _dotted(found["in"] or found["dotless"] or found["bare"])
    return unicodedata.normalize("NFC", letter + COMBINING[found["inner"]] + COMBINING[found["outer"]])


def _without_markup(text: str) -> str:
    text = text.replace("{", "").replace("}", "").replace("$", "").replace("~", " ")
    text = text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”")
    if not text.isascii():
        text = text.translate(_RESTORE)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text:
        text = _SPACES.sub(" ", text)
    return text.strip()


def _by_pylatexenc(value: str) -> str | None:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        text: str = LatexNodes2Text(math_mode="text", keep_comments=True).latex_to_text(value)
    except (LatexWalkerError, RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return None
    return _SPACES.sub(" ", text.replace("\ue000", "")).strip()
