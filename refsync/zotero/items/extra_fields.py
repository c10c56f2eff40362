"""The lines for BibTeX in Extra, merged with the rest of the item."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refsync.text.whitespace import collapse_whitespace
from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.dates import from_date
from refsync.zotero.items.fields import FieldNames
from refsync.zotero.items.tags import keyword_tags, split_keywords
from refsync.zotero.items.value_comparison import NAME_LISTS, same_value
from refsync.zotero.items.values import to_value

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ItemValues:
    """What an item itself has, to decide whether a line of Extra is still about the same value.

    Attributes:
        fields: the item's values by BibLaTeX field, in LaTeX; the lines are put here.
        texts: the same values as Zotero has them.
        creators: its creators by BibLaTeX field.
        names: the field names of its type.
    """

    fields: dict[str, str]
    texts: Mapping[str, str]
    creators: Mapping[str, Sequence[Mapping[str, Any]]]
    names: FieldNames


def apply_extra_fields(values: ItemValues, lines: Mapping[str, str]) -> None:
    """Put the lines of Extra into the fields, except those whose field was changed in the item since."""
    for name in sorted(lines, key=lambda name: name != "date"):  # `date` first: `year` may be renamed for it
        _apply_extra_field(values, name, lines[name], lines)


def _apply_extra_field(values: ItemValues, name: str, value: str, lines: Mapping[str, str]) -> None:
    fields, names = values.fields, values.names
    if name in fields:
        if _agree(values, name, name, value):
            fields[name] = value if name != "keywords" else _with_more(value, fields[name])
        return
    if name in ("month", "day") and "date" in fields and "year" not in fields and "date" not in lines:
        _rename(fields, "date", "year")
    other = {"year": "date", "date": "year"}.get(name, "")
    if other in fields and (_agree(values, name, other, value) or from_date(value) == {"date": fields[other]}):
        _rename(fields, other, name)
        fields[name] = value
        return
    primary = names.from_zotero.get(names.to_zotero.get(name, ""), "")
    if primary in fields and primary not in lines and _agree(values, name, primary, value):
        _rename(fields, primary, name)
    fields[name] = value


def _agree(values: ItemValues, name: str, own: str, value: str) -> bool:
    """Whether the LaTeX in a line becomes, in Zotero, the value that the item has in its field `own`."""
    has = values.fields[own]
    if name == "keywords":
        return _words(value) <= _words(has)
    if own in values.texts and _cleaned(to_value(name, value, "latex")) == _cleaned(values.texts[own]):
        return True
    if name in NAME_LISTS:
        creators = to_creators(value, values.names.roles.get(name, name), "latex")
        return to_creators(has, name, "latex") == to_creators(value, name, "latex") or (
            bool(creators) and [_name(one) for one in creators] == [_name(one) for one in values.creators.get(own, ())]
        )
    return same_value(name, has, value) or to_value(name, has, "latex") == to_value(name, value, "latex")


def _cleaned(text: str) -> str:
    """A text as the server stores it, on one line."""
    return collapse_whitespace(_CONTROL.sub("", text))


def _name(creator: Mapping[str, Any]) -> tuple[str, ...]:
    parts = (str(creator.get(part) or "") for part in ("name", "firstName", "lastName"))
    return tuple(_cleaned(part.replace("\ufeff", "")) for part in parts)


def _words(value: str) -> set[str]:
    return {str(tag["tag"]) for tag in keyword_tags(value, "latex")}


def _with_more(value: str, has: str) -> str:
    """The list of keywords as it was written, with those that were added since."""
    written = _words(value)
    return ", ".join([value, *(word for word in split_keywords(has) if not _words(word) <= written)])


def _rename(fields: dict[str, str], old: str, new: str) -> None:
    renamed = {new if name == old else name: value for name, value in fields.items()}
    fields.clear()
    fields.update(renamed)
