"""Whether two LaTeX values agree as far as Zotero can tell, and the lines of Extra over the item's own fields."""

import re
from collections.abc import Mapping

from refsync.records import Markup
from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.dates import from_date
from refsync.zotero.items.fields import Names
from refsync.zotero.items.tags import keyword_tags, split_keywords
from refsync.zotero.items.values import says_the_same, to_value

_PEOPLE = frozenset({"author", "editor", "translator", "bookauthor"})
_OTHERS = re.compile(r"\band\s+others\s*$|\$|\\[A-Za-z]{3,}")


def same_value(name: str, one: str, original: str, markup: Markup = "latex") -> bool:
    """Whether a LaTeX value says all that another one says, for a field of this name.

    Args:
        name: the field.
        one: the value.
        original: the other, in LaTeX too.
        markup: what the other was before.
    """
    if name == "keywords":
        return set(split_keywords(original)) <= set(split_keywords(one))  # areas come back as keywords too
    if markup == "text" and name == "abstract":
        return True
    if says_the_same(name, one, original):
        return True
    if name not in _PEOPLE or _OTHERS.search(original):
        return False
    return to_creators(original, name, "latex") == to_creators(one, name, "latex") != []


def lay_over(fields: dict[str, str], lines: Mapping[str, str], names: Names) -> None:
    """Put the lines of Extra into the fields, each unless the item's own field says something else by now."""
    for name in sorted(lines, key=lambda name: name != "date"):  # which `year` may have to make room for
        _lay_over(fields, name, lines[name], lines, names)


def _lay_over(fields: dict[str, str], name: str, value: str, lines: Mapping[str, str], names: Names) -> None:
    if name in fields:
        if _agree(name, fields[name], value):
            fields[name] = value if name != "keywords" else _with_more(value, fields[name])
        return
    if name in ("month", "day") and "date" in fields and "year" not in fields and "date" not in lines:
        _rename(fields, "date", "year")
    other = {"year": "date", "date": "year"}.get(name, "")
    if other in fields and (_agree(name, fields[other], value) or from_date(value) == {"date": fields[other]}):
        _rename(fields, other, name)
        fields[name] = value
        return
    primary = names.from_zotero.get(names.to_zotero.get(name, ""), "")
    if primary in fields and primary not in lines and _agree(name, fields[primary], value):
        _rename(fields, primary, name)
    fields[name] = value


def _agree(name: str, one: str, other: str) -> bool:
    """Whether what Zotero makes of a LaTeX value is what it has."""
    if name == "keywords":
        return _words(other) <= _words(one)
    if name in _PEOPLE:
        return to_creators(one, name, "latex") == to_creators(other, name, "latex")
    return same_value(name, one, other) or to_value(name, one, "latex") == to_value(name, other, "latex")


def _words(value: str) -> set[str]:
    return {str(tag["tag"]) for tag in keyword_tags(value, "latex")}


def _with_more(value: str, has: str) -> str:
    """A list of keywords as it was written, and those that were added since."""
    written = _words(value)
    return ", ".join([value, *(word for word in split_keywords(has) if not _words(word) <= written)])


def _rename(fields: dict[str, str], old: str, new: str) -> None:
    renamed = {new if name == old else name: value for name, value in fields.items()}
    fields.clear()
    fields.update(renamed)
