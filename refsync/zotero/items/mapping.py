"""Between records and Zotero's item JSON, both ways, so that `.bib -> Zotero -> .bib` loses nothing.

What an item has a field for goes there as text. Then it is looked at what would come back: a BibTeX field that would
not, or not as it was, gets a line of its own in Extra (`tex.name: text`, or `tex.name= LaTeX`).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.formats.bibtex.dialect import Dialect, to_dialect
from refsync.formats.bibtex.values import folded
from refsync.records import Markup, Record
from refsync.zotero.items.creators import from_creators, to_creators
from refsync.zotero.items.dates import from_date, to_date
from refsync.zotero.items.eprints import from_eprint, is_arxiv_preprint, to_eprint
from refsync.zotero.items.extra import CITATION_KEY, IDENTIFIERS, Extra, format_extra, is_free_text, parse_extra
from refsync.zotero.items.fields import entry_type, item_type, named_type, names_of
from refsync.zotero.items.schema import ItemType, Schema, bundled_schema
from refsync.zotero.items.tags import area_tags, keyword_tags, keywords
from refsync.zotero.items.value_comparison import lay_over, same_value
from refsync.zotero.items.values import from_value, says_the_same, to_value
from refsync.zotero.settings import DEFAULTS

Item = dict[str, Any]
"""An item's `data` as the Web API has it."""

_ACCESSED = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d:\d\dZ?)?")
_NO_FIELDS = frozenset(
    "key version itemType creators tags collections relations dateAdded dateModified deleted parentItem "
    "inPublications extra citationKey".split()
)


@dataclass(frozen=True, slots=True)
class MappingSettings:
    """How records become items.

    Attributes:
        schema: the item types.
        area_prefix: what the automatic tags of research areas start with.
    """

    schema: Schema = field(default_factory=bundled_schema)
    area_prefix: str = DEFAULTS.area_prefix


def to_item(
    record: Record, areas: Collection[str] = (), settings: MappingSettings | None = None, item_type_: str = ""
) -> Item:
    """The item for a record: `itemType` and each field, creator and tag that it says something for.

    Args:
        record: the record; its id becomes the citation key, unless a reader gave it (`#1`).
        areas: research areas; each becomes an automatic tag, and a keyword of that name no other one.
        settings: see there.
        item_type_: the item type to make, instead of the one that stands for the record's type.
    """
    settings = settings or MappingSettings()
    record = _in_biblatex(record, settings.schema)
    given = {name: value for name, value in record.fields.items() if value.strip()}
    kind = _kind(item_type_ or _item_type(record, settings.schema), settings.schema)
    item: Item = {"itemType": kind.name}
    names = names_of(kind)
    creators = []
    for name, role in names.roles.items():
        creators += to_creators(given.get(name, ""), role, record.markup)
    if creators:
        item["creators"] = creators
    if names.date and (date := to_date(given)):
        item[names.date] = to_value("date", date, record.markup)
    for name, value in given.items():
        slot = names.to_zotero.get(name, "")
        if slot and (slot not in item or names.from_zotero[slot] == name) and slot not in ("repository", "accessDate"):
            item[slot] = to_value(name, value, record.markup)
    if "repository" in kind.fields and "publisher" in given:
        item["repository"] = to_value("publisher", given["publisher"], record.markup)
    if "accessDate" in kind.fields and _ACCESSED.fullmatch(given.get("urldate", "").strip()):
        item["accessDate"] = given["urldate"].strip()
    if "subtitle" in given and (title := names.to_zotero.get("title")) and item.get(title):
        item[title] += f": {to_value('subtitle', given['subtitle'], record.markup)}"
    labels = to_eprint(given, kind, item)
    for label in IDENTIFIERS:
        if label != "arXiv" and label not in kind.fields and label.lower() in given:
            labels[label] = to_value(label.lower(), given[label.lower()], record.markup)
    if not record.id.startswith("#"):
        if "citationKey" in kind.fields:
            item["citationKey"] = record.id
        else:
            labels[CITATION_KEY] = record.id
    words = keyword_tags(given.get("keywords", ""), record.markup, areas)
    if tags := [*words, *area_tags(areas, settings.area_prefix)]:
        item["tags"] = tags
    if extra := format_extra(_what_is_left(record.type, given, record.markup, item, kind, labels, settings)):
        item["extra"] = extra
    return item


def to_record(
    item: Mapping[str, Any],
    source: str = "zotero",
    index: int = 1,
    settings: MappingSettings | None = None,
    dialect: Dialect | None = None,
) -> Record:
    """The record for an item's `data`, in LaTeX.

    Args:
        item: as the Web API has it; of a type that the schema does not know too.
        source: the name of the library.
        index: counted from 1 within it.
        settings: see there.
        dialect: whose words to use; BibLaTeX's, with those of the record that it was made of, if None.
    """
    settings = settings or MappingSettings()
    kind = _kind(item["itemType"], settings.schema, item)
    extra = parse_extra(item.get("extra") or "")
    names = names_of(kind)
    lines = {name: from_value(name, value) for name, value in extra.tex.items()} | dict(extra.latex)
    if "subtitle" in lines:
        item = _without_subtitle(
            item, names.to_zotero.get("title", ""), to_value("subtitle", lines["subtitle"], "latex")
        )
    fields = _natives(item, kind, extra, settings)
    wanted = lines.pop("entrytype", "")
    type_, subtype = entry_type(kind.name)
    if wanted and (_item_type(Record("", 0, "", wanted), settings.schema) in (kind.name, "document") or subtype):
        type_, subtype = wanted, ""
    elif wanted and kind.name == "preprint":
        type_ = wanted
    lay_over(fields, lines, names)
    if subtype and "entrysubtype" not in fields:
        fields["entrysubtype"] = subtype
    if kind.name == "preprint" and _item_type(Record("", 0, "", type_, fields), settings.schema) != "preprint":
        fields.setdefault("entrysubtype", "preprint")
    key = extra.labels.get(CITATION_KEY) or str(item.get("citationKey") or "").strip() or f"#{index}"
    record = Record(source, index, key, type_, fields, "latex")
    return to_dialect(record, dialect) if dialect else record


def _in_biblatex(record: Record, schema: Schema) -> Record:
    """The record in BibLaTeX's words; a `misc` with an address stays one, and is not made a web page."""
    converted = to_dialect(record, "biblatex")
    misc = record.type == "misc" and converted.type == "online" and "entrysubtype" in converted.fields
    misc = misc or (record.type == "misc" and "entrysubtype" not in record.fields)
    type_ = "misc" if misc else converted.type
    return replace(converted, type=named_type(type_, converted.fields.get("entrysubtype", "").strip(), schema))


def _item_type(record: Record, schema: Schema) -> str:
    found = item_type(record.type, record.fields.get("entrysubtype", "").strip(), schema)
    return "preprint" if is_arxiv_preprint(record) and "preprint" in schema.types else found


def _kind(name: str, schema: Schema, item: Mapping[str, Any] = {}) -> ItemType:
    """The item type; one that the schema does not know has the fields that the item has."""
    if name in schema.types:
        return schema.types[name]
    fields = tuple(key for key in item if key not in _NO_FIELDS)
    roles = tuple(dict.fromkeys(creator["creatorType"] for creator in item.get("creators", ())))
    return ItemType(name, fields, {}, roles, {key: key for key in fields})


def _natives(item: Mapping[str, Any], kind: ItemType, extra: Extra, settings: MappingSettings) -> dict[str, str]:
    """What an item says without the lines for BibTeX in its Extra, as BibLaTeX fields in LaTeX."""
    names = names_of(kind)
    fields: dict[str, str] = {}
    by_role: dict[str, list[Any]] = {}
    field_of = {role: name for name, role in names.roles.items()}
    for creator in item.get("creators") or ():
        role = creator["creatorType"]
        by_role.setdefault(field_of.get(role, role.lower()), []).append(creator)
    for name, creators in by_role.items():
        if value := from_creators(creators):
            fields[name] = value
    for slot, name in names.from_zotero.items():
        if text := str(item.get(slot) or "").strip():
            fields[name] = from_value(name, text)
    if names.date and (text := str(item.get(names.date) or "").strip()):
        fields |= from_date(text)
    if text := str(item.get("accessDate") or ""):
        fields["urldate"] = text[:10]
    from_eprint(fields, item, extra)
    for label in IDENTIFIERS:
        if label != "arXiv" and label in extra.labels and label.lower() not in fields:
            fields[label.lower()] = extra.labels[label]
    if extra.text:
        fields["note"] = from_value("note", extra.text)
    if words := keywords(item.get("tags") or (), settings.area_prefix):
        fields["keywords"] = words
    return fields


def _what_is_left(
    type_: str,
    given: Mapping[str, str],
    markup: Markup,
    item: Mapping[str, Any],
    kind: ItemType,
    labels: dict[str, str],
    settings: MappingSettings,
) -> Extra:
    """The Extra field: what would not come back from the rest of the item."""
    text = to_value("note", given["note"], markup) if "note" in given else ""
    if not (is_free_text(text) and says_the_same("note", from_value("note", text), _latex("note", given, markup))):
        text = ""
    if "subtitle" in given:
        title = names_of(kind).to_zotero.get("title", "")
        item = _without_subtitle(item, title, to_value("subtitle", given["subtitle"], markup))
    back = _natives(item, kind, Extra(labels, text=text), settings)
    tex: dict[str, str] = {}
    latex: dict[str, str] = {}
    usual, subtype = entry_type(kind.name)
    if usual != type_:
        tex["entrytype"] = type_
    elif subtype:
        back["entrysubtype"] = subtype
    elif kind.name == "preprint" and not is_arxiv_preprint(Record("", 0, "", type_, given)):
        back["entrysubtype"] = kind.name
    names = names_of(kind)
    slots = {name: names.from_zotero[slot] for name in given if (slot := names.to_zotero.get(name))}
    shared = {primary for name, primary in slots.items() if name != primary}  # two fields with one place
    for name in given:
        original = _latex(name, given, markup)
        if name in back and name not in shared and same_value(name, back[name], original, markup):
            continue
        plain = to_value(name, given[name], markup)
        if name == "ids" or not same_value(name, from_value(name, plain), original, markup):
            latex[name] = folded(original)
        else:
            tex[name] = folded(plain)
    return Extra(labels, tex, latex, text)


def _without_subtitle(item: Mapping[str, Any], title: str, subtitle: str) -> Mapping[str, Any]:
    """The item with the title alone, where it shows title and subtitle."""
    return {**item, title: item[title].removesuffix(f": {subtitle}")} if item.get(title) else item


def _latex(name: str, given: Mapping[str, str], markup: Markup) -> str:
    return given[name] if markup == "latex" else from_value(name, given[name])


def citation_key(item: Mapping[str, Any]) -> str:
    """An item's citation key: that of its Extra wins, as in Zotero's own export; empty where there is none."""
    named = parse_extra(item.get("extra") or "").labels.get(CITATION_KEY)
    return named or str(item.get("citationKey") or "").strip()
