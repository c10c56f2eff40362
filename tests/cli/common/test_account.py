"""The account at the end of a run: figures last, and what to do next."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import FILES

pytestmark = pytest.mark.usefixtures("sample_folder")
ONE = "@article{%s, title={The patience of kelp in noisy water}, author={Roe, Ann}, journal={Algae}, year={%s}%s}\n"


def account(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def test_figures_stand_below_areas_versions_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    lines = account(capsys, "run", *FILES, "-o", "library.bib")
    order = [lines.index(line) for line in ("areas", "versions, linked and not merged", "records by source")]
    figures = next(i for i, line in enumerate(lines) if line.startswith("records read"))
    assert order == sorted(order)
    assert order[-1] < figures
    assert "  lindstrom2024tide is the preprint of okafor2025tide" in lines
    assert "  and 5 more areas" in lines
    assert [line.split()[-1] for line in lines[order[-1] + 1 : figures]] == ["6", "5", "3", "3"]
    assert lines[-1] == "nothing is in doubt; `refsync undo` undoes this run"


def test_all_areas_with_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    lines = account(capsys, "run", *FILES, "-o", "library.bib", "-v")
    assert not any("more area" in line for line in lines)


def test_the_next_step_is_the_review_of_pairs_in_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    doubt = ONE % ("a", 2020, "") + ONE.replace("noisy water", "noisy water columns now") % ("b", 2021, "")
    Path("doubt.bib").write_text(doubt, encoding="utf-8")
    lines = account(capsys, "run", "doubt.bib", "-o", "library.bib", "--profile", "greedy")
    assert lines[-1] == "next: 1 pair in doubt: refsync review doubt.bib"


def test_the_next_step_names_documents_that_cite_changed_keys(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(
        ONE % ("a", 2020, ", doi={10.1000/k}") + ONE % ("b", 2020, ", doi={10.1000/k}"), "utf-8"
    )
    Path("paper.tex").write_text("\\cite{a}\\cite{a}\\cite{b}\\bibliography{refs}", encoding="utf-8")
    lines = account(capsys, "run", "refs.bib", "-o", "library.bib")
    assert lines[lines.index("citation keys that changed") + 1] == "  b -> a"
    assert lines[-1].startswith("next: paper.tex cites keys that changed: --cites and --rewrite-cites")


def test_the_next_step_without_an_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert account(capsys, "run", "coauthor.bib")[-1] == "next: -o library.bib writes the library"
