"""JATS."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.xml import jats

ARTICLE = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.2 20190208//EN" "JATS.dtd">
<article article-type="review-article" xml:lang="en" xmlns:xlink="http://www.w3.org/1999/xlink">
<front>
 <journal-meta><journal-id journal-id-type="nlm-ta">J Moss</journal-id>
  <journal-title-group><journal-title>Journal of Moss</journal-title></journal-title-group>
  <issn pub-type="epub">1234-5679</issn>
  <publisher><publisher-name>Moss Press</publisher-name><publisher-loc>Oslo</publisher-loc></publisher></journal-meta>
 <article-meta>
  <article-id pub-id-type="doi">10.1000/moss</article-id><article-id pub-id-type="pmc">12345</article-id>
  <article-id pub-id-type="publisher-id">m-1</article-id>
  <article-categories><subj-group><subject>Reviews</subject></subj-group></article-categories>
  <title-group><article-title>The <italic>Patience</italic> of CO<sub>2</sub></article-title>
   <subtitle>A study</subtitle></title-group>
  <contrib-group>
   <contrib contrib-type="author"><contrib-id contrib-id-type="orcid">0000-1</contrib-id>
    <name><surname>Roe</surname><given-names>Ann B.</given-names><suffix>Jr.</suffix></name>
    <xref ref-type="aff">1</xref></contrib>
   <contrib contrib-type="author"><collab>The Kelp Group<contrib-group><contrib><name><surname>In</surname></name>
    </contrib></contrib-group></collab></contrib>
   <contrib contrib-type="editor"><name><surname>Elm</surname><given-names>Zoe</given-names></name></contrib>
  </contrib-group>
  <aff id="a1"><label>1</label><institution>Moss House</institution>, Oslo</aff>
  <pub-date pub-type="epub"><day>7</day><month>12</month><year>2019</year></pub-date>
  <pub-date pub-type="ppub"><month>3</month><year>2020</year></pub-date>
  <volume>7</volume><issue>3</issue><fpage>11</fpage><lpage>19</lpage><elocation-id>e4</elocation-id>
  <history><date date-type="received"><year>2018</year></date></history>
  <permissions><copyright-statement>(c) Moss</copyright-statement></permissions>
  <self-uri xlink:href="https://moss.example/1"/>
  <abstract><sec><title>Aims</title><p>Moss waits.</p></sec><sec><title>Ends:</title><p>Still.</p></sec></abstract>
  <abstract abstract-type="teaser"><p>Wait!</p></abstract>
  <kwd-group><kwd>moss</kwd><kwd>kelp</kwd></kwd-group>
  <product>A book</product>
 </article-meta></front>
<body><p>Long text.</p></body>
<back><ref-list><ref><mixed-citation><source>Old Moss</source></mixed-citation></ref></ref-list></back>
<sub-article><front-stub><title-group><article-title>A review</article-title></title-group></front-stub></sub-article>
</article>
"""


def test_an_article() -> None:
    assert detect(ARTICLE.encode(), "a.xml").name == "jats"
    snapshot = jats.read(ARTICLE.encode(), "a.xml")
    assert [(problem.kind, problem.line) for problem in snapshot.problems] == [("note", 3)]
    (record,) = snapshot.records
    assert (record.type, record.line) == ("article", 3)
    assert record.fields == {
        "journal": "Journal of Moss", "shortjournal": "J Moss", "issn": "1234-5679", "publisher": "Moss Press",
        "address": "Oslo", "title": "The <i>Patience</i> of CO<sub>2</sub>: A study",
        "author": "Roe, Jr., Ann B. and {The Kelp Group}",
        "editor": "Elm, Zoe", "jats-orcid": "Roe: 0000-1", "affiliation": "Moss House, Oslo", "doi": "10.1000/moss",
        "pmcid": "PMC12345", "jats-publisher-id": "m-1", "year": "2020", "month": "March",
        "jats-date-epub": "2019 12 7", "volume": "7", "number": "3", "eid": "e4", "pages": "11--19",
        "abstract": "Aims: Moss waits.\nEnds: Still.", "jats-abstract-teaser": "Wait!", "keywords": "moss, kelp",
        "url": "https://moss.example/1", "copyright": "(c) Moss", "jats-subject": "Reviews", "jats-product": "A book",
        "jats-article-type": "review-article", "language": "en",
    }  # fmt: skip


def test_a_book() -> None:
    text = b"""<book><book-meta><book-title-group><book-title>Moss</book-title></book-title-group>
    <contrib-group content-type="authors"><contrib><string-name>Ed Poe</string-name></contrib></contrib-group>
    <isbn>9780306406157</isbn><pub-date iso-8601-date="2020-03-05"/></book-meta></book>"""
    assert detect(text, "a.xml").name == "jats"
    (record,) = jats.read(text, "a").records
    assert (record.type, dict(record.fields)) == ("book", {
        "title": "Moss", "author": "Ed Poe", "isbn": "9780306406157", "year": "2020", "month": "March", "day": "5",
    })  # fmt: skip


def test_several_articles_and_the_end_missing() -> None:
    article = ARTICLE[ARTICLE.index("<article ") :]
    snapshot = jats.read(f"<pmc-articleset>{article}{article}<article><front>".encode(), "a")
    assert len(snapshot.records) == 2
    assert any(problem.fatal for problem in snapshot.problems)


def test_no_article() -> None:
    with pytest.raises(SourceError, match="no article of JATS"):
        jats.read(b"<article><body/></article>", "a")
