"""`refsync enrich`: what is proposed for a library, what is not, and what is said."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.enrich import connection
from tests.enrich.test_services import Time
from tests.services_server import Paper, Server, services_server

KELP = Paper(
    "Kelp Forests Grow in the Noise of Tides", ["Roe, Ann", "Doe, Jane"], 2020, "10.5555/kelp.1",
    journal="Journal of Kelp Studies", volume="7", number="2", pages="1-9",
    abstract="We listen to kelp forests for a year and find that they grow where the tides are loud and dark.",
)  # fmt: skip
MOSS = Paper(
    "Moss on Northern Walls", ["Müller, Jörg", "Harbour Group"], 2021, "10.5555/moss.2",
    book="Proceedings of the Moss Conference", pages="11-19", at=("openalex",),
)  # fmt: skip
WHALE = Paper(
    "Learning to Hear Whales Across Harbours", ["Poe, Pat"], 2024, "10.5555/whale.3", "2301.00001",
    journal="Annals of Whales", volume="3", pages="5-6",
)  # fmt: skip
LIGHT = Paper("Sleepless Lighthouses and their Keepers", ["Poe, Pat"], 2019, arxiv="1901.00002")
PAPERS = [KELP, MOSS, WHALE, LIGHT]
TITLED = "@article{a, title = {Kelp Forests Grow in the Noise of Tides}, author = {Roe, Ann and Doe, Jane}}"


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    passing = Time()
    monkeypatch.setattr(connection, "Clock", lambda: passing.clock)
    return passing


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Services that know some papers, and an empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFSYNC_CONTACT", "me@example.org")
    with services_server(PAPERS) as running:
        for name in ("crossref", "openalex", "arxiv"):
            monkeypatch.setenv(f"REFSYNC_{name.upper()}_URL", running.url(name))
        yield running


Enriched = dict[str, Any]


@pytest.fixture
def enriched(capsys: pytest.CaptureFixture[str]) -> Any:
    """Enrich the text of a file, and give the JSON that is printed."""

    def run(text: str, *options: str, name: str = "refs.bib", code: int = 0) -> Enriched:
        Path(name).write_text(text, encoding="utf-8")
        capsys.readouterr()
        assert main(["enrich", name, "--format", "json", *options]) == code
        result: Enriched = json.loads(capsys.readouterr().out)
        assert result["schema"] == "refsync.enrich/1"
        return result

    return run


def values(result: Enriched, state: str = "accepted") -> dict[str, str]:
    return {fill["field"]: fill["value"] for fill in result["fills"] if fill["state"] == state}


# By identifier


def test_a_doi_brings_what_is_missing_and_nothing_else(enriched: Any) -> None:
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


def test_what_crossref_does_not_have_openalex_may(enriched: Any, server: Server) -> None:
    result = enriched("@inproceedings{a, title = {Moss on northern walls}, doi = {10.5555/moss.2}}")
    assert {fill["from"] for fill in result["fills"]} == {"openalex"}
    assert values(result)["booktitle"] == "Proceedings of the Moss Conference"
    assert [request.path for request in server.log] == [
        "/crossref/works/10.5555/moss.2",
        "/openalex/works/doi:10.5555/moss.2",
    ]


def test_arxiv_tells_the_published_form_which_is_no_fill_of_the_preprint(enriched: Any) -> None:
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
def test_what_arxiv_alone_knows_of_the_published_form_is_told(
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


def test_two_records_that_get_one_doi_are_told(enriched: Any) -> None:
    result = enriched(
        TITLED + TITLED.replace("{a,", "{b,") + "@misc{c, title = {Kelp forests}, doi = {10.5555/kelp.1}}"
    )
    notes = [note["message"] for note in result["notes"] if note["id"] == "a"]
    assert [note.split(" too")[0] for note in notes] == [
        "10.5555/kelp.1 is that of refs.bib:b",
        "10.5555/kelp.1 is that of refs.bib:c",
    ]


def test_a_published_entry_gets_its_doi_from_arxiv_and_its_place_from_crossref(enriched: Any) -> None:
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


def test_an_identifier_of_another_paper_is_told(enriched: Any, capsys: pytest.CaptureFixture[str]) -> None:
    result = enriched(
        "@article{a, title = {Basket weaving for seafarers}, author = {Lee, Kim}, doi = {10.5555/kelp.1}}"
    )
    assert result["fills"] == []
    (note,) = result["notes"]
    assert note["message"].startswith("10.5555/kelp.1 is another paper at crossref: 'Kelp Forests Grow")


def test_an_answer_for_another_doi_is_passed_over(enriched: Any, server: Server) -> None:
    body = json.dumps({"status": "ok", "message": KELP.crossref() | {"DOI": "10.5555/other"}}).encode()
    server.fail("body", service="crossref", body=body)
    result = enriched("@article{a, title = {Kelp forests grow in the noise of tides}, doi = {10.5555/kelp.1}}")
    assert {fill["from"] for fill in result["fills"]} == {"openalex"}
    assert "10.5555/other" in result["notes"][0]["message"]


def test_a_doi_that_arxiv_has_wrong_is_for_a_person_to_accept(enriched: Any, server: Server) -> None:
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


def test_a_cut_title_under_its_doi_is_for_a_person(enriched: Any) -> None:
    result = enriched("@article{a, title = {Kelp}, doi = {10.5555/kelp.1}}")
    assert values(result) == {}
    assert values(result, "pending")["author"] == "Roe, Ann and Doe, Jane"


def test_what_a_terminal_would_obey_is_left_out(enriched: Any, server: Server) -> None:
    server.papers = [Paper("Kelp \x1b[31mred\x07 forests", ["Roe, Ann"], doi="10.5555/kelp.1", journal="J\x9bK")]
    result = enriched("10.5555/kelp.1\n", name="dois.txt")
    assert values(result)["title"] == "Kelp  [31mred  forests"
    assert values(result)["journal"] == "J K"


def test_a_title_in_a_list_becomes_a_reference_too(enriched: Any) -> None:
    result = enriched("Kelp Forests Grow in the Noise of Tides, 10.5555/kelp.1\n", name="reading.txt")
    assert (values(result)["type"], values(result)["author"]) == ("article", "Roe, Ann and Doe, Jane")


# By title


def test_a_title_is_borne_out_by_authors(enriched: Any) -> None:
    result = enriched(TITLED)
    assert values(result)["doi"] == "10.5555/kelp.1"
    assert result["fills"][0]["by"] == "title"
    assert "author agree" in result["fills"][0]["why"]


def test_a_title_is_borne_out_by_an_abstract(enriched: Any) -> None:
    result = enriched(f"@article{{a, title = {{{KELP.title}}}, abstract = {{{KELP.abstract}}}}}")
    assert values(result)["author"] == "Roe, Ann and Doe, Jane"


def test_a_title_alone_waits_for_a_person(enriched: Any) -> None:
    result = enriched(f"@article{{a, title = {{{KELP.title}}}}}")
    assert values(result) == {}
    assert values(result, "pending")["doi"] == "10.5555/kelp.1"
    assert "neither authors nor an abstract" in result["fills"][0]["why"]


def test_how_sure_is_sure_enough_is_the_users(enriched: Any) -> None:
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
def test_another_paper_with_such_a_title_is_not_taken(enriched: Any, server: Server, other: Paper) -> None:
    server.papers = [other]
    assert enriched(TITLED)["fills"] == []
    server.papers = [other, KELP]
    Path(".refsync/cache/enrich.sqlite").unlink()
    assert values(enriched(TITLED))["doi"] == "10.5555/kelp.1"


def test_a_preprint_finds_its_published_form_by_title(enriched: Any, server: Server) -> None:
    server.papers = [WHALE]
    result = enriched(
        "@misc{a, title = {Learning to Hear Whales Across Harbours}, author = {Poe, Pat}, year = 2023,"
        " howpublished = {arXiv:2312.99999}}"
    )
    assert values(result) == {}
    assert [item["identifier"] for item in result["related"]] == ["10.5555/whale.3"]


def test_two_that_are_as_like_are_for_a_person(enriched: Any, server: Server) -> None:
    server.papers = [KELP, Paper(**{**KELP.__dict__, "doi": "10.5556/kelp.1"})]
    result = enriched(TITLED)
    assert values(result) == {}
    assert "others are as like it" in result["fills"][0]["why"]


def test_another_year_is_for_a_person(enriched: Any) -> None:
    result = enriched(TITLED.replace("}}", "}, year = 2019}"))
    assert values(result) == {}
    assert "the years differ: 2019 here, 2020 there" in result["fills"][0]["why"]


def test_a_paper_that_came_out_twice_is_for_a_person(enriched: Any, server: Server) -> None:
    server.papers = [KELP, Paper(KELP.title, KELP.people, 2020, journal="Tidal Letters", volume="1", pages="77")]
    server.papers[1].at = ("openalex",)
    assert values(enriched(TITLED, "--service", "crossref"))["volume"] == "7"
    result = enriched(TITLED, "--service", "openalex")
    assert values(result) == {}
    assert "others are as like it" in result["fills"][0]["why"]


def test_short_titles_are_not_sought(enriched: Any, server: Server) -> None:
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
def test_letters_may_be_spelt_in_any_way(enriched: Any, server: Server, entry: str) -> None:
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


# What is lacking


@pytest.mark.parametrize(
    "entry",
    [
        "@article{a, title={K}, author={R}, year=1, doi={10.5555/k.1}, journal={J}, volume=1, number=1, pages=1}",
        "@article{a, title={K}, author={R}, date=2020, doi={10.5555/k.1}, journaltitle={J}, volume=1, issue=1, eid=1}",
        "@book{a, title = {K}, editor = {R}, year = 2020, doi = {10.5555/kelp.1}, volume = 1}",
        "@inproceedings{a, title = {K}, author = {R}, doi = {10.5555/kelp.1}, pages = 1, crossref = {b}}",
    ],
)
def test_what_is_whole_is_not_looked_up(enriched: Any, server: Server, entry: str) -> None:
    assert enriched(entry)["sought"] == 0
    assert server.log == []


def test_biblatex_gets_its_own_words(enriched: Any) -> None:
    result = enriched(
        "@article{a, title = {Kelp forests grow in the noise}, doi = {10.5555/kelp.1}, langid = {english}}"
    )
    assert values(result)["journaltitle"] == "Journal of Kelp Studies"
    assert values(result)["date"] == "2020"


def test_an_article_gets_no_book(enriched: Any) -> None:
    result = enriched("@article{a, title = {Moss on northern walls}, doi = {10.5555/moss.2}}")
    assert not {"booktitle", "journal"} & values(result).keys()


def test_fields_are_the_users(enriched: Any) -> None:
    result = enriched(
        "@article{a, title = {Kelp forests grow in the noise of tides}, doi = {10.5555/kelp.1}}",
        "--fields",
        "abstract,publisher",
    )
    assert values(result) == {"abstract": KELP.abstract, "publisher": "Kelp Press"}


def test_what_differs_is_listed_where_it_is_asked_for(enriched: Any) -> None:
    entry = (
        "@article{a, title = {Kelp forests grow in the noise of tides}, author = {Roe, A. and Doe, J.}, year = 2019,"
        " journal = {Journal of Kelp Studies}, volume = 7, number = 2, pages = {1--9}, doi = {10.5555/kelp.1}}"
    )
    assert enriched(entry)["differing"] == []
    (row,) = enriched(entry, "--also-differing")["differing"]
    assert (row["field"], row["ours"], row["theirs"], row["from"]) == ("year", "2019", "2020", "crossref")


# Asking, and what is said


def test_a_second_run_sends_nothing(enriched: Any, server: Server) -> None:
    library = TITLED + "@misc{b, title = {Nobody knows this paper at all}, doi = {10.5555/no}, eprint = {2301.00001}}"
    first = enriched(library)
    asked = len(server.log)
    second = enriched(library)
    assert len(server.log) == asked == first["requests"]
    assert second["requests"] == 0
    assert second["fills"] == first["fills"]
    assert Path(".refsync/.gitignore").read_text() == "*\n"


def test_offline_sends_nothing(enriched: Any, server: Server) -> None:
    nothing = enriched(TITLED, "--offline")
    assert (nothing["fills"], nothing["left_out"]) == ([], 3)
    assert server.log == []
    enriched(TITLED)
    asked = len(server.log)
    assert values(enriched(TITLED, "--offline", "--max-age", "0"))["doi"] == "10.5555/kelp.1"
    assert len(server.log) == asked


def test_no_other_command_asks(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(TITLED)
    for arguments in (
        ["run", "refs.bib"],
        ["dedupe", "refs.bib"],
        ["check", "refs.bib"],
        ["convert", "refs.bib", "-o", "b.json"],
    ):
        main(arguments)
    assert server.log == []


def test_a_library_is_asked_for_in_batches(enriched: Any, server: Server) -> None:
    server.papers = [
        Paper(f"Study number {n} of the tides", ["Poe, Pat"], doi=f"10.5555/t.{n}", journal="Tides") for n in range(100)
    ]
    library = "".join(
        f"@article{{k{n}, title = {{Study number {n} of the tides}}, doi = {{10.5555/t.{n}}}}}\n" for n in range(100)
    )
    assert enriched(library)["found"] == 100
    assert len(server.log) == 3


def test_one_service_that_fails_spoils_nothing(
    enriched: Any, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fail("500", service="crossref", times=99)
    library = (
        TITLED
        + "@misc{b, title = {Sleepless lighthouses and their keepers}, eprint = {1901.00002}, eprinttype = {arxiv}}"
    )
    result = enriched(library, code=3)
    assert {fill["from"] for fill in result["fills"]} == {"openalex", "arxiv"}
    (failure,) = result["failures"]
    assert (failure["from"], failure["lookups"]) == ("crossref", 1)
    server.heal()
    assert main(["enrich", "refs.bib"]) == 0  # it is well again, and the rest is in the cache
    server.fail("403", service="crossref", times=99)
    Path(".refsync/cache/enrich.sqlite").unlink()
    assert main(["enrich", "refs.bib"]) == 3
    assert "refsync: error: 1 look-up failed: Crossref refuses us (403)" in capsys.readouterr().err


def test_a_doi_that_could_not_be_asked_for_is_not_sought_by_title(enriched: Any, server: Server) -> None:
    server.fail("500", times=999)
    enriched("@article{a, title = {Kelp forests grow in the noise of tides}, doi = {10.5555/kelp.1}}", code=3)
    assert not any("query.bibliographic" in request.query for request in server.log)


def test_an_interrupt_says_how_to_go_on(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("refs.bib").write_text(TITLED)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("refsync.enrich.services.Crossref.ask", interrupted)
    assert main(["enrich", "refs.bib"]) == 130
    assert "run it again to go on" in capsys.readouterr().err


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(TITLED)
    assert main(["enrich", "refs.bib"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["record", "field", "value", "from", "p"]
    assert out[1].split() == ["refs.bib:a", "year", "2020", "crossref", "0.980", "accepted"]
    assert any(line.startswith("values proposed") and line.endswith("6 accepted, 0 pending") for line in out)


def test_who_gives_no_address_is_told_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFSYNC_CONTACT")
    Path("refs.bib").write_text(TITLED)
    main(["enrich", "refs.bib"])
    assert capsys.readouterr().err.count("no contact address") == 1
    Path("refsync.toml").write_text('[enrich]\ncontact = "lab@example.org"\nmax-age = 0\n')
    main(["enrich", "refs.bib"])
    assert "contact" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["refs.bib", "--service", "crosref"], "unknown 'crosref'"),
        (["refs.bib", "--fields", "titel"], "unknown 'titel'"),
        (["refs.bib", "--accept", "95"], "a probability"),
        (["refs.bib", "--contact", "me"], "an e-mail address"),
        (["refs.bib", "--max-age", "-1"], "0 or more"),
        (["zotero:user/1"], "refsync pull"),
        (["refs.bib", "--plan", "refs.bib"], "written to a file ending in .json"),
        (["refs.bib", "--plan", "no/plan.json"], "there is no folder"),
        (["none.bib"], "no such file"),
    ],
)
def test_what_cannot_be_is_told(
    arguments: list[str], told: str, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("refs.bib").write_text(TITLED)
    assert main(["enrich", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert server.log == []


def test_the_cache_may_stand_elsewhere(enriched: Any, server: Server) -> None:
    Path("refsync.toml").write_text('[enrich]\ncache = "shared"\n')
    os.mkdir("inner")
    enriched(TITLED, name="inner/refs.bib")
    assert Path("shared/enrich.sqlite").is_file()
    assert not Path("inner/.refsync").exists()


# The plan, and carrying it out

MINE = """\
% my thesis; do not sort
@string{jks = {Journal of Kelp Studies}}

@Article{ roe2020,
  title   = "Kelp Forests Grow in the Noise of Tides",
  AUTHOR  = "Roe, Ann and Doe, Jane",
  doi     = {},
  journal = jks,   % as we know it
}

@inproceedings{moss, title = {Moss on northern walls}, doi = {10.5555/moss.2}}
@article{alone, title = {Sleepless dogs on the walls of harbours}
}
"""
FILLED = """\
% my thesis; do not sort
@string{jks = {Journal of Kelp Studies}}

@Article{ roe2020,
  title   = "Kelp Forests Grow in the Noise of Tides",
  AUTHOR  = "Roe, Ann and Doe, Jane",
  doi     = {10.5555/kelp.1},
  journal = jks,   % as we know it
  year    = "2020",
  volume  = "7",
  number  = "2",
  pages   = "1--9",
}

@inproceedings{moss, title = {Moss on northern walls}, doi = {10.5555/moss.2}, author = {Jörg Müller and {Harbour Group}}, year = {2021}, booktitle = {Proceedings of the Moss Conference}, pages = {11--19}}
@article{alone, title = {Sleepless dogs on the walls of harbours}
}
"""  # noqa: E501


def planned(text: str = MINE, *options: str, name: str = "refs.bib") -> dict[str, Any]:
    Path(name).write_text(text, encoding="utf-8")
    assert main(["enrich", name, "--plan", "plan.json", "-q", *options]) == 0
    result: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return result


def change_plan(change: Any) -> None:
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    change(plan)
    Path("plan.json").write_text(json.dumps(plan), encoding="utf-8")


def test_a_plan_writes_nothing_and_applying_it_only_what_was_missing() -> None:
    planned()
    assert Path("refs.bib").read_text() == MINE
    assert main(["apply", "plan.json"]) == 0
    assert Path("refs.bib").read_text() == FILLED
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text() == MINE


def test_an_applied_plan_leaves_nothing_to_propose(enriched: Any) -> None:
    planned()
    main(["apply", "plan.json"])
    assert enriched(Path("refs.bib").read_text())["fills"] == []


def test_only_what_is_accepted_is_written() -> None:
    planned()

    def decide(plan: dict[str, Any]) -> None:
        for fill in plan["fills"]:
            fill["state"] = "accepted" if fill["field"] == "year" else "rejected"

    change_plan(decide)
    assert main(["apply", "plan.json"]) == 0
    text = Path("refs.bib").read_text()
    assert text.replace('  year    = "2020",\n', "").replace(", year = {2021}", "") == MINE
    assert text != MINE


def test_what_is_pending_is_written_when_it_is_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    plan = planned(f"@article{{a, title = {{{KELP.title}}}}}")
    assert {fill["state"] for fill in plan["fills"]} == {"pending"}
    assert main(["apply", "plan.json"]) == 0
    assert "7 values pending, left out: `refsync review plan.json` asks about them" in capsys.readouterr().out
    assert "10.5555" not in Path("refs.bib").read_text()
    change_plan(lambda plan: [fill.update(state="accepted") for fill in plan["fills"]])
    assert main(["apply", "plan.json"]) == 0
    assert "doi = {10.5555/kelp.1}" in Path("refs.bib").read_text()


def test_a_changed_file_is_not_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    Path("refs.bib").write_text(MINE + "% another word\n")
    assert main(["apply", "plan.json"]) == 2
    assert "refs.bib was changed since" in capsys.readouterr().err
    assert Path("refs.bib").read_text() == MINE + "% another word\n"


def test_a_list_of_identifiers_is_written_as_a_library(capsys: pytest.CaptureFixture[str]) -> None:
    planned("10.5555/kelp.1\n10.5555/moss.2\n", name="dois.txt")
    assert main(["apply", "plan.json"]) == 2
    assert "-o OUT.bib" in capsys.readouterr().err
    assert main(["apply", "plan.json", "-o", "refs.bib"]) == 0
    text = Path("refs.bib").read_text()
    assert "@article{" in text
    assert "@inproceedings{" in text
    assert "title = {Kelp {Forests} {Grow}" in text.replace("\n", " ") or "Kelp Forests Grow" in text
    assert "verba" not in text
    assert main(["undo"]) == 0
    assert not Path("refs.bib").exists()


def test_a_library_may_be_written_elsewhere_too() -> None:
    planned()
    assert main(["apply", "plan.json", "-o", "out.bib"]) == 0
    assert Path("refs.bib").read_text() == MINE
    assert "pages = {1--9}" in Path("out.bib").read_text()


def test_files_of_other_encodings_stay_in_theirs(server: Server) -> None:
    server.papers = [Paper("Über das Moos", ["Müller, Jörg", "Łoś, Ąnna"], 2020, "10.5555/m", journal="Moos & Meer")]
    before = "@article{a, title = {Über das Moos}, doi = {10.5555/m}, note = {Grüße}}\n".encode("latin-1")
    Path("refs.bib").write_bytes(before)
    assert main(["enrich", "refs.bib", "--plan", "plan.json", "-q"]) == 0
    assert main(["apply", "plan.json"]) == 0
    after = Path("refs.bib").read_bytes()
    assert after.startswith(before[:-3])
    assert "Grüße".encode("latin-1") in after
    assert rb"Moos \& Meer" in after


@pytest.mark.parametrize("value", ["10.1000/(a{b)", "a % b # c \\ d $ e _ f {", "}", "“—” 北京"])
def test_no_value_breaks_a_file(value: str) -> None:
    planned()
    change_plan(lambda plan: [fill.update(value=value) for fill in plan["fills"]])
    assert main(["apply", "plan.json"]) == 0
    text = Path("refs.bib").read_text()
    assert text.endswith("@article{alone, title = {Sleepless dogs on the walls of harbours}\n}\n")
    assert main(["check", "refs.bib", "--select", "RS001,RS002,RS003"]) in (0, 2)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"index": 99}, "no record 99"),
        ({"source": "other.bib"}, "no record"),
        ({"field": "bad name}"}, "can be no field"),
        ({"value": " "}, "can be no field"),
        ({"markup": "latex"}, "plain text"),
        ({"state": "acepted"}, "did you mean 'accepted'"),
        ({"field": "title", "value": "X"}, "has a 'title' by now"),
    ],
)
def test_a_plan_that_cannot_be_is_told_and_nothing_is_written(
    change: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    planned()
    change_plan(lambda plan: plan["fills"][0].update(change))
    assert main(["apply", "plan.json"]) == 2
    assert told in capsys.readouterr().err
    assert Path("refs.bib").read_text() == MINE


def test_two_values_for_one_field_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    change_plan(lambda plan: plan["fills"].append({**plan["fills"][0], "value": "1999"}))
    assert main(["apply", "plan.json"]) == 2
    assert "gets another value above" in capsys.readouterr().err


def test_applying_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    capsys.readouterr()
    assert main(["apply", "plan.json", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["schema"], result["files"]) == ("refsync.apply/1", [{"path": "refs.bib", "filled": 2}])
