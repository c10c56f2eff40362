"""A systematic review on the command line: the profile `screening`, counts by database, removed duplicates."""

import csv
import json
from pathlib import Path

import pytest

from refsync.cli import main

EMBASE = """\
TY  - JOUR
AU  - Tarn, Olga
TI  - Kelp tea and the sleep of harbour seals: a randomised trial
T2  - Journal of Shore Medicine
PY  - 2021
VL  - 3
SP  - 11
EP  - 19
DO  - 10.5555/jsm.3.11
AN  - L201
DB  - Embase
ER  -

TY  - JOUR
AU  - Quay, Ada
TI  - Foghorns and the blood pressure of lighthouse keepers
T2  - Annals of Fog
PY  - 2020
DB  - Embase
ER  -
"""
PUBMED = """\
PMID- 30000001
OWN - NLM
TI  - Kelp tea and the sleep of harbour seals: a randomised trial.
FAU - Tarn, Olga
DP  - 2021
JT  - Journal of Shore Medicine
VI  - 3
PG  - 11-19
LID - 10.5555/jsm.3.11 [doi]

PMID- 30000002
OWN - NLM
TI  - Driftwood splints in the harbour clinic
FAU - Birk, Emil
DP  - 2019
JT  - Journal of Shore Medicine
"""
INPUTS = ["embase.ris", "pubmed-set.nbib"]


@pytest.fixture(autouse=True)
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("embase.ris").write_text(EMBASE, encoding="utf-8")
    Path("pubmed-set.nbib").write_text(PUBMED, encoding="utf-8")


def test_counts_by_database_in_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("run", "dedupe"):
        assert main([command, *INPUTS, "--profile", "screening"]) == 0
        lines = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert ["Embase", "2", "0", "0", "1"] in lines
        assert ["PubMed", "2", "0", "1", "1"] in lines
        assert main([command, *INPUTS, "--profile", "screening", "--format", "json"]) == 0
        databases = json.loads(capsys.readouterr().out)["databases"]
        assert [(one["database"], one["records"], one["unique"]) for one in databases] == [
            ("Embase", 2, 1),
            ("PubMed", 2, 1),
        ]


def test_the_profile_tags_nothing_and_names_databases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *INPUTS, "--profile", "screening", "-o", "out.ris"]) == 0
    assert "papers tagged" not in capsys.readouterr().out
    written = Path("out.ris").read_text(encoding="utf-8")
    assert "DB  - Embase; PubMed" in written
    assert "AN  - 30000002" in written
    assert "KW  - " not in written
    assert main(["tag", "embase.ris", "--profile", "screening"]) == 2
    assert "papers are not tagged" in capsys.readouterr().err
    assert main(["run", *INPUTS, "--profile", "screening", "-o", "out.csv"]) == 0
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["database"] for row in rows] == ["Embase; PubMed", "Embase", "PubMed"]
    assert [row["pmid"] for row in rows] == ["30000001", "", "30000002"]


@pytest.mark.parametrize("command", ["run", "dedupe"])
def test_removed_duplicates_are_listed_with_their_paper(command: str) -> None:
    assert main([command, *INPUTS, "-o", "out.bib", "--removed", "removed.csv", "-q"]) == 0
    with Path("removed.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["database"] == "PubMed"  # read after Embase
    assert f"@article{{{row['duplicate-of']}," in Path("out.bib").read_text(encoding="utf-8")
    assert main(["undo"]) == 0
    assert not Path("removed.csv").exists()
    assert main([command, *INPUTS, "-o", "out.bib", "--removed", "removed.ris", "-q"]) == 0
    removed = Path("removed.ris").read_text(encoding="utf-8")
    assert removed.count("TY  - ") == 1
    assert f"U5  - Field: duplicate-of: {row['duplicate-of']}" in removed


@pytest.mark.parametrize(
    "arguments",
    [
        ["--removed", "removed.csv"],
        ["-o", "out.bib", "--removed", "out.bib"],
        ["-o", "out.bib", "--removed", "-"],
        ["-o", "out.bib", "--removed", "embase.ris"],
        ["-o", "out.bib", "--removed", "removed.unknown"],
        ["-o", "out.bib", "--removed", "removed.csv", "--plan", "plan.json"],
    ],
)
def test_a_list_that_cannot_be_written_is_refused_before_any_work(arguments: list[str]) -> None:
    before = Path("embase.ris").read_bytes()
    assert main(["dedupe", *INPUTS, *arguments]) == 2
    assert not Path("out.bib").exists()
    assert Path("embase.ris").read_bytes() == before


def test_decisions_of_a_screening_tool_fill_the_diagram(capsys: pytest.CaptureFixture[str]) -> None:
    Path("screened.csv").write_text(
        "title,doi,asreview_label,included\n"
        "Kelp tea and the sleep of harbour seals: a randomised trial,10.5555/jsm.3.11,1,1\n"
        "Driftwood splints in the harbour clinic.,,0,\n"
        "A paper of another review,10.5555/other,1,1\n",
        encoding="utf-8",
    )
    arguments = ["report", *INPUTS, "--profile", "screening", "--screened", "screened.csv", "--format", "json"]
    assert main(arguments) == 0
    output = capsys.readouterr()
    prisma = json.loads(output.out)["prisma"]
    assert [prisma[name] for name in ("identified", "duplicates", "screened")] == [4, 1, 3]
    assert [prisma[name] for name in ("excluded", "sought", "unscreened")] == [1, 1, 1]
    assert [prisma[name] for name in ("not_retrieved", "assessed", "reports", "studies")] == [0, 1, 1, None]
    assert "1 record not among the inputs" in output.err
    Path("screened.csv").write_text("", encoding="utf-8")
    assert main(arguments) == 2


def test_the_file_for_a_screening_tool_is_the_same_when_it_is_written_again() -> None:
    assert main(["run", *INPUTS, "--profile", "screening", "-o", "out.ris", "-q"]) == 0
    first = Path("out.ris").read_text(encoding="utf-8")
    assert first.count("N1  - Database: ") == 3
    assert main(["run", "out.ris", "--profile", "screening", "-o", "again.ris", "-q"]) == 0
    assert Path("again.ris").read_text(encoding="utf-8") == first
