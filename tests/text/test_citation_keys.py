"""Identifiers that are citation keys, and those that databases assign."""

import pytest

from refsync.text.citation_keys import can_be_citation_key, is_key_in_label, looks_like_citation_key


@pytest.mark.parametrize(
    "value",
    [
        "roe2020", "Roe2020kelp", "roe:kelp-moss_2", "RoePoe:1999a", "kelp", "van-der-Roe.2011", "2020roe", "Müller99",
        "DBLP:conf/kelp/Roe20", "roe202012", "item2020roe", "medina2004", "doi2bib", "cnnsurvey", "wosniak2001",
    ],
)  # fmt: skip
def test_citation_keys(value: str) -> None:
    assert looks_like_citation_key(value)


@pytest.mark.parametrize(
    "value",
    [
        "17", "0012345", "#3", "", "WOS:000123456700012", "ISI:A1996VX00012", "MEDLINE:12345678", "PMC1234567",
        "L2004567", "PMID:123", "CN-01234567", "ED123456", "EJ1234567", "rayyan-123456789", "ITEM-1", "item-12",
        "10.1000/kelp",
        "https://doi.org/10.1000/kelp", "http://zotero.org/users/1/items/ABCD2345", "12/ABCD2345", "ABCD2345",
        "2-s2.0-85012345678", "2101.00001", "arXiv:2101.00001", "hep-th/9901001", "W2741809807",
        "123e4567-e89b-12d3-a456-426614174000", "0123456789abcdef0123456789abcdef01234567", "Roe 2020", "a,b", "x{y}",
        "journals/kelp/Roe20", "S2", "r12", "k-3", "oai:kelp.example:12345", "urn:isbn:9780306406157",
    ],
)  # fmt: skip
def test_accession_numbers_and_addresses_are_not_citation_keys(value: str) -> None:
    assert not looks_like_citation_key(value)


def test_what_documents_cite_may_be_short() -> None:
    assert can_be_citation_key("a1")
    assert can_be_citation_key("x")
    assert not can_be_citation_key("ITEM-1")
    assert not can_be_citation_key("5")


def test_a_label_is_a_key_only_with_a_number() -> None:
    assert is_key_in_label("Roe2020")
    assert not is_key_in_label("Review")
    assert not is_key_in_label("2020")
