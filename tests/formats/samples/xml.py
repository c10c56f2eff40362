"""Records of EndNote's and PubMed's XML; texts are invented."""

ENDNOTE_RECORD = """\
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
ENDNOTE_FIELDS = {
    "author": "Doe, Jane and {Centre for Kelp and Moss}",
    "title": "The Patience of <i>Bryum</i> & others",
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


def endnote_file(*records: str, head: str = "") -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<xml><records>{"".join(records)}</records></xml>'


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
