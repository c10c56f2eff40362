"""The smallest change of an item that gives it other units. Pure: item and record in, properties out.

The current record and the wanted one are both converted to items, and the properties that differ are changed in
the item itself. So properties that a record cannot represent stay as they are.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from refsync.records import Record
from refsync.zotero.items.extra import CITATION_KEY, Extra, format_extra, parse_extra
from refsync.zotero.items.mapping import Item, MappingSettings, to_item
from refsync.zotero.items.properties import equal_properties
from refsync.zotero.items.word_edits import with_edit
from refsync.zotero.sync.merge_units import TYPE, Units, list_members, with_units

_NO_VALUES = frozenset({"key", "version", "dateAdded", "dateModified", "parentItem", "deleted", "inPublications"})
_OTHER_PROPERTIES = frozenset({"itemType", "creators", "tags", "extra"})


def item_changes(item: Mapping[str, Any], record: Record, changes: Units, settings: MappingSettings) -> Item:
    """The properties to set so that an item gets other units.

    Args:
        item: its `data`.
        record: its record (`to_record`).
        changes: the units to change; an empty one is removed.
        settings: how records are converted to items.
    """
    before, after = with_units(record, {}), with_units(record, changes)
    kind = item["itemType"]
    if TYPE in changes:
        kind = to_item(after, (), settings)["itemType"]
    had = to_item(before, (), settings, item["itemType"])
    wanted = to_item(after, (), settings, kind)
    properties: Item = {}
    if kind == item["itemType"]:
        names = [name for name in dict.fromkeys([*had, *wanted]) if had.get(name) != wanted.get(name)]
    else:  # for another type the server moves some values to other fields and drops others, so all are sent
        properties["itemType"] = kind
        names = [*settings.schema.types[kind].fields]
    properties |= {
        name: with_edit(str(item.get(name) or ""), str(wanted.get(name, "")))
        for name in names
        if name not in _OTHER_PROPERTIES
    }
    if kind != item["itemType"]:
        properties["creators"] = wanted.get("creators", [])
    elif had.get("creators") != wanted.get("creators"):
        properties["creators"] = _creators(
            item.get("creators") or [], had.get("creators", []), wanted.get("creators", [])
        )
    if "keywords" in changes:
        unit = {"keywords": record.fields["keywords"]} if record.fields.get("keywords") else {}
        properties["tags"] = _tags(item.get("tags") or [], unit, changes["keywords"], settings.area_prefix)
    fields = {name for unit in changes.values() for name in unit} | set(changes)
    properties["extra"] = _extra(str(item.get("extra") or ""), had.get("extra", ""), wanted.get("extra", ""), fields)
    if "citationKey" in properties and CITATION_KEY in parse_extra(properties["extra"]).labels:
        properties["extra"] = _with_citation_key(properties["extra"], properties["citationKey"])
    if "itemType" in properties:
        return properties
    return {name: value for name, value in properties.items() if not equal_properties(name, item.get(name), value)}


def properties_before(item: Mapping[str, Any], properties: Mapping[str, Any]) -> Item:
    """The current values of the properties that are set, for undo; all values of an item that gets another type."""
    empty: Mapping[str, Any] = {"tags": [], "deleted": False, "creators": []}
    if "itemType" not in properties:
        return {name: item.get(name, empty.get(name, "")) for name in properties}
    lists = {"tags", "collections", "relations"} - properties.keys()
    return {name: value for name, value in item.items() if name not in _NO_VALUES and name not in lists}


def _creators(now: Sequence[Item], had: Sequence[Item], wanted: Sequence[Item]) -> list[Item]:
    """The creators, with the wanted ones for each role that changes."""

    def of(creators: Sequence[Item], role: str) -> list[Item]:
        return [creator for creator in creators if creator["creatorType"] == role]

    roles = {creator["creatorType"] for creator in (*had, *wanted)}
    changed = {role for role in roles if of(had, role) != of(wanted, role)}
    kept = [creator for creator in now if creator["creatorType"] not in changed]
    new = [creator for creator in wanted if creator["creatorType"] in changed]
    first = next((at for at, creator in enumerate(now) if creator["creatorType"] in changed), len(kept))
    return [*kept[:first], *new, *kept[first:]]


def _tags(now: Sequence[Item], had: Mapping[str, str], wanted: Mapping[str, str], prefix: str) -> list[Item]:
    """The tags without those of removed keywords, and with new ones; the others stay as they are."""
    before, after = list_members("keywords", had), list_members("keywords", wanted)
    kept = [tag for tag in now if _keyword(tag, prefix) not in before.keys() - after.keys()]
    return [*kept, *({"tag": word} for word in after if word not in before)]


def _keyword(tag: Mapping[str, Any], prefix: str) -> str:
    word = str(tag["tag"]).strip()
    return word.removeprefix(prefix) if tag.get("type") == 1 else word


def _extra(now: str, had: str, wanted: str, fields: Collection[str]) -> str:
    """An Extra field in which the lines of changed fields are replaced; the others stay where they are."""
    before, after = _lines(parse_extra(had)), _lines(parse_extra(wanted))
    replaced = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    replaced |= {f"tex.{name}" for name in fields}
    pending = {name: line for name, line in after.items() if name in replaced}
    named = [(next(iter(_lines(parse_extra(line))), ""), line) for line in now.splitlines()]
    text = _edited_text([line for name, line in named if not name], pending.pop("", "") if "" in replaced else None)
    kept: list[str] = []
    seen: set[str] = set()
    for name, line in named:
        if not name:
            kept += text.pop(0)
        elif name not in replaced or name in seen:
            kept.append(line)
        elif name in pending:
            kept.append(pending.pop(name))
        seen.add(name)
    return "\n".join([*kept, *chain.from_iterable(text), *pending.values()]).strip()


def _edited_text(lines: Sequence[str], wanted: str | None) -> list[list[str]]:
    """The lines that take the place of each line of free text, and those that come after it.

    `wanted` is the text to set, in one line; None if the text stays, empty if it is removed.
    """
    if wanted is None:
        return [[line] for line in lines]
    edited = with_edit("\n".join(lines), wanted).split("\n") if wanted else []
    if len(edited) == len(lines):
        return [[line] for line in edited]
    return [edited, *([] for _ in lines[1:])]


def _lines(extra: Extra) -> dict[str, str]:
    """Each line by its name; free text has the empty name, a line with a label of its own itself."""
    lines = {label: f"{label}: {value}" for label, value in extra.labels.items()}
    lines |= {f"tex.{name}": f"tex.{name}: {value}" for name, value in extra.tex.items()}
    lines |= {f"tex.{name}": f"tex.{name}= {value}" for name, value in extra.latex.items()}
    lines |= {line: line for line in extra.others}
    return {"": extra.text, **lines} if extra.text else lines


def _with_citation_key(extra: str, key: str) -> str:
    """An Extra field with another key in its line for the citation key, which overrides the item's own field."""
    parsed = parse_extra(extra)
    return format_extra(replace(parsed, labels={**parsed.labels, CITATION_KEY: key}))
