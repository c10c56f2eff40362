"""Folders and patterns among the inputs."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import run_json

pytestmark = pytest.mark.usefixtures("sample_folder")
KELP = "@misc{%s, title={%s}, author={Roe, Ann}, year={2020}}\n"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    for name, title in (("a.bib", "The patience of kelp"), ("sub/b.bib", "Sorting shells by colour")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(KELP % (Path(name).stem, title), encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", ["run", "dedupe", "tag"])
def test_a_folder_stands_for_its_files(capsys: pytest.CaptureFixture[str], papers: Path, command: str) -> None:
    for hidden in (".git/c.bib", ".refsync/d.bib", "node_modules/e.bib"):
        (papers / hidden).parent.mkdir()
        (papers / hidden).write_text(KELP % ("hidden", "Hidden"), encoding="utf-8")
    result = run_json(capsys, command, str(papers))
    records = result["records"]
    assert (records if isinstance(records, int) else len(records)) == 2


def test_texts_of_a_folder_are_read_only_where_there_is_nothing_else(
    capsys: pytest.CaptureFixture[str], papers: Path, sample_folder: Path
) -> None:
    (papers / "README.txt").write_text("Nothing but notes.\n", encoding="utf-8")
    assert main(["dedupe", str(papers)]) == 0
    assert f"{papers}: 1 other file not read: README.txt" in capsys.readouterr().err
    assert main(["dedupe", str(papers), "-q"]) == 0
    assert "not read" not in capsys.readouterr().err
    pages = sample_folder / "pages"
    pages.mkdir()
    (pages / "page.txt").write_bytes(Path("trending_page.txt").read_bytes())
    assert run_json(capsys, "dedupe", "pages")["records"] == 5


def test_a_pattern_that_the_shell_left(capsys: pytest.CaptureFixture[str], papers: Path) -> None:
    assert run_json(capsys, "dedupe", f"{papers}/**/*.bib")["records"] == 2
    assert run_json(capsys, "check", f"{papers}/*.bib")["findings"] is not None
    assert main(["run", f"{papers}/*.ris", "-o", "out.bib"]) == 2
    assert "no file matches this pattern" in capsys.readouterr().err
    strange = papers / "odd[1].bib"
    strange.write_text(KELP % ("odd", "Odd"), encoding="utf-8")
    assert run_json(capsys, "dedupe", str(strange))["records"] == 1, "a file of this name is that file"


def test_a_delta_table_is_not_read_as_its_files(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Some of them are of earlier versions."""
    (papers / "_delta_log").mkdir()
    assert main(["dedupe", str(papers), "--quiet"]) == 2
    assert "--engine spark" in capsys.readouterr().err
