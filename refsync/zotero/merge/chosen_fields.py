"""What people chose for the fields of a paper, as properties of the item that stays. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.dedup.merge import Choice, merge_cluster
from refsync.records import Record
from refsync.zotero.items.fields import entry_type
from refsync.zotero.items.mapping import Item, MappingSettings, to_item

_NOT_CHOSEN = frozenset({"itemType", "tags", "extra"})
"""Tags are united, and so are the lines of Extra."""


def chosen_properties(
    members: Sequence[Record], choices: Mapping[str, Choice], survivor: Mapping[str, Any], settings: MappingSettings
) -> Item:
    """The properties that carry out choices, field by field.

    Args:
        members: the records of the items that are merged.
        choices: by field of BibTeX or BibLaTeX. One for a field that the item type has no place for changes nothing.
        survivor: the item that stays.
        settings: the schema.
    """
    merged = merge_cluster(members, choices=choices)
    found: Item = {}
    for name in merged.chosen:
        said = _said(name, merged.record.get(name), merged.record, survivor["itemType"], settings)
        place = said or _said(name, "x", merged.record, survivor["itemType"], settings)
        for name_, value in place.items():
            if name_ != "creators":
                found[name_] = value if said else ""
                continue
            has = found.get("creators", survivor.get("creators") or [])
            roles = {creator["creatorType"] for creator in value}
            found["creators"] = [*(value if said else ()), *(one for one in has if one["creatorType"] not in roles)]
    return found


def _said(name: str, value: str, record: Record, kind: str, settings: MappingSettings) -> Item:
    """The properties of an item that says nothing but this."""
    only = Record(record.source, 0, "#0", entry_type(kind)[0], {name: value}, record.markup)
    item = to_item(only, (), settings, kind)
    return {name: value for name, value in item.items() if name not in _NOT_CHOSEN}
