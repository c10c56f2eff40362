"""Citavi's XML."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.xml import citavi

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<CitaviExchangeData Version="6.0.0.0">
<Persons><Person id="p1"><FirstName>Ann</FirstName><MiddleName>B.</MiddleName><LastName>Roe</LastName></Person>
 <Person id="p2"><LastName>Centre for Kelp</LastName></Person>
 <Person id="p3"><FirstName>Max</FirstName><LastName>Reed</LastName><Prefix>van der</Prefix></Person></Persons>
<Keywords><Keyword id="k1"><Name>moss</Name></Keyword><Keyword id="k2"><Name>kelp, brown</Name></Keyword></Keywords>
<Publishers><Publisher id="u1"><Name>Moss Press</Name></Publisher></Publishers>
<Periodicals><Periodical id="j1"><Name>Journal of Moss</Name><StandardAbbreviation>J. Moss</StandardAbbreviation>
 <ISSN>1234-5679</ISSN></Periodical></Periodicals>
<SeriesTitles><SeriesTitle id="s1"><Name>Moss Series</Name></SeriesTitle></SeriesTitles>
<Groups><Group id="g1"><Name>Shore</Name></Group></Groups>
<References>
 <Reference id="r1"><CreatedOn>2021-01-01</CreatedOn><ReferenceType>JournalArticle</ReferenceType>
  <Title>The Patience of Moss</Title><Subtitle>A study</Subtitle><PeriodicalID>j1</PeriodicalID><Volume>7</Volume>
  <Number>3</Number><Year>2020</Year><PageRange>&lt;n&gt;11&lt;/n&gt;&lt;n&gt;19&lt;/n&gt;&lt;os&gt;11-19&lt;/os&gt;</PageRange>
  <DOI>10.1000/moss</DOI><BibTeXKey>roe20</BibTeXKey><CustomField1>shelf 3</CustomField1></Reference>
 <Reference id="r2"><ReferenceType>ConferenceProceedings</ReferenceType><Title>Kelp Days</Title><Year>2019</Year>
  <PlaceOfPublication>Oslo</PlaceOfPublication><SeriesTitleID>s1</SeriesTitleID></Reference>
 <Reference id="r3"><ReferenceType>Contribution</ReferenceType><Title>On Kelp</Title></Reference>
 <Reference id="r4"><ReferenceType>Lecture</ReferenceType><Title>A Talk</Title></Reference>
</References>
<ReferenceAuthors><OnetoN>r1;p1;p2</OnetoN><OnetoN>r3;p3</OnetoN></ReferenceAuthors>
<ReferenceEditors><OnetoN>r2;p1</OnetoN></ReferenceEditors>
<ReferenceKeywords><OnetoN>r1;k1;k2</OnetoN></ReferenceKeywords>
<ReferencePublishers><OnetoN>r2;u1</OnetoN></ReferencePublishers>
<ReferenceGroups><OnetoN>r1;g1;nobody</OnetoN></ReferenceGroups>
<ReferenceReferences><OnetoN>r2;r3</OnetoN></ReferenceReferences>
<KnowledgeItems><KnowledgeItem id="q1"><ReferenceID>r1</ReferenceID><CoreStatement>It waits</CoreStatement>
 <Text>Moss waits.</Text><PageRange>&lt;os&gt;12&lt;/os&gt;</PageRange></KnowledgeItem></KnowledgeItems>
<Locations><Location id="l1"><ReferenceID>r1</ReferenceID><Address>moss.pdf</Address></Location>
 <Location id="l2"><ReferenceID>r1</ReferenceID><Address>https://moss.example/1</Address></Location></Locations>
</CitaviExchangeData>
"""


def test_references_with_what_they_refer_to() -> None:
    assert detect(PROJECT.encode(), "a.xml").name == "citavi"
    snapshot = citavi.read(PROJECT.encode(), "a.xml")
    assert snapshot.problems == ()
    article, proceedings, paper, talk = snapshot.records
    assert (article.id, article.type, article.line) == ("roe20", "article", 13)
    assert article.fields == {
        "title": "The Patience of Moss: A study", "author": "Roe, Ann B. and {Centre for Kelp}", "volume": "7",
        "number": "3", "doi": "10.1000/moss", "citavi-customfield1": "shelf 3", "pages": "11--19", "year": "2020",
        "journal": "Journal of Moss", "shortjournal": "J. Moss", "issn": "1234-5679", "keywords": "moss; kelp, brown",
        "groups": "Shore", "annote": "It waits\nMoss waits. (p. 12)", "file": "moss.pdf",
        "url": "https://moss.example/1",
    }  # fmt: skip
    assert (proceedings.type, proceedings.get("series"), proceedings.get("publisher")) == (
        "proceedings", "Moss Series", "Moss Press",
    )  # fmt: skip
    assert (paper.type, paper.fields) == ("inproceedings", {
        "title": "On Kelp", "author": "van der Reed, Max", "booktitle": "Kelp Days", "editor": "Roe, Ann B.",
        "address": "Oslo", "publisher": "Moss Press", "series": "Moss Series", "year": "2019",
    })  # fmt: skip
    assert (talk.type, talk.get("citavi-type")) == ("unpublished", "Lecture")


def test_damage() -> None:
    snapshot = citavi.read(PROJECT[: PROJECT.index('<Reference id="r3"')].encode(), "a")
    assert [record.get("title")[:4] for record in snapshot.records] == ["The ", "Kelp"]
    assert [problem.fatal for problem in snapshot.problems] == [True]
    with pytest.raises(SourceError, match="no reference of Citavi"):
        citavi.read(b"<CitaviExchangeData/>", "a")
