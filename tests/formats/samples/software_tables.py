"""Tables of reference managers, screening tools and others as lines of a column's name and value."""

SOFTWARE_TABLES = {
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
