"""Records of Zenodo's REST API and of other repositories with its form of metadata (https://developers.zenodo.org).

Files, counts and links are not read; everything else that BibTeX has no field for is kept under its name.
"""

from collections.abc import Iterator
from typing import Any

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.item_types import PART_TYPES, publisher_field
from refsync.formats.common.json_others import keep_others, text_of, texts_of
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, json_format, nested_value
from refsync.records import Name, Record

_TYPES = {
    "article": "article", "journalarticle": "article", "book": "book", "section": "incollection",
    "conferencepaper": "inproceedings", "proceeding": "proceedings", "thesis": "phdthesis", "report": "techreport",
    "technicalnote": "techreport", "deliverable": "techreport", "workingpaper": "techreport", "dataset": "dataset",
    "software": "software", "video": "video", "image": "artwork", "patent": "patent", "presentation": "unpublished",
    "poster": "unpublished",
}  # fmt: skip
_HANDLED = frozenset(
    "title doi publication_date description creators contributors keywords resource_type upload_type publication_type "
    "image_type journal imprint part_of meeting thesis license version language notes access_right relations "
    "prereserve_doi journal_title journal_volume journal_issue journal_pages imprint_publisher imprint_isbn "
    "imprint_place partof_title partof_pages conference_title conference_acronym conference_dates conference_place "
    "thesis_university conference_url".split()
)


def _is_work(item: JsonObject) -> bool:
    work = item.get("metadata")
    if not isinstance(work, dict) or "title" not in work:
        return False
    return "publication_date" in work or "resource_type" in work or "upload_type" in work


def _record(item: JsonObject, source: str, index: int) -> Record:
    work = item["metadata"]
    draft = FieldBuilder("zenodo")
    kind = text_of(nested_value(work, "resource_type", "type")) or text_of(work.get("upload_type"))
    part = nested_value(work, "resource_type", "subtype") or work.get("publication_type") or work.get("image_type")
    subtype = text_of(part).removeprefix("publication-").replace("-", "").lower()
    type_ = _TYPES.get(subtype) or _TYPES.get(kind, "misc")
    draft.put("title", styled_title(work.get("title")), "title")
    draft.put("author", join_names(_names(work.get("creators"))), "creators")
    for one in as_list(work.get("creators")):
        draft.keep("affiliations", texts_of(one.get("affiliation") or one.get("affiliations")))
        draft.keep("author-ids", [text_of(one.get("orcid")), text_of(one.get("gnd"))])
    _put_contributors(draft, as_list(work.get("contributors")))
    draft.put_date(text_of(work.get("publication_date")), "publication-date")
    for group, name, field in (
        ("journal", "title", "journal"), ("journal", "volume", "volume"), ("journal", "issue", "number"),
        ("imprint", "publisher", publisher_field(type_)), ("imprint", "isbn", "isbn"), ("imprint", "place", "address"),
        ("part_of", "title", "booktitle" if type_ in PART_TYPES else "series"), ("thesis", "university", "school"),
        ("meeting", "title", "eventtitle"), ("meeting", "place", "venue"), ("meeting", "acronym", "eventacronym"),
    ):  # fmt: skip
        draft.put(field, _member(work, group, name), f"{group}-{name}")
    for group in ("journal", "part_of"):
        draft.put("pages", bibtex_pages(_member(work, group, "pages")), f"{group}-pages")
    draft.keep("meeting-dates", [_member(work, "meeting", "dates")])
    for group, known in _GROUPS.items():
        for name, one in (work.get(group) or {}).items() if isinstance(work.get(group), dict) else ():
            if name not in known:
                draft.keep(f"{group}-{name}".replace("_", "-"), texts_of(one))
    draft.put("doi", text_of(work.get("doi")) or text_of(item.get("doi")), "doi")
    draft.put("url", text_of(nested_value(item, "links", "self_html") or nested_value(item, "links", "html")), "url")
    draft.put("abstract", markup_to_text(work.get("description")), "description")
    draft.put("note", markup_to_text(work.get("notes")), "notes")
    draft.put("keywords", join_keywords(texts_of(work.get("keywords"))), "keywords")
    for name in ("version", "language"):
        draft.put(name, text_of(work.get(name)), name)
    draft.put("entrysubtype", {"preprint": "preprint", "presentation": "presentation"}.get(subtype or kind, ""), "type")
    draft.keep("license", [text_of(nested_value(work, "license", "id") or work.get("license"))])
    draft.keep("access", [text_of(work.get("access_right"))])
    draft.keep("type", [": ".join(filter(None, (kind, text_of(part))))])
    draft.keep("id", [text_of(item.get("id"))])
    draft.keep("conceptdoi", [text_of(item.get("conceptdoi"))])
    keep_others(draft, work, _HANDLED)
    return Record(source, index, f"#{index}", type=type_, fields=draft.build())


_GROUPS = {
    "journal": ("title", "volume", "issue", "pages"), "imprint": ("publisher", "isbn", "place"),
    "part_of": ("title", "pages"), "thesis": ("university",), "meeting": ("title", "place", "acronym", "dates"),
}  # fmt: skip
_FLAT = {"part_of": "partof", "meeting": "conference"}


def _member(work: JsonObject, group: str, name: str) -> str:
    """A member of a group, which deposits write as one name (`journal_title`)."""
    return text_of(nested_value(work, group, name)) or text_of(work.get(f"{_FLAT.get(group, group)}_{name}"))


def _names(people: Any) -> Iterator[Name | str]:
    for one in as_list(people):
        person = one.get("person_or_org") or one
        family = text_of(person.get("family_name"))
        name = text_of(person.get("name"))
        if family:
            yield Name(family, text_of(person.get("given_name")))
        elif person.get("type") == "organizational":
            yield Name(name)
        else:
            yield name


def _put_contributors(draft: FieldBuilder, people: list[Any]) -> None:
    by_kind: dict[str, list[Any]] = {}
    for one in people:
        by_kind.setdefault(text_of(nested_value(one, "role", "id") or one.get("type")).lower(), []).append(one)
    for kind, some in by_kind.items():
        draft.put("editor" if kind == "editor" else f"zenodo-{kind or 'contributor'}", join_names(_names(some)), kind)


FORMAT = json_format(
    "zenodo",
    (b'"conceptrecid":', b'"conceptdoi":', b'"upload_type":', b'"access_right":'),
    _is_work,
    _record,
    certainty=0.96,
)
