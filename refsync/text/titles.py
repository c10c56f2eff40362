"""Titles: what databases add to them, folded forms, and parts that stand for the whole."""

import re
from itertools import islice
from typing import NamedTuple

from refsync.text.fold import fold, fold_key, strip_markup

_LANGUAGES = (
    "afrikaans|arabic|bulgarian|catalan|chinese|croatian|czech|danish|dutch|english|estonian|finnish|french|german|"
    "greek|hebrew|hungarian|icelandic|italian|japanese|korean|latvian|lithuanian|norwegian|persian|polish|portuguese|"
    "romanian|russian|serbian|slovak|slovene|slovenian|spanish|swedish|turkish|ukrainian"
)
_SUFFIX_WORDS = (
    r"(?:published\ )?(?:errat(?:um|a)|correct(?:ion|ed)|corrigend(?:um|a))|retract(?:ed|ion)|withdrawn|"
    r"(?:see\ )?comments?|reprint(?:ed)?|republished|summary\ for\ patients|author\ reply|reply"
)
_SUFFIX = re.compile(
    rf"""[\s.]*(?:
        # `(Reprinted from ...)`
        [\[(]\s*(?:{_SUFFIX_WORDS})\b[^\[\]()]*(?:(?:\([^()]*\)|\[[^\[\]]*\])[^\[\]()]*)*[\])]?   # may be left open
      | [\[(]\s*(?:review|article|letters?|letter;\ comment|multiple\ letters|\d+\ refs?\.?|preprint|
        electronic\ resource|microform)\s*[\])]
      | \.{{3}}\s*[A-Z][^;]{{5,80}}\d{{4}}[^;]{{0,15}};\s?\d+.*   # the citation of the paper that a letter is about
      | [\[(]\s*(?:extended\ |short\ |invited\ )?
        (?:abstract|panel|tutorial|poster|demo(?:nstration)?|keynote|talk|paper)
        (?:\ (?:only|abstract|paper|session|description|track|talk|presentation|discussion))?\s*[\])]
      | [\[(]\s*(?:(?:article|text|original)\ )?(?:in\s+)?(?:{_LANGUAGES})
        (?:\s*(?:[,;/&]|and|with)\s*(?:{_LANGUAGES})(?:\ (?:abstract|summary))?)*\s*[\])]
      | (?<=\.)\s*(?:{_LANGUAGES})\.?
      | \[\s*\d\s*\]
      | [\s.;,*†‡"”»]
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_LANGUAGE_END = re.compile(rf"\.\s*(?:{_LANGUAGES})\Z", re.IGNORECASE)
_MARKED = re.compile(
    r"^\W*(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?\s*(?:[:.\-–—]|(?<=\[retracted)\]|(?<=withdrawn)\])\s*",
    re.IGNORECASE,
)
# `Moss (panel session): friend or foe?`: a kind of presentation, as one source describes it
_SESSION = re.compile(
    r"\s*[\[(](?:extended |short |invited )?(?:abstract|panel|tutorial|poster|demo(?:nstration)?|keynote)"
    r"(?: (?:only|abstract|session|description|track|talk|presentation|discussion))?[\])]",
    re.IGNORECASE,
)
# each alternative begins with one character, for speed; a look-behind then checks what precedes it
_SUBTITLE = re.compile(
    r"[:?!](?:(?<=\w\w.)|(?<=\w\w\s.))[:?!]*\s+"
    r"|\s(?:[-‐‑‒–—−]+\s+|=\s+(?=[^\W\d])|\[(?=[^\[\]]{12,}\]$))"  # the last two: a title in two languages
    r"|[—–](?:(?<=\w.)|(?<=\w\s.))\s*(?=\w)"
    r"|\.\s+(?=\S)"
)


class FoldedTitle(NamedTuple):
    """A folded title: `text` is its words, `key` its letters, `main` the letters before the subtitle (else `key`)."""

    text: str
    key: str
    main: str


def trim_title(value: str) -> str:
    """The title without what databases add: notes in brackets, the language, brackets around a translation.

    >>> trim_title("[On moss and rain]. [Swedish]")
    'On moss and rain'
    >>> trim_title("RETRACTED: On moss.[Erratum appears in J Moss. 2011;2(3):4]")
    'On moss'
    """
    value = strip_markup(value[:4000])
    if not value[:1].isalnum() or value[0] in "rRwW":
        value = _MARKED.sub("", value) or value
    if "(" in value or "[" in value:
        value = _SESSION.sub("", value) or value
    while True:
        cut = _SUFFIX.sub("", value) if _may_have_suffix(value) else value
        if cut.startswith("[") and cut.endswith("]") and "[" not in cut[1:]:
            cut = cut[1:-1]
        if cut == value or not cut.strip():
            return value.strip(' "“”«»<>')
        value = cut


def _may_have_suffix(value: str) -> bool:
    """Whether the long pattern can match: most titles end in a word, for which it cannot."""
    if not value[-1:].isalnum() or "[" in value or "(" in value:
        return True
    return "." in value and ("..." in value or bool(_LANGUAGE_END.search(value)))


def _may_have_subtitle(value: str) -> bool:
    """Whether the pattern of a subtitle can match: single characters are found many times faster."""
    found = ":" in value or "-" in value or ". " in value or "?" in value or "!" in value
    return found or "[" in value or "=" in value or not value.isascii()


def fold_title(value: str) -> FoldedTitle:
    """The title in the forms that comparisons use. Only the first 4,000 characters are read.

    >>> fold_title("On moss - a study.").main
    'onmoss'
    """
    trimmed = trim_title(value)
    text = fold(trimmed)
    letters = text.replace(" ", "")
    match = _SUBTITLE.search(trimmed) if _may_have_subtitle(trimmed) else None
    main = fold_key(trimmed[: match.start()]) if match else ""
    return FoldedTitle(text, letters, main or letters)


def title_parts(value: str) -> list[str]:
    """The letters of each part before and after a separator in a title: main title, subtitle, series.

    >>> title_parts("Notes on rain. On moss: a study")
    ['notesonrain', 'onmossastudy', 'notesonrainonmoss', 'astudy']
    """
    trimmed = trim_title(value)
    parts: list[str] = []
    for match in islice(_SUBTITLE.finditer(trimmed), 8):
        parts += (fold_key(trimmed[: match.start()]), fold_key(trimmed[match.end() :]))
    return [part for part in parts if part]
