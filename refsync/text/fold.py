"""Folding: the form in which two writings of one text become equal.

NFKC and case folding in every script (Unicode Standard Annex 15 and chapter 3.13). Accents and points go, because
exports drop them; no letter of any script does (`refsync.text.script_folding`).
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from refsync.text.script_folding import GREEK, SPELT, WORDS, letters

_INLINE_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|su[bp]|inf|sc|scp|tt|span|font|italic|bold|(?:jats|mml):(?:italic|bold|su[bp]|sc|m\w+))"
    r"(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][\w:.-]{0,30}(?:\s[^<>]{0,200})?/?>|<!--.{0,500}?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_GREEK = re.compile("[α-ω]")
_LATIN = re.compile("[a-z]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
# letters of European languages, punctuation, super- and subscripts: in most texts all that is not ASCII
_EUROPEAN = re.compile("[\u00a0-\u024f\u1e00-\u1eff\u2000-\u20cf\u2100-\u214f\u2190-\u22ff]")
_BETA = re.compile(r"(?<![^\W\d_])ß")  # no German word begins with it: who has no β writes `ß-blocker`


def plain(value: str) -> str:
    """A text without HTML or JATS mark-up and entities, its spaces single.

    >>> plain("P2X<inf>7</inf> &amp;amp; <jats:p>caf&eacute;</jats:p>")
    'P2X7 & café'
    """
    for _ in range(2):  # `&amp;lt;`: some exports escape twice
        if "&" not in value or not _ENTITY.search(value):
            break
        value = html.unescape(value)
    if "<" in value:
        if "<![" in value:
            value = _CDATA.sub(r"\1", value)
        value = _TAG.sub(" ", _INLINE_TAG.sub("", value))
    return " ".join(value.split())


def fold(value: str) -> str:
    """The words of a text, folded, with single spaces: mark-up, case, accents, dashes and quotes make no difference.

    An empty result means that there is nothing to compare. Folding twice changes nothing.

    >>> fold("β‐Thalassémie:  <i>Über</i> 中文標題")
    'beta thalassemie uber 中文標題'
    """
    value = plain(value).replace("&", " and ") if "&" in value or "<" in value else value
    if not value.isascii():
        if "ß" in value:
            value = _BETA.sub("beta", value)
        value = _EUROPEAN.sub(lambda match: SPELT[match[0]], value)
    if value.isascii():
        return " ".join(_ASCII_WORD.findall(value.lower().replace("'", "").replace("`", "")))
    value = letters(value)
    if "&" in value:  # full-width
        value = value.replace("&", " and ")
    if (greek := _GREEK.findall(value)) and len(_LATIN.findall(value)) > len(greek):
        # a symbol in a text of another language, which other databases spell out
        value = _GREEK.sub(lambda match: GREEK[match[0]], value)
    return " ".join(unicodedata.normalize("NFC", value.translate(WORDS)).split())


def key(value: str) -> str:
    """The letters and digits of a text, folded: word breaks make no difference either (`data base`, `database`)."""
    return fold(value).replace(" ", "")


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
        [\[(]\s*(?:{_SUFFIX_WORDS})\b[^\[\]()]*(?:(?:\([^()]*\)|\[[^\[\]]*\])[^\[\]()]*)*[\])]?   # left open too
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
# `Moss (panel session): friend or foe?`: what was presented, in one source's words
_SESSION = re.compile(
    r"\s*[\[(](?:extended |short |invited )?(?:abstract|panel|tutorial|poster|demo(?:nstration)?|keynote)"
    r"(?: (?:only|abstract|session|description|track|talk|presentation|discussion))?[\])]",
    re.IGNORECASE,
)
# each way begins with one character, for speed; what must precede it is asked for behind it
_SUBTITLE = re.compile(
    r"[:?!](?:(?<=\w\w.)|(?<=\w\w\s.))[:?!]*\s+"
    r"|\s(?:[-‐‑‒–—−]+\s+|=\s+(?=[^\W\d])|\[(?=[^\[\]]{12,}\]$))"  # the last two: a title in two languages
    r"|[—–](?:(?<=\w.)|(?<=\w\s.))\s*(?=\w)"
    r"|\.\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title, folded: `text` its words, `key` its letters, `main` the letters before the subtitle (else `key`)."""

    text: str
    key: str
    main: str


def trim_title(value: str) -> str:
    """A title without what databases hang on it: notes in brackets, the language, brackets round a translation.

    >>> trim_title("[On moss and rain]. [Swedish]")
    'On moss and rain'
    >>> trim_title("RETRACTED: On moss.[Erratum appears in J Moss. 2011;2(3):4]")
    'On moss'
    """
    value = plain(value[:4000])
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
    """Whether the long pattern is worth trying: most titles end in a word."""
    return (
        not value[-1:].isalnum() or "[" in value or "(" in value or "..." in value or bool(_LANGUAGE_END.search(value))
    )


def fold_title(value: str) -> Title:
    """A title in the forms that comparisons use. Only the first 4,000 characters count.

    >>> fold_title("On moss - a study.").main
    'onmoss'
    """
    trimmed = trim_title(value)
    text = fold(trimmed)
    letters = text.replace(" ", "")
    match = _SUBTITLE.search(trimmed)
    main = key(trimmed[: match.start()]) if match else ""
    return Title(text, letters, main or letters)


def title_parts(value: str) -> list[str]:
    """The letters of every beginning and every end of a title that is set off as one: main title, subtitle, series.

    >>> title_parts("Notes on rain. On moss: a study")
    ['notesonrain', 'onmossastudy', 'notesonrainonmoss', 'astudy']
    """
    trimmed = trim_title(value)
    parts: list[str] = []
    for match in islice(_SUBTITLE.finditer(trimmed), 8):
        parts += (key(trimmed[: match.start()]), key(trimmed[match.end() :]))
    return [part for part in parts if part]
