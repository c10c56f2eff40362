"""The tags of the Astrophysics Data System."""

from refsync.formats.registry import detect
from refsync.formats.tagged import ads
from tests.formats.reading import only_record

ARTICLE = """\
Query Results from the ADS Database


Retrieved 1 abstracts, starting with number 1.  Total number selected: 1.

%R 2020JMoss...7...11R
%T Moss and
 the stars
%A Roe, Ann; Elm, Z. B.
%F AA(Moss House), AB(Kelp House)
%J Journal of Moss, Volume 7, Issue 3, pp. 11-19 (2020).
%D 03/2020
%V 7
%P 11
%L 19
%K moss, stars
%C (c) 2020
%U https://moss.example/1
%B Moss waits.
%Y DOI: 10.1000/moss
%Y eprintid: arXiv:2001.00001
%O odd
"""


def test_an_article() -> None:
    record = only_record(ARTICLE)
    assert record.type == "article"
    assert record.fields == {
        "bibcode": "2020JMoss...7...11R", "title": "Moss and the stars", "author": "Roe, Ann and Elm, Z. B.",
        "journal": "Journal of Moss", "ads-j": "Journal of Moss, Volume 7, Issue 3, pp. 11-19 (2020).", "number": "3",
        "volume": "7", "pages": "11--19", "year": "2020", "month": "March", "keywords": "moss, stars",
        "copyright": "(c) 2020", "url": "https://moss.example/1", "abstract": "Moss waits.", "doi": "10.1000/moss",
        "eprint": "2001.00001", "archiveprefix": "arXiv", "affiliation": "AA(Moss House), AB(Kelp House)",
        "ads-o": "odd",
    }  # fmt: skip


def test_a_preprint_and_two_records() -> None:
    text = f"{ARTICLE}\n%R 2001arXiv200100001R\n%T Kelp\n%A Roe, Ann\n%J arXiv e-prints, arXiv:2001.00001\n%D 00/2020\n"
    assert detect(text.encode(), "a.txt").name == "ads"
    _, preprint = ads.read(text.encode(), "a.txt").records
    assert (preprint.type, preprint.get("year"), preprint.get("month")) == ("misc", "2020", "")
    assert preprint.get("ads-j") == "arXiv e-prints, arXiv:2001.00001"
