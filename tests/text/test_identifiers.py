"""Identifiers in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.identifiers import arxiv, arxiv_of_doi, doi, isbns, issns, pmcid, pmid
from refsync.text.pages import parse_pages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.5555/Moss.1", "10.5555/moss.1"),
        ("https://doi.org/10.5555/moss.1", "10.5555/moss.1"),
        ("http://dx.doi.org/10.5555%2Fmoss.1", "10.5555/moss.1"),
        ("doi: 10.5555/moss.1.", "10.5555/moss.1"),
        ("https://example.org/doi/10.5555/moss.1/full?x=1", "10.5555/moss.1"),
        ("(10.5555/moss(31)1)", "10.5555/moss(31)1"),
        (
            "10.1002/(SICI)1234-5678(199901)1:1<1::AID-M1>3.0.CO;2-X",
            "10.1002/(sici)1234-5678(199901)1:1<1::aid-m1>3.0.co;2-x",
        ),
        ("10.1101/2031.01.01.1234v2", "10.1101/2031.01.01.1234"),
        ("urn:doi:10.5555/moss.1", "10.5555/moss.1"),
        ("https://doi.org/https://doi.org/10.5555/moss.1", "10.5555/moss.1"),
        ("10.5555/moss.1,10.5555/moss.2", "10.5555/moss.1"),
        ("10.5555/moss\\_1", "10.5555/moss_1"),
        ("10.5555/{Moss}1", "10.5555/moss1"),
        ("10.5555/moss‐1\u200b", "10.5555/moss-1"),
        ("10.5555/moss%281%29", "10.5555/moss(1)"),
        ("10.1002/(SICI)1234-5678(199901)1:1&lt;1::M&gt;3.0.CO", "10.1002/(sici)1234-5678(199901)1:1<1::m>3.0.co"),
        ("10.5555/moss.1</a>", "10.5555/moss.1"),
        ("no identifier", ""),
        ("10.5555/", ""),
    ],
)
def test_doi(text: str, expected: str) -> None:
    assert doi(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv:2101.00001v3", "2101.00001"),
        ("https://arxiv.org/abs/2101.00001", "2101.00001"),
        ("http://arxiv.org/pdf/hep-th/9901001v1.pdf", "hep-th/9901001"),
        ("arXiv preprint arXiv:2101.00001", "2101.00001"),
        ("math.AG/0601001", "math/0601001"),
        ("2101.00001", "2101.00001"),
        ("arXiv:cond-mat.stat-mech/0601001v1", "cond-mat/0601001"),
        ("CoRR abs/2101.00001", "2101.00001"),
        ("arXiv:2101.00001v3 [cs.LG]", "2101.00001"),
        ("2113.00001", ""),
        ("2101.000010", ""),
        ("pages 2101", ""),
    ],
)
def test_arxiv(text: str, expected: str) -> None:
    assert arxiv(text, bare=True) == expected


def test_a_bare_number_is_arxiv_only_where_asked() -> None:
    assert arxiv("2101.00001") == ""
    assert arxiv_of_doi(doi("https://doi.org/10.48550/arXiv.2101.00001")) == "2101.00001"


def test_pubmed() -> None:
    assert pmid("0123456", bare=True) == "123456"
    assert pmid("https://pubmed.ncbi.nlm.nih.gov/123456/") == "123456"
    assert pmid("https://europepmc.org/article/MED/123456") == "123456"
    assert pmid("https://www.ncbi.nlm.nih.gov/pubmed?term=123456") == "123456"
    assert pmid("PubMed ID: 123456") == "123456"
    assert pmid("123456") == ""
    assert pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123456/") == "PMC123456"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0-306-40615-2", ("9780306406157",)),
        ("978-0-306-40615-7 (hbk), 0306406152", ("9780306406157",)),
        ("0-306-40615-3", ()),
        ("978−0−306−40615−7", ("9780306406157",)),
        ("９７８０３０６４０６１５７", ("9780306406157",)),
        ("080442957x", ("9780804429573",)),
        ("0000000000", ()),
        ("1111111111", ()),
        ("97803064061570", ()),
        ("1234", ()),
    ],
)
def test_isbn(text: str, expected: tuple[str, ...]) -> None:
    assert isbns(text) == expected


def test_issn() -> None:
    assert issns("0378-5955 (Print) \n1234-5678") == ("0378-5955",)
    assert issns("03785955") == issns("0378‑5955") == ("0378-5955",)
    assert issns("0000-0000") == ()


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    for read in (doi, arxiv, pmid, pmcid, isbns, issns, parse_pages):
        read(text)
    assert doi(doi(text)) == doi(text)
