"""PubMed's, Web of Science's and EndNote's tagged exports."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.tagged import enw, nbib, wos

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


def test_pubmed() -> None:
    snapshot = nbib.read(f"{NBIB}\n{NBIB.replace('12345678', '2')}".encode(), "a.nbib")
    one, two = snapshot.records
    assert snapshot.problems == ()
    assert (one.type, one.id, one.line, two.line) == ("article", "#1", 2, 35)
    assert one.fields == {
        "pmid": "12345678",
        "author": "Doe, Jane A and Roe, Max and {Centre for Kelp and Moss}",
        "title": "The patience of moss: a study of walls.",
        "journal": "Journal of moss",
        "shortjournal": "J Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--15",
        "abstract": "BACKGROUND: Moss waits. METHODS: We waited too.",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "pii": "S0000-01(20)1",
        "issn": "1234-5679, 0378-5955",
        "language": "eng",
        "keywords": "moss, wall; *Bryophyta/growth & development",
        "affiliation": "North University, Tidewater.",
        "pmcid": "PMC7654321",
        "nbib-own": "NLM",
        "nbib-stat": "MEDLINE",
        "nbib-pt": "Journal Article; Review",
        "nbib-so": "J Moss. 2020 Mar 7;7(2):101-15.",
    }


@pytest.mark.parametrize(
    ("text", "records", "words"),
    [
        (NBIB.replace("PMID- 12345678\n", ""), 1, "starts with OWN"),
        (NBIB + NBIB.lstrip(), 2, ""),
        (NBIB[:-20], 1, "if it was cut off"),
        (NBIB[: NBIB.index("AID")], 1, ""),
        (NBIB[: NBIB.index("AID") - 1], 1, "looks cut off"),
        ("Search results\n" + NBIB, 1, "outside any record"),
        (NBIB.replace("moss [doi]", "m\0oss [doi]", 1), 1, "NUL"),
        (NBIB.replace("\n", "\r\n"), 1, ""),
    ],
)
def test_damage_to_pubmed(text: str, records: int, words: str) -> None:
    snapshot = nbib.read(text.encode(), "a.nbib")
    assert [record.get("volume") for record in snapshot.records] == ["7"] * records
    assert [words in problem.message for problem in snapshot.problems] == [True] * bool(words)


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


def test_web_of_science() -> None:
    snapshot = wos.read(("\ufeff" + WOS).encode(), "savedrecs.txt")
    (record,) = snapshot.records
    assert snapshot.problems == ()
    assert (record.type, record.line) == ("article", 3)
    assert record.fields == {
        "author": "Doe, Jane and Roe, Max",
        "title": "The patience of moss: a study of walls",
        "journal": "JOURNAL OF MOSS",
        "shortjournal": "J. Moss",
        "ris-j9": "J MOSS",
        "language": "English",
        "ris-m3": "Article",
        "keywords": "moss; walls, old; PATIENCE; STONE",
        "abstract": "Moss waits.",
        "affiliation": "[Doe, Jane] North Univ, Tidewater.; [Roe, Max] South Univ, Ebb.",
        "publisher": "MOSS PRESS",
        "address": "TIDEWATER",
        "issn": "1234-5679, 0378-5955",
        "year": "2020",
        "month": "March",
        "day": "7",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "eid": "e17",
        "doi": "10.1000/moss",
        "accession": "WOS:000000000000001",
        "pmid": "12345678",
        "wos-cr": "Poe E, 1999, J KELP, V1, P2; Moe M, 2001, J KELP, V3, P4",
        "wos-tc": "5",
    }
    (unended,) = wos.read(WOS.removesuffix("EF\n").encode(), "a.txt").problems
    assert (unended.line, unended.kind, "no EF" in unended.message) == (3, "note", True)
    cut = wos.read((WOS + WOS[WOS.index("PT J") : -12]).encode(), "a.txt")
    assert len(cut.records) == 2
    assert [problem.fatal for problem in cut.problems] == [True]


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


def test_endnote_tagged() -> None:
    snapshot = enw.read(ENW.encode(), "a.enw")
    one, two = snapshot.records
    assert snapshot.problems == ()
    assert one.fields == {
        "author": "Doe, Jane and Roe, Max",
        "title": "The Patience of Moss",
        "journal": "Journal of Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "issn": "1234-5679",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "url": "https://moss.example/7",
        "abstract": "Moss waits.",
        "keywords": "moss; patience, long",
        "publisher": "Moss Press",
    }
    assert two.type == "incollection"
    assert two.fields == {
        "author": "Poe, Ann",
        "editor": "Moe, Mia",
        "title": "A Leaf",
        "booktitle": "The Book",
        "year": "1999",
    }


@pytest.mark.parametrize(
    ("text", "name"), [(NBIB, "nbib"), (WOS, "wos"), (WOS[WOS.index("PT") :], "wos"), (ENW, "enw")]
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_content_tells(text: str, name: str, mark: str) -> None:
    assert detect((mark + text).encode(), "export.txt").name == name


def test_a_last_record_that_is_cut_off() -> None:
    cut = enw.read((ENW + ENW[:60]).encode(), "a.enw")
    assert [(problem.line, problem.fatal, problem.kind) for problem in cut.problems] == [(25, True, "damage")]
    whole = enw.read((ENW + ENW.rstrip()).encode(), "a.enw")
    assert [(problem.fatal, problem.kind) for problem in whole.problems] == [(False, "note")]
    twice = nbib.read(f"{NBIB}\n{NBIB[: NBIB.index('AID')]}".encode(), "a.nbib")
    assert [(problem.line, problem.fatal) for problem in twice.problems] == [(35, True)]
    alone = wos.read(WOS[: WOS.index("PD MAR")].encode(), "a.txt")
    assert [(problem.line, problem.fatal) for problem in alone.problems] == [(3, True)]


@pytest.mark.parametrize("form", [nbib.FORMAT, wos.FORMAT, enw.FORMAT])
@pytest.mark.parametrize("data", [b"", b"<html><body>Sign in</body></html>", b"\0\1\2" * 40])
def test_nothing_to_read(form, data: bytes) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError):
        form.read(data, "a")
