"""The values that the surviving item takes over from the others of a merge. Pure: items in, properties to set out."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from refsync.dedup.settings import MergeSettings
from refsync.records import keys_in
from refsync.zotero.items.extra import CITATION_KEY, add_lines, parse_extra
from refsync.zotero.items.mapping import Item, MappingSettings, citation_key, to_item, to_record
from refsync.zotero.items.properties import equal_properties
from refsync.zotero.items.relations import RELATION, REPLACES, merged_relations, relations_of
from refsync.zotero.merge.merged_fields import policy_properties, publication_properties
from refsync.zotero.push.fill import missing_properties

Data = Mapping[str, Any]

_BOOKKEEPING = frozenset(
    "key version itemType tags collections relations dateAdded dateModified deleted parentItem inPublications".split()
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A property with different values in the surviving item (`kept`) and in another one (`other`, with its `key`)."""

    name: str
    kept: str
    other: str
    key: str


@dataclass(frozen=True, slots=True)
class CombineSettings:
    """The schema, and how several values of a field are merged."""

    mapping: MappingSettings
    policies: MergeSettings = field(default_factory=MergeSettings)


_IDS_LINE = re.compile(r"\s*tex\.ids\s*[:=]", re.IGNORECASE)


def combined_properties(
    survivor: Data,
    losers: Sequence[Data],
    uri: str,
    merged_into: Mapping[str, str],
    collections: Collection[str],
    settings: CombineSettings,
    chosen: Data = MappingProxyType({}),
) -> tuple[Item, tuple[Difference, ...]]:
    """The properties to set so that an item has the values of others, and their differences.

    It gets the values of the merged record, and those that records do not have, where it lacks them. Tags, collections,
    relations, lines of Extra and aliases of the citation key become the union. Once the properties are set, there is
    nothing to set.

    Args:
        survivor: the surviving item.
        losers: the others; the first that has a value provides it.
        uri: the start of the URIs of this library's items.
        merged_into: the URI of each item that is merged, with the URI of its survivor.
        collections: the keys of the collections that exist.
        settings: how values are merged.
        chosen: the values that people chose, by property.
    """
    now: Item = dict(survivor)
    differing: list[Difference] = []
    mapping = settings.mapping
    of_publication = publication_properties(survivor["itemType"], mapping)
    for name, value in policy_properties(survivor, losers, settings.policies, mapping).items():
        own = survivor.get(name)
        if own and name not in chosen and not equal_properties(name, own, value):
            differing.append(Difference(name, _display_text(value), _display_text(own), survivor["key"]))
        now[name] = value
    for loser in losers:
        wanted = _values_of(loser, survivor["itemType"], mapping)
        publication = {name: wanted.pop(name) for name in [*wanted] if name in of_publication}
        if "creators" in wanted:
            wanted["creators"] = [one for one in wanted["creators"] if one["creatorType"] not in of_publication]
        if not now.get("url") or now["url"] != wanted.get("url", now["url"]):
            wanted = {name: value for name, value in wanted.items() if name != "accessDate" or not now.get("url")}
        now["extra"] = add_lines(now.get("extra") or "", _new_lines(now, wanted))
        change, differs = missing_properties(now, wanted, mapping)
        now |= change
        different = [(name, now[name], wanted[name]) for name in differs]
        different += [(name, now.get(name) or "", of) for name, of in publication.items() if of != now.get(name)]
        for name, kept, other in (*different, *_lines(now, wanted)):
            if name not in chosen and not (name == "DOI" and kept.casefold() == other.casefold()):
                differing.append(Difference(name, _display_text(kept), _display_text(other), loser["key"]))
    now["extra"] = _with_ids(now["extra"], _aliases(now, losers))
    now["tags"] = merged_tags([survivor, *losers])
    keys = [key for item in (survivor, *losers) for key in item.get("collections") or ()]
    now["collections"] = [key for key in dict.fromkeys(keys) if key in collections]
    relations = _relations(survivor, losers, uri, merged_into)
    now["relations"] = with_unended_relations(relations, survivor, merged_into)
    now["dateAdded"] = min(item["dateAdded"] for item in (survivor, *losers))
    if any(item.get("inPublications") for item in losers):
        now["inPublications"] = True  # or the paper would leave the public page with the item
    now |= chosen
    changed = {name: value for name, value in now.items() if not equal_properties(name, value, survivor.get(name))}
    return changed, tuple(dict.fromkeys(differing))


def merged_tags(items: Iterable[Data]) -> list[Item]:
    """The union of the items' tags; one that is manual on any item is not automatic."""
    merged: dict[str, Item] = {}
    for tag in (tag for item in items for tag in item.get("tags") or ()):
        if tag["tag"] not in merged or not tag.get("type"):
            merged[tag["tag"]] = dict(tag)
    return list(merged.values())


def redirected_relations(item: Data, uri: str, merged_into: Mapping[str, str]) -> dict[str, list[str]]:
    """An item's relations, with the survivors in `dc:relation` instead of the items that are merged into them."""
    relations = relations_of(item)
    related = dict.fromkeys(merged_into.get(other, other) for other in relations.get(RELATION, ()))
    related.pop(uri + item["key"], None)
    relations[RELATION] = list(related)
    return {name: uris for name, uris in relations.items() if uris}


def with_unended_relations(
    relations: Mapping[str, list[str]], item: Data, merged_into: Mapping[str, str]
) -> dict[str, list[str]]:
    """Relations, with those that an item has to items that are being merged: they end with a write of both sides."""
    left = [other for other in relations_of(item).get(RELATION, ()) if other in merged_into]
    related = dict.fromkeys([*relations.get(RELATION, ()), *left])
    return {**relations, **({RELATION: list(related)} if related else {})}


def _values_of(item: Data, kind: str, settings: MappingSettings) -> Item:
    """An item's values for an item type, converted if it has another type."""
    if item["itemType"] != kind:
        wanted = to_item(to_record(item, settings=settings), (), settings, kind)
        return {name: value for name, value in wanted.items() if name not in _BOOKKEEPING}
    return {
        name: value
        for name, value in item.items()
        if name not in _BOOKKEEPING and value and (isinstance(value, str) or name == "creators")
    }


def _new_lines(now: Data, wanted: Data) -> list[str]:
    """The free lines of an Extra field, and those with labels of their own, that another lacks."""
    has = {line.strip() for line in str(now.get("extra") or "").splitlines()}
    extra = parse_extra(wanted.get("extra", ""))
    lines = [*extra.text.splitlines(), *extra.others]
    return [line for line in dict.fromkeys(map(str.strip, lines)) if line and line not in has]


def _lines(now: Data, wanted: Data) -> list[tuple[str, str, str]]:
    """The named lines of an Extra field whose values differ from the item's: name, the item's value, the line's."""
    has, other = parse_extra(now.get("extra") or ""), parse_extra(wanted.get("extra", ""))
    pairs = ((other.labels, has.labels), (other.tex, has.tex), (other.latex, has.latex))
    return [
        (name, own, value)
        for theirs, ours in pairs
        for name, value in theirs.items()
        if name not in (CITATION_KEY, "ids") and value != (own := ours.get(name) or str(now.get(name) or value))
    ]


def _display_text(value: Any) -> str:
    """A value as text: creators as names."""
    if isinstance(value, str):
        return value
    names = (creator.get("name") or f"{creator['lastName']}, {creator['firstName']}" for creator in value)
    return "; ".join(names)


def _aliases(now: Data, losers: Sequence[Data]) -> list[str]:
    """The earlier citation keys of an item: its own aliases, and the keys and aliases of the others."""
    keys = _ids(now)
    for loser in losers:
        keys += [citation_key(loser), *_ids(loser)]
    return [key for key in dict.fromkeys(keys) if key and key != citation_key(now)]


def _ids(item: Data) -> list[str]:
    extra = parse_extra(item.get("extra") or "")
    return keys_in(extra.latex.get("ids") or extra.tex.get("ids", ""))


def _with_ids(extra: str, keys: Sequence[str]) -> str:
    """An Extra field with aliases in its line `tex.ids=`, as Better BibTeX writes them."""
    if not keys:
        return extra
    written = f"tex.ids= {', '.join(keys)}"
    lines = extra.splitlines()
    at = next((at for at, line in enumerate(lines) if _IDS_LINE.match(line)), None)
    if at is None:
        return add_lines(extra, [written])
    return "\n".join([*lines[:at], written, *(line for line in lines[at + 1 :] if not _IDS_LINE.match(line))])


def _relations(
    survivor: Data, losers: Sequence[Data], uri: str, merged_into: Mapping[str, str]
) -> dict[str, list[str]]:
    """The union of relations, with `dc:replaces`, by which documents still find the items that they cite."""
    merged = {"key": survivor["key"], "relations": merged_relations((survivor, *losers))}
    relations = redirected_relations(merged, uri, merged_into)
    replaced = dict.fromkeys([*relations.get(REPLACES, ()), *(uri + loser["key"] for loser in losers)])
    replaced.pop(uri + survivor["key"], None)
    relations[REPLACES] = list(replaced)
    return {name: uris for name, uris in relations.items() if uris}
