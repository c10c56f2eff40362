"""The field values of a merged record, as properties of the surviving item. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from refsync.dedup.merge import ENTRY_TYPE, Choice, merge_cluster
from refsync.dedup.publication_block import BLOCK
from refsync.dedup.settings import MergeSettings
from refsync.records import Record
from refsync.text.whitespace import collapse_whitespace
from refsync.zotero.items.fields import entry_type, field_names_of
from refsync.zotero.items.mapping import Item, MappingSettings, to_item, to_record

_DASHES = re.compile(r"(?<=\w)\s?[‐‑–−]\s?(?=\w)")
_UNITED = frozenset({"itemType", "tags", "extra"})
"""The union of tags and of the lines of Extra is kept instead."""


def chosen_properties(
    members: Sequence[Record], choices: Mapping[str, Choice], survivor: Mapping[str, Any], settings: MappingSettings
) -> Item:
    """The properties with the values that people chose.

    Args:
        members: the records of the items that are merged.
        choices: by field of BibTeX or BibLaTeX; one for a field that the item type lacks has no effect.
        survivor: the surviving item.
        settings: the schema.
    """
    merged = merge_cluster(members, choices=choices)
    return _properties([name for name in merged.chosen if name != ENTRY_TYPE], merged.record, survivor, settings)


def policy_properties(
    survivor: Mapping[str, Any], losers: Sequence[Mapping[str, Any]], policies: MergeSettings, settings: MappingSettings
) -> Item:
    """The properties in which the surviving item differs from the merged record.

    Args:
        survivor: the surviving item.
        losers: the others.
        policies: how several values of a field are merged.
        settings: the schema.
    """
    records = [replace(to_record(one, settings=settings), index=i) for i, one in enumerate((survivor, *losers))]
    merged = merge_cluster(records, policies, survivor=0).record
    own = records[0].fields
    names = [name for name in {**own, **merged.fields} if own.get(name, "") != merged.fields.get(name, "")]
    return as_stored(_properties(names, merged, survivor, settings), (survivor, *losers))


def as_stored(properties: Item, items: Sequence[Mapping[str, Any]]) -> Item:
    """Properties with the values of items themselves, where these differ only in dashes of ranges or in line ends.

    A value that went through LaTeX has neither.
    """
    found = dict(properties)
    for name, value in properties.items():
        own = (str(item[name]) for item in items if isinstance(value, str) and value and item.get(name))
        found[name] = next((text for text in own if _flat(text) == _flat(value)), value)
    return found


def _flat(text: str) -> str:
    return collapse_whitespace(_DASHES.sub("-", text))


def _properties(names: Sequence[str], merged: Record, item: Mapping[str, Any], settings: MappingSettings) -> Item:
    """The properties of some fields of a merged record; where it lacks the field, empty ones."""
    found: Item = {}
    for field_name in names:
        wanted = _properties_of(field_name, merged.get(field_name), merged, item["itemType"], settings)
        # where the value is none, any value finds the properties to empty
        properties = wanted or _properties_of(field_name, "x", merged, item["itemType"], settings)
        for name, value in properties.items():
            if name != "creators":
                found[name] = value if wanted else ""
                continue
            current = found.get("creators", item.get("creators") or [])
            roles = {creator["creatorType"] for creator in value}
            others = (creator for creator in current if creator["creatorType"] not in roles)
            found["creators"] = [*(value if wanted else ()), *others]
    return found


def publication_properties(kind: str, settings: MappingSettings) -> frozenset[str]:
    """The properties of an item type, and roles of its creators, of where and when something was published."""
    if kind not in settings.schema.types:
        return frozenset()
    names = field_names_of(settings.schema.types[kind])
    properties = {to for name, to in (*names.to_zotero.items(), *names.roles.items()) if name in BLOCK}
    return frozenset(properties | {names.date, "repository"} - {""})


def _properties_of(name: str, value: str, record: Record, kind: str, settings: MappingSettings) -> Item:
    """The properties of an item with this field alone."""
    only = Record(record.source, 0, "#0", type=entry_type(kind)[0], fields={name: value}, markup=record.markup)
    item = to_item(only, (), settings, kind)
    return {name: value for name, value in item.items() if name not in _UNITED}
