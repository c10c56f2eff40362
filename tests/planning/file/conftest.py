"""The folder of each test has the inputs of plans."""

from pathlib import Path

import pytest

from tests.planning.file.plan_samples import MORE, PAPER, REFS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(REFS)
    Path("more.csv").write_text(MORE)
    Path("again.bib").write_text(REFS.replace("doe2020", "again").split("@misc")[0])
    Path("paper.tex").write_text(PAPER)
    return tmp_path
