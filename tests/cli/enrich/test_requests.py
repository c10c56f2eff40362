"""Requests, the cache, failures, and what is printed."""

import os
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.cli.enrich.papers import TITLED, values
from tests.services_server import Paper, Server


def test_a_second_run_sends_no_requests(enriched: Any, server: Server) -> None:
    library = TITLED + "@misc{b, title = {Nobody knows this paper at all}, doi = {10.5555/no}, eprint = {2301.00001}}"
    first = enriched(library)
    asked = len(server.log)
    second = enriched(library)
    assert len(server.log) == asked == first["requests"]
    assert second["requests"] == 0
    assert second["fills"] == first["fills"]
    assert not Path(".refsync").exists()


def test_offline_sends_no_requests(enriched: Any, server: Server) -> None:
    nothing = enriched(TITLED, "--offline")
    assert (nothing["fills"], nothing["left_out"]) == ([], 3)
    assert server.log == []
    enriched(TITLED)
    asked = len(server.log)
    assert values(enriched(TITLED, "--offline", "--max-age", "0"))["doi"] == "10.5555/kelp.1"
    assert len(server.log) == asked


def test_no_other_command_sends_requests(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(TITLED, encoding="utf-8")
    for arguments in (
        ["run", "refs.bib"],
        ["dedupe", "refs.bib"],
        ["check", "refs.bib"],
        ["convert", "refs.bib", "-o", "b.json"],
    ):
        main(arguments)
    assert server.log == []


def test_a_library_is_looked_up_in_batches(enriched: Any, server: Server) -> None:
    server.papers = [
        Paper(f"Study number {n} of the tides", ["Poe, Pat"], doi=f"10.5555/t.{n}", journal="Tides") for n in range(100)
    ]
    library = "".join(
        f"@article{{k{n}, title = {{Study number {n} of the tides}}, doi = {{10.5555/t.{n}}}}}\n" for n in range(100)
    )
    assert enriched(library)["found"] == 100
    assert len(server.log) == 3


def test_one_failing_service_does_not_stop_the_others(
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
    Path("caches/refsync/enrich/enrich.sqlite").unlink()
    assert main(["enrich", "refs.bib"]) == 3
    assert "refsync: error: 1 look-up failed: Crossref refused access (403)" in capsys.readouterr().err


def test_a_failed_doi_look_up_is_not_repeated_by_title(enriched: Any, server: Server) -> None:
    server.fail("500", times=999)
    enriched("@article{a, title = {Kelp forests grow in the noise of tides}, doi = {10.5555/kelp.1}}", code=3)
    assert not any("query.bibliographic" in request.query for request in server.log)


def test_an_interrupt_names_the_next_step(
    server: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("refs.bib").write_text(TITLED, encoding="utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("refsync.enrich.services.Crossref.lookup", interrupted)
    assert main(["enrich", "refs.bib"]) == 130
    assert "run the command again to continue" in capsys.readouterr().err


def test_the_printed_table(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(TITLED, encoding="utf-8")
    assert main(["enrich", "refs.bib"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["record", "field", "value", "from", "p"]
    assert out[1].split() == ["refs.bib:a", "year", "2020", "crossref", "0.989", "accepted"]
    assert any(line.startswith("values proposed") and line.endswith("6 accepted, 0 pending") for line in out)


def test_a_missing_contact_is_noted_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFSYNC_CONTACT")
    Path("refs.bib").write_text(TITLED, encoding="utf-8")
    main(["enrich", "refs.bib"])
    assert capsys.readouterr().err.count("no contact address") == 1
    Path("refsync.toml").write_text('[enrich]\ncontact = "spy@example.org"\nmax-age = 0\n', encoding="utf-8")
    Path("own/refsync").mkdir(parents=True)
    Path("own/refsync/refsync.toml").write_text('[enrich]\ncontact = "lab@example.org"\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(Path("own").resolve()))
    main(["enrich", "refs.bib"])
    err = capsys.readouterr().err
    assert "no contact address" not in err
    assert "refsync.toml: `enrich.contact` is read from your own configuration only" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
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
def test_invalid_requests_are_refused(
    arguments: list[str], message: str, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("refs.bib").write_text(TITLED, encoding="utf-8")
    assert main(["enrich", *arguments]) == 2
    assert message in capsys.readouterr().err
    assert server.log == []


def test_the_cache_may_be_elsewhere(enriched: Any, server: Server) -> None:
    Path("refsync.toml").write_text('[enrich]\ncache = "shared"\n', encoding="utf-8")
    os.mkdir("inner")
    enriched(TITLED, "--config", "refsync.toml", name="inner/refs.bib")  # the user's word
    assert Path("shared/enrich.sqlite").is_file()
    assert not Path("inner/.refsync").exists()
