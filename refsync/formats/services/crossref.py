"""Responses of Crossref's REST API: one work, or a list of works (https://api.crossref.org/swagger-ui).

References, licences, links and counts are not bibliographic data of the work and are ignored.
"""

from typing import Any

from refsync.formats.common.field_values import join_names
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import (
    arxiv_fields,
    date_part_fields,
    make_record,
    markup_to_text,
    styled_title,
)
from refsync.formats.json.json_format import as_list, first_item, json_format, nested_value
from refsync.records import Name, Record

_TYPES = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "book-part": "incollection",
    "reference-entry": "incollection",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "proceedings": "proceedings",
    "report": "techreport",
    "dissertation": "phdthesis",
    "dataset": "dataset",
}
_JOURNALS = ("article", "misc")
_DATES = ("published", "issued", "published-print", "published-online", "posted", "created")


def _is_work(item: JsonObject) -> bool:
    return "DOI" in item and ("type" in item or "publisher" in item)


def _record(item: JsonObject, source: str, index: int) -> Record:
    kind = item.get("type") or ""
    type_ = _TYPES.get(kind, "misc")
    container, *others = [markup_to_text(title) for title in as_list(item.get("container-title"))] or [""]
    title, subtitle = styled_title(first_item(item.get("title"))), styled_title(first_item(item.get("subtitle")))
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    values = {
        "title": title,
        "author": _people(item.get("author")),
        "editor": _people(item.get("editor")),
        "translator": _people(item.get("translator")),
        "journal" if type_ in _JOURNALS else "booktitle": container,
        "series": others[0] if others else "",
        "shortjournal": markup_to_text(first_item(item.get("short-container-title"))),
        **_date(item),
        "volume": item.get("volume"),
        "number": item.get("issue"),
        "eid": item.get("article-number"),
        "pages": item.get("page"),
        "edition": item.get("edition-number"),
        "publisher": markup_to_text(item.get("publisher")),
        "address": item.get("publisher-location"),
        "institution": first_item(
            [nested_value(institution, "name") for institution in as_list(item.get("institution"))]
        ),
        "eventtitle": nested_value(item, "event", "name"),
        "venue": nested_value(item, "event", "location"),
        "doi": item["DOI"],
        "url": nested_value(item, "resource", "primary", "URL") or item.get("URL"),
        "issn": item.get("ISSN"),
        "isbn": item.get("ISBN"),
        "language": item.get("language"),
        "keywords": item.get("subject"),
        "abstract": markup_to_text(item.get("abstract")),
        "entrysubtype": "" if kind in _TYPES else item.get("subtype") or kind,
        **arxiv_fields(f"arxiv:{item['DOI'][15:]}" if item["DOI"].lower().startswith("10.48550/arxiv.") else ""),
    }
    return make_record(source, index, type_, values)


def _people(found: Any) -> str:
    names = []
    for one in as_list(found):
        if family := one.get("family"):
            names.append(Name(family, one.get("given") or "", one.get("prefix") or "", one.get("suffix") or ""))
        elif name := one.get("name") or one.get("literal"):
            names.append(Name(name))
    return join_names(names)


def _date(item: JsonObject) -> dict[str, str]:
    for name in _DATES:
        parts = first_item(nested_value(item, name, "date-parts"))
        if isinstance(parts, list) and parts and parts[0]:
            return date_part_fields(parts)
    return {}


FORMAT = json_format(
    "crossref",
    (
        b'"message-type":"work',
        b'"message-version":',
        b'"is-referenced-by-count":',
        b'"reference-count":',
        b'"container-title":[',
        b'"title":["',
    ),
    _is_work,
    _record,
)
