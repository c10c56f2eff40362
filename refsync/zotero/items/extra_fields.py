"""The lines for BibTeX in Extra, merged with what the rest of the item says."""

from collections.abc import Mapping

from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.dates import from_date
from refsync.zotero.items.fields import FieldNames
from refsync.zotero.items.tags import keyword_tags, split_keywords
from refsync.zotero.items.value_comparison import NAME_LISTS, same_value
from refsync.zotero.items.values import to_value


def apply_extra_fields(fields: dict[str, str], lines: Mapping[str, str], names: FieldNames) -> None:
    """Put the lines of Extra into the fields, except those whose field was changed in the item since."""
    for name in sorted(lines, key=lambda name: name != "date"):  # `date` first: `year` may be renamed for it
        _apply_extra_field(fields, name, lines[name], lines, names)


def _apply_extra_field(
    fields: dict[str, str], name: str, value: str, lines: Mapping[str, str], names: FieldNames
) -> None:
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
    """Whether a LaTeX value becomes the same value in Zotero as another one."""
    if name == "keywords":
        return _words(other) <= _words(one)
    if name in NAME_LISTS:
        return to_creators(one, name, "latex") == to_creators(other, name, "latex")
    return same_value(name, one, other) or to_value(name, one, "latex") == to_value(name, other, "latex")


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
