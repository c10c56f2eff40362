"""Answers of the search API of the Astrophysics Data System (ui.adsabs.harvard.edu/help/api)."""

import re
from typing import Any

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.item_types import PART_TYPES, publisher_field
from refsync.formats.common.json_others import keep_others, text_of
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import date_part_fields, markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, json_format
from refsync.records import Record
from refsync.text.identifiers import arxiv

TYPES = {
    "article": "article", "eprint": "misc", "inproceedings": "inproceedings", "inbook": "incollection", "book": "book",
    "proceedings": "proceedings", "phdthesis": "phdthesis", "mastersthesis": "mastersthesis",
    "techreport": "techreport", "software": "software", "dataset": "dataset", "catalog": "dataset", "misc": "misc",
    "abstract": "inproceedings",
    "circular": "misc", "newsletter": "article", "bookreview": "article", "editorial": "article", "erratum": "article",
    "obituary": "article", "pressrelease": "misc", "proposal": "misc", "talk": "misc", "intechreport": "techreport",
}  # fmt: skip
_HANDLED = frozenset(
    "bibcode title author pub year pubdate volume issue page page_range doi abstract identifier keyword doctype "
    "arxiv_class aff eid isbn issn bibstem publisher editor id date citation_count read_count reference citation "
    "esources property orcid_pub orcid_user orcid_other first_author first_author_norm author_norm author_count "
    "_version_ "
    "alternate_bibcode data database entry_date indexstamp keyword_norm keyword_schema links_data nedid simbid "
    "classic_factor cite_read_boost pub_raw citation_count_norm aff_id lang bibstem_facet".split()
)


def _is_work(item: JsonObject) -> bool:
    return "bibcode" in item and len(item) > 1


def _record(item: JsonObject, source: str, index: int) -> Record:
    draft = FieldBuilder("ads")
    kind = text_of(item.get("doctype"))
    type_ = TYPES.get(kind, "article" if item.get("pub") and item.get("volume") else "misc")
    if kind and kind != type_:
        draft.keep("doctype", [kind])
    draft.put_each("title", (styled_title(one) for one in as_list(item.get("title"))), "title")
    draft.put("author", join_names(map(text_of, as_list(item.get("author")))), "author")
    draft.put("editor", join_names(map(text_of, as_list(item.get("editor")))), "editor")
    if kind != "eprint":
        field = (
            "booktitle"
            if type_ in PART_TYPES
            else publisher_field(type_)
            if type_ not in ("article", "misc")
            else "journal"
        )
        draft.put(field if field != "publisher" else "series", markup_to_text(item.get("pub")), "pub")
    date = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", text_of(item.get("pubdate")))
    if date:
        draft.fields |= date_part_fields([int(part) for part in date.groups() if part])
    draft.put("year", text_of(item.get("year")), "year")
    for name, own in (("volume", "volume"), ("issue", "number"), ("publisher", "publisher"), ("eid", "eid")):
        draft.put(own, text_of(item.get(name)), name)
    ranges = [bibtex_pages(text_of(item.get("page_range"))), *map(text_of, as_list(item.get("page")))]
    ranges = [one for number, one in enumerate(ranges) if one and one != draft.fields.get("eid")]
    if ranges:
        draft.put("pages", ranges[0], "page")
        draft.keep("page", (one for one in ranges[1:] if not ranges[0].startswith(one)))
    draft.put_each("doi", map(text_of, as_list(item.get("doi"))), "doi")
    draft.put_all("isbn", map(text_of, as_list(item.get("isbn"))), ", ", "isbn")
    draft.put_all("issn", map(text_of, as_list(item.get("issn"))), ", ", "issn")
    _put_eprint(draft, item)
    draft.put("abstract", markup_to_text(item.get("abstract")), "abstract")
    draft.put("keywords", join_keywords(map(text_of, as_list(item.get("keyword")))), "keyword")
    affiliations = [text_of(one) for one in as_list(item.get("aff"))]
    draft.put_all("affiliation", (one for one in affiliations if one != "-"), "; ", "aff")
    draft.put_all("language", map(text_of, as_list(item.get("lang"))), ", ", "lang")
    bibcode = text_of(item["bibcode"])
    draft.put("adsurl", f"https://ui.adsabs.harvard.edu/abs/{bibcode}", "bibcode")
    draft.put("bibcode", bibcode, "bibcode")
    keep_others(draft, item, _HANDLED)
    return Record(source, index, f"#{index}", type=type_, fields=draft.build())


def _put_eprint(draft: FieldBuilder, item: JsonObject) -> None:
    identifiers: list[Any] = as_list(item.get("identifier"))
    found = next((number for one in identifiers if (number := arxiv(text_of(one)))), "")
    if found:
        draft.put("eprint", found, "identifier")
        draft.put("archiveprefix", "arXiv", "identifier")
        classes = [text_of(one) for one in as_list(item.get("arxiv_class"))]
        draft.put_each("primaryclass", classes, "arxiv-class")
    elif item.get("arxiv_class"):
        draft.keep("arxiv-class", map(text_of, as_list(item["arxiv_class"])))


FORMAT = json_format("adsjson", (b'"bibcode":',), _is_work, _record, certainty=0.95)
