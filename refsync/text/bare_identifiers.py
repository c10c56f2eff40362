r"""Identifiers as they are written: bare and whole, without addresses, labels and LaTeX around them.

A value is changed only if all of it is one identifier; its letters keep their case.
"""

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

_WRAPPED = re.compile(r"\s*(?:\\(?:url|path|nolinkurl|texttt|href)\s*\{([^{}]*)\}(?:\{[^{}]*\})?|<([^<>\s]+)>)\s*")
_TILDE = re.compile(
    r"\{\\raise[^{}]*\\hbox\{\$\\scriptstyle\\sim\$\}\}|\$\\sim\$|\\textasciitilde(?:\{\}|\s|$)|\\~(?:\{\})?"
)
_SIGNS = {"less": "<", "greater": ">", "underscore": "_", "asciicircum": "^"}
_SIGN_NAME = r"\\text(less|greater|underscore|asciicircum)"
_SIGN = re.compile(rf"\{{{_SIGN_NAME}\}}|{_SIGN_NAME}(?:\{{\}}|\s?)")
_MATH_SIGN = re.compile(r"\$\s*([<>])\s*\$")
_ESCAPE = re.compile(r"\{?\\([_%&#$~-])\}?(?:\{\})?")
_DOI_LABEL = re.compile(
    r"(?:https?://|//)?(?:dx\.|www\.|doi-org\.[\w.-]+|dx-doi-org\.[\w.-]+)?(?:doi\.org|doi-org\.[\w.-]+)?/?"
    r"(?:(?:urn:|info:)?doi\s*[:/=]?\s*)?(?=10\.\d)",
    re.IGNORECASE,
)
_DOI_ADDRESS = re.compile(r"(?:https?:)?//|(?:dx\.)?doi\.org/", re.IGNORECASE)
_QUERY = re.compile(r"[?#](?:[\w-]+=|$).*")
_BARE_DOI = re.compile(r"10\.\d{4,9}/[\w.()/:;-]+")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_ARXIV = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv\s*:\s*)"
    r"((?:[a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?)(?:\.pdf)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"(?:(?:pmid|pubmed(?: id)?)\s*[:=]?\s*|https?://(?:www\.)?(?:pubmed\.)?ncbi\.nlm\.nih\.gov/(?:pubmed/)?)(\d{1,8})/?",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:pmc(?:id)?\s*[:=]\s*|https?://(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/)(PMC\d+)/?", re.IGNORECASE
)
_SERIAL_LABEL = re.compile(r"(?:urn:)?(?:[ep]-?)?is[bs]n(?:[- ]?1[03])?\s*[:=]?\s*(?=[\dXx-]{8})", re.IGNORECASE)


def bare_identifier(name: str, value: str) -> str:
    r"""The value of a field, bare if the field is one of identifiers or addresses, and the value is one of them.

    >>> bare_identifier("doi", r"https://doi.org/10.1000/A{\_}b"), bare_identifier("pmid", "PMID: 123")
    ('10.1000/A_b', '123')
    """
    bare = _RULES.get(name)
    return bare(value) if bare and value else value


def is_identifier_field(name: str) -> bool:
    """Whether `bare_identifier` may change values of this field."""
    return name in _RULES


def bare_doi(value: str) -> str:
    """A DOI without its resolver or label; any other value is unchanged."""
    if _BARE_DOI.fullmatch(value):
        return value
    plain = _unescaped(value)
    if "&" in plain:
        plain = html.unescape(plain)
    label = _DOI_LABEL.match(plain)
    if not label:
        encoded = unquote(plain)
        label = _DOI_LABEL.match(encoded)
        if not label:
            return value
        plain = encoded
    found = plain[label.end() :]
    if _DOI_ADDRESS.search(label[0]):
        found = _QUERY.sub("", found)
    if "%" in found:
        found = unquote(found)
    return found if _DOI.fullmatch(found) else value


def _unescaped(value: str) -> str:
    """The value without LaTeX around and inside it."""
    value = value.strip()
    if found := _WRAPPED.fullmatch(value):
        value = (found[1] or found[2] or "").strip()
    if "\\" in value or "$" in value:
        value = _TILDE.sub("~", value)
        value = _SIGN.sub(lambda sign: _SIGNS[sign[1] or sign[2]], _MATH_SIGN.sub(r"\1", value))
        value = _ESCAPE.sub(r"\1", value)
    while value.startswith("{") and value.endswith("}") and value.count("{") == 1:
        value = value[1:-1].strip()
    return value


def bare_url(value: str) -> str:
    """An address without LaTeX; a value that is not one address is unchanged."""
    if "\\" not in value and value[:1] not in "<{":
        return value
    plain = _unescaped(value)
    return plain if re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s{}\\]+", plain, re.IGNORECASE) else value


def _only(pattern: re.Pattern[str], value: str) -> str:
    found = pattern.fullmatch(_unescaped(value))
    return found[1] if found else value


def _without_label(value: str) -> str:
    return _SERIAL_LABEL.sub("", value, count=1) if _SERIAL_LABEL.match(value) else value


_RULES: Mapping[str, Callable[[str], str]] = {
    "doi": bare_doi,
    "url": bare_url,
    "eprint": lambda value: _only(_ARXIV, value),
    "pmid": lambda value: _only(_PMID, value),
    "pmcid": lambda value: _only(_PMCID, value),
    "isbn": _without_label,
    "issn": _without_label,
}
