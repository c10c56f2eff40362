"""What the exports of databases and reference managers look like, each in its own way; all texts are invented."""

import pytest

from refsync.formats.registry import detect
from refsync.records import Record


def only(text: str, name: str = "export.txt") -> Record:
    data = text.encode()
    snapshot = detect(data, name).read(data, name)
    assert [problem for problem in snapshot.problems if problem.kind != "columns"] == []
    (record,) = snapshot.records
    return record


MENDELEY = """\
TY  - JOUR
T1  - The Patience of Moss
AU  - Doe, Jane
AU  - Roe, Max
Y1  - 2020/03/07/
PY  - 2020///
VL  - 7
IS  - 2
SP  - 101
EP  - 115
JF  - Journal of Moss
JO  - J. Moss
SN  - 12345679
UR  - https://moss.example/7;https://moss.example/8
L1  - file:///C:/Moss/moss.pdf
M3  - 10.1000/moss
DO  - 10.1000/moss
N2  - Moss waits.
KW  - moss
KW  - walls
ER  -
"""
SCOPUS = """\
\ufeffTY  - JOUR
TI  - The Patience of Moss
T2  - Journal of Moss
J2  - J. Moss
VL  - 7
IS  - 2
C7  - e17
PY  - 2020
DO  - 10.1000/moss
AU  - Doe, J.
AU  - Roe, M.
AD  - North University, Tidewater
AB  - Moss waits. © 2020 Moss Press. All rights reserved.
KW  - moss
KW  - walls
PB  - Moss Press
SN  - 12345679 (ISSN)
LA  - English
M3  - Article
DB  - Scopus
C2  - 12345678
N1  - Export Date: 05 May 2024; Cited By: 3
N1  - Correspondence Address: J. Doe; North University; email: doe@moss.example
UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-1
ER  -
"""
IEEE = """\
TY  - CONF
TI  - The Patience of Moss
T2  - 2020 MossConf
SP  - 101
EP  - 115
AU  - J. Doe
AU  - M. A. Roe
PY  - 2020
KW  - moss
DO  - 10.1109/MOSS.2020.1
JO  - 2020 MossConf
IS  -
SN  - 1234-5679
VO  -
VL  -
JA  - 2020 MossConf
Y1  - 15-17 March 2020
AB  - Moss waits.
ER  -
"""
EMBASE = """\
TY  - JOUR
M3  - Article
Y1  - 2020
VL  - 7
IS  - 2
SP  - 101-115
A1  - Doe, J.
A1  - Roe, M.
T1  - The Patience of Moss
JF  - Journal of Moss
JO  - J. Moss
SN  - 1234-5679
SN  - 0378-5955
U2  - L600000001
DB  - Embase
DB  - Medline
DO  - 10.1000/moss
UR  - https://www.embase.com/search/results?subaction=viewrecord&id=L600000001&from=export
UR  - https://doi.org/10.1000/moss
KW  - moss
N2  - Moss waits.
ER  -
"""
OVID_RIS = """\
1.
TY  - JOUR
DB  - APA PsycInfo
AN  - 2020-12345-001
ID  - 2020-12345-001
T1  - The Patience of Moss
A1  - Doe, Jane
A1  - Roe, Max
Y1  - 2020//
N2  - Moss waits. (PsycInfo Database Record (c) 2020 APA, all rights reserved)
KW  - *Moss
KW  - *Walls
JF  - Journal of Moss
VL  - 7
IS  - 2
SP  - No Pagination Specified
CY  - US
PB  - Moss Press
SN  - 1234-5679
DO  - https://dx.doi.org/10.1000/moss
UR  - https://ovidsp.ovid.com/ovidweb.cgi?T=JS&AN=2020-12345-001
ER  -

2.
"""
PROQUEST = """\
TY  - JOUR
T1  - The Patience of Moss
AN  - 2400000001; 2020-12345-001
AU  - Doe, Jane
AU  - Roe, Max
N1  - Name - Moss Society; Copyright - © 2020; Last updated - 2020-05-05
Y1  - 2020/03/07/
PY  - 2020
DA  - 2020 Mar 07
SP  - 101
EP  - 115
CY  - Tidewater
PB  - Moss Press
VL  - 7
IS  - 2
SN  - 1234-5679
KW  - Moss
JF  - Journal of Moss
JA  - Journal of Moss
UR  - https://www.proquest.com/docview/2400000001
L2  - https://link.example/moss
DO  - 10.1000/moss
ER  -
"""
COCHRANE_RIS = """\
Record #1 of 1
Provider: John Wiley & Sons, Ltd
Content: text/plain; charset="UTF-8"

TY  - JOUR
AN  - CN-00000001
TI  - The Patience of Moss
AU  - Doe J
AU  - Roe M
SO  - Journal of moss
YR  - 2020
VL  - 7
NO  - 2
PG  - 101-115
C3  - PUBMED 12345678
M3  - Journal article
KW  - *Moss
DOI  - 10.1000/moss
AB  - Moss waits.
US  - https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00000001/full
ER  -
"""
ENDNOTE = """\
TY  - JOUR
AB  - Moss waits.
Long.
AD  - North University
South University
AN  - 12345678
AU  - Doe, J. A.
AU  - Roe, M.
C2  - PMC7654321
DA  - Mar 7
DB  - Medline
DO  - 10.1000/moss
DP  - NLM
IS  - 2
KW  - moss
walls, old
*stone
N1  - First note
Second note
PY  - 2020
SN  - 1234-5679 (Electronic)
0378-5955 (Linking)
SP  - 101-15
ST  - The Patience of Moss
T2  - J Moss
TI  - The Patience of Moss
UR  - https://moss.example/7
https://moss.example/8
VL  - 7
ID  - 12
ER  -

"""
WOS_RIS = """\
TY  - JOUR
AU  - Doe, J
AU  - Roe, M
TI  - The Patience of Moss
T2  - JOURNAL OF MOSS
LA  - English
KW  - moss
AB  - Moss waits.
C1  - North Univ, Tidewater
C3  - North University
PU  - MOSS PRESS
PI  - TIDEWATER
SN  - 1234-5679
SN  - 0378-5955
J9  - J MOSS
JI  - J. Moss
DA  - MAR 7
PY  - 2020
VL  - 7
IS  - 2
SP  - 101
EP  - 115
C7  - e17
DO  - 10.1000/moss
AN  - WOS:000000000000001
N1  - Times Cited in Web of Science Core Collection:  3
Cited Reference Count:  20
ER  -
"""
JABREF = """\
TY  - JOUR
ID  - doe20
AU  - Doe, Jane; Roe, Max
T1  - The Patience of Moss
JO  - Journal of Moss
PY  - 2020
Y1  - 2020/03/07/
DA  - 2020/03/07/
VL  - 7
IS  - 2
SP  - 101
EP  - 115
DO  - 10.1000/moss
SN  - 1234-5679
KW  - moss
KW  - walls
ER  -
"""
RIS = {
    "mendeley": (
        MENDELEY, "Doe, Jane and Roe, Max", {"pages": "101--115", "month": "March", "shortjournal": "J. Moss"},
    ),
    "scopus": (
        SCOPUS, "Doe, J. and Roe, M.",
        {"eid": "e17", "pmid": "12345678", "issn": "12345679", "database": "Scopus"},
    ),
    "embase": (
        EMBASE, "Doe, J. and Roe, M.",
        {"pages": "101--115", "issn": "1234-5679, 0378-5955", "ris-u2": "L600000001"},
    ),
    "ovid": (OVID_RIS, "Doe, Jane and Roe, Max", {"keywords": "*Moss, *Walls", "accession": "2020-12345-001"}),
    "proquest": (PROQUEST, "Doe, Jane and Roe, Max", {"pages": "101--115", "month": "March", "day": "7"}),
    "cochrane": (
        COCHRANE_RIS, "Doe J and Roe M", {"pages": "101--115", "pmid": "12345678", "accession": "CN-00000001"},
    ),
    "endnote": (
        ENDNOTE,
        "Doe, J. A. and Roe, M.",
        {
            "pages": "101--15", "pmid": "12345678", "pmcid": "PMC7654321", "keywords": "moss; walls, old; *stone",
            "annote": "First note\nSecond note", "url": "https://moss.example/7", "abstract": "Moss waits.\nLong.",
            "issn": "1234-5679 (Electronic), 0378-5955 (Linking)", "month": "March", "day": "7",
        },
    ),
    "wos": (WOS_RIS, "Doe, J and Roe, M", {"pages": "101--115", "eid": "e17", "accession": "WOS:000000000000001"}),
    "jabref": (JABREF, "Doe, Jane and Roe, Max", {"pages": "101--115", "keywords": "moss, walls"}),
}  # fmt: skip


@pytest.mark.parametrize("name", RIS)
def test_ris_of(name: str) -> None:
    text, author, fields = RIS[name]
    for data in (text, text.replace("\n", "\r\n"), text.lstrip("\ufeff")):
        record = only(data, f"{name}.ris")
        assert (record.type, record.get("title"), record.get("author")) == ("article", "The Patience of Moss", author)
        assert {"year": "2020", "volume": "7", "number": "2", "doi": "10.1000/moss"}.items() <= {
            **record.fields, "doi": record.get("doi").rpartition("org/")[2] or record.get("doi")
        }.items()  # fmt: skip
        assert record.get("journal").lower() in ("journal of moss", "j moss")
        assert fields.items() <= record.fields.items()


def test_ris_of_ieee_xplore() -> None:
    record = only(IEEE, "ieee.ris")
    assert (record.type, record.get("author")) == ("inproceedings", "J. Doe and M. A. Roe")
    assert (record.get("booktitle"), record.get("year"), record.get("pages")) == ("2020 MossConf", "2020", "101--115")
    assert record.get("ris-y1") == "15-17 March 2020"


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        (["AU  - Doe, Jane; Roe, Max"], {"author": "Doe, Jane and Roe, Max"}),
        (["AU  - Doe, Jane and Roe, Max"], {"author": "Doe, Jane and Roe, Max"}),
        (["AU  - Jane Doe", "AU  - Roe M"], {"author": "Jane Doe and Roe M"}),
        (["AU  - Doe, J.A., Jr."], {"author": "Doe, Jr., J.A."}),
        (["AU  - Moss and Kelp Group"], {"author": "{Moss and Kelp Group}"}),
        (["PY  - 2019///"], {"year": "2019"}),
        (["PY  - 2019/03/07/Spring"], {"year": "2019", "ris-py": "2019/03/07/Spring"}),
        (["Y1  - 2019-03-07"], {"year": "2019", "month": "March", "day": "7"}),
        (["DA  - 7 March 2019"], {"year": "2019", "month": "March", "day": "7"}),
        (["N2  - Moss waits.", "AB  - Moss waits."], {"abstract": "Moss waits."}),
        (["UR  - https://a.example", "https://b.example"], {"url": "https://a.example", "ris-ur": "https://b.example"}),
        (["SP  - 101-115", "EP  - 115"], {"pages": "101--115"}),
        (["SP  - e17", "EP  - e17"], {"pages": "e17--e17"}),
        (["JO  - J. Moss", "T2  - Journal of Moss"], {"journal": "Journal of Moss", "shortjournal": "J. Moss"}),
        (["JA  - J. Moss"], {"journal": "J. Moss"}),
        (["L1  - a.pdf", "L2  - b", "L4  - c.png"], {"file": "a.pdf", "ris-l2": "b", "ris-l4": "c.png"}),
        (["KW  - moss; walls; stone"], {"keywords": "moss, walls, stone"}),
        (["AB  - Moss", "  waits."], {"abstract": "Moss\nwaits."}),
        (["TI  - The Patience", "of Moss"], {"title": "The Patience of Moss"}),
        (["DO  - doi:10.1000/moss"], {"doi": "doi:10.1000/moss"}),
        (["VO  - 7"], {"volume": "7"}),
    ],
)
def test_forms_of_ris(lines: list[str], fields: dict[str, str]) -> None:
    record = only("\n".join(["TY  - JOUR", *lines, "ER  - ", ""]), "a.ris")
    assert dict(record.fields) == fields


OVID_TAGS = """\
<1. >
VN  - Ovid Technologies
DB  - Embase
UI  - 600000001
ST  - CONFERENCE ABSTRACT
TI  - The Patience of Moss.
SO  - Moss Proceedings. Conference: 2nd Moss Conference. Spain. 12 (Supplement 3) (no pagination), 2018. Date: 2018.
AU  - Doe J.
AU  - Roe M.S.
IN  - (Doe, Roe) North University, Tidewater
      (Roe) South University
MH  - *moss
MH  - wall
AB  - Background: Moss waits.
Method(s): We waited too.
IS  - 1753-6561
DO  - http://dx.doi.org/10.1000/moss
LG  - English
PT  - Conference Abstract
YR  - 2018
CR  - Copyright 2018 Moss

<2. >
VN  - Ovid Technologies
DB  - Moss Previews
AN  - PREV1
AU  - Doe, Jane B. [Inventor, Reprint Author]
AU  - Roe, M. [Author]
TI  - Walls of Moss
SO  - Moss Ecology & Management. 201(2-3):327-334, November 15, 2004.
PT  - Article
"""
OVID_NAMES = """\
<1>
Unique Identifier
  17090001
Record Owner
  From MEDLINE
Title
  The patience of moss: a study
  of walls.
Source
  Journal of Moss. 7(2):101-15, 2020 Mar.
Authors
  Doe JA.  Roe M.
Authors Full Name
  Doe, Jane A.  Roe, Max.
Abstract
  BACKGROUND: Moss waits. METHODS: We

  waited too.
Digital Object Identifier
  10.1000/moss [doi]
Publication Type
  Journal Article.
MeSH Subject Headings
  *Bryophyta
  Walls

<2>
Unique Identifier
  17090002
Title
  Quiet kelp.
Source
  Kelp. 3:1-9, 1999.
Authors
  Poe A
"""
COCHRANE = """\
Record #1 of 2
ID: CN-00000001
AU: Doe J
AU: Roe M
TI: The patience of moss: a trial
SO: Journal of moss
YR: 2020
VL: 7
NO: 2
PG: 101-115
PM: PUBMED 12345678
XR: EMBASE 600000001
PT: Journal article
KY: *Bryophyta; Walls [growth]
DOI: 10.1000/moss
AB: Moss waits.
We waited too.
US: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00000001/full


Record #2 of 2
ID: CN-00000002
TI: Quiet kelp
YR: 1999
"""


def test_ovid_with_tags() -> None:
    form = detect(OVID_TAGS.encode(), "cites.ovd")
    one, two = form.read(OVID_TAGS.encode(), "cites.ovd").records
    assert (form.name, one.type, one.line, two.line) == ("ovid", "article", 1, 23)
    assert one.fields == {
        "author": "Doe J. and Roe M.S.",
        "title": "The Patience of Moss.",
        "journal": "Moss Proceedings",
        "volume": "12",
        "number": "Supplement 3",
        "year": "2018",
        "language": "English",
        "doi": "http://dx.doi.org/10.1000/moss",
        "database": "Embase",
        "issn": "1753-6561",
        "abstract": "Background: Moss waits.\nMethod(s): We waited too.",
        "keywords": "*moss, wall",
        "affiliation": "(Doe, Roe) North University, Tidewater; (Roe) South University",
        "accession": "600000001",
        "ovid-st": "CONFERENCE ABSTRACT",
        "ovid-so": "Moss Proceedings. Conference: 2nd Moss Conference. Spain. 12 (Supplement 3) (no pagination), 2018. "
        "Date: 2018.",
        "ovid-pt": "Conference Abstract",
        "ovid-cr": "Copyright 2018 Moss",
    }
    assert (two.get("author"), two.get("journal"), two.get("volume"), two.get("number"), two.get("pages")) == (
        "Doe, Jane B. and Roe, M.", "Moss Ecology & Management", "201", "2-3", "327--334",
    )  # fmt: skip
    assert two.get("year") == "2004"


def test_ovid_with_names_of_fields() -> None:
    form = detect(OVID_NAMES.encode(), "cites.txt")
    snapshot = form.read(OVID_NAMES.encode(), "cites.txt")
    assert (form.name, snapshot.problems) == ("ovid", ())
    one, two = snapshot.records
    assert one.fields == {
        "author": "Doe, Jane A. and Roe, Max",
        "title": "The patience of moss: a study of walls.",
        "journal": "Journal of Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--15",
        "year": "2020",
        "doi": "10.1000/moss",
        "abstract": "BACKGROUND: Moss waits. METHODS: We waited too.",
        "keywords": "*Bryophyta, Walls",
        "accession": "17090001",
        "ovid-record-owner": "From MEDLINE",
        "ovid-so": "Journal of Moss. 7(2):101-15, 2020 Mar.",
        "ovid-pt": "Journal Article.",
    }
    assert (two.get("author"), two.get("journal"), two.get("pages")) == ("Poe A", "Kelp", "1--9")


def test_cochrane() -> None:
    form = detect(COCHRANE.encode(), "citation-export.txt")
    snapshot = form.read(COCHRANE.encode(), "citation-export.txt")
    assert (form.name, snapshot.problems) == ("cochrane", ())
    one, two = snapshot.records
    assert one.fields == {
        "author": "Doe J and Roe M",
        "title": "The patience of moss: a trial",
        "journal": "Journal of moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "year": "2020",
        "doi": "10.1000/moss",
        "url": "https://www.cochranelibrary.com/central/doi/10.1002/central/CN-00000001/full",
        "abstract": "Moss waits.\nWe waited too.",
        "keywords": "*Bryophyta, Walls [growth]",
        "accession": "CN-00000001",
        "pmid": "12345678",
        "cochrane-xr": "EMBASE 600000001",
        "cochrane-pt": "Journal article",
    }
    assert two.fields == {"title": "Quiet kelp", "year": "1999", "accession": "CN-00000002"}
    cut = form.read(COCHRANE[: COCHRANE.index("Record #2")].encode(), "citation-export.txt")
    assert [(problem.message[:43], problem.fatal) for problem in cut.problems] == [
        ("the file announces 2 records, and has 1; it", True)
    ]


def test_bibtex_of_the_cochrane_library() -> None:
    text = "Record #1 of 1\n@article{Doe20,\nauthor = {Doe, J and Roe, M},\ntitle = {Moss},\nYear = {2020}\n}\n"
    record = only(text, "citation-export.bib")
    assert (record.id, record.get("author"), record.get("year")) == ("Doe20", "Doe, J and Roe, M", "2020")
