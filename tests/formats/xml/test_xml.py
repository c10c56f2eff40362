"""EndNote's and PubMed's XML: what is in them, what is said of damage, and that no entity is expanded."""

from pathlib import Path

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.tagged import ris
from refsync.formats.xml import endnote as endnotexml
from refsync.formats.xml import pubmed as pubmedxml
from refsync.records import Snapshot
from tests.paths import SHARED

EXPORTS = SHARED / "data" / "exports"

RECORD = """\
<record><database name="My.enl">My.enl</database><source-app name="EndNote">EndNote</source-app>
<rec-number>7</rec-number><foreign-keys><key app="EN">7</key></foreign-keys>
<ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal" size="100%">Doe, Jane</style></author>
<author>Centre for Kelp and Moss</author></authors></contributors>
<titles><title><style face="normal">The Patience of </style><style face="italic">Bryum</style><style
face="normal"> &amp; others</style></title><secondary-title>Journal of Moss</secondary-title></titles>
<periodical><full-title>Journal of Moss</full-title><abbr-1>J. Moss</abbr-1></periodical>
<pages>101-115</pages><volume>7</volume><number>2</number><keywords><keyword>moss</keyword>
<keyword>patience, long</keyword></keywords><dates><year>2020</year><pub-dates><date>Mar 7</date></pub-dates></dates>
<isbn>1234-5679&#xD;0378-5955</isbn><electronic-resource-num>10.1000/moss</electronic-resource-num>
<abstract>Moss waits.&#xD;Long.</abstract><urls><related-urls><url>https://moss.example/7</url></related-urls></urls>
<custom1>shelf B</custom1><odd><deep>kept</deep></odd></record>
"""
FIELDS = {
    "author": "Doe, Jane and {Centre for Kelp and Moss}",
    "title": "The Patience of Bryum & others",
    "journal": "Journal of Moss",
    "shortjournal": "J. Moss",
    "pages": "101--115",
    "volume": "7",
    "number": "2",
    "keywords": "moss; patience, long",
    "year": "2020",
    "month": "March",
    "day": "7",
    "issn": "1234-5679, 0378-5955",
    "doi": "10.1000/moss",
    "abstract": "Moss waits.\nLong.",
    "url": "https://moss.example/7",
    "ris-c1": "shelf B",
    "endnote-odd-deep": "kept",
    "endnote-foreign-keys-key": "7",
}


def wrapped(*records: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<xml><records>{"".join(records)}</records></xml>'


def read(text: str) -> Snapshot:
    return endnotexml.read(text.encode(), "a.xml")


def test_endnote() -> None:
    snapshot = read(wrapped(RECORD, RECORD.replace("<rec-number>7<", "<rec-number>8<")))
    assert snapshot.problems == ()
    assert [(record.id, record.type, record.line) for record in snapshot.records] == [
        ("7", "article", 1),
        ("8", "article", 1 + RECORD.count("\n")),
    ]
    assert [record.fields for record in snapshot.records] == [FIELDS] * 2
    assert detect(wrapped(RECORD).encode(), "x").name == "endnotexml"


def test_endnote_is_written_as_it_was_read() -> None:
    one = read(wrapped(RECORD))
    written = endnotexml.write(one.records)
    again = endnotexml.read(written, "b.xml")
    assert [(record.id, record.type, record.fields) for record in again.records] == [("7", "article", FIELDS)]
    assert again.problems == ()
    assert endnotexml.write(again.records) == written
    (by_ris,) = ris.read(ris.write(one.records), "a.ris").records
    assert by_ris.fields == FIELDS


@pytest.mark.parametrize(
    ("text", "titles", "told"),
    [
        (wrapped(RECORD, RECORD)[:-200], 2, ("end tag is missing", True)),
        (wrapped(RECORD, RECORD)[:-16], 2, ("root's end tag", True)),
        (wrapped(RECORD.replace("</record>", ""), RECORD), 2, ("end tag is missing", False)),
        (wrapped(RECORD.replace("&amp;", "&"), RECORD), 2, ("an & that is not", False)),
        (wrapped(RECORD.replace("waits", "w\x0baits"), RECORD), 2, ("XML does not allow", False)),
        (wrapped(RECORD.replace("waits", "w&#11;aits"), RECORD), 2, ("XML does not allow", False)),
        (wrapped(RECORD.replace("</dates>", "</date>"), RECORD), 2, ("mismatched tag in line 10", False)),
        (wrapped(RECORD, RECORD.replace("waits", "w&own;aits")), 2, ("&own; is not defined", False)),
        (wrapped(RECORD, RECORD.replace("waits", "w\0aits")), 2, ("NUL", False)),
    ],
)
def test_a_damaged_record_costs_no_other(text: str, titles: int, told: tuple[str, bool]) -> None:
    snapshot = read(text)
    assert len(snapshot.records) == titles
    assert {record.get("author") for record in snapshot.records} == {FIELDS["author"]}
    (problem,) = (one for one in snapshot.problems if one.kind != "repeated-id")
    assert told[0] in problem.message
    assert problem.fatal == told[1]


def test_groups_and_several_lists() -> None:
    grouped = RECORD.replace("<rec-number>", "<groups><group>Kelp</group><group>Moss</group></groups><rec-number>")
    two = read(wrapped(grouped).replace("</xml>", f"<records>{RECORD}</records></xml>"))
    assert [record.get("groups") for record in two.records] == ["Kelp; Moss", ""]
    assert two.problems[0].kind == "repeated-id"


def test_html_entities_are_letters() -> None:
    (record,) = read(wrapped(RECORD.replace("waits", "w&auml;its&nbsp;&lt;b&gt;"))).records
    assert record.get("abstract").startswith("Moss wäits\xa0<b>.")


def test_no_entity_is_expanded_and_no_file_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE xml [<!ENTITY a0 "lol">{bomb}<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
    snapshot = read(wrapped(RECORD.replace("waits", "&a11;&file;"), head=head))
    assert snapshot.records[0].get("abstract") == "Moss &a11;&file;.\nLong."
    assert len(snapshot.problems) == 2


def test_declared_encodings() -> None:
    text = wrapped(RECORD.replace("waits", "wartet 苔")).replace("UTF-8", "GB18030")
    assert "苔" in endnotexml.read(text.encode("gb18030"), "a.xml").records[0].get("abstract")


PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">12345678</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Electronic">1234-5679</ISSN><JournalIssue CitedMedium="Internet">
<Volume>7</Volume><Issue>2</Issue><PubDate><Year>2020</Year><Month>Mar</Month><Day>07</Day></PubDate></JournalIssue>
<Title>Journal of moss</Title><ISOAbbreviation>J Moss</ISOAbbreviation></Journal>
<ArticleTitle>The patience of <i>Bryum</i>.</ArticleTitle><Pagination><StartPage>101</StartPage>
<MedlinePgn>101-15</MedlinePgn></Pagination><ELocationID EIdType="doi" ValidYN="Y">10.1000/moss</ELocationID>
<Abstract><AbstractText Label="AIMS">Moss waits.</AbstractText>
<AbstractText Label="METHODS">We <b>too</b>.</AbstractText>
</Abstract><AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Doe</LastName><ForeName>Jane A</ForeName>
<Initials>JA</Initials><AffiliationInfo><Affiliation>North University.</Affiliation></AffiliationInfo></Author>
<Author><CollectiveName>Centre for Kelp and Moss</CollectiveName></Author></AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
<CoiStatement>None.</CoiStatement>
<MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN="N">Bryophyta</DescriptorName><QualifierName
MajorTopicYN="Y">growth</QualifierName></MeshHeading></MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">walls</Keyword></KeywordList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">12345678</ArticleId>
<ArticleId IdType="doi">10.1000/moss</ArticleId>
<ArticleId IdType="pmc">PMC7654321</ArticleId></ArticleIdList><ReferenceList><Reference><Citation>Poe 1999</Citation>
<ArticleIdList><ArticleId IdType="doi">10.1000/o</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
</PubmedArticle></PubmedArticleSet>
"""


def test_pubmed() -> None:
    snapshot = pubmedxml.read(PUBMED.encode(), "a.xml")
    (record,) = snapshot.records
    assert snapshot.problems == ()
    assert (record.type, record.line) == ("article", 5)
    assert record.fields == {
        "pmid": "12345678",
        "author": "Doe, Jane A and {Centre for Kelp and Moss}",
        "title": "The patience of Bryum.",
        "journal": "Journal of moss",
        "shortjournal": "J Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--15",
        "abstract": "AIMS: Moss waits.\nMETHODS: We too.",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "issn": "1234-5679",
        "language": "eng",
        "keywords": "walls, Bryophyta/*growth",
        "affiliation": "North University.",
        "pmcid": "PMC7654321",
        "pubmed-coistatement": "None.",
    }
    assert detect(PUBMED.encode(), "efetch.fcgi").name == "pubmedxml"


@pytest.mark.parametrize("form", [endnotexml.FORMAT, pubmedxml.FORMAT])
@pytest.mark.parametrize(
    "data", [b"", b"<html><body>Sign in</body></html>", b"\0\1\2" * 40, b"<xml><records></records></xml>"]
)
def test_nothing_to_read(form, data: bytes) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError):
        form.read(data, "a")


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared exports are not here")
def test_a_library_of_one_long_line() -> None:
    data = (EXPORTS / "zotero_export.xml").read_bytes()
    assert detect(data, "x").name == "endnotexml"
    snapshot = endnotexml.read(data, "x")
    assert len(snapshot.records) == data.count(b"<record>") == 1233
    assert snapshot.problems == ()
    again = endnotexml.read(endnotexml.write(snapshot.records), "y")
    assert [record.fields for record in again.records] == [record.fields for record in snapshot.records]
