"""The JSON of the Astrophysics Data System."""

import json

from refsync.formats.registry import detect
from refsync.formats.services import adsjson
from tests.formats.reading import only_json_record

DOC = {
    "bibcode": "2020JMoss...7...11R", "title": ["Moss &amp; stars"], "author": ["Roe, Ann", "Elm, Z. B."],
    "pub": "Journal of Moss", "pubdate": "2020-03-00", "year": "2020", "volume": "7", "issue": "3", "page": ["11"],
    "page_range": "11-19", "doi": ["10.1000/moss", "10.48550/arXiv.2001.00001"], "abstract": "Moss <SUB>2</SUB> waits.",
    "identifier": ["arXiv:2001.00001", "2020JMoss...7...11R"], "arxiv_class": ["astro-ph.EP"], "keyword": ["moss",
    "stars"],
    "aff": ["Moss House", "-"], "doctype": "article", "citation_count": 3, "comment": ["9 pages"],
}  # fmt: skip


def test_an_article() -> None:
    answer = {"responseHeader": {}, "response": {"numFound": 1, "docs": [DOC]}}
    assert detect(json.dumps(answer).encode(), "a.json").name == "adsjson"
    record = only_json_record(adsjson.FORMAT, answer)
    assert record.type == "article"
    assert record.fields == {
        "title": "Moss & stars", "author": "Roe, Ann and Elm, Z. B.", "journal": "Journal of Moss", "year": "2020",
        "month": "March", "volume": "7", "number": "3", "pages": "11--19", "doi": "10.1000/moss",
        "ads-doi": "10.48550/arXiv.2001.00001", "eprint": "2001.00001", "archiveprefix": "arXiv",
        "primaryclass": "astro-ph.EP", "abstract": "Moss 2 waits.", "keywords": "moss, stars",
        "affiliation": "Moss House", "adsurl": "https://ui.adsabs.harvard.edu/abs/2020JMoss...7...11R",
        "bibcode": "2020JMoss...7...11R", "ads-comment": "9 pages",
    }  # fmt: skip


def test_a_preprint_has_no_journal() -> None:
    record = only_json_record(adsjson.FORMAT, DOC | {"doctype": "eprint", "pub": "arXiv e-prints"})
    assert (record.type, record.get("journal"), record.get("ads-doctype")) == ("misc", "", "eprint")
