"""One file of each of the formats that other modules of samples don't have: a record with most fields."""

import json

from refsync.formats.registry import format_named
from refsync.records import Record

FIELDS = {
    "author": "Roe, Ann and {Centre for Kelp}", "editor": "Elm, Zoe", "title": "The Patience of Moss", "year": "2020",
    "journal": "Journal of Moss", "month": "March", "volume": "7", "number": "3", "pages": "11--19",
    "issn": "1234-5679",
    "doi": "10.1000/moss", "url": "https://moss.example/1", "abstract": "Moss waits.", "keywords": "moss, kelp",
    "language": "en", "note": "A note.", "shelf": "B 12",
}  # fmt: skip
RECORDS = [
    Record("a", 1, "roe2020", "article", FIELDS),
    Record("a", 2, "elm2019", "phdthesis", {"author": "Elm, Zoe", "title": "On Kelp", "year": "2019", "school": "U"}),
]


def written(name: str) -> str:
    """The file that the writer of a format makes of two records."""
    write = format_named(name).write
    assert write
    return write(RECORDS).decode()


REFWORKS = "RT Journal Article\nA1 Roe, Ann\nT1 Moss\nJF Journal of Moss\nYR 2020\nFD Mar 5\nVO 7\nK1 kelp\nU1 odd\n"
ADS = (
    "%R 2020JMoss...7...11R\n%T Moss\n%A Roe, Ann; Elm, Z.\n%J J. Moss, Issue 3, p. 1-9\n%D 03/2020\n"
    "%Y DOI: 10.1000/m\n%O odd\n"
)
REDIF = (
    "Template-Type: ReDIF-Paper 1.0\nAuthor-Name: Ann Roe\nTitle: Moss\nYear: 2020\nX-Odd: odd\nHandle: RePEc:m:p:7\n"
)
MARC = (
    "=LDR  00000cam a2200000 a 4500\n=245  10$aMoss :$ba study\n=100  1\\$aRoe, Ann\n=260  \\\\$aOslo$c2020\n"
    "=999  $aodd\n"
)
PAPIS = "ref: roe20\ntitle: Moss\nauthor_list:\n- {family: Roe, given: Ann}\nyear: 2020\nodd: [1, 2]\ntype: article\n"
JATS = (
    "<article><front><journal-meta><journal-title>J</journal-title></journal-meta><article-meta><title-group>"
    "<article-title>Moss</article-title></title-group><contrib-group><contrib><name><surname>Roe</surname><given-names>"
    "Ann</given-names></name></contrib></contrib-group><pub-date><year>2020</year></pub-date><product>odd</product>"
    "</article-meta></front></article>"
)
UNIXREF = (
    "<doi_records><doi_record><crossref><journal><journal_metadata><full_title>J</full_title></journal_metadata>"
    "<journal_article><titles><title>Moss</title></titles><publication_date><year>2020</year></publication_date>"
    "<doi_data><doi>10.1000/m</doi></doi_data><odd>odd</odd></journal_article></journal></crossref></doi_record>"
    "</doi_records>"
)
MARCXML = (
    '<collection><record><leader>00000cam a2200000 a 4500</leader><datafield tag="245"><subfield code="a">Moss'
    '</subfield></datafield><datafield tag="999"><subfield code="a">odd</subfield></datafield></record></collection>'
)
CITAVI = (
    '<CitaviExchangeData><Persons><Person id="p"><LastName>Roe</LastName></Person></Persons><References>'
    "<Reference id='r'><ReferenceType>Book</ReferenceType><Title>Moss</Title><Year>2020</Year>"
    "<CustomField1>odd</CustomField1></Reference></References><ReferenceAuthors><OnetoN>r;p</OnetoN></ReferenceAuthors></CitaviExchangeData>"
)
ZOTERO_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#">'
    "<bib:Book rdf:about='#1'><z:itemType>book</z:itemType><dc:title>Moss</dc:title><dc:date>2020</dc:date>"
    "<z:odd>odd</z:odd></bib:Book></rdf:RDF>"
)
DATACITE = json.dumps({"doi": "10.1000/m", "titles": [{"title": "Moss"}], "creators": [{"name": "Roe, Ann"}],
                       "publicationYear": 2020, "publisher": "P", "odd": ["odd"]})  # fmt: skip
INSPIRE = json.dumps({"titles": [{"title": "Moss"}], "texkeys": ["Roe:2020a"], "authors": [{"full_name": "Roe, Ann"}],
                      "document_type": ["article"], "publication_info": [{"journal_title": "J", "year": 2020}],
                      "odd": "odd"})  # fmt: skip
ADS_JSON = json.dumps({"bibcode": "2020JMoss...7...11R", "title": ["Moss"], "author": ["Roe, Ann"], "pub": "J",
                       "year": "2020", "doctype": "article", "odd": "odd"})  # fmt: skip
MORE = {
    "refworks": REFWORKS, "ads": ADS, "redif": REDIF, "marctext": MARC, "papis": PAPIS, "jats": JATS,
    "unixref": UNIXREF,
    "marcxml": MARCXML, "citavi": CITAVI, "zoterordf": ZOTERO_RDF, "datacite": DATACITE, "inspire": INSPIRE,
    "adsjson": ADS_JSON, **{name: written(name) for name in ("cff", "cslyaml", "hayagriva", "mods", "wordxml")},
}  # fmt: skip
