"""The text of a page that was saved as Markdown, without the marks of links, headings and emphasis."""

import re

_LINK = re.compile(
    r"(!?)\[((?:[^\[\]\\]|\\.){0,400})\]\((?:<[^<>]{0,2000}>|[^()\s]{1,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?)?(?:\s+\"[^\"]{0,300}\")?\)"
)
_HEADING = re.compile(r"(?m)^[ \t]{0,3}#{1,6}[ \t]+(?=\S)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,400}?\S)\1")
_INNER_BULLET = re.compile(r"(?m)^\s{4,}[o+]\s(?=\S)")
_ESCAPED = re.compile(r"\\([\[\]\\`*_{}()#+.!|>~-])")
_LEAST_LINKS = 5


def is_markdown(text: str) -> bool:
    """Whether a text has links of Markdown: `[Kelp in Noise](https://...)`."""
    found = _LINK.finditer(text)
    return sum(1 for _, _ in zip(range(_LEAST_LINKS), found, strict=False)) == _LEAST_LINKS


def without_markup(text: str) -> str:
    """The text that the page shows, line by line; of an image nothing.

    >>> without_markup("## [Kelp *in* Noise](https://example.org/kelp)")
    'Kelp *in* Noise'
    """
    before = ""
    while before != text:  # a picture may be inside a link
        before, text = text, _LINK.sub(lambda found: "" if found[1] else found[2], text)
    return _ESCAPED.sub(r"\1", _STRONG.sub(r"\2", _HEADING.sub("", _INNER_BULLET.sub("", text))))
