"""Responses of Semantic Scholar's Academic Graph API (a paper, a search, citations, a batch), and lines of its dumps.

Counts, embeddings and the lists of references and citations of a paper are ignored.
"""

from typing import Any

from refsync.formats.common.field_values import join_names
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import arxiv_fields, date_fields, make_record, markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, json_format, nested_value
from refsync.records import Record

_TYPES = {"Conference": "inproceedings", "JournalArticle": "article", "Review": "article", "Book": "book",
          "BookSection": "incollection", "Dataset": "dataset"}  # fmt: skip
_ARCHIVE = "arxiv.org"


def _is_paper(item: JsonObject) -> bool:
    return ("paperId" in item or "corpusid" in item) and ("title" in item or "externalIds" in item)


def _record(item: JsonObject, source: str, index: int) -> Record:
    ids = {name.lower(): value for name, value in (item.get("externalIds") or item.get("externalids") or {}).items()}
    kinds = as_list(item.get("publicationTypes") or item.get("publicationtypes"))
    type_ = next((_TYPES[one] for one in _TYPES if one in kinds), "")
    venue = (
        nested_value(item, "journal", "name")
        or nested_value(item, "publicationVenue", "name")
        or item.get("venue")
        or ""
    )
    if not type_ or venue.lower() in ("arxiv", _ARCHIVE):
        type_ = "misc" if not venue or venue.lower() in ("arxiv", _ARCHIVE) else "article"
    if type_ in ("inproceedings", "incollection"):
        venue = item.get("venue") or venue
    date = date_fields(item.get("publicationDate") or item.get("publicationdate"))
    values: dict[str, Any] = {
        "title": styled_title(item.get("title")),
        "author": join_names(nested_value(one, "name") or "" for one in as_list(item.get("authors"))),
        "booktitle" if type_ in ("inproceedings", "incollection") else "journal": venue,
        **(date or {"year": item.get("year")}),
        "volume": nested_value(item, "journal", "volume"),
        "pages": nested_value(item, "journal", "pages"),
        "doi": ids.get("doi"),
        "url": nested_value(item, "openAccessPdf", "url") or item.get("url"),
        "issn": nested_value(item, "publicationVenue", "issn"),
        "pmid": ids.get("pubmed"),
        "pmcid": f"PMC{str(ids['pubmedcentral']).removeprefix('PMC')}" if ids.get("pubmedcentral") else "",
        "aclid": ids.get("acl"),
        "dblp": ids.get("dblp"),
        "semanticscholar": item.get("paperId") or item.get("corpusid"),
        "abstract": markup_to_text(item.get("abstract")),
        **arxiv_fields(ids.get("arxiv")),
    }
    return make_record(source, index, type_, values)


FORMAT = json_format(
    "semanticscholar",
    (b'"paperId":', b'"externalIds":', b'"externalids":', b'"corpusid":'),
    _is_paper,
    _record,
)
