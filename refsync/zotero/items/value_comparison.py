"""Whether two LaTeX values of a field are equal as far as Zotero can distinguish them."""

import re

from refsync.records import Markup
from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.tags import split_keywords
from refsync.zotero.items.values import equal_latex

NAME_LISTS = frozenset({"author", "editor", "translator", "bookauthor"})
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
    if equal_latex(name, one, original):
        return True
    if name not in NAME_LISTS or _OTHERS.search(original):
        return False
    return to_creators(original, name, "latex") == to_creators(one, name, "latex") != []
