"""Pages, DOIs and URLs in a normal form."""

import re
from urllib.parse import unquote

_PAGE = r"[A-Za-z]{0,4}\d{1,9}(?:[A-Za-z]{0,3}|\.e\d{1,3})|[ivxlcdm]{1,9}"
_DASH = r"[ \t\r\n]*(?:-{1,3}|[‐‑‒–—−])[ \t\r\n]*"
_ITEM = re.compile(rf"(\s*)({_PAGE}){_DASH}({_PAGE})(\s*)")
_SEPARATOR = re.compile(r"([,;&+]|\\&)")
_ADDRESS = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|(?:dx\.)?doi\.org/|doi:\s*)+(?=10(?:\.|%2e)\d)", re.IGNORECASE
)
_WRAPPED = re.compile(r"\s*\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}\s*")
_ESCAPES = re.compile(r"\\+([_%&#$~])|\{\\textasciitilde\s*\}|\\textasciitilde(?:\{\}|(?![A-Za-z]))|\\~\{\}|\{\\_\}")
_NO_PLAIN_URL = re.compile(r"\\[A-Za-z]|\{\\|[\ud800-\udfff\r\n\t]")
_KEPT_IN_URLS = re.compile(r"\\[_%&#${}~]|[A-Za-z0-9\-._~:/?#\[\]@!$&'(),*+;=%]+")


def with_page_ranges(value: str) -> str:
    """The pages with `--` in each range of two numbers; what is not certainly such a range stays (`2-1--2-15`, `12-`).

    >>> with_page_ranges("12-34, 40 – 45, e7-e9"), with_page_ranges("116-123.e2"), with_page_ranges("3-1-3-20")
    ('12--34, 40--45, e7--e9', '116--123.e2', '3-1-3-20')
    """
    pieces = _SEPARATOR.split(value)
    if not all(_ITEM.fullmatch(item) or not any(dash in item for dash in "-‐‑‒–—−") for item in pieces[::2]):
        return value
    return "".join(_ITEM.sub(r"\1\2--\3\4", item) if i % 2 == 0 else item for i, item in enumerate(pieces))


def bare_doi(value: str) -> str:
    """The DOI without the address of a resolver or `doi:` before it; its letters stay as they are.

    >>> bare_doi("https://doi.org/10.1000/ABC"), bare_doi("doi:10.1000/1"), bare_doi("see 10.1000/1")
    ('10.1000/ABC', '10.1000/1', 'see 10.1000/1')
    """
    text = value.strip()
    if wrapped := _WRAPPED.fullmatch(text):
        text = wrapped[1].strip()
    address = _ADDRESS.match(text)
    if not address:
        return value
    doi = text[address.end() :]
    if "%" in doi and address[0].lower().startswith("http") and not re.search(r"[\\{}\s]", doi):
        decoded = unquote(doi)
        doi = decoded if decoded.isascii() and decoded.isprintable() and not re.search(r"[{}\\\s%]", decoded) else doi
    return doi


def unescaped_url(value: str) -> str:
    r"""The URL without LaTeX's escapes and `\url{...}`, as it has to be in a verbatim field."""
    text = value
    while wrapped := _WRAPPED.fullmatch(text):
        text = wrapped[1]
    return _ESCAPES.sub(lambda found: found[1] or ("_" if "_" in found[0] else "~"), text)


def encoded_url(value: str) -> str:
    r"""The URL with percent codes for the characters that no URL may contain (RFC 3986); escapes such as `\_` stay.

    A value with other LaTeX, or that is no URL, is unchanged.

    >>> encoded_url("https://example.org/a b/é")
    'https://example.org/a%20b/%C3%A9'
    """
    text = value.strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) or _NO_PLAIN_URL.search(text):
        return value
    pieces: list[str] = []
    end = 0
    for kept in _KEPT_IN_URLS.finditer(text):
        pieces += (_percent(text[end : kept.start()]), kept[0])
        end = kept.end()
    return "".join((*pieces, _percent(text[end:])))


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
