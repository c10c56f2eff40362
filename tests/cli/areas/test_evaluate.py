"""`refsync evaluate` on a model of the user's own."""

from dataclasses import replace
from pathlib import Path

import pytest

from refsync.classify import model_file
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


@pytest.mark.parametrize("notes", [{"trained_on": 7}, {"trained_on": [["x"], {}]}, {"suggested_only": 7}])
def test_a_model_file_with_odd_notes_is_measured(
    trained: Path, tmp_path: Path, notes: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    model = model_file.read(trained / "own.npz")
    (tmp_path / "odd.npz").write_bytes(model_file.write(replace(model, notes={**model.notes, **notes})))
    assert main(["evaluate", str(trained / "refs.bib"), "--model", str(tmp_path / "odd.npz")]) in (0, 2)
    assert main(["tag", str(trained / "new.bib"), "--model", str(tmp_path / "odd.npz")]) == 0
    capsys.readouterr()
