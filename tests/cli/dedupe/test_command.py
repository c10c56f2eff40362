"""`refsync dedupe`: the groups, and the merged library."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import FILES, entries, run_json

pytestmark = pytest.mark.usefixtures("sample_folder")


def test_dedupe_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "dedupe", *FILES)
    assert (result["schema"], result["records"]) == ("refsync.dedupe/1", 17)
    removed = sum(len(cluster["members"]) - 1 for cluster in result["clusters"])
    assert result["unique"] == 17 - removed
    assert {cluster["verdict"] for cluster in result["clusters"]} == {"same"}
    whispers = next(c for c in result["clusters"] if any(m["id"] == "brandt2023whisper" for m in c["members"]))
    assert {m["source"] for m in whispers["members"]} == {"trending_page.txt", "coauthor.bib", "database_export.csv"}
    for item in whispers["evidence"]:
        assert 0 <= item["a"] < len(whispers["members"])
        assert {"field", "similarity", "weight"} == set(item["fields"][0])
    assert all(len(link["members"]) == 2 for link in [*result["versions"], *result["review"]])
    assert result["problems"] == []


def test_dedupe_writes_the_merged_library_without_areas() -> None:
    assert main(["dedupe", *FILES, "-o", "merged.bib", "-q"]) == 0
    assert "cs." not in Path("merged.bib").read_text(encoding="utf-8").replace("cs.CV", "")
    assert set(entries("merged.bib")) >= {"okafor2025tide", "brandt2023whisper"}


def test_a_listing_reports_keys_that_files_share(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.bib").write_text("@misc{doe, title={Counting mosses on walls}, author={Doe, Ada}, year=2019}\n")
    Path("two.bib").write_text("@misc{doe, title={Elastic archives of kelp}, author={Roe, Mia}, year=2011}\n")
    problems = run_json(capsys, "dedupe", "one.bib", "two.bib")["problems"]
    assert [(problem["source"], problem["line"]) for problem in problems] == [("one.bib", 1), ("two.bib", 1)]
    assert all("'doe' also names another paper" in problem["message"] for problem in problems)
    Path("two.bib").write_text(Path("one.bib").read_text())
    assert run_json(capsys, "dedupe", "one.bib", "two.bib")["problems"] == []
