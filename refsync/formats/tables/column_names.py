"""Names of columns and document types in tables of databases, reference managers and screening tools."""

COLUMN_NAMES = {
    "id": "id; citation key; citekey; bibtex key; cite key; key",
    "entrytype": "entrytype; entry type; item type; document type; document identifier; publication type; "
    "reference type; ref type; type of reference",
    "title": "title; article title; document title; paper title; item title; primary title; titles; full title; "
    "display name",
    "author": "author; author full names; author names; authors; author s; all authors; author list; creators; "
    "creator; authorships author display name",
    "editor": "editor; editors; book editors; editor s",
    "year": "year; publication year; published year; year published; pub year; pubyear; year of publication; date year",
    "month": "month; published month",
    "date": "date; publication date; date published; published; cover date; published date; pub date; "
    "pubdate; date of publication; issue date",
    "journal": "journal; source title; publication title; journal book; journal title; journal name; publication name; "
    "container title; source; periodical; secondary title; published in; venue; full journal; pubtitle; "
    "primary location source display name; anthology title",
    "shortjournal": "shortjournal; abbreviated source title; journal abbreviation; journal iso abbreviation",
    "booktitle": "booktitle; book title; proceedings title",
    "eventtitle": "eventtitle; conference name; conference title",
    "series": "series; book series title; series title",
    "volume": "volume; vol; journal volume; biblio volume",
    "number": "number; issue; issue number; issue no; no; journal issue; biblio issue",
    "eid": "eid; art no; article number; article no",
    "pages": "pages; page; page range; page numbers; page s; pp; pagination",
    "first page": "page start; start page; first page; beginning page; spage; biblio first page",
    "last page": "page end; end page; last page; ending page; epage; biblio last page",
    "doi": "doi; digital object identifier; doi number; article doi; document doi; item doi",
    "url": "url; link; links; article url; document url; web address; pdf link; full text link; "
    "source linkout; external url; plink",
    "abstract": "abstract; abstract note; abstracts; abstract text",
    "keywords": "keywords; author keywords; keyword; manual tags; tags; keyword s; subjects",
    "publisher": "publisher; publisher name; book publisher",
    "address": "address; place; place of publication; publisher city; location",
    "language": "language; language of original document; languages; article language",
    "issn": "issn; issns; print issn; issn print; eissn",
    "isbn": "isbn; isbns",
    "pmid": "pmid; pubmed id; pubmed; medline pmid; ids pmid",
    "pmcid": "pmcid; pmc id; pmc",
    "eprint": "eprint; arxiv; arxiv id; arxiv number",
    "edition": "edition",
    "note": "note; notes",
    "scopus": "scopus; scopus id",
    "wos": "wos; ut unique wos id; ut unique id; wos id",
}
"""Fields and their names in tables, likeliest first; if a table has several, the first non-empty value counts."""

WOS_TAGS = dict(
    pair.split("=")
    for pair in (
        "pt=publication type|au=authors|af=author full names|ti=title|so=source title|dt=document type|de=keywords|"
        "ab=abstract|py=year|vl=volume|is=issue|bp=first page|ep=last page|ar=article number|di=doi|sn=issn|bn=isbn|"
        "pm=pmid|la=language|pu=publisher|pi=place|be=editors|se=series|ct=conference title|j9=j9|ji=shortjournal|"
        "ut=wos|id=keywords plus|sp=sponsor|er=er"
    ).split("|")
)
"""The tags of Web of Science, the column names of its tab-delimited files, and the names in its other tables."""

TYPE_NAMES = {
    "article": "article; journal article; research article; review article; journalarticle; review; letter; editorial; "
    "short survey; note; jour; j; "
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
"""Types of entries and their names in tables."""

SPECIFIC_TYPES = frozenset(
    "review article|review|letter|editorial|short survey|note|erratum|data paper|article in press|early access|"
    "magazinearticle|newspaperarticle|meeting abstract|conference review|encyclopediaarticle|dictionaryentry".split("|")
)
"""Document types that are more specific than the type of entry that they are mapped to."""
