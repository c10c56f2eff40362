"""Zotero RDF."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.zotero.items import rdf_file

START = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/" xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/"
 xmlns:vcard="http://nwalsh.com/rdf/vCard#">
"""
ARTICLE = """
 <bib:Article rdf:about="#item_1">
  <z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf rdf:resource="urn:issn:1234-5679"/>
  <bib:authors><rdf:Seq>
   <rdf:li><foaf:Person><foaf:surname>Roe</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li>
   <rdf:li><foaf:Person><foaf:surname>Centre for Kelp</foaf:surname></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors>
  <z:translators><rdf:Seq><rdf:li>
   <foaf:Person><foaf:surname>Poe</foaf:surname><foaf:givenName>Ed</foaf:givenName></foaf:Person>
  </rdf:li></rdf:Seq></z:translators>
  <dcterms:isReferencedBy rdf:resource="#item_9"/>
  <link:link rdf:resource="#item_8"/>
  <dc:subject>kelp, brown</dc:subject>
  <dc:subject><z:AutomaticTag><rdf:value>moss</rdf:value></z:AutomaticTag></dc:subject>
  <dc:subject><dcterms:LCC><rdf:value>QK1</rdf:value></dcterms:LCC></dc:subject>
  <dc:title>The Patience of Moss</dc:title>
  <dcterms:abstract>Moss waits.</dcterms:abstract>
  <dc:date>2020-03-05</dc:date>
  <z:language>en</z:language>
  <z:shortTitle>Patience</z:shortTitle>
  <dc:identifier><dcterms:URI><rdf:value>https://moss.example/1</rdf:value></dcterms:URI></dc:identifier>
  <dcterms:dateSubmitted>2021-01-02 03:04:05</dcterms:dateSubmitted>
  <bib:pages>11-19</bib:pages>
  <z:weight>2 kg</z:weight>
  <dc:description>Citation Key: roe2020</dc:description>
 </bib:Article>
 <bib:Journal rdf:about="urn:issn:1234-5679">
  <prism:volume>7</prism:volume><prism:number>3</prism:number><dc:title>Journal of Moss</dc:title>
  <dcterms:alternative>J. Moss</dcterms:alternative><dc:identifier>DOI 10.1000/moss</dc:identifier>
  <dc:identifier>ISSN 1234-5679</dc:identifier>
 </bib:Journal>
 <bib:Memo rdf:about="#item_9"><rdf:value>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</rdf:value></bib:Memo>
 <z:Attachment rdf:about="#item_8"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/8/a.pdf"/>
  <dc:title>Full text</dc:title></z:Attachment>
"""
PAPER = """
 <rdf:Description rdf:about="https://kelp.example/2">
  <z:itemType>conferencePaper</z:itemType>
  <dcterms:isPartOf><bib:Journal>
   <dc:title>Proceedings of Kelp</dc:title><dc:identifier>ISBN 9780306406157</dc:identifier>
   <dcterms:isPartOf><bib:Series><dc:title>Kelp Series</dc:title></bib:Series></dcterms:isPartOf>
  </bib:Journal></dcterms:isPartOf>
  <dc:publisher><foaf:Organization><vcard:adr><vcard:Address><vcard:locality>Oslo</vcard:locality></vcard:Address>
   </vcard:adr><foaf:name>Kelp Press</foaf:name></foaf:Organization></dc:publisher>
  <bib:presentedAt><bib:Conference><dc:title>Kelp Days</dc:title></bib:Conference></bib:presentedAt>
  <dc:title>Kelp</dc:title><dc:date>2019</dc:date>
 </rdf:Description>
 <bib:Memo rdf:about="#item_7"><rdf:value>of nobody</rdf:value></bib:Memo>
 <z:Collection rdf:about="#collection_1"><dc:title>Shore</dc:title><dcterms:hasPart rdf:resource="#item_1"/>
 </z:Collection>
"""


def test_items_with_what_belongs_to_them() -> None:
    text = f"{START}{ARTICLE}{PAPER}</rdf:RDF>".encode()
    assert detect(text, "My Library.rdf").name == "zoterordf"
    snapshot = rdf_file.read(text, "a.rdf")
    assert [(problem.kind, problem.message[:6]) for problem in snapshot.problems] == [("note", "1 note")]
    article, paper = snapshot.records
    assert (article.id, article.type, article.line) == ("roe2020", "article", 8)
    assert article.fields == {
        "author": "Roe, Ann and {Centre for Kelp}", "translator": "Poe, Ed", "title": "The Patience of Moss",
        "journaltitle": "Journal of Moss", "volume": "7", "number": "3", "pages": "11--19", "date": "2020-03-05",
        "shortjournal": "J. Moss", "language": "en", "doi": "10.1000/moss", "issn": "1234-5679",
        "shorttitle": "Patience", "url": "https://moss.example/1", "urldate": "2021-01-02", "abstract": "Moss waits.",
        "keywords": "{kelp, brown}, moss", "callnumber": "QK1", "annote": "One.\nTwo.", "file": "files/8/a.pdf",
        "groups": "Shore", "zoterordf-weight": "2 kg",
    }  # fmt: skip
    assert paper.type == "inproceedings"
    assert paper.fields == {
        "title": "Kelp", "date": "2019", "booktitle": "Proceedings of Kelp", "series": "Kelp Series",
        "publisher": "Kelp Press", "location": "Oslo", "eventtitle": "Kelp Days", "isbn": "9780306406157",
    }  # fmt: skip


def test_a_file_that_is_cut_off() -> None:
    snapshot = rdf_file.read(f"{START}{ARTICLE}{PAPER}"[:-900].encode(), "a.rdf")
    assert snapshot.records[0].get("title") == "The Patience of Moss"
    assert [problem.fatal for problem in snapshot.problems] == [True]


def test_parts_in_a_circle() -> None:
    circle = ARTICLE.replace("</bib:Journal>", '<dcterms:isPartOf rdf:resource="urn:issn:1234-5679"/></bib:Journal>')
    (record,) = rdf_file.read(f"{START}{circle}</rdf:RDF>".encode(), "a.rdf").records
    assert record.get("journaltitle") == "Journal of Moss"


def test_no_item_and_entities() -> None:
    with pytest.raises(SourceError, match="no item of Zotero"):
        rdf_file.read(f"{START}</rdf:RDF>".encode(), "a.rdf")
    with pytest.raises(SourceError, match="entities"):
        rdf_file.read(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "a.rdf")
