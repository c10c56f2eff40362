"""What the columns of a table mean: guessed from their names, as databases and screening tools spell them.

Scopus, Web of Science, PubMed, IEEE Xplore, Zotero, Rayyan, Covidence and ASReview are known by their words; every
other column stays a field of its own name. What was guessed is told, so that nobody has to wonder.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refsync.records import Problem, Record
from refsync.text.names import LIMIT, split_names

_SPELLINGS = {
    "id": "id; key; citation key; citekey; bibtex key; cite key",
    "entrytype": "entrytype; entry type; item type; document type; publication type; reference type; ref type; "
    "type of reference",
    "title": "title; article title; document title; paper title; item title; primary title; titles; full title",
    "author": "author; author full names; author names; authors; author s; all authors; author list; creators; creator",
    "editor": "editor; editors; book editors; editor s",
    "year": "year; publication year; published year; year published; pub year; pubyear; year of publication; date year",
    "month": "month; published month",
    "date": "date; publication date; date published; published; cover date; published date; pub date",
    "journal": "journal; source title; publication title; journal book; journal title; journal name; publication name; "
    "container title; source; periodical; secondary title; published in; venue; full journal",
    "shortjournal": "shortjournal; abbreviated source title; journal abbreviation; journal iso abbreviation",
    "booktitle": "booktitle; book title; proceedings title",
    "eventtitle": "eventtitle; conference name; conference title",
    "series": "series; book series title; series title",
    "volume": "volume; vol",
    "number": "number; issue; issue number; issue no; no",
    "eid": "eid; art no; article number; article no",
    "pages": "pages; page; page range; page numbers; page s; pp",
    "first page": "page start; start page; first page; beginning page; spage",
    "last page": "page end; end page; last page; ending page; epage",
    "doi": "doi; digital object identifier; doi number; article doi; document doi",
    "url": "url; link; links; article url; document url; web address",
    "abstract": "abstract; abstract note; abstracts; abstract text",
    "keywords": "keywords; author keywords; keyword; manual tags; tags; keyword s",
    "publisher": "publisher; publisher name",
    "address": "address; place; place of publication; publisher city",
    "language": "language; language of original document; languages",
    "issn": "issn; issns; print issn; issn print",
    "isbn": "isbn; isbns",
    "pmid": "pmid; pubmed id; pubmed",
    "pmcid": "pmcid; pmc id; pmc",
    "eprint": "eprint; arxiv; arxiv id; arxiv number",
    "edition": "edition",
    "note": "note; notes",
    "scopus": "scopus; scopus id",
    "wos": "wos; ut unique wos id; ut unique id; wos id",
}  # the first spelling that a table has is taken, where it has several
_MEANS = {spelling: (name, rank) for name, said in _SPELLINGS.items() for rank, spelling in enumerate(said.split("; "))}

# the field tags of Web of Science, which its tab-delimited files have for names: https://images.webofknowledge.com
_WOS = dict(
    pair.split("=")
    for pair in (
        "pt=publication type|au=authors|af=author full names|ti=title|so=source title|dt=document type|de=keywords|"
        "ab=abstract|py=year|vl=volume|is=issue|bp=first page|ep=last page|ar=article number|di=doi|sn=issn|bn=isbn|"
        "pm=pmid|la=language|pu=publisher|pi=place|be=editors|se=series|ct=conference title|j9=j9|ji=shortjournal|"
        "ut=wos|id=keywords plus|sp=sponsor|er=er"
    ).split("|")
)
_WOS_SIGNS = {"pt", "au", "ti", "so"}

_TYPES = {
    "article": "article; journal article; journalarticle; review; letter; editorial; short survey; note; jour; j; "
    "erratum; data paper; article in press; magazinearticle; newspaperarticle; early access; "
    "ieee journals; ieee magazines",
    "inproceedings": "inproceedings; conference paper; conferencepaper; proceedings paper; conference; cpaper; c; "
    "ieee conferences; meeting abstract; conf",
    "incollection": "incollection; book chapter; booksection; chapter; chap; encyclopediaarticle; dictionaryentry",
    "book": "book; monograph; b",
    "proceedings": "proceedings; conference review; conference proceedings",
    "phdthesis": "phdthesis; thesis; dissertation; thes",
    "techreport": "techreport; report; rprt",
    "misc": "misc; preprint; webpage; blogpost; document; unpublished work; other; gen",
    "dataset": "dataset; data set",
    "software": "software; computerprogram",
}
_TYPE_OF = {spelling: name for name, said in _TYPES.items() for spelling in said.split("; ")}
_NO_FIELDS = {"id", "entrytype", "first page", "last page"}
_NEEDED = {"title", "doi", "pmid", "eprint"}
_AUTHOR_ID = re.compile(r"\s*\(\d{6,}\)")  # Scopus
_NO_WORD = re.compile(r"[^\w]+|_")
_OTHER_TITLES = {
    "journal",
    "source",
    "book",
    "series",
    "abbreviated",
    "conference",
    "short",
    "publication",
    "translated",
}
_SCOPUS_SIGNS = {"source title", "art no"}


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of one table are read.

    Attributes:
        header: their names as the table has them.
        names: what each is taken for: a field, or one of `id`, `entrytype`, `first page` and `last page`.
        guessed: which columns got another name than their own.
    """

    header: tuple[str, ...]
    names: tuple[str, ...]
    guessed: tuple[bool, ...]

    @property
    def usable(self) -> bool:
        """Whether there is a title, or at least an identifier."""
        return not _NEEDED.isdisjoint(self.names)

    def told(self, source: str) -> list[Problem]:
        """A note of what was guessed, if anything was, and of columns that stand twice."""
        lower = [name.strip().lower() for name in self.header]
        twice = [
            Problem(source, f"the column {name!r} stands twice; the first one that is filled counts", 1)
            for name in sorted({name for name in lower if name and lower.count(name) > 1})
        ]
        pairs = [(old, new) for old, new, own in zip(self.header, self.names, self.guessed, strict=True) if own]
        if not pairs:
            return twice
        taken = ", ".join(f"{old.strip()!r} as {new}" for old, new in pairs)
        others = [new for new, own in zip(self.names, self.guessed, strict=True) if not own and new not in _SPELLINGS]
        kept = f"; kept as they are: {', '.join(others)}" if others else ""
        return [*twice, Problem(source, f"columns taken: {taken}{kept}", 1, kind="columns")]


def guess_columns(header: Sequence[str]) -> Columns:
    """What each column of a table is.

    >>> guess_columns(["Article Title", "Source Title", "Shelf"]).names
    ('title', 'journal', 'shelf')
    """
    words = _words(header)
    best: dict[str, tuple[int, int]] = {}
    for place, word in enumerate(words):
        name, rank = _MEANS.get(word, ("", 0))
        if name and (name not in best or rank < best[name][0]):
            best[name] = (rank, place)
    if "title" not in best:
        for place, word in enumerate(words):
            parts = set(word.split())
            if "title" in parts and not parts & _OTHER_TITLES:
                best["title"] = (0, place)
                break
    taken = {place: name for name, (_, place) in best.items()}
    own = [name.strip().lower() for name in header]
    names = [taken.get(place) or _free(own[place], words[place], best, place) for place in range(len(header))]
    return Columns(tuple(header), tuple(names), tuple(new != old for new, old in zip(names, own, strict=True)))


def _free(own: str, word: str, best: dict[str, tuple[int, int]], place: int) -> str:
    """The field of a column that has no meaning here: its own name, unless another column is that field."""
    if not own:
        return f"column{place + 1}"
    return word if own in best or own in _NO_FIELDS else own


def table_record(source: str, index: int, columns: Columns, cells: Sequence[str], line: int) -> Record:
    """The record of one row. Cells beyond the header get names of their own (`column7`)."""
    fields: dict[str, str] = {}
    for place, cell in enumerate(cells):
        name = columns.names[place] if place < len(columns.names) else f"column{place + 1}"
        if (value := cell.strip()) and name not in fields:
            fields[name] = value
    key = fields.pop("id", f"#{index}")
    first, last = fields.pop("first page", ""), fields.pop("last page", "")
    if first and "pages" not in fields:
        fields["pages"] = f"{first}--{last}" if last and last != first else first
    for name in ("author", "editor"):
        if name in fields:
            fields[name] = joined_names(fields[name])
    return Record(source, index, key, _type(fields), fields, line=line)


def _type(fields: dict[str, str]) -> str:
    """The entry type, from what the table says or, where it says nothing, from where the paper appeared."""
    said = fields.pop("entrytype", "")
    known = _TYPE_OF.get(said.split(";")[0].strip().casefold(), "")
    if not said and (kind := _TYPE_OF.get(fields.get("type", "").casefold())):
        known = kind
        del fields["type"]
    if known in ("inproceedings", "incollection") and "journal" in fields and "booktitle" not in fields:
        fields["booktitle"] = fields.pop("journal")
    if known or said.isidentifier():
        return known or said.lower()
    if said:
        fields.setdefault("entrysubtype", said)
    return "article" if "journal" in fields else "inproceedings" if "booktitle" in fields else "misc"


def joined_names(value: str) -> str:
    """A list of authors as BibTeX joins it, where it is one without doubt; else as it stands.

    >>> joined_names("Doe, Jane (57190000001); Roe, A."), joined_names("Doe J, Roe AB."), joined_names("Doe, Jane")
    ('Doe, Jane and Roe, A.', 'Doe J and Roe AB', 'Doe, Jane')
    """
    value = _AUTHOR_ID.sub("", value)
    if ";" in value:
        return " and ".join(part for piece in value.split(";") if (part := piece.strip()))
    if " and " in value or value.count(",") < 1:
        return value
    names, truncated = split_names(value.rstrip(".") if value.count(".") == 1 else value)
    return " and ".join(names) if 1 < len(names) < LIMIT and not truncated else value


def known_columns(header: Iterable[str]) -> int:
    """How many of these names are known ones."""
    return sum(word in _MEANS for word in _words(header))


def _words(header: Iterable[str]) -> list[str]:
    """Names of columns as words; the tags of Web of Science as what they stand for."""
    words = [" ".join(_NO_WORD.sub(" ", name.casefold()).split()) for name in header]
    if set(words) >= _WOS_SIGNS:
        return [_WOS.get(word, word) for word in words]
    if "eid" in words and not _SCOPUS_SIGNS.isdisjoint(words):  # Scopus's own identifier, not an article number
        return ["scopus" if word == "eid" else word for word in words]
    return words
