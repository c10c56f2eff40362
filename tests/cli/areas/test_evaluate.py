"""`refsync evaluate` on a model of the user's own."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.areas.library import library, run_json


def test_evaluate_leaves_out_training_papers(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ["--model", str(trained / "own.npz")]
    (trained / "more.bib").write_text(library(15, seed=5), encoding="utf-8")
    result = run_json(capsys, "evaluate", str(trained / "more.bib"), str(trained / "refs.bib"), *model)
    assert (result["papers"], result["left_out"]["trained_on"]) == (15, 60)
    assert result["accuracy"] > 0.9
    assert len(result["top"]) == 3
    assert main(["evaluate", str(trained / "refs.bib"), *model]) == 2
    assert "trained on all" in capsys.readouterr().err
    assert main(["evaluate", str(trained / "refs.bib"), *model, "--all"]) == 0
    assert "most likely area is the paper's first" in capsys.readouterr().out
    assert main(["evaluate", str(trained / "new.bib"), *model]) == 2
    assert "has an area that the model knows" in capsys.readouterr().err


def test_what_tag_wrote_is_not_counted_as_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    entry = "@misc{k%d, title = {Semantic segmentation of street scenes with convolutional networks, part %d}}\n"
    Path("refs.bib").write_text("".join(entry % (number, number) for number in range(5)))
    assert main(["tag", "refs.bib", "--write", "-q", "--min-accuracy", "0"]) == 0
    assert "cs.CV" in Path("refs.bib").read_text()
    capsys.readouterr()
    assert main(["evaluate", "refs.bib"]) == 2
    assert "has an area that the model knows" in capsys.readouterr().err
