"""Exports in tagged formats; texts are invented."""

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

NBIB = """\

PMID- 12345678
OWN - NLM
STAT- MEDLINE
DP  - 2020 Mar 7
TI  - The patience of moss: a study
      of walls.
PG  - 101-15
LID - 10.1000/moss [doi]
AB  - BACKGROUND: Moss waits. METHODS: We
      waited too.
FAU - Doe, Jane A
AU  - Doe JA
AD  - North University, Tidewater.
FAU - Roe, Max
AU  - Roe M
CN  - Centre for Kelp and Moss
LA  - eng
PT  - Journal Article
PT  - Review
TA  - J Moss
JT  - Journal of moss
VI  - 7
IP  - 2
IS  - 1234-5679 (Electronic)
IS  - 0378-5955 (Print)
MH  - *Bryophyta/growth & development
OT  - moss, wall
PMC - PMC7654321
AID - S0000-01(20)1 [pii]
AID - 10.1000/moss [doi]
SO  - J Moss. 2020 Mar 7;7(2):101-15.
"""


WOS = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Doe, J
   Roe, M
AF Doe, Jane
   Roe, Max
TI The patience of moss: a study
   of walls
SO JOURNAL OF MOSS
LA English
DT Article
DE moss; walls, old
ID PATIENCE; STONE
AB Moss waits.
C1 [Doe, Jane] North Univ, Tidewater.
   [Roe, Max] South Univ, Ebb.
CR Poe E, 1999, J KELP, V1, P2
   Moe M, 2001, J KELP, V3, P4
TC 5
PU MOSS PRESS
PI TIDEWATER
SN 1234-5679
EI 0378-5955
J9 J MOSS
JI J. Moss
PD MAR 7
PY 2020
VL 7
IS 2
BP 101
EP 115
AR e17
DI 10.1000/moss
UT WOS:000000000000001
PM 12345678
ER

EF
"""


ENW = """\
%0 Journal Article
%T The Patience of Moss
%A Doe, Jane
%A Roe, Max
%J Journal of Moss
%V 7
%N 2
%P 101-115
%@ 1234-5679
%D 2020
%8 March 7
%R 10.1000/moss
%U https://moss.example/7
%X Moss waits.
%K moss
patience, long
%I Moss Press

%0 Book Section
%A Poe, Ann
%E Moe, Mia
%T A Leaf
%B The Book
%D 1999
"""
