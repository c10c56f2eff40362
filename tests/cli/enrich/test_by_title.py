"""Look-ups by title: what is accepted, pending or rejected."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.enrich.papers import KELP, TITLED, WHALE, values
from tests.services_server import Paper, Server


def test_authors_support_a_title(enriched: Any) -> None:
    result = enriched(TITLED)
    assert values(result)["doi"] == "10.5555/kelp.1"
    assert result["fills"][0]["by"] == "title"
    assert "author agree" in result["fills"][0]["why"]


def test_an_abstract_supports_a_title(enriched: Any) -> None:
    result = enriched(f"@article{{a, title = {{{KELP.title}}}, abstract = {{{KELP.abstract}}}}}")
    assert values(result)["author"] == "Roe, Ann and Doe, Jane"


def test_a_title_alone_is_pending(enriched: Any) -> None:
    result = enriched(f"@article{{a, title = {{{KELP.title}}}}}")
    assert values(result) == {}
    assert values(result, "pending")["doi"] == "10.5555/kelp.1"
    assert "neither authors nor an abstract" in result["fills"][0]["why"]


def test_accept_sets_the_probability(enriched: Any) -> None:
    assert values(enriched(TITLED, "--accept", "1.0")) == {}
    assert values(enriched(TITLED, "--accept", "0.5"))["doi"] == "10.5555/kelp.1"


@pytest.mark.parametrize(
    "other",
    [
        Paper(KELP.title, ["Lee, Kim", "Park, Sun"], 2020, "10.5555/x.1", journal="Journal of Baskets"),
        Paper(f"Erratum to: {KELP.title}", KELP.people, 2020, "10.5555/x.2", journal=KELP.journal),
        Paper(f"{KELP.title}, Part II", KELP.people, 2020, "10.5555/x.3", journal=KELP.journal),
        Paper(f"{KELP.title}: a reply", KELP.people, 2020, "10.5555/x.4", journal=KELP.journal),
        Paper("Kelp Forests Grow in the Silence of Tides", KELP.people, 2020, "10.5555/x.5", journal=KELP.journal),
    ],
    ids=lambda paper: paper.title[-20:],
)
def test_another_paper_with_a_similar_title_is_rejected(enriched: Any, server: Server, other: Paper) -> None:
    server.papers = [other]
    assert enriched(TITLED)["fills"] == []
    server.papers = [other, KELP]
    Path("caches/refsync/enrich/enrich.sqlite").unlink()
    assert values(enriched(TITLED))["doi"] == "10.5555/kelp.1"


def test_a_preprint_finds_its_published_form_by_title(enriched: Any, server: Server) -> None:
    server.papers = [WHALE]
    result = enriched(
        "@misc{a, title = {Learning to Hear Whales Across Harbours}, author = {Poe, Pat}, year = 2023,"
        " howpublished = {arXiv:2312.99999}}"
    )
    assert values(result) == {}
    assert [item["identifier"] for item in result["related"]] == ["10.5555/whale.3"]


def test_two_equal_matches_are_pending(enriched: Any, server: Server) -> None:
    server.papers = [KELP, Paper(**{**KELP.__dict__, "doi": "10.5556/kelp.1"})]
    result = enriched(TITLED)
    assert values(result) == {}
    assert "other records match as well" in result["fills"][0]["why"]


def test_another_year_is_pending(enriched: Any) -> None:
    result = enriched(TITLED.replace("}}", "}, year = 2019}"))
    assert values(result) == {}
    assert "the years differ: 2019 here, 2020 there" in result["fills"][0]["why"]


def test_a_paper_published_twice_is_pending(enriched: Any, server: Server) -> None:
    server.papers = [KELP, Paper(KELP.title, KELP.people, 2020, journal="Tidal Letters", volume="1", pages="77")]
    server.papers[1].at = ("openalex",)
    assert values(enriched(TITLED, "--service", "crossref"))["volume"] == "7"
    result = enriched(TITLED, "--service", "openalex")
    assert values(result) == {}
    assert "other records match as well" in result["fills"][0]["why"]


def test_short_titles_are_not_searched_for(enriched: Any, server: Server) -> None:
    enriched("@article{a, title = {Editorial}}")
    assert server.log == []


def test_services_are_asked_in_the_order_given_until_one_knows(enriched: Any, server: Server) -> None:
    enriched(TITLED, "--service", "openalex,arxiv")
    assert [request.path for request in server.log] == ["/openalex/works"]
    enriched("@article{a, title = {Nobody has written this paper yet}}", "--service", "arxiv,crossref", name="b.bib")
    assert [request.path for request in server.log[1:]] == ["/arxiv/query", "/crossref/works"]


@pytest.mark.parametrize(
    "entry",
    [
        r"@article{a, title={{\"U}ber die M{\"o}wen von Malm{\"o}}, author = {M{\"u}ller, J. and {\AA}str{\"o}m, S.}}",
        "@article{a, title = {Über die Möwen von Malmö}, author = {Müller, Jörg and Åström, Sören}}",
        "@article{a, title = {Uber die Mowen von Malmo}, author = {Muller, J. and Astrom, S.}}",
    ],
)
def test_spellings_of_letters_do_not_matter(enriched: Any, server: Server, entry: str) -> None:
    server.papers = [
        Paper(
            "Über die Möwen von Malmö",
            ["Müller, Jörg", "Åström, Sören"],
            2019,
            "10.5555/m.1",
            journal="Möwen & Meer",
        )
    ]
    result = enriched(entry)
    assert values(result)["journal"] == "Möwen & Meer"
    assert "\\" not in server.log[0].query["query.bibliographic"]
