"""PubMed's summary and abstract as text."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.pages import pubmed_text
from refsync.formats.registry import detect
from refsync.records import Snapshot

SUMMARY = """1. Doe J, Roe A, Poe E. Kelp in noise: a trial. J Kelp. 2024 Jan 5;3(1):1-9. doi: 10.5555/kelp.1. \
Epub 2023 Dec 1. PMID: 12345678; PMCID: PMC1234567.

2. Poe E. Does moss hear? Moss (Basel). 2023 Nov;16(3):e123. doi: 10.5555/moss.1. PMID: 12345679.

3. Lichen Study Group; Moe M, van der Noe A Jr, et al. [Lichen in towns]. Zentralbl Flechten. 1999;12(3-4):101-15. \
German. PMID: 2345678.

4. Goe T. Walls of Moss. In: MossPearls [Internet]. Mosstown (ML): MossPearls Publishing; 2024 Jan-. PMID: 33333333.

5. Quiet algae in 2020. J Kelp. 2021 Mar;4 Suppl 1:S1-S3. Online ahead of print. PMID: 3456789
"""
ABSTRACT = """1. J Kelp. 2024 Jan 5;3(1):1-9. doi: 10.5555/kelp.1. Epub 2023 Dec 1.

Kelp in noise: a randomised trial of the patience of kelp in twelve large tanks
in two towns.

Doe J(1), Roe A(2)(3), Poe E(#)(1).

Author information:
(1)Department of Kelp, University of Moss, Mosstown, Mossland.
(2)Institute of Lichen, Mosstown, Mossland. Electronic address:
roe@example.org.

Comment in
    J Kelp. 2024 Feb;3(2):10-11. doi: 10.5555/kelp.2.

BACKGROUND: Kelp bends with the tide.
METHODS: We measure in twelve tanks how fast it does
so.
RESULTS: It bends (P<0.05).

© 2024 The Authors. Published by Kelp Press.

DOI: 10.5555/kelp.1
PMCID: PMC1234567
PMID: 12345678 [Indexed for MEDLINE]

Conflict of interest statement: The authors own kelp.


2. Moss (Basel). 2023 Nov;16(3):e123.

[Quiet moss].

[Article in German]

Poe E.

Moss is quiet.

PMID: 12345679


3. J Kelp. 2020 May 1:1-2. doi: 10.5555/kelp.77. Online ahead of print.

Old kelp.

Moe M; Kelp Study Group.

DOI: 10.5555/kelp.77
PMID: 2222222
"""


def read(text: str) -> Snapshot:
    data = text.encode()
    form = detect(data, "pubmed.txt")
    assert form.name == "pubmedtext"
    return form.read(data, "pubmed.txt")


def wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(paragraph, 80) for paragraph in text.split("\n\n"))


@pytest.mark.parametrize(
    "text",
    [
        SUMMARY,
        SUMMARY.replace("\n", "\r\n"),
        wrapped(SUMMARY),
        SUMMARY.replace("1. ", "1: ").replace("\n2. ", "\n2: "),
        f"\ufeff{SUMMARY}",
    ],
)
def test_summary(text: str) -> None:
    one, two, three, four, five = read(text).records
    assert (one.type, dict(one.fields)) == (
        "article",
        {
            "title": "Kelp in noise: a trial.",
            "author": "Doe, J and Roe, A and Poe, E",
            "journal": "J Kelp",
            "year": "2024",
            "month": "January",
            "day": "5",
            "volume": "3",
            "number": "1",
            "pages": "1--9",
            "doi": "10.5555/kelp.1",
            "pmid": "12345678",
            "pmcid": "PMC1234567",
        },
    )
    assert (two.get("title"), two.get("author"), two.get("journal"), two.get("pages")) == (
        "Does moss hear?", "Poe, E", "Moss (Basel)", "e123",
    )  # fmt: skip
    assert three.get("author") == "{Lichen Study Group} and Moe, M and van der Noe, Jr, A and others"
    assert (three.get("title"), three.get("number"), three.get("pages")) == ("[Lichen in towns].", "3-4", "101--115")
    assert (four.type, four.get("title"), four.get("pmid")) == ("misc", "Walls of Moss", "33333333")
    assert four.get("note").startswith("In: MossPearls")
    assert (five.get("title"), five.get("author"), five.get("volume")) == ("Quiet algae in 2020.", "", "4 Suppl 1")


@pytest.mark.parametrize("text", [ABSTRACT, ABSTRACT.replace("\n", "\r\n"), f"\n{ABSTRACT}"])
def test_abstract(text: str) -> None:
    snapshot = read(text)
    one, two, three = snapshot.records
    assert snapshot.problems == ()
    assert one.get("title") == (
        "Kelp in noise: a randomised trial of the patience of kelp in twelve large tanks in two towns."
    )
    assert one.get("author") == "Doe, J and Roe, A and Poe, E"
    assert one.get("abstract") == (
        "BACKGROUND: Kelp bends with the tide. METHODS: We measure in twelve tanks how fast it does so. "
        "RESULTS: It bends (P<0.05)."
    )
    assert (one.get("pmid"), one.get("pmcid"), one.get("doi")) == ("12345678", "PMC1234567", "10.5555/kelp.1")
    assert (two.get("title"), two.get("language"), two.get("author"), two.get("abstract")) == (
        "[Quiet moss].", "German", "Poe, E", "Moss is quiet.",
    )  # fmt: skip
    assert (three.get("author"), three.get("abstract")) == ("Moe, M and {Kelp Study Group}", "")


def test_one_paper() -> None:
    for text, end in ((ABSTRACT, "\n\n\n"), (SUMMARY, "\n\n")):
        assert len(read(text.partition(end)[0]).records) == 1


def test_a_file_that_is_cut_off_is_not_whole() -> None:
    snapshot = read(ABSTRACT[: ABSTRACT.index("PMID: 2222222")])
    assert len(snapshot.records) == 3
    assert [(problem.line, problem.fatal) for problem in snapshot.problems] == [(43, True)]


def test_a_number_inside_an_abstract_begins_no_paper() -> None:
    text = ABSTRACT.replace(
        "Moss is quiet.", "Moss is quiet in\n3. Third place, as we found. It is.\n\n7. Seven of nine."
    )
    assert [record.get("pmid") for record in read(text).records] == ["12345678", "12345679", "2222222"]


def test_no_citation() -> None:
    with pytest.raises(SourceError, match="no citation with a PMID"):
        pubmed_text.read(b"1. Kelp in noise.\n", "x")


@given(st.text())
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for given_ in (text, f"1. {text}\nPMID: 1"):
        pubmed_text.sniff(given_.encode())
        try:
            pubmed_text.read(given_.encode(), "x")
        except SourceError:
            continue


@given(st.lists(st.integers(1, 99_999_999), min_size=1, max_size=8))
def test_each_citation_is_a_record(numbers: list[int]) -> None:
    text = "\n\n".join(f"{i}. Roe A. Kelp {n}. J Kelp. 2020;3:{i}. PMID: {n}." for i, n in enumerate(numbers, 1))
    assert [record.get("pmid") for record in read(text).records] == [str(n) for n in numbers]
