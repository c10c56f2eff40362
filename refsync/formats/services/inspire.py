"""Answers of INSPIRE's REST API, for literature in high-energy physics (inspirehep.net/schemas/records/hep.json).

Cited works, counts and the history of a record are not read.
"""

from collections.abc import Iterator
from typing import Any

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import join_keywords, join_names, page_range
from refsync.formats.common.item_types import PART_TYPES, publisher_field
from refsync.formats.common.json_others import keep_others, text_of, texts_of
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import date_fields, markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, first_item, json_format
from refsync.records import Name, Record

_TYPES = {
    "article": "article", "book": "book", "book chapter": "incollection", "conference paper": "inproceedings",
    "proceedings": "proceedings", "thesis": "phdthesis", "report": "techreport", "note": "misc",
    "activity report": "techreport",
}  # fmt: skip
_ROLES = {"editor": "editor", "translator": "translator"}
_HANDLED = frozenset(
    "titles title_translations authors corporate_author collaborations abstracts arxiv_eprints dois publication_info "
    "imprints document_type texkeys keywords preprint_date earliest_date isbns report_numbers number_of_pages "
    "public_notes thesis_info languages urls editions references reference_count citation_count author_count "
    "citation_count_without_self_citations _collections _files _oai legacy_creation_date legacy_version control_number "
    "$schema self core curated refereed citeable facet_author_name first_author documents figures record "
    "number_of_references new_record deleted_records acquisition_source external_system_identifiers bookautocomplete "
    "abstract_source_suggest author_suggest self_recid inspire_categories id".split()
)


def _is_work(item: JsonObject) -> bool:
    work = item.get("metadata", item)
    return isinstance(work, dict) and "titles" in work and bool(_SIGNS & set(work))


_SIGNS = {"control_number", "texkeys", "document_type", "arxiv_eprints", "inspire_categories"}


def _record(item: JsonObject, source: str, index: int) -> Record:
    work = item.get("metadata", item)
    draft = FieldBuilder("inspire")
    kinds = [text_of(one) for one in as_list(work.get("document_type"))]
    published = as_list(work.get("publication_info"))
    type_ = next((_TYPES[kind] for kind in kinds if kind in _TYPES), "misc")
    if type_ == "article" and not any(one.get("journal_title") or one.get("pubinfo_freetext") for one in published):
        type_ = "misc"
    thesis = work.get("thesis_info") or {}
    if type_ == "phdthesis" and text_of(thesis.get("degree_type")) in ("master", "diploma", "bachelor"):
        type_ = "mastersthesis"
    _put_titles(draft, work)
    _put_people(draft, work)
    for number, one in enumerate(published):
        _put_publication(draft, one, type_, "" if not number else f"-{number + 1}")
    for one in as_list(work.get("imprints")):
        draft.put(publisher_field(type_), text_of(one.get("publisher")), "imprint-publisher")
        draft.put("address", text_of(one.get("place")), "imprint-place")
        _put_date(draft, one.get("date"), "imprint-date")
    draft.put("type", text_of(thesis.get("degree_type")) if type_ == "phdthesis" else "", "degree-type")
    institutions = [text_of(one.get("name")) for one in as_list(thesis.get("institutions")) if isinstance(one, dict)]
    draft.put_each("school", institutions, "thesis-institution")
    _put_date(draft, thesis.get("date") or thesis.get("defense_date"), "thesis-date")
    _put_date(draft, work.get("preprint_date"), "preprint-date")
    _put_date(draft, work.get("earliest_date"), "earliest-date")
    for one in as_list(work.get("arxiv_eprints")):
        draft.put("eprint", text_of(one.get("value")), "arxiv")
        draft.put("archiveprefix", "arXiv", "arxiv")
        draft.put("primaryclass", text_of(first_item(one.get("categories"))), "categories")
        draft.keep("categories", as_list(one.get("categories"))[1:])
    draft.put_each("doi", _values(work.get("dois")), "dois")
    draft.put_each("url", _values(work.get("urls")), "urls")
    draft.put_all("isbn", _values(work.get("isbns")), ", ", "isbns")
    draft.put_each("edition", map(text_of, as_list(work.get("editions"))), "editions")
    draft.put_each(
        "number" if type_ == "techreport" else "reportnumber", _values(work.get("report_numbers")), "reports"
    )
    draft.put("pagetotal", text_of(work.get("number_of_pages")), "number-of-pages")
    draft.put("note", "; ".join(_values(work.get("public_notes"))), "public-notes")
    draft.put("keywords", join_keywords(_values(work.get("keywords"))), "keywords")
    draft.put_each("abstract", map(markup_to_text, _values(work.get("abstracts"))), "abstracts")
    draft.put_all("language", map(text_of, as_list(work.get("languages"))), ", ", "languages")
    draft.keep("subject", (text_of(one.get("term")) for one in as_list(work.get("inspire_categories"))))
    draft.keep("id", [text_of(work.get("control_number") or item.get("id"))])
    keep_others(draft, work, _HANDLED)
    keys = [text_of(one) for one in as_list(work.get("texkeys"))]
    draft.put("ids", ", ".join(keys[1:]), "texkeys")
    key = next(iter(keys), "")
    return Record(source, index, key or f"#{index}", type=type_, fields=draft.build(), id_is_key=bool(key))


def _values(items: Any) -> Iterator[str]:
    """The values of a list of objects that each have `value`."""
    for one in as_list(items):
        yield text_of(one.get("value")) if isinstance(one, dict) else text_of(one)


def _put_titles(draft: FieldBuilder, work: JsonObject) -> None:
    for one in as_list(work.get("titles")):
        parts = [styled_title(one.get("title")), styled_title(one.get("subtitle"))]
        draft.put("title", ": ".join(filter(None, parts)), "titles")
    for one in as_list(work.get("title_translations")):
        draft.put("translatedtitle", styled_title(one.get("title")), "title-translations")


def _put_people(draft: FieldBuilder, work: JsonObject) -> None:
    people: dict[str, list[Name | str]] = {}
    for one in as_list(work.get("authors")):
        roles = [text_of(role) for role in as_list(one.get("inspire_roles"))]
        role = next((role for role in roles if role in _ROLES), "author")
        people.setdefault(role, []).append(text_of(one.get("full_name")))
    people.setdefault("author", []).extend(Name(text_of(one)) for one in as_list(work.get("corporate_author")))
    for role, names in people.items():
        draft.put(role, join_names(names), role)
    draft.put_all("collaboration", _values(work.get("collaborations")), ", ", "collaborations")


def _put_publication(draft: FieldBuilder, one: JsonObject, type_: str, suffix: str) -> None:
    """Put the place of publication; of a second one (a translation, an erratum), keep what is different."""
    field = "booktitle" if type_ in PART_TYPES and not one.get("journal_title") else "journal"
    if suffix:
        draft.keep(
            f"publication{suffix}",
            [", ".join(texts_of([value for value in one.values() if isinstance(value, (str, int))]))],
        )
        return
    draft.put(field, text_of(one.get("journal_title") or one.get("pubinfo_freetext")), "journal")
    if one.get("journal_title"):
        draft.keep("pubinfo", texts_of(one.get("pubinfo_freetext")))
    for name, own in (("journal_volume", "volume"), ("journal_issue", "number"), ("artid", "eid"), ("year", "year"),
                      ("parent_isbn", "isbn"), ("conf_acronym", "eventtitle")):  # fmt: skip
        draft.put(own, text_of(one.get(name)), name)
    pages = page_range(text_of(one.get("page_start")), text_of(one.get("page_end")))
    draft.put("pages", pages, "pages")
    for name in ("cnum", "material", "parent_report_number", "hidden"):
        draft.keep(name.replace("_", "-"), texts_of(one.get(name)))


def _put_date(draft: FieldBuilder, value: Any, tag: str) -> None:
    """Put a date if none is known, or its month if only the same year is known."""
    text = text_of(value)
    fields = date_fields(text)
    if fields and draft.fields.get("year", fields["year"]) == fields["year"] and "month" not in draft.fields:
        draft.fields |= fields
    elif (fields and any(draft.fields.get(name) != part for name, part in fields.items())) or (text and not fields):
        draft.keep(tag, [text])


FORMAT = json_format(
    "inspire", (b'"texkeys":', b'"arxiv_eprints":', b'"inspire_categories":'), _is_work, _record, certainty=0.95
)
