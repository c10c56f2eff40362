"""Answers of Europe PMC's REST API, lite and core (https://europepmc.org/RestfulWebService).

Flags, counts, dates of processing and the addresses of full texts that the identifiers give too are not read;
everything else that BibTeX has no field for is kept under its name.
"""

from collections.abc import Iterator
from typing import Any

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.json_others import keep_others, text_of, texts_of
from refsync.formats.common.json_stream import JsonObject
from refsync.formats.common.record_values import markup_to_text, styled_title
from refsync.formats.json.json_format import as_list, json_format, nested_value
from refsync.records import Name, Record

_TYPES = (
    ("preprint", "misc"), ("book chapter", "incollection"), ("chapter", "incollection"), ("book", "book"),
    ("thesis", "phdthesis"), ("dissertation", "phdthesis"), ("patent", "patent"), ("technical report", "techreport"),
    ("dataset", "dataset"),
)  # fmt: skip
_HANDLED = frozenset(
    "id pmid pmcid doi title authorString authorList journalInfo journalTitle journalVolume journalIssn issue pageInfo "
    "pubYear abstractText language pubTypeList pubType keywordList bookOrReportDetails firstPublicationDate source "
    "electronicPublicationDate fullTextUrlList fullTextIdList affiliation citedByCount authorIdList "
    "dateOfCreation firstIndexDate dateOfRevision dateOfCompletion commentCorrectionList".split()
)
_FLAGS = ("is", "has", "in")


def _is_work(item: JsonObject) -> bool:
    return "title" in item and ("pubYear" in item or "authorString" in item) and ("source" in item or "pmid" in item)


def _record(item: JsonObject, source: str, index: int) -> Record:
    draft = FieldBuilder("europepmc")
    kinds = [*texts_of(nested_value(item, "pubTypeList", "pubType")), *texts_of(item.get("pubType"))]
    book = item.get("bookOrReportDetails") or {}
    journal = item.get("journalInfo") or {}
    named = text_of(nested_value(journal, "journal", "title")) or text_of(item.get("journalTitle"))
    words = "; ".join(kinds).lower()
    type_ = next((type_ for kind, type_ in _TYPES if kind in words), "article" if named or not book else "book")
    draft.put("title", styled_title(item.get("title")).removesuffix("."), "title")
    authors = join_names(_names(as_list(nested_value(item, "authorList", "author"))))
    draft.put("author", authors or _authors_of_text(text_of(item.get("authorString"))), "authors")
    draft.put("booktitle" if type_ == "incollection" else "journal", named, "journal")
    draft.put("shortjournal", text_of(nested_value(journal, "journal", "isoabbreviation")), "isoabbreviation")
    _put_dates(draft, item, journal)
    draft.put("volume", text_of(journal.get("volume")) or text_of(item.get("journalVolume")), "volume")
    draft.put("number", text_of(journal.get("issue")) or text_of(item.get("issue")), "issue")
    draft.put("pages", bibtex_pages(text_of(item.get("pageInfo"))), "pageinfo")
    serials = [text_of(nested_value(journal, "journal", name)) for name in ("issn", "essn")]
    draft.put_all("issn", [*serials, *text_of(item.get("journalIssn")).split("; ")], ", ", "issn")
    for name, field in (("publisher", "publisher"), ("isbn13", "isbn"), ("isbn10", "isbn"), ("edition", "edition"),
                        ("seriesName", "series"), ("numberOfPages", "pagetotal")):  # fmt: skip
        draft.put(field, text_of(book.get(name)), f"book-{name}")
    whole = text_of(book.get("comprisingTitle"))
    draft.put("booktitle" if type_ == "incollection" else "series", whole, "book-comprisingtitle")
    for name in ("doi", "pmid", "pmcid"):
        draft.put(name, text_of(item.get(name)), name)
    if item.get("source") not in ("MED", "PMC"):
        identifier = ":".join(filter(None, (text_of(item.get("source")), text_of(item.get("id")))))
        draft.keep("id", [identifier])
    draft.put("entrysubtype", "preprint" if "preprint" in words else "", "pubtype")
    draft.put("abstract", markup_to_text(item.get("abstractText")), "abstract")
    draft.put("keywords", join_keywords(texts_of(nested_value(item, "keywordList", "keyword"))), "keywords")
    draft.put("language", text_of(item.get("language")), "language")
    draft.put("affiliation", text_of(item.get("affiliation")), "affiliation")
    for one in as_list(nested_value(item, "authorList", "author")):
        places = texts_of(nested_value(one, "authorAffiliationDetailsList", "authorAffiliation"))
        draft.keep("affiliations", (place for place in places if place != item.get("affiliation")))
        draft.keep("author-ids", [text_of(nested_value(one, "authorId", "value"))])
    draft.keep("pubtype", kinds)
    for member, rest in (
        ("book", {name: one for name, one in book.items() if name not in _BOOK}),
        ("journal", {name: one for name, one in (journal.get("journal") or {}).items() if name in ("nlmid",)}),
    ):
        for name, one in rest.items():
            draft.keep(f"{member}-{name}", texts_of(one))
    keep_others(draft, {name: one for name, one in item.items() if not _is_flag(name)}, _HANDLED)
    return Record(source, index, f"#{index}", type=type_, fields=draft.build())


_BOOK = frozenset("publisher isbn13 isbn10 edition seriesName numberOfPages comprisingTitle yearOfPublication".split())


def _is_flag(name: str) -> bool:
    """Whether a member is `isOpenAccess`, `hasPDF`, `inEPMC`."""
    return any(name.startswith(word) and name[len(word) : len(word) + 1].isupper() for word in _FLAGS)


def _names(people: list[Any]) -> Iterator[Name | str]:
    for one in people:
        family, given = text_of(one.get("lastName")), text_of(one.get("firstName")) or text_of(one.get("initials"))
        if family:
            yield Name(family, given)
        else:
            yield Name(text_of(one.get("collectiveName")) or text_of(one.get("fullName")))


def _authors_of_text(text: str) -> str:
    """`Doe J, Roe AB, Kelp Group.`: the names of the short form, which have initials at their ends."""
    names = [part.strip() for part in text.removesuffix(".").split(",") if part.strip()]
    people = []
    for name in names:
        family, _, initials = name.rpartition(" ")
        if family and initials.isalpha() and initials.isupper() and len(initials) <= 4:
            people.append(Name(family, initials))
        else:
            people.append(Name(name))
    return join_names(people)


def _put_dates(draft: FieldBuilder, item: JsonObject, journal: dict[str, Any]) -> None:
    draft.put_date(text_of(journal.get("printPublicationDate")), "printPublicationDate")
    year = text_of(item.get("pubYear")) or text_of(journal.get("yearOfPublication"))
    draft.put_date(year, "pubyear")
    first = text_of(item.get("firstPublicationDate"))
    if first[:4] == draft.fields.get("year") and "month" not in draft.fields:
        draft.put_date(first, "first-publication")
    else:
        draft.keep("first-publication", [first])


FORMAT = json_format(
    "europepmc",
    (b'"authorString":', b'"pubTypeList":', b'"inEPMC":', b'"hasTextMinedTerms":'),
    _is_work,
    _record,
    certainty=0.96,
)
