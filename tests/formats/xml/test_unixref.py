"""Crossref's XML."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.xml import unixref

ARTICLE = """<?xml version="1.0" encoding="UTF-8"?>
<doi_records><doi_record owner="10.1000"><crossref><journal>
 <journal_metadata language="en"><full_title>Journal of Moss</full_title><abbrev_title>J. Moss</abbrev_title>
  <issn media_type="print">1234-5679</issn></journal_metadata>
 <journal_issue><publication_date media_type="print"><month>03</month><year>2020</year></publication_date>
  <journal_volume><volume>7</volume></journal_volume><issue>3</issue></journal_issue>
 <journal_article publication_type="full_text">
  <titles><title>The Patience of <i>Moss</i></title><subtitle>A study</subtitle></titles>
  <contributors>
   <person_name contributor_role="author" sequence="first"><given_name>Ann</given_name><surname>Roe</surname>
    <suffix>Jr.</suffix><affiliation>Moss House</affiliation><ORCID>https://orcid.org/0</ORCID></person_name>
   <organization contributor_role="author" sequence="additional">The Kelp Group</organization>
   <person_name contributor_role="reviewer"><surname>Poe</surname></person_name></contributors>
  <publication_date media_type="online"><month>12</month><day>07</day><year>2019</year></publication_date>
  <pages><first_page>11</first_page><last_page>19</last_page></pages>
  <publisher_item><item_number item_number_type="article_number">e4</item_number></publisher_item>
  <doi_data><doi>10.1000/moss</doi><resource>https://moss.example/1</resource></doi_data>
  <citation_list><citation key="a"><doi>10.1000/old</doi></citation></citation_list>
 </journal_article>
</journal></crossref></doi_record></doi_records>
"""
PAPER = """<doi_batch xmlns="http://www.crossref.org/schema/4.4.2"><body><conference>
 <event_metadata><conference_name>Kelp Days</conference_name><conference_location>Oslo</conference_location>
  </event_metadata>
 <proceedings_metadata><proceedings_title>Proceedings of Kelp</proceedings_title>
  <publisher><publisher_name>Kelp Press</publisher_name><publisher_place>Bergen</publisher_place></publisher>
  <publication_date><year>2019</year></publication_date><isbn>9780306406157</isbn></proceedings_metadata>
 <conference_paper><titles><title>One</title></titles><doi_data><doi>10.1000/1</doi></doi_data></conference_paper>
 <conference_paper><titles><title>Two</title></titles><doi_data><doi>10.1000/2</doi></doi_data></conference_paper>
</conference>
<dissertation><titles><title>On Kelp</title></titles><person_name contributor_role="author"><surname>X</surname>
 </person_name><approval_date><year>2018</year></approval_date><institution><institution_name>University of Kelp
 </institution_name></institution><degree>MSc</degree><doi_data><doi>10.1000/3</doi></doi_data></dissertation>
</body></doi_batch>
"""


def test_an_article() -> None:
    assert detect(ARTICLE.encode(), "a.xml").name == "unixref"
    snapshot = unixref.read(ARTICLE.encode(), "a.xml")
    assert snapshot.problems == ()
    (record,) = snapshot.records
    assert record.type == "article"
    assert record.fields == {
        "title": "The Patience of <i>Moss</i>: A study", "author": "Roe, Jr., Ann and {The Kelp Group}",
        "crossref-reviewer": "Poe", "crossref-orcid": "Roe: https://orcid.org/0", "affiliation": "Moss House",
        "journal": "Journal of Moss", "shortjournal": "J. Moss", "issn": "1234-5679", "year": "2020",
        "month": "March", "crossref-date-online": "2019-12-7", "volume": "7", "number": "3",
        "pages": "11--19", "eid": "e4", "doi": "10.1000/moss", "url": "https://moss.example/1",
    }  # fmt: skip


def test_the_papers_of_proceedings_and_a_thesis() -> None:
    assert detect(PAPER.encode(), "a.xml").name == "unixref"
    one, two, thesis = unixref.read(PAPER.encode(), "a.xml").records
    assert (one.type, one.get("title"), two.get("title")) == ("inproceedings", "One", "Two")
    assert two.fields == {
        "title": "Two", "doi": "10.1000/2", "booktitle": "Proceedings of Kelp", "publisher": "Kelp Press",
        "address": "Bergen", "year": "2019", "isbn": "9780306406157", "eventtitle": "Kelp Days", "venue": "Oslo",
    }  # fmt: skip
    assert (thesis.type, thesis.get("school"), thesis.get("year")) == ("mastersthesis", "University of Kelp", "2018")
    assert thesis.get("author") == "X"


def test_an_error_of_crossref() -> None:
    with pytest.raises(SourceError, match="DOI not found"):
        unixref.read(
            b"<doi_records><doi_record><crossref><error>DOI not found</error></crossref></doi_record></doi_records>",
            "a",
        )


def test_a_file_that_is_cut_off() -> None:
    snapshot = unixref.read(PAPER[: PAPER.index("<approval_date>")].encode(), "a")
    assert [record.get("title") for record in snapshot.records] == ["One", "Two", "On Kelp"]
    assert [problem.fatal for problem in snapshot.problems] == [True]
