"""Responses of services; texts are invented."""

CROSSREF = {
    "DOI": "10.5555/Kelp.1",
    "type": "journal-article",
    "title": ["Kelp in <i>Noise</i>:\n      H<sub>2</sub>O &amp; Tide"],
    "author": [
        {"given": "Jane", "family": "Doe", "sequence": "first"},
        {"name": "Kelp and Moss Group"},
        {"given": "Ann", "family": "Roe", "suffix": "Jr."},
    ],
    "container-title": ["Journal of Kelp"],
    "issued": {"date-parts": [[2020, 3]]},
    "volume": "7",
    "issue": "2",
    "page": "1-9",
    "ISSN": ["1234-5679", "1234-5679"],
    "URL": "https://doi.org/10.5555/kelp.1",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>Kelp bends, p &lt; 0.05.</jats:p>",
    "reference": [{"key": "r1", "DOI": "10.5555/other", "doi-asserted-by": "crossref"}],
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/kelp.1",
    "title": "Kelp in Noise",
    "publication_date": "2020-03-09",
    "type": "article",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/123456"},
    "authorships": [{"author": {"display_name": "Jane Doe"}}, {"author": {"display_name": "Ann Roe"}}],
    "primary_location": {"landing_page_url": None, "source": {"display_name": "Journal of Kelp", "type": "journal"}},
    "locations": [{"landing_page_url": "https://arxiv.org/abs/2001.00001v2"}],
    "biblio": {"volume": "7", "issue": None, "first_page": "1", "last_page": "9"},
    "abstract_inverted_index": {"Kelp": [0, 2], "bends": [1], "again.": [3]},
}
SEMANTIC = {
    "paperId": "0123",
    "externalIds": {"DOI": "10.5555/kelp.1", "ArXiv": "2001.00001", "PubMed": "123456", "CorpusId": 1},
    "title": "Kelp in Noise",
    "venue": "NeurIPS",
    "year": 2020,
    "publicationDate": "2020-03-09",
    "publicationTypes": ["JournalArticle", "Conference"],
    "authors": [{"authorId": "1", "name": "Jane Doe"}],
    "journal": {"name": "ArXiv", "volume": "abs/2001.00001"},
    "references": [{"paperId": "9", "title": "Another"}],
}
DBLP = {
    "authors": {"author": [{"@pid": "1/1", "text": "Jane Doe 0002"}, {"@pid": "1/2", "text": "Ann Roe"}]},
    "title": "Kelp in Noise.",
    "venue": ["NoiseConf", "LNKS"],
    "pages": "1-9",
    "year": "2020",
    "type": "Conference and Workshop Papers",
    "key": "conf/noise/DoeR20",
    "doi": "10.5555/KELP.1",
    "ee": "https://doi.org/10.5555/KELP.1",
    "url": "https://dblp.org/rec/conf/noise/DoeR20",
}
DAILY = {
    "paper": {
        "id": "2401.00001",
        "authors": [{"_id": "x", "name": "Jane Doe"}],
        "title": "Kelp in Noise",
        "summary": "Kelp\nbends.",
        "publishedAt": "2024-01-05T00:00:00.000Z",
    },
    "title": "Kelp in Noise",
    "summary": "Kelp bends.",
    "publishedAt": "2024-01-06T00:00:00.000Z",
}


DBLP_XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<inproceedings key="conf/noise/DoeR20" mdate="2020-01-01"><author>J&uuml;rgen Doe 0002</author><author>Ann Roe</author>
<title>Kelp in <i>Noise</i> &amp; Tide.</title><booktitle>NoiseConf</booktitle><year>2020</year>
<ee>https://doi.org/10.5555/kelp.1</ee></inproceedings>
"""

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>ArXiv Query</title>
<entry>
 <id>http://arxiv.org/abs/2401.00001v2</id><updated>2024-02-01T00:00:00Z</updated>
 <published>2024-01-05T10:00:00Z</published><title>Kelp
  in Noise</title><summary>  Kelp bends
when p &lt; 0.05.</summary>
 <author><name>Jane Doe</name></author><author><name>Ann Roe</name></author>
 <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/kelp.1</arxiv:doi>
 <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">J. Kelp 7 (2024) 1</arxiv:journal_ref>
 <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">9 pages</arxiv:comment>
 <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="q-bio.PE"/>
 <category term="q-bio.PE"/><category term="cs.LG"/>
 <link href="http://arxiv.org/abs/2401.00001v2" rel="alternate"/><link href="http://arxiv.org/pdf/2401.00001v2"/>
</entry>
"""
KELP_FIELDS = {"title": "Kelp in Noise", "author": "Jane Doe and Ann Roe", "eprint": "2401.00001", "year": "2024"}
