r"""Conversion of values between LaTeX and Zotero's rich text, and whether two LaTeX values are equal.

Zotero's titles may have `<i>`, `<b>`, `<sub>`, `<sup>` and spans for small capitals and for protected case.
"""

import re

from refsync.records import Markup
from refsync.text.bare_identifiers import bare_identifier
from refsync.text.inline_markup import html_markup, mark_html, plain_markup
from refsync.text.latex import VERBATIM_FIELDS, field_to_latex, latex_to_text, text_to_latex
from refsync.text.latex_commands import LETTER_COMMANDS
from refsync.text.whitespace import collapse_whitespace

RICH_FIELDS = frozenset({"title", "shorttitle", "booktitle", "journaltitle", "series"})

_TAGS = {
    "emph": ("<i>", "</i>"),
    "textit": ("<i>", "</i>"),
    "textbf": ("<b>", "</b>"),
    "textsubscript": ("<sub>", "</sub>"),
    "textsuperscript": ("<sup>", "</sup>"),
    "textsc": ('<span style="font-variant:small-caps;">', "</span>"),
}
_FORMATTED = re.compile(rf"\\({'|'.join(_TAGS)})\{{([^{{}}]*)\}}")
_RICH = re.compile(
    r'<(?P<tag>i|b|sub|sup)>(?P<in>[^<]*)</(?P=tag)>|<span style="font-variant:\s?small-caps;?">(?P<sc>[^<]*)</span>'
    r'|<span class="nocase">(?P<nocase>[^<]*)</span>'
)
_COMMANDS = {"i": "textit", "b": "textbf", "sub": "textsubscript", "sup": "textsuperscript"}
_ACCENTED = (
    r"\\(?:[`'^\"~=.]|[uvHGdcbrkt](?![A-Za-z]))\s*(?:\{\s*\\?[A-Za-z]\s*\}|\\[ij](?![A-Za-z])|[A-Za-z])"
    rf"|\\(?:{'|'.join(sorted(LETTER_COMMANDS, key=len, reverse=True))})(?:\{{\}}|\s+|(?![A-Za-z]))"
)
_LETTER = re.compile(rf"\{{(?:{_ACCENTED})\}}|{_ACCENTED}")
_ESCAPED = re.compile(r"\\([&%#_$])")
_MARKUP = re.compile(r"[\\{}$~]")
_SET_ASIDE = str.maketrans({"$": "\ue020", "&": "\ue021", "%": "\ue022", "#": "\ue023", "_": "\ue024"})


_PAGE = r"(?:[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlc]+)"
_PAGE_RANGE = re.compile(rf"(?<![^,;\s])({_PAGE})\s?[-‐‑−]\s?({_PAGE})(?![^,;\s])")
"""A range of pages with a hyphen, as most libraries have it."""


_TYPES = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master's thesis",
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}
"""BibLaTeX's values of `type`, which it prints in the document's language."""
_TYPES_BACK = {text: word for word, text in _TYPES.items()}


def to_value(name: str, value: str, markup: Markup) -> str:
    """A field's value as Zotero stores it."""
    if name == "type" and value in _TYPES:
        return _TYPES[value]
    value = bare_identifier(name, value)
    if markup == "text":
        if name not in VERBATIM_FIELDS:
            value = (html_markup if name in RICH_FIELDS else plain_markup)(mark_html(value))
        return value.strip() if name == "abstract" else collapse_whitespace(value)
    if name in VERBATIM_FIELDS:
        return collapse_whitespace(_ESCAPED.sub(r"\1", value))
    if (name in RICH_FIELDS and "\\text" in value) or "\\emph" in value:
        marks = [mark for pair in _TAGS.values() for mark in pair]
        value = _FORMATTED.sub(lambda match: _marked(marks, match[1], match[2]), value)
        text = latex_to_text(value)
        for number, mark in enumerate(marks):
            text = text.replace(chr(0xE100 + number), mark)
        return collapse_whitespace(text)
    return collapse_whitespace(latex_to_text(value))


def _marked(marks: list[str], command: str, inner: str) -> str:
    opening, closing = _TAGS[command]
    return f"{chr(0xE100 + marks.index(opening))}{inner}{chr(0xE100 + marks.index(closing))}"


def from_value(name: str, value: str) -> str:
    """The LaTeX for one of Zotero's values."""
    if name == "type" and value in _TYPES_BACK:
        return _TYPES_BACK[value]
    if name in VERBATIM_FIELDS:
        return collapse_whitespace(value)
    if name in RICH_FIELDS and "<" in value:
        pieces: list[str] = []
        end = 0
        for match in _RICH.finditer(value):
            pieces += (text_to_latex(value[end : match.start()]), _formatted(match))
            end = match.end()
        if pieces:
            return collapse_whitespace("".join((*pieces, text_to_latex(value[end:]))))
    written = field_to_latex(name, value) if name in RICH_FIELDS else text_to_latex(value)
    return collapse_whitespace(_PAGE_RANGE.sub(r"\1--\2", written.replace("–", "--")) if name == "pages" else written)


def _formatted(match: re.Match[str]) -> str:
    if match["tag"]:
        return f"\\{_COMMANDS[match['tag']]}{{{text_to_latex(match['in'])}}}"
    return (
        f"\\textsc{{{text_to_latex(match['sc'])}}}"
        if match["sc"] is not None
        else f"{{{text_to_latex(match['nocase'])}}}"
    )


def equal_latex(name: str, one: str, original: str) -> bool:
    r"""Whether a LaTeX value keeps all of an original; accents may be written differently (`{\"o}`, `ö`)."""
    if collapse_whitespace(one) == collapse_whitespace(original):
        return True
    if name in VERBATIM_FIELDS:
        return False
    one, original = _normalized(one), _normalized(original)
    return one == original or (not _MARKUP.search(original) and latex_to_text(one) == latex_to_text(original))


def _normalized(value: str) -> str:
    """The value with letters in place of LaTeX's commands for them."""
    value = _LETTER.sub(lambda match: latex_to_text(match[0]), value) if "\\" in value else value
    value = _ESCAPED.sub(lambda match: match[1].translate(_SET_ASIDE), value)
    return collapse_whitespace(value.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”"))
