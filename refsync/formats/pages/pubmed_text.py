"""PubMed's text formats: `Summary (text)`, a citation per paper, and `Abstract (text)`, paragraphs per paper.

The forms are those of PubMed's "Save citations to file" and of E-utilities' `rettype=abstract`. Titles keep the
full stop that PubMed's other exports have too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from refsync.errors import SourceError
from refsync.formats.common.decode import decode_export
from refsync.formats.common.field_values import join_names
from refsync.formats.common.record_values import make_record
from refsync.formats.pages.author_line import inverted
from refsync.formats.pages.citation_line import pubmed_fields
from refsync.formats.registry import Format
from refsync.records import Problem, Record, Snapshot
from refsync.text.identifiers import doi, pmcid
from refsync.text.names import GROUP_NAME

_START = re.compile(r"\s{0,3}(\d{1,7})[.:]\s+(?=\S)")
_PMID = re.compile(r"\bPMID:\s?(\d{1,8})\b")
_SENTENCE_ENDS = re.compile(r"(?<=[.?!\]])\s")
_OTHERS = frozenset({"et al", "others"})
_FOOTNOTES = re.compile(r"\((?:\d{1,3}|[#*†‡])\)|[#*†‡]")
_NO_ABSTRACT = re.compile(
    r"(?:author information|comment (?:in|on)|erratum (?:in|for)|update (?:in|of)|republished (?:in|from)|corrected"
    r" and republished"
    r"|retraction (?:in|of)|partial retraction|expression of concern|original report|summary for patients|associated"
    r" data|collaborators"
    r"|cites|cited in|preprint (?:in|of)|conflicts? of interest statement|publication types?|mesh terms?|grant support"
    r"|substances?)\b"
    r"|(?:©|\(c\)|copyright\b|published by\b)|\[(?:article|abstract) (?:in|available).{0,200}$|(?:DOI|PMCID|PMID"
    r"|pii):\s",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"\[Article in ([A-Z][a-z]+)")
_SNIFF = re.compile(rb"(?:\A|[\r\n])\s{0,3}\d{1,7}[.:]\s+\S[^\r\n]{10,}[\s\S]{0,60000}?\bPMID:\s?\d{1,8}")


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    paragraphs: tuple[str, ...]


def read(data: bytes, source: str) -> Snapshot:
    """The citations of a file; one that is cut off is reported as such.

    Raises:
        SourceError: the file cannot be decoded, or has no citation with a PubMed number.
    """
    decoded = decode_export(data, source)
    records: list[Record] = []
    problems = list(decoded.problems)
    entries = list(_entries(re.split(r"\r\n?|\n", decoded.text)))
    for entry in entries:
        text = " ".join(entry.paragraphs)
        numbers = _PMID.findall(text)
        if not numbers:
            message = f"a citation without its PMID, so it is cut off or not PubMed's: {text[:80]!r}"
            problems.append(Problem(source, message, entry.line, fatal=True))
        values = _from_paragraphs(entry.paragraphs) or _from_citation(text)
        if not values.get("title"):
            problems.append(Problem(source, f"a citation without a title: {text[:80]!r}", entry.line, fatal=True))
            continue
        values = {**values, "pmid": numbers[-1] if numbers else "", "pmcid": values.get("pmcid") or pmcid(text)}
        type_ = "article" if values.get("journal") else "misc"
        records.append(make_record(source, len(records) + 1, type_, values, line=entry.line))
    if not any(record.get("pmid") for record in records):
        raise SourceError(
            source, "no citation with a PMID in it", hint="save it again as Summary (text) or Abstract (text)"
        )
    return Snapshot(source, "pubmedtext", tuple(records), tuple(problems))


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    """The citations, which are numbered one after the other; text above the first is left out."""
    start, number, paragraphs, current = 0, 0, list[str](), list[str]()
    blank = True
    for index, line in enumerate([*lines, ""], 1):
        text = " ".join(line.split())
        found = _START.match(line) if blank or number == 0 or _PMID.search(" ".join(current[-2:])) else None
        if (found and int(found[1]) == number + 1) or (found and number == 0):
            if current:
                paragraphs.append(" ".join(current))
            if start:
                yield _Entry(start, tuple(paragraphs))
            start, number, paragraphs, current = index, int(found[1]), [], [" ".join(line[found.end() :].split())]
        elif not text:
            if current and start:
                paragraphs.append(" ".join(current))
            current = []
        elif start:
            current.append(text)
        blank = not text
    if start:
        yield _Entry(start, tuple(paragraphs))


def _from_paragraphs(paragraphs: Sequence[str]) -> dict[str, Any]:
    """The fields of `Abstract (text)`: journal, title, authors and abstract are paragraphs; nothing in another form."""
    fields = pubmed_fields(paragraphs[0]) if len(paragraphs) > 2 else {}
    if not fields:
        return {}
    values: dict[str, Any] = {"title": paragraphs[1], **fields}
    abstract: list[str] = []
    for paragraph in paragraphs[2:]:
        if language := _LANGUAGE.match(paragraph):
            values["language"] = language[1]
        elif "author" not in values and not abstract and (names := _names(paragraph)):
            values["author"] = join_names(names)
        elif _NO_ABSTRACT.match(paragraph):
            if paragraph.startswith("DOI:"):
                values.setdefault("doi", doi(paragraph))
        else:
            abstract.append(paragraph)
    return {**values, "abstract": "\n\n".join(abstract)}


def _from_citation(text: str) -> dict[str, Any]:
    """The fields of `Summary (text)`: `Authors. Title. Journal. Date;Volume(Issue):Pages. doi: ... PMID: ...`."""
    cuts = list(_SENTENCE_ENDS.finditer(text))[:60]
    fields: dict[str, Any] = {}
    head = text
    for cut in cuts:
        if fields := pubmed_fields(text[cut.end() :]):
            head = text[: cut.start()]
            break
    people, _, title = head.partition(". ")
    names = _names(f"{people}.")
    if not names:
        people, title = "", head
    if not fields:  # a book, or a form of another kind: the citation is kept
        title, _, rest = title.partition(". ")
        fields = {"note": rest, "doi": doi(rest)}
    return {"title": title, "author": join_names(names), **fields}


def _names(paragraph: str) -> list[str]:
    """The authors in PubMed's form, `Doe J(1), Roe A(2); Kelp Study Group.`; none of any other text."""
    if not paragraph.endswith("."):
        return []
    parts = [" ".join(_FOOTNOTES.sub("", part).split()).rstrip(".") for part in re.split(r"[,;]\s", paragraph)]
    names = [part for part in parts if part]
    known = sum(inverted(name) != name or name.lower() in _OTHERS for name in names)
    groups = sum(GROUP_NAME.search(name) is not None for name in names)
    if not known + groups or (known + groups) * 2 < len(names) or any(len(name.split()) > 12 for name in names):
        return []
    if not known and len(names) > 1:
        return []
    return ["others" if name.lower() in _OTHERS else inverted(name) for name in names]


def sniff(head: bytes) -> float:
    """High for a numbered citation with a PubMed number."""
    found = _SNIFF.match(head.lstrip()[:65536]) if b"PMID:" in head else None
    if not found:
        return 0.0
    text = head.decode("utf-8", "ignore")
    entry = next(_entries(re.split(r"\r\n?|\n", text)), None)
    if entry is None:
        return 0.0
    return 0.92 if _from_paragraphs(entry.paragraphs) or _is_citation(" ".join(entry.paragraphs)) else 0.0


def _is_citation(text: str) -> bool:
    return _PMID.search(text) is not None and (
        any(pubmed_fields(text[cut.end() :]) for cut in list(_SENTENCE_ENDS.finditer(text))[:60])
        or "[Internet]" in text
    )


FORMAT = Format(name="pubmedtext", suffixes=(".txt", ".text"), sniff=sniff, read=read)
