"""Responses of OpenAlex's API: one work, or a page of works (https://docs.openalex.org).

Abstracts are an index from words to their positions. References, counts and concepts are ignored.
"""

from typing import Any

from refsync.formats.common.field_values import join_names, page_range
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import arxiv_fields, date_fields, make_record, markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, json_format, nested_value
from refsync.records import Record
from refsync.text.identifiers import arxiv, doi

_TYPES = {
    "article": "article",
    "journal-article": "article",
    "review": "article",
    "letter": "article",
    "editorial": "article",
    "erratum": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection",
    "reference-entry": "incollection",
    "book": "book",
    "monograph": "book",
    "proceedings": "proceedings",
    "dissertation": "phdthesis",
    "report": "techreport",
    "dataset": "dataset",
    "software": "software",
}
_MAX_ABSTRACT = 20_000  # words; a damaged index may have any position


def _is_work(item: JsonObject) -> bool:
    return "authorships" in item or (
        str(item.get("id", "")).startswith("https://openalex.org/W") and ("title" in item or "display_name" in item)
    )


def _record(item: JsonObject, source: str, index: int) -> Record:
    kind = item.get("type_crossref") or item.get("type") or ""
    venue = nested_value(item, "primary_location", "source") or nested_value(item, "host_venue") or {}
    venue_name = nested_value(venue, "display_name")
    venue_type = nested_value(venue, "type")
    type_ = _TYPES.get(kind, "misc")
    if type_ == "article" and venue_type == "conference":
        type_ = "inproceedings"
    elif type_ == "article" and venue_type == "repository":
        type_ = "misc"
    biblio = item.get("biblio") or {}
    addresses = [nested_value(location, "landing_page_url") for location in as_list(item.get("locations"))]
    address = nested_value(item, "primary_location", "landing_page_url")
    values: dict[str, Any] = {
        "title": styled_title(item.get("title") or item.get("display_name")),
        "author": join_names(
            nested_value(one, "author", "display_name") or nested_value(one, "raw_author_name") or ""
            for one in as_list(item.get("authorships"))
        ),
        "journal" if type_ in ("article", "misc") else "booktitle": markup_to_text(venue_name),
        **(date_fields(item.get("publication_date")) or {"year": item.get("publication_year")}),
        "volume": nested_value(biblio, "volume"),
        "number": nested_value(biblio, "issue"),
        "pages": page_range(nested_value(biblio, "first_page") or "", nested_value(biblio, "last_page") or ""),
        "publisher": markup_to_text(nested_value(venue, "host_organization_name") or nested_value(venue, "publisher")),
        "doi": doi(str(item.get("doi") or "")),
        "url": address or next(filter(None, addresses), ""),
        "issn": nested_value(venue, "issn") or nested_value(venue, "issn_l"),
        "pmid": str(nested_value(item, "ids", "pmid") or "").rpartition("/")[2],
        "pmcid": str(nested_value(item, "ids", "pmcid") or "").rpartition("/")[2],
        "openalex": str(item.get("id") or nested_value(item, "ids", "openalex") or "").rpartition("/")[2],
        "language": item.get("language"),
        "keywords": [
            nested_value(word, "display_name") or nested_value(word, "keyword")
            for word in as_list(item.get("keywords"))
        ],
        "abstract": markup_to_text(item.get("abstract") or _abstract(item.get("abstract_inverted_index"))),
        "note": "Retracted" if item.get("is_retracted") else "",
        "entrysubtype": "" if kind in _TYPES else kind,
        **arxiv_fields(*(arxiv(str(text)) for text in (address, item.get("doi"), *addresses) if text)),
    }
    return make_record(source, index, type_, values)


def _abstract(index: Any) -> str:
    """The text of an inverted index, in which each word has a list of its positions."""
    if not isinstance(index, dict):
        return ""
    words = {
        position: word
        for word, positions in index.items()
        for position in as_list(positions)
        if isinstance(position, int) and 0 <= position < _MAX_ABSTRACT
    }
    return " ".join(words[position] for position in sorted(words))


FORMAT = json_format(
    "openalex", (b"https://openalex.org/W", b'"abstract_inverted_index":', b'"authorships":['), _is_work, _record
)
