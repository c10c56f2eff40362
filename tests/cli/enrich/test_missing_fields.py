"""Which fields are filled."""

from typing import Any

import pytest

from tests.cli.enrich.papers import KELP, values
from tests.services_server import Server


@pytest.mark.parametrize(
    "entry",
    [
        "@article{a, title={K}, author={R}, year=1, doi={10.5555/k.1}, journal={J}, volume=1, number=1, pages=1}",
        "@article{a, title={K}, author={R}, date=2020, doi={10.5555/k.1}, journaltitle={J}, volume=1, issue=1, eid=1}",
        "@book{a, title = {K}, editor = {R}, year = 2020, doi = {10.5555/kelp.1}, volume = 1}",
        "@inproceedings{a, title = {K}, author = {R}, doi = {10.5555/kelp.1}, pages = 1, crossref = {b}}",
    ],
)
def test_complete_records_are_not_looked_up(enriched: Any, server: Server, entry: str) -> None:
    assert enriched(entry)["sought"] == 0
    assert server.log == []


def test_biblatex_gets_its_own_field_names(enriched: Any) -> None:
    result = enriched(
        "@article{a, title = {Kelp forests grow in the noise}, doi = {10.5555/kelp.1}, langid = {english}}"
    )
    assert values(result)["journaltitle"] == "Journal of Kelp Studies"
    assert values(result)["date"] == "2020"


def test_an_article_gets_no_booktitle(enriched: Any) -> None:
    result = enriched("@article{a, title = {Moss on northern walls}, doi = {10.5555/moss.2}}")
    assert not {"booktitle", "journal"} & values(result).keys()


def test_the_user_chooses_the_fields(enriched: Any) -> None:
    result = enriched(
        "@article{a, title = {Kelp forests grow in the noise of tides}, doi = {10.5555/kelp.1}}",
        "--fields",
        "abstract,publisher",
    )
    assert values(result) == {"abstract": KELP.abstract, "publisher": "Kelp Press"}


def test_differing_fields_are_listed_on_request(enriched: Any) -> None:
    entry = (
        "@article{a, title = {Kelp forests grow in the noise of tides}, author = {Roe, A. and Doe, J.}, year = 2019,"
        " journal = {Journal of Kelp Studies}, volume = 7, number = 2, pages = {1--9}, doi = {10.5555/kelp.1}}"
    )
    assert enriched(entry)["differing"] == []
    (row,) = enriched(entry, "--also-differing")["differing"]
    assert (row["field"], row["ours"], row["theirs"], row["from"]) == ("year", "2019", "2020", "crossref")
