"""Folding: a normal form in which different spellings of the same text are equal.

NFKC and case folding in every script (Unicode Standard Annex 15 and chapter 3.13). Accents and vowel points go,
because exports drop them; letters of every script stay (`refsync.text.script_folding`).
"""

import html
import re
import unicodedata

from refsync.text.script_folding import ASCII_FORMS, GREEK_NAMES, WORD_CHARACTERS, fold_letters

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
# for `bytes.translate`, which is many times faster than a pattern
_ASCII_WORDS = bytes(ord(chr(i).lower()) if chr(i).isalnum() else ord(" ") for i in range(128)) + bytes(128)
_ASCII_QUOTES = b"'`"
# letters of European languages, punctuation, super- and subscripts: in most texts all characters beyond ASCII
_EUROPEAN = re.compile("[\u00a0-\u024f\u1e00-\u1eff\u2000-\u20cf\u2100-\u214f\u2190-\u22ff]")
_BETA = re.compile(r"(?<![^\W\d_])ß")  # no German word begins with it; `ß-blocker` is a substitute for β


def strip_markup(value: str) -> str:
    """The text without HTML or JATS markup and entities, with single spaces.

    >>> strip_markup("P2X<inf>7</inf> &amp;amp; <jats:p>caf&eacute;</jats:p>")
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
    if value.isprintable() and "  " not in value and value[:1] != " " != value[-1:]:
        return value  # most values; no other white space is printable
    return " ".join(value.split())


def fold(value: str) -> str:
    """The words of a text, folded, with single spaces: markup, case, accents, dashes and quotes make no difference.

    An empty result means that there is nothing to compare. The function is idempotent.

    >>> fold("β‐Thalassémie:  <i>Über</i> 中文標題")
    'beta thalassemie uber 中文標題'
    """
    value = strip_markup(value).replace("&", " and ") if "&" in value or "<" in value else value
    if not value.isascii():
        if "ß" in value:
            value = _BETA.sub("beta", value)
        value = _EUROPEAN.sub(lambda match: ASCII_FORMS[match[0]], value)
    if value.isascii():
        value = value.encode("ascii").translate(_ASCII_WORDS, _ASCII_QUOTES).decode("ascii")
        while "  " in value:  # a few rounds; to split a long text into words takes several times as long
            value = value.replace("  ", " ")
        return value.strip(" ")
    value = fold_letters(value)
    if "&" in value:  # full-width
        value = value.replace("&", " and ")
    if (greek := _GREEK.findall(value)) and len(_LATIN.findall(value)) > len(greek):
        # a symbol in Latin text, which other databases spell out
        value = _GREEK.sub(lambda match: GREEK_NAMES[match[0]], value)
    return " ".join(unicodedata.normalize("NFC", value.translate(WORD_CHARACTERS)).split())


def fold_key(value: str) -> str:
    """The letters and digits of a text, folded: word breaks make no difference either (`data base`, `database`)."""
    return fold(value).replace(" ", "")
