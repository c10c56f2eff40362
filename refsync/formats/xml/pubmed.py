"""PubMed's XML, from downloads and E-utilities; the fields are those of `nbib_tags`."""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from refsync.errors import SourceError
from refsync.formats.registry import Format
from refsync.formats.tagged.nbib_tags import GROUP, fields_of
from refsync.formats.xml.flat_records import FlatRecordReader, element_text, styled_text
from refsync.records import Record, Snapshot

_SNIFF = re.compile(rb"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|MedlineCitation)[\s>]")
_PATHS = {
    "PMID": ("PMID",), "TI": ("ArticleTitle",), "TT": ("VernacularTitle",), "BTI": ("BookTitle",),
    "CTI": ("CollectionTitle",), "JT": ("Journal/Title",), "TA": ("Journal/ISOAbbreviation", "MedlineTA"),
    "VI": ("JournalIssue/Volume",), "IP": ("JournalIssue/Issue",), "PG": ("MedlinePgn",), "IS": ("Journal/ISSN",),
    "ISBN": ("Isbn",), "LA": ("Language",), "PB": ("Publisher/PublisherName",), "PL": ("Country", "PublisherLocation"),
    "PT": ("PublicationType",), "OT": ("Keyword",), "CI": ("CopyrightInformation",), "JID": ("NlmUniqueID",),
    "EN": ("Edition",),
}  # fmt: skip
"""Tags and the ends of the paths to their elements; the first path with a value counts."""
_SKIPPED = frozenset("ReferenceList CommentsCorrectionsList History DateCompleted DateRevised".split())
_BOOKKEEPING = frozenset("StartPage EndPage CitationSubset PublicationStatus ISSNLinking".split())
"""Elements that repeat others, or that describe the record and not the paper."""


def sniff(head: bytes) -> float:
    """High if there is an element of PubMed."""
    return 0.98 if _SNIFF.search(head) else 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The articles and books of a PubMed XML file.

    Raises:
        SourceError: the file is empty or binary, or has no record.
    """
    reader = FlatRecordReader(data, source, "PubmedArticle", "PubmedBookArticle")
    records: list[Record] = []
    for line, element in reader:
        values, others = _values(element)
        type_, _, fields = fields_of(values)
        index = len(records) + 1
        records.append(Record(source, index, f"#{index}", type=type_, fields=fields | others, line=line))
    if not any(record.fields for record in records):
        raise SourceError(source, "no PubMed record in it", hint="is it another format? name it with --from")
    return Snapshot(source, "pubmedxml", tuple(records), tuple(reader.problems))


def _values(record: Element) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The record's values by the tags of the MEDLINE format, and fields for values without a tag."""
    by_path: dict[str, list[str]] = {}
    values: dict[str, list[str]] = {}
    for path, element in _walk(record, ""):
        name = element.tag
        if name == "AuthorList":
            tag = "FED" if element.get("Type") == "editors" else "FAU"
            _put_authors(element, tag, values)
        elif name == "Abstract":
            values.setdefault("AB", []).append(_abstract(element))
        elif name == "MeshHeading":
            values.setdefault("MH", []).append(_heading(element))
        elif name in ("PubDate", "BookDate") and "DP" not in values:
            values["DP"] = [_date(element)]
        elif name == "ArticleDate":
            values.setdefault("DEP", []).append(_date(element))
        elif name in ("ELocationID", "ArticleId"):
            _put_identifier(element, values)
        elif name == "Grant":
            values.setdefault("GR", []).append("/".join(filter(None, map(element_text, element))))
        elif text := styled_text(element):
            by_path.setdefault(path, []).append(text)
    for tag, ends in _PATHS.items():
        for end in ends:
            paths = [path for path in by_path if path.endswith(f"/{end}")]
            texts = [text for path in paths for text in by_path.pop(path)]
            if texts and tag not in values:
                values[tag] = texts[:1] if tag == "PMID" else list(dict.fromkeys(texts))
    others: dict[str, list[str]] = {}
    for path, texts in by_path.items():
        if (name := path.rpartition("/")[2]) not in _BOOKKEEPING:
            others.setdefault(f"pubmed-{name.lower()}", []).extend(texts)
    return values, {name: "; ".join(dict.fromkeys(texts)) for name, texts in others.items()}


_NOT_ENTERED = frozenset(
    "AuthorList Abstract MeshHeading PubDate ArticleDate ELocationID ArticleId Grant ArticleTitle BookTitle "
    "VernacularTitle Keyword CollectionTitle".split()
)


def _walk(element: Element, path: str) -> Iterator[tuple[str, Element]]:
    for child in element:
        here = f"{path}/{child.tag}"
        if child.tag in _SKIPPED:
            continue
        if len(child) and child.tag not in _NOT_ENTERED:
            yield from _walk(child, here)
        else:
            yield here, child


def _put_authors(authors: Element, tag: str, values: dict[str, list[str]]) -> None:
    for author in authors:
        family, given, suffix = (element_text(author.find(name)) for name in ("LastName", "ForeName", "Suffix"))
        given = given or element_text(author.find("Initials"))
        if family:
            values.setdefault(tag, []).append(", ".join(filter(None, (family, given, suffix))))
        elif group := element_text(author.find("CollectiveName")):
            values.setdefault(tag, []).append(f"{GROUP}{group}" if tag == "FAU" else group)
        for affiliation in author.iter("Affiliation"):
            values.setdefault("AD", []).append(element_text(affiliation))
        for identifier in author.findall("Identifier"):
            values.setdefault("AUID", []).append(f"{family}: {element_text(identifier)}")


def _abstract(element: Element) -> str:
    """The parts of an abstract, one per line, with their labels."""
    parts = []
    for part in element.findall("AbstractText"):
        label = part.get("Label", "")
        parts.append(f"{label}: {styled_text(part)}" if label else styled_text(part))
    return "\n".join(filter(None, parts))


def _heading(element: Element) -> str:
    """A subject heading as PubMed prints it: `Dogs/*genetics`."""
    return "/".join(("*" if part.get("MajorTopicYN") == "Y" else "") + element_text(part) for part in element)


def _date(element: Element) -> str:
    parts = [element_text(element.find(name)) for name in ("Year", "Month", "Day")]
    if not parts[0]:
        return element_text(element.find("MedlineDate"))
    return " ".join(filter(None, (parts[0], parts[1] or element_text(element.find("Season")), parts[2])))


def _put_identifier(element: Element, values: dict[str, list[str]]) -> None:
    kind = (element.get("EIdType") or element.get("IdType") or "").lower()
    text = element_text(element)
    if kind == "pmc":
        values.setdefault("PMC", [text])
    elif kind in ("doi", "pii") and (entry := f"{text} [{kind}]") not in values.setdefault("AID", []):
        values["AID"].append(entry)


FORMAT = Format(name="pubmedxml", suffixes=(".xml",), sniff=sniff, read=read, read_stream=read)
