"""The folder of each test has the inputs of plans."""

from pathlib import Path

import pytest

from tests.planning.file.plan_samples import MORE, PAPER, REFS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(REFS, encoding="utf-8")
    Path("more.csv").write_text(MORE, encoding="utf-8")
    Path("again.bib").write_text(REFS.replace("doe2020", "again").split("@misc")[0], encoding="utf-8")
    Path("paper.tex").write_text(PAPER, encoding="utf-8")
    return tmp_path
