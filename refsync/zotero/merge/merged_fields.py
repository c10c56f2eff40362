"""The field values that people chose for a paper, as properties of the surviving item. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.dedup.merge import Choice, merge_cluster
from refsync.records import Record
from refsync.zotero.items.fields import entry_type
from refsync.zotero.items.mapping import Item, MappingSettings, to_item

_NOT_CHOSEN = frozenset({"itemType", "tags", "extra"})
"""The union of tags and of the lines of Extra is kept instead."""


def chosen_properties(
    members: Sequence[Record], choices: Mapping[str, Choice], survivor: Mapping[str, Any], settings: MappingSettings
) -> Item:
    """The properties with the chosen values.

    Args:
        members: the records of the items that are merged.
        choices: by field of BibTeX or BibLaTeX; one for a field that the item type lacks has no effect.
        survivor: the surviving item.
        settings: the schema.
    """
    merged = merge_cluster(members, choices=choices)
    chosen: Item = {}
    for field in merged.chosen:
        wanted = _properties_of(field, merged.record.get(field), merged.record, survivor["itemType"], settings)
        # where the chosen value is none, any value finds the properties to empty
        properties = wanted or _properties_of(field, "x", merged.record, survivor["itemType"], settings)
        for name, value in properties.items():
            if name != "creators":
                chosen[name] = value if wanted else ""
                continue
            current = chosen.get("creators", survivor.get("creators") or [])
            roles = {creator["creatorType"] for creator in value}
            others = (creator for creator in current if creator["creatorType"] not in roles)
            chosen["creators"] = [*(value if wanted else ()), *others]
    return chosen


def _properties_of(name: str, value: str, record: Record, kind: str, settings: MappingSettings) -> Item:
    """The properties of an item with this field alone."""
    only = Record(record.source, 0, "#0", type=entry_type(kind)[0], fields={name: value}, markup=record.markup)
    item = to_item(only, (), settings, kind)
    return {name: value for name, value in item.items() if name not in _NOT_CHOSEN}
