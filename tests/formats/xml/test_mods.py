"""MODS."""

from xml.etree import ElementTree

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.xml import mods
from refsync.records import Record

ARTICLE = """<?xml version="1.0" encoding="UTF-8"?>
<m:modsCollection xmlns:m="http://www.loc.gov/mods/v3">
<m:mods ID="roe20">
 <m:titleInfo><m:nonSort>The</m:nonSort><m:title>Patience of Moss</m:title>
  <m:subTitle>a study</m:subTitle></m:titleInfo>
 <m:titleInfo type="abbreviated"><m:title>Patience</m:title></m:titleInfo>
 <m:name type="personal"><m:namePart type="given">Ann</m:namePart><m:namePart type="given">B.</m:namePart>
  <m:namePart type="family">van Roe</m:namePart><m:namePart type="termsOfAddress">Jr.</m:namePart>
  <m:role><m:roleTerm type="text">author</m:roleTerm></m:role>
  <m:affiliation>Moss House</m:affiliation></m:name>
 <m:name type="corporate"><m:namePart>Centre for Kelp</m:namePart></m:name>
 <m:name type="personal"><m:namePart>Poe, Ed</m:namePart>
  <m:role><m:roleTerm type="code">trl</m:roleTerm></m:role></m:name>
 <m:name type="personal"><m:namePart>Fern, Ida</m:namePart>
  <m:role><m:roleTerm type="text">illustrator</m:roleTerm></m:role></m:name>
 <m:genre authority="marcgt">journal article</m:genre>
 <m:language><m:languageTerm type="code">eng</m:languageTerm></m:language>
 <m:abstract>Moss waits.</m:abstract>
 <m:note>A note.</m:note><m:note type="funding">Nobody</m:note>
 <m:subject><m:topic>kelp</m:topic><m:geographic>Oslo</m:geographic></m:subject>
 <m:subject><m:topic>moss</m:topic></m:subject>
 <m:classification authority="lcc">QK1</m:classification>
 <m:relatedItem type="host">
  <m:titleInfo><m:title>Journal of Moss</m:title></m:titleInfo>
  <m:name type="personal"><m:namePart type="family">Elm</m:namePart><m:namePart type="given">Zoe</m:namePart>
   <m:role><m:roleTerm>editor</m:roleTerm></m:role></m:name>
  <m:originInfo><m:publisher>Moss Press</m:publisher><m:place><m:placeTerm type="text">Oslo</m:placeTerm>
   </m:place><m:issuance>continuing</m:issuance></m:originInfo>
  <m:identifier type="issn">1234-5679</m:identifier>
  <m:part><m:detail type="volume"><m:number>7</m:number></m:detail>
   <m:detail type="issue"><m:number>3</m:number></m:detail>
   <m:extent unit="page"><m:start>11</m:start><m:end>19</m:end></m:extent>
   <m:date>2020-03-05</m:date></m:part>
 </m:relatedItem>
 <m:relatedItem type="series"><m:titleInfo><m:title>Moss Series</m:title></m:titleInfo></m:relatedItem>
 <m:relatedItem type="references"><m:titleInfo><m:title>Old Moss</m:title></m:titleInfo></m:relatedItem>
 <m:identifier type="doi">10.1000/moss</m:identifier>
 <m:identifier type="local">77</m:identifier>
 <m:location><m:url dateLastAccessed="2021-01-02">https://moss.example/1</m:url></m:location>
</m:mods>
</m:modsCollection>
"""


def test_an_article() -> None:
    assert detect(ARTICLE.encode(), "a.xml").name == "mods"
    snapshot = mods.read(ARTICLE.encode(), "a.xml")
    assert snapshot.problems == ()
    (record,) = snapshot.records
    assert (record.id, record.type, record.line) == ("roe20", "article", 3)
    assert record.fields == {
        "title": "The Patience of Moss: a study", "shorttitle": "Patience", "translator": "Poe, Ed",
        "author": "van Roe, Jr., Ann B. and {Centre for Kelp}", "mods-illustrator": "Fern, Ida", "language": "eng",
        "abstract": "Moss waits.", "note": "A note.", "mods-note-funding": "Nobody", "keywords": "kelp -- Oslo, moss",
        "mods-classification": "QK1", "journal": "Journal of Moss", "editor": "Elm, Zoe", "publisher": "Moss Press",
        "address": "Oslo", "issn": "1234-5679", "volume": "7", "number": "3", "pages": "11--19", "year": "2020",
        "month": "March", "day": "5", "series": "Moss Series", "mods-related-references": "Old Moss",
        "doi": "10.1000/moss", "mods-identifier-local": "77", "url": "https://moss.example/1", "urldate": "2021-01-02",
        "mods-affiliation": "van Roe: Moss House",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("genre", "host", "type_"),
    [
        ("book", "", "book"),
        ("book", "<relatedItem type='host'><titleInfo><title>B</title></titleInfo></relatedItem>", "incollection"),
        ("conference publication", "<relatedItem type='host'><titleInfo><title>B</title></titleInfo></relatedItem>",
         "inproceedings"),
        ("thesis</genre><genre>Masters thesis", "", "mastersthesis"),
        ("hologram", "", "misc"),
        ("hologram", "<relatedItem type='host'><titleInfo><title>B</title></titleInfo></relatedItem>", "article"),
    ],
)  # fmt: skip
def test_types(genre: str, host: str, type_: str) -> None:
    text = f"<mods><titleInfo><title>A</title></titleInfo><genre>{genre}</genre>{host}</mods>"
    (record,) = mods.read(text.encode(), "a").records
    assert record.type == type_
    assert record.get("mods-genre") == ("hologram" if genre == "hologram" else "")


def test_identifiers_of_the_host_are_not_the_works_own() -> None:
    text = b"""<mods><titleInfo><title>A</title></titleInfo><relatedItem type="host">
    <titleInfo><title>B</title></titleInfo>
    <identifier type="doi">10.1000/b</identifier><identifier type="isbn">9780306406157</identifier>
    <location><url>https://b.example</url></location></relatedItem></mods>"""
    (record,) = mods.read(text, "a").records
    assert (record.get("doi"), record.get("url"), record.get("isbn")) == ("", "", "9780306406157")
    assert record.get("mods-host-identifier-doi") == "10.1000/b"


def test_a_type_of_resource_without_a_genre() -> None:
    text = b"<mods><titleInfo><title>A</title></titleInfo><typeOfResource>moving image</typeOfResource></mods>"
    (record,) = mods.read(text, "a").records
    assert record.type == "video"


def test_a_file_that_is_cut_off() -> None:
    snapshot = mods.read(ARTICLE.replace("</m:modsCollection>", "<m:mods><m:title").encode(), "a")
    assert len(snapshot.records) == 1
    assert [problem.fatal for problem in snapshot.problems] == [True]


def test_no_record() -> None:
    with pytest.raises(SourceError, match="no record of MODS"):
        mods.read(b"<modsCollection/>", "a")


def test_written_files_have_the_structure_of_mods() -> None:
    fields = {
        "title": "Moss",
        "author": "Roe, Ann",
        "journal": "J",
        "year": "2020",
        "pages": "1--3",
        "shelf mark": "<B>",
    }
    root = ElementTree.fromstring(
        mods.write([Record("a", 1, "k", "article", fields), Record("a", 2, "#2", "book", {})])
    )
    space = "{http://www.loc.gov/mods/v3}"
    assert [child.tag for child in root] == [f"{space}mods"] * 2
    known = {f"{space}{name}" for name in "titleInfo name genre originInfo relatedItem identifier extension".split()}
    assert {child.tag for record in root for child in record} <= known
    assert root.findtext(f"{space}mods/{space}extension/{{urn:refsync:fields}}field[@name='shelf mark']") == "<B>"
