"""What an item lacks of what a record says. Pure: item and wanted item in, the properties to send out."""

from collections.abc import Mapping
from typing import Any

from refsync.zotero.items.extra import CITATION_KEY, Extra, add_lines, format_extra, parse_extra
from refsync.zotero.items.fields import names_of
from refsync.zotero.items.mapping import Item, MappingSettings, citation_key

_OF_THEIR_OWN = frozenset({"itemType", "creators", "tags", "extra", "citationKey", "collections", "key", "version"})


def lacking(
    current: Mapping[str, Any], wanted: Item, settings: MappingSettings, *, overwrite: bool = False
) -> tuple[Item, tuple[str, ...]]:
    """The properties to send so that an item says what it lacks, and the names of those in which both differ.

    What the user's item says stays, unless `overwrite`; tags and roles of creators are added, never taken away. Of the
    lines of Extra those are added whose name it lacks. Applying the result and asking again gives nothing.

    Args:
        current: the item's `data`.
        wanted: what the record says, for the item type that the item has.
        settings: how areas are tagged.
        overwrite: whether the record's values replace differing ones.
    """
    change: Item = {}
    differing: list[str] = []
    for name, value in wanted.items():
        if name in _OF_THEIR_OWN:
            continue
        has = str(current.get(name) or "").strip()
        if not has or (overwrite and has != value):
            change[name] = value
        elif has != value:
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


def _creators(has: list[Item], wanted: list[Item], differing: list[str], *, overwrite: bool) -> list[Item]:
    """All creators, with those of roles that the item has none of; empty where nothing is added."""
    roles = {creator["creatorType"] for creator in has}
    if overwrite and wanted:
        theirs = {creator["creatorType"] for creator in wanted}
        all_of_them = [*wanted, *(creator for creator in has if creator["creatorType"] not in theirs)]
        return all_of_them if all_of_them != has else []
    if any(creator["creatorType"] in roles for creator in wanted) and wanted != has:
        of_roles = [creator for creator in wanted if creator["creatorType"] in roles]
        if of_roles != [creator for creator in has if creator["creatorType"] in {c["creatorType"] for c in of_roles}]:
            differing.append("creators")
    added = [creator for creator in wanted if creator["creatorType"] not in roles]
    return [*has, *added] if added else []


def _tags(has: list[Item], wanted: list[Item], settings: MappingSettings) -> list[Item]:
    """All tags, with the new ones; empty where there are none. An area that is tagged is no keyword any more."""
    names = {tag["tag"] for tag in has}
    missing = [tag for tag in wanted if not {tag["tag"], settings.area_prefix + tag["tag"]} & names]
    return [*has, *missing] if missing else []


def _lines(current: Mapping[str, Any], wanted: Item, change: Item, settings: MappingSettings) -> list[str]:
    """The lines for Extra. LaTeX for a value that the item has already in its own words is none of them."""
    has, extra = parse_extra(str(current.get("extra") or "")), parse_extra(wanted.get("extra", ""))
    kind = settings.schema.types.get(current["itemType"])
    places = names_of(kind).to_zotero if kind else {}

    def new(name: str) -> bool:
        said_elsewhere = name in places and places[name] not in change and current.get(places[name])
        return name not in has.tex and name not in has.latex and name != "entrytype" and not said_elsewhere

    roles = names_of(kind).roles if kind else {}
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
