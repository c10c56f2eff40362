"""RIS as databases and reference managers export it; texts are invented."""

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

ZOTERO_RIS = (
    """\
TY  - JOUR
ID  - moss20
TI  - The Patience of Moss: a study
AU  - Doe, Jane
AU  - Roe, Max, Jr.
AU  - Centre for Kelp and Moss
T2  - Journal of Moss
J2  - J. Moss
AB  - Moss waits.
It waits long.
DA  - 2020/03/07/
PY  - 2020
DO  - 10.1000/moss
VL  - 7
IS  - 2
SP  - 101
EP  - 115
SN  - 1234-5679
UR  - https://moss.example/7
L1  - files/moss.pdf
LA  - en
KW  - moss
KW  - patience, long
XX  - a tag of their own
N1  - read twice
"""
    "ER  - \n\n"
)
