"""`run --enrich`: the main job on records with their missing fields filled in."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.enrich.test_plan import MINE
from tests.services_server import Server


def entry(path: str, key: str) -> str:
    text = Path(path).read_text(encoding="utf-8")
    start = text.index(f"{{{key},")
    return text[start : text.index("\n}", start)]


def test_certain_values_are_filled_before_papers_are_merged(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(MINE, encoding="utf-8")
    Path("dois.txt").write_text("10.5555/kelp.1\n", encoding="utf-8")
    assert main(["run", "refs.bib", "dois.txt", "-o", "out.bib", "--no-tags", "--enrich"]) == 0
    printed = capsys.readouterr()
    assert "values filled in (crossref" in printed.err
    merged = entry("out.bib", "roe2020")
    assert "doi = {10.5555/kelp.1}" in merged
    assert "pages = {1--9}" in merged
    assert "dois.txt" in merged, "the record of the list is the same paper once both have the DOI"
    assert Path("refs.bib").read_text(encoding="utf-8") == MINE


def test_a_plan_has_the_values_and_applies_them() -> None:
    Path("refs.bib").write_text(MINE, encoding="utf-8")
    assert main(["run", "refs.bib", "-o", "out.bib", "--no-tags", "--enrich", "-q"]) == 0
    at_once = Path("out.bib").read_bytes()
    Path("out.bib").unlink()
    assert main(["run", "refs.bib", "-o", "out.bib", "--no-tags", "--enrich", "--plan", "plan.json", "-q"]) == 0
    assert {row["state"] for row in json.loads(Path("plan.json").read_text(encoding="utf-8"))["fills"]} >= {"accepted"}
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("out.bib").read_bytes() == at_once


def test_nothing_is_sent_without_the_option(server: Server) -> None:
    Path("refs.bib").write_text(MINE, encoding="utf-8")
    assert main(["run", "refs.bib", "-o", "out.bib", "--no-tags", "-q"]) == 0
    assert server.log == []
