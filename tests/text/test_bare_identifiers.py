"""Identifiers without addresses, labels and LaTeX around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.bare_identifiers import bare_identifier
from refsync.text.identifiers import doi


@pytest.mark.parametrize(
    "value",
    [
        "10.1000/Ab_c", "https://doi.org/10.1000/Ab_c", "http://dx.doi.org/10.1000/Ab_c", "doi:10.1000/Ab_c",
        "DOI 10.1000/Ab_c", "doi.org/10.1000/Ab_c", "https://doi.org/10.1000%2FAb_c", r"10.1000/Ab{\_}c",
        r"10.1000/Ab\_c", r"\url{https://doi.org/10.1000/Ab_c}", "<https://doi.org/10.1000/Ab_c>",
        "info:doi/10.1000/Ab_c",
        "https://www.doi.org/10.1000/Ab_c?nosfx=y", "{10.1000/Ab_c}", r"\href{https://doi.org/10.1000/Ab_c}{link}",
        "urn:doi:10.1000/Ab_c", "  doi: 10.1000/Ab_c ", "https://doi.org/doi:10.1000/Ab_c",
        "https://doi-org.proxy.kelp.example/10.1000/Ab_c",
    ],
)  # fmt: skip
def test_dois_are_bare_and_keep_their_case(value: str) -> None:
    assert bare_identifier("doi", value) == "10.1000/Ab_c"


@pytest.mark.parametrize(
    "value",
    ["see 10.1000/x", "10.1000/x 10.1000/y", "forthcoming", "https://kelp.example/10.1000/x", "10.10/x", "100%", ""],
)
def test_other_values_are_unchanged(value: str) -> None:
    assert bare_identifier("doi", value) == value
    assert bare_identifier("title", value) == value


SICI = "10.5555/1520-0469(1995)052<4410:A>2.0.CO;2"


@pytest.mark.parametrize(
    "value",
    [
        SICI, f"https://doi.org/{SICI}", SICI.replace("<", "&lt;").replace(">", "&gt;"),
        SICI.replace("<", "$<$").replace(">", "$>$"), SICI.replace("<", r"{\textless}").replace(">", r"{\textgreater}"),
        SICI.replace("<", r"\textless{}").replace(">", r"\textgreater{}"), SICI.replace("<", "%3C").replace(">", "%3E"),
    ],
)  # fmt: skip
def test_sici_dois_are_whole(value: str) -> None:
    assert bare_identifier("doi", value) == SICI
    assert doi(value) == SICI.lower()


def test_sici_dois_of_two_papers_differ_and_markup_is_no_part_of_a_doi() -> None:
    assert doi(SICI) != doi(SICI.replace("4410", "4420"))
    assert doi("10.5555/KELP.1999<0001:TH>2.3.CO;2") == "10.5555/kelp.1999<0001:th>2.3.co;2"
    assert doi("<b>10.5555/kelp</b>") == "10.5555/kelp"
    assert doi("10.5555/kelp<br>2.0") == "10.5555/kelp"
    assert doi("<i>10.5555/1520-0469(1995)052</i>") == "10.5555/1520-0469(1995)052"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("eprint", "arXiv:2101.00001v2", "2101.00001v2"),
        ("eprint", "https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("eprint", "arXiv:2101.00001 [cs.CL]", "2101.00001"),
        ("eprint", "2101.00001", "2101.00001"),
        ("pmid", "PMID: 123", "123"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123/", "PMC123"),
        ("isbn", "ISBN: 978-0-306-40615-7", "978-0-306-40615-7"),
        ("isbn", "urn:isbn:9780306406157", "9780306406157"),
        ("issn", "ISSN 1234-5679", "1234-5679"),
        ("isbn", "978-0-306-40615-7 (pbk)", "978-0-306-40615-7 (pbk)"),
        ("url", r"\url{https://a.example/b_c}", "https://a.example/b_c"),
        ("url", r"https://a.example/b\_c\%20\&d\#e", "https://a.example/b_c%20&d#e"),
        ("url", r"https://a.example/\textasciitilde{}roe", "https://a.example/~roe"),
        ("url", "https://a.example/$x", "https://a.example/$x"),
        ("url", r"see \url{https://a.example} and more", r"see \url{https://a.example} and more"),
    ],
)
def test_other_identifiers_and_addresses(name: str, value: str, expected: str) -> None:
    assert bare_identifier(name, value) == expected


@given(st.sampled_from(["doi", "url", "eprint", "pmid", "isbn"]), st.text(max_size=60))
def test_the_function_is_idempotent(name: str, value: str) -> None:
    once = bare_identifier(name, value)
    assert bare_identifier(name, once) == once
