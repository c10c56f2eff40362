"""The values of a record that an item lacks. Pure: item and wanted item in, the properties to send out."""

from collections.abc import Mapping
from typing import Any

from refsync.text.whitespace import collapse_whitespace
from refsync.zotero.items.dates import Precision, compare_date_texts
from refsync.zotero.items.extra import CITATION_KEY, Extra, add_lines, format_extra, parse_extra
from refsync.zotero.items.fields import field_names_of
from refsync.zotero.items.mapping import Item, MappingSettings, citation_key
from refsync.zotero.items.value_comparison import RANGES, range_key
from refsync.zotero.items.word_edits import with_edit

_OTHER_PROPERTIES = frozenset({"itemType", "creators", "tags", "extra", "citationKey", "collections", "key", "version"})


def missing_properties(
    current: Mapping[str, Any], wanted: Item, settings: MappingSettings, *, overwrite: bool = False
) -> tuple[Item, tuple[str, ...]]:
    """The properties to send so that an item gets the values that it lacks, and the names of those that differ.

    The item's own values stay, unless `overwrite`; tags and roles of creators are added, never removed. Lines of Extra
    are added if the item has none with that name. Once the result is applied, nothing is missing.

    Args:
        current: the item's `data`.
        wanted: the record as an item of the same item type.
        settings: how areas are tagged.
        overwrite: whether the record's values replace differing ones.
    """
    change: Item = {}
    differing: list[str] = []
    for name, value in wanted.items():
        if name in _OTHER_PROPERTIES:
            continue
        has = str(current.get(name) or "").strip()
        same = _compare(name, has, str(value), settings, current["itemType"])
        if not has or same == "second" or (overwrite and same in ("first", "differ")):
            change[name] = with_edit(has, str(value))
        elif same == "differ":
            differing.append(name)
    creators = _creators(current.get("creators") or [], wanted.get("creators", []), differing, overwrite=overwrite)
    if creators:
        change["creators"] = creators
    if tags := _tags(current.get("tags") or [], wanted.get("tags", []), settings):
        change["tags"] = tags
    if wanted.get("citationKey") and not citation_key(current):
        change["citationKey"] = wanted["citationKey"]
    if lines := _lines(current, wanted, change, settings):
        change["extra"] = add_lines(str(current.get("extra") or ""), lines)
    return change, tuple(differing)


def _compare(name: str, has: str, value: str, settings: MappingSettings, kind: str) -> Precision:
    """Which of two values of a property says more; `differ` if each says something else."""
    if has == value or collapse_whitespace(has) == collapse_whitespace(value):
        return "equal"
    names = field_names_of(settings.schema.types[kind]) if kind in settings.schema.types else None
    if names and name == names.date:
        return compare_date_texts(has, value)
    field = names.from_zotero.get(name, "") if names else ""
    return "equal" if field in RANGES and range_key(has) == range_key(value) else "differ"


def _creators(has: list[Item], wanted: list[Item], differing: list[str], *, overwrite: bool) -> list[Item]:
    """All creators, with those of roles that the item lacks; empty if nothing is added."""
    roles = {creator["creatorType"] for creator in has}
    if overwrite and wanted:
        wanted_roles = {creator["creatorType"] for creator in wanted}
        replaced = [*wanted, *(creator for creator in has if creator["creatorType"] not in wanted_roles)]
        return replaced if replaced != has else []
    if any(creator["creatorType"] in roles for creator in wanted) and wanted != has:
        of_roles = [creator for creator in wanted if creator["creatorType"] in roles]
        if of_roles != [creator for creator in has if creator["creatorType"] in {c["creatorType"] for c in of_roles}]:
            differing.append("creators")
    added = [creator for creator in wanted if creator["creatorType"] not in roles]
    return [*has, *added] if added else []


def _tags(has: list[Item], wanted: list[Item], settings: MappingSettings) -> list[Item]:
    """All tags, with the new ones; empty if nothing is added. A keyword that is tagged as an area is not added."""
    names = {tag["tag"] for tag in has}
    missing = [tag for tag in wanted if not {tag["tag"], settings.area_prefix + tag["tag"]} & names]
    return [*has, *missing] if missing else []


def _lines(current: Mapping[str, Any], wanted: Item, change: Item, settings: MappingSettings) -> list[str]:
    """The lines to add to Extra, without LaTeX for values that the item's own fields have."""
    has, extra = parse_extra(str(current.get("extra") or "")), parse_extra(wanted.get("extra", ""))
    kind = settings.schema.types.get(current["itemType"])
    fields = field_names_of(kind).to_zotero if kind else {}

    def new(name: str) -> bool:
        in_field = name in fields and fields[name] not in change and current.get(fields[name])
        return name not in has.tex and name not in has.latex and name != "entrytype" and not in_field

    roles = field_names_of(kind).roles if kind else {}
    labels = {
        label: value
        for label, value in extra.labels.items()
        if label not in has.labels and not current.get(label) and (label != CITATION_KEY or not citation_key(current))
    }
    if current.get("archiveID"):
        labels.pop("arXiv", None)
    tex = {name: value for name, value in extra.tex.items() if new(name)}
    latex = {name: value for name, value in extra.latex.items() if new(name) and name not in roles}
    added = format_extra(Extra(labels, tex, latex, "" if has.text else extra.text))
    return added.splitlines()
