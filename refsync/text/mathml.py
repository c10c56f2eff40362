"""MathML in titles and abstracts as a line of text with the tags of HTML."""

import re
from typing import Any

_SPACES = re.compile(r"\s+")
_SCRIPTS = {"msub": "sub", "msup": "sup", "munder": "sub", "mover": "sup"}
_BOTH = frozenset({"msubsup", "munderover"})
_MAX_DEPTH = 50


def linear_formula(value: str) -> str:
    """A formula in one line; the text alone if it is not well-formed.

    >>> linear_formula("<math><msub><mi>H</mi><mn>2</mn></msub><mo>+</mo><mfrac><mn>1</mn><mi>n</mi></mfrac></math>")
    'H<sub>2</sub>+1/n'
    """
    from lxml import etree

    plain = re.sub(r"<(/?)\w+:", r"<\1", re.sub(r'\sxmlns(?::\w+)?="[^"]*"', "", value)).replace("&", "&amp;")
    try:
        root = etree.fromstring(plain, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return _SPACES.sub(" ", re.sub(r"<[^<>]*>", "", value)).strip()
    return _line(root, 0).strip()


def _line(element: Any, depth: int) -> str:
    if not isinstance(element.tag, str) or depth > _MAX_DEPTH:
        return ""
    name = element.tag
    if not len(element):
        return _SPACES.sub(" ", "".join(element.itertext())).strip()
    if name == "semantics":
        return _line(element[0], depth + 1)
    parts = [_line(child, depth + 1) for child in element]
    if name in _SCRIPTS and len(parts) == 2:
        return f"{parts[0]}<{_SCRIPTS[name]}>{parts[1]}</{_SCRIPTS[name]}>"
    if name in _BOTH and len(parts) == 3:
        return f"{parts[0]}<sub>{parts[1]}</sub><sup>{parts[2]}</sup>"
    if name == "mfrac" and len(parts) == 2:
        return "/".join(f"({part})" if re.search(r"\W", part) else part for part in parts)
    if name == "msqrt":
        return f"√({''.join(parts)})"
    if name == "mfenced":
        return f"{element.get('open', '(')}{','.join(parts)}{element.get('close', ')')}"
    return "".join(parts)
