"""Conversion between records and Zotero's item JSON, without loss in `.bib -> Zotero -> .bib`.

Values go as text into the fields that the item type has for them. Then the item is converted back: a BibTeX field that
is missing or different in the result gets its own line in Extra (`tex.name: text`, or `tex.name= LaTeX`).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from refsync.formats.common.dialect import Dialect, to_dialect
from refsync.records import Markup, Record
from refsync.text.latex_safety import escape_unsafe
from refsync.text.whitespace import collapse_whitespace
from refsync.zotero.items.creators import from_creators, to_creators
from refsync.zotero.items.dates import WHOLE, from_date, to_date
from refsync.zotero.items.eprints import from_eprint, is_arxiv_preprint, to_eprint
from refsync.zotero.items.extra import CITATION_KEY, IDENTIFIERS, Extra, format_extra, is_free_text, parse_extra
from refsync.zotero.items.extra_fields import ItemValues, apply_extra_fields
from refsync.zotero.items.fields import entry_type, field_names_of, is_masters_thesis, item_type, named_type
from refsync.zotero.items.schema import ItemType, Schema, bundled_schema
from refsync.zotero.items.tags import area_tags, keyword_tags, keywords
from refsync.zotero.items.value_comparison import same_value
from refsync.zotero.items.values import equal_latex, from_value, to_value
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
    """How records are converted to items and back.

    Attributes:
        schema: the item types.
        area_prefix: the prefix of the automatic tags of research areas.
    """

    schema: Schema = field(default_factory=bundled_schema)
    area_prefix: str = DEFAULTS.area_prefix


def to_item(
    record: Record, areas: Collection[str] = (), settings: MappingSettings | None = None, item_type_: str = ""
) -> Item:
    """The item for a record: `itemType`, and the fields, creators and tags for which the record has values.

    Args:
        record: the record; its id becomes the citation key, unless a reader generated it (`#1`).
        areas: research areas; each becomes an automatic tag, in place of a keyword of the same name.
        settings: the conversion settings.
        item_type_: the item type to use, instead of the usual one for the record's type.
    """
    settings = settings or MappingSettings()
    record = _in_biblatex(record, settings.schema)
    given = {name: value for name, value in record.fields.items() if value.strip()}
    kind = _kind(item_type_ or _item_type(record, settings.schema), settings.schema)
    item: Item = {"itemType": kind.name}
    names = field_names_of(kind)
    creators = []
    for name, role in names.roles.items():
        creators += to_creators(given.get(name, ""), role, record.markup)
    if creators:
        item["creators"] = creators
    if names.date and (date := to_date(given)):
        item[names.date] = to_value("date", date, record.markup)
    for name, value in given.items():
        field_ = names.to_zotero.get(name, "")
        is_free = field_ not in item or names.from_zotero[field_] == name
        if field_ and is_free and field_ not in ("repository", "accessDate"):
            item[field_] = to_value(name, value, record.markup)
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
    if extra := format_extra(_extra_for(replace(record, fields=given), item, kind, labels, settings)):
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
        item: as the Web API returns it; its type may be missing from the schema.
        source: the name of the library.
        index: counted from 1 within it.
        settings: the conversion settings.
        dialect: the dialect of the record; if None BibLaTeX, with the names of the record that the item was made from.
    """
    settings = settings or MappingSettings()
    kind = _kind(item["itemType"], settings.schema, item)
    extra = parse_extra(item.get("extra") or "")
    names = field_names_of(kind)
    lines = {name: from_value(name, value) for name, value in extra.tex.items()} | {
        name: escape_unsafe(value) for name, value in extra.latex.items()
    }
    if "subtitle" in lines:
        item = _without_subtitle(
            item, names.to_zotero.get("title", ""), to_value("subtitle", lines["subtitle"], "latex")
        )
    fields = _fields_of(item, kind, extra, settings)
    wanted = lines.pop("entrytype", "")
    type_, subtype = entry_type(kind.name)
    if wanted and (_item_type(_typed(wanted), settings.schema) in (kind.name, "document") or subtype):
        type_, subtype = wanted, ""
    elif wanted and kind.name == "preprint":
        type_ = wanted
    texts = {name: text for field_, name in names.from_zotero.items() if (text := str(item.get(field_) or "").strip())}
    values = ItemValues(fields=fields, texts=texts, creators=_creators_by_field(item, kind), names=names)
    apply_extra_fields(values, lines)
    if subtype and "entrysubtype" not in fields:
        fields["entrysubtype"] = subtype
    if kind.name == "preprint" and _item_type(_typed(type_, fields), settings.schema) != "preprint":
        fields.setdefault("entrysubtype", "preprint")
    if dialect == "biblatex" and kind.name == "document" and type_ == "misc" and fields.get("url"):
        fields.setdefault("entrysubtype", "document")  # or BibLaTeX's type would be `online`
    if dialect == "bibtex" and kind.name == "webpage" and fields.get("url"):
        fields.setdefault("entrysubtype", kind.name)  # or it would be a document for everyone who reads it
    if dialect == "bibtex" and is_masters_thesis(type_, fields):
        fields.setdefault("entrysubtype", "mastersthesis")  # which becomes the entry's type
    key = extra.labels.get(CITATION_KEY) or str(item.get("citationKey") or "").strip() or f"#{index}"
    record = Record(source, index, key, type=type_, fields=fields, markup="latex")
    return to_dialect(record, dialect) if dialect else record


def _typed(type_: str, fields: Mapping[str, str] = {}) -> Record:
    """A record of which only type and fields matter."""
    return Record("", 0, "", type=type_, fields=fields)


def _in_biblatex(record: Record, schema: Schema) -> Record:
    """The record in BibLaTeX; a `misc` with a URL stays one, and does not become a web page."""
    converted = to_dialect(record, "biblatex")
    misc = record.type == "misc" and converted.type == "online" and "entrysubtype" in converted.fields
    misc = misc or (record.type == "misc" and "entrysubtype" not in record.fields)
    type_ = "misc" if misc else converted.type
    return replace(converted, type=named_type(type_, converted.fields.get("entrysubtype", "").strip(), schema))


def _item_type(record: Record, schema: Schema) -> str:
    usual = item_type(record.type, record.fields.get("entrysubtype", "").strip(), schema)
    return "preprint" if is_arxiv_preprint(record) and "preprint" in schema.types else usual


def _kind(name: str, schema: Schema, item: Mapping[str, Any] = {}) -> ItemType:
    """The item type; one that is not in the schema gets the fields of the item."""
    if name in schema.types:
        return schema.types[name]
    fields = tuple(key for key in item if key not in _NO_FIELDS)
    roles = tuple(dict.fromkeys(creator["creatorType"] for creator in item.get("creators", ())))
    return ItemType(name=name, fields=fields, base={}, creators=roles, by_base={key: key for key in fields})


def _fields_of(item: Mapping[str, Any], kind: ItemType, extra: Extra, settings: MappingSettings) -> dict[str, str]:
    """An item's values without the lines for BibTeX in Extra, as BibLaTeX fields in LaTeX."""
    names = field_names_of(kind)
    fields: dict[str, str] = {}
    for name, creators in _creators_by_field(item, kind).items():
        if value := from_creators(creators):
            fields[name] = value
    for field_, name in names.from_zotero.items():
        if text := str(item.get(field_) or "").strip():
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


def _creators_by_field(item: Mapping[str, Any], kind: ItemType) -> dict[str, list[Any]]:
    """An item's creators by BibLaTeX field."""
    field_of = {role: name for name, role in field_names_of(kind).roles.items()}
    by_field: dict[str, list[Any]] = {}
    for creator in item.get("creators") or ():
        role = creator["creatorType"]
        by_field.setdefault(field_of.get(role, role.lower()), []).append(creator)
    return by_field


def _extra_for(
    record: Record, item: Mapping[str, Any], kind: ItemType, labels: dict[str, str], settings: MappingSettings
) -> Extra:
    """The Extra field: the values of the record that the rest of the item does not keep."""
    given, markup = record.fields, record.markup
    text = to_value("note", given["note"], markup) if "note" in given else ""
    if not (is_free_text(text) and equal_latex("note", from_value("note", text), _latex("note", given, markup))):
        text = ""
    if "subtitle" in given:
        title = field_names_of(kind).to_zotero.get("title", "")
        item = _without_subtitle(item, title, to_value("subtitle", given["subtitle"], markup))
    back = _fields_of(item, kind, Extra(labels, text=text), settings)
    tex: dict[str, str] = {}
    latex: dict[str, str] = {}
    usual, subtype = entry_type(kind.name)
    if usual != record.type:
        tex["entrytype"] = record.type
    elif subtype:
        back["entrysubtype"] = subtype
    elif kind.name == "preprint" and not is_arxiv_preprint(record):
        back["entrysubtype"] = kind.name
    if given.get("entrysubtype") == kind.name or (
        given.get("entrysubtype") == "mastersthesis" and is_masters_thesis(record.type, given)
    ):
        back["entrysubtype"] = given["entrysubtype"]
    names = field_names_of(kind)
    primaries = {name: names.from_zotero[field_] for name in given if (field_ := names.to_zotero.get(name))}
    shared = {primary for name, primary in primaries.items() if name != primary}  # two fields for one of the item
    for name in given:
        original = _latex(name, given, markup)
        if name in ("date", "year") and WHOLE in back and original in (back.get("date"), back.get("year")):
            continue
        if name in back and name not in shared and same_value(name, back[name], original, markup):
            continue
        plain = to_value(name, given[name], markup)
        if name == "ids" or not same_value(name, from_value(name, plain), original, markup):
            latex[name] = collapse_whitespace(original)
        else:
            tex[name] = collapse_whitespace(plain)
    return Extra(labels, tex, latex, text)


def _without_subtitle(item: Mapping[str, Any], title: str, subtitle: str) -> Mapping[str, Any]:
    """The item with the title alone, if its title field has title and subtitle."""
    return {**item, title: item[title].removesuffix(f": {subtitle}")} if item.get(title) else item


def _latex(name: str, given: Mapping[str, str], markup: Markup) -> str:
    return given[name] if markup == "latex" else from_value(name, given[name])


def citation_key(item: Mapping[str, Any]) -> str:
    """An item's citation key: the one in Extra comes first, as in Zotero's own export; empty if there is none."""
    in_extra = parse_extra(item.get("extra") or "").labels.get(CITATION_KEY)
    return in_extra or str(item.get("citationKey") or "").strip()
