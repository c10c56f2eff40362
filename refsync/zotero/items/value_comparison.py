"""Whether two LaTeX values of a field are equal as far as Zotero can distinguish them."""

import re

from refsync.records import Markup
from refsync.text.latex import latex_to_text
from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.tags import split_keywords
from refsync.zotero.items.values import equal_latex, to_value

NAME_LISTS = frozenset({"author", "editor", "translator", "bookauthor"})
RANGES = frozenset({"pages", "number", "issue", "volume", "chapter", "pagetotal", "eid", "part", "year"})
"""Fields with ranges, which are equal whatever their dash."""
_DASH = re.compile(r"\s*[-‐‑‒–—−]+\s*")
_OTHERS = re.compile(r"\band\s+others\s*$|\$|\\[A-Za-z]{3,}")


def same_value(name: str, one: str, original: str, markup: Markup = "latex") -> bool:
    """Whether a LaTeX value keeps all of an original, for a field of this name.

    Args:
        name: the field.
        one: the value.
        original: the other value, in LaTeX too.
        markup: the markup that the original was converted from.
    """
    if name == "keywords":
        return set(split_keywords(original)) <= set(split_keywords(one))  # areas come back as keywords too
    if markup == "text" and name == "abstract":
        return True
    if equal_latex(name, one, original) or (name == "pages" and range_key(one) == range_key(original)):
        return True
    if name not in NAME_LISTS or _OTHERS.search(original):
        return False
    return to_creators(original, name, "latex") == to_creators(one, name, "latex") != []


def equal_in_zotero(name: str, one: str, other: str) -> bool:
    """Whether two LaTeX values of a field are one value for Zotero: neither has to be written in place of the other."""
    return (
        same_value(name, one, other)
        or same_value(name, other, one)
        or to_value(name, one, "latex") == to_value(name, other, "latex")
        or (name in RANGES and range_key(one) == range_key(other))
    )


def range_key(value: str) -> str:
    """A range with one hyphen as its dash, to compare it with others.

    >>> range_key("100--109"), range_key("100 – 109")
    ('100-109', '100-109')
    """
    return _DASH.sub("-", latex_to_text(value)).strip()
