"""Word's bibliography."""

from xml.etree import ElementTree

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.xml import wordxml
from refsync.records import Record

NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/bibliography}"
FILE = """<?xml version="1.0"?>
<b:Sources SelectedStyle="\\APA.XSL" xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"
 xmlns="http://schemas.openxmlformats.org/officeDocument/2006/bibliography">
<b:Source><b:Tag>Roe20</b:Tag><b:SourceType>JournalArticle</b:SourceType><b:Guid>{77}</b:Guid>
 <b:Author><b:Author><b:NameList>
   <b:Person><b:Last>Roe</b:Last><b:First>Ann</b:First><b:Middle>B.</b:Middle></b:Person>
   <b:Person><b:Last>Elm</b:Last></b:Person></b:NameList></b:Author>
  <b:Editor><b:NameList><b:Person><b:Last>Poe</b:Last><b:First>Ed</b:First></b:Person></b:NameList></b:Editor></b:Author>
 <b:Title>The Patience of Moss</b:Title><b:JournalName>Journal of Moss</b:JournalName><b:Year>2020</b:Year>
 <b:Month>March</b:Month><b:Day>5</b:Day><b:Pages>11-19</b:Pages><b:Volume>7</b:Volume><b:Issue>3</b:Issue>
 <b:StandardNumber>1234-5679</b:StandardNumber><b:DOI>10.1000/moss</b:DOI><b:YearAccessed>2021</b:YearAccessed>
 <b:MonthAccessed>1</b:MonthAccessed><b:DayAccessed>2</b:DayAccessed><b:Comments>A remark.</b:Comments>
 <b:RefOrder>1</b:RefOrder><b:CountryRegion>Norway</b:CountryRegion></b:Source>
<b:Source><b:Tag>Kel18</b:Tag><b:SourceType>Report</b:SourceType><b:Title>On Kelp</b:Title>
 <b:Author><b:Author><b:Corporate>Centre for Kelp</b:Corporate></b:Author></b:Author>
 <b:ThesisType>PhD</b:ThesisType><b:Institution>University of Kelp</b:Institution></b:Source>
<b:Source><b:Tag>Fil19</b:Tag><b:SourceType>Film</b:SourceType><b:Title>Moss!</b:Title><b:Author><b:Director><b:NameList>
 <b:Person><b:Last>Fern</b:Last><b:First>Ida</b:First></b:Person></b:NameList></b:Director></b:Author></b:Source>
</b:Sources>
"""


def test_sources() -> None:
    assert detect(FILE.encode(), "Sources.xml").name == "wordxml"
    snapshot = wordxml.read(FILE.encode(), "Sources.xml")
    assert snapshot.problems == ()
    article, thesis, film = snapshot.records
    assert (article.id, article.type, article.line) == ("Roe20", "article", 4)
    assert article.fields == {
        "author": "Roe, Ann B. and Elm", "editor": "Poe, Ed", "title": "The Patience of Moss",
        "journal": "Journal of Moss", "year": "2020", "month": "March", "day": "5", "pages": "11--19", "volume": "7",
        "number": "3", "issn": "1234-5679", "doi": "10.1000/moss", "urldate": "2021-01-02", "annote": "A remark.",
        "word-countryregion": "Norway",
    }  # fmt: skip
    assert (thesis.type, thesis.fields) == ("phdthesis", {
        "author": "{Centre for Kelp}", "title": "On Kelp", "type": "PhD", "school": "University of Kelp",
    })  # fmt: skip
    assert (film.type, film.get("author"), film.get("word-role")) == ("movie", "Fern, Ida", "Director")


def test_a_file_that_is_cut_off_and_one_without_sources() -> None:
    snapshot = wordxml.read(FILE[: FILE.index("Kel18")].encode(), "a")
    assert len(snapshot.records) == 1
    assert [problem.fatal for problem in snapshot.problems] == [True]
    with pytest.raises(SourceError, match="no source of Word"):
        wordxml.read(b"<Sources/>", "a")


def test_tags_are_unique_and_names_in_the_form_that_word_shows() -> None:
    fields = {"title": "Moss", "author": "Roe, Jr., Ann and {Centre for Kelp}"}
    given = [Record("a", n, key, "book", fields) for n, key in enumerate(("k", "k", "#3"), 1)]
    root = ElementTree.fromstring(wordxml.write(given))
    assert root.tag == f"{NAMESPACE}Sources"
    assert [one.text for one in root.iter(f"{NAMESPACE}Tag")] == ["k", "k-2", "item-3"]
    first = root[0].find(f"{NAMESPACE}Author/{NAMESPACE}Author/{NAMESPACE}NameList")
    assert first is not None
    assert [[part.text for part in person] for person in first] == [["Roe, Jr.", "Ann"], ["Centre for Kelp"]]
    assert root[0][0].tag == f"{NAMESPACE}Tag"
