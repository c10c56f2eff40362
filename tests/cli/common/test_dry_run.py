"""--dry-run and --diff write nothing, not even a journal."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import FILES

pytestmark = pytest.mark.usefixtures("sample_folder")
TWICE = "@article{%s, title={The patience of kelp}, author={Roe, Ann}, journal={Algae}, year={2020}, doi={10.1000/k}}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", *FILES, "-o", "out.bib", "--dry-run"],
        ["run", *FILES, "-o", "out.bib", "--plan", "plan.json", "--dry-run"],
        ["dedupe", *FILES, "-o", "out.bib", "--dry-run"],
        ["dedupe", "twice.bib", "--write", "--dry-run"],
        ["dedupe", "twice.bib", "--write", "--diff"],
        ["dedupe", "twice.bib", "--write", "--cites", "paper.tex", "--rewrite-cites", "--dry-run"],
        ["check", "twice.bib", "--fix", "--diff"],
        ["convert", "twice.bib", "-o", "out.ris", "--dry-run"],
    ],
)
def test_nothing_is_written(capsys: pytest.CaptureFixture[str], sample_folder: Path, arguments: list[str]) -> None:
    Path("twice.bib").write_text(TWICE % "a" + TWICE % "b", encoding="utf-8")
    Path("paper.tex").write_text("\\cite{b}\\cite{a}\\cite{a}", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in sample_folder.iterdir()}
    assert main(arguments) == (1 if arguments[0] == "check" else 0)
    assert {path.name: path.read_bytes() for path in sample_folder.iterdir()} == before
    out = capsys.readouterr().out
    assert ("--- a/twice.bib" if "--diff" in arguments else "nothing was written (--dry-run)") in out
