"""The smallest change of an item that makes it say what a record says. Pure: item and records in, properties out.

What the item says and what it shall say are both made into items, and where the two differ, the item itself is changed.
So whatever has no place in a record stays as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from refsync.records import Record
from refsync.zotero.items.extra import CITATION_KEY, Extra, format_extra, parse_extra
from refsync.zotero.items.mapping import Item, MappingSettings, to_item
from refsync.zotero.merge.combine import same
from refsync.zotero.sync.merge_units import TYPE, Units, with_units, words

_NO_VALUES = frozenset({"key", "version", "dateAdded", "dateModified", "parentItem", "deleted", "inPublications"})
_OF_THEIR_OWN = frozenset({"itemType", "creators", "tags", "extra"})


def item_changes(item: Mapping[str, Any], record: Record, changes: Units, settings: MappingSettings) -> Item:
    """The properties to set so that an item says other units.

    Args:
        item: its `data`.
        record: what it says, as `to_record` gives it.
        changes: the units to change; an empty one is taken away.
        settings: how records become items.
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
    else:  # the server moves some values to other fields and drops others, so all are sent
        properties["itemType"] = kind
        names = [*settings.schema.types[kind].fields]
    properties |= {name: wanted.get(name, "") for name in names if name not in _OF_THEIR_OWN}
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
        properties["extra"] = _relabelled(properties["extra"], properties["citationKey"])
    if "itemType" in properties:
        return properties
    return {name: value for name, value in properties.items() if not same(name, item.get(name), value)}


def held_before(item: Mapping[str, Any], properties: Mapping[str, Any]) -> Item:
    """What an item holds of what is set, to be put back by undo; of one that gets another type, all its fields."""
    blank: Mapping[str, Any] = {"tags": [], "deleted": False, "creators": []}
    if "itemType" not in properties:
        return {name: item.get(name, blank.get(name, "")) for name in properties}
    lists = {"tags", "collections", "relations"} - properties.keys()
    return {name: value for name, value in item.items() if name not in _NO_VALUES and name not in lists}


def _creators(now: Sequence[Item], had: Sequence[Item], wanted: Sequence[Item]) -> list[Item]:
    """The creators, where those of the roles that change are the wanted ones."""

    def of(creators: Sequence[Item], role: str) -> list[Item]:
        return [creator for creator in creators if creator["creatorType"] == role]

    roles = {creator["creatorType"] for creator in (*had, *wanted)}
    changed = {role for role in roles if of(had, role) != of(wanted, role)}
    kept = [creator for creator in now if creator["creatorType"] not in changed]
    new = [creator for creator in wanted if creator["creatorType"] in changed]
    first = next((at for at, creator in enumerate(now) if creator["creatorType"] in changed), len(kept))
    return [*kept[:first], *new, *kept[first:]]


def _tags(now: Sequence[Item], had: Mapping[str, str], wanted: Mapping[str, str], prefix: str) -> list[Item]:
    """The tags without those whose keywords go, and with new ones; the others stay as they are."""
    before, after = words("keywords", had), words("keywords", wanted)
    kept = [tag for tag in now if _keyword(tag, prefix) not in before.keys() - after.keys()]
    return [*kept, *({"tag": word} for word in after if word not in before)]


def _keyword(tag: Mapping[str, Any], prefix: str) -> str:
    word = str(tag["tag"]).strip()
    return word.removeprefix(prefix) if tag.get("type") == 1 else word


def _extra(now: str, had: str, wanted: str, fields: Collection[str]) -> str:
    """An Extra field in which the lines of changed fields are renewed; the others stay where they are."""
    before, after = _lines(parse_extra(had)), _lines(parse_extra(wanted))
    renewed = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    renewed |= {f"tex.{name}" for name in fields}
    pending = {name: line for name, line in after.items() if name in renewed}
    kept: list[str] = []
    seen: set[str] = set()
    for line in now.splitlines():
        name = next(iter(_lines(parse_extra(line))), "")
        if name not in renewed or (name and name in seen):
            kept.append(line)
        elif name in pending:
            kept.append(pending.pop(name))
        seen.add(name)
    kept += pending.values()
    return "\n".join(kept).strip()


def _lines(extra: Extra) -> dict[str, str]:
    """Each line by what it says; free text by the empty name."""
    lines = {label: f"{label}: {value}" for label, value in extra.labels.items()}
    lines |= {f"tex.{name}": f"tex.{name}: {value}" for name, value in extra.tex.items()}
    lines |= {f"tex.{name}": f"tex.{name}= {value}" for name, value in extra.latex.items()}
    return {"": extra.text, **lines} if extra.text else lines


def _relabelled(extra: str, key: str) -> str:
    """An Extra field whose line with the citation key, which wins over the item's own field, names another."""
    found = parse_extra(extra)
    return format_extra(Extra({**found.labels, CITATION_KEY: key}, found.tex, found.latex, found.text))
