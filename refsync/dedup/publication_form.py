"""Publication forms: in which form a record was published, whatever its entry type says.

Entry types are used loosely in libraries that people keep by hand: a thesis is a `book` whose publisher is
`PhD thesis, Cologne`, a preprint an `article` in `arXiv:2101.00001`, a talk a `misc`. The form is read from the type
and from the texts that name it, in several languages. One entry here for each form.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from refsync.text.fold import fold

Form = Literal[
    "", "article", "paper", "chapter", "book", "volume", "thesis", "report", "preprint", "draft", "talk", "software",
    "dataset", "patent", "web", "news",
]  # fmt: skip
"""Empty where a record does not say. `volume` is a whole proceedings or collection, `draft` an unpublished text."""

_TYPES: Mapping[str, Form] = {
    "article": "article", "periodical": "", "suppperiodical": "article", "inproceedings": "paper",
    "conference": "paper", "incollection": "chapter", "inbook": "chapter", "inreference": "chapter",
    "bookinbook": "chapter", "suppbook": "chapter", "suppcollection": "chapter", "book": "book", "mvbook": "book",
    "booklet": "book", "reference": "book", "proceedings": "volume", "mvproceedings": "volume",
    "collection": "volume", "mvcollection": "volume", "phdthesis": "thesis", "mastersthesis": "thesis",
    "thesis": "thesis", "bachelorsthesis": "thesis", "dissertation": "thesis", "techreport": "report",
    "report": "report", "unpublished": "draft", "preprint": "preprint", "dataset": "dataset", "software": "software",
    "softwareversion": "software", "codefragment": "software", "softwaremodule": "software", "patent": "patent",
    "online": "web", "electronic": "web", "www": "web", "webpage": "web", "presentation": "talk", "speech": "talk",
    "newspaper": "news",
}  # fmt: skip

_THESIS = re.compile(
    r"\b(?:thesis|theses|dissertation|diss|these|tesis|tese|tesi|phd|ph d|doctoral|doctorat|doctorado|habilitation|"
    r"habilitationsschrift|diplomarbeit|masterarbeit|bachelorarbeit|magisterarbeit|proefschrift|avhandling|licentiate|"
    r"inauguraldissertation|memoire de (?:maitrise|master)|диссертация|диссертации|博士论文|硕士论文|学位论文|"
    r"博士論文)\b"
)
_REPORT = re.compile(
    r"\b(?:work ?papers?|technical reports?|tech rep|techreport|research reports?|working papers?|discussion papers?|"
    r"policy papers?|"
    r"white papers?|occasional papers?|internal reports?|technical note|memorandum|rapport de recherche|"
    r"forschungsbericht|arbeitspapier|documento de trabajo|nber|iza)\b"
)
_TALK = re.compile(
    r"\b(?:(?:paper|talk|lecture|poster|presentation) (?:presented|given|read|delivered|held)|presented at|"
    r"paper (?:at|for|to) the|talk (?:at|given)|invited talk|conference (?:talk|presentation)|slides|poster|"
    r"ponencia|comunicacion presentada|vortrag|communication (?:a|au)|handout)\b"
)
_DRAFT = re.compile(
    r"\b(?:submitted|under review|in preparation|in prep|draft|manuscript|unpublished|unpubl|ms|mimeo|typescript)\b"
)
_MANUSCRIPT = re.compile(r"(?:ms|mss|manuscript|unpublished|typescript|mimeo)\b(?! (?:studies|research|review))")
_TYPED = re.compile(r"\b(?:typescript|manuscript|unpublished|mimeo)\b")
_OF_STATE = frozenset({"note", "date", "howpublished", "pubstate"})
_FORTHCOMING = re.compile(r"\b(?:to appear|forthcoming|in press|accepted|im druck|erscheint|sous presse|en prensa)\b")
_PREPRINT = re.compile(
    r"\b(?:ar|bio|med|chem|psy|soc|eco|engr|earth|techr)x?rxiv\b|\barxiv|\beprint archive\b|\beprint iacr\b|"
    r"\bcryptology eprint|\bpreprints?\b|\bpostprints?\b|\bssrn\b|\bresearch square\b|\brepec\b|\bcorr abs\b"
)
_PREPRINT_DOI = re.compile(
    r"10\.(?:48550|1101/(?:19|20|\d{6})|21203|2139|20944|31234|31219|31235|31222|26434|36227|22541|31223|31224|48448|"
    r"7287|12688/\w+\.\d+\.1$|5194/\w+-\d{4}-)"
)
_DEPOSIT_DOI = re.compile(r"10\.(?:5281/zenodo|6084/m9|5061/dryad|17605|7910/dvn|17632|4121|24432|15468)")
_DEPOSIT = re.compile(r"\b(?:zenodo|figshare|dryad|dataverse|mendeley data|pangaea|osf)\b")
_SOFTWARE = re.compile(
    r"\b(?:software|source code|computer program|python (?:package|library)|r package|toolkit|library version|github)\b"
)
_DATASET = re.compile(r"\b(?:data ?sets?|datasets?|database|corpus|replication (?:data|material)|benchmarks? and)\b")
_CODE_HOST = re.compile(r"(?:github|gitlab|bitbucket|sourceforge|pypi|cran\.r-project|npmjs)\.(?:com|org|net)")
_PAPER_HOST = re.compile(
    r"\.pdf|\.ps\b|doi\.org|acm\.org|springer|ieee|jstor|sciencedirect|elsevier|wiley|ssrn|arxiv|citeseer|tandf|sagepub|"
    r"oxfordjournals|cambridge\.org|nature\.com|handle\.net|hal\.|researchgate|academia\.edu|aclweb|aclanthology|"
    r"openreview|proceedings|semanticscholar|ncbi\.nlm|books\.google|worldcat|abstract"
)
_TEXT_ORDER = ("type", "school", "howpublished", "note", "publisher", "institution", "series", "entrysubtype", "genre")
_TEXTS = frozenset(_TEXT_ORDER)
_MEETING = re.compile(
    r"\b(?:proc|proceedings|conf|conference|symp|symposium|workshop|meeting|congress|kongress|tagung|colloquium|"
    r"conferencia|congreso|simposio|extended abstracts|kongres)\b"
)


def publication_form(type_: str, fields: Mapping[str, str], venue: str, doi: str) -> Form:
    """The form of a record; `fields` are plain text, `venue` is folded, `doi` normalised."""
    form = _TYPES.get(type_, "")
    if type_ == "techreport" and venue and not {"institution", "number"} & fields.keys():
        return "article"
    if type_ in {"mastersthesis", "phdthesis", "thesis", "dissertation", "patent", "techreport", "dataset", "software"}:
        return form
    text = ""
    if not _TEXTS.isdisjoint(fields):
        text = fold(" ; ".join(fields[name][:300] for name in _TEXT_ORDER if name in fields))
    if text and _THESIS.search(text):
        return "thesis"
    deposit = bool(_DEPOSIT_DOI.match(doi)) or bool(text and _DEPOSIT.search(text))
    journal = form == "article" and venue and not _DEPOSIT.search(venue)
    if deposit and form in {"", "web", "book", "article"} and not journal:
        return "dataset" if _DATASET.search(fold(fields.get("title", ""))) else "software"
    says = _said_by(venue)
    if (_PREPRINT_DOI.match(doi) and not {"pages", "volume"} & fields.keys()) or "preprint" in says:
        return "preprint"
    if form in {"", "draft", "web", "article", "book"} and not venue and text and _PREPRINT.search(text):
        return "preprint"
    if "address" in fields and form != "book" and _TALK.search(address := fold(fields["address"][:200])):
        text = f"{text} ; {address}"
    presented = form in {"", "draft", "web"} or (form == "paper" and "pages" not in fields)
    if presented and text and _TALK.search(text):
        return "talk"
    if form == "" and not venue and _MEETING.search(fold(fields.get("howpublished", "")[:200])):
        return "talk"
    if form in {"", "draft", "article", "book", "web"} and ("report" in says or (text and _REPORT.search(text))):
        return "report"
    if form == "" and "edition" in fields and "publisher" in fields:
        return "book"
    if form in {"", "web"}:
        url = fields.get("url", "") + fields.get("howpublished", "") + fields.get("note", "")
        if _CODE_HOST.search(url) or (text and _SOFTWARE.search(text)):
            return "software"
        if text and _DRAFT.search(text):
            return "draft"
        alone = not venue and not {"publisher", "pages", "doi"} & fields.keys()
        if alone and "://" in url and not _PAPER_HOST.search(url):
            return "web"
    if form == "article" and not venue and text and (_DRAFT.search(text) or _FORTHCOMING.search(text)):
        return "draft"
    if form == "article" and "meeting" in says:
        return "paper"
    if form == "article" and "manuscript" in says:
        return "draft"
    if form == "book" and _TYPED.search(fold(fields.get("publisher", "")[:200])):
        return "draft"
    return form


@lru_cache(maxsize=16384)
def _said_by(venue: str) -> frozenset[str]:
    """What the folded name of a venue says of the form of what is published there."""
    named = {"preprint": _PREPRINT.search(venue), "report": _REPORT.search(venue), "meeting": _MEETING.search(venue)}
    return frozenset(name for name, found in (*named.items(), ("manuscript", _MANUSCRIPT.match(venue))) if found)


def is_forthcoming(fields: Mapping[str, str]) -> bool:
    """Whether the record says of itself that it is about to be published."""
    if _OF_STATE.isdisjoint(fields) and fields.get("year", "")[:4].isdigit():
        return False
    names = [name for name in ("note", "year", "date", "howpublished", "pubstate") if name in fields]
    if not names or (names in (["year"], ["date"]) and fields[names[0]][:4].isdigit()):
        return False
    text = fold(" ; ".join(fields[name][:200] for name in names))
    return bool(text and _FORTHCOMING.search(text))


def says_its_form(text: str) -> bool:
    """Whether a note says how its record is published (`To appear`, `Talk at ...`), which holds for no other record."""
    folded = fold(text[:300])
    return any(pattern.search(folded) for pattern in (_THESIS, _REPORT, _TALK, _DRAFT, _FORTHCOMING, _PREPRINT))
