"""Look-ups by DOI and arXiv number."""

import json
from typing import Any

import pytest

from refsync.cli import main
from tests.cli.enrich.papers import KELP, TITLED, WHALE, values
from tests.services_server import Paper, Server


def test_a_doi_fills_only_missing_fields(enriched: Any) -> None:
    result = enriched(
        "@article{a, title = {Kelp forests grow in the noise of tides}, year = 2019, doi = {10.5555/KELP.1}, volume=7}"
    )
    assert values(result) == {
        "author": "Roe, Ann and Doe, Jane",
        "journal": "Journal of Kelp Studies",
        "number": "2",
        "pages": "1-9",
    }
    fill = result["fills"][0]
    assert (fill["id"], fill["from"], fill["by"], fill["identifier"]) == ("a", "crossref", "doi", "10.5555/kelp.1")
    assert fill["url"] == "https://doi.org/10.5555/kelp.1"
    assert fill["probability"] > 0.9


def test_openalex_is_asked_for_dois_unknown_to_crossref(enriched: Any, server: Server) -> None:
    result = enriched("@inproceedings{a, title = {Moss on northern walls}, doi = {10.5555/moss.2}}")
    assert {fill["from"] for fill in result["fills"]} == {"openalex"}
    assert values(result)["booktitle"] == "Proceedings of the Moss Conference"
    assert [request.path for request in server.log] == [
        "/crossref/works/10.5555/moss.2",
        "/openalex/works/doi:10.5555/moss.2",
    ]


def test_a_published_version_is_related_not_filled_into_the_preprint(enriched: Any) -> None:
    result = enriched(
        "@misc{a, title = {Learning to hear whales across harbours}, eprint = {2301.00001}, archiveprefix = {arXiv}}"
    )
    assert values(result) == {"author": "Pat Poe", "year": "2023"}
    (version,) = result["related"]
    assert (version["relation"], version["ours"], version["identifier"]) == ("preprint-of", "first", "10.5555/whale.3")
    assert (version["venue"], version["year"], version["from"]) == ("Annals of Whales", "2024", "crossref")


@pytest.mark.parametrize(
    ("published", "identifier", "venue"),
    [
        ({"doi": "10.5555/new", "journal": "Annals of Whales"}, "10.5555/new", "Annals of Whales 3 (2024)"),
        ({"doi": "", "journal": "Annals of Whales"}, "", "Annals of Whales 3 (2024)"),
        ({"doi": "10.5555/new", "journal": ""}, "10.5555/new", ""),
    ],
)
def test_a_published_version_known_to_arxiv_alone_is_reported(
    enriched: Any, server: Server, capsys: pytest.CaptureFixture[str], published: Any, identifier: str, venue: str
) -> None:
    server.papers = [Paper(**{**WHALE.__dict__, **published, "at": ("arxiv",)})]
    entry = (
        "@misc{a, title = {Learning to hear whales across harbours}, eprint = {2301.00001}, archiveprefix = {arXiv}}"
    )
    result = enriched(entry)
    assert values(result) == {"author": "Pat Poe", "year": "2023"}
    (version,) = result["related"]
    assert (version["identifier"], version["venue"], version["from"]) == (identifier, venue, "arxiv")
    main(["enrich", "refs.bib"])
    assert f"refs.bib:a is a preprint of {identifier or venue}" in capsys.readouterr().out


def test_records_that_would_share_a_doi_are_noted(enriched: Any) -> None:
    result = enriched(
        TITLED + TITLED.replace("{a,", "{b,") + "@misc{c, title = {Kelp forests}, doi = {10.5555/kelp.1}}"
    )
    notes = [note["message"] for note in result["notes"] if note["id"] == "a"]
    assert [note.split(";")[0] for note in notes] == [
        "10.5555/kelp.1 is also the DOI of refs.bib:b",
        "10.5555/kelp.1 is also the DOI of refs.bib:c",
    ]


def test_a_published_entry_gets_its_doi_from_arxiv_and_its_journal_fields_from_crossref(enriched: Any) -> None:
    result = enriched(
        "@article{a, title = {Learning to hear whales across harbours}, author = {Poe, Pat}, eprint = {2301.00001},"
        " archiveprefix = {arXiv}, journal = {Annals of Whales}}"
    )
    assert values(result) == {"doi": "10.5555/whale.3", "year": "2024", "volume": "3", "pages": "5-6"}
    assert {fill["field"]: fill["from"] for fill in result["fills"]}["doi"] == "arxiv"


def test_a_doi_of_arxiv_is_an_arxiv_number(enriched: Any, server: Server) -> None:
    result = enriched("@misc{a, title = {Sleepless lighthouses and their keepers}, doi = {10.48550/arXiv.1901.00002}}")
    assert values(result) == {"author": "Pat Poe", "year": "2018"}
    assert {request.path for request in server.log} == {"/arxiv/query"}


def test_an_identifier_of_another_paper_is_noted(enriched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    result = enriched(
        "@article{a, title = {Basket weaving for seafarers}, author = {Lee, Kim}, doi = {10.5555/kelp.1}}"
    )
    assert result["fills"] == []
    (note,) = result["notes"]
    assert note["message"].startswith("10.5555/kelp.1 is another paper at crossref: 'Kelp Forests Grow")


def test_an_answer_for_another_doi_is_ignored(enriched: Any, server: Server) -> None:
    body = json.dumps({"status": "ok", "message": KELP.crossref() | {"DOI": "10.5555/other"}}).encode()
    server.fail("body", service="crossref", body=body)
    result = enriched("@article{a, title = {Kelp forests grow in the noise of tides}, doi = {10.5555/kelp.1}}")
    assert {fill["from"] for fill in result["fills"]} == {"openalex"}
    assert "10.5555/other" in result["notes"][0]["message"]


def test_a_wrong_doi_from_arxiv_is_pending(enriched: Any, server: Server) -> None:
    server.papers = [
        Paper("Sleepless Lighthouses", ["Poe, Pat"], doi="10.5555/kelp.1", arxiv="1901.00002", at=("arxiv",)),
        KELP,
    ]
    result = enriched(
        "@article{a, title = {Sleepless Lighthouses}, author = {Poe, Pat}, journal = {Annals of Light}, year = 2019,"
        " volume = 1, pages = {1--2}, number = 3, eprint = {1901.00002}, archiveprefix = {arXiv}}"
    )
    assert values(result) == {}
    assert values(result, "pending") == {"doi": "10.5555/kelp.1"}
    assert "is another paper at crossref" in result["fills"][0]["why"]


def test_a_list_of_identifiers_becomes_references(enriched: Any) -> None:
    result = enriched("10.5555/kelp.1\narXiv:1901.00002\n10.5555/moss.2\n", name="dois.txt")
    by_record = {(fill["index"], fill["field"]): fill["value"] for fill in result["fills"]}
    assert by_record[1, "type"] == "article"
    assert by_record[1, "title"] == KELP.title
    assert by_record[1, "journal"] == "Journal of Kelp Studies"
    assert by_record[2, "author"] == "Pat Poe"
    assert by_record[3, "type"] == "inproceedings"
    assert by_record[3, "booktitle"] == "Proceedings of the Moss Conference"
    assert {fill["state"] for fill in result["fills"]} == {"accepted"}


def test_a_cut_title_with_a_doi_is_pending(enriched: Any) -> None:
    result = enriched("@article{a, title = {Kelp}, doi = {10.5555/kelp.1}}")
    assert values(result) == {}
    assert values(result, "pending")["author"] == "Roe, Ann and Doe, Jane"


def test_control_characters_are_removed(enriched: Any, server: Server) -> None:
    server.papers = [Paper("Kelp \x1b[31mred\x07 forests", ["Roe, Ann"], doi="10.5555/kelp.1", journal="J\x9bK")]
    result = enriched("10.5555/kelp.1\n", name="dois.txt")
    assert values(result)["title"] == "Kelp  [31mred  forests"
    assert values(result)["journal"] == "J K"


def test_a_title_in_a_list_becomes_a_reference_too(enriched: Any) -> None:
    result = enriched("Kelp Forests Grow in the Noise of Tides, 10.5555/kelp.1\n", name="reading.txt")
    assert (values(result)["type"], values(result)["author"]) == ("article", "Roe, Ann and Doe, Jane")
