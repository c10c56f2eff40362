"""Tables as databases, reference managers and screening tools export them, with all columns; texts are invented."""

import csv
import io

import pytest

from refsync.formats.registry import detect
from refsync.records import Snapshot
from tests.formats.tables.test_columns import workbook

ABOUT = (
    '"About the data: Exported on Mar 07, 2024. Criteria: ""moss"" in title; Publication Year is 2020. '
    '© 2024 Digital Science, see https://app.dimensions.ai"\r\n'
)
TABLES = {
    "Scopus": """\
Authors = Doe, J.; Roe, M.
Author full names = Doe, Jane (57190000001); Roe, Max (57190000002)
Author(s) ID = 57190000001; 57190000002
Title = The Patience of Moss
Year = 2020
Source title = Journal of Moss
Volume = 7
Issue = 2
Art. No. = e17
Page start = 101
Page end = 115
Page count = 14
Cited by = 3
DOI = 10.1000/moss
Link = https://www.scopus.com/1
Affiliations = North University
Authors with affiliations = Doe J., North University
Abstract = Moss waits.
Author Keywords = moss; walls
Index Keywords = Bryophyta
Molecular Sequence Numbers =
Chemicals/CAS =
Tradenames =
Manufacturers =
Funding Details =
Funding Texts =
References = Poe (1999)
Correspondence Address = Doe
Editors =
Publisher = Moss Press
Sponsors =
Conference name =
Conference date =
Conference location =
Conference code =
ISSN = 12345679
ISBN =
CODEN =
PubMed ID = 12345678
Language of Original Document = English
Abbreviated Source Title = J. Moss
Document Type = Article
Publication Stage = Final
Open Access =
Source = Scopus
EID = 2-s2.0-1
""",
    "Web of Science": """\
Publication Type = J
Authors = Doe, J; Roe, M
Book Authors =
Book Editors =
Book Group Authors =
Author Full Names = Doe, Jane; Roe, Max
Book Author Full Names =
Group Authors =
Article Title = The Patience of Moss
Source Title = JOURNAL OF MOSS
Book Series Title =
Book Series Subtitle =
Language = English
Document Type = Article
Conference Title =
Author Keywords = moss; walls
Keywords Plus = STONE
Abstract = Moss waits.
Addresses = North Univ
Affiliations =
Reprint Addresses =
Email Addresses =
Cited References =
Cited Reference Count = 20
Times Cited, WoS Core = 3
Publisher = MOSS PRESS
Publisher City = TIDEWATER
Publisher Address =
ISSN = 1234-5679
eISSN = 0378-5955
ISBN =
Journal Abbreviation = J MOSS
Journal ISO Abbreviation = J. Moss
Publication Date = MAR
Publication Year = 2020
Volume = 7
Issue = 2
Part Number =
Supplement =
Special Issue =
Meeting Abstract =
Start Page = 101
End Page = 115
Article Number = e17
DOI = 10.1000/moss
DOI Link = http://dx.doi.org/10.1000/moss
Book DOI =
Early Access Date =
Number of Pages = 15
WoS Categories = Plant Sciences
Pubmed Id = 12345678
UT (Unique WOS ID) = WOS:1
""",
    "Web of Science, tabs": """\
PT = J
AU = Doe, J; Roe, M
BA =
AF = Doe, Jane; Roe, Max
TI = The Patience of Moss
SO = JOURNAL OF MOSS
LA = English
DT = Article
DE = moss; walls
ID = STONE
AB = Moss waits.
C1 = North Univ
CR = Poe
SN = 1234-5679
EI = 0378-5955
J9 = J MOSS
JI = J. Moss
PD = MAR
PY = 2020
VL = 7
IS = 2
BP = 101
EP = 115
AR = e17
DI = 10.1000/moss
PM = 12345678
UT = WOS:1
DA = 2024-01-01
""",
    "PubMed": """\
PMID = 12345678
Title = The Patience of Moss
Authors = Doe J, Roe MA.
Citation = J Moss. 2020 Mar 7;7(2):101-115. doi: 10.1000/moss.
First Author = Doe J
Journal/Book = J Moss
Publication Year = 2020
Create Date = 2020/03/01
PMCID = PMC7654321
NIHMS ID =
DOI = 10.1000/moss
""",
    "Embase": """\
Title = The Patience of Moss
Author Names = Doe J., Roe M.A.
Author Addresses = (Doe J.) North University
Correspondence Address = J. Doe
Editors =
AiP/IP Entry Date = 2020-03-01
Full Record Entry Date = 2020-03-05
Source = Journal of Moss (2020) 7:2 (101-115). Date of Publication: 7 Mar 2020
Source title = Journal of Moss
Publication Year = 2020
Volume = 7
Issue = 2
First Page = 101
Last Page = 115
Date of Publication = 7 Mar 2020
Publication Type = Article
Conference Name =
ISSN = 1234-5679
Book Publisher = Moss Press
Abstract = Moss waits.
Emtree Drug Index Terms (Major Focus) =
Author Keywords = moss, walls
Embase Classification =
Article Language = English
Summary Language = English
Embase Accession ID = 2000000001
Medline PMID = 12345678
PUI = L2000000001
DOI = 10.1000/moss
Full Text Link = http://dx.doi.org/10.1000/moss
Embase Link = https://www.embase.com/1
Open URL Link =
Copyright =
""",
    "IEEE Xplore": """\
Document Title = The Patience of Moss
Authors = J. Doe; M. A. Roe
Author Affiliations = North; South
Publication Title = 2020 MossConf
Date Added To Xplore = 1 April 2020
Publication Year = 2020
Volume =
Issue =
Start Page = 101
End Page = 115
Abstract = Moss waits.
ISSN = 1234-5679
ISBNs = 978-0-306-40615-7
DOI = 10.1109/MOSS.2020.1
Funding Information =
PDF Link = https://ieeexplore.ieee.org/1
Author Keywords = moss;walls
IEEE Terms = Rocks
Mesh_Terms =
Article Citation Count = 3
Patent Citation Count =
Reference Count = 20
License = IEEE
Online Date = 1 April 2020
Issue Date = 15-17 March 2020
Meeting Date =
Publisher = IEEE
Document Identifier = IEEE Conferences
""",
    "Dimensions": """\
Rank = 1
Publication ID = pub.1000000001
DOI = 10.1000/moss
PMID = 12345678
PMCID = PMC7654321
ISBN =
Title = The Patience of Moss
Abstract = Moss waits.
Acknowledgements =
Funding =
Source title = Journal of Moss
Anthology title =
Book editors =
Publisher = Moss Press
ISSN = 1234-5679, 0378-5955
MeSH terms = Bryophyta
Publication date = 2020-03-07
PubYear = 2020
Publication date (online) =
Publication date (print) =
Volume = 7
Issue = 2
Pagination = 101-115
Open Access = Closed
Publication Type = Article
Document Type = Research Article
Authors = Doe, Jane; Roe, Max
Authors (Raw Affiliation) = Doe, Jane (North)
Corresponding Authors = Doe, Jane (North)
Authors Affiliations = Doe, Jane (North)
Times cited = 3
Recent citations = 1
RCR =
FCR =
Altmetric =
Source Linkout = https://doi.org/10.1000/moss
Dimensions URL = https://app.dimensions.ai/details/publication/pub.1
Fields of Research (ANZSRC 2020) = 31 Biological
Sustainable Development Goals =
""",
    "Lens": """\
Lens ID = 000-000-000-000-001
Title = The Patience of Moss
Date Published = 2020-03-07
Publication Year = 2020
Publication Type = journal article
Source Title = Journal of Moss
ISSNs = 12345679; 03785955
Publisher = Moss Press
Source Country = Tideland
Author/s = Jane Doe; Max A. Roe
Abstract = Moss waits.
Volume = 7
Issue Number = 2
Start Page = 101
End Page = 115
Fields of Study = Moss
Keywords = moss; walls
MeSH Terms =
Chemicals =
Funding =
Source URLs = https://moss.example/1 https://moss.example/2
External URL = https://lens.example/1
PMID = 12345678
DOI = 10.1000/moss
Microsoft Academic ID =
PMCID =
Citing Patents Count = 0
References =
Citing Works Count = 3
Is Open Access = false
""",
    "Zotero": """\
Key = ABCD2345
Item Type = journalArticle
Publication Year = 2020
Author = Doe, Jane; Roe, Max
Title = The Patience of Moss
Publication Title = Journal of Moss
ISBN =
ISSN = 1234-5679
DOI = 10.1000/moss
Url = https://moss.example/7
Abstract Note = Moss waits.
Date = 2020-03-07
Date Added = 2021-01-01 00:00:00
Date Modified = 2021-01-01 00:00:00
Access Date =
Pages = 101-115
Num Pages =
Issue = 2
Volume = 7
Number Of Volumes =
Journal Abbreviation = J. Moss
Short Title =
Series =
Publisher =
Place =
Language = en
Rights =
Type =
Archive =
Archive Location =
Library Catalog =
Call Number =
Extra = PMID: 12345678
Notes =
File Attachments =
Link Attachments =
Manual Tags = moss; walls
Automatic Tags =
Editor =
Series Editor =
Translator =
Number =
Edition =
Conference Name =
""",
    "Rayyan": """\
key = rayyan-1
title = The Patience of Moss
year = 2020
month = 3
day = 7
journal = Journal of Moss
issn = 1234-5679
volume = 7
issue = 2
pages = 101-115
authors = Doe, Jane and Roe, Max
url = https://moss.example/7
language = eng
publisher =
location = Tidewater
abstract = Moss waits.
notes = RAYYAN-INCLUSION: {x=>Included}
doi = 10.1000/moss
keywords = moss, walls
pubmed_id = 12345678
pmc_id =
""",
    "Covidence": """\
Title = The Patience of Moss
Authors = Doe, Jane; Roe, Max
Abstract = Moss waits.
Published Year = 2020
Published Month = March
Journal = Journal of Moss
Volume = 7
Issue = 2
Pages = 101-115
Accession Number = 12345678
DOI = 10.1000/moss
Ref = doe
Covidence # = #17
Study = Doe 2020
Notes =
Tags = included
""",
    "OpenAlex": """\
id = https://openalex.org/W1
doi = https://doi.org/10.1000/moss
display_name = The Patience of Moss
title = The Patience of Moss
publication_year = 2020
publication_date = 2020-03-07
type = article
authorships.author.display_name = Jane Doe|Max A. Roe
primary_location.source.display_name = Journal of Moss
biblio.volume = 7
biblio.issue = 2
biblio.first_page = 101
biblio.last_page = 115
cited_by_count = 3
abstract = Moss waits.
ids.pmid = https://pubmed.ncbi.nlm.nih.gov/12345678
language = en
""",
    "Publish or Perish": """\
Cites = 3
Authors = J Doe, MA Roe
Title = The Patience of Moss
Year = 2020
Source = Journal of Moss
Publisher = Moss Press
ArticleURL = https://moss.example/7
CitesURL =
GSRank = 1
QueryDate = 2024-01-01
Type = PDF
DOI = 10.1000/moss
ISSN =
CitationURL =
Volume = 7
Issue = 2
StartPage = 101
EndPage = 115
ECC = 3
Abstract = Moss waits.
""",
    "EBSCO": """\
Article Title = The Patience of Moss
Author = Doe, Jane; Roe, Max
Journal Title = Journal of Moss
ISSN = 12345679
ISBN =
Publication Date = 20200307
Volume = 7
Issue = 2
First Page = 101
Page Count = 14
Accession Number = 140000001
DOI = 10.1000/moss
Publisher = Moss Press
Doctype = Article
Subjects = MOSS; WALLS
Keywords = moss
Abstract = Moss waits.
PLink = https://search.ebscohost.com/1
""",
    "ProQuest": """\
Title = The Patience of Moss
Abstract = Moss waits.
StoreId = 2400000001
ArticleType = Journal Article
AuthorAffiliation = North
Authors = Doe, Jane;Roe, Max
companies =
copyright = © 2020
documentType = Article
entryDate =
issn = 12345679
issue = 2
language = English
pages = 101-115
placeOfPublication = Tidewater
pubdate = Mar 7, 2020
pubtitle = Journal of Moss
volume = 7
year = 2020
DocumentURL = https://www.proquest.com/1
digitalObjectIdentifier = 10.1000/moss
subjects = Moss
startPage = 101
""",
    "ASReview": """\
record_id = 0
title = The Patience of Moss
abstract = Moss waits.
authors = Doe, Jane; Roe, Max
year = 2020
doi = 10.1000/moss
included = 1
""",
}
"""Names of columns, each with what stands below it."""


def as_csv(name: str) -> str:
    pairs = [line.partition(" =") for line in TABLES[name].splitlines()]
    stream = io.StringIO(newline="")
    table = csv.writer(stream, delimiter="\t" if "tabs" in name else ",")
    table.writerows([[pair[0] for pair in pairs], *[[pair[2].strip() for pair in pairs]] * 2])
    return (ABOUT if name == "Dimensions" else "") + stream.getvalue()


def read(text: str) -> Snapshot:
    form = detect(text.encode(), "export.csv")
    assert form.name == "csv"
    return form.read(text.encode(), "export.csv")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", TABLES)
def test_tables_of(name: str, mark: str) -> None:
    record, again = read(mark + as_csv(name)).records
    assert record.fields == again.fields
    assert (record.get("title"), record.get("year"), record.get("abstract") or "Moss waits.") == (
        "The Patience of Moss", "2020", "Moss waits.",
    )  # fmt: skip
    doi = "10.1109/MOSS.2020.1" if name == "IEEE Xplore" else "10.1000/moss"
    assert record.get("doi").removeprefix("https://doi.org/") == doi
    authors = {
        "Scopus": "Doe, Jane and Roe, Max", "PubMed": "Doe J and Roe MA", "Embase": "Doe J. and Roe M.A.",
        "IEEE Xplore": "J. Doe and M. A. Roe", "Lens": "Jane Doe and Max A. Roe", "OpenAlex": "Jane Doe and Max A. Roe",
        "Publish or Perish": "J Doe and MA Roe",
    }  # fmt: skip
    assert record.get("author") == authors.get(name, "Doe, Jane and Roe, Max")
    if name not in ("PubMed", "IEEE Xplore", "ASReview"):
        assert (record.type, record.get("journal").lower(), record.get("volume"), record.get("number")) == (
            "article", "journal of moss", "7", "2",
        )  # fmt: skip
        assert record.get("pages").replace("--", "-") == ("101" if name == "EBSCO" else "101-115")
    numbered = ("Scopus", "Web of Science", "PubMed", "Embase", "Dimensions", "Lens", "Rayyan", "OpenAlex")
    assert record.get("pmid") == ("12345678" if name.partition(",")[0] in numbered else "")


_KINDS = ("article", "journalarticle", "research", "conferences")  # what the type of the entry says too


def test_no_value_is_lost() -> None:
    for name, table in TABLES.items():
        record = read(as_csv(name)).records[0]
        kept = " ".join([record.id, record.type, *record.fields.values()]).lower()
        for line in table.splitlines():
            value = line.partition(" =")[2].strip()
            for word in value.lower().replace("-", " ").split():
                if word.strip(".,;()").isalpha() and len(word) > 5:
                    assert word.strip(".,;()") in kept or word in _KINDS, (name, line)


def test_a_column_fills_in_where_another_is_empty() -> None:
    snapshot = read(
        'Title,Number,Issue,Authors,Author full names\nMoss,,2,"Doe, J.; Roe, M.",\nKelp,3,,,"Poe, Ann; Moe, Mia"\n'
    )
    assert [record.get("number") for record in snapshot.records] == ["2", "3"]
    assert [record.get("author") for record in snapshot.records] == ["Doe, J. and Roe, M.", "Poe, Ann and Moe, Mia"]
    (told,) = snapshot.problems
    assert "'Issue' where number is empty, 'Authors' where author is empty" in told.message


def test_what_stands_above_the_names_of_columns_is_told() -> None:
    snapshot = read(as_csv("Dimensions"))
    assert [(problem.kind, problem.line) for problem in snapshot.problems] == [("note", 1), ("columns", 1)]
    assert snapshot.records[0].line == 3


def test_dimensions_as_a_spreadsheet() -> None:
    about, header, *rows = csv.reader(io.StringIO(as_csv("Dimensions"), newline=""))
    data = workbook([about, header, *([int(cell) if cell.isdecimal() else cell for cell in row] for row in rows)])
    form = detect(data, "export.xlsx")
    snapshot = form.read(data, "export.xlsx")
    assert form.name == "spreadsheet"
    assert [record.line for record in snapshot.records] == [3, 4]
    assert [record.fields for record in snapshot.records] == [
        record.fields for record in read(as_csv("Dimensions")).records
    ]


def test_embase_by_row() -> None:
    one = [
        '"TITLE","The Patience, of Moss"', '"AUTHOR NAMES","Doe J.","Roe M.A."', '"SOURCE TITLE","Journal of Moss"',
        '"PUBLICATION YEAR","2020"', '"VOLUME","7"', '"FIRST PAGE","101"', '"LAST PAGE","115"', '"DOI","10.1000/moss"',
        '"ABSTRACT","Moss waits.\nSo do we."', '"PUI","L2000000001"',
    ]  # fmt: skip
    snapshot = read("\ufeff" + "\r\n".join([*one, "", '"TITLE","Moss and Time"', '"ABSTRACT","It ""grows""."', ""]))
    record, other = snapshot.records
    assert (record.line, other.line, snapshot.problems) == (1, 13, ())
    assert (record.type, record.fields) == (
        "article",
        {
            "title": "The Patience, of Moss", "author": "Doe J. and Roe M.A.", "journal": "Journal of Moss",
            "year": "2020", "volume": "7", "doi": "10.1000/moss", "abstract": "Moss waits.\nSo do we.",
            "pui": "L2000000001", "pages": "101--115",
        },
    )  # fmt: skip
    assert other.fields == {"title": "Moss and Time", "abstract": 'It "grows".'}
    cut = read("\n".join(one[:6]) + '\n"ABSTRACT","Moss wa')
    assert [problem.fatal for problem in cut.problems] == [True]
    assert (cut.records[0].get("volume"), cut.records[0].get("abstract")) == ("7", "")


def test_springer() -> None:
    (record,) = read(
        "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,Publication Year,"
        "URL,Content Type\nThe Patience of Moss,Moss Days,Lecture Notes in Moss,,,10.1000/moss,Jane DoeMax (Mo) "
        "RoeJan van der PoeÉva McMoeAnn Roe,2020,https://moss.example/7,Conference paper\n"
    ).records
    assert record.get("author") == "Jane Doe and Max (Mo) Roe and Jan van der Poe and Éva McMoe and Ann Roe"
    assert (record.type, record.get("booktitle"), record.get("series"), record.get("doi")) == (
        "inproceedings", "Moss Days", "Lecture Notes in Moss", "10.1000/moss",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("date", "fields"),
    [
        ("2020-03-07", {"date": "2020-03-07"}),
        ("2020", {"date": "2020"}),
        ("20200307", {"year": "2020", "month": "March", "day": "7"}),
        ("7 Mar 2020", {"year": "2020", "month": "March", "day": "7"}),
        ("Mar 7, 2020", {"year": "2020", "month": "March", "day": "7"}),
        ("MAR", {"month": "March"}),
        ("Spring 2020", {"date": "Spring 2020"}),
    ],
)
def test_dates(date: str, fields: dict[str, str]) -> None:
    (record,) = read(f'Title,Date\nMoss,"{date}"\n').records
    assert record.fields == {"title": "Moss", **fields}
