"""JATS, in which journals and PubMed Central have whole articles (NISO Z39.96; jats.nlm.nih.gov), and BITS for books.

One record is read of each article, from its front matter. Text, figures and cited works are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from refsync.errors import SourceError
from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, page_range
from refsync.formats.registry import Format
from refsync.formats.xml.elements import (
    Element,
    child_text,
    child_texts,
    child_title,
    children,
    element_text,
    local_name,
)
from refsync.formats.xml.flat_records import FlatRecordReader
from refsync.records import Name, Problem, Record, Snapshot

_SNIFF = re.compile(
    rb"<(?:\w+:)?(?:article|book)[\s>].{0,8000}?<(?:\w+:)?(?:article-meta|journal-meta|book-meta|front-stub)[\s>]",
    re.S,
)
_DOCTYPE = re.compile(rb"<!DOCTYPE (?:article|book)[^>]{0,200}(?:JATS|NLM|BITS)")
_IDENTIFIERS = {"doi": "doi", "pmid": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "pmcaid": "pmcid", "arxiv": "eprint"}
_USUAL_TYPES = frozenset(("research-article", ""))
_DATE_KINDS = ("pub", "ppub", "collection", "epub-ppub", "epub", "preprint", "")
"""Dates of publication by `pub-type`, `date-type` or format; the print date, which is cited, first."""
_ROLES = {"author": "author", "": "author", "editor": "editor", "translator": "translator"}
_NOT_READ = frozenset(
    "article-id title-group book-title-group contrib-group pub-date volume issue fpage lpage page-range elocation-id "
    "abstract trans-abstract kwd-group isbn issn publisher edition self-uri conference history counts aff author-notes "
    "related-article related-object permissions article-categories subj-group article-version pub-history "
    "funding-group custom-meta-group supplementary-material book-id aff-alternatives pub-date-not-available".split()
)


def sniff(head: bytes) -> float:
    """High for an article or a book with its metadata."""
    start = head.lstrip()
    if not start.startswith(b"<"):
        return 0.0
    return 0.95 if _DOCTYPE.search(start[:2000]) or _SNIFF.search(start) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The articles and books of a file, one record each.

    Raises:
        SourceError: the file is not XML, or has no article.
    """
    reader = FlatRecordReader(data, source, "article", "book")
    problems: list[Problem] = []
    records: list[Record] = []
    for line, element in reader:
        fronts = [front for front in element if local_name(front) in ("front", "front-stub", "book-meta")]
        for front in fronts:
            record = replace(_record(element, front, source, len(records) + 1), line=line)
            if record.fields:
                records.append(record)
        if inner := sum(1 for one in element.iter() if local_name(one) in ("sub-article", "response")):
            message = f"{inner} parts of this article with titles of their own (reviews, responses) are not read"
            problems.append(Problem(source, message, line, kind="note"))
    if not records:
        raise SourceError(source, "no article of JATS in it", hint="is it another format? name it with --from")
    return Snapshot(source, "jats", tuple(records), (*reader.problems, *problems))


def _record(article: Element, front: Element, source: str, index: int) -> Record:
    draft = FieldBuilder("jats")
    is_book = local_name(front) == "book-meta"
    metas = [one for one in front if local_name(one) == "article-meta"] or [front]
    for journal in children(front, "journal-meta"):
        _put_journal(journal, draft)
    for meta in metas:
        _put_meta(meta, draft)
    kind = article.get("article-type", "")
    if kind not in _USUAL_TYPES:
        draft.keep("article-type", [kind])
    language = article.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    draft.put("language", language, "lang")
    type_ = "book" if is_book else "article" if "journal" in draft.fields else "misc"
    return Record(source, index, f"#{index}", type=type_, fields=draft.build())


def _put_journal(journal: Element, draft: FieldBuilder) -> None:
    groups = [journal, *children(journal, "journal-title-group")]
    titles = [text for group in groups for text in child_texts(group, "journal-title")]
    ids = {one.get("journal-id-type", ""): element_text(one) for one in children(journal, "journal-id")}
    short = [text for group in groups for text in child_texts(group, "abbrev-journal-title")]
    draft.put_each("journal", titles or short or [ids.get("nlm-ta", "")], "journal-title")
    draft.put_each("shortjournal", [*short, ids.get("iso-abbrev", ""), ids.get("nlm-ta", "")], "journal-id")
    draft.put_all("issn", child_texts(journal, "issn"), ", ", "issn")
    for publisher in children(journal, "publisher"):
        _put_publisher(publisher, draft)


def _put_publisher(publisher: Element, draft: FieldBuilder) -> None:
    draft.put_each("publisher", child_texts(publisher, "publisher-name"), "publisher")
    draft.put_each("address", child_texts(publisher, "publisher-loc"), "publisher-loc")


def _put_meta(meta: Element, draft: FieldBuilder) -> None:
    for group in children(meta, "title-group", "book-title-group"):
        title = child_title(group, "article-title", "book-title")
        subtitle = child_title(group, "subtitle")
        draft.put("title", ": ".join(filter(None, (title, subtitle))), "title")
        draft.put("shorttitle", _attribute_title(group, "short", "alt-title"), "alt-title")
        for translated in children(group, "trans-title-group"):
            draft.put("translatedtitle", child_title(translated, "trans-title"), "trans-title")
    _put_people(meta, draft)
    for one in children(meta, "article-id", "book-id"):
        kind, text = (one.get("pub-id-type") or one.get("book-id-type") or "").lower(), element_text(one)
        if kind == "pmc" and text.isdecimal():
            text = f"PMC{text}"
        name = _IDENTIFIERS.get(kind, "")
        if name == "eprint":
            draft.put("archiveprefix", "arXiv", kind)
        if name:
            draft.put(name, text.removeprefix("arXiv:") if name == "eprint" else text, kind)
        else:
            draft.keep(kind or "article-id", [text])
    _put_dates(meta, draft)
    for tag, name in (("volume", "volume"), ("issue", "number"), ("edition", "edition"), ("elocation-id", "eid")):
        draft.put_each(name, child_texts(meta, tag), tag)
    pages = page_range(child_text(meta, "fpage"), child_text(meta, "lpage"))
    ranges = child_texts(meta, "page-range")
    draft.put_each("pages", [pages, *map(bibtex_pages, ranges)], "page-range")
    draft.put_all("isbn", child_texts(meta, "isbn"), ", ", "isbn")
    draft.put_all("issn", child_texts(meta, "issn"), ", ", "issn")
    for publisher in children(meta, "publisher"):
        _put_publisher(publisher, draft)
    for abstract in children(meta, "abstract"):
        kind = abstract.get("abstract-type", "")
        draft.put("abstract" if not kind else f"jats-abstract-{kind}", _prose(abstract), "abstract")
    for abstract in children(meta, "trans-abstract"):
        draft.keep("trans-abstract", [_prose(abstract)])
    draft.put("keywords", join_keywords(_keywords(meta)), "kwd")
    for conference in children(meta, "conference"):
        draft.put("eventtitle", child_text(conference, "conf-name"), "conf-name")
        draft.put("venue", child_text(conference, "conf-loc"), "conf-loc")
        draft.keep("conf-date", child_texts(conference, "conf-date"))
    for uri in children(meta, "self-uri"):
        address = next((value for name, value in uri.attrib.items() if name.endswith("href")), "") or element_text(uri)
        draft.put("url" if address.startswith("http") else "file", address, "self-uri")
    for permissions in children(meta, "permissions"):
        draft.put_each("copyright", child_texts(permissions, "copyright-statement"), "copyright")
    draft.keep("subject", _subjects(meta))
    for child in meta:
        name = local_name(child)
        if name and name not in _NOT_READ:
            draft.keep(name, [element_text(child)])


def _attribute_title(group: Element, kind: str, tag: str) -> str:
    return next((element_text(one) for one in children(group, tag) if one.get("alt-title-type") in (kind, "short")), "")


def _put_people(meta: Element, draft: FieldBuilder) -> None:
    people: dict[str, list[Name | str]] = {}
    for group in children(meta, "contrib-group"):
        for contributor in children(group, "contrib"):
            kind = contributor.get("contrib-type") or group.get("content-type") or ""
            kind = kind.removesuffix("s").lower()
            if name := _name(contributor):
                people.setdefault(kind, []).append(name)
                for one in children(contributor, "contrib-id"):
                    text = name if isinstance(name, str) else name.family
                    draft.keep(one.get("contrib-id-type", "contrib-id"), [f"{text}: {element_text(one)}"])
    draft.put_people(people, _ROLES)
    places = [*children(meta, "aff")]
    for group in children(meta, "contrib-group"):
        places += [one for one in group.iter() if local_name(one) == "aff"]
    affiliations = [" ".join("".join(_without_labels(place)).split()) for place in places]
    draft.put_all("affiliation", affiliations, "; ", "aff")


def _without_labels(element: Element) -> Iterator[str]:
    """The texts of an affiliation without the numbers or signs that link it with its authors."""
    if local_name(element) in ("label", "institution-id"):
        return
    yield element.text or ""
    for child in element:
        if local_name(child):
            yield from _without_labels(child)
        yield child.tail or ""


def _name(contributor: Element) -> Name | str:
    names = [one for holder in (contributor, *children(contributor, "name-alternatives")) for one in holder]
    for one in names:
        if local_name(one) == "name":
            parts = [child_text(one, tag) for tag in ("surname", "given-names", "prefix", "suffix")]
            if parts[0] or parts[1]:
                return Name(parts[0] or parts[1], parts[1] if parts[0] else "", suffix=parts[3])
    for one in names:
        if local_name(one) == "collab":  # which may contain the names of its members
            group = " ".join(filter(None, (one.text, *(part.tail for part in one)))).split()
            return Name(" ".join(group) or child_text(one, "institution", "named-content") or element_text(one))
        if local_name(one) == "string-name":
            parts = [child_text(one, tag) for tag in ("surname", "given-names")]
            return Name(parts[0], parts[1]) if all(parts) else element_text(one)
    return ""


def _put_dates(meta: Element, draft: FieldBuilder) -> None:
    dates = children(meta, "pub-date")

    def rank(date: Element) -> int:
        kind = date.get("pub-type") or date.get("date-type") or ""
        electronic = kind == "pub" and date.get("publication-format", "").startswith(("elec", "online"))
        kind = "epub" if electronic else kind
        return _DATE_KINDS.index(kind) if kind in _DATE_KINDS else len(_DATE_KINDS)

    for date in sorted(dates, key=rank):
        parts = [child_text(date, tag) for tag in ("year", "month", "day")]
        season, text = child_text(date, "season"), child_text(date, "string-date")
        value = (
            " ".join(filter(None, (parts[0], parts[1] or season, parts[2]))) or text or date.get("iso-8601-date", "")
        )
        kind = date.get("pub-type") or date.get("date-type") or "pub"
        if "year" not in draft.fields and rank(date) < len(_DATE_KINDS):
            draft.put_date(value, f"date-{kind}")
        elif value:
            draft.keep(f"date-{kind}", [value])


def _prose(element: Element) -> str:
    """The paragraphs of an abstract, one per line, each section with its title."""
    lines: list[str] = []
    for child in element:
        name = local_name(child)
        if name == "sec":
            title, rest = child_text(child, "title"), _prose(child)
            lines.append(f"{title.rstrip(':.')}: {rest}" if title else rest)
        elif name and name not in ("title", "label") and (text := element_text(child)):
            lines.append(text)
    return "\n".join(lines) or element_text(element)


def _keywords(meta: Element) -> Iterator[str]:
    for group in children(meta, "kwd-group"):
        for one in group.iter():
            if local_name(one) in ("kwd", "compound-kwd"):
                yield element_text(one)


def _subjects(meta: Element) -> Iterator[str]:
    for categories in (*children(meta, "article-categories"), *children(meta, "subj-group")):
        yield from (element_text(one) for one in categories.iter() if local_name(one) == "subject")


FORMAT = Format(name="jats", suffixes=(".nxml", ".xml"), sniff=sniff, read=read, read_stream=read)
