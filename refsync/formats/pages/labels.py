"""Lines of pages that begin with a label: `Title: ...`, `Authors: ...`, `Abstract: ...`, or with an identifier."""

import re
from dataclasses import dataclass

from refsync.formats.pages.author_line import people_in
from refsync.text.identifiers import arxiv

_LABELS = {
    "title": "title|titel|titre|título|titolo|tytuł|标题|题目|タイトル|название",
    "author": r"authors?|author ?\(s\)|author list|autor(?:en|es|i)?|auteurs?|autore|作者|著者|авторы",
    "abstract": r"abstract(?: ?\(english\))?|abstrakt|zusammenfassung|résumé|resumen|resumo|riassunto"
    "|摘要|抄録|аннотация",
    "note": "comments",
    "subjects": r"subjects?|categories|subject areas?|fields of study|subject class",
    "journal": r"journal[- ]ref(?:erence)?|published in|journal|zeitschrift|revista",
    "booktitle": "booktitle|in proceedings",
    "doi": r"(?:related )?doi(?: link)?",
    "pmid": "pmid",
    "pmcid": "pmcid",
    "eprint": r"arxiv(?: id)?|eprint|cite as",
    "isbn": "isbn",
    "issn": "issn",
    "url": "url|link",
    "keywords": r"key ?words?(?: and phrases)?|author keywords|schlüsselwörter|schlagwörter|mots[- ]clés|palabras"
    " clave|palavras-chave|关键词",
    "tldr": r"tl;?dr|one-sentence summary",
    "year": "year|jahr|année|año",
    "volume": "volume",
    "number": "issue|number",
    "pages": "pages?|seiten",
    "publisher": "publisher",
    "month": "month",
    "address": "address",
    "editor": r"editors?|volume editors?|edited by",
    "language": "language",
    # other labels of pages, from which no field is made
    "": r"report[- ](?:no|number)|(?:msc|acm)[- ]class(?:es)?|submission (?:number|guidelines|type|history|date)|lay"
    " summary|"
    r"(?:primary|secondary) (?:area|subject|keywords?)|code of (?:ethics|conduct)|supplementary materials?|venue(?:"
    r" ?ids?|s)?|"
    r"readers|license|originally announced|bib export formats|anthology id|sig|student paper"
    r"|pdf|"
    r"anonymous url|no acknowledgement section|reciprocal reviewing|flagged for ethics review|link to code|paper link|"
    r"please choose.{0,60}|corresponding authors?|last modified|affiliations?|publication types?|mesh terms|"
    r"conflicts? of interest(?: statement)?|corpus id|presentation type|paper type|software and data|community"
    r" implementations",
}
_LABEL = re.compile(r"(?P<label>[^\W\d_][\w()\[\];/ -]{1,60}?)\s?[:：]\s?(?P<value>.*)", re.DOTALL)
_NUMBERS = frozenset({"year", "volume", "number", "pages"})
_FIELD_OF_LABEL = [(re.compile(pattern, re.IGNORECASE), field) for field, pattern in _LABELS.items()]
_BARE = re.compile(
    r"(?:abstract|summary|zusammenfassung|résumé|resumen|resumo|摘要|аннотация|tl;?dr|keywords|authors?)\.?",
    re.IGNORECASE,
)
_GLUED_ABSTRACT = re.compile(r"Abstract(?:\s?[.—–-]\s?|(?=[A-Z])|\s(?=[A-Z].{150}))(?P<value>\S.*)", re.DOTALL)
_ARXIV = re.compile(
    r"(?:\[\d{1,5}\]\s*)?arXiv:\s?(?P<id>\d{4}\.\d{4,5}|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?\b(?P<rest>.*)",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"(?:astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nlin|nucl-(?:ex|th)|physics|quant-ph|math|cs|q-bio|q-fin"
    r"|stat|eess|econ)"
    r"(?:\.[A-Za-z-]{2,9})?"
)
_ARXIV_REST = re.compile(
    r"(?:[\s,;()\[\]|/]+|\b(?:pdf|ps|html|other|txt|format|src|cross-list|from|replaced|withdrawn|new|updated|doi|view"
    r" email|tex-source|abs)\b"
    rf"|doi:?(?=10\.)|(?<![\d.])10\.\d{{4,9}}/[^\s\]]+|{_CATEGORY.pattern}(?![\w.]))+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label's field (empty if no field is made of it) and the text after it, which may be in the next line."""

    field: str
    value: str


def label_in(text: str) -> Label | None:
    """The label with which a line begins, if it is one that pages have.

    >>> label_in("Authors: Ann Roe"), label_in("Abstract"), label_in("MaPLe: Prompts for Kelp")
    (Label(field='author', value='Ann Roe'), Label(field='abstract', value=''), None)
    """
    if _BARE.fullmatch(text) and not text[0].islower():
        return Label(_field(text.rstrip(".")) or "", "")
    if text.endswith((":", "：")) and len(text) < 60 and len(text.split()) < 6 and not people_in(text[:-1]).names:
        return Label(_field(text[:-1].strip()) or "", "")
    found = _LABEL.match(text) if ":" in text[:70] or "：" in text[:70] else None
    if found:
        field = _field(found["label"].strip())
        value = found["value"].strip()
        if field is None or (field in _NUMBERS and value and not (len(value) < 30 and any(map(str.isdigit, value)))):
            return None
        return Label(field, value)
    if text.startswith("Abstract") and (glued := _GLUED_ABSTRACT.match(text)):
        return Label("abstract", glued["value"])
    return None


def _field(label: str) -> str | None:
    if label.lower() == "summary":
        return "abstract"
    return next((field for pattern, field in _FIELD_OF_LABEL if pattern.fullmatch(label)), None)


@dataclass(frozen=True, slots=True)
class ArxivHeading:
    """The line above a paper of arXiv's pages: identifier, first category, DOI."""

    eprint: str
    category: str
    doi: str


def arxiv_heading(text: str) -> ArxivHeading | None:
    """The identifiers of a line such as `[1] arXiv:2401.00001 [pdf, other] cs.CL doi 10.1000/kelp`."""
    found = _ARXIV.match(text) if "rxiv:" in text[:16].lower() else None
    if not found or len(text) > 300:
        return None
    rest = found["rest"]
    if rest.strip() and not _ARXIV_REST.fullmatch(rest):
        return None
    doi = re.search(r"(?<![\d.])10\.\d{4,9}/[^\s\]]+", rest)
    without_source = re.sub(r"\(cross-list from[^)]*\)", "", rest)
    category = re.search(rf"(?<![\w./]){_CATEGORY.pattern}(?![\w./])", without_source)
    return ArxivHeading(
        arxiv(found["id"], bare=True), category[0] if category else "", doi[0].rstrip(".,") if doi else ""
    )


def are_categories(text: str) -> bool:
    """Whether a line is nothing but categories of arXiv, or the word before a DOI.

    >>> are_categories("cs.CL cs.LG"), are_categories("Kelp")
    (True, False)
    """
    return len(text) < 200 and all(
        _CATEGORY.fullmatch(word) or word == "doi" for word in text.replace(",", " ").split()
    )
