"""DataCite's JSON: answers of its REST API, and DataCite JSON as repositories export it (schema.datacite.org, 4.6)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import join_keywords, join_names, page_range
from refsync.formats.common.item_types import publisher_field
from refsync.formats.common.json_others import keep_others, text_of
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, json_format, nested_value
from refsync.records import Name, Record

_TYPES = {
    "journalarticle": "article", "dataset": "dataset", "software": "software", "book": "book", "collection": "misc",
    "bookchapter": "incollection", "conferencepaper": "inproceedings", "conferenceproceeding": "proceedings",
    "dissertation": "phdthesis", "report": "techreport", "datapaper": "article", "image": "image", "sound": "audio",
    "audiovisual": "video", "standard": "standard", "journal": "periodical", "computationalnotebook": "software",
}  # fmt: skip
_CONTRIBUTORS = {"Editor": "editor", "Translator": "translator"}
_DATES = ("Issued", "Available", "Created", "Submitted")
_HANDLED = frozenset(
    "id type doi creators titles publisher publicationYear types subjects contributors dates language container "
    "descriptions version url identifiers alternateIdentifiers relatedIdentifiers relatedItems rightsList prefix "
    "suffix "
    "schemaVersion state isActive created updated registered published viewCount viewsOverTime downloadCount source "
    "downloadsOverTime citationCount citationsOverTime partCount partOfCount referenceCount versionCount xml reason "
    "metadataVersion versionOfCount contentUrl citations references parts partOf versions versionOf sizes formats "
    "agency providerId clientId relationships mode".split()
)
"""Members that are read, or that describe the registration and not the work."""
_ARXIV = re.compile(r"10\.48550/arxiv\.(.+)", re.I)


def _is_work(item: JsonObject) -> bool:
    attributes = item.get("attributes", item)
    return (
        isinstance(attributes, dict)
        and "titles" in attributes
        and bool({"creators", "publicationYear"} & set(attributes))
    )


def _record(item: JsonObject, source: str, index: int) -> Record:
    work = item.get("attributes", item)
    draft = FieldBuilder("datacite")
    kinds = work.get("types") or {}
    general = text_of(kinds.get("resourceTypeGeneral") or work.get("resourceTypeGeneral"))
    detail = text_of(kinds.get("resourceType"))
    citeproc = text_of(kinds.get("citeproc"))
    type_ = _TYPES.get(general.lower(), "")
    if not type_:
        type_ = {"article-journal": "article", "thesis": "phdthesis", "report": "techreport"}.get(citeproc, "misc")
        type_ = _TYPES.get(detail.replace(" ", "").lower(), type_)
        draft.keep("resourceTypeGeneral", [general])
    if detail.replace(" ", "").lower() not in (general.lower(), type_):
        draft.put("type" if publisher_field(type_) != "publisher" else "datacite-resourcetype", detail, "resourceType")
    _put_titles(draft, as_list(work.get("titles")))
    draft.put("author", join_names(_names(as_list(work.get("creators")))), "creators")
    _put_people(draft, as_list(work.get("contributors")))
    draft.put(
        publisher_field(type_), text_of(nested_value(work, "publisher", "name") or work.get("publisher")), "publisher"
    )
    _put_dates(draft, work)
    _put_container(draft, work, type_)
    subjects = (text_of(one.get("subject") if isinstance(one, dict) else one) for one in as_list(work.get("subjects")))
    draft.put("keywords", join_keywords(subjects), "subjects")
    for one in as_list(work.get("descriptions")):
        kind, text = (
            (one.get("descriptionType") or "Abstract", one.get("description")) if isinstance(one, dict) else ("", one)
        )
        if kind == "Abstract":
            draft.put("abstract", markup_to_text(text), "descriptions")
        elif kind != "SeriesInformation":
            draft.keep(f"description-{kind}", [markup_to_text(text)])
    doi = text_of(work.get("doi"))
    identifier = text_of(work.get("id") or item.get("id"))
    if not doi and (found := re.search(r"10\.\d{4,9}/\S+", identifier)):
        doi = found[0]
    draft.put("doi", doi, "doi")
    if found := _ARXIV.fullmatch(doi):
        draft.put("eprint", found[1], "arxiv")
        draft.put("archiveprefix", "arXiv", "arxiv")
    draft.put("url", text_of(work.get("url")), "url")
    draft.put("version", text_of(work.get("version")), "version")
    draft.put("language", text_of(work.get("language")), "language")
    draft.keep(
        "rights",
        (text_of(one.get("rights") or one) for one in as_list(work.get("rightsList")) if isinstance(one, dict)),
    )
    _put_identifiers(draft, work)
    for name in ("sizes", "formats"):
        draft.keep(name, map(text_of, as_list(work.get(name))))
    keep_others(draft, work, _HANDLED)
    return Record(source, index, f"#{index}", type=type_, fields=draft.build())


def _put_titles(draft: FieldBuilder, titles: list[Any]) -> None:
    plain = [one for one in titles if not isinstance(one, dict) or not one.get("titleType")]
    main = styled_title(_title(plain[0])) if plain else ""
    subtitle = next((styled_title(_title(one)) for one in titles if _kind(one) == "Subtitle"), "")
    draft.put("title", ": ".join(filter(None, (main, subtitle))), "titles")
    for one in titles:
        if _kind(one) == "TranslatedTitle":
            draft.put("translatedtitle", styled_title(_title(one)), "titles")
        elif _kind(one) != "Subtitle" and (not plain or one is not plain[0]):
            draft.keep("titles", [styled_title(_title(one))])


def _title(one: Any) -> Any:
    return one.get("title") if isinstance(one, dict) else one


def _kind(one: Any) -> str:
    return text_of(one.get("titleType")) if isinstance(one, dict) else ""


def _names(people: list[Any]) -> Iterator[Name | str]:
    for one in people:
        if not isinstance(one, dict):
            yield text_of(one)
            continue
        family, given, name = (text_of(one.get(part)) for part in ("familyName", "givenName", "name"))
        if one.get("nameType") == "Organizational" or not (family or name):
            yield Name(name)
        elif family:
            yield Name(family, given)
        else:
            yield name


def _put_people(draft: FieldBuilder, people: list[Any]) -> None:
    by_kind: dict[str, list[Any]] = {}
    for one in people:
        by_kind.setdefault(text_of(one.get("contributorType")) if isinstance(one, dict) else "", []).append(one)
    for kind, some in by_kind.items():
        names = join_names(_names(some))
        if kind in _CONTRIBUTORS:
            draft.put(_CONTRIBUTORS[kind], names, kind)
        else:
            draft.keep(kind or "contributors", [names])


def _put_dates(draft: FieldBuilder, work: Mapping[str, Any]) -> None:
    year = text_of(work.get("publicationYear"))
    draft.put_date(year, "publicationYear")
    dates = [one for one in as_list(work.get("dates")) if isinstance(one, dict)]
    for kind in _DATES:
        for one in dates:
            text = text_of(one.get("date"))
            if text_of(one.get("dateType")) == kind and "month" not in draft.fields and text.startswith(year):
                draft.put_date(text.partition("T")[0], f"date-{kind}")
    for one in dates:
        if text_of(one.get("dateType")) not in ("Issued", "Updated"):
            draft.keep(f"date-{text_of(one.get('dateType'))}", [text_of(one.get("date"))])


def _put_container(draft: FieldBuilder, work: Mapping[str, Any], type_: str) -> None:
    container = work.get("container")
    field = "booktitle" if type_ in ("incollection", "inproceedings") else "journal" if type_ == "article" else "series"
    if isinstance(container, dict):
        draft.put(field, text_of(container.get("title")), "container")
        draft.put("volume", text_of(container.get("volume")), "container-volume")
        draft.put("number", text_of(container.get("issue")), "container-issue")
        pages = page_range(text_of(container.get("firstPage")), text_of(container.get("lastPage")))
        draft.put("pages", pages, "container-pages")
        kind, identifier = text_of(container.get("identifierType")), text_of(container.get("identifier"))
        draft.put(
            kind.lower() if kind in ("ISSN", "ISBN") else "datacite-container", identifier, "container-identifier"
        )
    for one in as_list(work.get("relatedItems")):
        if isinstance(one, dict) and one.get("relationType") == "IsPublishedIn":
            draft.put(field, text_of([_title(title) for title in as_list(one.get("titles"))]), "relatedItems")
            for name, own in (("volume", "volume"), ("issue", "number")):
                draft.put(own, text_of(one.get(name)), f"relatedItems-{name}")
            draft.put(
                "pages", page_range(text_of(one.get("firstPage")), text_of(one.get("lastPage"))), "relatedItems-pages"
            )
        elif isinstance(one, dict):
            draft.keep(
                f"related-{text_of(one.get('relationType'))}",
                [text_of([_title(t) for t in as_list(one.get("titles"))])],
            )


def _put_identifiers(draft: FieldBuilder, work: Mapping[str, Any]) -> None:
    for name in ("identifiers", "alternateIdentifiers"):
        for one in as_list(work.get(name)):
            if isinstance(one, dict):
                kind = text_of(one.get("identifierType") or one.get("alternateIdentifierType"))
                value = text_of(one.get("identifier") or one.get("alternateIdentifier"))
                if kind.lower() in ("doi", "issn", "isbn", "pmid", "url"):
                    draft.put(kind.lower(), value, f"identifier-{kind}")
                else:
                    draft.keep(f"identifier-{kind}", [value])
    for one in as_list(work.get("relatedIdentifiers")):
        if isinstance(one, dict):
            kind, value = text_of(one.get("relationType")), text_of(one.get("relatedIdentifier"))
            draft.keep(f"related-{kind}", [value])


FORMAT = json_format(
    "datacite",
    (b'"publicationYear":', b'"resourceTypeGeneral":', b'"schemaVersion":"http://datacite.org'),
    _is_work,
    _record,
    certainty=0.95,
)
