"""What the item that stays takes over from those that are merged into it. Pure: items in, properties to set out."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from refsync.records import keys_in
from refsync.zotero.items.extra import CITATION_KEY, add_lines, parse_extra
from refsync.zotero.items.mapping import Item, MappingSettings, citation_key, to_item, to_record
from refsync.zotero.items.relations import RELATION, REPLACES, relations_of, united_relations
from refsync.zotero.push.fill import lacking

Data = Mapping[str, Any]

_BOOKKEEPING = frozenset(
    "key version itemType tags collections relations dateAdded dateModified deleted parentItem inPublications".split()
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A property in which an item that is merged says something else than the one that stays: both values."""

    name: str
    kept: str
    other: str
    key: str


_IDS_LINE = re.compile(r"\s*tex\.ids\s*[:=]", re.IGNORECASE)


def combined(
    survivor: Data,
    losers: Sequence[Data],
    uri: str,
    became: Mapping[str, str],
    collections: Collection[str],
    settings: MappingSettings,
    chosen: Data = MappingProxyType({}),
) -> tuple[Item, tuple[Difference, ...]]:
    """The properties to set so that an item carries what others say, and in what they differ.

    Its own values stay and what it lacks is filled. Of tags, collections, relations, lines of Extra and aliases of the
    citation key it gets the union. Setting them and asking again gives nothing.

    Args:
        survivor: the item that stays.
        losers: the others, in the order in which they are asked.
        uri: the start of the URIs by which relations name items of this library.
        became: the URI of each item that is merged, with that of the one it is merged into.
        collections: the keys of the collections that there are.
        settings: the schema.
        chosen: the values that people chose, by property.
    """
    now: Item = dict(survivor)
    differing: list[Difference] = []
    for loser in losers:
        wanted = _said(loser, survivor["itemType"], settings)
        if not now.get("url") or now["url"] != wanted.get("url", now["url"]):
            wanted = {name: value for name, value in wanted.items() if name != "accessDate" or not now.get("url")}
        now["extra"] = add_lines(now.get("extra") or "", _new_lines(now, wanted))
        change, differs = lacking(now, wanted, settings)
        now |= change
        for name, kept, other in (*((name, now[name], wanted[name]) for name in differs), *_lines(now, wanted)):
            if name not in chosen and not (name == "DOI" and kept.casefold() == other.casefold()):
                differing.append(Difference(name, _in_words(kept), _in_words(other), loser["key"]))
    now["extra"] = _with_ids(now["extra"], _aliases(now, losers))
    now["tags"] = united_tags([survivor, *losers])
    held = [key for item in (survivor, *losers) for key in item.get("collections") or ()]
    now["collections"] = [key for key in dict.fromkeys(held) if key in collections]
    now["relations"] = _relations(survivor, losers, uri, became)
    now["dateAdded"] = min(item["dateAdded"] for item in (survivor, *losers))
    now |= chosen
    changed = {name: value for name, value in now.items() if not same(name, value, survivor.get(name))}
    return changed, tuple(dict.fromkeys(differing))


def united_tags(items: Iterable[Data]) -> list[Item]:
    """The tags of all; one that somebody gave by hand is not automatic any more."""
    found: dict[str, Item] = {}
    for tag in (tag for item in items for tag in item.get("tags") or ()):
        if tag["tag"] not in found or not tag.get("type"):
            found[tag["tag"]] = dict(tag)
    return list(found.values())


def repointed(item: Data, uri: str, became: Mapping[str, str]) -> dict[str, list[str]]:
    """An item's relations, where `dc:relation` names what stays instead of what is merged into it."""
    relations = relations_of(item)
    related = dict.fromkeys(became.get(other, other) for other in relations.get(RELATION, ()))
    related.pop(uri + item["key"], None)
    relations[RELATION] = list(related)
    return {name: uris for name, uris in relations.items() if uris}


def same(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a property are one for Zotero."""
    if name in MEMBERS:
        return members(name, one) == members(name, other)
    if isinstance(one, str) or isinstance(other, str):
        return str(one or "").strip() == str(other or "").strip()
    return bool((one or None) == (other or None))


MEMBERS = frozenset({"tags", "collections", "relations"})
"""Properties that are sets."""


def members(name: str, value: Any) -> frozenset[Any]:
    """The members of a property that is a set."""
    if name == "tags":
        return frozenset((tag["tag"].strip(), tag.get("type") or 0) for tag in value or ())
    if name == "relations":
        return frozenset((kind, uri) for kind, uris in relations_of({name: value}).items() for uri in uris)
    return frozenset(value or ())


def _said(item: Data, kind: str, settings: MappingSettings) -> Item:
    """What an item says in the words of an item type: as it stands, or translated where it is of another type."""
    if item["itemType"] != kind:
        wanted = to_item(to_record(item, settings=settings), (), settings, kind)
        return {name: value for name, value in wanted.items() if name not in _BOOKKEEPING}
    return {
        name: value
        for name, value in item.items()
        if name not in _BOOKKEEPING and value and (isinstance(value, str) or name == "creators")
    }


def _new_lines(now: Data, wanted: Data) -> list[str]:
    """The free lines of an Extra that another lacks."""
    has = {line.strip() for line in str(now.get("extra") or "").splitlines()}
    lines = parse_extra(wanted.get("extra", "")).text.splitlines()
    return [line for line in dict.fromkeys(map(str.strip, lines)) if line and line not in has]


def _lines(now: Data, wanted: Data) -> list[tuple[str, str, str]]:
    """The lines of an Extra that say something else than the item does: name, what it says, and the line."""
    has, other = parse_extra(now.get("extra") or ""), parse_extra(wanted.get("extra", ""))
    pairs = ((other.labels, has.labels), (other.tex, has.tex), (other.latex, has.latex))
    return [
        (name, said, value)
        for theirs, ours in pairs
        for name, value in theirs.items()
        if name not in (CITATION_KEY, "ids") and value != (said := ours.get(name) or str(now.get(name) or value))
    ]


def _in_words(value: Any) -> str:
    """A value for people: creators as names."""
    if isinstance(value, str):
        return value
    names = (creator.get("name") or f"{creator['lastName']}, {creator['firstName']}" for creator in value)
    return "; ".join(names)


def _aliases(now: Data, losers: Sequence[Data]) -> list[str]:
    """The citation keys that shall still lead to an item: those it was known by, and those of the others."""
    keys = _ids(now)
    for loser in losers:
        keys += [citation_key(loser), *_ids(loser)]
    return [key for key in dict.fromkeys(keys) if key and key != citation_key(now)]


def _ids(item: Data) -> list[str]:
    extra = parse_extra(item.get("extra") or "")
    return keys_in(extra.latex.get("ids") or extra.tex.get("ids", ""))


def _with_ids(extra: str, keys: Sequence[str]) -> str:
    """An Extra field with the aliases in its line `tex.ids=`, as Better BibTeX writes them."""
    if not keys:
        return extra
    written = f"tex.ids= {', '.join(keys)}"
    lines = extra.splitlines()
    at = next((at for at, line in enumerate(lines) if _IDS_LINE.match(line)), None)
    if at is None:
        return add_lines(extra, [written])
    return "\n".join([*lines[:at], written, *(line for line in lines[at + 1 :] if not _IDS_LINE.match(line))])


def _relations(survivor: Data, losers: Sequence[Data], uri: str, became: Mapping[str, str]) -> dict[str, list[str]]:
    """The relations of all, among them `dc:replaces`, by which documents still find what they cite."""
    merged = {"key": survivor["key"], "relations": united_relations((survivor, *losers))}
    found = repointed(merged, uri, became)
    replaced = dict.fromkeys([*found.get(REPLACES, ()), *(uri + loser["key"] for loser in losers)])
    replaced.pop(uri + survivor["key"], None)
    found[REPLACES] = list(replaced)
    return {name: uris for name, uris in found.items() if uris}
