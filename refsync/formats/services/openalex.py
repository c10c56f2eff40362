"""What the API of OpenAlex returns: one work, or a page of them (https://docs.openalex.org).

Abstracts come as an index from words to their places. References, counts and concepts are left behind.
"""

from typing import Any

from refsync.formats.common.field_builder import page_range
from refsync.formats.common.json_format import Object, json_format, listed, part
from refsync.formats.common.record_values import arxiv_fields, date_fields, make_record, people, plain
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
_LONGEST_ABSTRACT = 20_000  # words; an index may claim any place


def _is_work(item: Object) -> bool:
    return "authorships" in item or (
        str(item.get("id", "")).startswith("https://openalex.org/W") and ("title" in item or "display_name" in item)
    )


def _record(item: Object, source: str, index: int) -> Record:
    kind = item.get("type_crossref") or item.get("type") or ""
    place = part(item, "primary_location", "source") or part(item, "host_venue") or {}
    where = part(place, "display_name")
    held_in = part(place, "type")
    type_ = _TYPES.get(kind, "misc")
    if type_ == "article" and held_in == "conference":
        type_ = "inproceedings"
    elif type_ == "article" and held_in == "repository":
        type_ = "misc"
    biblio = item.get("biblio") or {}
    addresses = [part(spot, "landing_page_url") for spot in listed(item.get("locations"))]
    address = part(item, "primary_location", "landing_page_url")
    values: dict[str, Any] = {
        "title": plain(item.get("title") or item.get("display_name")),
        "author": people(
            part(one, "author", "display_name") or part(one, "raw_author_name") or ""
            for one in listed(item.get("authorships"))
        ),
        "journal" if type_ in ("article", "misc") else "booktitle": plain(where),
        **(date_fields(item.get("publication_date")) or {"year": item.get("publication_year")}),
        "volume": part(biblio, "volume"),
        "number": part(biblio, "issue"),
        "pages": page_range(part(biblio, "first_page") or "", part(biblio, "last_page") or ""),
        "publisher": plain(part(place, "host_organization_name") or part(place, "publisher")),
        "doi": doi(str(item.get("doi") or "")),
        "url": address or next(filter(None, addresses), ""),
        "issn": part(place, "issn") or part(place, "issn_l"),
        "pmid": str(part(item, "ids", "pmid") or "").rpartition("/")[2],
        "pmcid": str(part(item, "ids", "pmcid") or "").rpartition("/")[2],
        "openalex": str(item.get("id") or part(item, "ids", "openalex") or "").rpartition("/")[2],
        "language": item.get("language"),
        "keywords": [part(word, "display_name") or part(word, "keyword") for word in listed(item.get("keywords"))],
        "abstract": plain(item.get("abstract") or _abstract(item.get("abstract_inverted_index"))),
        "note": "Retracted" if item.get("is_retracted") else "",
        "entrysubtype": "" if kind in _TYPES else kind,
        **arxiv_fields(*(arxiv(str(said)) for said in (address, item.get("doi"), *addresses) if said)),
    }
    return make_record(source, index, type_, values)


def _abstract(index: Any) -> str:
    """The text of an inverted index: each word with the places at which it stands."""
    if not isinstance(index, dict):
        return ""
    words = {
        place: word
        for word, places in index.items()
        for place in listed(places)
        if isinstance(place, int) and 0 <= place < _LONGEST_ABSTRACT
    }
    return " ".join(words[place] for place in sorted(words))


FORMAT = json_format(
    "openalex", (b"https://openalex.org/W", b'"abstract_inverted_index":', b'"authorships":['), _is_work, _record
)
